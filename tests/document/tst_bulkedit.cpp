// SPDX-License-Identifier: Apache-2.0
// Annotations, a change of family, removed platforms and the layers of a base image: one case each; what the generated
// images say is in tst_bulkproperty.
#include "document/baselayers.h"
#include "document/edit.h"
#include "document/findings.h"
#include "support/imagegen/imagebuilder.h"

#include <nlohmann/json.hpp>

#include <QTest>

using namespace colophon;
using document::Edit;
using document::EditSet;
using document::ImageNode;
using document::ImageTree;
using document::NodePath;
using document::RemovePlatform;
using document::SetAnnotation;
using document::SetFamily;
using document::SetMarking;
using Family = oci::MediaType::Family;
using Where = SetAnnotation::Where;

namespace {
const QStringList address{QStringLiteral("https://dl.example/a")};

NodePath at(const char *text) { return *NodePath::parse(QString::fromLatin1(text)); }

SetAnnotation annotate(const char *place, Where where, const char *value = "v")
{
    return {at(place), where, QStringLiteral("org.example.n"),
            value ? std::optional(QString::fromLatin1(value)) : std::nullopt};
}

nlohmann::json read(const QByteArray &bytes) { return nlohmann::json::parse(bytes.constBegin(), bytes.constEnd()); }

QString text(const nlohmann::json &value) { return QString::fromStdString(value.get<std::string>()); }

struct Image
{
    test::ImageBuilder builder;
    oci::Descriptor amd = builder.manifest({test::ordinary("a"), test::ordinary("b")});
    oci::Descriptor arm =
        builder.manifest({test::ordinary("a"), test::foreign("c", address)}, QStringLiteral("linux/arm64"));
    oci::Descriptor attestation = builder.attestation(amd);
    ImageTree plain = builder.tree(builder.index({amd, arm}));
    ImageTree tree = builder.tree(builder.index({amd, arm, attestation}));
};

QString refusal(const ImageTree &tree, const QList<Edit> &edits)
{
    const auto derived = document::apply(tree, EditSet().with(edits));
    return derived ? QString() : derived.error().text();
}

bool has(const QList<document::Finding> &findings, document::Finding::Code code)
{
    return std::any_of(findings.begin(), findings.end(), [&](const auto &each) { return each.code == code; });
}
} // namespace

class TestBulkEdit : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void annotatesWhatIsMeant();
    void annotationsAreReplacedByName();
    void annotationsThatAreThereChangeNothing();
    void refusesAnnotations_data();
    void refusesAnnotations();
    void becomesDockersAndOcisAgain();
    void theOuterFamilyReplacesTheInner();
    void whatIsOfTheFamilyAlreadyIsNoChange();
    void namesWhatDockerDoesNotHave();
    void aConvertedTypeMayBeMarked();
    void removesAPlatformAndItsAttestation();
    void keepsAnAttestationOfWhatIsKept();
    void positionsStay();
    void refusesRemovals();
    void aRemovedNestedIndexGoesWhole();
    void theLayersOfABase();
    void theBaseCompressedAnew();
    void notOnTheBase();
    void probingNeedsNoPair();
    void nestedFourDeep();
    void schema1IsRefusedByName();
};

void TestBulkEdit::annotatesWhatIsMeant()
{
    const Image image;
    const auto derived = document::apply(
        image.tree,
        EditSet().with(QList<Edit>{annotate("/", Where::Document, "1"), annotate("/manifests/0", Where::Document, "2"),
                                   annotate("/manifests/0", Where::Descriptor, "3"),
                                   annotate("/manifests/1", Where::Descriptor, "4"),
                                   annotate("/manifests/1/layers/0", Where::Descriptor, "5"),
                                   annotate("/manifests/1/config", Where::Descriptor, "6")}));
    QVERIFY2(derived, qPrintable(derived ? QString() : derived.error().text()));
    const auto root = read(derived->tree.root().bytes());
    const auto value = [](const nlohmann::json &object) { return text(object["annotations"]["org.example.n"]); };
    QCOMPARE(value(root), QStringLiteral("1"));
    QCOMPARE(value(root["manifests"][0]), QStringLiteral("3"));
    QCOMPARE(value(root["manifests"][1]), QStringLiteral("4"));
    const auto amd = read(derived->tree.node(at("/manifests/0"))->bytes());
    const auto arm = read(derived->tree.node(at("/manifests/1"))->bytes());
    QCOMPARE(value(amd), QStringLiteral("2"));
    QCOMPARE(value(arm["layers"][0]), QStringLiteral("5"));
    QCOMPARE(value(arm["config"]), QStringLiteral("6"));
    QVERIFY(!arm.contains("annotations"));
    QCOMPARE(derived->changes.size(), 3);
    QCOMPARE(derived->tree.node(at("/manifests/1"))->descriptor.annotations.size(), 1);
}

