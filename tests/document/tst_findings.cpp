// SPDX-License-Identifier: Apache-2.0
#include "document/findings.h"
#include "support/imagegen/imagebuilder.h"

#include <QTest>

using namespace colophon;
using document::DerivedImage;
using document::EditSet;
using document::Finding;
using document::ImageNode;
using document::ImageTree;
using document::NodePath;
using document::SetMarking;
using Code = Finding::Code;
using Severity = Finding::Severity;

namespace {
QString s(const char *text) { return QString::fromUtf8(text); }
NodePath at(const char *text) { return *NodePath::parse(s(text)); }
const QStringList x{QStringLiteral("https://x.example/x")};
const QStringList y{QStringLiteral("https://y.example/y")};

test::LayerSpec halfMarked(const QByteArray &content, const QStringList &urls)
{
    return {content, test::ordinary(content).type, urls};
}

// "half-marked warn /layers/0", in order.
QStringList brief(const QList<Finding> &findings)
{
    QStringList all;
    for (const Finding &finding : findings)
        all.append(document::nameOf(finding.code) + u' ' + document::nameOf(finding.severity) + u' ' +
                   finding.path.toString());
    return all;
}

ImageTree single(const QList<test::LayerSpec> &layers)
{
    test::ImageBuilder builder;
    return builder.tree(builder.manifest(layers));
}

ImageTree repaired(const ImageTree &tree, const Finding &finding)
{
    const base::Result<DerivedImage> derived = document::apply(tree, EditSet().with(finding.repair));
    return derived ? derived->tree : ImageTree();
}
} // namespace

class TestFindings : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void namesAreStable();
    void aSoundImageHasNone();
    void halfMarkedIsMarkedWhole();
    void addressesLeftByAnUnmarkingGo();
    void mixedFamiliesBecomeOne();
    void unfetchableIsMadeDistributable();
    void unfetchableTakesTheAddressesOfItsTwin();
    void partialMarkingBlocks_data();
    void partialMarkingBlocks();
    void repairsReachOnlyWhereEditsMay();
    void noPairIsToldOnceAType();
    void notEditable();
    void schema1();
    void layerCount();
    void platformMismatch_data();
    void platformMismatch();
    void whatBlocksComesFirst();
    void anEditBringsItsOwn();
    void anEditOfADescribedChild();
    void noEditBringsNothing();
    void everyRepairMends();
    void allRepairsMendTogether();
};

void TestFindings::namesAreStable()
{
    QStringList names;
    for (int code = 0; code <= static_cast<int>(Code::Background); ++code)
        names.append(document::nameOf(static_cast<Code>(code)));
    QCOMPARE(names.join(u' '),
             s("half-marked unfetchable partial-marking not-editable no-pair attestation signatures-stale "
               "schema1 layer-count-mismatch platform-mismatch marking-is-advice annotations-ignored urls-left "
               "mixed-families marking-not-known registry-accepts registry-refuses registry-not-known disconnected "
               "addresses-ignored background"));
    QCOMPARE(document::nameOf(Severity::Inform), s("inform"));
    QCOMPARE(document::nameOf(Severity::Warn), s("warn"));
    QCOMPARE(document::nameOf(Severity::Block), s("block"));
}

void TestFindings::aSoundImageHasNone()
{
    QVERIFY(document::findingsOf(ImageTree()).isEmpty());
    QVERIFY(document::findingsOf(single({})).isEmpty());
    const ImageTree tree = single({test::ordinary("a"), test::foreign("b", x), test::ordinary("a")});
    QVERIFY2(document::findingsOf(tree).isEmpty(), qPrintable(brief(document::findingsOf(tree)).join(u' ')));
}

