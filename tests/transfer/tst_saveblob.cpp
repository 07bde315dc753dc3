// SPDX-License-Identifier: Apache-2.0
// A blob into a file: whole or not at all, going on where it stopped, from wherever it can be had.

#include "operationrun.h"
#include "support/faketarget/faketarget.h"
#include "support/faketarget/fakeurls.h"
#include "transfer/partfile.h"
#include "transfer/saveblob.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace colophon;
using base::ErrorKind;
using test::FakeTarget;
using test::FakeUrls;
using transfer::SaveBlob;

namespace {

QByteArray someBytes(qsizetype size)
{
    QByteArray bytes(size, Qt::Uninitialized);
    for (qsizetype i = 0; i < size; ++i)
        bytes[i] = static_cast<char>(i * 7 + i / 251);
    return bytes;
}

bool write(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size();
}

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

class TestSaveBlob : public QObject
{
    Q_OBJECT

private:
    const QByteArray m_bytes = someBytes(1'000'000);
    const QString m_address = QStringLiteral("https://dl.vendor.example/layer.tar.gz");
    std::unique_ptr<QTemporaryDir> m_folder;
    std::shared_ptr<content::MemoryStore> m_store;
    std::shared_ptr<FakeUrls> m_urls;
    SaveBlob::Request m_request;
    qint64 m_resumedAt = 0;
    QString m_cameFrom;

    QString file() const { return m_folder->filePath(QStringLiteral("layer.tar.gz")); }
    QString part() const { return SaveBlob::partOf(file()); }
    QString get(qint64 from) const
    {
        return QStringLiteral("GET blob %1 from %2").arg(m_request.layer.digest.toString()).arg(from);
    }

    // The failure, or an error without a message.
    base::Error save()
    {
        SaveBlob saving(m_request);
        const bool isDone = test::finish(saving);
        m_resumedAt = saving.resumedAt();
        m_cameFrom = saving.cameFrom();
        base::Error unfinished;
        unfinished.message = QStringLiteral("finished() did not come once");
        return isDone ? saving.error().value_or(base::Error()) : unfinished;
    }

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_store = std::make_shared<content::MemoryStore>(QStringLiteral("registry.example"), QStringLiteral("app"));
        m_urls = std::make_shared<FakeUrls>();
        m_request = {};
        m_request.source = m_store;
        m_request.urls = m_urls;
        m_request.layer = m_store->addBlob(m_bytes, oci::MediaType::ociLayerGzip());
        m_request.file = file();
    }

    void savesIt()
    {
        QCOMPARE(save().text(), base::Error().text());
        QCOMPARE(contentOf(file()), m_bytes);
        QVERIFY(!QFile::exists(part()));
        QCOMPARE(m_resumedAt, 0);
        QCOMPARE(m_cameFrom, QStringLiteral("registry.example/app"));
        QCOMPARE(m_store->journal(), QStringList{get(0)});
    }

    void anEmptyBlob()
    {
        m_request.layer = m_store->addBlob(QByteArray());
        QCOMPARE(save().message, QString());
        QVERIFY(QFile::exists(file()));
        QVERIFY(!QFile::exists(part()));
    }

    void goesOnWhereItStopped_data()
    {
        QTest::addColumn<qint64>("there");
        QTest::addColumn<qint64>("asked"); // -1: nothing
        QTest::newRow("one byte") << qint64(1) << qint64(1);
        QTest::newRow("half") << qint64(500'000) << qint64(500'000);
        QTest::newRow("all but one") << qint64(999'999) << qint64(999'999);
        QTest::newRow("all") << qint64(1'000'000) << qint64(-1);
    }

    void goesOnWhereItStopped()
    {
        QFETCH(qint64, there);
        QFETCH(qint64, asked);
        QVERIFY(write(part(), m_bytes.left(there)));
        QCOMPARE(save().message, QString());
        QCOMPARE(contentOf(file()), m_bytes);
        QVERIFY(!QFile::exists(part()));
        QCOMPARE(m_resumedAt, there);
        QCOMPARE(m_store->journal(), asked < 0 ? QStringList() : QStringList{get(asked)});
    }

    void aPartThatCannotBeOfThis_data()
    {
        QTest::addColumn<QByteArray>("there");
        QTest::newRow("longer") << m_bytes + '!';
        QTest::newRow("as long and other") << QByteArray(m_bytes.size(), 'x');
    }