void TestBulkEdit::annotationsAreReplacedByName()
{
    const SetAnnotation a = annotate("/", Where::Document, "1");
    SetAnnotation b = a;
    b.name = QStringLiteral("other");
    const SetAnnotation c = annotate("/manifests/0", Where::Descriptor);
    const SetAnnotation d = annotate("/manifests/0", Where::Document);
    const SetAnnotation again = annotate("/", Where::Document, "2");
    const EditSet edits = EditSet().with(QList<Edit>{a, b, c, d}).with(again);
    QCOMPARE(edits.edits(), (QList<Edit>{again, b, c, d}));
    QCOMPARE(edits.without(at("/manifests/0")).edits(), (QList<Edit>{again, b}));
}

void TestBulkEdit::annotationsThatAreThereChangeNothing()
{
    const Image image;
    const auto once = document::apply(image.plain, EditSet().with(annotate("/", Where::Document)));
    QVERIFY(once);
    QVERIFY(document::effective(once->tree, EditSet().with(annotate("/", Where::Document))).isEmpty());
    QVERIFY(document::effective(image.plain, EditSet().with(annotate("/", Where::Document, nullptr))).isEmpty());
    // Removed again by somebody who knows nothing of the first edit.
    const auto back = document::apply(once->tree, EditSet().with(annotate("/", Where::Document, nullptr)));
    QVERIFY(back);
    QCOMPARE(back->tree.root().bytes(), image.plain.root().bytes());
}

void TestBulkEdit::refusesAnnotations_data()
{
    QTest::addColumn<QString>("place");
    QTest::addColumn<bool>("document");
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("says");
    const auto row = [](const char *place, bool document, const char *name, const char *says) {
        QTest::addRow("%s %d %s", place, document, name)
            << QString::fromLatin1(place) << document << QString::fromLatin1(name) << QString::fromLatin1(says);
    };
    row("/", true, "", "needs a name");
    row("/", false, "n", "stands in no index");
    row("/manifests/7", true, "n", "no manifest or index");
    row("/manifests/0/layers/9", false, "n", "There is no layer 9");
    row("/manifests/0/layers/0", true, "n", "only where the manifest names it");
    row("/manifests/0/config", true, "n", "only where the manifest names it");
    row("/manifests/2", true, "n", "Attestations are not edited");
    row("/manifests/2/layers/0", false, "n", "Attestations are not edited");
    row("/manifests/2", false, "vnd.docker.reference.digest", "found by");
}
void TestBulkEdit::refusesAnnotations()
{
    QFETCH(QString, place);
    QFETCH(bool, document);
    QFETCH(QString, name);
    QFETCH(QString, says);
    const Image image;
    const SetAnnotation edit{*NodePath::parse(place), document ? Where::Document : Where::Descriptor, name,
                             QStringLiteral("v")};
    QVERIFY2(refusal(image.tree, {edit}).contains(says), qPrintable(refusal(image.tree, {edit})));
}

void TestBulkEdit::becomesDockersAndOcisAgain()
{
    const Image image;
    const Family own = image.plain.root().descriptor.mediaType.family();
    const Family other = own == Family::Docker ? Family::Oci : Family::Docker;
    const auto derived = document::apply(image.plain, EditSet().with(SetFamily{NodePath::root(), other}));
    QVERIFY2(derived, qPrintable(derived ? QString() : derived.error().text()));
    for (const NodePath &path : derived->tree.manifests()) {
        const ImageNode &node = *derived->tree.node(path);
        QCOMPARE(node.descriptor.mediaType.family(), other);
        QCOMPARE(text(read(node.bytes())["mediaType"]), node.descriptor.mediaType.toString());
        if (!node.manifest)
            continue;
        QCOMPARE(node.manifest->config().mediaType.family(), other);
        QCOMPARE(node.manifest->config().digest, image.plain.node(path)->manifest->config().digest);
        for (qsizetype i = 0; i < node.manifest->layers().size(); ++i) {
            const oci::Descriptor &layer = node.manifest->layers()[i];
            QCOMPARE(layer.mediaType.family(), other);
            QCOMPARE(layer.marking(), image.plain.node(path)->manifest->layers()[i].marking());
        }
    }
    QCOMPARE(derived->changes.size(), 3);
    const auto back = document::apply(derived->tree, EditSet().with(SetFamily{NodePath::root(), own}));
    QVERIFY(back);
    for (const NodePath &path : back->tree.manifests())
        QCOMPARE(back->tree.descriptor(path)->mediaType, image.plain.descriptor(path)->mediaType);
}

