// SPDX-License-Identifier: Apache-2.0
#include "items/marking.h"
#include "support/sampletree/sampletree.h"

#include <QTest>

using namespace colophon;
using document::NodePath;
using editing::ImageDocument;

namespace {
const NodePath root = NodePath::root();
const NodePath baseLayer = root.child(0).layerAt(0);
const NodePath install = root.child(0).layerAt(1);
const NodePath sbom = root.child(2).layerAt(0);
QString address(const oci::Descriptor &of) { return QStringLiteral("https://here.example/") + of.digest.hex(); }
} // namespace

class TestMarking : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void marksTogetherInOneStep();
    void passesByWhatCannotBeMarked();
    void nothingOfItCanBeMarked();
    void removedLayersAreNotMarked();
};

void TestMarking::marksTogetherInOneStep()
{
    ImageDocument document(test::vendorReference(), test::vendorImage());
    const auto done = items::setMarkedTogether(document, {baseLayer, install}, true, address);
    QVERIFY(done);
    QCOMPARE(done->layers, (QList<NodePath>{baseLayer, install, root.child(1).layerAt(0)})); // its other place, too
    QCOMPARE(document.undoStack()->count(), 1);
    QCOMPARE(items::markedInWords(document.tree(), *done, true),
             QStringLiteral("2 layers marked as non-distributable, in 3 places"));
    const auto one = items::setMarkedTogether(document, {install}, false, address);
    QCOMPARE(items::markedInWords(document.tree(), *one, false),
             QStringLiteral("Layer 1 of linux/amd64 marked as distributable"));
}

void TestMarking::passesByWhatCannotBeMarked()
{
    ImageDocument document(test::vendorReference(), test::vendorImage());
    const auto done = items::setMarkedTogether(document, {install, sbom}, true, address);
    QVERIFY(done);
    QCOMPARE(done->layers, QList<NodePath>{install});
    QCOMPARE(done->passedBy.size(), 1);
    QVERIFY2(done->passedBy.first().contains(QStringLiteral("attestation")), qPrintable(done->passedBy.first()));
    QVERIFY(
        items::markedInWords(document.tree(), *done, true).contains(QStringLiteral("attestation is passed by: it is")));
    QVERIFY(!document.tree().descriptor(sbom)->mediaType.isNonDistributable());
}

void TestMarking::nothingOfItCanBeMarked()
{
    ImageDocument document(test::vendorReference(), test::vendorImage());
    const auto one = items::setMarkedTogether(document, {sbom}, true, address);
    QVERIFY(!one);
    QVERIFY(one.error().message.startsWith(QStringLiteral("It is an attestation")));
    QVERIFY(!items::setMarkedTogether(document, {}, true, address));
    QCOMPARE(document.undoStack()->count(), 0);
}

void TestMarking::removedLayersAreNotMarked()
{
    ImageDocument document(test::vendorReference(), test::vendorImage());
    const NodePath arm = root.child(1).layerAt(1);
    QVERIFY(document.removePlatforms({root.child(1)}));
    QVERIFY(items::whyNotMarkable(document, arm).contains(QStringLiteral("removed")));
    const auto done = items::setMarkedTogether(document, {install, arm}, true, address);
    QVERIFY(done);
    QCOMPARE(done->layers, QList<NodePath>{install});
    QVERIFY(done->passedBy.first().contains(QStringLiteral("removed")));
}

QTEST_GUILESS_MAIN(TestMarking)
#include "tst_marking.moc"