void TestFindings::halfMarkedIsMarkedWhole()
{
    const ImageTree tree = single({test::ordinary("a"), halfMarked("b", x), test::ordinary("b")});
    const QList<Finding> findings = document::findingsOf(tree);
    QCOMPARE(brief(findings), QStringList(s("half-marked warn /layers/1")));
    QCOMPARE(findings[0].message,
             s("Layer 1 is half-marked: its type is an ordinary one, but it has addresses. Some clients skip it, "
               "others do not. "
               "The same content is layer 2. Make it non-distributable, which keeps its addresses, or remove them."));
    QCOMPARE(findings[0].repair,
             (QList<document::Edit>{SetMarking{at("/layers/1"), true, x}, SetMarking{at("/layers/2"), true, x}}));
    QVERIFY(document::findingsOf(repaired(tree, findings[0])).isEmpty());
    // Or its addresses go.
    QCOMPARE(findings[0].otherRepair, QList<document::Edit>{(SetMarking{at("/layers/1"), false, {}})});
    const auto without = document::apply(tree, EditSet().with(findings[0].otherRepair));
    QVERIFY(without && document::findingsOf(without->tree).isEmpty());
    QVERIFY(without->tree.descriptor(at("/layers/1"))->urls.isEmpty());
}

void TestFindings::addressesLeftByAnUnmarkingGo()
{
    const ImageTree tree = single({test::foreign("a", x), test::ordinary("b")});
    const auto unmarked = document::apply(tree, EditSet().with(SetMarking{at("/layers/0"), false, x}));
    const QList<Finding> findings = document::findingsOf(tree, *unmarked);
    QCOMPARE(brief(findings), (QStringList{s("urls-left warn /layers/0"), s("signatures-stale inform /")}));
    QCOMPARE(findings[0].message,
             s("Layer 0 was made distributable, but keeps its addresses: clients that look at them first still fetch "
               "it there, and some leave it behind. Remove them."));
    const auto mended =
        document::apply(tree, EditSet().with(SetMarking{at("/layers/0"), false, x}).with(findings[0].repair));
    QVERIFY(mended);
    QCOMPARE(mended->tree.descriptor(at("/layers/0"))->marking(), oci::Marking::Distributable);
    QVERIFY(mended->tree.descriptor(at("/layers/0"))->urls.isEmpty());
    QCOMPARE(brief(document::findingsOf(tree, *mended)), QStringList(s("signatures-stale inform /")));
}

void TestFindings::mixedFamiliesBecomeOne()
{
    const QString docker = s("application/vnd.docker.image.rootfs.foreign.diff.tar.gzip");
    const ImageTree tree = single({test::ordinary("a"), {"b", docker, x}});
    const QList<Finding> findings = document::findingsOf(tree);
    QCOMPARE(brief(findings), QStringList(s("mixed-families warn /layers/1")));
    QCOMPARE(findings[0].message,
             s("Layer 1 has a type of Docker's format, but its manifest is in the OCI format. Registries and clients "
               "look for marked layers by the types of the manifest's own format and may overlook it. Bring all of it "
               "into one format."));
    const ImageTree mended = repaired(tree, findings[0]);
    QCOMPARE(mended.descriptor(at("/layers/1"))->mediaType.toString(),
             s("application/vnd.oci.image.layer.nondistributable.v1.tar+gzip"));
    QCOMPARE(mended.descriptor(at("/layers/1"))->urls, x);
    QVERIFY(document::findingsOf(mended).isEmpty());
    // Where nothing may be edited nothing is offered.
    test::ImageBuilder builder;
    const ImageTree bad = builder.tree(builder.manifest({{"b", docker, x}}, s("linux/amd64"), -1, R"("x":1,"x":2,)"));
    QCOMPARE(brief(document::findingsOf(bad)),
             (QStringList{s("not-editable warn /"), s("mixed-families warn /layers/0")}));
    QVERIFY(document::findingsOf(bad)[1].repair.isEmpty());
}