void TestBulkEdit::theOuterFamilyReplacesTheInner()
{
    const SetFamily inner{at("/manifests/0"), Family::Docker};
    const SetFamily outer{NodePath::root(), Family::Oci};
    QCOMPARE(EditSet().with(inner).with(outer).edits(), QList<Edit>{outer});
    QCOMPARE(EditSet().with(outer).with(inner).edits(), (QList<Edit>{outer, inner})); // the innermost holds
    const Image image;
    const auto derived = document::apply(image.plain, EditSet().with(QList<Edit>{outer, inner}));
    QVERIFY(derived);
    QCOMPARE(derived->tree.descriptor(at("/manifests/0"))->mediaType, oci::MediaType::dockerManifest());
    QCOMPARE(derived->tree.descriptor(at("/manifests/1"))->mediaType, oci::MediaType::ociManifest());
    QCOMPARE(derived->tree.root().descriptor.mediaType, oci::MediaType::ociIndex());
}

void TestBulkEdit::whatIsOfTheFamilyAlreadyIsNoChange()
{
    const Image image;
    const EditSet same = EditSet().with(SetFamily{NodePath::root(), image.plain.root().descriptor.mediaType.family()});
    const auto derived = document::apply(image.plain, same);
    QVERIFY(derived);
    QVERIFY(derived->changes.isEmpty());
    QVERIFY(document::effective(image.plain, same).isEmpty());
}

void TestBulkEdit::namesWhatDockerDoesNotHave()
{
    const QByteArray digest = oci::Digest::of("x").toLatin1();
    const auto manifest = [&](const QByteArray &layerType, const QByteArray &more) {
        const QByteArray bytes =
            R"({"schemaVersion":2,"config":{"mediaType":"application/vnd.oci.image.config.v1+json",)"
            R"("digest":")" +
            digest + R"(","size":1},"layers":[{"mediaType":")" + layerType + R"(","digest":")" + digest +
            R"(","size":1}])" + more + "}";
        oci::Descriptor named = oci::Descriptor::of(oci::MediaType::ociManifest(), bytes);
        return ImageTree(*ImageNode::read(named, bytes));
    };
    const QList<Edit> toDocker{SetFamily{NodePath::root(), Family::Docker}};
    const QByteArray gzip = "application/vnd.oci.image.layer.v1.tar+gzip";
    const QByteArray zstd = "application/vnd.oci.image.layer.nondistributable.v1.tar+zstd";
    QVERIFY(refusal(manifest(zstd, {}), toDocker).contains(QStringLiteral("layer 0 has type")));
    QVERIFY(refusal(manifest(zstd, {}), toDocker).contains(QString::fromLatin1(zstd)));
    QVERIFY(refusal(manifest(gzip, R"(,"artifactType":"x/y")"), toDocker).contains(QStringLiteral("artifactType")));
    QVERIFY(refusal(manifest(gzip, R"(,"subject":{"mediaType":"x/y","size":1,"digest":")" + digest + "\"}"), toDocker)
                .contains(QStringLiteral("subject")));
    // Docker's manifests must say what they are; what OCI left out comes in.
    const auto derived = document::apply(manifest(gzip, {}), EditSet().with(toDocker));
    QVERIFY(derived);
    QCOMPARE(text(read(derived->tree.root().bytes())["mediaType"]), oci::MediaType::dockerManifest().toString());
    const Image image;
    QVERIFY(refusal(image.tree, toDocker).contains(QStringLiteral("attestation")));
    const auto without =
        document::apply(image.tree, EditSet().with(QList<Edit>{toDocker.first(), RemovePlatform{at("/manifests/2")}}));
    QVERIFY2(without, qPrintable(without ? QString() : without.error().text()));
    const auto annotated = document::apply(
        image.plain, EditSet().with(QList<Edit>{toDocker.first(), annotate("/manifests/0", Where::Document)}));
    QVERIFY(annotated);
    QVERIFY(has(document::findingsOf(image.plain, *annotated), document::Finding::Code::AnnotationsIgnored));
    QVERIFY(!has(document::findingsOf(image.tree, *without), document::Finding::Code::AnnotationsIgnored));
}

