// SPDX-License-Identifier: Apache-2.0
// Bulk edits of every kind at once over generated images: an independent parser finds just what was asked for, a digest
// is never left marked in part, and undoing gives the original bytes.
#include "document/baselayers.h"
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
using document::RemovePlatform;
using document::SetAnnotation;
using document::SetFamily;
using document::SetMarking;
using Family = oci::MediaType::Family;
using Where = SetAnnotation::Where;

namespace {
// Keeps the members' order, so that a comparison sees it.
using Independent = nlohmann::ordered_json;

Independent read(const QByteArray &bytes) { return Independent::parse(bytes.constBegin(), bytes.constEnd()); }

// The types of the two families by another table than the product's.
std::string converted(std::string type, Family family)
{
    static const std::vector<std::pair<std::string, std::string>> pairs{
        {"application/vnd.docker.distribution.manifest.v2+json", "application/vnd.oci.image.manifest.v1+json"},
        {"application/vnd.docker.distribution.manifest.list.v2+json", "application/vnd.oci.image.index.v1+json"},
        {"application/vnd.docker.container.image.v1+json", "application/vnd.oci.image.config.v1+json"},
        {"application/vnd.docker.image.rootfs.diff.tar", "application/vnd.oci.image.layer.v1.tar"},
        {"application/vnd.docker.image.rootfs.diff.tar.gzip", "application/vnd.oci.image.layer.v1.tar+gzip"},
        {"application/vnd.docker.image.rootfs.diff.tar.zstd", "application/vnd.oci.image.layer.v1.tar+zstd"},
        {"application/vnd.docker.image.rootfs.foreign.diff.tar",
         "application/vnd.oci.image.layer.nondistributable.v1.tar"},
        {"application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
         "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip"}};
    for (const auto &[docker, oci] : pairs) {
        if (family == Family::Oci && type == docker)
            return oci;
        if (family == Family::Docker && type == oci)
            return docker;
    }
    return type;
}

std::string marked(const std::string &type, bool nonDistributable)
{
    std::string plain = type;
    for (const char *word : {"foreign.", "nondistributable."}) {
        if (const auto at = plain.find(word); at != std::string::npos)
            plain.erase(at, std::strlen(word));
    }
    if (!nonDistributable)
        return plain;
    if (const auto at = plain.find("rootfs."); at != std::string::npos)
        return plain.insert(at + 7, "foreign.");
    return plain.insert(plain.find("layer.") + 6, "nondistributable.");
}

// The member goes with the last of them, after all edits.
void dropEmptyAnnotations(Independent &json)
{
    if (json.is_object() && json.contains("annotations") && json["annotations"].empty())
        json.erase("annotations");
    for (const char *list : {"layers", "manifests"}) {
        if (!json.is_object() || !json.contains(list))
            continue;
        for (Independent &each : json[list])
            dropEmptyAnnotations(each);
    }
    if (json.is_object() && json.contains("config"))
        dropEmptyAnnotations(json["config"]);
}

void annotate(Independent &object, const SetAnnotation &edit)
{
    const std::string name = edit.name.toStdString();
    if (edit.value) {
        object["annotations"][name] = edit.value->toStdString();
    } else if (object.contains("annotations")) {
        object["annotations"].erase(name);
    }
}

class Expectation
{
public:
    Expectation(const ImageTree &original, const DerivedImage &derived, const EditSet &edits)
        : m_original(original)
        , m_derived(derived)
        , m_edits(edits)
    {
        for (const Edit &edit : edits.edits()) {
            if (const auto *change = std::get_if<SetFamily>(&edit))
                m_family = change->family;
        }
    }

    // What the document at `path` has to say, by the edits and by the children derived from it.
    Independent of(const NodePath &path) const
    {
        const ImageNode &before = *m_original.node(path);
        Independent json = read(before.bytes());
        const bool isEdited = before.role != ImageNode::Role::Attestation;
        if (m_family && isEdited)
            convert(json, before);
        for (const Edit &edit : m_edits.edits()) {
            if (const auto *marking = std::get_if<SetMarking>(&edit); marking && marking->layer.manifest() == path)
                mark(json["layers"][static_cast<std::size_t>(marking->layer.layer)], *marking);
        }
        for (const Edit &edit : m_edits.edits()) {
            if (const auto *annotation = std::get_if<SetAnnotation>(&edit))
                annotateAt(json, path, *annotation);
        }
        dropEmptyAnnotations(json);
        enter(json, before, path);
        return json;
    }

private:
    void convert(Independent &json, const ImageNode &before) const
    {
        const auto change = [&](Independent &object) {
            object["mediaType"] = converted(object["mediaType"].get<std::string>(), *m_family);
        };
        if (json.contains("mediaType"))
            change(json);
        else if (*m_family == Family::Docker)
            json["mediaType"] = converted(before.descriptor.mediaType.toString().toStdString(), Family::Docker);
        if (!before.manifest)
            return;
        change(json["config"]);
        for (Independent &layer : json["layers"])
            change(layer);
    }