void TestFindings::unfetchableIsMadeDistributable()
{
    const ImageTree tree = single({test::foreign("a")});
    const QList<Finding> findings = document::findingsOf(tree);
    QCOMPARE(brief(findings), QStringList(s("unfetchable warn /layers/0")));
    QCOMPARE(findings[0].message,
             s("Layer 0 is unfetchable: it is non-distributable, but has no address to fetch it from. Add an "
               "address, or make it distributable."));
    QCOMPARE(findings[0].repair, QList<document::Edit>{(SetMarking{at("/layers/0"), false, {}})});
    QVERIFY(document::findingsOf(repaired(tree, findings[0])).isEmpty());
}

void TestFindings::unfetchableTakesTheAddressesOfItsTwin()
{
    const ImageTree tree = single({test::foreign("a"), test::foreign("a", x)});
    const QList<Finding> findings = document::findingsOf(tree);
    QCOMPARE(brief(findings), QStringList(s("unfetchable warn /layers/0")));
    QVERIFY(findings[0].message.contains(s("The same content has addresses as layer 1")));
    const ImageTree mended = repaired(tree, findings[0]);
    QCOMPARE(mended.descriptor(at("/layers/0"))->urls, x);
    QVERIFY(document::findingsOf(mended).isEmpty());
}

void TestFindings::partialMarkingBlocks_data()
{
    QTest::addColumn<QList<int>>("kinds"); // 0 ordinary, 1 foreign with x, 2 foreign without, 3 half-marked with y
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("marking");
    QTest::addColumn<QStringList>("urls");
    QTest::newRow("marked and not") << QList<int>{0, 1} << s("/layers/0") << s("non-distributable") << x;
    QTest::newRow("not and marked") << QList<int>{1, 0} << s("/layers/1") << s("non-distributable") << x;
    QTest::newRow("half and marked") << QList<int>{3, 1} << s("/layers/0") << s("non-distributable") << x;
    QTest::newRow("half and unfetchable") << QList<int>{2, 3} << s("/layers/1") << s("non-distributable") << y;
    // Nobody has an address: marking all of them would make all of them unfetchable.
    QTest::newRow("not and unfetchable") << QList<int>{2, 0} << s("/layers/1") << s("distributable") << QStringList();
    QTest::newRow("all kinds") << QList<int>{2, 0, 3, 1} << s("/layers/1") << s("non-distributable") << x;
}

void TestFindings::partialMarkingBlocks()
{
    QFETCH(QList<int>, kinds);
    QFETCH(QString, path);
    QFETCH(QString, marking);
    QFETCH(QStringList, urls);
    const QList<test::LayerSpec> specs{test::ordinary("a"), test::foreign("a", x), test::foreign("a"),
                                       halfMarked("a", y)};
    QList<test::LayerSpec> layers;
    for (const int kind : kinds)
        layers.append(specs[kind]);
    const ImageTree tree = single(layers);
    const QList<Finding> findings = document::findingsOf(tree);
    QCOMPARE(brief(findings), QStringList(s("partial-marking block ") + path));
    QVERIFY(findings[0].message.contains(s("One ordinary place is enough for clients to upload it")));
    const ImageTree mended = repaired(tree, findings[0]);
    QVERIFY(document::findingsOf(mended).isEmpty());
    for (const NodePath &layer : mended.layers()) {
        QCOMPARE(oci::nameOf(mended.descriptor(layer)->marking()), marking);
        QCOMPARE(mended.descriptor(layer)->urls, urls);
    }
}

