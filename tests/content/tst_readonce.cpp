// SPDX-License-Identifier: Apache-2.0
// What was read stays as it was read first, is asked for once however many want it, and all of it together has a limit.
#include "base/limits.h"
#include "content/readonce.h"
#include "content/referrerstag.h"
#include "support/await.h"
#include "support/faketarget/faketarget.h"

#include <QTest>

using namespace colophon;
using base::ErrorKind;
using content::MemoryStore;
using content::ReadOnce;

namespace {
const QByteArray list = R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]})";

struct Setup
{
    std::shared_ptr<MemoryStore> store = std::make_shared<MemoryStore>();
    oci::Descriptor blob = store->addBlob("payload");
    oci::Descriptor manifest = store->addManifest(list, oci::MediaType::ociIndex(), QStringLiteral("v1"));
    std::shared_ptr<ReadOnce> once = ReadOnce::of(store);

    base::Result<QByteArray> read(const oci::Descriptor &wanted, std::stop_token stop = {}) const
    {
        auto reader = test::await(once->openBlob(wanted, stop));
        if (!reader)
            return base::fail(reader.error());
        return test::await(content::readAll(std::move(*reader), base::limits::attached));
    }
};

// Reads the blob through it and takes down what came.
base::Task<base::Result<void>> readInto(std::shared_ptr<ReadOnce> once, oci::Descriptor blob,
                                        std::shared_ptr<QList<base::Result<QByteArray>>> into, int number,
                                        std::stop_token stop)
{
    auto reader = co_await once->openBlob(blob, stop);
    if (!reader) {
        (*into)[number] = base::fail(reader.error());
        co_return base::Result<void>();
    }
    content::ReaderPtr open = std::move(*reader);
    base::Result<QByteArray> bytes = co_await content::readAll(std::move(open), base::limits::attached);
    (*into)[number] = std::move(bytes);
    co_return base::Result<void>();
}
} // namespace

