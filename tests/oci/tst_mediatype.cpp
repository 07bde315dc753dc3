// SPDX-License-Identifier: Apache-2.0
#include "oci/mediatype.h"

#include <QTest>

using namespace colophon;
using oci::MediaType;

class TestMediaType : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void pairs_data()
    {
        QTest::addColumn<QString>("ordinary");
        QTest::addColumn<QString>("marked");
        const auto row = [](const char *ordinary, const char *marked) {
            QTest::newRow(ordinary) << QString::fromLatin1(ordinary) << QString::fromLatin1(marked);
        };
        row("application/vnd.docker.image.rootfs.diff.tar", "application/vnd.docker.image.rootfs.foreign.diff.tar");
        row("application/vnd.docker.image.rootfs.diff.tar.gzip",
            "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip");
        row("application/vnd.oci.image.layer.v1.tar", "application/vnd.oci.image.layer.nondistributable.v1.tar");
        row("application/vnd.oci.image.layer.v1.tar+gzip",
            "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip");
        row("application/vnd.oci.image.layer.v1.tar+zstd",
            "application/vnd.oci.image.layer.nondistributable.v1.tar+zstd");
    }
    void pairs()
    {
        QFETCH(QString, ordinary);
        QFETCH(QString, marked);
        const MediaType a(ordinary);
        const MediaType b(marked);
        QVERIFY(a.hasPair() && b.hasPair());
        QVERIFY(a.isLayer() && b.isLayer());
        QVERIFY(!a.isNonDistributable());
        QVERIFY(b.isNonDistributable());
        QCOMPARE(a.pair()->toString(), marked);
        QCOMPARE(b.pair()->toString(), ordinary);
        QString inserted = ordinary;
        inserted.insert(a.markingWord()->position, a.markingWord()->word);
        QCOMPARE(inserted, marked);
        QCOMPARE(b.markingWord()->position, a.markingWord()->position);
    }

    void withoutPair_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<bool>("layer");
        const auto row = [](const char *text, bool layer) {
            QTest::newRow(text) << QString::fromLatin1(text) << layer;
        };
        row("application/vnd.docker.image.rootfs.diff.tar.zstd", true);
        row("application/vnd.oci.image.layer.v1.tar+gzip+encrypted", true);
        row("application/vnd.in-toto+json", false);
        row("application/vnd.cncf.helm.chart.content.v1.tar+gzip", false);
        row("application/vnd.docker.image.rootfs.foreign.diff.tar.zstd", false);
        row("application/vnd.docker.image.rootfs.foreign.foreign.diff.tar.gzip", false);
        row("application/vnd.oci.image.layer.v1.tar+gzip ", false);
        row("", false);
    }
    void withoutPair()
    {
        QFETCH(QString, text);
        const MediaType type(text);
        QVERIFY(!type.hasPair());
        QVERIFY(!type.pair());
        QVERIFY(!type.markingWord());
        QTEST(type.isLayer(), "layer");
    }

    void kinds()
    {
        QVERIFY(MediaType::ociIndex().isIndex());
        QVERIFY(MediaType::dockerManifestList().isIndex());
        QVERIFY(MediaType::ociManifest().isManifest());
        QVERIFY(MediaType::dockerManifest().isManifest());
        QVERIFY(MediaType(QStringLiteral("application/vnd.docker.distribution.manifest.v1+prettyjws")).isSchema1());
        QCOMPARE(MediaType::dockerLayerGzip().family(), MediaType::Family::Docker);
        QCOMPARE(MediaType::ociLayerZstd().family(), MediaType::Family::Oci);
        QCOMPARE(MediaType::ociLayerZstd().compression(), QStringLiteral("zstd"));
        QCOMPARE(MediaType::dockerLayerGzip().compression(), QStringLiteral("gzip"));
        QCOMPARE(MediaType::ociLayerTar().compression(), QStringLiteral("none"));
    }

    void families_data()
    {
        QTest::addColumn<QString>("docker");
        QTest::addColumn<QString>("oci");
        const auto row = [](const char *docker, const char *oci) {
            QTest::newRow(*docker ? docker : oci) << QString::fromLatin1(docker) << QString::fromLatin1(oci);
        };
        row("application/vnd.docker.distribution.manifest.v2+json", "application/vnd.oci.image.manifest.v1+json");
        row("application/vnd.docker.distribution.manifest.list.v2+json", "application/vnd.oci.image.index.v1+json");
        row("application/vnd.docker.container.image.v1+json", "application/vnd.oci.image.config.v1+json");
        row("application/vnd.docker.image.rootfs.diff.tar", "application/vnd.oci.image.layer.v1.tar");
        row("application/vnd.docker.image.rootfs.diff.tar.gzip", "application/vnd.oci.image.layer.v1.tar+gzip");
        row("application/vnd.docker.image.rootfs.foreign.diff.tar",
            "application/vnd.oci.image.layer.nondistributable.v1.tar");
        row("application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
            "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip");
        row("", "application/vnd.oci.image.layer.v1.tar+zstd");
        row("", "application/vnd.oci.image.layer.nondistributable.v1.tar+zstd");
        row("", "application/vnd.oci.empty.v1+json");
        row("application/vnd.docker.distribution.manifest.v1+json", "");
        row("application/vnd.docker.plugin.v1+json", "");
    }
    void families()
    {
        QFETCH(QString, docker);
        QFETCH(QString, oci);
        using Family = MediaType::Family;
        const auto become = [](const QString &text, Family family) {
            return MediaType(text).inFamily(family).value_or(MediaType()).toString();
        };
        if (!docker.isEmpty()) {
            QCOMPARE(become(docker, Family::Oci), oci);
            QCOMPARE(become(docker, Family::Docker), docker);
        }
        if (!oci.isEmpty()) {
            QCOMPARE(become(oci, Family::Docker), docker);
            QCOMPARE(become(oci, Family::Oci), oci);
        }
    }
    void familiesOfOtherTypes()
    {
        using Family = MediaType::Family;
        const MediaType other(QStringLiteral("application/vnd.in-toto+json"));
        QCOMPARE(other.inFamily(Family::Oci), other); // OCI admits it
        QVERIFY(!other.inFamily(Family::Docker));
        QVERIFY(!MediaType::ociManifest().inFamily(Family::Other));
        QCOMPARE(MediaType(QStringLiteral("application/vnd.docker.image.rootfs.diff.tar.zstd")).inFamily(Family::Oci),
                 MediaType::ociLayerZstd());
    }

    void acceptsEveryManifest()
    {
        const QByteArray accept = MediaType::acceptManifests();
        for (const MediaType &each : {MediaType::ociIndex(), MediaType::ociManifest(), MediaType::dockerManifestList(),
                                      MediaType::dockerManifest()})
            QVERIFY(accept.contains(each.toString().toLatin1()));
    }
};

QTEST_GUILESS_MAIN(TestMediaType)
#include "tst_mediatype.moc"