void TestFindings::repairsReachOnlyWhereEditsMay()
{
    test::ImageBuilder builder;
    const oci::Descriptor good = builder.manifest({test::foreign("a"), halfMarked("b", x)});
    const oci::Descriptor bad = builder.manifest({test::foreign("a")}, s("linux/arm64"), -1, R"("x":1,"x":2,)");
    const QList<Finding> findings = document::findingsOf(builder.tree(builder.index({good, bad})));
    QCOMPARE(brief(findings),
             (QStringList{s("not-editable warn /manifests/1"), s("unfetchable warn /manifests/0/layers/0"),
                          s("half-marked warn /manifests/0/layers/1")}));
    QVERIFY(findings[1].repair.isEmpty());
    QVERIFY(!findings[2].repair.isEmpty());
    // An ambiguous index takes every repair away.
    for (const Finding &finding : document::findingsOf(builder.tree(builder.index({good}, R"("x":1,"x":2,)"))))
        QVERIFY(finding.repair.isEmpty());
    // So does a place whose type has no pair.
    const QString zstd = s("application/vnd.docker.image.rootfs.diff.tar.zstd");
    const QList<Finding> mixed = document::findingsOf(single({test::foreign("a", x), test::typed("a", zstd)}));
    QCOMPARE(brief(mixed), (QStringList{s("partial-marking block /layers/1"), s("mixed-families warn /layers/1"),
                                        s("no-pair inform /layers/1")}));
    QCOMPARE(mixed[0].repair, QList<document::Edit>{(SetMarking{at("/layers/0"), false, {}})});
}

void TestFindings::noPairIsToldOnceAType()
{
    const QString helm = s("application/vnd.cncf.helm.chart.content.v1.tar+gzip");
    const ImageTree one = single({test::typed("a", helm)});
    QCOMPARE(document::findingsOf(one)[0].message, s("The marking of layer 0 cannot be changed: its type "
                                                     "application/vnd.cncf.helm.chart.content.v1.tar+gzip has no "
                                                     "non-distributable counterpart."));
    const ImageTree many =
        single({test::ordinary("z"), test::typed("a", helm), test::typed("b", helm), test::typed("c", s("x/y"))});
    const QList<Finding> findings = document::findingsOf(many);
    QCOMPARE(brief(findings), (QStringList{s("no-pair inform /layers/1"), s("no-pair inform /layers/3")}));
    QVERIFY(findings[0].message.startsWith(
        s("The marking of 2 layers cannot be changed: their type application/vnd.cncf")));
}

void TestFindings::notEditable()
{
    test::ImageBuilder builder;
    const ImageTree tree = builder.tree(builder.manifest({}, s("linux/amd64"), -1, R"("x":1,"x":2,)"));
    const QList<Finding> findings = document::findingsOf(tree);
    QCOMPARE(brief(findings), QStringList(s("not-editable warn /")));
    QCOMPARE(findings[0].message, s("The image may be viewed but not edited, because readers may understand it "
                                    "differently. /x occurs twice; programs disagree about which one counts."));
    // A name is told once however often it occurs, and of many names the first.
    const auto messageFor = [&builder](const char *members) {
        return document::findingsOf(builder.tree(builder.manifest({}, s("linux/amd64"), -1, members)))[0].message;
    };
    QCOMPARE(messageFor(R"("x":1,"x":2,"x":3,)"), findings[0].message);
    QCOMPARE(messageFor(R"("x":1,"x":2,"x":3,"y":1,"y":2,)"),
             s("The image may be viewed but not edited, because readers may understand it differently. "
               "/x occurs twice; programs disagree about which one counts. "
               "/y occurs twice; programs disagree about which one counts."));
    QVERIFY(messageFor(R"("a":1,"b":1,"c":1,"d":1,"a":1,"b":1,"c":1,"d":1,)")
                .endsWith(s("/c occurs twice; programs disagree about which one counts. "
                            "There is more of this kind: 4 in all.")));
}

void TestFindings::schema1()
{
    ImageNode node;
    node.descriptor.mediaType = oci::MediaType(s("application/vnd.docker.distribution.manifest.v1+prettyjws"));
    const QList<Finding> findings = document::findingsOf(ImageTree(node));
    QCOMPARE(brief(findings), QStringList(s("schema1 warn /")));
}

