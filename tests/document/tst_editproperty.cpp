// SPDX-License-Identifier: Apache-2.0
// Thousands of generated images × random edits: only what was meant changes, an independent parser agrees, and undoing
// everything is byte-identical.
#include "document/edit.h"
#include "support/imagegen/imagegen.h"
#include "support/imagegen/jsontext.h"

#include <nlohmann/json.hpp>

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
// Keeps the members' order, so that a comparison sees it.
using Independent = nlohmann::ordered_json;

Independent read(const QByteArray &bytes) { return Independent::parse(bytes.constBegin(), bytes.constEnd()); }

QStringList anyUrls(test::Dice &dice)
{
    QStringList urls;
    for (int i = dice.from(0, 3); i > 0; --i)
        urls.append(QStringLiteral("https://new.example/%1?a=%2&b=%2f").arg(dice.below(1000)).arg(i));
    return urls;
}

QList<NodePath> toggleable(const ImageTree &tree)
{
    QList<NodePath> layers = tree.layers();
    layers.removeIf([&](const NodePath &layer) { return !tree.descriptor(layer)->mediaType.hasPair(); });
    return layers;
}

EditSet anyEdits(const ImageTree &tree, test::Dice &dice)
{
    const QList<NodePath> layers = toggleable(tree);
    EditSet edits;
    for (int i = layers.isEmpty() ? 0 : dice.from(1, 6); i > 0; --i) {
        const NodePath layer = dice.of(layers);
        const oci::Descriptor now = *tree.descriptor(layer);
        edits = edits.with(SetMarking{layer, dice.chance(50), dice.chance(30) ? now.urls : anyUrls(dice)});
    }
    return edits;
}

// What the document at `path` has to say after the edits, worked out without any code of the product that writes.
Independent expected(const ImageTree &original, const DerivedImage &derived, const EditSet &edits, const NodePath &path)
{
    const ImageNode &before = *original.node(path);
    Independent json = read(before.bytes());
    for (const Edit &edit : edits.edits()) {
        const auto &marking = std::get<SetMarking>(edit);
        if (marking.layer.manifest() != path)
            continue;
        const oci::Descriptor was = *original.descriptor(marking.layer);
        Independent &layer = json["layers"][static_cast<std::size_t>(marking.layer.layer)];
        if (was.mediaType.isNonDistributable() != marking.nonDistributable)
            layer["mediaType"] = was.mediaType.pair()->toString().toStdString();
        if (was.urls == marking.urls)
            continue;
        if (marking.urls.isEmpty()) {
            layer.erase("urls");
            continue;
        }
        layer["urls"] = Independent::array();
        for (const QString &url : marking.urls)
            layer["urls"].push_back(url.toStdString());
    }
    for (qsizetype i = 0; i < before.children.size(); ++i) {
        const QByteArray content = derived.tree.node(path.child(static_cast<int>(i)))->bytes();
        const oci::Digest digest = oci::Digest::of(content, before.children[i].descriptor.digest.algorithm());
        Independent &entry = json["manifests"][static_cast<std::size_t>(i)];
        entry["digest"] = digest.toString().toStdString();
        entry["size"] = content.size();
        if (entry.contains("data"))
            entry["data"] = content.toBase64().toStdString();
    }
    return json;
}

// The tree of the same bytes, read anew.
ImageNode reopened(const ImageNode &node)
{
    ImageNode again = *ImageNode::read(node.descriptor, node.bytes());
    for (qsizetype i = 0; i < node.children.size(); ++i) {
        if (again.children[i].descriptor != node.children[i].descriptor)
            qFatal("An entry differs from what it names.");
        again.children[i] = reopened(node.children[i]);
    }
    again.config = node.config;
    return again;
}
} // namespace

class TestEditProperty : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void onlyTheIntendedMembersDiffer();
    void markedAndUnmarkedByTwoProcesses();
    void theGeneratorIsDeterministicAndVaried();
};

