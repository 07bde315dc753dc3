// SPDX-License-Identifier: Apache-2.0
#include "session/draftstore.h"

#include "session/draftfile.h"

#include "draftsample.h"
#include "support/searchedfolder.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTest>

#include <unistd.h>

using namespace colophon;
using session::Draft;
using session::DraftFile;
using session::DraftSlot;
using session::DraftStore;
using session::StoredDraft;
using session::StoredDrafts;

namespace {
base::Result<DraftSlot> claim(const DraftStore &store)
{
    return store.claim(test::draftReference(), test::draftImage().root().descriptor.digest);
}

// As a run that ended with it.
void leave(const DraftStore &store, const Draft &draft)
{
    base::Result<DraftSlot> slot = store.claim(draft.reference, draft.opened);
    QVERIFY(slot);
    QVERIFY(slot->save(draft));
}

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void write(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size());
}
} // namespace

class TestDraftStore : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void keepsAndLists();
    void everyWindowHasItsOwnPlace();
    void aDraftThatIsThereIsNeverOverwritten();
    void knowsTheDraftsOfAnImage();
    void cutAnywhere_data();
    void cutAnywhere();
    void aPredecessorAloneIsADraft();
    void draftsOfLaterVersionsStay();
    void isNotFooledByNames();
    void hasALimit();
    void aFolderThatCannotBeWritten();
    void hasAFolderOfItsOwn();
};

void TestDraftStore::keepsAndLists()
{
    const test::SearchedFolder folder;
    const DraftStore store(folder.filePath(QStringLiteral("new/drafts")));
    QVERIFY(store.list().drafts.isEmpty());
    QList<Draft> drafts;
    for (int i = 0; i < 3; ++i) {
        Draft draft = test::draftOf(i);
        draft.reference = draft.reference.withTag(QString::number(i));
        draft.changed = draft.changed.addSecs(i == 1 ? 100 : i);
        leave(store, draft);
        drafts << draft;
    }
    const QFile::Permissions others = QFile::ReadGroup | QFile::ReadOther;
    QVERIFY(!(QFile::permissions(store.folder()) & others));

    const StoredDrafts found = store.list();
    QVERIFY(found.problems.isEmpty());
    QCOMPARE(found.drafts.size(), 3);
    QVERIFY(found.drafts[0].draft == drafts[1]); // newest first
    QVERIFY(found.drafts[1].draft == drafts[2]);
    QVERIFY(found.drafts[2].draft == drafts[0]);
    for (const StoredDraft &each : found.drafts)
        QVERIFY(each.note.isEmpty() && !each.isOpen);
    QVERIFY(store.remove(found.drafts[0].id));
    QCOMPARE(store.list().drafts.size(), 2);
    QCOMPARE(store.remove(found.drafts[0].id).error().kind, base::ErrorKind::NotFound);
    QCOMPARE(QDir(store.folder()).entryList(QDir::Files).size(), 2); // and no lock stays
}

void TestDraftStore::everyWindowHasItsOwnPlace()
{
    const test::SearchedFolder folder;
    const DraftStore here(folder.path());
    const DraftStore there(folder.path());
    base::Result<DraftSlot> first = claim(here);
    base::Result<DraftSlot> second = claim(there);
    QVERIFY(first && second);
    QVERIFY(first->path() != second->path());
    QVERIFY(first->save(test::draftOf(1)));
    QVERIFY(second->save(test::draftOf(2)));
    QVERIFY(first->save(test::draftOf(3)));
    const StoredDrafts found = here.list();
    QCOMPARE(found.drafts.size(), 2);
    QCOMPARE(test::draftNumber(found.drafts[0].draft), 3);
    QCOMPARE(test::draftNumber(found.drafts[1].draft), 2);
    QVERIFY(found.drafts[0].isOpen && found.drafts[1].isOpen);
    QVERIFY(here.draftsOf(test::draftReference()).isEmpty());
    QCOMPARE(there.claim(found.drafts[0].id).error().kind, base::ErrorKind::Conflict);
    QCOMPARE(there.remove(found.drafts[0].id).error().kind, base::ErrorKind::Conflict);
    QVERIFY(first->remove());
    QCOMPARE(here.list().drafts.size(), 1);
}

