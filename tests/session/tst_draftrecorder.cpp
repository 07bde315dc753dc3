// SPDX-License-Identifier: Apache-2.0
#include "session/draftrecorder.h"

#include "draftsample.h"
#include "support/searchedfolder.h"

#include <QDir>
#include <QFile>
#include <QSignalSpy>
#include <QTest>

using namespace colophon;
using document::EditSet;
using session::DraftRecorder;
using session::DraftStore;
using session::StoredDraft;

namespace {
document::ImageTree changedImage()
{
    test::ImageBuilder builder;
    return builder.tree(builder.manifest({test::ordinary("new"), test::ordinary("a")}));
}

struct Recording
{
    test::SearchedFolder folder;
    DraftStore store{folder.filePath(QStringLiteral("drafts"))};

    std::unique_ptr<DraftRecorder> recorder(const document::ImageTree &image = test::draftImage()) const
    {
        return std::make_unique<DraftRecorder>(store, test::draftReference(), image);
    }
    // The number of each draft, newest first.
    QList<int> numbers() const
    {
        QList<int> numbers;
        for (const StoredDraft &each : store.list().drafts)
            numbers << test::draftNumber(each.draft);
        return numbers;
    }
};
} // namespace

class TestDraftRecorder : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void writesByItself();
    void keepsUpWithEditsThatDoNotPause();
    void writesWhenItGoes();
    void undoneEditsLeaveNoDraft();
    void aPushedImageLeavesNoDraft();
    void writesNothingWithoutEdits();
    void twoWindowsKeepTwoDrafts();
    void goesOnWithADraft();
    void aDraftOfAnotherStateGoesWhenTheNewOneIsSafe();
    void aDraftOfAnotherStateStaysWithoutNewEdits();
    void editsMadeBeforeResumingAreNotLost();
    void cannotResumeWhatIsOpenElsewhere();
    void saysOnceWhyItFails();
};

void TestDraftRecorder::writesByItself()
{
    const Recording recording;
    const auto recorder = recording.recorder();
    QSignalSpy saved(recorder.get(), &DraftRecorder::saved);
    for (int i = 0; i < 100; ++i)
        recorder->record(test::draftEdits(i));
    QVERIFY(recording.numbers().isEmpty()); // not every one of them
    QVERIFY(saved.wait());
    QCOMPARE(saved.size(), 1);
    QCOMPARE(recording.numbers(), QList<int>{99});
    QVERIFY(recording.store.list().drafts[0].isOpen);
    recorder->record(test::draftEdits(100));
    QVERIFY(saved.wait());
    QCOMPARE(recording.numbers(), QList<int>{100});
}

void TestDraftRecorder::keepsUpWithEditsThatDoNotPause()
{
    const Recording recording;
    const auto recorder = recording.recorder();
    QSignalSpy saved(recorder.get(), &DraftRecorder::saved);
    QTimer typing;
    int number = 0;
    connect(&typing, &QTimer::timeout, recorder.get(), [&] { recorder->record(test::draftEdits(++number)); });
    typing.start(10); // far less than the delay: waiting for a pause would never write
    QVERIFY(saved.wait());
    QVERIFY(saved.wait());
}

void TestDraftRecorder::writesWhenItGoes()
{
    const Recording recording;
    {
        const auto recorder = recording.recorder();
        recorder->record(test::draftEdits(7));
    }
    QCOMPARE(recording.numbers(), QList<int>{7});
    QVERIFY(!recording.store.list().drafts[0].isOpen);
}

void TestDraftRecorder::undoneEditsLeaveNoDraft()
{
    const Recording recording;
    const auto recorder = recording.recorder();
    recorder->record(test::draftEdits(1));
    QVERIFY(recorder->flush());
    QCOMPARE(recording.numbers(), QList<int>{1});
    recorder->record(EditSet());
    QVERIFY(recorder->flush());
    QVERIFY(QDir(recording.store.folder()).isEmpty());
    recorder->record(test::draftEdits(2)); // and redone
    QVERIFY(recorder->flush());
    QCOMPARE(recording.numbers(), QList<int>{2});
}

void TestDraftRecorder::aPushedImageLeavesNoDraft()
{
    const Recording recording;
    {
        const auto recorder = recording.recorder();
        recorder->record(test::draftEdits(1));
        QVERIFY(recorder->flush());
        recorder->record(test::draftEdits(2)); // pending when the push is done
        QVERIFY(recorder->discard());
    }
    QVERIFY(QDir(recording.store.folder()).isEmpty());
}

void TestDraftRecorder::writesNothingWithoutEdits()
{
    const Recording recording;
    {
        const auto recorder = recording.recorder();
        recorder->record(EditSet());
        QVERIFY(recorder->flush());
        QVERIFY(recorder->discard());
        DraftRecorder nothingOpen(recording.store, {}, {});
        nothingOpen.record(test::draftEdits(1));
    }
    QVERIFY(!QDir(recording.store.folder()).exists());
}