    void aPartThatCannotBeOfThis()
    {
        QFETCH(QByteArray, there);
        QVERIFY(write(part(), there));
        QCOMPARE(save().message, QString());
        QCOMPARE(contentOf(file()), m_bytes);
        QCOMPARE(m_resumedAt, 0);
        QCOMPARE(m_store->journal(), QStringList{get(0)});
    }

    void aWrongBeginningIsFoundInTheEnd()
    {
        QVERIFY(write(part(), QByteArray(1000, 'x')));
        const base::Error error = save();
        QCOMPARE(error.kind, ErrorKind::InvalidData);
        QVERIFY2(error.hint.contains(QStringLiteral("removed")), qPrintable(error.text()));
        QVERIFY(!QFile::exists(part()));
        QVERIFY(!QFile::exists(file()));
        QCOMPARE(save().message, QString());
        QCOMPARE(contentOf(file()), m_bytes);
    }

    void aRegistryThatServesOtherBytes_data()
    {
        QTest::addColumn<QByteArray>("served");
        QTest::newRow("other") << QByteArray(m_bytes.size(), 'x');
        QTest::newRow("longer") << m_bytes + '!';
    }

    void aRegistryThatServesOtherBytes()
    {
        QFETCH(QByteArray, served);
        m_store->replaceBlob(m_request.layer.digest, served);
        const base::Error error = save();
        QCOMPARE(error.kind, ErrorKind::InvalidData);
        QVERIFY(!QFile::exists(part()));
        QVERIFY(!QFile::exists(file()));
    }

