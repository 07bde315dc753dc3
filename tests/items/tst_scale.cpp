// SPDX-License-Identifier: Apache-2.0
// What work on a large image grows with, counted instead of timed: allocations for each layer, signals and texts for
// each edit. The bounds leave room for another version of Qt, not for another order of growth.
#include "document/selection.h"
#include "items/bytediff.h"
#include "items/findingsmodel.h"
#include "items/imagetreemodel.h"
#include "items/platformfilter.h"
#include "support/sampletree/sampletree.h"
#include "transfer/pushcontent.h"

#include <QSignalSpy>
#include <QTest>

#include <atomic>
#include <cstdlib>

#if defined(__SANITIZE_ADDRESS__)
namespace {
constexpr bool isCounting = false; // the sanitizer counts itself
std::atomic<qint64> allocations = 0;
} // namespace
#else
namespace {
constexpr bool isCounting = true;
std::atomic<qint64> allocations = 0;
} // namespace
extern "C" void *__libc_malloc(size_t size);
extern "C" void *malloc(size_t size)
{
    ++allocations;
    return __libc_malloc(size);
}
#endif

using namespace colophon;
using document::EditSet;
using document::ImageTree;
using document::NodePath;
using editing::ImageDocument;
using items::ImageTreeModel;

namespace {
base::Result<QStringList> address(const oci::Descriptor &layer)
{
    return QStringList{QStringLiteral("https://downloads.example/layers/") + layer.digest.hex()};
}

QList<document::Edit> markedWhole(const ImageTree &tree)
{
    return *document::markingEdits(tree, tree.layers(), true, address);
}

enum class Work { Parse, Edits, Apply, ApplyOne, Findings, Plan, Diff, Rows, Redo };

// What the work allocates on an image of so many layers.
qint64 allocationsOf(Work work, int layers)
{
    const ImageTree tree = test::flatImage(layers);
    const QByteArray bytes = tree.root().bytes();
    const QList<document::Edit> edits = markedWhole(tree);
    const EditSet set = EditSet().with(edits);
    const document::DerivedImage derived = *document::apply(tree, set);
    transfer::PushRequest request;
    request.source = request.destination = test::vendorReference();
    request.original = tree;
    request.derived = derived;
    ImageDocument document(test::vendorReference(), tree);
    ImageTreeModel model(&document);
    if (!document.edit(edits, QStringLiteral("Mark")))
        qFatal("It cannot be marked.");
    document.undoStack()->undo();

    const qint64 before = allocations;
    switch (work) {
    case Work::Parse:
        (void)oci::Manifest::parse(bytes);
        break;
    case Work::Edits:
        (void)EditSet().with(markedWhole(tree));
        break;
    case Work::Apply:
        (void)document::apply(tree, set);
        break;
    case Work::ApplyOne:
        (void)document::apply(tree, EditSet().with(edits.first()));
        break;
    case Work::Findings:
        (void)document::findingsOf(tree, derived);
        break;
    case Work::Plan:
        (void)transfer::planPush(request, {});
        break;
    case Work::Diff:
        (void)items::withContext(items::byteDiff(bytes, derived.tree.root().bytes()));
        break;
    case Work::Rows:
        model.setDocument(&document);
        break;
    case Work::Redo:
        document.undoStack()->redo();
        break;
    }
    return allocations - before;
}
} // namespace

class TestScale : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void growsWithTheLayers_data();
    void growsWithTheLayers();
    void anEditOfAllIsOneChangeOfRows();
    void textsAreMadeOnce();
    void theSameFindingsAreNotLookedAtAgain();
    void platformsOfALargeIndex();
};

void TestScale::growsWithTheLayers_data()
{
    QTest::addColumn<int>("work");
    QTest::addColumn<double>("most"); // allocations for each layer
    QTest::newRow("parse") << int(Work::Parse) << 6.0;
    QTest::newRow("edits") << int(Work::Edits) << 9.0;
    QTest::newRow("apply all") << int(Work::Apply) << 60.0;
    QTest::newRow("apply one") << int(Work::ApplyOne) << 6.0;
    QTest::newRow("findings") << int(Work::Findings) << 5.0;
    QTest::newRow("plan") << int(Work::Plan) << 36.0;
    QTest::newRow("byte diff") << int(Work::Diff) << 48.0;
    QTest::newRow("rows") << int(Work::Rows) << 9.0;
    QTest::newRow("redo with rows") << int(Work::Redo) << 68.0;
}