void TestDraftRecorder::twoWindowsKeepTwoDrafts()
{
    const Recording recording;
    {
        const auto first = recording.recorder();
        const auto second = recording.recorder();
        first->record(test::draftEdits(1));
        second->record(test::draftEdits(2));
        QVERIFY(first->flush() && second->flush());
        second->record(test::draftEdits(3));
        QVERIFY(second->flush());
        QCOMPARE(recording.numbers(), (QList<int>{3, 1}));
        QVERIFY(recording.store.draftsOf(test::draftReference()).isEmpty());
        QVERIFY(second->discard());
    }
    QCOMPARE(recording.numbers(), QList<int>{1});
}

void TestDraftRecorder::goesOnWithADraft()
{
    const Recording recording;
    recording.recorder()->record(test::draftEdits(1)); // gone at once
    const StoredDraft stored = recording.store.draftsOf(test::draftReference()).value(0);
    const auto recorder = recording.recorder();
    QVERIFY(recorder->resume(stored.id));
    QVERIFY(recording.store.list().drafts[0].isOpen); // offered to nobody else
    recorder->record(stored.draft.editSet());
    QVERIFY(recorder->flush());
    QCOMPARE(recording.numbers(), QList<int>{1});
    QCOMPARE(recording.store.list().drafts[0].id, stored.id);
    QVERIFY(recorder->discard());
    QVERIFY(recording.numbers().isEmpty());
}

void TestDraftRecorder::aDraftOfAnotherStateGoesWhenTheNewOneIsSafe()
{
    const Recording recording;
    recording.recorder()->record(test::draftEdits(1));
    const StoredDraft stored = recording.store.draftsOf(test::draftReference()).value(0);
    const auto recorder = recording.recorder(changedImage());
    QVERIFY(recorder->resume(stored.id));
    QCOMPARE(recording.numbers(), QList<int>{1});
    const session::Rebased rebase = rebased(stored.draft, changedImage());
    QVERIFY(rebase.isImageChanged && rebase.dropped.isEmpty());
    recorder->record(rebase.kept);
    QVERIFY(recorder->flush());
    const QList<StoredDraft> now = recording.store.list().drafts;
    QCOMPARE(now.size(), 1);
    QVERIFY(now[0].id != stored.id);
    QCOMPARE(now[0].draft.opened, changedImage().root().descriptor.digest);
    QCOMPARE(now[0].draft.editSet(), rebase.kept);
    QVERIFY(recorder->discard());
    QVERIFY(QDir(recording.store.folder()).isEmpty());
}

void TestDraftRecorder::aDraftOfAnotherStateStaysWithoutNewEdits()
{
    const Recording recording;
    recording.recorder()->record(test::draftEdits(1));
    {
        const auto recorder = recording.recorder(changedImage());
        QVERIFY(recorder->resume(recording.store.list().drafts[0].id));
    }
    QCOMPARE(recording.numbers(), QList<int>{1});
    const auto recorder = recording.recorder(changedImage());
    QVERIFY(recorder->resume(recording.store.list().drafts[0].id));
    QVERIFY(recorder->discard());
    QVERIFY(recording.numbers().isEmpty());
}

void TestDraftRecorder::editsMadeBeforeResumingAreNotLost()
{
    const Recording recording;
    recording.recorder()->record(test::draftEdits(1));
    const QString id = recording.store.list().drafts[0].id;
    {
        const auto recorder = recording.recorder();
        recorder->record(test::draftEdits(2));
        QVERIFY(recorder->resume(id));
        QCOMPARE(recording.numbers(), (QList<int>{2, 1}));
        recorder->record(test::draftEdits(3)); // both together, as the window sees it
    }
    QCOMPARE(recording.numbers(), QList<int>{3});
}

void TestDraftRecorder::cannotResumeWhatIsOpenElsewhere()
{
    const Recording recording;
    const auto other = recording.recorder();
    other->record(test::draftEdits(1));
    QVERIFY(other->flush());
    const auto recorder = recording.recorder();
    QCOMPARE(recorder->resume(recording.store.list().drafts[0].id).error().kind, base::ErrorKind::Conflict);
    QVERIFY(!recorder->resume(QStringLiteral("none")));
}

void TestDraftRecorder::saysOnceWhyItFails()
{
    const Recording recording;
    QFile file(recording.store.folder()); // where the folder belongs
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.close();
    const auto recorder = recording.recorder();
    QSignalSpy failed(recorder.get(), &DraftRecorder::failed);
    QSignalSpy saved(recorder.get(), &DraftRecorder::saved);
    recorder->record(test::draftEdits(1));
    QVERIFY(failed.wait());
    recorder->record(test::draftEdits(2));
    QVERIFY(!recorder->flush());
    QCOMPARE(failed.size(), 1);
    QVERIFY(file.remove());
    QVERIFY(recorder->flush()); // what failed is still to be written
    QCOMPARE(saved.size(), 1);
    QCOMPARE(recording.numbers(), QList<int>{2});
}

QTEST_GUILESS_MAIN(TestDraftRecorder)
#include "tst_draftrecorder.moc"
