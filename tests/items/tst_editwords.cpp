// SPDX-License-Identifier: Apache-2.0
#include "items/editwords.h"
#include "support/sampletree/sampletree.h"

#include <QTest>

using namespace colophon;
using document::NodePath;
using editing::ImageDocument;
using Family = oci::MediaType::Family;
using Where = document::SetAnnotation::Where;

class TestEditWords : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void countsWhatAPersonDid();
    void whatChangesFormat();
};

void TestEditWords::countsWhatAPersonDid()
{
    const NodePath root = NodePath::root();
    ImageDocument document(test::vendorReference(), test::vendorImage());
    QCOMPARE(items::editsInWords(document), QStringLiteral("No edits"));
    QVERIFY(document.setMarking({root.child(0).layerAt(0)}, false, QStringList()));
    QCOMPARE(items::editsInWords(document), QStringLiteral("1 layer edited")); // though it stands in two platforms
    QVERIFY(document.setAnnotation(root, Where::Document, QStringLiteral("a"), QStringLiteral("1")));
    QVERIFY(document.setFamily(Family::Oci));
    QCOMPARE(items::editsInWords(document), QStringLiteral("1 layer edited · 1 annotation · OCI format"));
    QVERIFY(document.setMarking({root.child(0).layerAt(1)}, true, {QStringLiteral("https://x.example/a")}));
    QVERIFY(document.setAnnotation(root.child(1), Where::Document, QStringLiteral("a"), QStringLiteral("1")));
    QVERIFY(document.removePlatforms({root.child(1)}));
    // What was edited in a platform that went with it no longer counts.
    QCOMPARE(items::editsInWords(document),
             QStringLiteral("2 layers edited · 1 annotation · OCI format · 1 entry removed"));
}

void TestEditWords::whatChangesFormat()
{
    ImageDocument document(test::vendorReference(), test::vendorImage());
    QVERIFY(items::changesFamily(document, Family::Oci));
    QVERIFY(!items::changesFamily(document, Family::Docker));
    const QString words = items::familyInWords(document, Family::Oci);
    QVERIFY2(words.contains(QStringLiteral("2 manifests")) && words.contains(QStringLiteral("marking")),
             qPrintable(words));
    QVERIFY(items::familyInWords(document, Family::Docker).contains(QStringLiteral("Annotations")));
    QVERIFY(document.setFamily(Family::Oci));
    QVERIFY(!items::changesFamily(document, Family::Oci));
    QVERIFY(items::changesFamily(document, Family::Docker)); // back again
}

QTEST_GUILESS_MAIN(TestEditWords)
#include "tst_editwords.moc"
