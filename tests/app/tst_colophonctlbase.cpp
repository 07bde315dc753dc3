// SPDX-License-Identifier: Apache-2.0
// `mark --base` and `--platform` on real registries: the layers of a base image that lies in another registry, and a
// Windows-like index whose platforms differ in their os.version alone.

#include "app/command.h"
#include "demo/layertar.h"
#include "support/dockerregistry/dockerregistry.h"
#include "support/registryimage/registryimage.h"

#include <QTest>

using namespace colophon;
using test::Command;
using test::GeneratedContent;
using test::ImageBuilder;
using test::LayerSpec;
using test::ordinary;
using test::Ran;

namespace {
// An image of real layers, whose config says their diff_ids.
test::GeneratedImage imageOf(const QList<demo::Layer> &layers)
{
    test::GeneratedImage image;
    const auto keep = [&image](GeneratedContent::Kind kind, const oci::MediaType &type, const QByteArray &bytes) {
        image.contents.append({kind, oci::Descriptor::of(type, bytes), bytes});
        return image.contents.constLast().descriptor;
    };
    const auto json = [](const oci::Descriptor &each) {
        return QJsonObject{{QStringLiteral("mediaType"), each.mediaType.toString()},
                           {QStringLiteral("digest"), each.digest.toString()},
                           {QStringLiteral("size"), each.size}};
    };
    QJsonArray described;
    QJsonArray diffIds;
    for (const demo::Layer &layer : layers) {
        described.append(json(keep(GeneratedContent::Kind::Blob, oci::MediaType::ociLayerGzip(), layer.bytes)));
        diffIds.append(layer.diffId);
    }
    const QJsonObject config{{QStringLiteral("os"), QStringLiteral("linux")},
                             {QStringLiteral("architecture"), QStringLiteral("amd64")},
                             {QStringLiteral("rootfs"), QJsonObject{{QStringLiteral("type"), QStringLiteral("layers")},
                                                                    {QStringLiteral("diff_ids"), diffIds}}}};
    const auto configured = keep(GeneratedContent::Kind::Config, oci::MediaType::ociConfig(),
                                 QJsonDocument(config).toJson(QJsonDocument::Compact));
    const QJsonObject manifest{{QStringLiteral("schemaVersion"), 2},
                               {QStringLiteral("mediaType"), oci::MediaType::ociManifest().toString()},
                               {QStringLiteral("config"), json(configured)},
                               {QStringLiteral("layers"), described}};
    image.root = keep(GeneratedContent::Kind::Manifest, oci::MediaType::ociManifest(),
                      QJsonDocument(manifest).toJson(QJsonDocument::Compact));
    return image;
}

demo::Layer layerOf(const char *name, demo::Compression compression = demo::Compression::Gzip)
{
    return demo::makeLayer({{QString::fromLatin1(name), QByteArray(2000, name[0])}}, compression);
}
} // namespace

class TestColophonctlBase : public QObject
{
    Q_OBJECT

    // The markings of all layers, image by image: "non dis / dis".
    QString markings(const QString &reference)
    {
        const QJsonObject report = m_command.json({QStringLiteral("inspect"), reference});
        QJsonArray images = report[QLatin1String("manifests")].toArray();
        if (images.isEmpty())
            images.append(report);
        QStringList all;
        for (const QJsonValue image : images) {
            QStringList found;
            for (const QJsonValue layer : image[QLatin1String("layers")].toArray())
                found.append(layer[QLatin1String("marking")].toString().left(3));
            all.append(found.join(QLatin1Char(' ')));
        }
        return all.join(QStringLiteral(" / "));
    }
    QString digestOfEntry(const QString &reference, int entry)
    {
        return m_command
            .json({QStringLiteral("inspect"), reference})[QLatin1String("manifests")][entry][QLatin1String("digest")]
            .toString();
    }
    Ran mark(const QStringList &more) const { return m_command(QStringList{QStringLiteral("mark"), m_app} + more); }

private Q_SLOTS:
    void initTestCase()
    {
        COLOPHON_NEED_DOCKER_REGISTRY();
        const test::DockerRegistryOptions allowing{.allowUrls = {QStringLiteral("^https?://.*")}};
        m_registry = std::make_unique<test::DockerRegistry>(allowing);
        m_vendor = std::make_unique<test::DockerRegistry>();
        QVERIFY2(m_registry->isRunning(), qPrintable(m_registry->problem()));
        QVERIFY2(m_vendor->isRunning(), qPrintable(m_vendor->problem()));
        m_base = m_vendor->host() + QStringLiteral("/vendor/base:1");
        QCOMPARE(upload(imageOf({layerOf("one"), layerOf("two")}), {m_base}), QString());
    }
    void cleanupTestCase()
    {
        m_registry.reset();
        m_vendor.reset();
    }
    void init() { m_app = m_registry->host() + QStringLiteral("/app%1:1").arg(++m_count); }

