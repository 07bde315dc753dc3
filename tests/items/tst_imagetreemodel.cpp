// SPDX-License-Identifier: Apache-2.0
#include "items/imagetreemodel.h"
#include "items/platformfilter.h"
#include "support/sampletree/sampletree.h"

#include <QAbstractItemModelTester>
#include <QSet>
#include <QSignalSpy>
#include <QTest>

using namespace colophon;
using document::NodePath;
using editing::ImageDocument;
using items::ImageTreeModel;
using Tester = QAbstractItemModelTester;

namespace {
NodePath layer(int entry, int number) { return NodePath::root().child(entry).layerAt(number); }
QString shown(const ImageTreeModel &model, const NodePath &path, int column)
{
    return model.indexOf(path, column).data().toString();
}
QString address(const oci::Descriptor &of) { return QStringLiteral("https://here.example/") + of.digest.hex(); }
} // namespace

class TestImageTreeModel : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void hasARowForEachNode();
    void namesLayersByTheirInstruction();
    void saysSizesWithoutDuplicates();
    void editsGoThroughTheDocument();
    void onlyWhatChangedIsAnnounced();
    void whatCannotBeToggledIsRefused();
    void unmarkingAndMarkingGivesTheOldAddressBack();
    void togglesTogether();
    void findsLayersAmongIndexes();
    void survivesItsDocument();
    void changesItsDocument();
    void tooltipsAreEscaped();
    void tenThousandLayers();
    void filtersPlatforms();
    void aRemovedPlatformStaysInSight();
    void saysWhereElseALayerStands();
    void annotationsAndFormatsAreEdits();
};

void TestImageTreeModel::hasARowForEachNode()
{
    ImageDocument document(test::vendorReference(), test::vendorImage());
    ImageTreeModel model(&document);
    Tester tester(&model, Tester::FailureReportingMode::QtTest);
    const QModelIndex root = model.index(0, 0);
    QCOMPARE(model.rowCount(), 1);
    QCOMPARE(root.data().toString(), QStringLiteral("index"));
    QCOMPARE(model.rowCount(root), 3);
    const QModelIndex amd = model.index(0, 0, root);
    QCOMPARE(amd.data().toString(), QStringLiteral("linux/amd64"));
    QCOMPARE(model.rowCount(amd), 4);
    QCOMPARE(model.index(0, 0, amd).data().toString(), QStringLiteral("config"));
    QCOMPARE(model.parent(model.index(2, 0, amd)), amd);
    for (const NodePath &path :
         {NodePath::root(), NodePath::root().child(1), NodePath::root().child(0).config(), layer(1, 1)})
        QCOMPARE(model.pathOf(model.indexOf(path)), path);
    QVERIFY(!model.indexOf(layer(7, 0)).isValid());
    QCOMPARE(shown(model, layer(0, 0), ImageTreeModel::MarkingColumn), QStringLiteral("Non-distributable"));
    QCOMPARE(shown(model, layer(0, 1), ImageTreeModel::MarkingColumn), QStringLiteral("Distributable"));
    QCOMPARE(shown(model, layer(0, 2), ImageTreeModel::MarkingColumn), QStringLiteral("Half-marked"));
    QCOMPARE(shown(model, layer(0, 0), ImageTreeModel::DigestColumn), oci::Digest::of("base").shortForm());
    QCOMPARE(model.indexOf(layer(0, 0), 3).data(Qt::AccessibleTextRole).toString(), oci::Digest::of("base").toString());
    QCOMPARE(model.indexOf(layer(0, 2)).data(items::SeverityRole).toInt(), int(document::Finding::Severity::Warn));
    QCOMPARE(model.indexOf(layer(0, 1)).data(items::SeverityRole).toInt(), -1);
}

