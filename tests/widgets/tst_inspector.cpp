// SPDX-License-Identifier: Apache-2.0
#include "items/urlsmodel.h"
#include "support/sampletree/sampletree.h"
#include "widgets/common/errorstrip.h"
#include "widgets/common/wrappingtabs.h"
#include "widgets/inspector/findingspane.h"
#include "widgets/inspector/inspector.h"
#include "widgets/inspector/jsonview.h"
#include "widgets/inspector/overviewpane.h"

#include <QAbstractButton>
#include <QApplication>
#include <QClipboard>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QSignalSpy>
#include <QTest>
#include <QTreeView>

using namespace colophon;
using document::NodePath;
using editing::ImageDocument;
using widgets::Inspector;
using widgets::JsonText;

namespace {
const NodePath baseLayer = NodePath::root().child(0).layerAt(0);
const NodePath install = NodePath::root().child(0).layerAt(1);
QString address(const oci::Descriptor &of) { return QStringLiteral("https://here.example/") + of.digest.hex(); }

QStringList labels(const QWidget &widget)
{
    QStringList texts;
    for (const QLabel *label : widget.findChildren<QLabel *>())
        texts << label->text();
    return texts;
}
} // namespace

class TestInspector : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void emptyWithoutAnImage();
    void marksByTheRadioButtons();
    void whatCannotBeMarkedSaysWhy();
    void addsAnAddressByTyping();
    void askingTheAddresses();
    void anAnswerIsShownWhole();
    void saysWhereElseTheLayerStands();
    void theJsonShowsTheNodesSpan();
    void theJsonIsExact();
    void searches();
    void mends();
    void theEndOfTheSpanIsInView();
    void saysSignaturesInWords();
    void noTextFromOutsideIsMarkup();
    void everythingHasAName();
    void aLargeDocumentIsShown();
    void survivesItsDocument();

private:
    std::unique_ptr<ImageDocument> m_document;
    std::unique_ptr<Inspector> m_inspector;
};

void TestInspector::init()
{
    m_document = std::make_unique<ImageDocument>(test::vendorReference(), test::vendorImage());
    m_inspector = std::make_unique<Inspector>();
    m_inspector->resize(360, 600);
    m_inspector->setAddressOf(address);
    m_inspector->setDocument(m_document.get());
    m_inspector->show();
    QVERIFY(QTest::qWaitForWindowActive(m_inspector.get()));
}

void TestInspector::cleanup()
{
    m_inspector.reset();
    m_document.reset();
}

void TestInspector::emptyWithoutAnImage()
{
    m_inspector->setDocument(nullptr);
    QVERIFY(!m_inspector->tabs()->isVisible());
    QVERIFY(labels(*m_inspector).contains(QStringLiteral("What is selected in the image is explained here.")));
}

void TestInspector::marksByTheRadioButtons()
{
    m_inspector->setCurrent(install);
    QVERIFY(m_inspector->overview()->distributable()->isChecked());
    m_inspector->overview()->nonDistributable()->click();
    QVERIFY(m_document->tree().descriptor(install)->mediaType.isNonDistributable());
    QCOMPARE(m_inspector->overview()->urls()->addresses(),
             QStringList{address(*m_document->tree().descriptor(install))});
    m_document->undoStack()->undo();
    QVERIFY(m_inspector->overview()->distributable()->isChecked());
    m_inspector->overview()->distributable()->setFocus();
    QTest::keyClick(m_inspector->overview()->distributable(), Qt::Key_Right);
    QVERIFY(m_inspector->overview()->nonDistributable()->isChecked());
    QVERIFY(m_document->isEdited());
}

void TestInspector::whatCannotBeMarkedSaysWhy()
{
    m_inspector->setCurrent(NodePath::root().child(2).layerAt(0));
    QVERIFY(!m_inspector->overview()->nonDistributable()->isEnabled());
    QVERIFY(labels(*m_inspector).join(QLatin1Char(' ')).contains(QStringLiteral("attestation")));
    m_inspector->setCurrent(NodePath::root());
    QVERIFY(!m_inspector->overview()->nonDistributable()->isVisible());
}