void TestFindings::layerCount()
{
    test::ImageBuilder builder;
    const ImageTree tree =
        builder.tree(builder.manifest({test::ordinary("a"), test::ordinary("b")}, s("linux/amd64"), 3));
    const QList<Finding> findings = document::findingsOf(tree);
    QCOMPARE(brief(findings), QStringList(s("layer-count-mismatch warn /")));
    QCOMPARE(findings[0].message,
             s("The image has 2 layers, but its config describes 3. Clients refuse to unpack such an image."));
}

void TestFindings::platformMismatch_data()
{
    QTest::addColumn<QString>("config");
    QTest::addColumn<QString>("entry");
    QTest::addColumn<bool>("isFound");
    const auto row = [](const char *config, const char *entry, bool isFound) {
        QTest::addRow("%s %s", config, entry) << s(config) << s(entry) << isFound;
    };
    row("linux/amd64", "linux/amd64", false);
    row("linux/amd64", "linux/arm64", true);
    row("linux/amd64", "windows/amd64", true);
    row("linux/arm/v7", "linux/arm", false); // details may be left out
    row("linux/arm", "linux/arm/v7", false);
    row("linux/arm/v7", "linux/arm/v6", true);
    row("windows(10.0.17763.1)/amd64", "windows/amd64", false);
    row("windows(10.0.17763.1)/amd64", "windows(10.0.20348.1)/amd64", true);
}

void TestFindings::platformMismatch()
{
    QFETCH(QString, config);
    QFETCH(QString, entry);
    QFETCH(bool, isFound);
    test::ImageBuilder builder;
    oci::Descriptor child = builder.manifest({}, config);
    child.platform = *oci::Platform::parse(entry);
    const QList<Finding> findings = document::findingsOf(builder.tree(builder.index({child})));
    QCOMPARE(brief(findings), isFound ? QStringList(s("platform-mismatch warn /manifests/0")) : QStringList());
    if (isFound)
        QCOMPARE(findings[0].message,
                 s("The index says %1, but the config of this manifest says %2.").arg(entry, config));
}

void TestFindings::whatBlocksComesFirst()
{
    const ImageTree tree =
        single({test::typed("z", s("x/y")), test::foreign("u"), test::ordinary("a"), test::foreign("a", x)});
    QCOMPARE(brief(document::findingsOf(tree)),
             (QStringList{s("partial-marking block /layers/2"), s("unfetchable warn /layers/1"),
                          s("no-pair inform /layers/0")}));
}

void TestFindings::anEditBringsItsOwn()
{
    const ImageTree tree = single({test::ordinary("a"), test::foreign("b", x)});
    const auto marked = document::apply(tree, EditSet().with(SetMarking{at("/layers/0"), true, y}));
    const QList<Finding> findings = document::findingsOf(tree, *marked);
    QCOMPARE(brief(findings), (QStringList{s("signatures-stale inform /"), s("marking-is-advice inform /layers/0")}));
    QCOMPARE(findings[0].message,
             s("This edit gives the image a new digest. Signatures made for %1 stay with it; sign again before "
               "customers verify.")
                 .arg(tree.root().descriptor.digest.shortForm()));
    QVERIFY(findings[1].message.startsWith(s("Marking a layer is a request to tools, not a lock: anyone who knows the "
                                             "address can download it. Use permissions on the "
                                             "registry, or encryption, to keep it private.")));
    QCOMPARE(findings[1].link, s("https://github.com/containers/ocicrypt")); // how the latter is done
    // Neither unmarking nor another address marks anything anew.
    const auto unmarked = document::apply(tree, EditSet().with(SetMarking{at("/layers/1"), false, {}}));
    QCOMPARE(brief(document::findingsOf(tree, *unmarked)), QStringList(s("signatures-stale inform /")));
    const auto moved = document::apply(tree, EditSet().with(SetMarking{at("/layers/1"), true, y}));
    QCOMPARE(brief(document::findingsOf(tree, *moved)), QStringList(s("signatures-stale inform /")));
    // What the derived image has is told too.
    const auto emptied = document::apply(tree, EditSet().with(SetMarking{at("/layers/1"), true, {}}));
    QCOMPARE(brief(document::findingsOf(tree, *emptied)),
             (QStringList{s("unfetchable warn /layers/1"), s("signatures-stale inform /")}));
}