    void byDigest()
    {
        QCOMPARE(upload(imageOf({layerOf("one"), layerOf("two"), layerOf("app"), layerOf("more")}), {m_app}),
                 QString());
        const oci::Digest original = test::digestOfTag(m_app);
        const Ran ran = mark({QStringLiteral("--base"), m_base});
        QVERIFY2(ran.exitCode == 0, qPrintable(ran.text()));
        QCOMPARE(markings(m_app), QStringLiteral("non non dis dis"));
        // Both together, and back again: the original to the last byte.
        const Ran both = mark({QStringLiteral("--base"), m_base, QStringLiteral("--layer"), QStringLiteral("3")});
        QVERIFY2(both.exitCode == 0, qPrintable(both.text()));
        QCOMPARE(markings(m_app), QStringLiteral("non non dis non"));
        const Ran back = m_command({QStringLiteral("unmark"), m_app, QStringLiteral("--base"), m_base,
                                    QStringLiteral("--layer"), QStringLiteral("3")});
        QVERIFY2(back.exitCode == 0, qPrintable(back.text()));
        QCOMPARE(test::digestOfTag(m_app), original);
    }
    // The first layer was compressed anew: other bytes, the same content.
    void byDiffId()
    {
        const demo::Layer anew = layerOf("one", demo::Compression::Zstd);
        QCOMPARE(anew.diffId, layerOf("one").diffId);
        QVERIFY(anew.digest != layerOf("one").digest);
        QCOMPARE(upload(imageOf({anew, layerOf("two"), layerOf("app")}), {m_app}), QString());
        const Ran ran = mark({QStringLiteral("--base"), m_base});
        QVERIFY2(ran.exitCode == 0, qPrintable(ran.text()));
        QVERIFY2(ran.err.contains("compressed anew"), ran.err.constData());
        QCOMPARE(markings(m_app), QStringLiteral("non non dis"));
    }
    void notOnThisBase()
    {
        QCOMPARE(upload(imageOf({layerOf("other"), layerOf("app")}), {m_app}), QString());
        const oci::Digest before = test::digestOfTag(m_app);
        const Ran ran = mark({QStringLiteral("--base"), m_base});
        QVERIFY2(ran.exitCode == 2, qPrintable(ran.text()));
        QVERIFY2(ran.err.contains("No layer comes from the base image"), ran.err.constData());
        const Ran gone = mark({QStringLiteral("--base"), m_base + QStringLiteral("0")});
        QVERIFY2(gone.exitCode == 3, qPrintable(gone.text()));
        QVERIFY2(gone.err.contains("vendor/base:10"), gone.err.constData());
        QCOMPARE(test::digestOfTag(m_app), before);
    }
    void wrongWords_data()
    {
        QTest::addColumn<QStringList>("words");
        QTest::addColumn<QByteArray>("said");
        QTest::newRow("neither") << QStringList() << QByteArray("--base");
        QTest::newRow("a base that is none")
            << QStringList{QStringLiteral("--base"), QStringLiteral("Not A Name")} << QByteArray("Not A Name");
        QTest::newRow("a layer that is none") << QStringList{QStringLiteral("--base"), QStringLiteral("x"),
                                                             QStringLiteral("--url"), QStringLiteral("ftp://x/")}
                                              << QByteArray("ftp");
    }
    void wrongWords()
    {
        QFETCH(QStringList, words);
        QFETCH(QByteArray, said);
        m_app = QStringLiteral("127.0.0.1:1/never/asked:1");
        const Ran ran = mark(words);
        QVERIFY2(ran.exitCode == 2, qPrintable(ran.text()));
        QVERIFY2(ran.err.contains(said), ran.err.constData());
    }

