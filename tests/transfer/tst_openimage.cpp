// SPDX-License-Identifier: Apache-2.0
#include "base/limits.h"
#include "operationrun.h"
#include "support/faketarget/faketarget.h"
#include "support/faketarget/sampleimage.h"
#include "transfer/openimage.h"

#include <QSignalSpy>

using namespace colophon;
using base::ErrorKind;
using document::ImageNode;
using oci::MediaType;

class TestOpenImage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        store =
            std::make_shared<content::MemoryStore>(QStringLiteral("registry.example"), QStringLiteral("vendor/app"));
        target = std::make_shared<test::FakeTarget>(store);
    }

    void readsAManifest()
    {
        const oci::Descriptor image =
            test::addImage(*store, QStringLiteral("linux/amd64"), {QStringLiteral("a"), QStringLiteral("b")},
                           MediaType::dockerLayerGzip());
        store->addManifest(bytesOf(image), image.mediaType, QStringLiteral("1"));
        transfer::OpenImage open(target, reference());
        QSignalSpy activity(&open, &transfer::Operation::activityChanged);
        QVERIFY(test::finish(open));
        QVERIFY2(!open.error(), qPrintable(open.error() ? open.error()->text() : QString()));
        const ImageNode &root = open.tree().root();
        QCOMPARE(root.role, ImageNode::Role::Image);
        QCOMPARE(root.descriptor.digest, image.digest);
        QCOMPARE(root.manifest->layers().size(), 2);
        QCOMPARE(root.config->platform.toString(), QStringLiteral("linux/amd64"));
        QVERIFY(root.missing.isEmpty());
        QCOMPARE(open.reference().digest(), image.digest);
        QCOMPARE(open.reference().tag(), QStringLiteral("1"));
        QCOMPARE(activity.first().first().toString(), QStringLiteral("Resolving registry.example/vendor/app:1…"));
    }

    void readsAnIndex()
    {
        const oci::Descriptor amd = test::addImage(*store, QStringLiteral("linux/amd64"), {QStringLiteral("a")});
        const oci::Descriptor arm = test::addImage(*store, QStringLiteral("linux/arm64"), {QStringLiteral("b")});
        const oci::Descriptor attestation = test::addAttestation(*store, amd);
        oci::Descriptor unknown = oci::Descriptor::of(MediaType(QStringLiteral("application/x.other")), "?");
        oci::Descriptor absent = oci::Descriptor::of(MediaType::ociManifest(), "absent");
        const oci::Descriptor root =
            test::addIndex(*store, {amd, arm, attestation, unknown, absent, amd}, QStringLiteral("1"));
        transfer::OpenImage open(target, reference());
        QSignalSpy activity(&open, &transfer::Operation::activityChanged);
        QVERIFY(test::finish(open));
        QVERIFY2(!open.error(), qPrintable(open.error() ? open.error()->text() : QString()));
        const QList<ImageNode> &children = open.tree().root().children;
        QCOMPARE(open.tree().root().role, ImageNode::Role::Index);
        QCOMPARE(open.tree().root().descriptor.digest, root.digest);
        QCOMPARE(children.size(), 6);
        QCOMPARE(children.at(0).role, ImageNode::Role::Image);
        QVERIFY(children.at(0).config);
        QCOMPARE(children.at(1).descriptor.digest, arm.digest);
        QCOMPARE(children.at(2).role, ImageNode::Role::Attestation);
        QVERIFY(children.at(2).manifest);
        QCOMPARE(children.at(3).role, ImageNode::Role::Opaque);
        QVERIFY(children.at(3).missing.isEmpty());
        QCOMPARE(children.at(4).role, ImageNode::Role::Opaque);
        QVERIFY(children.at(4).missing.contains(absent.digest.toString()));
        QCOMPARE(children.at(5).role, ImageNode::Role::Image);
        // Once each, although one stands there twice.
        QCOMPARE(store->journal().count(QLatin1String("GET manifest ") + amd.digest.toString()), 1);
        QVERIFY(!store->journal().contains(QLatin1String("GET manifest ") + unknown.digest.toString()));
        QVERIFY(activity.contains(QVariantList{QStringLiteral("Reading linux/arm64 (2 of 4)…")}));
    }

    void readsAnIndexInAnIndex()
    {
        const oci::Descriptor image = test::addImage(*store, QStringLiteral("linux/amd64"), {QStringLiteral("a")});
        const oci::Descriptor inner = test::addIndex(*store, {image}, {});
        test::addIndex(*store, {inner}, QStringLiteral("1"));
        transfer::OpenImage open(target, reference());
        QVERIFY(test::finish(open));
        QVERIFY(!open.error());
        QCOMPARE(open.tree().root().children.first().children.first().descriptor.digest, image.digest);
    }

    void readsIndexesFourDeep()
    {
        oci::Descriptor inner = test::addImage(*store, QStringLiteral("linux/amd64"), {QStringLiteral("a")});
        for (int i = 0; i < base::limits::indexDepth; ++i)
            inner = test::addIndex(*store, {inner}, QStringLiteral("1"));
        transfer::OpenImage open(target, reference());
        QVERIFY(test::finish(open));
        QVERIFY2(!open.error(), open.error() ? qPrintable(open.error()->text()) : "");
        QCOMPARE(open.tree().manifests().size(), base::limits::indexDepth + 1);
        QCOMPARE(open.tree().layers().size(), 1);
        QCOMPARE(open.tree().layers().first().entries.size(), base::limits::indexDepth);
    }

    void limitsTheDepth()
    {
        oci::Descriptor inner = test::addImage(*store, QStringLiteral("linux/amd64"), {QStringLiteral("a")});
        for (int i = 0; i < base::limits::indexDepth + 1; ++i)
            inner = test::addIndex(*store, {inner}, QStringLiteral("1"));
        transfer::OpenImage open(target, reference());
        QVERIFY(test::finish(open));
        QCOMPARE(open.error()->kind, ErrorKind::TooLarge);
        QVERIFY(open.tree().isEmpty());
    }

    // 300 × 300 places of one small image: few bytes to fetch, too many places to show.
    void limitsTheNumberOfPlaces()
    {
        const oci::Descriptor image = test::addImage(*store, QStringLiteral("linux/amd64"), {QStringLiteral("a")});
        const oci::Descriptor inner = test::addIndex(*store, QList<oci::Descriptor>(300, image), {});
        test::addIndex(*store, QList<oci::Descriptor>(300, inner), QStringLiteral("1"));
        transfer::OpenImage open(target, reference());
        QVERIFY(test::finish(open));
        QCOMPARE(open.error()->kind, ErrorKind::TooLarge);
    }

    void refusesRoots_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("type");
        QTest::addColumn<int>("kind");
        QTest::newRow("schema 1") << QByteArray(
                                         R"({"schemaVersion":1,"name":"a","tag":"b","fsLayers":[],"history":[]})")
                                  << "application/vnd.docker.distribution.manifest.v1+prettyjws"
                                  << int(ErrorKind::Usage);
        QTest::newRow("another type") << QByteArray("{}") << "application/json" << int(ErrorKind::Usage);
        QTest::newRow("announced as something else")
            << QByteArray(R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]})")
            << MediaType::ociManifest().toString() << int(ErrorKind::InvalidData);
        QTest::newRow("no JSON") << QByteArray("<html>") << MediaType::ociManifest().toString()
                                 << int(ErrorKind::InvalidData);
    }
    void refusesRoots()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, type);
        QFETCH(int, kind);
        store->addManifest(bytes, MediaType(type), QStringLiteral("1"));
        transfer::OpenImage open(target, reference());
        QVERIFY(test::finish(open));
        QVERIFY(open.error());
        QCOMPARE(int(open.error()->kind), kind);
        QCOMPARE(open.error()->side, base::Side::Source);
        QVERIFY(!open.error()->message.isEmpty());
    }

    void keepsAnUnreadableChildForViewing()
    {
        const oci::Descriptor bad = store->addManifest(
            R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]})",
            MediaType::ociManifest());
        test::addIndex(*store, {bad}, QStringLiteral("1"));
        transfer::OpenImage open(target, reference());
        QVERIFY(test::finish(open));
        QVERIFY(!open.error());
        QCOMPARE(open.tree().root().children.first().role, ImageNode::Role::Opaque);
        QVERIFY(!open.tree().root().children.first().missing.isEmpty());
    }

    // A manifest and an index at once (CVE-2021-41190): to be looked at, not to be edited.
    void opensAnAmbiguousDocumentForViewing()
    {
        const oci::Descriptor config = store->addBlob("{}", MediaType::ociConfig());
        QByteArray both = test::manifestJson(MediaType::ociManifest(), config, {});
        both.replace("\"layers\"", "\"manifests\": [], \"layers\"");
        store->addManifest(both, MediaType::ociManifest(), QStringLiteral("1"));
        transfer::OpenImage open(target, reference());
        QVERIFY(test::finish(open));
        QVERIFY(!open.error());
        QVERIFY(!open.tree().root().problems().isEmpty());
    }

    void opensWithoutItsConfig()
    {
        const oci::Descriptor image = test::addImage(*store, QStringLiteral("linux/amd64"), {QStringLiteral("a")});
        store->addManifest(bytesOf(image), image.mediaType, QStringLiteral("1"));
        const oci::Manifest manifest = oci::Manifest::parse(bytesOf(image)).value();
        store->removeBlob(manifest.config().digest);
        transfer::OpenImage open(target, reference());
        QVERIFY(test::finish(open));
        QVERIFY(!open.error());
        QVERIFY(!open.tree().root().config);
        QVERIFY(open.tree().root().missing.contains(manifest.config().digest.toString()));
    }

    void fetchesNoConfigOfAnotherType()
    {
        oci::Descriptor config =
            store->addBlob("{}", MediaType(QStringLiteral("application/vnd.cncf.helm.config.v1+json")));
        store->addManifest(test::manifestJson(MediaType::ociManifest(), config, {}), MediaType::ociManifest(),
                           QStringLiteral("1"));
        transfer::OpenImage open(target, reference());
        QVERIFY(test::finish(open));
        QVERIFY(!open.error());
        QVERIFY(store->journal().filter(QStringLiteral("blob")).isEmpty());
    }

    void opensByDigest()
    {
        const oci::Descriptor image = test::addImage(*store, QStringLiteral("linux/amd64"), {QStringLiteral("a")});
        transfer::OpenImage open(
            target,
            oci::Reference::parse(QStringLiteral("registry.example/vendor/app@") + image.digest.toString()).value());
        QVERIFY(test::finish(open));
        QVERIFY(!open.error());
        QCOMPARE(open.reference().tag(), QString());
    }

    void notFound()
    {
        transfer::OpenImage open(target, reference());
        QVERIFY(test::finish(open));
        QCOMPARE(open.error()->kind, ErrorKind::NotFound);
        QVERIFY(!open.error()->operation.isEmpty());
    }

    // At whatever request it breaks, hangs and is cancelled, or hangs and is destroyed.
    void endsWherever_data()
    {
        QTest::addColumn<QString>("how");
        for (const char *how : {"fails", "cancelled", "destroyed"})
            QTest::newRow(how) << QString::fromLatin1(how);
    }
    void endsWherever()
    {
        QFETCH(QString, how);
        QList<oci::Descriptor> entries;
        for (int i = 0; i < 9; ++i)
            entries.append(test::addImage(*store, QStringLiteral("linux/a%1").arg(i), {QString::number(i)}));
        test::addIndex(*store, entries, QStringLiteral("1"));
        for (int k = 1;; ++k) {
            auto faulty = std::make_shared<test::FakeTarget>(store);
            faulty->setAsynchronous(true);
            base::Error broken;
            broken.kind = ErrorKind::Network;
            broken.message = QStringLiteral("The connection broke.");
            if (how == QStringLiteral("fails"))
                faulty->failAt(k, broken);
            else
                faulty->hangAt(k);
            auto open = std::make_unique<transfer::OpenImage>(faulty, reference());
            int finished = 0;
            connect(open.get(), &transfer::Operation::finished, this, [&] { ++finished; });
            open->start();
            if (how == QStringLiteral("fails")) {
                QVERIFY(QTest::qWaitFor([&] { return finished == 1; }));
            } else {
                test::settle();
                if (finished == 0 && how == QStringLiteral("cancelled")) {
                    open->cancel();
                    QVERIFY(QTest::qWaitFor([&] { return finished == 1; }));
                }
            }
            if (faulty->calls() < k) {
                QVERIFY(!open->error());
                QCOMPARE(k, 1 + 1 + 1 + 9 + 9);
                break;
            }
            if (how == QStringLiteral("destroyed")) {
                open.reset();
                test::settle();
                QCOMPARE(finished, 0);
            } else {
                QCOMPARE(finished, 1);
                QVERIFY(open->tree().isEmpty());
                QCOMPARE(open->error()->kind,
                         how == QStringLiteral("fails") ? ErrorKind::Network : ErrorKind::Cancelled);
            }
            QCOMPARE(faulty->open(), 0); // every lane has ended
            QVERIFY(faulty->mostOpen() <= 6);
        }
    }

private:
    static oci::Reference reference()
    {
        return oci::Reference::parse(QStringLiteral("registry.example/vendor/app:1")).value();
    }
    QByteArray bytesOf(const oci::Descriptor &manifest) const
    {
        QByteArray bytes;
        auto task = store->fetchManifest(manifest, {});
        const auto take = [](base::Task<base::Result<QByteArray>> inner, QByteArray &out) -> base::Task<void> {
            out = (co_await inner).value();
        };
        auto taking = take(std::move(task), bytes);
        return bytes;
    }

    std::shared_ptr<content::MemoryStore> store;
    std::shared_ptr<test::FakeTarget> target;
};

QTEST_GUILESS_MAIN(TestOpenImage)
#include "tst_openimage.moc"