void TestInspector::addsAnAddressByTyping()
{
    m_inspector->setCurrent(baseLayer);
    auto *overview = m_inspector->overview();
    overview->addAddress();
    auto *editor = overview->addressView()->findChild<QLineEdit *>();
    QVERIFY(editor);
    QTest::keyClicks(editor, QStringLiteral("ftp://x.example"));
    // Said while it is typed.
    QVERIFY2(overview->addressText().contains(QStringLiteral("cannot be a layer's address")),
             qPrintable(overview->addressText()));
    QTest::keyClick(editor, Qt::Key_Return);
    const auto *strip = m_inspector->findChild<widgets::ErrorStrip *>();
    QTRY_VERIFY(strip->isVisible());
    QVERIFY(!m_document->isEdited());
    QVERIFY2(overview->addressText().contains(QStringLiteral("http")), qPrintable(overview->addressText()));
    QCOMPARE(overview->urls()->rowCount(), 2); // what was typed is not lost
    overview->addressView()->edit(overview->urls()->index(1, 0));
    QTRY_VERIFY((editor = overview->addressView()->findChild<QLineEdit *>()));
    editor->selectAll();
    QTest::keyClicks(editor, QStringLiteral("https://x.example/b"));
    QTest::keyClick(editor, Qt::Key_Return);
    QTRY_COMPARE(m_document->tree().descriptor(baseLayer)->urls.size(), 2);
    QVERIFY(!strip->isVisible());
    // Escape leaves nothing behind.
    overview->addAddress();
    QTRY_VERIFY((editor = overview->addressView()->findChild<QLineEdit *>()));
    QTest::keyClick(editor, Qt::Key_Escape);
    QTRY_COMPARE(overview->urls()->rowCount(), 2);
}

void TestInspector::askingTheAddresses()
{
    m_inspector->setCurrent(baseLayer);
    const QSignalSpy asked(m_inspector.get(), &Inspector::probeRequested);
    for (auto *button : m_inspector->findChildren<QPushButton *>()) {
        if (button->text() == QStringLiteral("&Probe"))
            button->click();
    }
    QCOMPARE(asked.size(), 1);
    QCOMPARE(asked.at(0).at(0).value<QList<NodePath>>(), QList<NodePath>{baseLayer});
    content::UrlProbe probe;
    probe.url = m_document->tree().descriptor(baseLayer)->urls.first();
    probe.verdict = content::UrlProbe::Verdict::Reachable;
    m_inspector->setProbe(m_document->tree().descriptor(baseLayer)->digest, probe);
    QCOMPARE(m_inspector->overview()->urls()->index(0, 1).data().toString(), QStringLiteral("Reachable"));
}

void TestInspector::anAnswerIsShownWhole()
{
    m_inspector->setCurrent(baseLayer);
    const oci::Digest digest = m_document->tree().descriptor(baseLayer)->digest;
    const QString url = m_document->tree().descriptor(baseLayer)->urls.first();
    auto *overview = m_inspector->overview();
    QCOMPARE(overview->addressText(), url);
    m_inspector->setProbing(digest, url);
    const QSignalSpy stopped(m_inspector.get(), &Inspector::probeStopRequested);
    overview->probeButton()->click();
    QCOMPARE(stopped.size(), 1);
    content::UrlProbe probe;
    probe.url = url;
    probe.verdict = content::UrlProbe::Verdict::NeedsCredentials;
    probe.reason = QStringLiteral("dl.vendor.example wants credentials (401).");
    m_inspector->setProbe(digest, probe);
    QVERIFY2(overview->addressText().startsWith(url + QLatin1Char('\n') + probe.reason),
             qPrintable(overview->addressText()));
    QVERIFY(overview->addressText().contains(QStringLiteral("Pulls fail here")));
    const QSignalSpy asked(m_inspector.get(), &Inspector::probeRequested);
    overview->probeButton()->click(); // it was answered: the button asks again
    QCOMPARE(asked.size(), 1);
    m_inspector->setCurrent(install); // which has none
    QVERIFY(overview->addressText().isEmpty());
}

void TestInspector::saysWhereElseTheLayerStands()
{
    m_inspector->setCurrent(baseLayer);
    QVERIFY(labels(*m_inspector).join(QLatin1Char(' ')).contains(QStringLiteral("Also layer 0 of linux/arm64")));
    m_inspector->setCurrent(install);
    QVERIFY(!labels(*m_inspector).join(QLatin1Char(' ')).contains(QStringLiteral("Also layer")));
}

void TestInspector::theJsonShowsTheNodesSpan()
{
    m_inspector->setCurrentTab(Inspector::Tab::Json);
    m_inspector->setCurrent(baseLayer);
    auto *json = m_inspector->json();
    const QByteArray manifest = m_document->tree().node(baseLayer)->bytes();
    QCOMPARE(json->bytes(), manifest);
    for (const auto layout : {JsonText::Layout::AsWritten, JsonText::Layout::Indented}) {
        json->setLayoutMode(layout);
        QVERIFY(json->highlightedText().startsWith(QLatin1Char('{')));
        QVERIFY(json->highlightedText().endsWith(QLatin1Char('}')));
        QVERIFY(json->highlightedText().contains(oci::Digest::of("base").toString()));
        QVERIFY(!json->highlightedText().contains(oci::Digest::of("install").toString()));
        const auto *edit = json->findChild<QPlainTextEdit *>();
        QCOMPARE(edit->extraSelections().size(), 1);
        QCOMPARE(edit->extraSelections().first().cursor.selectedText().replace(QChar(0x2029), QLatin1Char('\n')),
                 json->highlightedText());
    }
    json->setLayoutMode(JsonText::Layout::AsWritten);
    const auto span = m_document->tree().node(baseLayer)->manifest->layerValue(0).span();
    QCOMPARE(json->highlightedText().toUtf8(), manifest.sliced(span.begin, span.size()));
    m_inspector->setCurrent(baseLayer.manifest().config());
    QVERIFY(json->highlightedText().contains(QStringLiteral("container.image.v1+json")));
    m_inspector->setCurrent(NodePath::root());
    QVERIFY(json->highlightedText().isEmpty());
    QCOMPARE(json->bytes(), m_document->tree().root().bytes());
}