void TestScale::growsWithTheLayers()
{
    if (!isCounting)
        QSKIP("a sanitizer counts the allocations");
    QFETCH(int, work);
    QFETCH(double, most);
    constexpr int few = 500;
    constexpr int many = 2000;
    const double forFew = double(allocationsOf(Work(work), few)) / few;
    const double forMany = double(allocationsOf(Work(work), many)) / many;
    qInfo("%.1f allocations a layer of %d, %.1f of %d", forFew, few, forMany, many);
    QVERIFY2(forMany <= forFew * 1.1 + 1, "what a layer costs grows with their number");
    QVERIFY2(forMany <= most, qPrintable(QString::number(forMany)));
}

void TestScale::anEditOfAllIsOneChangeOfRows()
{
    ImageDocument document(test::vendorReference(), test::flatImage(2000));
    ImageTreeModel model(&document);
    items::PlatformFilter filter;
    filter.setSourceModel(&model);
    QCOMPARE(filter.rowCount(filter.index(0, 0)), 2001);
    const QSignalSpy reset(&filter, &QAbstractItemModel::modelReset);
    const QSignalSpy layout(&filter, &QAbstractItemModel::layoutChanged);
    const QSignalSpy changed(&filter, &QAbstractItemModel::dataChanged);
    QVERIFY(document.setMarking(document.tree().layers(), true, address));
    document.undoStack()->undo();
    document.undoStack()->redo();
    QCOMPARE(changed.size(), 3 * 2); // the image's row, and all layers together
    QVERIFY(reset.isEmpty() && layout.isEmpty());
}

void TestScale::textsAreMadeOnce()
{
    ImageDocument document(test::vendorReference(), test::vendorImage());
    const ImageTreeModel model(&document);
    const QModelIndex layer = model.indexOf(NodePath::root().child(0).layerAt(1));
    const QString before = layer.data().toString();
    QVERIFY(document.setMarking({model.pathOf(layer)}, true, address));
    QVERIFY(layer.data(ImageTreeModel::EditedRole).toBool());
    QVERIFY(layer.data().toString().isSharedWith(before)); // the very same text, not one made alike
}

void TestScale::theSameFindingsAreNotLookedAtAgain()
{
    const ImageTree tree = test::vendorImage();
    const QList<document::Finding> findings = document::findingsOf(tree);
    QVERIFY(!findings.isEmpty());
    items::FindingsModel model;
    const QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
    model.setFindings(findings, tree);
    const qint64 before = allocations;
    for (int i = 0; i < 1000; ++i)
        model.setFindings(findings, tree);
    QVERIFY(allocations - before < 100);
    QCOMPARE(reset.size(), 1);
    model.setFindings(findings, test::flatImage(1)); // their places are called otherwise there
    QCOMPARE(reset.size(), 2);
}

void TestScale::platformsOfALargeIndex()
{
    const QByteArray none = R"({"schemaVersion":2,"manifests":[]})";
    document::ImageNode root = *document::ImageNode::read(oci::Descriptor::of(oci::MediaType::ociIndex(), none), none);
    const document::ImageNode image = test::flatImage(1).root();
    const auto platform = [](int i) {
        return oci::Platform{QStringLiteral("windows"), QStringLiteral("amd64"), {}, QString::number(i)};
    };
    for (int i = 0; i < 20'000; ++i) {
        document::ImageNode child = image;
        child.descriptor.platform = platform(i / 2);
        root.children.append(child);
    }
    const QList<oci::Platform> platforms = items::PlatformFilter::platformsOf(ImageTree(root));
    QCOMPARE(platforms.size(), 10'000);
    for (int i = 0; i < platforms.size(); ++i)
        QVERIFY(platforms.at(i) == platform(i));
}

QTEST_GUILESS_MAIN(TestScale)
#include "tst_scale.moc"