void TestFindings::anEditOfADescribedChild()
{
    test::ImageBuilder builder;
    const oci::Descriptor amd = builder.manifest({test::ordinary("a")});
    const oci::Descriptor arm = builder.manifest({test::ordinary("b")}, s("linux/arm64"));
    const ImageTree tree = builder.tree(builder.index({amd, arm, builder.attestation(amd), builder.attestation(arm)}));
    QVERIFY(document::findingsOf(tree).isEmpty());
    const auto derived = document::apply(tree, EditSet().with(SetMarking{at("/manifests/1/layers/0"), true, x}));
    const QList<Finding> findings = document::findingsOf(tree, *derived);
    QCOMPARE(brief(findings), (QStringList{s("attestation warn /manifests/3"), s("signatures-stale inform /"),
                                           s("marking-is-advice inform /manifests/1/layers/0")}));
    QCOMPARE(findings[0].message,
             s("The attestation of linux/arm64 (its SBOM or provenance) keeps naming %1. The edit makes that %2, so "
               "the attestation "
               "no longer finds its image.")
                 .arg(arm.digest.shortForm(), derived->tree.node(at("/manifests/1"))->descriptor.digest.shortForm()));
}

void TestFindings::noEditBringsNothing()
{
    const ImageTree tree = single({test::foreign("a")});
    QCOMPARE(document::findingsOf(tree, *document::apply(tree, EditSet())), document::findingsOf(tree));
}

// Over generated images: each repair, taken by itself, can be applied and removes its finding.
void TestFindings::everyRepairMends()
{
    QHash<Code, int> mended;
    for (std::uint32_t seed = 0; seed < 400; ++seed) {
        const ImageTree tree = test::treeOf(test::generatedImage(seed));
        for (const Finding &finding : document::findingsOf(tree)) {
            QVERIFY(!finding.message.isEmpty());
            if (finding.repair.isEmpty())
                continue;
            const auto derived = document::apply(tree, EditSet().with(finding.repair));
            QVERIFY2(derived, derived ? "" : qPrintable(derived.error().text()));
            const oci::Digest digest = tree.descriptor(finding.path)->digest;
            for (const Finding &left : document::findingsOf(derived->tree)) {
                const std::optional<oci::Descriptor> about = derived->tree.descriptor(left.path);
                QVERIFY2(left.repair.isEmpty() || about->digest != digest, qPrintable(left.message));
            }
            ++mended[finding.code];
        }
    }
    for (const Code code : {Code::HalfMarked, Code::Unfetchable, Code::PartialMarking})
        QVERIFY2(mended.value(code) > 10, qPrintable(document::nameOf(code)));
}

void TestFindings::allRepairsMendTogether()
{
    int mended = 0;
    for (std::uint32_t seed = 0; seed < 200; ++seed) {
        const ImageTree tree = test::treeOf(test::generatedImage(seed));
        const EditSet repairs = document::repairsOf(tree);
        const auto derived = document::apply(tree, repairs);
        QVERIFY2(derived, derived ? "" : qPrintable(derived.error().text()));
        for (const Finding &left : document::findingsOf(derived->tree))
            QVERIFY2(left.repair.isEmpty(), qPrintable(left.message));
        mended += !repairs.isEmpty();
    }
    QVERIFY(mended > 20);
    QVERIFY(document::repairsOf(ImageTree()).isEmpty());
    QVERIFY(document::repairsOf(single({test::ordinary("a"), test::foreign("b", x)})).isEmpty());
}

QTEST_GUILESS_MAIN(TestFindings)
#include "tst_findings.moc"
