// SPDX-License-Identifier: Apache-2.0
#include "support/sampletree/sampletree.h"
#include "widgets/inspector/addressesdialog.h"

#include <QApplication>
#include <QCheckBox>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPointer>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

using namespace colophon;
using document::NodePath;
using editing::ImageDocument;
using widgets::AddressesDialog;

namespace {
const NodePath baseLayer = NodePath::root().child(0).layerAt(0);
const NodePath install = NodePath::root().child(0).layerAt(1);
const QString lastUsed = QStringLiteral("https://last.example/{hex}");
const QString present = QStringLiteral("https://dl.vendor.example/base/4612.tar.gz");
QString address(const oci::Descriptor &of)
{
    return QStringLiteral("https://registry.example/v2/vendor/app/blobs/") + of.digest.toString();
}
} // namespace

class TestAddressesDialog : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void setsAddressesOfSeveralLayers();
    void judgesWhileItIsTyped();
    void beginsWithWhatIsThere();
    void insertsNames();
    void keepsWhatTheyHave();
    void saysWhatIsPassedBy();
    void cancelChangesNothing();
    void goesWithItsDocument();

private:
    AddressesDialog *open(const QList<NodePath> &layers, const QStringList &last = {});
    void type(const QString &text);
    std::unique_ptr<ImageDocument> m_document;
    QPointer<AddressesDialog> m_dialog;
};

void TestAddressesDialog::init()
{
    m_document = std::make_unique<ImageDocument>(test::vendorReference(), test::vendorImage());
}

void TestAddressesDialog::cleanup()
{
    delete m_dialog;
    m_document.reset();
}

AddressesDialog *TestAddressesDialog::open(const QList<NodePath> &layers, const QStringList &last)
{
    delete m_dialog;
    m_dialog = new AddressesDialog(m_document.get(), items::markable(*m_document, layers), last, address);
    m_dialog->show();
    return QTest::qWaitForWindowActive(m_dialog) ? m_dialog.data() : nullptr;
}

void TestAddressesDialog::type(const QString &text)
{
    m_dialog->templates()->selectAll();
    QTest::keyClicks(m_dialog->templates(), text);
}

void TestAddressesDialog::setsAddressesOfSeveralLayers()
{
    QVERIFY(open({baseLayer, install}));
    QCOMPARE(QApplication::focusWidget(), m_dialog->templates());
    type(QStringLiteral("https://a.example/{hex}"));
    QTest::keyClick(m_dialog->templates(), Qt::Key_Return); // a new line, not the button
    QTest::keyClicks(m_dialog->templates(), QStringLiteral("https://b.example/{registry}/{digest}"));
    QVERIFY2(m_dialog->problem().isEmpty(), qPrintable(m_dialog->problem()));
    QCOMPARE(m_dialog->preview()->rowCount(), 4);
    const QSignalSpy set(m_dialog, &AddressesDialog::addressesSet);
    m_dialog->setButton()->click();
    QCOMPARE(set.size(), 1);
    QCOMPARE(set.at(0).at(0).toStringList(), (QStringList{QStringLiteral("https://a.example/{hex}"),
                                                          QStringLiteral("https://b.example/{registry}/{digest}")}));
    QCOMPARE(m_document->undoStack()->count(), 1);
    for (const NodePath &path : {baseLayer, install}) {
        const auto layer = *m_document->tree().descriptor(path);
        QVERIFY(layer.mediaType.isNonDistributable());
        QCOMPARE(layer.urls, (QStringList{QStringLiteral("https://a.example/") + layer.digest.hex(),
                                          QStringLiteral("https://b.example/%1/%2")
                                              .arg(test::vendorReference().registry(), layer.digest.toString())}));
    }
}

