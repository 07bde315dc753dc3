// SPDX-License-Identifier: Apache-2.0
#include "registry/http/headers.h"

#include <QTest>

using colophon::registry::http::Headers;

class HeadersTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void comparesNamesWithoutCase()
    {
        const Headers headers{{"Content-Type", "a"}, {"X", "1"}};
        QVERIFY(headers.has("content-type"));
        QCOMPARE(headers.value("CONTENT-TYPE"), QByteArray("a"));
        QVERIFY(!headers.has("Content-Typ"));
        QVERIFY(headers.value("Y").isEmpty());
    }

    void keepsOrderAndRepetitions()
    {
        Headers headers;
        headers.add("Link", "<a>, <b>");
        headers.add("X", "1");
        headers.add("link", "<c>");
        QCOMPARE(headers.values("LINK"), (QList<QByteArray>{"<a>, <b>", "<c>"}));
        QCOMPARE(headers.value("Link"), QByteArray("<a>, <b>"));
        QCOMPARE(headers.fields().size(), 3);
    }

    void setReplacesAllOfThatName()
    {
        Headers headers{{"A", "1"}, {"a", "2"}, {"B", "3"}};
        headers.set("A", "4");
        QCOMPARE(headers.values("a"), QList<QByteArray>{"4"});
        QVERIFY(headers.has("B"));
        headers.remove("b");
        QCOMPARE(headers.fields().size(), 1);
    }
};

QTEST_GUILESS_MAIN(HeadersTest)
#include "tst_headers.moc"
