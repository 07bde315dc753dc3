// SPDX-License-Identifier: Apache-2.0
#include "items/addresses.h"
#include "items/appearance.h"
#include "support/sampletree/sampletree.h"

#include <QAbstractItemModelTester>
#include <QTest>

using namespace colophon;
using document::NodePath;
using editing::ImageDocument;
using items::AddressPreview;
using items::AddressTemplates;

namespace {
const NodePath baseLayer = NodePath::root().child(0).layerAt(0);
const NodePath install = NodePath::root().child(0).layerAt(1);
const NodePath baseOfArm = NodePath::root().child(1).layerAt(0); // the same content as base
const QString present = QStringLiteral("https://dl.vendor.example/base/4612.tar.gz");

AddressTemplates templates(const QStringList &lines, bool keepsPresent = false)
{
    return {lines, QStringLiteral("registry.example"), QStringLiteral("vendor/app"), keepsPresent};
}
} // namespace

class TestAddresses : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void fillsInForEachLayer();
    void keepsWhatIsThere();
    void whatIsWrong_data();
    void whatIsWrong();
    void oneAddressForTwoContents();
    void aTemplateFromAnAddress();
    void setsThemInOneStep();
    void aBadTemplateChangesNothing();
    void previewsWhatEachGets();
    void previewsNoMoreThanCanBeRead();
};

void TestAddresses::fillsInForEachLayer()
{
    const document::ImageTree tree = test::vendorImage();
    const auto layer = *tree.descriptor(install);
    const auto addresses = templates({QStringLiteral("https://{registry}/{repository}/{hex}"),
                                      QStringLiteral("http://b.example/{algorithm}/{digest}")})
                               .addressesOf(layer);
    QVERIFY(addresses);
    QCOMPARE(*addresses, (QStringList{QStringLiteral("https://registry.example/vendor/app/") + layer.digest.hex(),
                                      QStringLiteral("http://b.example/sha256/") + layer.digest.toString()}));
}

void TestAddresses::keepsWhatIsThere()
{
    const document::ImageTree tree = test::vendorImage();
    const auto kept = templates({QStringLiteral("https://new.example/{hex}"), present}, true)
                          .addressesOf(*tree.descriptor(baseLayer));
    QVERIFY(kept);
    QCOMPARE(kept->first(), present);
    QCOMPARE(kept->size(), 2); // none twice
}

void TestAddresses::whatIsWrong_data()
{
    QTest::addColumn<QStringList>("lines");
    QTest::newRow("nothing") << QStringList();
    QTest::newRow("another scheme") << QStringList{QStringLiteral("ftp://x.example/{hex}")};
    QTest::newRow("a fragment") << QStringList{QStringLiteral("https://x.example/{hex}#a")};
    QTest::newRow("a password") << QStringList{QStringLiteral("https://u:p@x.example/{hex}")};
    QTest::newRow("no host") << QStringList{QStringLiteral("https:///{hex}")};
    QTest::newRow("an unknown name") << QStringList{QStringLiteral("https://x.example/{tag}")};
    QTest::newRow("an open brace") << QStringList{QStringLiteral("https://x.example/{hex")};
    QTest::newRow("the second") << QStringList{QStringLiteral("https://x.example/{hex}"), QStringLiteral("x")};
}

void TestAddresses::whatIsWrong()
{
    QFETCH(const QStringList, lines);
    const document::ImageTree tree = test::vendorImage();
    const auto checked = templates(lines).check({*tree.descriptor(baseLayer)});
    QVERIFY(!checked);
    QVERIFY(!checked.error().message.isEmpty());
    QVERIFY(!checked.error().hint.isEmpty());
    QVERIFY(!checked.error().text().contains(QStringLiteral("u:p")));
}

void TestAddresses::oneAddressForTwoContents()
{
    const document::ImageTree tree = test::vendorImage();
    const AddressTemplates same = templates({QStringLiteral("https://x.example/layer.tar.gz")});
    QVERIFY(same.check({*tree.descriptor(baseLayer)}));
    const auto both = same.check({*tree.descriptor(baseLayer), *tree.descriptor(install)});
    QVERIFY(!both);
    QVERIFY(both.error().hint.contains(QStringLiteral("{hex}")));
}

