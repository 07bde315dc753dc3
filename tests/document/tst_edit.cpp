// SPDX-License-Identifier: Apache-2.0
#include "document/edit.h"
#include "support/imagegen/imagebuilder.h"

#include <QTest>

using namespace colophon;
using document::DerivedImage;
using document::Edit;
using document::EditSet;
using document::ImageNode;
using document::ImageTree;
using document::NodePath;
using document::SetMarking;

namespace {
const QStringList address{QStringLiteral("https://dl.example/a")};

NodePath at(const char *text) { return *NodePath::parse(QString::fromLatin1(text)); }

SetMarking mark(const char *text, const QStringList &urls = address) { return {at(text), true, urls}; }
SetMarking unmark(const char *text) { return {at(text), false, {}}; }

struct Image
{
    test::ImageBuilder builder;
    oci::Descriptor amd = builder.manifest({test::ordinary("a"), test::ordinary("b")});
    oci::Descriptor arm =
        builder.manifest({test::ordinary("a"), test::foreign("c", address)}, QStringLiteral("linux/arm64"));
    ImageTree tree = builder.tree(builder.index({amd, arm, builder.attestation(amd), amd}));
};
} // namespace

class TestEdit : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void laterEditsReplaceEarlier();
    void changesOneChildAndItsIndex();
    void goesThroughNestedIndexes();
    void embeddedDataFollows();
    void aManifestNamedTwiceIsTwoPlaces();
    void whatChangesNothingIsNoChange();
    void severalLayersOfOneManifest();
    void refusals_data();
    void refusals();
    void refusesDocumentsThatReadersDisagreeAbout();
    void oldAddressesMayStayWhateverTheyAre();
    void markingReachesEveryPlace();
};

void TestEdit::laterEditsReplaceEarlier()
{
    const EditSet first = EditSet().with(mark("/layers/0")).with(mark("/layers/1"));
    QCOMPARE(first.edits().size(), 2);
    const EditSet second = first.with(QList<Edit>{unmark("/layers/0"), mark("/layers/2"), mark("/layers/2", {})});
    QCOMPARE(second.edits(), (QList<Edit>{unmark("/layers/0"), mark("/layers/1"), mark("/layers/2", {})}));
    QCOMPARE(second.without(at("/layers/1")).edits(), (QList<Edit>{unmark("/layers/0"), mark("/layers/2", {})}));
    QCOMPARE(second.with(mark("/layers/1")), second); // the same again is no difference
    QVERIFY(EditSet().isEmpty());
}

void TestEdit::changesOneChildAndItsIndex()
{
    const Image image;
    const base::Result<DerivedImage> derived =
        document::apply(image.tree, EditSet().with(mark("/manifests/0/layers/1")));
    QVERIFY(derived);
    QCOMPARE(derived->changes.size(), 2);
    QCOMPARE(derived->changes[0].path, at("/manifests/0"));
    QCOMPARE(derived->changes[1].path, NodePath::root());
    QCOMPARE(derived->changes[0].before.digest, image.amd.digest);
    const ImageNode &child = *derived->tree.node(at("/manifests/0"));
    QCOMPARE(derived->changes[0].after, child.descriptor);
    QCOMPARE(child.descriptor.digest, oci::Digest::of(child.bytes()));
    QCOMPARE(derived->tree.root().index->manifests()[0], child.descriptor);
    QCOMPARE(derived->tree.descriptor(at("/manifests/0/layers/1"))->marking(), oci::Marking::NonDistributable);
    QCOMPARE(derived->tree.descriptor(at("/manifests/0/layers/0")), image.tree.descriptor(at("/manifests/0/layers/0")));
    // The siblings are the very same.
    QCOMPARE(derived->tree.node(at("/manifests/1"))->bytes().constData(),
             image.tree.node(at("/manifests/1"))->bytes().constData());
    QVERIFY(child.config);
    // And the bytes are the original's but for what was asked.
    QByteArray expected = image.tree.node(at("/manifests/0"))->bytes();
    const QByteArray b = test::digestOf("b").toLatin1();
    expected.replace("layer.v1.tar+gzip\",\"digest\":\"" + b + "\",\"size\":1",
                     "layer.nondistributable.v1.tar+gzip\",\"digest\":\"" + b +
                         "\",\"size\":1,\"urls\":[\"https://dl.example/a\"]");
    QCOMPARE(child.bytes(), expected);
}

