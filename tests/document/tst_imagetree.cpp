// SPDX-License-Identifier: Apache-2.0
#include "document/imagetree.h"
#include "document/titles.h"
#include "support/imagegen/imagebuilder.h"

#include <QTest>

using namespace colophon;
using document::ImageNode;
using document::ImageTree;
using document::NodePath;

namespace {
QStringList texts(const QList<NodePath> &paths)
{
    QStringList all;
    for (const NodePath &path : paths)
        all.append(path.toString());
    return all;
}

// linux/amd64 [a b], linux/arm64 [a c], windows [d], nested index of linux/arm/v7 [a], an attestation, and one of a
// type nobody reads.
ImageTree wide()
{
    test::ImageBuilder builder;
    const oci::Descriptor amd = builder.manifest({test::ordinary("a"), test::ordinary("bb")});
    const oci::Descriptor arm =
        builder.manifest({test::ordinary("a"), test::foreign("ccc")}, QStringLiteral("linux/arm64"));
    const oci::Descriptor windows =
        builder.manifest({test::foreign("d")}, QStringLiteral("windows(10.0.17763.1)/amd64"));
    const oci::Descriptor nested =
        builder.index({builder.manifest({test::ordinary("a")}, QStringLiteral("linux/arm/v7"))});
    oci::Descriptor strange = oci::Descriptor::of(oci::MediaType(QStringLiteral("application/x-thing")), "thing");
    return builder.tree(builder.index({amd, arm, windows, nested, builder.attestation(amd), strange}));
}
} // namespace

class TestImageTree : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void findsNodes();
    void listsInDocumentOrder();
    void knowsRolesAndTitles();
    void countsEachBlobOnce();
    void emptyHasNothing();
    void namesPartsForSentences();
    void readsOnlyWhatItKnows();
    void sharesItsData();
};

void TestImageTree::findsNodes()
{
    const ImageTree tree = wide();
    const auto at = [](const char *text) { return *NodePath::parse(QString::fromLatin1(text)); };
    QVERIFY(tree.isIndex());
    QCOMPARE(tree.node(NodePath::root()), &tree.root());
    QCOMPARE(tree.node(at("/manifests/1")), &tree.root().children[1]);
    QCOMPARE(tree.node(at("/manifests/1/layers/1")), &tree.root().children[1]);
    QCOMPARE(tree.node(at("/manifests/1/config")), &tree.root().children[1]);
    QCOMPARE(tree.node(at("/manifests/3/manifests/0")), &tree.root().children[3].children[0]);
    for (const char *none : {"/manifests/6", "/manifests/1/layers/2", "/layers/0", "/config", "/manifests/5/config",
                             "/manifests/3/manifests/1", "/manifests/0/manifests/0"}) {
        QVERIFY2(!tree.node(at(none)), none);
        QVERIFY2(!tree.descriptor(at(none)), none);
    }
    QCOMPARE(tree.descriptor(at("/manifests/1/layers/1"))->digest, test::digestOf("ccc"));
    QCOMPARE(tree.descriptor(at("/manifests/1"))->platform->toString(), QStringLiteral("linux/arm64"));
    QVERIFY(tree.descriptor(at("/manifests/0/config"))->mediaType == oci::MediaType::ociConfig());
}

void TestImageTree::listsInDocumentOrder()
{
    const ImageTree tree = wide();
    QCOMPARE(
        texts(tree.manifests()).join(u' '),
        QStringLiteral("/ /manifests/0 /manifests/1 /manifests/2 /manifests/3 /manifests/3/manifests/0 /manifests/4 "
                       "/manifests/5"));
    QCOMPARE(texts(tree.images()).join(u' '),
             QStringLiteral("/manifests/0 /manifests/1 /manifests/2 /manifests/3/manifests/0"));
    QCOMPARE(texts(tree.layers()).join(u' '),
             QStringLiteral("/manifests/0/layers/0 /manifests/0/layers/1 /manifests/1/layers/0 /manifests/1/layers/1 "
                            "/manifests/2/layers/0 /manifests/3/manifests/0/layers/0"));
    QCOMPARE(texts(tree.layersWithDigest(test::digestOf("a"))).join(u' '),
             QStringLiteral("/manifests/0/layers/0 /manifests/1/layers/0 /manifests/3/manifests/0/layers/0"));
    QVERIFY(tree.layersWithDigest(test::digestOf("statement")).isEmpty()); // an attestation has no layers to mark
}

