// SPDX-License-Identifier: Apache-2.0
#include "items/requestlogmodel.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace colophon;
using content::RequestRecord;
using items::RequestLogModel;
using Tester = QAbstractItemModelTester;

namespace {

RequestRecord request(qint64 id, int status = 0)
{
    RequestRecord record;
    record.id = id;
    record.started = QDateTime(QDate(2026, 11, 25), QTime(9, 5, 7));
    record.method = "GET";
    record.url = QStringLiteral("https://registry.example/v2/app/blobs/%1").arg(id);
    record.credential = QStringLiteral("none");
    record.status = status;
    return record;
}

} // namespace

class TestRequestLogModel : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aRowIsFilledInAsItsAnswerComes();
    void redirectsStandBelow();
    void saysWhyThereIsNoAnswer();
    void textFromOutsideIsText();
    void theOldestGoFirst();
};

void TestRequestLogModel::aRowIsFilledInAsItsAnswerComes()
{
    RequestLogModel model;
    Tester tester(&model, Tester::FailureReportingMode::QtTest);
    const auto shown = [&model](int row, int column) { return model.index(row, column).data().toString(); };
    model.add(request(1));
    model.add(request(2));
    QCOMPARE(model.rowCount(), 2);
    QCOMPARE(shown(0, RequestLogModel::TimeColumn), QStringLiteral("09:05:07"));
    QCOMPARE(shown(0, RequestLogModel::StatusColumn), QStringLiteral("…"));
    QCOMPARE(shown(0, RequestLogModel::DurationColumn), QString());
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    RequestRecord answered = request(1, 200);
    answered.milliseconds = 17;
    answered.bytesReceived = 2048;
    answered.credential = QStringLiteral("token for repository:app:pull");
    model.add(answered);
    QCOMPARE(model.rowCount(), 2);
    QCOMPARE(changed.size(), 1);
    QCOMPARE(changed.first().first().toModelIndex().row(), 0);
    QCOMPARE(shown(0, RequestLogModel::StatusColumn), QStringLiteral("200"));
    QCOMPARE(shown(0, RequestLogModel::DurationColumn), QStringLiteral("17 ms"));
    QVERIFY(shown(0, RequestLogModel::BytesColumn).startsWith(QStringLiteral("↓ 2")));
    QCOMPARE(shown(0, RequestLogModel::CredentialColumn), answered.credential);
    model.clear();
    QCOMPARE(model.rowCount(), 0);
    model.add(request(1));
    QCOMPARE(model.rowCount(), 1);
}

void TestRequestLogModel::redirectsStandBelow()
{
    RequestLogModel model;
    RequestRecord hop = request(3, 200);
    hop.hop = 1;
    model.add(hop);
    QCOMPARE(model.index(0, RequestLogModel::RequestColumn).data().toString(), QStringLiteral("↳ GET ") + hop.url);
}

void TestRequestLogModel::saysWhyThereIsNoAnswer()
{
    RequestLogModel model;
    RequestRecord failed = request(1);
    failed.failure = QStringLiteral("registry.example refuses the connection.");
    model.add(failed);
    const QModelIndex status = model.index(0, RequestLogModel::StatusColumn);
    QCOMPARE(status.data().toString(), QStringLiteral("no answer"));
    QCOMPARE(status.data(items::ToneRole).toInt(), int(items::Tone::Error));
    QVERIFY(status.data(Qt::ToolTipRole).toString().contains(failed.failure));
}

void TestRequestLogModel::textFromOutsideIsText()
{
    RequestLogModel model;
    RequestRecord odd = request(1, 200);
    odd.url = QStringLiteral("https://registry.example/<img src='x'>\u202e");
    model.add(odd);
    const QModelIndex index = model.index(0, RequestLogModel::RequestColumn);
    QVERIFY(!index.data().toString().contains(QChar(0x202e)));
    QVERIFY(index.data(Qt::ToolTipRole).toString().contains(QStringLiteral("&lt;img")));
}

void TestRequestLogModel::theOldestGoFirst()
{
    RequestLogModel model;
    for (int id = 1; id <= RequestLogModel::most + 1; ++id)
        model.add(request(id));
    QVERIFY(model.rowCount() <= RequestLogModel::most);
    const int last = model.rowCount() - 1;
    QCOMPARE(model.record(last).id, qint64(RequestLogModel::most + 1));
    // The rows that are left are still found by their ids, those that went are not.
    model.add(request(model.record(0).id, 204));
    QCOMPARE(model.record(0).status, 204);
    QCOMPARE(model.rowCount(), last + 1);
    model.add(request(1, 204));
    QCOMPARE(model.rowCount(), last + 2);
}

QTEST_GUILESS_MAIN(TestRequestLogModel)
#include "tst_requestlogmodel.moc"
