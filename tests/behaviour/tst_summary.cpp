// SPDX-License-Identifier: Apache-2.0
#include "behaviour/summary.h"

#include <QTest>

using namespace colophon;
using namespace colophon::behaviour;
using Family = oci::MediaType::Family;
using oci::Marking;

namespace {
QStringList words(const char *text) { return QString::fromUtf8(text).split(u' ', Qt::SkipEmptyParts); }
LayerGroup group(Marking marking, int layers, const QStringList &hosts = {}, Family family = Family::Docker)
{
    const LayerKind kind{marking, family, QStringLiteral("gzip")};
    return {kind, kind, layers, hosts};
}
QStringList summary(const QStringList &clients, const QList<LayerGroup> &groups)
{
    const auto lines = linesNamed(Knowledge::shipped(), Party::Kind::Client, clients);
    return summaryOf(Knowledge::shipped(), lines.value_or(QList<Line>()), groups);
}
const QStringList cdn{QStringLiteral("cdn.example")};
} // namespace

class TestSummary : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void saysWhatBecomesOfAnImage_data()
    {
        QTest::addColumn<QStringList>("clients");
        QTest::addColumn<QList<LayerGroup>>("groups");
        QTest::addColumn<QString>("text");
        const LayerGroup two = group(Marking::NonDistributable, 2, cdn);
        const LayerGroup seven = group(Marking::Distributable, 7);
        QTest::newRow("the usual ones")
            << words("skopeo regctl crane@0.22 oras nerdctl docker-windows@28 containerd") << QList{two, seven}
            << "2 of 9 layers stay behind when this image is copied with skopeo, regctl, crane 0.21.6 and later or "
               "oras, or pushed with nerdctl. Docker 28 and later on Windows and containerd upload all 9 layers. "
               "containerd asks cdn.example before the registry and does not fall back when it answers an error other "
               "than 404. crane 0.21.6 and later and Docker 28 and later on Windows ask the registry first, then "
               "cdn.example.";
        QTest::newRow("one of one") << words("skopeo") << QList{group(Marking::NonDistributable, 1, cdn)}
                                    << "The layer stays behind when this image is copied with skopeo.";
        QTest::newRow("all of them") << words("oras") << QList{group(Marking::NonDistributable, 3, cdn)}
                                     << "All 3 layers stay behind when this image is copied with oras.";
        QTest::newRow("one of many") << words("oras") << QList{group(Marking::NonDistributable, 1, cdn), seven}
                                     << "1 of 8 layers stays behind when this image is copied with oras.";
        QTest::newRow("nothing marked") << words("skopeo oras") << QList{seven}
                                        << "skopeo and oras upload all 7 layers.";
        QTest::newRow("nothing marked, one layer") << words("skopeo oras") << QList{group(Marking::Distributable, 1)}
                                                   << "The layer goes along with skopeo and oras.";
        QTest::newRow("half-marked") << words("skopeo oras") << QList{group(Marking::HalfMarked, 1, cdn), seven}
                                     << "1 of 8 layers stays behind when this image is copied with skopeo. oras "
                                        "uploads all 8 layers. oras never asks cdn.example and needs a registry that "
                                        "holds everything.";
        QTest::newRow("both versions of one client are the client")
            << words("containerd") << QList{two}
            << "containerd uploads all 2 layers. containerd asks cdn.example before the registry and does not fall "
               "back when it answers an error other than 404.";
        QTest::newRow("inferred is said")
            << words("podman@5.7") << QList{group(Marking::NonDistributable, 1, {}, Family::Oci)}
            << "The layer stays behind when this image is pushed with podman 5.7 and later "
               "(inferred).";
        QTest::newRow("never falls back")
            << words("podman@5.7") << QList{two}
            << "All 2 layers stay behind when this image is pushed with podman 5.7 and later (inferred). podman 5.7 "
               "and "
               "later asks cdn.example before the registry and never turns to the registry when that fails.";
        QTest::newRow("falls back where nothing answers")
            << words("podman@4.9") << QList{group(Marking::NonDistributable, 2, cdn, Family::Oci)}
            << "podman 4 uploads all 2 layers. podman 4 asks cdn.example before the registry and turns to the registry "
               "only where nothing answers there.";
        QTest::newRow("two hosts") << words("docker-linux")
                                   << QList{group(Marking::NonDistributable, 1, words("a.example b.example"))}
                                   << "The layer goes along with Docker on Linux. Docker on Linux never asks a.example "
                                      "and b.example and needs a registry that holds everything.";
        QTest::newRow("three hosts")
            << words("docker-linux")
            << QList{group(Marking::NonDistributable, 1, words("a.example b.example c.example"))}
            << "The layer goes along with Docker on Linux. Docker on Linux never asks a.example and 2 other hosts and "
               "needs a registry that holds everything.";
        QTest::newRow("not known") << words("skopeo@0.1") << QList{two}
                                   << "What skopeo 0.1 would do with it is not known.";
        QTest::newRow("nobody") << QStringList() << QList{two} << "";
        QTest::newRow("nothing") << words("skopeo") << QList<LayerGroup>() << "";
    }
    void saysWhatBecomesOfAnImage()
    {
        QFETCH(QStringList, clients);
        QFETCH(QList<LayerGroup>, groups);
        QFETCH(QString, text);
        QCOMPARE(summary(clients, groups).join(u' '), text);
    }
};

QTEST_GUILESS_MAIN(TestSummary)
#include "tst_summary.moc"