void TestEditProperty::onlyTheIntendedMembersDiffer()
{
    int changed = 0;
    for (std::uint32_t seed = 0; seed < 2500; ++seed) {
        test::Dice dice(seed + 1'000'000);
        const ImageTree original = test::treeOf(test::generatedImage(seed));
        const EditSet edits = anyEdits(original, dice);
        const base::Result<DerivedImage> derived = document::apply(original, edits);
        QVERIFY2(derived,
                 qPrintable(QStringLiteral("seed %1: %2").arg(seed).arg(derived ? QString() : derived.error().text())));
        const auto where = [&](const NodePath &path) {
            return QStringLiteral("seed %1, %2:\n%3\n→\n%4")
                .arg(seed)
                .arg(path.toString(), QString::fromUtf8(original.node(path)->bytes()),
                     QString::fromUtf8(derived->tree.node(path)->bytes()))
                .toUtf8();
        };
        QHash<NodePath, document::Change> changes;
        QList<NodePath> order;
        for (const document::Change &change : derived->changes) {
            QVERIFY2(!changes.contains(change.path), where(change.path));
            changes.insert(change.path, change);
            order.append(change.path);
        }
        for (const NodePath &path : original.manifests()) {
            const ImageNode &before = *original.node(path);
            const ImageNode &after = *derived->tree.node(path);
            QVERIFY2(read(after.bytes()) == expected(original, *derived, edits, path), where(path));
            QCOMPARE(after.descriptor.digest, oci::Digest::of(after.bytes(), after.descriptor.digest.algorithm()));
            QCOMPARE(after.descriptor.size, after.bytes().size());
            QVERIFY2(changes.contains(path) == (before.bytes() != after.bytes()), where(path));
            if (!changes.contains(path)) {
                QVERIFY2(after.bytes().constData() == before.bytes().constData(), where(path)); // shared, not copied
                continue;
            }
            QCOMPARE(changes[path].before, before.descriptor);
            QCOMPARE(changes[path].after, after.descriptor);
            if (!path.entries.isEmpty()) {
                NodePath above = path;
                above.entries.removeLast();
                QVERIFY2(order.indexOf(path) < order.indexOf(above), where(path));
            }
            for (const char *number :
                 {"123456789012345678901234567890", "18446744073709551615", "6.02E+23", "1.10", "-0.0"})
                QCOMPARE(after.bytes().count(number), before.bytes().count(number));
        }
        changed += !derived->changes.isEmpty();
        reopened(derived->tree.root());

        // Undone: by dropping the edits, and by asking for what was there.
        QCOMPARE(document::apply(original, EditSet())->tree.root().bytes(), original.root().bytes());
        EditSet back = edits;
        for (const Edit &edit : edits.edits()) {
            const NodePath layer = std::get<SetMarking>(edit).layer;
            const oci::Descriptor was = *original.descriptor(layer);
            back = back.with(SetMarking{layer, was.mediaType.isNonDistributable(), was.urls});
        }
        const base::Result<DerivedImage> undone = document::apply(original, back);
        QVERIFY(undone);
        QVERIFY(undone->changes.isEmpty());
        QCOMPARE(undone->tree.root().bytes().constData(), original.root().bytes().constData());
        QVERIFY(document::effective(original, back).isEmpty());
    }
    QVERIFY2(changed > 2000, qPrintable(QString::number(changed)));
}

// mark, push, open again, unmark: without the edits at hand, the original comes back where it had no urls.
void TestEditProperty::markedAndUnmarkedByTwoProcesses()
{
    int tried = 0;
    for (std::uint32_t seed = 0; seed < 1500; ++seed) {
        test::Dice dice(seed + 2'000'000);
        const ImageTree original = test::treeOf(test::generatedImage(seed));
        EditSet mark;
        EditSet unmark;
        for (const NodePath &layer : toggleable(original)) {
            const ImageNode &node = *original.node(layer);
            const bool hasMember = !node.manifest->layerValue(layer.layer)["urls"].isAbsent();
            if (node.manifest->layers()[layer.layer].marking() != oci::Marking::Distributable || hasMember ||
                dice.chance(40))
                continue;
            mark = mark.with(SetMarking{layer, true, anyUrls(dice)});
            unmark = unmark.with(SetMarking{layer, false, {}});
        }
        if (mark.isEmpty())
            continue;
        ++tried;
        const base::Result<DerivedImage> marked = document::apply(original, mark);
        QVERIFY(marked);
        const base::Result<DerivedImage> again = document::apply(ImageTree(reopened(marked->tree.root())), unmark);
        QVERIFY(again);
        QCOMPARE(again->tree.root().bytes(), original.root().bytes());
        QCOMPARE(again->tree.root().descriptor, original.root().descriptor);
        for (const NodePath &path : original.manifests())
            QCOMPARE(again->tree.node(path)->bytes(), original.node(path)->bytes());
    }
    QVERIFY2(tried > 1000, qPrintable(QString::number(tried)));
}