void TestEdit::goesThroughNestedIndexes()
{
    test::ImageBuilder builder;
    const oci::Descriptor inner = builder.index({builder.manifest({test::ordinary("a")})});
    const ImageTree tree = builder.tree(builder.index({builder.manifest({test::ordinary("b")}), inner}));
    const base::Result<DerivedImage> derived =
        document::apply(tree, EditSet().with(mark("/manifests/1/manifests/0/layers/0")));
    QVERIFY(derived);
    QStringList paths;
    for (const document::Change &change : derived->changes)
        paths.append(change.path.toString());
    QCOMPARE(paths.join(u' '), QStringLiteral("/manifests/1/manifests/0 /manifests/1 /"));
    QCOMPARE(derived->tree.root().index->manifests()[1].digest,
             oci::Digest::of(derived->tree.node(at("/manifests/1"))->bytes()));
    QCOMPARE(derived->tree.root().children[0].descriptor, tree.root().children[0].descriptor);
}

void TestEdit::embeddedDataFollows()
{
    test::ImageBuilder builder;
    oci::Descriptor child = builder.manifest({test::ordinary("a")});
    child.data = builder.image(child).bytesOf(child.digest);
    const ImageTree tree = builder.tree(builder.index({child}));
    const base::Result<DerivedImage> derived = document::apply(tree, EditSet().with(mark("/manifests/0/layers/0")));
    QVERIFY(derived);
    QCOMPARE(derived->tree.root().index->manifests()[0].data, derived->tree.root().children[0].bytes());
}

void TestEdit::aManifestNamedTwiceIsTwoPlaces()
{
    const Image image; // entries 0 and 3 name the same manifest
    const base::Result<DerivedImage> one = document::apply(image.tree, EditSet().with(mark("/manifests/0/layers/1")));
    QVERIFY(one);
    QCOMPARE(one->tree.root().index->manifests()[3].digest, image.amd.digest);
    const base::Result<DerivedImage> both =
        document::apply(image.tree, EditSet().with(mark("/manifests/0/layers/1")).with(mark("/manifests/3/layers/1")));
    QVERIFY(both);
    QCOMPARE(both->tree.root().index->manifests()[3].digest, both->tree.root().index->manifests()[0].digest);
    QCOMPARE(both->changes.size(), 3);
}

void TestEdit::whatChangesNothingIsNoChange()
{
    const Image image;
    const EditSet same = EditSet().with(unmark("/manifests/0/layers/0")).with(mark("/manifests/1/layers/1"));
    QVERIFY(document::effective(image.tree, same).isEmpty());
    for (const EditSet &edits :
         {EditSet(), same, same.with(mark("/manifests/0/layers/0")).with(unmark("/manifests/0/layers/0"))}) {
        const base::Result<DerivedImage> derived = document::apply(image.tree, edits);
        QVERIFY(derived);
        QVERIFY(derived->changes.isEmpty());
        QCOMPARE(&derived->tree.root(), &image.tree.root());
    }
    QVERIFY(document::apply(ImageTree(), EditSet()));
    QVERIFY(!document::apply(ImageTree(), same));
}

void TestEdit::severalLayersOfOneManifest()
{
    const Image image;
    const base::Result<DerivedImage> derived = document::apply(
        image.tree, EditSet().with(unmark("/manifests/1/layers/1")).with(mark("/manifests/1/layers/0", {})));
    QVERIFY(derived);
    QCOMPARE(derived->tree.descriptor(at("/manifests/1/layers/0"))->marking(), oci::Marking::Unfetchable);
    QCOMPARE(derived->tree.descriptor(at("/manifests/1/layers/1"))->marking(), oci::Marking::Distributable);
}

void TestEdit::refusals_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QStringList>("urls");
    QTest::addColumn<QString>("says");
    const auto row = [](const char *path, const char *says, const QStringList &urls = address) {
        QTest::newRow(path) << QString::fromLatin1(path) << urls << QString::fromLatin1(says);
    };
    row("/", "has no layer at /");
    row("/layers/0", "has no layer at /layers/0");
    row("/manifests/9/layers/0", "has no layer at /manifests/9/layers/0");
    row("/manifests/0/config", "has no layer at /manifests/0/config");
    row("/manifests/0/layers/7", "There is no layer 7 of linux/amd64. Its last layer is 2.");
    row("/manifests/1/layers/0", "Attestations are not edited");
    row("/manifests/2/layers/0", "application/x-thing");
    row("/manifests/0/layers/2", "its type application/vnd.docker.image.rootfs.diff.tar.zstd has no non-distributable");
    row("/manifests/0/layers/0", "ftp://x.example/a cannot be a layer's address",
        {QStringLiteral("ftp://x.example/a")});
    row("/manifests/0/layers/1", "Write it as https://x.example/%C3%A4", {QStringLiteral("https://x.example/ä")});
}