void TestDraftStore::aDraftThatIsThereIsNeverOverwritten()
{
    const test::SearchedFolder folder;
    const DraftStore store(folder.path());
    leave(store, test::draftOf(1));
    leave(store, test::draftOf(2));
    QCOMPARE(store.list().drafts.size(), 2);
    // To go on with it is another thing.
    const QString id = store.list().drafts[0].id;
    QVERIFY(store.claim(id)->save(test::draftOf(3)));
    QCOMPARE(test::draftNumber(store.load(id)->draft), 3);
    QCOMPARE(store.list().drafts.size(), 2);
}

void TestDraftStore::knowsTheDraftsOfAnImage()
{
    const test::SearchedFolder folder;
    const DraftStore store(folder.path());
    Draft draft = test::draftOf(1);
    leave(store, draft);
    draft.opened = test::digestOf("another state of it");
    leave(store, draft);
    draft.reference = draft.reference.withTag(QStringLiteral("other"));
    leave(store, draft);
    draft.reference = oci::Reference::parse(u"other.example/vendor/app:1.4").value();
    leave(store, draft);
    const auto byDigest = [](const char *content) {
        return oci::Reference::parse(QStringLiteral("r.example/app@") + test::digestOf(content).toString()).value();
    };
    draft.reference = byDigest("a");
    leave(store, draft);
    QCOMPARE(store.draftsOf(test::draftReference()).size(), 2);
    QCOMPARE(store.draftsOf(byDigest("a")).size(), 1);
    QVERIFY(store.draftsOf(byDigest("b")).isEmpty());
}

void TestDraftStore::cutAnywhere_data()
{
    QTest::addColumn<bool>("hasPredecessor");
    QTest::newRow("the one before it is read") << true;
    QTest::newRow("nothing before it") << false;
}

void TestDraftStore::cutAnywhere()
{
    QFETCH(const bool, hasPredecessor);
    const test::SearchedFolder folder;
    const DraftStore store(folder.path());
    QString path;
    {
        base::Result<DraftSlot> slot = claim(store);
        QVERIFY(slot);
        path = slot->path();
        QVERIFY(!hasPredecessor || slot->save(test::draftOf(1)));
        QVERIFY(slot->save(test::draftOf(2)));
    }
    const QByteArray whole = contentOf(path);
    QVERIFY(whole.size() > 300);
    for (qsizetype length = 0; length <= whole.size(); ++length) {
        write(path, whole.first(length));
        const StoredDrafts found = store.list();
        if (length == whole.size()) {
            QCOMPARE(test::draftNumber(found.drafts.value(0).draft), 2);
            QVERIFY(found.drafts[0].note.isEmpty() && found.problems.isEmpty());
        } else if (hasPredecessor) {
            QCOMPARE(found.drafts.size(), 1);
            QCOMPARE(test::draftNumber(found.drafts[0].draft), 1);
            QVERIFY(!found.drafts[0].note.isEmpty() && found.problems.isEmpty());
        } else {
            QVERIFY(found.drafts.isEmpty());
            QCOMPARE(found.problems.size(), 1);
            QCOMPARE(contentOf(path).size(), length); // it stays
        }
    }
    // Its place is not given to another, and it can be thrown away.
    write(path, whole.first(1));
    QVERIFY(claim(store)->path() != path);
    QVERIFY(store.remove(QFileInfo(path).completeBaseName()));
    QVERIFY(QDir(folder.path()).isEmpty());
}

// Ended between the two renamings.
void TestDraftStore::aPredecessorAloneIsADraft()
{
    const test::SearchedFolder folder;
    const DraftStore store(folder.path());
    leave(store, test::draftOf(1));
    const QString id = store.list().drafts[0].id;
    const QString path = folder.filePath(id + QStringLiteral(".draft"));
    QVERIFY(QFile::rename(path, DraftFile::predecessorOf(path)));
    const StoredDrafts found = store.list();
    QCOMPARE(found.drafts.size(), 1);
    QCOMPARE(found.drafts[0].id, id);
    QVERIFY(!found.drafts[0].note.isEmpty());
    QVERIFY(claim(store)->path() != path);
    QVERIFY(store.claim(id)->save(test::draftOf(2)));
    QCOMPARE(test::draftNumber(store.load(id)->draft), 2);
    // What it fell back to is still there.
    QCOMPARE(DraftFile::read(DraftFile::predecessorOf(path)).value(), found.drafts[0].draft.toJson());
}