// The order of the two edits is not what decides.
void TestBulkEdit::aConvertedTypeMayBeMarked()
{
    const Image image;
    const QList<Edit> edits{SetMarking{at("/manifests/0/layers/1"), true, address},
                            SetFamily{NodePath::root(), Family::Docker},
                            annotate("/manifests/0/layers/1", Where::Descriptor)};
    const auto derived = document::apply(image.plain, EditSet().with(edits));
    QVERIFY(derived);
    const oci::Descriptor layer = *derived->tree.descriptor(at("/manifests/0/layers/1"));
    QCOMPARE(layer.mediaType.toString(), QStringLiteral("application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"));
    QCOMPARE(layer.urls, address);
    QCOMPARE(layer.annotations.size(), 1);
}

void TestBulkEdit::removesAPlatformAndItsAttestation()
{
    const Image image;
    const auto derived = document::apply(image.tree, EditSet().with(RemovePlatform{at("/manifests/0")}));
    QVERIFY(derived);
    QCOMPARE(derived->removed, (QList<NodePath>{at("/manifests/0"), at("/manifests/2")}));
    QCOMPARE(derived->changes.size(), 1);
    const auto root = read(derived->tree.root().bytes());
    QCOMPARE(root["manifests"].size(), std::size_t(1));
    QCOMPARE(text(root["manifests"][0]["digest"]), image.arm.digest.toString());
    QCOMPARE(derived->tree.manifests(), (QList<NodePath>{NodePath::root(), at("/manifests/1")}));
    QVERIFY(!has(document::findingsOf(image.tree, *derived), document::Finding::Code::Attestation));
}

void TestBulkEdit::keepsAnAttestationOfWhatIsKept()
{
    Image image;
    const ImageTree twice =
        image.builder.tree(image.builder.index({image.amd, image.arm, image.attestation, image.amd}));
    const auto derived = document::apply(twice, EditSet().with(RemovePlatform{at("/manifests/0")}));
    QVERIFY(derived);
    QCOMPARE(derived->removed, QList<NodePath>{at("/manifests/0")});
}

void TestBulkEdit::positionsStay()
{
    const Image image;
    const auto derived = document::apply(
        image.tree, EditSet().with(QList<Edit>{RemovePlatform{at("/manifests/0")},
                                               SetMarking{at("/manifests/1/layers/0"), true, address},
                                               SetMarking{at("/manifests/0/layers/0"), true, address}}));
    QVERIFY(derived);
    const ImageTree &tree = derived->tree;
    QVERIFY(tree.isRemoved(at("/manifests/0")) && tree.isRemoved(at("/manifests/0/layers/1")));
    QVERIFY(tree.node(at("/manifests/0"))->isRemoved);
    QVERIFY(!tree.isRemoved(at("/manifests/1")) && !tree.isRemoved(NodePath::root()));
    QCOMPARE(tree.places().size(), 4);
    QCOMPARE(derived->writtenPath(at("/manifests/1/layers/0")), at("/manifests/0/layers/0"));
    QCOMPARE(derived->originalPath(at("/manifests/0/layers/0")), at("/manifests/1/layers/0"));
    QVERIFY(!derived->writtenPath(at("/manifests/0")) && !derived->originalPath(at("/manifests/1")));
    QVERIFY(!derived->writtenPath(at("/manifests/9")));
    QCOMPARE(tree.descriptor(at("/manifests/1/layers/0"))->urls, address);
    QCOMPARE(tree.node(at("/manifests/0"))->bytes(), image.tree.node(at("/manifests/0"))->bytes());
    QCOMPARE(tree.layersWithDigest(image.tree.descriptor(at("/manifests/1/layers/0"))->digest),
             QList<NodePath>{at("/manifests/1/layers/0")});
}

void TestBulkEdit::refusesRemovals()
{
    const Image image;
    QVERIFY(refusal(image.tree, {RemovePlatform{NodePath::root()}}).contains(QStringLiteral("Only an entry")));
    QVERIFY(refusal(image.tree, {RemovePlatform{at("/manifests/8")}}).contains(QStringLiteral("no manifest or index")));
    QVERIFY(refusal(image.tree, {RemovePlatform{at("/manifests/0/layers/0")}}).contains(QStringLiteral("no manifest")));
    QVERIFY(refusal(image.tree, {RemovePlatform{at("/manifests/0")}, RemovePlatform{at("/manifests/1")}})
                .contains(QStringLiteral("last entry")));
}

