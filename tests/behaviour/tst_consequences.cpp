// SPDX-License-Identifier: Apache-2.0
#include "behaviour/consequences.h"

#include <QTest>

using namespace colophon;
using namespace colophon::behaviour;
using Family = oci::MediaType::Family;
using oci::Marking;

namespace {
QStringList words(const char *text) { return QString::fromUtf8(text).split(u' ', Qt::SkipEmptyParts); }
QStringList idsOf(const QList<Line> &lines)
{
    QStringList ids;
    for (const Line &line : lines)
        ids << line.id();
    return ids;
}
oci::Descriptor layer(const QString &type, const QString &digit, const QStringList &urls = {})
{
    oci::Descriptor descriptor;
    descriptor.mediaType = oci::MediaType(type);
    descriptor.digest = oci::Digest::parse(QStringLiteral("sha256:") + digit.repeated(64)).value();
    descriptor.size = 10;
    descriptor.urls = urls;
    return descriptor;
}
const QString ordinary = QStringLiteral("application/vnd.docker.image.rootfs.diff.tar.gzip");
const QString foreign = QStringLiteral("application/vnd.docker.image.rootfs.foreign.diff.tar.gzip");
const LayerKind marked{Marking::NonDistributable, Family::Docker, QStringLiteral("gzip")};
} // namespace