void TestEditProperty::theGeneratorIsDeterministicAndVaried()
{
    QHash<QByteArray, int> seen;
    const auto note = [&](const char *what, bool isSo) {
        if (isSo)
            ++seen[what];
    };
    for (std::uint32_t seed = 0; seed < 500; ++seed) {
        const test::GeneratedImage image = test::generatedImage(seed);
        QCOMPARE(test::generatedImage(seed).root, image.root);
        QCOMPARE(test::generatedManifest(seed), test::generatedManifest(seed));
        QVERIFY(oci::Manifest::parse(test::generatedManifest(seed)));
        const ImageTree tree = test::treeOf(image);
        QHash<oci::Digest, QSet<int>> markings;
        int places = 0;
        for (const NodePath &layer : tree.layers()) {
            const oci::Descriptor descriptor = *tree.descriptor(layer);
            markings[descriptor.digest].insert(static_cast<int>(descriptor.marking()));
            ++places;
            note(qPrintable(oci::nameOf(descriptor.marking())), true);
            note("no pair", !descriptor.mediaType.hasPair());
            note("sha512", descriptor.digest.algorithm() == oci::Digest::Algorithm::Sha512);
        }
        note("shared", places > markings.size());
        note("partial", std::any_of(markings.begin(), markings.end(), [](const auto &all) { return all.size() > 1; }));
        QSet<oci::Digest> manifests;
        for (const NodePath &path : tree.manifests()) {
            const ImageNode &node = *tree.node(path);
            note("twice", manifests.contains(node.descriptor.digest));
            manifests.insert(node.descriptor.digest);
            note("attestation", node.role == ImageNode::Role::Attestation);
            note("nested", node.role == ImageNode::Role::Index && !path.entries.isEmpty());
            note("embedded", node.descriptor.data.has_value());
            note("crlf", node.bytes().contains("\r\n"));
            note("tabs", node.bytes().contains("\t\""));
            note("slashes", node.bytes().contains("\\/"));
            note("escapes", node.bytes().contains("\\u00"));
            note("no type", !read(node.bytes()).contains("mediaType"));
            note("single", path.entries.isEmpty() && !tree.isIndex());
        }
        // In an order a store accepts: what is named comes first.
        QSet<oci::Digest> poured;
        test::pour(image, [&](const test::GeneratedContent &content) {
            QCOMPARE(content.descriptor.digest, oci::Digest::of(content.bytes, content.descriptor.digest.algorithm()));
            poured.insert(content.descriptor.digest);
            if (content.kind == test::GeneratedContent::Kind::Manifest) {
                const auto manifest = oci::Manifest::parse(content.bytes);
                for (const oci::Descriptor &layer : manifest->layers())
                    QVERIFY(poured.contains(layer.digest));
            }
        });
        QCOMPARE(image.contents.last().descriptor, image.root);
    }
    for (const char *what :
         {"distributable", "non-distributable", "unfetchable", "half-marked", "no pair", "sha512", "shared", "partial",
          "twice", "attestation", "nested", "embedded", "crlf", "tabs", "slashes", "escapes", "no type", "single"})
        QVERIFY2(seen.value(what) > 5, what);
}

QTEST_GUILESS_MAIN(TestEditProperty)
#include "tst_editproperty.moc"