    void mark(Independent &layer, const SetMarking &marking) const
    {
        const oci::Descriptor was = *m_original.descriptor(marking.layer);
        layer["mediaType"] = marked(layer["mediaType"].get<std::string>(), marking.nonDistributable);
        if (was.urls == marking.urls)
            return;
        if (marking.urls.isEmpty()) {
            layer.erase("urls");
            return;
        }
        layer["urls"] = Independent::array();
        for (const QString &url : marking.urls)
            layer["urls"].push_back(url.toStdString());
    }

    static void annotateAt(Independent &json, const NodePath &path, const SetAnnotation &edit)
    {
        if (edit.where == Where::Descriptor && edit.place.part == NodePath::Part::Self) {
            NodePath above = edit.place;
            above.entries.removeLast();
            if (above == path)
                annotate(json["manifests"][static_cast<std::size_t>(edit.place.entries.last())], edit);
        } else if (edit.place.manifest() == path) {
            annotate(edit.place.isLayer() ? json["layers"][static_cast<std::size_t>(edit.place.layer)]
                     : edit.place.part == NodePath::Part::Config ? json["config"]
                                                                 : json,
                     edit);
        }
    }

    void enter(Independent &json, const ImageNode &before, const NodePath &path) const
    {
        if (!before.index)
            return;
        const Independent entries = json["manifests"];
        json["manifests"] = Independent::array();
        for (qsizetype i = 0; i < before.children.size(); ++i) {
            const ImageNode &child = *m_derived.tree.node(path.child(static_cast<int>(i)));
            if (m_derived.removed.contains(path.child(static_cast<int>(i))))
                continue;
            Independent entry = entries[static_cast<std::size_t>(i)];
            const QByteArray content = child.bytes();
            const auto algorithm = before.children[i].descriptor.digest.algorithm();
            entry["digest"] = oci::Digest::of(content, algorithm).toString().toStdString();
            entry["size"] = content.size();
            if (entry.contains("data"))
                entry["data"] = content.toBase64().toStdString();
            if (m_family && child.role != ImageNode::Role::Attestation)
                entry["mediaType"] = converted(entry["mediaType"].get<std::string>(), *m_family);
            json["manifests"].push_back(entry);
        }
    }

    const ImageTree &m_original;
    const DerivedImage &m_derived;
    const EditSet &m_edits;
    std::optional<Family> m_family;
};

QStringList anyUrls(test::Dice &dice)
{
    QStringList urls;
    for (int i = dice.from(0, 3); i > 0; --i)
        urls.append(QStringLiteral("https://new.example/%1?a=%2&b=%2f").arg(dice.below(1000)).arg(i));
    return urls;
}

SetAnnotation anyAnnotation(const ImageTree &tree, test::Dice &dice)
{
    QList<NodePath> places = tree.manifests() + tree.layers();
    for (const NodePath &image : tree.images())
        places.append(image.config());
    SetAnnotation edit;
    edit.place = dice.of(places);
    const bool isNode = edit.place.part == NodePath::Part::Self;
    const bool hasEntry = isNode && !edit.place.entries.isEmpty();
    const bool isAttestation = tree.node(edit.place)->role == ImageNode::Role::Attestation;
    edit.where = !isNode || (hasEntry && (isAttestation || dice.chance(50))) ? Where::Descriptor : Where::Document;
    static const std::array<const char *, 5> names{"org.example/layer", "org.opencontainers.image.ref.name", "a",
                                                   "b \"quoted\" \xc3\xa4", "\xf0\x9f\x98\x80"};
    edit.name = QString::fromUtf8(dice.of(names));
    if (!dice.chance(30))
        edit.value = QString::fromUtf8("v\xe2\x82\xac \\ \n%1").arg(dice.below(3));
    return edit;
}

struct Asked
{
    QList<Edit> edits;
    QSet<oci::Digest> marked; // by bulk operations
};

void addMarking(Asked &asked, const ImageTree &tree, test::Dice &dice)
{
    base::Result<document::Selection> selection = base::fail(base::ErrorKind::Usage, {});
    const QList<NodePath> layers = tree.layers();
    if (layers.isEmpty())
        return;
    switch (dice.below(4)) {
    case 0:
        selection = document::selectLayers(tree, {QStringLiteral("all")}, {});
        break;
    case 1: { // by platform, where it is not ambiguous
        const std::optional<oci::Platform> platform = tree.node(dice.of(tree.images()))->platform();
        if (platform)
            selection = document::selectLayers(tree, {QStringLiteral("all")}, {*platform});
        break;
    }
    case 2:
        selection = document::layersFromBase(tree, tree);
        break;
    default:
        selection = document::selectionOf(tree, {dice.of(layers), dice.of(layers)});
    }
    if (!selection || selection->layers.isEmpty())
        return;
    const bool nonDistributable = dice.chance(65);
    const QStringList urls = nonDistributable ? anyUrls(dice) : QStringList();
    const auto edits = document::markingEdits(tree, selection->layers, nonDistributable,
                                              [&](const oci::Descriptor &) { return base::Result<QStringList>(urls); });
    if (!edits)
        qFatal("%s", qPrintable(edits.error().text()));
    asked.edits += *edits;
    for (const NodePath &layer : selection->layers)
        asked.marked.insert(tree.descriptor(layer)->digest);
}

Asked anyEdits(const ImageTree &tree, test::Dice &dice)
{
    Asked asked;
    for (int i = dice.from(0, 2); i > 0; --i)
        addMarking(asked, tree, dice);
    for (int i = dice.from(0, 6); i > 0; --i)
        asked.edits.append(anyAnnotation(tree, dice));
    if (dice.chance(35))
        asked.edits.append(SetFamily{NodePath::root(), dice.chance(50) ? Family::Docker : Family::Oci});
    QList<NodePath> entries = tree.manifests();
    entries.removeFirst();
    for (int i = entries.isEmpty() || !dice.chance(50) ? 0 : dice.from(1, 2); i > 0; --i)
        asked.edits.append(RemovePlatform{dice.of(entries)});
    return asked;
}

// The written bytes as they would be opened: by position, each entry checked against what it names.
ImageNode reopened(const ImageNode &node)
{
    ImageNode again = *ImageNode::read(node.descriptor, node.bytes());
    qsizetype at = 0;
    for (const ImageNode &child : node.children) {
        if (child.isRemoved)
            continue;
        if (again.children.value(at).descriptor != child.descriptor)
            qFatal("An entry differs from what it names.");
        again.children[at++] = reopened(child);
    }
    if (at != again.children.size())
        qFatal("The index names more than there is.");
    again.config = node.config;
    return again;
}
} // namespace