class TestConsequences : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void whatWasRunIsSaidWithItsLayers()
    {
        Row row;
        QCOMPARE(runInWords(row), QString());
        row.executed = QStringList{QStringLiteral("1.9.3"), QStringLiteral("2.0")};
        QCOMPARE(runInWords(row), QStringLiteral("1.9.3, 2.0"));
        row.ran = QStringList{QStringLiteral("oci none"), QStringLiteral("docker gzip"), QStringLiteral("oci zstd")};
        QCOMPARE(runInWords(row), QStringLiteral("1.9.3, 2.0, with layers of Docker type (gzip) and OCI type "
                                                 "(uncompressed, zstd)"));
    }
    void theVersionsThatWereRunAreOfTheLine()
    {
        const auto known = [](const char *name) {
            const auto lines = linesNamed(Knowledge::shipped(), Party::Kind::Client, {QLatin1String(name)});
            return certaintyInWords(consequenceOf(Knowledge::shipped(), lines->first(), marked, Operation::Pull)->row);
        };
        QCOMPARE(known("containerd@1"), QStringLiteral("run with 1.6.20"));
        QCOMPARE(known("containerd@2"), QStringLiteral("run with 2.4.2"));
        QCOMPARE(known("docker-windows@27"), QStringLiteral("read in its source"));
    }
    // What was run with layers of one type is no surer for another than what was read.
    void oneConsequenceIsAsSureAsAllOfThem()
    {
        for (const Line &line : linesOf(Knowledge::shipped(), Party::Kind::Client))
            for (const LayerKind &kind : LayerKind::all())
                for (const Consequence &each : consequencesOf(Knowledge::shipped(), {line}, kind)) {
                    const auto one =
                        consequenceOf(Knowledge::shipped(), line, kind, each.row.operation, each.row.option);
                    QVERIFY(one);
                    QCOMPARE(one->row.certainty, each.row.certainty);
                    QCOMPARE(one->row.date, each.row.date);
                }
    }
    void namesMeanLines_data()
    {
        QTest::addColumn<QStringList>("names");
        QTest::addColumn<QStringList>("lines");
        QTest::newRow("a client") << words("oras") << words("oras/all");
        QTest::newRow("in any letters") << words("Oras") << words("oras/all");
        QTest::newRow("of a version") << words("docker-windows@27.5.1") << words("docker-windows/to-27");
        QTest::newRow("the first of a range") << words("docker-windows@28") << words("docker-windows/from-28");
        QTest::newRow("a product")
            << words("docker@28.1")
            << words("docker-linux/from-23 docker-windows/from-28 docker-containerd/all buildx-imagetools/all");
        QTest::newRow("a line") << words("ctr/1") << words("ctr/1");
        QTest::newRow("a line at a version") << words("ctr/1@1.7") << words("ctr/1");
        QTest::newRow("a line at a version of another") << words("ctr/1@2") << words("ctr/2");
        // What is given is the beginning of a version.
        QTest::newRow("every 4") << words("podman@4") << words("podman/to-4");
        QTest::newRow("every 5") << words("podman@5") << words("podman/5.0-to-5.6 podman/from-5.7");
        QTest::newRow("every 1 of several") << words("skopeo@1 containerd@1 ctr@1 oras@1 regctl@0.11")
                                            << words("skopeo/to-1.14 skopeo/from-1.15 containerd/1 ctr/1 oras/all "
                                                     "regctl/all");
        QTest::newRow("every 27") << words("docker@27")
                                  << words("docker-linux/from-23 docker-windows/to-27 docker-containerd/all "
                                           "buildx-imagetools/all");
        QTest::newRow("0.21") << words("crane@0.21") << words("crane/to-0.21.5 crane/from-0.21.6");
        QTest::newRow("0.21.5") << words("crane@0.21.5") << words("crane/to-0.21.5");
        QTest::newRow("0.21.6") << words("crane@v0.21.6") << words("crane/from-0.21.6");
        QTest::newRow("beside the range") << words("podman@4.2 regctl@0.1") << words("podman/ regctl/");
        QTest::newRow("twice is once") << words("oras ORAS") << words("oras/all");
        QTest::newRow("a version nobody looked at") << words("skopeo@0.1") << words("skopeo/");
    }
    void namesMeanLines()
    {
        QFETCH(QStringList, names);
        QFETCH(QStringList, lines);
        const auto found = linesNamed(Knowledge::shipped(), Party::Kind::Client, names);
        QVERIFY2(found, found ? "" : qPrintable(found.error().text()));
        QStringList ids = idsOf(*found);
        ids.sort();
        lines.sort();
        QCOMPARE(ids, lines);
    }
    void unknownNamesSayWhoIsKnown()
    {
        for (const QString &name : {QStringLiteral("frobnicate"), QStringLiteral("skopeo@new"), QString()}) {
            const auto found = linesNamed(Knowledge::shipped(), Party::Kind::Client, {name});
            QVERIFY(!found);
            QCOMPARE(found.error().kind, base::ErrorKind::Usage);
        }
        const auto found = linesNamed(Knowledge::shipped(), Party::Kind::Client, {QStringLiteral("zot")});
        QVERIFY(!found);
        QVERIFY(found.error().hint.contains(u"skopeo"));
        QVERIFY(linesNamed(Knowledge::shipped(), Party::Kind::Registry, {QStringLiteral("zot")}));
    }
    void whatWasRememberedMayBeOlderThanTheData()
    {
        const QStringList ids{QStringLiteral("oras/all"), QStringLiteral("gone/all"), QStringLiteral("skopeo/all")};
        QCOMPARE(idsOf(linesWithIds(Knowledge::shipped(), Party::Kind::Client, ids)),
                 QStringList{QStringLiteral("oras/all")});
    }

    void versionsDiffer()
    {
        const Knowledge knowledge = Knowledge::shipped();
        const auto outcome = [&](const QString &name, Operation operation, const QString &option = {}) {
            const auto lines = linesNamed(knowledge, Party::Kind::Client, {name});
            const auto found = consequenceOf(knowledge, lines->first(), marked, operation, option);
            return found ? found->row.outcome : Outcome::Fails;
        };
        QCOMPARE(outcome(QStringLiteral("docker-windows@27.9"), Operation::Push), Outcome::LeavesBehind);
        QCOMPARE(outcome(QStringLiteral("docker-windows@28.0"), Operation::Push), Outcome::Uploads);
        QCOMPARE(outcome(QStringLiteral("ctr@1.7.29"), Operation::Push), Outcome::LeavesBehind);
        QCOMPARE(outcome(QStringLiteral("ctr@2.0.0"), Operation::Push), Outcome::Uploads);
        QCOMPARE(outcome(QStringLiteral("ctr@2.0.0"), Operation::Push, QStringLiteral("--local")),
                 Outcome::LeavesBehind);
    }
    void everyClientAnswersForEveryKind()
    {
        const Knowledge knowledge = Knowledge::shipped();
        for (const Party::Kind who : {Party::Kind::Client, Party::Kind::Registry}) {
            for (const Line &line : linesOf(knowledge, who)) {
                for (const LayerKind &kind : LayerKind::all()) {
                    const auto all = consequencesOf(knowledge, {line}, kind);
                    QVERIFY2(!all.isEmpty(), qPrintable(line.id()));
                    QCOMPARE(all.first().row.option, QString()); // as it comes, first
                }
            }
        }
    }
    void aVersionNobodyLookedAtIsNotKnown()
    {
        const Knowledge knowledge = Knowledge::shipped();
        const auto lines = linesNamed(knowledge, Party::Kind::Client, {QStringLiteral("skopeo@0.1")});
        const auto all = consequencesOf(knowledge, *lines, marked);
        QCOMPARE(all.size(), 3); // copy, save and replicate
        for (const Consequence &each : all) {
            QCOMPARE(each.row.outcome, Outcome::NotKnown);
            QCOMPARE(each.row.certainty, Certainty::Unknown);
            QVERIFY(each.row.sentence.contains(u"skopeo 0.1"));
        }
    }
    // Nothing is shown as run that was not, with a layer of this very type.
    void aRunSpeaksForItsLayersOnly()
    {
        const Knowledge knowledge = Knowledge::shipped();
        int run = 0;
        int otherwise = 0; // known of the same row in another way
        QList<LayerKind> kinds = LayerKind::all();
        kinds.append({Marking::Distributable, Family::Other, QStringLiteral("gzip")});
        for (const LayerKind &kind : std::as_const(kinds)) {
            for (const Party::Kind who : {Party::Kind::Client, Party::Kind::Registry}) {
                for (const Consequence &each : consequencesOf(knowledge, linesOf(knowledge, who), kind)) {
                    const bool isRun = each.row.certainty == Certainty::Executed;
                    QCOMPARE(isRun, each.row.ran.contains(kind.content()));
                    QCOMPARE(isRun, !each.row.executed.isEmpty());
                    run += isRun;
                    otherwise += !isRun && each.row.otherwise == each.row.certainty;
                }
            }
        }
        QVERIFY(run > 500 && otherwise > 0);
    }
    void whatIsLessThanReadSaysSo()
    {
        Row row;
        row.certainty = Certainty::Executed;
        QCOMPARE(row.caveat(), QString());
        row.certainty = Certainty::Inferred;
        QCOMPARE(row.caveat(), QStringLiteral("inferred"));
        row.certainty = Certainty::Documented;
        row.date = QStringLiteral("2021-08");
        QCOMPARE(row.caveat(), QStringLiteral("reported in August 2021"));
    }

    void layersAreGroupedByKind()
    {
        const QStringList urls{QStringLiteral("https://cdn.example/a"), QStringLiteral("ftp://old.example/a"),
                               QStringLiteral("https://dl.example/a")};
        const QList<oci::Descriptor> before{layer(ordinary, QStringLiteral("1")), layer(ordinary, QStringLiteral("2")),
                                            layer(ordinary, QStringLiteral("2")), layer(ordinary, QStringLiteral("3"))};
        QList<oci::Descriptor> after = before;
        after[3] = layer(foreign, QStringLiteral("3"), urls);
        const QList<LayerGroup> groups = groupsOf(before, after);
        QCOMPARE(groups.size(), 2);
        QVERIFY(groups[0].isChanged()); // what is marked comes first
        QCOMPARE(groups[0].after, marked);
        QCOMPARE(groups[0].layers(), 1);
        QCOMPARE(groups[0].hosts, (QStringList{QStringLiteral("cdn.example"), QStringLiteral("dl.example")}));
        QVERIFY(!groups[1].isChanged());
        QCOMPARE(groups[1].layers(), 2); // the same content twice is one layer
    }
    void manyLayersAreFewGroups()
    {
        QList<oci::Descriptor> layers;
        for (int i = 0; i < 10'000; ++i)
            layers.append(layer(i % 3 ? ordinary : foreign, QString::number(i % 9 + 1),
                                i % 3 ? QStringList() : QStringList{QStringLiteral("https://cdn.example/")}));
        QCOMPARE(groupsOf(layers, layers).size(), 2);
    }
};

QTEST_GUILESS_MAIN(TestConsequences)
#include "tst_consequences.moc"
