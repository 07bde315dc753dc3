// SPDX-License-Identifier: Apache-2.0
#include "items/layersmodel.h"
#include "support/sampletree/sampletree.h"

#include <QAbstractItemModelTester>
#include <QTest>

using namespace colophon;
using document::NodePath;
using items::LayersModel;

namespace {
const NodePath baseLayer = NodePath::root().child(0).layerAt(0);
const NodePath baseOfArm = NodePath::root().child(1).layerAt(0);
} // namespace

class TestLayersModel : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void oneRowForOneContent();
    void whereElseALayerStands();
};

void TestLayersModel::oneRowForOneContent()
{
    const document::ImageTree tree = test::vendorImage();
    LayersModel model;
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setLayers(tree, {baseLayer, baseOfArm, NodePath::root().child(1).layerAt(1), NodePath::root().child(0)});
    QCOMPARE(model.rowCount(), 2);
    QCOMPARE(model.index(0, LayersModel::LayerColumn).data().toString(),
             QStringLiteral("Layer 0 of linux/amd64, also layer 0 of linux/arm64"));
    QCOMPARE(model.index(0, LayersModel::InstructionColumn).data().toString(), QStringLiteral("ADD file:4612aa in /"));
    QCOMPARE(model.index(0, LayersModel::SizeColumn).data().toString(), QStringLiteral("430.1 MB"));
    QCOMPARE(model.index(0, 0).data(items::NodePathRole).value<NodePath>(), baseLayer);
    QVERIFY(model.index(1, LayersModel::InstructionColumn).data().toString().isEmpty()); // not known
    model.setLayers({}, {});
    QCOMPARE(model.rowCount(), 0);
}

void TestLayersModel::whereElseALayerStands()
{
    const document::ImageTree tree = test::vendorImage();
    QVERIFY(items::alsoInWords(tree, baseLayer).startsWith(QStringLiteral("Also layer 0 of linux/arm64")));
    QVERIFY(items::alsoInWords(tree, baseOfArm).startsWith(QStringLiteral("Also layer 0 of linux/amd64")));
    QVERIFY(items::alsoInWords(tree, NodePath::root().child(0).layerAt(1)).isEmpty());
    QVERIFY(items::alsoInWords(tree, NodePath::root()).isEmpty());
}

QTEST_GUILESS_MAIN(TestLayersModel)
#include "tst_layersmodel.moc"