void TestAddresses::aTemplateFromAnAddress()
{
    const oci::Digest digest = oci::Digest::of("a");
    QCOMPARE(items::templateFrom(QStringLiteral("https://r.example/v2/a/blobs/") + digest.toString(), digest),
             QStringLiteral("https://r.example/v2/a/blobs/{digest}"));
    QCOMPARE(items::templateFrom(QStringLiteral("https://r.example/") + digest.hex(), digest),
             QStringLiteral("https://r.example/{hex}"));
    QCOMPARE(items::templateFrom(present, digest), present);
    for (const QString &name : items::templateNames())
        QVERIFY2(templates({QStringLiteral("https://x.example/") + name})
                     .check({test::vendorImage().descriptor(baseLayer).value()}),
                 qPrintable(name));
}

void TestAddresses::setsThemInOneStep()
{
    ImageDocument document(test::vendorReference(), test::vendorImage());
    QVERIFY(
        items::setAddresses(document, {baseLayer, install}, templates({QStringLiteral("https://x.example/{hex}")})));
    QCOMPARE(document.undoStack()->count(), 1);
    for (const NodePath &path : {baseLayer, install, baseOfArm}) {
        const auto layer = *document.tree().descriptor(path);
        QCOMPARE(layer.marking(), oci::Marking::NonDistributable);
        QCOMPARE(layer.urls, QStringList{QStringLiteral("https://x.example/") + layer.digest.hex()});
    }
    document.undoStack()->undo();
    QVERIFY(!document.isEdited());
}

void TestAddresses::aBadTemplateChangesNothing()
{
    ImageDocument document(test::vendorReference(), test::vendorImage());
    QVERIFY(!items::setAddresses(document, {baseLayer}, templates({QStringLiteral("https://x.example/{nope}")})));
    QVERIFY(!items::setAddresses(document, {baseLayer}, templates({})));
    QCOMPARE(document.undoStack()->count(), 0);
}

void TestAddresses::previewsWhatEachGets()
{
    const document::ImageTree tree = test::vendorImage();
    AddressPreview preview;
    const QAbstractItemModelTester tester(&preview, QAbstractItemModelTester::FailureReportingMode::QtTest);
    preview.setLayers(tree, {baseLayer, install, baseOfArm});
    QCOMPARE(preview.layers().size(), 2); // what stands in two places is one decision
    QCOMPARE(preview.rowCount(), 0);
    preview.setTemplates(templates({QStringLiteral("https://x.example/{hex}")}, true));
    QCOMPARE(preview.rowCount(), 3);
    QCOMPARE(preview.index(0, 0).data().toString(),
             QStringLiteral("Layer 0 of linux/amd64, also layer 0 of linux/arm64"));
    QCOMPARE(preview.index(0, 1).data().toString(), present);
    QCOMPARE(preview.index(0, 1).data(items::ToneRole).toInt(), int(items::Tone::Muted)); // it has that one
    QVERIFY(preview.index(1, 0).data().toString().isEmpty());
    QVERIFY(!preview.index(1, 0).data(Qt::AccessibleTextRole).toString().isEmpty());
    QCOMPARE(preview.index(1, 1).data(items::ToneRole).toInt(), int(items::Tone::Plain));
    QCOMPARE(preview.index(2, 0).data().toString(), QStringLiteral("Layer 1 of linux/amd64"));
    preview.setTemplates(templates({QStringLiteral("https://x.example/{")}));
    QCOMPARE(preview.rowCount(), 0);
}

void TestAddresses::previewsNoMoreThanCanBeRead()
{
    const document::ImageTree tree = test::flatImage(1000);
    AddressPreview preview;
    preview.setLayers(tree, tree.layers());
    preview.setTemplates(templates({QStringLiteral("https://x.example/{hex}")}));
    QCOMPARE(preview.rowCount(), AddressPreview::most);
    QCOMPARE(preview.notShown(), 1000 - AddressPreview::most);
}

QTEST_GUILESS_MAIN(TestAddresses)
#include "tst_addresses.moc"