class TestBulkProperty : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void onlyTheIntendedMembersDiffer();
    void annotatedAndUndoneByTwoProcesses();
    void convertedThereAndBack();
};

void TestBulkProperty::onlyTheIntendedMembersDiffer()
{
    int changed = 0;
    int refused = 0;
    int removed = 0;
    int families = 0;
    for (std::uint32_t seed = 0; seed < 2000; ++seed) {
        test::Dice dice(seed + 3'000'000);
        const ImageTree original = test::treeOf(test::generatedImage(seed));
        Asked asked = anyEdits(original, dice);
        EditSet edits = EditSet().with(asked.edits);
        base::Result<DerivedImage> derived = document::apply(original, edits);
        if (!derived) { // the last entry, or what the other family lacks: refused in words, and the rest is tried alone
            QVERIFY2(derived.error().kind == base::ErrorKind::Usage, qPrintable(derived.error().text()));
            ++refused;
            asked.edits.removeIf([](const Edit &edit) {
                return std::holds_alternative<SetFamily>(edit) || std::holds_alternative<RemovePlatform>(edit);
            });
            edits = EditSet().with(asked.edits);
            derived = document::apply(original, edits);
        }
        QVERIFY2(derived,
                 qPrintable(QStringLiteral("seed %1: %2").arg(seed).arg(derived ? QString() : derived.error().text())));
        changed += !derived->changes.isEmpty();
        removed += !derived->removed.isEmpty();
        const Expectation expectation(original, *derived, edits);
        QHash<NodePath, document::Change> changes;
        for (const document::Change &change : derived->changes)
            changes.insert(change.path, change);
        QCOMPARE(changes.size(), derived->changes.size());
        for (const NodePath &path : original.manifests()) {
            const ImageNode &before = *original.node(path);
            const ImageNode &after = *derived->tree.node(path);
            const auto where = [&] {
                return QStringLiteral("seed %1, %2:\n%3\n→\n%4")
                    .arg(seed)
                    .arg(path.toString(), QString::fromUtf8(before.bytes()), QString::fromUtf8(after.bytes()))
                    .toUtf8();
            };
            QCOMPARE(derived->tree.isRemoved(path), !derived->writtenPath(path).has_value());
            if (derived->tree.isRemoved(path)) {
                QVERIFY2(after.bytes() == before.bytes() && !changes.contains(path), where());
                continue;
            }
            QVERIFY2(read(after.bytes()) == expectation.of(path), where());
            QVERIFY2(changes.contains(path) == (before.bytes() != after.bytes()), where());
            if (!changes.contains(path))
                continue;
            QCOMPARE(changes[path].before, before.descriptor);
            QCOMPARE(changes[path].after, after.descriptor);
            QCOMPARE(after.descriptor.digest, oci::Digest::of(after.bytes(), after.descriptor.digest.algorithm()));
            families += path.entries.isEmpty() && after.descriptor.mediaType != before.descriptor.mediaType;
        }

        // Opened again: the same tree at the positions it was said to have.
        const ImageTree again(reopened(derived->tree.root()));
        QCOMPARE(again.manifests().size(), derived->tree.manifests().size());
        for (const NodePath &written : again.manifests()) {
            const std::optional<NodePath> path = derived->originalPath(written);
            QVERIFY(path);
            QCOMPARE(derived->writtenPath(*path), written);
            QCOMPARE(again.node(written)->bytes(), derived->tree.node(*path)->bytes());
        }

        // What was marked by a bulk operation is marked everywhere or nowhere.
        QHash<oci::Digest, oci::Marking> markings;
        for (const NodePath &layer : again.layers()) {
            const oci::Descriptor descriptor = *again.descriptor(layer);
            if (!asked.marked.contains(descriptor.digest))
                continue;
            const auto known = markings.constFind(descriptor.digest);
            QVERIFY2(known == markings.constEnd() || *known == descriptor.marking(),
                     qPrintable(QStringLiteral("seed %1: %2").arg(seed).arg(layer.toString())));
            markings.insert(descriptor.digest, descriptor.marking());
        }

        const base::Result<DerivedImage> undone = document::apply(original, EditSet());
        QCOMPARE(undone->tree.root().bytes(), original.root().bytes());
        QVERIFY(undone->changes.isEmpty());
    }
    qInfo("%d changed, %d refused, %d with removals, %d of another family", changed, refused, removed, families);
    QVERIFY(changed > 1500 && removed > 200 && families > 100);
}