void TestBulkEdit::aRemovedNestedIndexGoesWhole()
{
    Image image;
    const oci::Descriptor nested = image.builder.index({image.amd, image.arm});
    const ImageTree tree = image.builder.tree(image.builder.index({nested, image.arm}));
    const auto derived =
        document::apply(tree, EditSet().with(QList<Edit>{RemovePlatform{at("/manifests/0")},
                                                         RemovePlatform{at("/manifests/0/manifests/1")},
                                                         SetFamily{NodePath::root(), Family::Docker}}));
    QVERIFY2(derived, qPrintable(derived ? QString() : derived.error().text())); // Docker cannot nest, but it is gone
    QCOMPARE(derived->removed, QList<NodePath>{at("/manifests/0")});
    QCOMPARE(derived->tree.images(), QList<NodePath>{at("/manifests/1")});
}

void TestBulkEdit::theLayersOfABase()
{
    test::ImageBuilder builder;
    const QString windows = QStringLiteral("windows(10.0.17763.1)/amd64");
    const oci::Descriptor amd = builder.manifest({test::ordinary("a"), test::ordinary("b"), test::ordinary("own")});
    const oci::Descriptor other = builder.manifest({test::ordinary("w"), test::ordinary("own2"), test::ordinary("a")},
                                                   QStringLiteral("windows(10.0.17763.9)/amd64"));
    const ImageTree tree = builder.tree(builder.index({amd, other}));
    const oci::Descriptor baseAmd = builder.manifest({test::ordinary("a"), test::ordinary("b")});
    const oci::Descriptor baseWindows = builder.manifest({test::ordinary("w"), test::ordinary("newer")}, windows);
    const ImageTree base = builder.tree(builder.index({baseAmd, baseWindows}));
    const auto selected = document::layersFromBase(tree, base);
    QVERIFY2(selected, qPrintable(selected ? QString() : selected.error().text()));
    QCOMPARE(selected->layers, (QList<NodePath>{at("/manifests/0/layers/0"), at("/manifests/0/layers/1"),
                                                at("/manifests/1/layers/0"), at("/manifests/1/layers/2")}));
    const QString notes = selected->notes.join(QLatin1Char('\n'));
    QVERIFY2(notes.contains(QStringLiteral("the first 1 of the base image's 2 layers")), qPrintable(notes));
    QVERIFY2(notes.contains(QStringLiteral("taken along")), qPrintable(notes));
    // Two selections together.
    const auto more = document::selectLayers(tree, {QStringLiteral("2")}, {});
    QVERIFY(more);
    QCOMPARE(document::united(*selected, *more).layers.size(), 5);
}

void TestBulkEdit::theBaseCompressedAnew()
{
    const auto imageOf = [](const QList<QByteArray> &layers, const QStringList &diffIds) {
        QByteArray list;
        for (const QByteArray &layer : layers) {
            list += (list.isEmpty() ? "" : ",") +
                    QByteArray(R"({"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","size":1,"digest":")") +
                    oci::Digest::of(layer).toLatin1() + "\"}";
        }
        const QByteArray bytes =
            R"({"schemaVersion":2,"config":{"mediaType":"application/vnd.oci.image.config.v1+json","size":1,"digest":")" +
            oci::Digest::of("c").toLatin1() + R"("},"layers":[)" + list + "]}";
        ImageNode node = *ImageNode::read(oci::Descriptor::of(oci::MediaType::ociManifest(), bytes), bytes);
        node.config = oci::ImageConfig();
        node.config->platform = {QStringLiteral("linux"), QStringLiteral("amd64"), {}, {}};
        node.config->diffIds = diffIds;
        return ImageTree(node);
    };
    const ImageTree image =
        imageOf({"a", "b+", "own"}, {QStringLiteral("A"), QStringLiteral("B"), QStringLiteral("O")});
    const ImageTree base = imageOf({"a", "b"}, {QStringLiteral("A"), QStringLiteral("B")});
    const auto selected = document::layersFromBase(image, base);
    QVERIFY(selected);
    QCOMPARE(selected->layers, (QList<NodePath>{at("/layers/0"), at("/layers/1")}));
    QVERIFY(selected->notes.join(QLatin1Char(' ')).contains(QStringLiteral("1 of the 2 layers")));
    // A config that speaks of another number of layers says nothing about which is which.
    const auto doubtful = document::layersFromBase(image, imageOf({"a", "b"}, {QStringLiteral("B")}));
    QVERIFY(doubtful);
    QCOMPARE(doubtful->layers, QList<NodePath>{at("/layers/0")});
}

