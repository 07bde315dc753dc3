// SPDX-License-Identifier: Apache-2.0
// Drafts and processes: ended while they write, without room on the disk, two at once.
#include "session/draftstore.h"

#include "draftsample.h"
#include "support/searchedfolder.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QRandomGenerator>
#include <QTest>
#include <QThread>

using namespace colophon;
using session::DraftStore;
using session::StoredDrafts;

class TestDraftCrash : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void survivesBeingEndedAtAnyMoment();
    void aDiskWithoutRoomLeavesTheDraftBefore();
    void aSecondProcessGetsAPlaceOfItsOwn();

private:
    static QByteArray lineOf(QProcess &process);
};

QByteArray TestDraftCrash::lineOf(QProcess &process)
{
    while (!process.canReadLine() && process.waitForReadyRead(20'000)) {
    }
    return process.readLine().trimmed();
}

void TestDraftCrash::survivesBeingEndedAtAnyMoment()
{
    test::SearchedFolder folder;
    const DraftStore store(folder.path());
    QRandomGenerator random(20'261); // the same moments, as far as that can be said of moments
    int written = 0;
    int fromPredecessor = 0;
    for (int round = 0; round < 250; ++round) {
        QProcess writer;
        writer.start(QStringLiteral(DRAFTWRITER), {folder.path(), QString::number(written + 1)});
        const QByteArray first = lineOf(writer);
        QVERIFY2(first.toInt() == written + 1, first.constData());
        QThread::usleep(random.bounded(4'000));
        writer.kill();
        QVERIFY(writer.waitForFinished());
        QCOMPARE(writer.exitStatus(), QProcess::CrashExit);
        int said = first.toInt();
        for (const QByteArray &line : writer.readAllStandardOutput().split('\n')) {
            if (!line.isEmpty())
                said = line.toInt();
        }

        const StoredDrafts found = store.list();
        QVERIFY2(found.problems.isEmpty(), qPrintable(found.problems.join(u' ')));
        QCOMPARE(found.drafts.size(), 1);
        QVERIFY(!found.drafts.first().isOpen); // its lock went with it
        // What was said to be on the disk is there, or what came behind it.
        const int number = test::draftNumber(found.drafts.first().draft);
        QVERIFY2(number == said || number == said + 1, qPrintable(QStringLiteral("%1 of %2").arg(number).arg(said)));
        fromPredecessor += found.drafts.first().note.isEmpty() ? 0 : 1;
        written = number;
    }
    // Nothing is left lying about: the draft, the one before it, what was being written, and a lock.
    QVERIFY(QDir(folder.path()).entryList(QDir::Files).size() <= 4);
    qInfo("%d drafts written, %d times read from the one before", written, fromPredecessor);
}

void TestDraftCrash::aDiskWithoutRoomLeavesTheDraftBefore()
{
    test::SearchedFolder folder;
    QProcess writer;
    writer.start(QStringLiteral(DRAFTWRITER), {folder.path(), QStringLiteral("7"), QStringLiteral("2000")});
    QVERIFY(writer.waitForFinished());
    const QList<QByteArray> lines = writer.readAllStandardOutput().split('\n');
    QCOMPARE(lines.value(0), QByteArray("small: written"));
    QVERIFY2(lines.value(1).contains("was not written"), lines.value(1).constData());
    const StoredDrafts found = DraftStore(folder.path()).list();
    QCOMPARE(found.drafts.size(), 1);
    QCOMPARE(test::draftNumber(found.drafts.first().draft), 7);
    QVERIFY(found.drafts.first().note.isEmpty());
    QCOMPARE(QDir(folder.path()).entryList(QDir::Files).size(), 1); // no half of the large one
}

void TestDraftCrash::aSecondProcessGetsAPlaceOfItsOwn()
{
    test::SearchedFolder folder;
    const DraftStore store(folder.path());
    QProcess first;
    QProcess second;
    first.start(QStringLiteral(DRAFTWRITER), {folder.path(), QStringLiteral("100"), QStringLiteral("hold")});
    QCOMPARE(lineOf(first), QByteArray("100"));
    second.start(QStringLiteral(DRAFTWRITER), {folder.path(), QStringLiteral("200"), QStringLiteral("hold")});
    QCOMPARE(lineOf(second), QByteArray("200"));

    const StoredDrafts open = store.list();
    QCOMPARE(open.drafts.size(), 2);
    QVERIFY(open.drafts[0].isOpen && open.drafts[1].isOpen);
    QCOMPARE(test::draftNumber(open.drafts[0].draft), 200); // newest first
    QCOMPARE(test::draftNumber(open.drafts[1].draft), 100);
    QVERIFY(store.draftsOf(test::draftReference()).isEmpty());
    QCOMPARE(store.remove(open.drafts[0].id).error().kind, base::ErrorKind::Conflict);

    second.kill();
    QVERIFY(second.waitForFinished());
    const QList<session::StoredDraft> left = store.draftsOf(test::draftReference());
    QCOMPARE(left.size(), 1);
    QCOMPARE(test::draftNumber(left.first().draft), 200);
    QVERIFY(store.claim(left.first().id));
    first.kill();
    QVERIFY(first.waitForFinished());
}

QTEST_GUILESS_MAIN(TestDraftCrash)
#include "tst_draftcrash.moc"