void TestEdit::refusals()
{
    QFETCH(QString, path);
    QFETCH(QStringList, urls);
    QFETCH(QString, says);
    test::ImageBuilder builder;
    const oci::Descriptor amd =
        builder.manifest({test::ordinary("a"), test::ordinary("b"),
                          test::typed("z", QStringLiteral("application/vnd.docker.image.rootfs.diff.tar.zstd"))});
    const oci::Descriptor strange = oci::Descriptor::of(oci::MediaType(QStringLiteral("application/x-thing")), "thing");
    const ImageTree tree = builder.tree(builder.index({amd, builder.attestation(amd), strange}));
    const base::Result<DerivedImage> derived =
        document::apply(tree, EditSet().with(SetMarking{*NodePath::parse(path), true, urls}));
    QVERIFY(!derived);
    QCOMPARE(derived.error().kind, base::ErrorKind::Usage);
    QVERIFY2(derived.error().text().contains(says), qPrintable(derived.error().text()));
}

void TestEdit::refusesDocumentsThatReadersDisagreeAbout()
{
    test::ImageBuilder builder;
    const oci::Descriptor good = builder.manifest({test::ordinary("a")});
    const oci::Descriptor bad =
        builder.manifest({test::ordinary("b")}, QStringLiteral("linux/arm64"), -1, R"("x":1,"x":2,)");
    const ImageTree tree = builder.tree(builder.index({good, bad}));
    const base::Result<DerivedImage> refused = document::apply(tree, EditSet().with(mark("/manifests/1/layers/0")));
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, base::ErrorKind::Usage);
    QVERIFY2(refused.error().message.startsWith(QStringLiteral("linux/arm64 may be viewed but not edited: ")),
             qPrintable(refused.error().message));
    // Its sibling may be edited, unless it is the index itself that is ambiguous.
    QVERIFY(document::apply(tree, EditSet().with(mark("/manifests/0/layers/0"))));
    const ImageTree badIndex = builder.tree(builder.index({good}, R"("manifestS":[],)"));
    QVERIFY(!document::apply(badIndex, EditSet().with(mark("/manifests/0/layers/0"))));
    // What changes nothing is no edit of it.
    QVERIFY(document::apply(tree, EditSet().with(unmark("/manifests/1/layers/0"))));
}

void TestEdit::oldAddressesMayStayWhateverTheyAre()
{
    test::ImageBuilder builder;
    const QStringList old{QStringLiteral("ftp://old.example/a")};
    const ImageTree tree = builder.tree(builder.manifest({{"a", test::ordinary("a").type, old}, test::ordinary("b")}));
    QVERIFY(document::apply(tree, EditSet().with(mark("/layers/0", old))));
    QVERIFY(document::apply(tree, EditSet().with(mark("/layers/0", old + address))));
    QVERIFY(!document::apply(tree, EditSet().with(mark("/layers/1", old))));
}

void TestEdit::markingReachesEveryPlace()
{
    const Image image;
    int asked = 0;
    const auto urlsOf = [&asked](const oci::Descriptor &layer) {
        ++asked;
        return base::Result<QStringList>(QStringList(QStringLiteral("https://dl.example/") + layer.digest.hex()));
    };
    const base::Result<QList<Edit>> edits =
        document::markingEdits(image.tree, {at("/manifests/1/layers/0"), at("/manifests/0/layers/0")}, true, urlsOf);
    QVERIFY(edits);
    QCOMPARE(asked, 1);
    const QStringList urls{QStringLiteral("https://dl.example/") + test::digestOf("a").hex()};
    QCOMPARE(*edits, (QList<Edit>{mark("/manifests/0/layers/0", urls), mark("/manifests/1/layers/0", urls),
                                  mark("/manifests/3/layers/0", urls)}));
    QVERIFY(!document::markingEdits(image.tree, {}, true, urlsOf));
    QVERIFY(!document::markingEdits(image.tree, {at("/manifests/0")}, true, urlsOf));
    const base::Result<QList<Edit>> failed = document::markingEdits(
        image.tree, {at("/manifests/0/layers/0")}, true, [](const oci::Descriptor &) -> base::Result<QStringList> {
            return base::fail(base::ErrorKind::Usage, QStringLiteral("no"));
        });
    QCOMPARE(failed.error().message, QStringLiteral("no"));
}

QTEST_GUILESS_MAIN(TestEdit)
#include "tst_edit.moc"