void TestAddressesDialog::judgesWhileItIsTyped()
{
    QVERIFY(open({baseLayer, install}, {lastUsed}));
    QVERIFY(m_dialog->setButton()->isEnabled());
    for (const auto *bad : {"ftp://a.example/{hex}", "https://u:secret@a.example/{hex}", "https://a.example/{hex}#x",
                            "https://a.example/{name}", "https://a.example/same"}) {
        type(QString::fromLatin1(bad));
        QVERIFY2(!m_dialog->setButton()->isEnabled(), bad);
        QVERIFY2(m_dialog->problem().size() > 10, bad);
        QVERIFY(!m_dialog->problem().contains(QStringLiteral("secret")));
        QCOMPARE(m_dialog->preview()->rowCount(), 0);
        m_dialog->accept(); // Return somewhere: nothing happens
        QVERIFY(m_dialog->isVisible());
    }
    QVERIFY(!m_document->isEdited());
    type(QStringLiteral("https://a.example/{hex}"));
    QVERIFY(m_dialog->problem().isEmpty());
}

void TestAddressesDialog::beginsWithWhatIsThere()
{
    QVERIFY(open({install}));
    QCOMPARE(m_dialog->templates()->toPlainText(),
             QStringLiteral("https://registry.example/v2/vendor/app/blobs/{digest}"));
    QVERIFY(m_dialog->setButton()->text().contains(QStringLiteral("Mark")));
    QVERIFY(open({install}, {lastUsed}));
    QCOMPARE(m_dialog->templates()->toPlainText(), lastUsed);
    QVERIFY(open({baseLayer}, {lastUsed})); // which has one
    QCOMPARE(m_dialog->templates()->toPlainText(), present);
    QVERIFY(!m_dialog->setButton()->text().contains(QStringLiteral("Mark")));
}

void TestAddressesDialog::insertsNames()
{
    QVERIFY(open({install}));
    type(QStringLiteral("https://a.example/"));
    QStringList names;
    for (QToolButton *button : m_dialog->findChildren<QToolButton *>()) {
        if (!button->text().startsWith(QLatin1Char('{')))
            continue;
        names << button->text();
        QVERIFY(!button->accessibleName().isEmpty());
        if (button->text() == QLatin1String("{hex}"))
            button->click();
    }
    QCOMPARE(names, items::templateNames());
    QCOMPARE(m_dialog->templates()->toPlainText(), QStringLiteral("https://a.example/{hex}"));
    QVERIFY(m_dialog->templates()->hasFocus());
}

void TestAddressesDialog::keepsWhatTheyHave()
{
    QVERIFY(open({install}));
    QVERIFY(!m_dialog->keepPresent()->isVisible()); // it has none
    QVERIFY(open({baseLayer}));
    type(QStringLiteral("https://a.example/{hex}"));
    m_dialog->keepPresent()->click();
    QCOMPARE(m_dialog->preview()->rowCount(), 2);
    m_dialog->setButton()->click();
    QCOMPARE(m_document->tree().descriptor(baseLayer)->urls.size(), 2);
    QCOMPARE(m_document->tree().descriptor(baseLayer)->urls.first(), present);
}

void TestAddressesDialog::saysWhatIsPassedBy()
{
    QVERIFY(open({install, NodePath::root().child(2).layerAt(0)}));
    const auto *passed = m_dialog->findChild<QLabel *>(QStringLiteral("passedBy"));
    QVERIFY(passed && passed->isVisible());
    QVERIFY(passed->text().contains(QStringLiteral("attestation")));
    QCOMPARE(m_dialog->preview()->layers().size(), 1);
}

void TestAddressesDialog::cancelChangesNothing()
{
    QVERIFY(open({install}));
    QTest::keyClick(m_dialog->templates(), Qt::Key_Escape);
    QTRY_VERIFY(!m_dialog);
    QVERIFY(!m_document->isEdited());
}

void TestAddressesDialog::goesWithItsDocument()
{
    QVERIFY(open({install}));
    m_document.reset();
    QTRY_VERIFY(!m_dialog);
}

QTEST_MAIN(TestAddressesDialog)
#include "tst_addressesdialog.moc"