void TestBulkEdit::notOnTheBase()
{
    test::ImageBuilder builder;
    const ImageTree image = builder.tree(builder.index({builder.manifest({test::ordinary("a")})}));
    const ImageTree other = builder.tree(builder.index({builder.manifest({test::ordinary("z"), test::ordinary("a")})}));
    const ImageTree arm =
        builder.tree(builder.index({builder.manifest({test::ordinary("a")}, QStringLiteral("linux/arm64"))}));
    QVERIFY(document::layersFromBase(image, other).error().text().contains(QStringLiteral("does not begin")));
    QVERIFY(document::layersFromBase(image, arm).error().text().contains(QStringLiteral("no platform like")));
}

void TestBulkEdit::probingNeedsNoPair()
{
    test::ImageBuilder builder;
    const QString odd = QStringLiteral("application/vnd.example.thing");
    const ImageTree tree =
        builder.tree(builder.index({builder.manifest({test::typed("t", odd), test::ordinary("a")}),
                                    builder.manifest({test::ordinary("a")}, QStringLiteral("linux/arm64"))}));
    QVERIFY(!document::selectLayers(tree, {QStringLiteral("0")}, {}));
    const auto layers = [&](const char *selector, const QList<oci::Platform> &platforms) {
        const auto selected =
            document::selectLayers(tree, {QString::fromLatin1(selector)}, platforms, document::Purpose::Probe);
        return selected && selected->notes.isEmpty() && selected->passedBy.isEmpty() ? selected->layers
                                                                                     : QList<NodePath>();
    };
    const oci::Platform amd{QStringLiteral("linux"), QStringLiteral("amd64"), {}, {}};
    QCOMPARE(layers("0", {amd}), QList<NodePath>{at("/manifests/0/layers/0")});
    QCOMPARE(layers("1", {amd}), QList<NodePath>{at("/manifests/0/layers/1")}); // and not the same content elsewhere
    QCOMPARE(layers("all", {}).size(), 3);
}

void TestBulkEdit::nestedFourDeep()
{
    test::ImageBuilder builder;
    oci::Descriptor inner = builder.index({builder.manifest({test::ordinary("a")}),
                                           builder.manifest({test::ordinary("b")}, QStringLiteral("linux/arm64"))});
    for (int depth = 0; depth < 3; ++depth)
        inner = builder.index({builder.manifest({test::ordinary("a")}), inner});
    const ImageTree tree = builder.tree(inner);
    const auto selection = document::selectLayers(tree, {QStringLiteral("all")}, {});
    QVERIFY(selection);
    QCOMPARE(selection->layers.size(), 5);
    const auto edits = document::markingEdits(
        tree, selection->layers, true, [](const oci::Descriptor &) { return base::Result<QStringList>(address); });
    QVERIFY(edits);
    const NodePath deepest = at("/manifests/1/manifests/1/manifests/1/manifests/1");
    const auto derived = document::apply(tree, EditSet().with(*edits).with(RemovePlatform{deepest}));
    QVERIFY2(derived, qPrintable(derived ? QString() : derived.error().text()));
    QCOMPARE(derived->changes.size(), 8);
    QCOMPARE(derived->tree.layers().size(), 4);
    for (const NodePath &layer : derived->tree.layers())
        QCOMPARE(derived->tree.descriptor(layer)->marking(), oci::Marking::NonDistributable);
    QVERIFY(derived->tree.isRemoved(deepest));
}

void TestBulkEdit::schema1IsRefusedByName()
{
    ImageNode node;
    node.descriptor = oci::Descriptor::of(
        oci::MediaType(QStringLiteral("application/vnd.docker.distribution.manifest.v1+prettyjws")), "{}");
    const ImageTree tree(node);
    const auto selected = document::selectLayers(tree, {QStringLiteral("all")}, {});
    QVERIFY(!selected);
    QVERIFY(selected.error().text().contains(QStringLiteral("schema 1")));
    for (const Edit &edit : {Edit(SetMarking{at("/layers/0"), true, address}),
                             Edit(SetFamily{NodePath::root(), Family::Oci}), Edit(annotate("/", Where::Document))})
        QVERIFY2(refusal(tree, {edit}).contains(QStringLiteral("schema 1")), qPrintable(refusal(tree, {edit})));
}

QTEST_GUILESS_MAIN(TestBulkEdit)
#include "tst_bulkedit.moc"