class TestReadOnce : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void eachIsAskedForOnce()
    {
        Setup setup;
        for (int i = 0; i < 3; ++i) {
            QCOMPARE(test::await(setup.once->resolve(QStringLiteral("v1"), {}))->digest, setup.manifest.digest);
            QCOMPARE(test::await(setup.once->resolve(QStringLiteral("none"), {})).error().kind, ErrorKind::NotFound);
            QCOMPARE(test::await(setup.once->fetchManifest(setup.manifest, {})).value(), list);
            QCOMPARE(setup.read(setup.blob).value(), QByteArray("payload"));
            QVERIFY(test::await(setup.once->referrers(setup.manifest.digest, {}))->manifests.isEmpty());
        }
        QStringList asked = setup.store->journal();
        QCOMPARE(asked.removeDuplicates(), 0);
        QCOMPARE(asked.size(), 5);
        QVERIFY(!setup.once->excess());
    }

    // What was read is not taken for what another descriptor claims.
    void anotherSizeIsAskedForAnew()
    {
        Setup setup;
        QVERIFY(test::await(setup.once->fetchManifest(setup.manifest, {})));
        QVERIFY(setup.read(setup.blob));
        oci::Descriptor wrong = setup.manifest;
        wrong.size -= 1;
        QCOMPARE(test::await(setup.once->fetchManifest(wrong, {})).error().kind, ErrorKind::InvalidData);
        wrong = setup.blob;
        wrong.size += 1;
        QCOMPARE(setup.read(wrong).error().kind, ErrorKind::InvalidData);
    }

    void aFailureIsNotKept()
    {
        Setup setup;
        setup.store->failNext(QStringLiteral("GET blob"),
                              base::fail(ErrorKind::Network, QStringLiteral("no connection")).error());
        QCOMPARE(setup.read(setup.blob).error().kind, ErrorKind::Network);
        QCOMPARE(setup.read(setup.blob).value(), QByteArray("payload"));
    }

    // What is damaged is not fetched again by each who looks.
    void aVerdictOnTheContentIsKept()
    {
        Setup setup;
        setup.store->replaceBlob(setup.blob.digest, "pAyload");
        QCOMPARE(setup.read(setup.blob).error().kind, ErrorKind::InvalidData);
        QCOMPARE(setup.read(setup.blob).error().kind, ErrorKind::InvalidData);
        QCOMPARE(setup.store->journal().size(), 1);
    }

    void severalAtOnceShareOneAnswer()
    {
        const Setup setup;
        const auto wire = std::make_shared<test::FakeTarget>(setup.store);
        wire->setAsynchronous(true);
        const auto once = ReadOnce::of(wire);
        const auto found = std::make_shared<QList<base::Result<QByteArray>>>(
            4, base::Result<QByteArray>(base::fail(ErrorKind::Failed, QString())));
        const auto job = [=, blob = setup.blob](int i, std::stop_token stop) {
            return readInto(once, blob, found, i, std::move(stop));
        };
        QVERIFY(test::await(base::forEachLimited(4, 4, job, {})));
        QCOMPARE(wire->calls(), 1);
        for (const auto &each : *found)
            QCOMPARE(each.value(), QByteArray("payload"));
    }

    // Whoever waits for another's answer asks by itself where that one gives up, and gives up when it is stopped
    // itself.
    void stoppingOneStopsNoOther()
    {
        const Setup setup;
        const auto wire = std::make_shared<test::FakeTarget>(setup.store);
        wire->hangAt(1);
        wire->setAsynchronous(true);
        const auto once = ReadOnce::of(wire);
        const auto found = std::make_shared<QList<base::Result<QByteArray>>>(
            3, base::Result<QByteArray>(base::fail(ErrorKind::Failed, QString())));
        std::stop_source first;
        std::stop_source second;
        auto asks = readInto(once, setup.blob, found, 0, first.get_token());
        auto waits = readInto(once, setup.blob, found, 1, second.get_token());
        auto stays = readInto(once, setup.blob, found, 2, {});
        second.request_stop();
        QVERIFY(test::await(std::move(waits)));
        QCOMPARE(found->at(1).error().kind, ErrorKind::Cancelled);
        first.request_stop();
        QVERIFY(test::await(std::move(asks)));
        QCOMPARE(found->at(0).error().kind, ErrorKind::Cancelled);
        QVERIFY(test::await(std::move(stays)));
        QCOMPARE(found->at(2).value(), QByteArray("payload"));
        QCOMPARE(wire->calls(), 2);
    }

    void bytesAreLimited()
    {
        Setup setup;
        const QByteArray chunk(base::limits::MiB, 'x');
        QList<oci::Descriptor> blobs;
        for (int i = 0; i <= base::limits::attached / base::limits::MiB; ++i)
            blobs.append(setup.store->addBlob(QByteArray(chunk).replace(0, 4, QByteArray::number(1000 + i))));
        setup.store->clearJournal();
        for (int i = 0; i < blobs.size() - 1; ++i)
            QVERIFY(setup.read(blobs.at(i)));
        QVERIFY(!setup.once->excess());
        const auto last = setup.read(blobs.constLast());
        QCOMPARE(last.error().kind, ErrorKind::TooLarge);
        QVERIFY2(last.error().message.contains(QLatin1String("more attached")), qPrintable(last.error().message));
        QCOMPARE(setup.once->excess()->message, last.error().message);
        QCOMPARE(setup.store->journal().size(), blobs.size() - 1); // it was not even asked for
        QVERIFY(setup.read(blobs.constFirst()));                   // what was read is there
        QCOMPARE(test::await(setup.once->fetchManifest(setup.manifest, {})).error().kind, ErrorKind::TooLarge);
    }

    // Who shows what is attached and who verifies share what was read; what one of them reads on costs the other
    // nothing.
    void limitsAreEachOnesOwn()
    {
        Setup setup;
        const auto other = ReadOnce::of(setup.once);
        QVERIFY(setup.read(setup.blob));
        QVERIFY(test::await(other->openBlob(setup.blob, {})));
        QCOMPARE(setup.store->journal().size(), 1);
        oci::Descriptor large = setup.manifest;
        large.size = base::limits::attached + 1;
        QCOMPARE(test::await(other->fetchManifest(large, {})).error().kind, ErrorKind::TooLarge);
        QVERIFY(other->excess());
        QVERIFY(!setup.once->excess());
        // Nor is that refusal taken for an answer.
        for (int i = 0; i < base::limits::attached / base::limits::manifest; ++i) {
            const qint64 size = base::limits::manifest - (i == 0 ? setup.blob.size : 0); // what is known counts, too
            oci::Descriptor missing{oci::MediaType::ociManifest(), oci::Digest::of(QByteArray::number(i)), size};
            QCOMPARE(test::await(other->fetchManifest(missing, {})).error().kind, ErrorKind::NotFound);
        }
        QCOMPARE(test::await(other->fetchManifest(setup.manifest, {})).error().kind, ErrorKind::TooLarge);
        QVERIFY(test::await(setup.once->fetchManifest(setup.manifest, {})));
        // What is too much for one stays so, whatever others have read.
        QCOMPARE(test::await(other->fetchManifest(setup.manifest, {})).error().kind, ErrorKind::TooLarge);
    }

    // However many look, what is kept for them has a limit; and forgetting costs nobody their room.
    void whatIsForgottenIsAskedForAnew()
    {
        Setup setup;
        QList<oci::Descriptor> blobs;
        for (int i = 0; i < base::limits::attached / base::limits::MiB; ++i)
            blobs.append(setup.store->addBlob(QByteArray::number(1000 + i).leftJustified(base::limits::MiB, 'x')));
        for (const oci::Descriptor &each : blobs)
            QVERIFY(setup.read(each));
        setup.store->clearJournal();
        QVERIFY(setup.read(blobs.constFirst()));
        QCOMPARE(setup.store->journal(), QStringList());
        const Setup other{setup.store, setup.blob, setup.manifest, ReadOnce::of(setup.once)};
        QVERIFY(other.read(setup.blob));
        for (const oci::Descriptor &each : blobs)
            QVERIFY(setup.read(each));
        QVERIFY(!setup.once->excess());
        QCOMPARE(setup.store->journal().size(), 1 + blobs.size());
    }

    void partsAreLimited()
    {
        Setup setup;
        QList<oci::Descriptor> blobs;
        for (int i = 0; i <= base::limits::attachedParts; ++i)
            blobs.append(setup.store->addBlob(QByteArray::number(i)));
        for (int i = 0; i < base::limits::attachedParts; ++i)
            QVERIFY(setup.read(blobs.at(i)));
        QVERIFY(!setup.once->excess());
        QCOMPARE(setup.read(blobs.constLast()).error().kind, ErrorKind::TooLarge);
        QVERIFY(setup.once->excess());
    }
};

QTEST_GUILESS_MAIN(TestReadOnce)
#include "tst_readonce.moc"