void TestInspector::theJsonIsExact()
{
    m_inspector->setCurrentTab(Inspector::Tab::Json);
    m_inspector->setCurrent(baseLayer);
    auto *json = m_inspector->json();
    json->setLayoutMode(JsonText::Layout::AsWritten);
    QCOMPARE(json->findChild<QPlainTextEdit *>()->toPlainText().toUtf8(), m_document->tree().node(baseLayer)->bytes());
    m_inspector->overview()->distributable()->click();
    QCOMPARE(json->findChild<QPlainTextEdit *>()->toPlainText().toUtf8(), m_document->tree().node(baseLayer)->bytes());
    QVERIFY(!json->highlightedText().contains(QStringLiteral("foreign")));
}

void TestInspector::theEndOfTheSpanIsInView()
{
    ImageDocument document(test::vendorReference(), test::flatImage(40));
    Inspector inspector;
    inspector.resize(392, 700);
    inspector.show();
    inspector.setDocument(&document);
    inspector.setCurrent(NodePath::root().layerAt(20)); // with another tab in front
    inspector.setCurrentTab(Inspector::Tab::Json);
    auto *edit = inspector.json()->findChild<QPlainTextEdit *>();
    const auto [from, to] = inspector.json()->highlightedRange();
    QVERIFY(from < to);
    for (const int position : {from, to}) {
        QTextCursor cursor(edit->document());
        cursor.setPosition(position);
        QVERIFY(edit->viewport()->rect().contains(edit->cursorRect(cursor).center()));
    }
    inspector.setDocument(nullptr);
}

void TestInspector::searches()
{
    m_inspector->setCurrentTab(Inspector::Tab::Json);
    m_inspector->setCurrent(baseLayer);
    auto *json = m_inspector->json();
    auto *edit = json->findChild<QPlainTextEdit *>();
    json->openSearch();
    auto *field = json->findChild<QLineEdit *>();
    QVERIFY(field->isVisible());
    QTest::keyClicks(field, QStringLiteral("schemaVersion"));
    QCOMPARE(edit->textCursor().selectedText(), QStringLiteral("schemaVersion"));
    field->setText(QStringLiteral("digest"));
    const int first = edit->textCursor().position();
    QTest::keyClick(field, Qt::Key_Return);
    QVERIFY(edit->textCursor().position() != first);
    QTest::keyClick(field, Qt::Key_Return, Qt::ShiftModifier);
    QCOMPARE(edit->textCursor().position(), first);
    field->setText(QStringLiteral("is not in there"));
    QVERIFY(labels(*json).contains(QStringLiteral("Not found")));
    QTest::keyClick(field, Qt::Key_Escape);
    QVERIFY(!field->isVisible());
}

void TestInspector::mends()
{
    m_inspector->setCurrentTab(Inspector::Tab::Findings);
    const QSignalSpy repaired(m_inspector.get(), &Inspector::repaired);
    const QSignalSpy activated(m_inspector.get(), &Inspector::nodeActivated);
    auto *findings = m_inspector->findings();
    QTRY_VERIFY(findings->view()->currentIndex().isValid());
    const NodePath half = NodePath::root().child(0).layerAt(2);
    for (int row = 0; row < findings->view()->model()->rowCount(); ++row) {
        const QModelIndex index = findings->view()->model()->index(row, 0);
        if (index.data(items::NodePathRole).value<NodePath>() == half) {
            findings->view()->setCurrentIndex(index);
            break;
        }
    }
    Q_EMIT findings->view()->activated(findings->view()->currentIndex());
    QCOMPARE(activated.at(0).at(0).value<NodePath>(), half);
    QStringList buttons;
    for (const QPushButton *button : findings->findChildren<QPushButton *>())
        buttons << button->text().remove(QLatin1Char('&'));
    QVERIFY2(buttons.contains(QStringLiteral("Make it non-distributable")), qPrintable(buttons.join(QLatin1Char('|'))));
    findings->mendCurrent();
    QCOMPARE(repaired.size(), 1);
    QVERIFY(m_document->tree().descriptor(half)->marking() != oci::Marking::HalfMarked);
    QCOMPARE(m_document->undoStack()->count(), 1);
}