void TestDraftStore::draftsOfLaterVersionsStay()
{
    const test::SearchedFolder folder;
    const DraftStore store(folder.path());
    leave(store, test::draftOf(1));
    const QString id = store.list().drafts[0].id;
    const QString path = folder.filePath(id + QStringLiteral(".draft"));
    QVERIFY(DraftFile::replace(path, "{\"schema\":2}"));
    QCOMPARE(store.load(id).error().kind, base::ErrorKind::Usage); // not the one before it: nothing is damaged
    QCOMPARE(store.list().problems.size(), 1);
    QVERIFY(store.list().problems[0].contains(QStringLiteral("later version")));
    QVERIFY(claim(store)->path() != path);
}

void TestDraftStore::isNotFooledByNames()
{
    const test::SearchedFolder folder;
    const QString outside = folder.filePath(QStringLiteral("outside.draft"));
    write(outside, "precious");
    const DraftStore store(folder.filePath(QStringLiteral("drafts")));
    leave(store, test::draftOf(1));
    QVERIFY(!store.remove(QStringLiteral("../outside")));
    QCOMPARE(contentOf(outside), QByteArray("precious"));
    write(folder.filePath(QStringLiteral("drafts/notes.txt")), "x");
    QVERIFY(QDir(store.folder()).mkpath(QStringLiteral("folder.draft")));
    QCOMPARE(store.list().drafts.size(), 1);
    QVERIFY(store.list().problems.isEmpty());
}

void TestDraftStore::hasALimit()
{
    const test::SearchedFolder folder;
    const DraftStore store(folder.path());
    for (int i = 0; i < DraftStore::most; ++i)
        write(folder.filePath(QStringLiteral("%1.draft").arg(i)), "x");
    const base::Result<DraftSlot> slot = claim(store);
    QCOMPARE(slot.error().kind, base::ErrorKind::TooLarge);
    QVERIFY(!slot.error().hint.isEmpty());
    QVERIFY(store.remove(QStringLiteral("7")));
    QVERIFY(claim(store));
}

void TestDraftStore::aFolderThatCannotBeWritten()
{
    const test::SearchedFolder folder;
    write(folder.filePath(QStringLiteral("file")), "x");
    QCOMPARE(claim(DraftStore(folder.filePath(QStringLiteral("file/drafts")))).error().kind, base::ErrorKind::Failed);

    const DraftStore store(folder.filePath(QStringLiteral("drafts")));
    leave(store, test::draftOf(1));
    const QString id = store.list().drafts[0].id;
    base::Result<DraftSlot> slot = store.claim(id);
    QVERIFY(slot);
    QVERIFY(QFile::setPermissions(folder.path(), QFile::Permissions(0x7755)));
    const QString file = folder.filePath(QStringLiteral("drafts/%1.draft").arg(id));
    QVERIFY(QFile::setPermissions(file, QFile::Permissions(0x6644)));
    QVERIFY(QFile::setPermissions(store.folder(), QFile::Permissions(0x5555)));
    // Whoever may do everything tries it as nobody.
    const bool isRoot = ::geteuid() == 0;
    QVERIFY(!isRoot || ::seteuid(65'534) == 0);
    const base::Result<void> saved = slot->save(test::draftOf(2));
    const base::Result<DraftSlot> other = claim(store);
    const base::Result<void> removed = slot->remove();
    const StoredDrafts found = store.list();
    QVERIFY(!isRoot || ::seteuid(0) == 0);
    QVERIFY(QFile::setPermissions(store.folder(), QFile::Permissions(0x7700)));

    QVERIFY(!saved && !other && !removed);
    QVERIFY2(saved.error().message.contains(QStringLiteral("was not written")), qPrintable(saved.error().message));
    QCOMPARE(other.error().kind, base::ErrorKind::Failed);
    QVERIFY(!other.error().hint.isEmpty());
    QCOMPARE(found.drafts.size(), 1);
    QCOMPARE(test::draftNumber(found.drafts[0].draft), 1);
}

void TestDraftStore::hasAFolderOfItsOwn() { QVERIFY(DraftStore().folder().endsWith(QStringLiteral("/drafts"))); }

QTEST_GUILESS_MAIN(TestDraftStore)
#include "tst_draftstore.moc"