    void bytesThatEndEarlyAreKept()
    {
        m_store->replaceBlob(m_request.layer.digest, m_bytes.left(600'000));
        QCOMPARE(save().kind, ErrorKind::Network);
        QCOMPARE(contentOf(part()), m_bytes.left(600'000));
        m_store->replaceBlob(m_request.layer.digest, m_bytes);
        QCOMPARE(save().message, QString());
        QCOMPARE(m_resumedAt, 600'000);
        QCOMPARE(contentOf(file()), m_bytes);
    }

    void aTargetThatAlwaysBeginsAtTheStart()
    {
        m_request.source = std::make_shared<FakeTarget>(m_store); // knows nothing of ranges
        QVERIFY(write(part(), m_bytes.left(400'000)));
        QCOMPARE(save().message, QString());
        QCOMPARE(contentOf(file()), m_bytes);
        QCOMPARE(m_resumedAt, 0);
    }

    void anExistingFileStays()
    {
        QVERIFY(write(file(), "mine"));
        QVERIFY(save().message.contains(QStringLiteral("there already")));
        QCOMPARE(contentOf(file()), QByteArray("mine"));
        QVERIFY(!QFile::exists(part()));
        QVERIFY(m_store->journal().isEmpty());
        m_request.replace = true;
        QCOMPARE(save().message, QString());
        QCOMPARE(contentOf(file()), m_bytes);
    }

    void aFileThatAppearsMeanwhileStays()
    {
        m_store->setObserver([this](const QString &) { QVERIFY(write(file(), "mine")); });
        QVERIFY(save().message.contains(QStringLiteral("there already")));
        QCOMPARE(contentOf(file()), QByteArray("mine"));
        QCOMPARE(contentOf(part()), m_bytes); // kept: with another name it need not come again
    }

    void whereNothingCanBeWritten_data()
    {
        QTest::addColumn<QString>("file");
        QTest::newRow("no folder") << m_folder->filePath(QStringLiteral("no/such/folder/x"));
        QTest::newRow("a folder") << QStringLiteral("/tmp");
        QTest::newRow("no file") << QStringLiteral("/proc/x");
    }

    void whereNothingCanBeWritten()
    {
        QFETCH(QString, file);
        m_request.file = file;
        QVERIFY(!save().message.isEmpty());
        QVERIFY(m_store->journal().isEmpty());
    }

    void aLinkIsNotFollowed()
    {
        const QString mine = m_folder->filePath(QStringLiteral("mine"));
        QVERIFY(write(mine, "mine"));
        QVERIFY(QFile::link(mine, part()));
        QVERIFY(!save().message.isEmpty());
        QCOMPARE(contentOf(mine), QByteArray("mine"));
    }

    void onlyOneAtATime()
    {
        const auto held = transfer::PartFile::open(file(), oci::Digest::Algorithm::Sha256);
        QVERIFY(held);
        QVERIFY(save().message.contains(QStringLiteral("another program")));
    }

    void foreignLayersComeFromTheirAddresses()
    {
        m_store->removeBlob(m_request.layer.digest);
        m_request.layer.mediaType = *oci::MediaType::ociLayerGzip().pair();
        m_request.layer.urls = {QStringLiteral("https://gone.example/x"), m_address};
        m_urls->serve(m_address, m_bytes);
        QCOMPARE(save().message, QString());
        QCOMPARE(contentOf(file()), m_bytes);
        QCOMPARE(m_cameFrom, QStringLiteral("dl.vendor.example"));
        QCOMPARE(m_store->journal(), QStringList{get(0)});
        QCOMPARE(m_urls->journal(),
                 (QStringList{QStringLiteral("GET https://gone.example/x"), QStringLiteral("GET ") + m_address}));
    }

    void theRegistryIsAskedFirst()
    {
        m_request.layer.urls = {m_address};
        QCOMPARE(save().message, QString());
        QVERIFY(m_urls->journal().isEmpty());
    }

    void anotherPlaceAfterAWrongOne()
    {
        m_store->replaceBlob(m_request.layer.digest, QByteArray(m_bytes.size(), 'x'));
        m_request.layer.urls = {m_address};
        m_urls->serve(m_address, m_bytes);
        QCOMPARE(save().message, QString());
        QCOMPARE(contentOf(file()), m_bytes);
    }

    void whenNobodyHasIt()
    {
        m_store->removeBlob(m_request.layer.digest);
        QCOMPARE(save().kind, ErrorKind::NotFound);
        m_request.layer.urls = {m_address};
        const base::Error error = save();
        QCOMPARE(error.kind, ErrorKind::NotFound);
        QVERIFY2(error.message.contains(QStringLiteral("dl.vendor.example")), qPrintable(error.text()));
        QVERIFY(!QFile::exists(part()));
        QVERIFY(!QFile::exists(file()));
    }

    // Somebody has something else: that is more than nobody having it.
    void notFoundIsWhatAllSay()
    {
        m_store->removeBlob(m_request.layer.digest);
        m_request.layer.urls = {m_address, QStringLiteral("https://gone.example/x")};
        m_urls->serve(m_address, QByteArray(m_bytes.size(), 'x'));
        QCOMPARE(save().kind, ErrorKind::InvalidData);
        QVERIFY(!QFile::exists(part()));
    }

    void cancelKeepsThePart()
    {
        const auto wire = std::make_shared<FakeTarget>(m_store);
        wire->hangAt(1);
        m_request.source = wire;
        QVERIFY(write(part(), m_bytes.left(300'000)));
        SaveBlob saving(m_request);
        int finished = 0;
        connect(&saving, &SaveBlob::finished, this, [&finished] { ++finished; });
        saving.start();
        QVERIFY(QTest::qWaitFor([&] { return wire->open() == 1; }));
        saving.cancel();
        QVERIFY(QTest::qWaitFor([&] { return finished > 0; }));
        QCOMPARE(finished, 1);
        QCOMPARE(saving.error()->kind, ErrorKind::Cancelled);
        QCOMPARE(contentOf(part()), m_bytes.left(300'000));
        QVERIFY(!QFile::exists(file()));
    }

    void cancelWhileThePartIsRead()
    {
        m_request.layer.size = 64 * 1024 * 1024;
        QVERIFY(write(part(), QByteArray(60 * 1024 * 1024, 'x')));
        SaveBlob saving(m_request);
        int finished = 0;
        connect(&saving, &SaveBlob::finished, this, [&finished] { ++finished; });
        connect(&saving, &SaveBlob::progressChanged, &saving, &SaveBlob::cancel);
        saving.start();
        QVERIFY(QTest::qWaitFor([&] { return finished > 0; }));
        QCOMPARE(saving.error()->kind, ErrorKind::Cancelled);
        QVERIFY(m_store->journal().isEmpty());
        QVERIFY(QFile::exists(part()));
    }

    void destroyedOnTheWay()
    {
        const auto wire = std::make_shared<FakeTarget>(m_store);
        wire->hangAt(1);
        m_request.source = wire;
        auto saving = std::make_unique<SaveBlob>(m_request);
        saving->start();
        QVERIFY(QTest::qWaitFor([&] { return wire->open() == 1; }));
        saving.reset();
        test::settle();
        QVERIFY(!QFile::exists(file()));
    }
};

QTEST_GUILESS_MAIN(TestSaveBlob)
#include "tst_saveblob.moc"