void TestInspector::saysSignaturesInWords()
{
    content::VerifyReport report;
    QCOMPARE(Inspector::inWords(report), QStringLiteral("Nobody has signed this image."));
    report.verdict = content::VerifyReport::Verdict::Verified;
    content::SignatureCheck check;
    check.key = QStringLiteral("k.pub (ECDSA P-256)");
    check.verdict = content::SignatureCheck::Verdict::Verified;
    report.signatures = {check};
    report.subject = m_document->tree().root().descriptor;
    QCOMPARE(Inspector::inWords(report), QStringLiteral("Verified with k.pub (ECDSA P-256)."));
    m_inspector->setSignatureReport(report);
    QVERIFY(labels(*m_inspector).contains(QStringLiteral("Verified with k.pub (ECDSA P-256).")));
    m_inspector->setCurrent(install);
    m_inspector->overview()->nonDistributable()->click();
    m_inspector->setCurrent(NodePath::root());
    QVERIFY(labels(*m_inspector).join(QLatin1Char('|')).contains(QStringLiteral("must be signed again")));
    report.verdict = content::VerifyReport::Verdict::Failed;
    report.reason = QStringLiteral("The key does not match.");
    QCOMPARE(Inspector::inWords(report), report.reason);
}

void TestInspector::noTextFromOutsideIsMarkup()
{
    const QString hostile = QStringLiteral("<img src=\"file:///x.png\"><b>x\u202E");
    ImageDocument document(test::vendorReference(), test::imageSaying(hostile));
    m_inspector->setDocument(&document);
    content::VerifyReport report;
    report.verdict = content::VerifyReport::Verdict::Failed;
    report.reason = hostile;
    int seen = 0;
    for (const NodePath &path : {NodePath::root(), NodePath::root().config(), NodePath::root().layerAt(0)}) {
        m_inspector->setCurrent(path);
        m_inspector->setSignatureReport(report);
        m_inspector->findChild<widgets::ErrorStrip *>()->showError(
            {base::ErrorKind::Failed, hostile, {}, hostile, hostile});
        for (const QLabel *label : m_inspector->findChildren<QLabel *>()) {
            QCOMPARE(label->textFormat(), Qt::PlainText);
            QVERIFY2(!label->text().contains(QChar(0x202E)), qPrintable(label->text()));
            seen += label->text().contains(QStringLiteral("<img")) ? 1 : 0;
        }
        for (const QWidget *widget : m_inspector->findChildren<QWidget *>())
            QVERIFY2(!widget->toolTip().contains(QStringLiteral("<img")), qPrintable(widget->toolTip()));
    }
    QVERIFY(seen >= 6);
    m_inspector->setDocument(nullptr);
}

void TestInspector::everythingHasAName()
{
    m_inspector->setCurrent(baseLayer);
    for (const QAbstractButton *button : m_inspector->findChildren<QAbstractButton *>()) {
        if (button->objectName().startsWith(QStringLiteral("qt_")) || button->focusPolicy() == Qt::NoFocus ||
            button->isHidden())
            continue;
        QVERIFY2(!button->text().isEmpty() || !button->accessibleName().isEmpty(), button->metaObject()->className());
    }
    for (const QAbstractItemView *view : m_inspector->findChildren<QTreeView *>())
        QVERIFY(!view->accessibleName().isEmpty());
    // Everything that can be done here can be reached by Tab.
    m_inspector->overview()->distributable()->setFocus();
    QSet<QWidget *> reached;
    for (int i = 0; i < 40; ++i) {
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
        reached << QApplication::focusWidget();
    }
    QVERIFY(reached.contains(m_inspector->overview()->addressView()));
}

void TestInspector::aLargeDocumentIsShown()
{
    ImageDocument document(test::vendorReference(), test::flatImage(20'000)); // 3 MB on one line
    m_inspector->setDocument(&document);
    m_inspector->setCurrentTab(Inspector::Tab::Json);
    const NodePath last = NodePath::root().layerAt(19'999);
    m_inspector->setCurrent(last);
    for (const auto layout : {JsonText::Layout::AsWritten, JsonText::Layout::Indented}) {
        m_inspector->json()->setLayoutMode(layout);
        m_inspector->grab();
        QVERIFY(m_inspector->json()->highlightedText().contains(document.tree().descriptor(last)->digest.toString()));
    }
    m_inspector->setDocument(nullptr);
}

void TestInspector::survivesItsDocument()
{
    m_inspector->setCurrent(baseLayer);
    m_document.reset();
    QVERIFY(!m_inspector->tabs()->isVisible());
}

QTEST_MAIN(TestInspector)
#include "tst_inspector.moc"
