// SPDX-License-Identifier: Apache-2.0
// A request as a curl command: what sh makes of it is what was asked, and no secret is in it.

#include "content/requestrecord.h"

#include <QProcess>
#include <QTest>

using namespace colophon;
using content::RequestRecord;

namespace {

// The words that curl would be given.
QStringList words(const RequestRecord &record)
{
    QProcess shell;
    shell.setProgram(QStringLiteral("sh"));
    QString command = content::asCurl(record);
    command.replace(0, 4, QStringLiteral("printf '%s\\n'"));
    shell.setArguments({QStringLiteral("-c"),
                        QStringLiteral("TOKEN=t0 USER=login REGISTRY_USER=u0 REGISTRY_PASSWORD=p0; ") + command});
    shell.start();
    shell.waitForFinished();
    QStringList lines = QString::fromUtf8(shell.readAllStandardOutput()).split(QLatin1Char('\n'));
    lines.removeLast(); // behind the last line
    return lines;
}

} // namespace

class TestRequestRecord : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void asCurl_data()
    {
        QTest::addColumn<RequestRecord>("record");
        QTest::addColumn<QStringList>("expected");
        RequestRecord plain;
        plain.method = "GET";
        plain.url = QStringLiteral("https://registry.example/v2/app/manifests/1");
        plain.headers = {{"Accept", "application/json, */*"}};
        QTest::newRow("get") << plain
                             << QStringList{QStringLiteral("--include"), QStringLiteral("--header"),
                                            QStringLiteral("Accept: application/json, */*"), plain.url};
        RequestRecord head = plain;
        head.method = "HEAD";
        head.headers.clear();
        head.authorization = RequestRecord::Authorization::Bearer;
        QTest::newRow("token") << head
                               << QStringList{QStringLiteral("--include"), QStringLiteral("--head"),
                                              QStringLiteral("--header"), QStringLiteral("Authorization: Bearer t0"),
                                              head.url};
        RequestRecord put = plain;
        put.method = "PUT";
        put.headers = {{"Content-Type", "it's $(odd)"}};
        put.bytesSent = 12;
        put.authorization = RequestRecord::Authorization::Basic;
        put.url = QStringLiteral("https://registry.example/v2/a'b/`x`?_state=***");
        QTest::newRow("password, quotes") << put
                                          << QStringList{QStringLiteral("--include"),
                                                         QStringLiteral("--request"),
                                                         QStringLiteral("PUT"),
                                                         QStringLiteral("--user"),
                                                         QStringLiteral("u0:p0"),
                                                         QStringLiteral("--header"),
                                                         QStringLiteral("Content-Type: it's $(odd)"),
                                                         QStringLiteral("--data-binary"),
                                                         QStringLiteral("@BODY"),
                                                         put.url};
        for (const char *method : {"POST", "PUT", "PATCH"}) { // which say that there is nothing
            RequestRecord empty = plain;
            empty.method = method;
            empty.headers.clear();
            QTest::newRow(method) << empty
                                  << QStringList{QStringLiteral("--include"),
                                                 QStringLiteral("--request"),
                                                 QString::fromLatin1(method),
                                                 QStringLiteral("--data"),
                                                 QString(),
                                                 empty.url};
        }
        RequestRecord gone = plain;
        gone.method = "DELETE";
        gone.headers.clear();
        QTest::newRow("delete") << gone
                                << QStringList{QStringLiteral("--include"), QStringLiteral("--request"),
                                               QStringLiteral("DELETE"), gone.url};
    }
    void asCurl()
    {
        QFETCH(RequestRecord, record);
        QFETCH(QStringList, expected);
        QCOMPARE(words(record), expected);
    }
};

QTEST_GUILESS_MAIN(TestRequestRecord)
#include "tst_requestrecord.moc"