// Set, pushed, opened again and removed without knowing of the edit: the original, where the names were new and last.
void TestBulkProperty::annotatedAndUndoneByTwoProcesses()
{
    int tried = 0;
    for (std::uint32_t seed = 0; seed < 1000; ++seed) {
        test::Dice dice(seed + 4'000'000);
        const ImageTree original = test::treeOf(test::generatedImage(seed));
        EditSet set;
        EditSet removed;
        for (int i = dice.from(1, 5); i > 0; --i) {
            SetAnnotation edit = anyAnnotation(original, dice);
            edit.name += QStringLiteral("/new");
            edit.value = QStringLiteral("v");
            set = set.with(edit);
            edit.value = std::nullopt;
            removed = removed.with(edit);
        }
        const auto annotated = document::apply(original, set);
        QVERIFY2(annotated, qPrintable(annotated ? QString() : annotated.error().text()));
        const auto back = document::apply(ImageTree(reopened(annotated->tree.root())), removed);
        QVERIFY2(back, qPrintable(back ? QString() : back.error().text()));
        QCOMPARE(back->tree.root().bytes(), original.root().bytes());
        for (const NodePath &path : original.manifests())
            QCOMPARE(back->tree.node(path)->bytes(), original.node(path)->bytes());
        ++tried;
    }
    QCOMPARE(tried, 1000);
}

// Docker → OCI → Docker gives the bytes back, unless the part of a type that changes was spelled with escapes.
void TestBulkProperty::convertedThereAndBack()
{
    int tried = 0;
    test::GeneratorOptions options;
    options.typesWithoutPair = false;
    options.attestations = false;
    for (std::uint32_t seed = 0; seed < 600; ++seed) {
        const ImageTree original = test::treeOf(test::generatedImage(seed, options));
        const Family own = original.root().descriptor.mediaType.family();
        if (own != Family::Docker)
            continue;
        const auto there = document::apply(original, EditSet().with(SetFamily{NodePath::root(), Family::Oci}));
        QVERIFY2(there, qPrintable(there ? QString() : there.error().text()));
        const auto back = document::apply(ImageTree(reopened(there->tree.root())),
                                          EditSet().with(SetFamily{NodePath::root(), Family::Docker}));
        QVERIFY2(back, qPrintable(back ? QString() : back.error().text()));
        bool isPlain = true;
        for (const NodePath &path : original.manifests()) {
            isPlain = isPlain && !original.node(path)->bytes().contains("\\u00");
            QCOMPARE(back->tree.descriptor(path)->mediaType, original.descriptor(path)->mediaType);
            if (original.node(path)->manifest)
                QVERIFY(read(back->tree.node(path)->bytes()) == read(original.node(path)->bytes()));
        }
        if (isPlain)
            QCOMPARE(back->tree.root().bytes(), original.root().bytes());
        tried += isPlain;
    }
    QVERIFY2(tried > 100, qPrintable(QString::number(tried)));
}

QTEST_GUILESS_MAIN(TestBulkProperty)
#include "tst_bulkproperty.moc"
