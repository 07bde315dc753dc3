// SPDX-License-Identifier: Apache-2.0
#include "session/draftfile.h"
#include "support/searchedfolder.h"

#include <QDir>
#include <QFile>
#include <QTest>

using namespace colophon;
using session::DraftFile;

class TestDraftFile : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void sealsAndUnseals_data();
    void sealsAndUnseals();
    void noticesEveryCutAndEveryFlippedBit();
    void keepsOnePredecessor();
    void aDamagedFileDoesNotPushOutTheOneBefore();
    void onlyItsOwnerReadsIt();
    void refusesWhatIsTooLarge();
    void whatCannotBeWrittenIsAnError();
    void removesAllOfIt();
};

void TestDraftFile::sealsAndUnseals_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("text") << QByteArray("{}");
    QTest::newRow("lines") << QByteArray("a\n\nsha256:b\n");
    QTest::newRow("bytes") << QByteArray("\0\xFF\0", 3);
}

void TestDraftFile::sealsAndUnseals()
{
    QFETCH(const QByteArray, content);
    QCOMPARE(DraftFile::unsealed(DraftFile::sealed(content)).value(), content);
    QVERIFY(!DraftFile::unsealed(DraftFile::sealed(content) + '\n'));
}

void TestDraftFile::noticesEveryCutAndEveryFlippedBit()
{
    const QByteArray whole = DraftFile::sealed("{\"schema\":1}");
    for (qsizetype length = 0; length < whole.size(); ++length)
        QCOMPARE(DraftFile::unsealed(whole.first(length)).error().kind, base::ErrorKind::InvalidData);
    for (qsizetype bit = 0; bit < whole.size() * 8; ++bit) {
        QByteArray flipped = whole;
        flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
        QCOMPARE(DraftFile::unsealed(flipped).error().kind, base::ErrorKind::InvalidData);
    }
}

void TestDraftFile::keepsOnePredecessor()
{
    const test::SearchedFolder folder;
    const QString path = folder.filePath(QStringLiteral("a"));
    QCOMPARE(DraftFile::read(path).error().kind, base::ErrorKind::NotFound);
    for (const char *each : {"1", "2", "3"})
        QVERIFY(DraftFile::replace(path, each));
    QCOMPARE(DraftFile::read(path).value(), QByteArray("3"));
    QCOMPARE(DraftFile::read(DraftFile::predecessorOf(path)).value(), QByteArray("2"));
    QCOMPARE(QDir(folder.path()).entryList(QDir::Files).size(), 2);
}

void TestDraftFile::aDamagedFileDoesNotPushOutTheOneBefore()
{
    const test::SearchedFolder folder;
    const QString path = folder.filePath(QStringLiteral("a"));
    QVERIFY(DraftFile::replace(path, "1"));
    QVERIFY(DraftFile::replace(path, "2"));
    QVERIFY(QFile::resize(path, 3));
    QVERIFY(DraftFile::replace(path, "3"));
    QCOMPARE(DraftFile::read(path).value(), QByteArray("3"));
    QCOMPARE(DraftFile::read(DraftFile::predecessorOf(path)).value(), QByteArray("1"));
}

void TestDraftFile::onlyItsOwnerReadsIt()
{
    const test::SearchedFolder folder;
    const QString path = folder.filePath(QStringLiteral("a"));
    QVERIFY(DraftFile::replace(path, "1"));
    const QFile::Permissions others = QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther;
    QVERIFY(!(QFile::permissions(path) & others));
}

void TestDraftFile::refusesWhatIsTooLarge()
{
    const test::SearchedFolder folder;
    const QString path = folder.filePath(QStringLiteral("a"));
    QVERIFY(DraftFile::replace(path, "1"));
    QCOMPARE(DraftFile::replace(path, QByteArray(DraftFile::longest, 'x')).error().kind, base::ErrorKind::TooLarge);
    QCOMPARE(DraftFile::read(path).value(), QByteArray("1"));
    QVERIFY(QFile::resize(path, DraftFile::longest + 1));
    QCOMPARE(DraftFile::read(path).error().kind, base::ErrorKind::TooLarge);
}

void TestDraftFile::whatCannotBeWrittenIsAnError()
{
    const test::SearchedFolder folder;
    QVERIFY(!DraftFile::replace(folder.filePath(QStringLiteral("none/a")), "1"));
    // A folder stands where the file belongs, with something in it.
    QVERIFY(QDir(folder.path()).mkpath(QStringLiteral("a/b")));
    const base::Result<void> result = DraftFile::replace(folder.filePath(QStringLiteral("a")), "1");
    QVERIFY(!result);
    QVERIFY(!result.error().hint.isEmpty());
    QVERIFY(QDir(folder.path()).entryList(QDir::Files).isEmpty());
    // And where the predecessor belongs: the file stays.
    const QString path = folder.filePath(QStringLiteral("c"));
    QVERIFY(DraftFile::replace(path, "1"));
    QVERIFY(QDir(folder.path()).mkpath(QStringLiteral("c.1/d")));
    QVERIFY(!DraftFile::replace(path, "2"));
    QCOMPARE(DraftFile::read(path).value(), QByteArray("1"));
    QCOMPARE(QDir(folder.path()).entryList(QDir::Files), QStringList{QStringLiteral("c")});
}

void TestDraftFile::removesAllOfIt()
{
    const test::SearchedFolder folder;
    const QString path = folder.filePath(QStringLiteral("a"));
    QVERIFY(DraftFile::remove(path)); // what is not there is gone
    QVERIFY(DraftFile::replace(path, "1"));
    QVERIFY(DraftFile::replace(path, "2"));
    QVERIFY(DraftFile::remove(path));
    QVERIFY(QDir(folder.path()).isEmpty());
}

QTEST_GUILESS_MAIN(TestDraftFile)
#include "tst_draftfile.moc"