void TestImageTree::knowsRolesAndTitles()
{
    const ImageTree tree = wide();
    const QList<ImageNode> &children = tree.root().children;
    QCOMPARE(tree.root().role, ImageNode::Role::Index);
    QCOMPARE(children[0].role, ImageNode::Role::Image);
    QCOMPARE(children[4].role, ImageNode::Role::Attestation);
    QCOMPARE(children[4].attested(), std::optional(children[0].descriptor.digest));
    QCOMPARE(children[0].attested(), std::nullopt);
    QCOMPARE(children[5].role, ImageNode::Role::Opaque);
    QVERIFY(children[5].bytes().isEmpty());
    QCOMPARE(tree.root().title(), QStringLiteral("index"));
    QCOMPARE(children[2].title(), QStringLiteral("windows(10.0.17763.1)/amd64"));
    QCOMPARE(children[4].title(), QStringLiteral("attestation"));
    QCOMPARE(children[5].title(), QStringLiteral("application/x-thing"));

    // A single manifest has no entry to name its platform: its config does.
    test::ImageBuilder builder;
    const oci::Descriptor only = builder.manifest({}, QStringLiteral("linux/s390x"));
    QCOMPARE(builder.tree(only).root().title(), QStringLiteral("linux/s390x"));
    ImageNode bare = builder.tree(only).root();
    bare.config.reset();
    QCOMPARE(bare.title(), oci::MediaType::ociManifest().toString());
}

void TestImageTree::countsEachBlobOnce()
{
    test::ImageBuilder builder;
    const oci::Descriptor one = builder.manifest({test::ordinary("aaa"), test::ordinary("aaa"), test::ordinary("bb")});
    const ImageTree tree = builder.tree(one);
    QCOMPARE(tree.distinctSize(), 5 + tree.root().manifest->config().size);
}

void TestImageTree::emptyHasNothing()
{
    const ImageTree none;
    QVERIFY(none.isEmpty());
    QVERIFY(!none.isIndex());
    QVERIFY(!none.node(NodePath::root()));
    QVERIFY(none.manifests().isEmpty() && none.images().isEmpty() && none.layers().isEmpty());
    QCOMPARE(none.distinctSize(), 0);
}

void TestImageTree::namesPartsForSentences()
{
    const ImageTree tree = wide();
    const document::Titles titles(tree);
    QCOMPARE(titles.name(NodePath::root()), QStringLiteral("the index"));
    QCOMPARE(titles.name(NodePath::root().child(0)), QStringLiteral("linux/amd64"));
    QCOMPARE(titles.nameAtStart(NodePath::root().child(0)), QStringLiteral("linux/amd64"));
    QCOMPARE(titles.name(NodePath::root().child(0).layerAt(1)), QStringLiteral("layer 1 of linux/amd64"));
    QCOMPARE(titles.nameAtStart(NodePath::root().child(0).layerAt(1)), QStringLiteral("Layer 1 of linux/amd64"));
    QCOMPARE(titles.name(NodePath::root().child(0).config()), QStringLiteral("the config of linux/amd64"));

    test::ImageBuilder builder;
    const oci::Descriptor one = builder.manifest({test::ordinary("a")});
    const oci::Descriptor other = builder.manifest({test::ordinary("b")});
    const document::Titles alone(builder.tree(one));
    QCOMPARE(alone.nameAtStart(NodePath::root()), QStringLiteral("The image"));
    QCOMPARE(alone.name(NodePath::root().layerAt(0)), QStringLiteral("layer 0"));
    const document::Titles same(builder.tree(builder.index({one, other})));
    QCOMPARE(same.name(NodePath::root().child(1).layerAt(0)), QStringLiteral("layer 0 of linux/amd64 (entry 1)"));

    QCOMPARE(
        document::enumerated({QStringLiteral("a"), QStringLiteral("b"), QStringLiteral("%1"), QStringLiteral("d")}, 3),
        QStringLiteral("a, b, %1 and 1 more"));
}

void TestImageTree::readsOnlyWhatItKnows()
{
    oci::Descriptor named;
    named.mediaType = oci::MediaType(QStringLiteral("application/vnd.docker.distribution.manifest.v1+prettyjws"));
    const base::Result<ImageNode> old = ImageNode::read(named, "{\"schemaVersion\":1}");
    QVERIFY(old);
    QCOMPARE(old->role, ImageNode::Role::Opaque);
    named.mediaType = oci::MediaType::ociManifest();
    QVERIFY(!ImageNode::read(named, "{"));
    named.mediaType = oci::MediaType::ociIndex();
    QVERIFY(!ImageNode::read(named, "[]"));
}

void TestImageTree::sharesItsData()
{
    const ImageTree tree = wide();
    const ImageTree copy = tree; // NOLINT(performance-unnecessary-copy-initialization): that is what is tested
    QCOMPARE(&copy.root(), &tree.root());
}

QTEST_GUILESS_MAIN(TestImageTree)
#include "tst_imagetree.moc"
