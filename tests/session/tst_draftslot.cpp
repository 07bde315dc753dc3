// SPDX-License-Identifier: Apache-2.0
#include "session/draftslot.h"
#include "support/searchedfolder.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QFile>
#include <QFileInfo>
#include <QSysInfo>
#include <QTest>

#include <optional>

using namespace colophon;
using session::DraftSlot;

class TestDraftSlot : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void isOneWriterAtATime();
    void aLockOfOurOwnNumberFromBeforeIsNone();
    void aLockThatWasNeverWritten_data();
    void aLockThatWasNeverWritten();
};

void TestDraftSlot::isOneWriterAtATime()
{
    const test::SearchedFolder folder;
    const QString path = folder.filePath(QStringLiteral("a.draft"));
    QVERIFY(!DraftSlot::isTaken(path));
    std::optional<DraftSlot> slot = DraftSlot::take(path).value();
    QVERIFY(DraftSlot::isTaken(path));
    QCOMPARE(DraftSlot::take(path).error().kind, base::ErrorKind::Conflict);
    std::optional<DraftSlot> moved = std::move(*slot);
    slot.reset();
    QVERIFY(DraftSlot::isTaken(path)); // asking, and moving it, did not let it go
    moved.reset();
    QVERIFY(!DraftSlot::isTaken(path));
    QVERIFY(DraftSlot::take(path));
    QCOMPARE(DraftSlot::take(folder.filePath(QStringLiteral("none/a.draft"))).error().kind, base::ErrorKind::Failed);
}

// In a container every start may have the number of the one that crashed.
void TestDraftSlot::aLockOfOurOwnNumberFromBeforeIsNone()
{
    const test::SearchedFolder folder;
    const QString path = folder.filePath(QStringLiteral("a.draft"));
    QByteArray lock;
    {
        const DraftSlot slot = DraftSlot::take(path).value();
        QFile file(path + QStringLiteral(".lock"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        lock = file.readAll();
    }
    QVERIFY(lock.startsWith(QByteArray::number(QCoreApplication::applicationPid())));
    QFile file(path + QStringLiteral(".lock"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(lock), lock.size());
    file.close();
    QVERIFY(!DraftSlot::isTaken(path));
    QVERIFY(DraftSlot::take(path));
}

void TestDraftSlot::aLockThatWasNeverWritten_data()
{
    QTest::addColumn<int>("age");
    QTest::addColumn<bool>("isTaken");
    QTest::newRow("just made") << 0 << true;
    QTest::newRow("left over") << 60 << false;
}

void TestDraftSlot::aLockThatWasNeverWritten()
{
    QFETCH(const int, age);
    QFETCH(const bool, isTaken);
    const test::SearchedFolder folder;
    const QString path = folder.filePath(QStringLiteral("a.draft"));
    QFile file(path + QStringLiteral(".lock"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    QVERIFY(file.setFileTime(QDateTime::currentDateTime().addSecs(-age), QFileDevice::FileModificationTime));
    file.close();
    QCOMPARE(DraftSlot::isTaken(path), isTaken);
    QCOMPARE(DraftSlot::take(path).has_value(), !isTaken);
}

QTEST_GUILESS_MAIN(TestDraftSlot)
#include "tst_draftslot.moc"