    // Two builds of Windows share one layer, have a base each and an application each.
    void windows()
    {
        ImageBuilder builder;
        const auto older = builder.manifest({ordinary("base 17763"), ordinary("shared"), ordinary("app 17763")},
                                            QStringLiteral("windows(10.0.17763.6414)/amd64"));
        const auto newer = builder.manifest({ordinary("base 20348"), ordinary("shared"), ordinary("app 20348")},
                                            QStringLiteral("windows(10.0.20348.2762)/amd64"));
        QCOMPARE(upload(builder.image(builder.index({older, newer})), {m_app}), QString());
        const QString other = digestOfEntry(m_app, 1);

        const QString platform = QStringLiteral("--platform");
        const Ran ambiguous =
            mark({QStringLiteral("--layer"), QStringLiteral("0"), platform, QStringLiteral("windows/amd64")});
        QVERIFY2(ambiguous.exitCode == 2, qPrintable(ambiguous.text()));
        QVERIFY2(ambiguous.err.contains("windows(10.0.17763.6414)/amd64, windows(10.0.20348.2762)/amd64"),
                 ambiguous.err.constData());

        // Its own layer: the other platform keeps its very manifest.
        const QString build = QStringLiteral("windows(10.0.17763)/amd64");
        const Ran own = mark({QStringLiteral("--layer"), QStringLiteral("0"), platform, build});
        QVERIFY2(own.exitCode == 0, qPrintable(own.text()));
        QVERIFY2(!own.err.contains("taken along"), own.err.constData());
        QCOMPARE(markings(m_app), QStringLiteral("non dis dis / dis dis dis"));
        QCOMPARE(digestOfEntry(m_app, 1), other);

        // A shared one: the other platform is taken along, and named.
        const Ran shared = mark({QStringLiteral("--layer"), QStringLiteral("1"), platform, build});
        QVERIFY2(shared.exitCode == 0, qPrintable(shared.text()));
        QVERIFY2(shared.err.contains("Layer 1 of windows(10.0.20348.2762)/amd64 is taken along"),
                 shared.err.constData());
        QCOMPARE(markings(m_app), QStringLiteral("non non dis / dis non dis"));
        QVERIFY(digestOfEntry(m_app, 1) != other);

        // The same in JSON, on the way back.
        const QJsonObject back = m_command.json(
            {QStringLiteral("unmark"), m_app, QStringLiteral("--layer"), QStringLiteral("foreign"), platform, build});
        QVERIFY(back[QLatin1String("notes")][0].toString().contains(QStringLiteral("is taken along")));
        QCOMPARE(digestOfEntry(m_app, 1), other);
        QCOMPARE(markings(m_app), QStringLiteral("dis dis dis / dis dis dis"));
    }

    // The base of the same build is meant, whichever update of it.
    void theBaseOfAPlatform()
    {
        ImageBuilder builder;
        const auto older = builder.manifest({ordinary("base 17763"), ordinary("app")},
                                            QStringLiteral("windows(10.0.17763.6414)/amd64"));
        const auto newer = builder.manifest({ordinary("base 20348"), ordinary("app")},
                                            QStringLiteral("windows(10.0.20348.2762)/amd64"));
        QCOMPARE(upload(builder.image(builder.index({older, newer})), {m_app}), QString());
        ImageBuilder bases;
        const auto oldBase = bases.manifest({ordinary("base 17763")}, QStringLiteral("windows(10.0.17763.5000)/amd64"));
        const auto newBase = bases.manifest({ordinary("base 20348")}, QStringLiteral("windows(10.0.20348.2000)/amd64"));
        const QString base = m_vendor->host() + QStringLiteral("/windows/servercore:ltsc");
        QCOMPARE(upload(bases.image(bases.index({oldBase, newBase})), {base}), QString());
        const Ran one = mark({QStringLiteral("--base"), base, QStringLiteral("--platform"),
                              QStringLiteral("windows(10.0.20348)/amd64")});
        QVERIFY2(one.exitCode == 0, qPrintable(one.text()));
        QCOMPARE(markings(m_app), QStringLiteral("dis dis / non dis"));
        const Ran all = mark({QStringLiteral("--base"), base});
        QVERIFY2(all.exitCode == 0, qPrintable(all.text()));
        QCOMPARE(markings(m_app), QStringLiteral("non dis / non dis"));
    }

private:
    Command m_command;
    std::unique_ptr<test::DockerRegistry> m_registry;
    std::unique_ptr<test::DockerRegistry> m_vendor;
    QString m_base;
    QString m_app;
    int m_count = 0;
};

QTEST_GUILESS_MAIN(TestColophonctlBase)
#include "tst_colophonctlbase.moc"