void TestImageTreeModel::namesLayersByTheirInstruction()
{
    ImageDocument document(test::vendorReference(), test::vendorImage());
    const ImageTreeModel model(&document);
    QCOMPARE(shown(model, layer(0, 0), 0), QStringLiteral("0 ADD file:4612aa in /"));
    QCOMPARE(shown(model, layer(0, 1), 0), QStringLiteral("1 RUN apt-get install -y curl ca-certificates"));
    QCOMPARE(shown(model, layer(0, 2), 0), QStringLiteral("2 COPY app /app"));
    QVERIFY(model.indexOf(layer(0, 2)).data(ImageTreeModel::KnownRole).toBool());
    QCOMPARE(shown(model, layer(1, 1), 0), QStringLiteral("1 layer"));
    QVERIFY(!model.indexOf(layer(1, 1)).data(ImageTreeModel::KnownRole).toBool());
}

void TestImageTreeModel::saysSizesWithoutDuplicates()
{
    ImageDocument document(test::vendorReference(), test::vendorImage());
    const ImageTreeModel model(&document);
    const auto size = [&](const NodePath &path) {
        return model.indexOf(path).data(ImageTreeModel::SizeBytesRole).toLongLong();
    };
    const NodePath amd = NodePath::root().child(0);
    const NodePath arm = NodePath::root().child(1);
    QCOMPARE(size(amd), size(amd.config()) + 430'123'456 + 170'000'000 + 10'400'000);
    // The base is in both platforms and counted once.
    const qint64 extra = size(NodePath::root()) - size(amd) - (size(arm) - 430'123'456);
    QVERIFY(extra >= 0 && extra < 10'000); // the attestation's
    const double share = model.indexOf(layer(0, 0)).data(ImageTreeModel::SizeShareRole).toDouble();
    QVERIFY(share > 0.70 && share < 0.71);
    QCOMPARE(model.indexOf(amd).data(ImageTreeModel::SizeShareRole).toDouble(), -1.0);
}

void TestImageTreeModel::editsGoThroughTheDocument()
{
    ImageDocument document(test::vendorReference(), test::vendorImage());
    ImageTreeModel model(&document);
    model.setAddressOf(address);
    Tester tester(&model, Tester::FailureReportingMode::QtTest);
    const QPersistentModelIndex row = model.indexOf(layer(0, 1), ImageTreeModel::MarkingColumn);
    QVERIFY(model.setData(row, true, ImageTreeModel::MarkingRole));
    QCOMPARE(row.data().toString(), QStringLiteral("Non-distributable"));
    QCOMPARE(document.tree().descriptor(layer(0, 1))->urls,
             QStringList{address(*document.tree().descriptor(layer(0, 1)))});
    QVERIFY(row.data(ImageTreeModel::EditedRole).toBool());
    QCOMPARE(row.data(ImageTreeModel::OldValueRole).toString(), QStringLiteral("Distributable"));
    QVERIFY(row.data(Qt::ToolTipRole).toString().contains(QStringLiteral("Was: Distributable")));
    const QModelIndex manifest = model.indexOf(NodePath::root().child(0));
    QVERIFY(manifest.data(ImageTreeModel::EditedRole).toBool());
    QCOMPARE(manifest.data(ImageTreeModel::OldValueRole).toString(),
             document.original().descriptor(NodePath::root().child(0))->digest.toString());
    document.undoStack()->undo();
    QCOMPARE(row.data().toString(), QStringLiteral("Distributable"));
    QVERIFY(!row.data(ImageTreeModel::EditedRole).toBool());
    document.undoStack()->redo();
    QVERIFY(row.data(ImageTreeModel::EditedRole).toBool());
    QVERIFY(model.setData(row, Qt::Unchecked, Qt::CheckStateRole));
    QVERIFY(!document.isEdited());
}

void TestImageTreeModel::onlyWhatChangedIsAnnounced()
{
    ImageDocument document(test::vendorReference(), test::vendorImage());
    ImageTreeModel model(&document);
    model.setAddressOf(address);
    const QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
    const QSignalSpy layout(&model, &QAbstractItemModel::layoutChanged);
    const QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    QVERIFY(model.setData(model.indexOf(layer(0, 1)), true, ImageTreeModel::MarkingRole));
    QSet<QString> touched;
    for (const QList<QVariant> &signal : changed) {
        const auto first = signal.at(0).toModelIndex();
        const auto last = signal.at(1).toModelIndex();
        QCOMPARE(first.column(), 0);
        QCOMPARE(last.column(), int(ImageTreeModel::DigestColumn));
        for (int i = first.row(); i <= last.row(); ++i)
            touched << model.pathOf(model.index(i, 0, first.parent())).toString();
    }
    QVERIFY(touched.contains(layer(0, 1).toString()));
    QVERIFY(touched.contains(NodePath::root().toString()));
    QVERIFY(!touched.contains(layer(0, 0).toString()));
    QVERIFY(!touched.contains(layer(1, 1).toString()));
    QCOMPARE(reset.size() + layout.size() + inserted.size(), 0);
}

void TestImageTreeModel::whatCannotBeToggledIsRefused()
{
    ImageDocument document(test::vendorReference(), test::vendorImage());
    ImageTreeModel model(&document);
    const QSignalSpy refused(&model, &ImageTreeModel::editRefused);
    QVERIFY(!model.setData(model.indexOf(layer(2, 0)), true, ImageTreeModel::MarkingRole));
    QCOMPARE(refused.size(), 1);
    QVERIFY(!document.isEdited());
    QVERIFY(!model.setData(model.indexOf(NodePath::root()), true, ImageTreeModel::MarkingRole));
    QVERIFY(!items::whyNotMarkable(document, layer(2, 0)).isEmpty());
    QVERIFY(items::whyNotMarkable(document, layer(0, 0)).isEmpty());
}

void TestImageTreeModel::unmarkingAndMarkingGivesTheOldAddressBack()
{
    ImageDocument document(test::vendorReference(), test::vendorImage());
    ImageTreeModel model(&document);
    model.setAddressOf(address);
    QVERIFY(model.setData(model.indexOf(layer(0, 0)), false, ImageTreeModel::MarkingRole));
    QVERIFY(document.tree().descriptor(layer(0, 0))->urls.isEmpty());
    QVERIFY(document.tree().descriptor(layer(1, 0))->urls.isEmpty()); // the same digest, everywhere
    QVERIFY(model.setData(model.indexOf(layer(0, 0)), true, ImageTreeModel::MarkingRole));
    QVERIFY(!document.isEdited());
}

void TestImageTreeModel::togglesTogether()
{
    ImageDocument document(test::vendorReference(), test::vendorImage());
    const QList<NodePath> mixed{layer(0, 0), layer(0, 1)};
    QVERIFY(items::togglesToMarked(document, mixed));
    QVERIFY(items::setMarked(document, mixed, true, address));
    QVERIFY(!items::togglesToMarked(document, mixed));
    QCOMPARE(document.undoStack()->count(), 1);
    QVERIFY(items::setMarked(document, mixed, false, address));
    QCOMPARE(document.tree().descriptor(layer(0, 1))->marking(), oci::Marking::Distributable);
    QVERIFY(!items::setMarked(document, {}, true, address));
}

void TestImageTreeModel::findsLayersAmongIndexes()
{
    ImageDocument document(test::vendorReference(), test::vendorImage());
    const ImageTreeModel model(&document);
    const QModelIndexList indexes{model.indexOf(layer(1, 0)), model.indexOf(layer(0, 1), 2), model.indexOf(layer(0, 1)),
                                  model.indexOf(NodePath::root()), QModelIndex()};
    QCOMPARE(model.layersOf(indexes), (QList<NodePath>{layer(0, 1), layer(1, 0)}));
    // A selected image stands for its layers, unless some of them are selected; an index stands for nothing.
    const QModelIndex arm = model.indexOf(NodePath::root().child(1));
    QCOMPARE(model.layersOf({arm, model.indexOf(NodePath::root())}), (QList<NodePath>{layer(1, 0), layer(1, 1)}));
    QCOMPARE(model.layersOf({model.indexOf(layer(0, 2)), arm, model.indexOf(layer(1, 0))}),
             (QList<NodePath>{layer(0, 2), layer(1, 0)}));
}

void TestImageTreeModel::survivesItsDocument()
{
    auto document = std::make_unique<ImageDocument>(test::vendorReference(), test::vendorImage());
    ImageTreeModel model(document.get());
    Tester tester(&model, Tester::FailureReportingMode::QtTest);
    document.reset();
    QCOMPARE(model.rowCount(), 0);
}

void TestImageTreeModel::changesItsDocument()
{
    ImageDocument one(test::vendorReference(), test::vendorImage());
    ImageDocument other(test::vendorReference(), test::flatImage(2));
    ImageTreeModel model;
    Tester tester(&model, Tester::FailureReportingMode::QtTest);
    QCOMPARE(model.rowCount(), 0);
    model.setDocument(&one);
    model.setDocument(&other);
    QCOMPARE(model.rowCount(model.index(0, 0)), 3);
    const QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    QVERIFY(items::setMarked(one, {layer(0, 1)}, true, address));
    QCOMPARE(changed.size(), 0);
    model.setDocument(nullptr);
    QCOMPARE(model.rowCount(), 0);
}

void TestImageTreeModel::tooltipsAreEscaped()
{
    const QString hostile = QStringLiteral("<img src=\"x.png\"><b>x\u202E");
    ImageDocument document(test::vendorReference(), test::imageSaying(hostile));
    const ImageTreeModel model(&document);
    for (const NodePath &path : {NodePath::root(), NodePath::root().config(), NodePath::root().layerAt(0)}) {
        for (int column = 0; column < ImageTreeModel::ColumnCount; ++column) {
            const QModelIndex index = model.indexOf(path, column);
            const QString tip = index.data(Qt::ToolTipRole).toString();
            QVERIFY2(!tip.contains(QStringLiteral("<img")), qPrintable(tip));
            QVERIFY(!tip.contains(QStringLiteral("<b>")));
            QVERIFY(!index.data().toString().contains(QChar(0x202E)));
            QVERIFY(!index.data(Qt::AccessibleTextRole).toString().contains(QChar(0x202E)));
        }
    }
    QVERIFY(shown(model, NodePath::root().layerAt(0), 0).contains(QStringLiteral("<img"))); // as text it is shown
}

void TestImageTreeModel::tenThousandLayers()
{
    ImageDocument document(test::vendorReference(), test::flatImage(10'000));
    ImageTreeModel model(&document);
    QCOMPARE(model.rowCount(model.index(0, 0)), 10'001);
    const NodePath last = NodePath::root().layerAt(9'999);
    QCOMPARE(model.pathOf(model.indexOf(last)), last);
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    QVERIFY(model.setData(model.indexOf(last), true, ImageTreeModel::MarkingRole));
    QVERIFY(changed.size() < 5);
}

void TestImageTreeModel::filtersPlatforms()
{
    ImageDocument document(test::vendorReference(), test::vendorImage());
    ImageTreeModel model(&document);
    items::PlatformFilter filter;
    filter.setSourceModel(&model);
    Tester tester(&filter, Tester::FailureReportingMode::QtTest);
    const QList<oci::Platform> platforms = items::PlatformFilter::platformsOf(document.tree());
    QCOMPARE(platforms.size(), 2);
    QCOMPARE(filter.rowCount(filter.index(0, 0)), 3);
    filter.setPlatforms({platforms.at(1)});
    QCOMPARE(filter.rowCount(filter.index(0, 0)), 1);
    QCOMPARE(filter.index(0, 0, filter.index(0, 0)).data().toString(), QStringLiteral("linux/arm64"));
    QVERIFY(items::setMarked(document, {layer(1, 1)}, true, address)); // and follows edits
    document.undoStack()->undo();
    filter.setPlatforms({});
    QCOMPARE(filter.rowCount(filter.index(0, 0)), 3);

    ImageDocument single(test::vendorReference(), test::flatImage(1));
    model.setDocument(&single);
    filter.setPlatforms({platforms.at(1)});
    QCOMPARE(filter.rowCount(), 1); // a lone image is always shown
}

void TestImageTreeModel::aRemovedPlatformStaysInSight()
{
    ImageDocument document(test::vendorReference(), test::vendorImage());
    ImageTreeModel model(&document);
    const Tester tester(&model, Tester::FailureReportingMode::QtTest);
    const NodePath arm = NodePath::root().child(1);
    QVERIFY(document.removePlatforms({arm}));
    for (const NodePath &path : {arm, arm.config(), arm.layerAt(0)}) {
        const QModelIndex index = model.indexOf(path);
        QVERIFY(index.data(items::GoneRole).toBool());
        QCOMPARE(index.data(items::ToneRole).toInt(), int(items::Tone::Muted));
        QVERIFY(index.data(Qt::AccessibleTextRole).toString().contains(QStringLiteral("removed")));
        QVERIFY(index.data(Qt::ToolTipRole).toString().contains(QStringLiteral("Undo")));
    }
    QCOMPARE(model.indexOf(arm, ImageTreeModel::MarkingColumn).data().toString(), QStringLiteral("Removed"));
    QVERIFY(model.indexOf(arm).data(ImageTreeModel::EditedRole).toBool());
    QVERIFY(!model.indexOf(NodePath::root().child(0)).data(items::GoneRole).toBool());
    document.undoStack()->undo();
    QVERIFY(!model.indexOf(arm).data(items::GoneRole).toBool());
    QVERIFY(!model.indexOf(arm.layerAt(0)).data(items::GoneRole).toBool());
}

void TestImageTreeModel::saysWhereElseALayerStands()
{
    ImageDocument document(test::vendorReference(), test::vendorImage());
    const ImageTreeModel model(&document);
    const QString tip = model.indexOf(layer(0, 0)).data(Qt::ToolTipRole).toString();
    QVERIFY2(tip.contains(QStringLiteral("Also layer 0 of linux/arm64")), qPrintable(tip));
    QVERIFY(!model.indexOf(layer(0, 1)).data(Qt::ToolTipRole).toString().contains(QStringLiteral("Also")));
}

void TestImageTreeModel::annotationsAndFormatsAreEdits()
{
    using Where = document::SetAnnotation::Where;
    ImageDocument document(test::vendorReference(), test::vendorImage());
    const ImageTreeModel model(&document);
    const auto was = [&](const NodePath &path) {
        const QModelIndex index = model.indexOf(path);
        return index.data(ImageTreeModel::EditedRole).toBool() ? index.data(ImageTreeModel::OldValueRole).toString()
                                                               : QStringLiteral("not edited");
    };
    const NodePath config = NodePath::root().child(0).config();
    const NodePath arm = NodePath::root().child(1);
    for (const NodePath &path : {layer(0, 1), config, arm})
        QVERIFY(document.setAnnotation(path, Where::Descriptor, QStringLiteral("a"), QStringLiteral("1")));
    QCOMPARE(was(layer(0, 1)), QStringLiteral("other annotations"));
    QCOMPARE(was(config), QStringLiteral("other annotations"));
    QCOMPARE(was(arm), QStringLiteral("other annotations")); // its own digest stays
    QCOMPARE(was(layer(0, 2)), QStringLiteral("not edited"));
    QVERIFY(document.setFamily(oci::MediaType::Family::Oci));
    QCOMPARE(was(layer(1, 1)), QStringLiteral("application/vnd.docker.image.rootfs.diff.tar.gzip"));
}

QTEST_GUILESS_MAIN(TestImageTreeModel)
#include "tst_imagetreemodel.moc"
