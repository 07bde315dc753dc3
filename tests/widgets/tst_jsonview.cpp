// SPDX-License-Identifier: Apache-2.0
// Large documents in the JSON view: what is hidden costs nothing, what is long comes in slices, and an edit changes no
// more than it must. Counted, not timed.
#include "document/selection.h"
#include "editing/imagedocument.h"
#include "support/sampletree/sampletree.h"
#include "widgets/inspector/jsonedit.h"
#include "widgets/inspector/jsonview.h"

#include <QScrollBar>
#include <QTest>

using namespace colophon;
using document::NodePath;
using widgets::JsonEdit;
using widgets::JsonView;

namespace {
constexpr int layers = 10'000;
constexpr int slice = 200'000; // characters: more is no slice

base::Result<QStringList> address(const oci::Descriptor &layer)
{
    return QStringList{QStringLiteral("https://downloads.example/") + layer.digest.hex()};
}

// The most that was inserted and removed at once while it lives; the document may be exchanged meanwhile.
class Watch
{
public:
    explicit Watch(JsonEdit *edit)
        : m_edit(edit)
    {
        follow();
    }
    ~Watch() { QObject::disconnect(m_connection); }
    void follow()
    {
        QObject::disconnect(m_connection);
        m_connection = QObject::connect(m_edit->document(), &QTextDocument::contentsChange, m_edit,
                                        [this](int, int gone, int come) {
                                            removed = std::max(removed, gone);
                                            added = std::max(added, come);
                                        });
    }
    int removed = 0;
    int added = 0;

private:
    JsonEdit *m_edit;
    QMetaObject::Connection m_connection;
};
} // namespace

class TestJsonView : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup() { m_view.reset(); }
    void whatIsHiddenIsNotLaidOut();
    void comesInSlices();
    void marksWhenItIsThere();
    void searchesAllOfIt();
    void aSmallEditIsASmallChange();
    void aLargeEditKeepsTheOldTextUntilItIsThere();
    void anotherDocumentBeginsAtItsTop();
    void theLastDocumentCounts();

private:
    QString shown() const { return m_edit->toPlainText(); }
    int topLine() const { return m_edit->cursorForPosition({2, 2}).blockNumber(); }
    QString wanted() const { return m_view->text().text(); }
    void showView()
    {
        m_view->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_view.get()));
    }
    std::unique_ptr<editing::ImageDocument> m_document;
    std::unique_ptr<JsonView> m_view;
    JsonEdit *m_edit = nullptr;
};

void TestJsonView::init()
{
    m_document = std::make_unique<editing::ImageDocument>(test::vendorReference(), test::flatImage(layers));
    m_view = std::make_unique<JsonView>();
    m_view->resize(400, 600);
    m_edit = m_view->findChild<JsonEdit *>();
    QVERIFY(m_edit);
}

void TestJsonView::whatIsHiddenIsNotLaidOut()
{
    m_view->setBytes(m_document->tree().root().bytes());
    m_view->setHighlight(m_document->tree().root().manifest->layerValue(3).span());
    QVERIFY(m_edit->document()->isEmpty());
    QVERIFY(m_view->highlightedText().contains(
        m_document->tree().descriptor(NodePath::root().layerAt(3))->digest.toString()));
    QVERIFY(m_edit->document()->isEmpty());
    showView();
    QVERIFY(!m_edit->document()->isEmpty());
    QCOMPARE(m_edit->extraSelections().size(), 1);
    m_view->hide();
    const QString before = shown();
    m_view->setBytes("{}");
    QCOMPARE(shown().left(1000), before.left(1000));
    m_view->show();
    QCOMPARE(shown(), QStringLiteral("{}"));
}

void TestJsonView::comesInSlices()
{
    showView();
    m_view->setBytes(m_document->tree().root().bytes());
    QVERIFY(m_edit->document()->characterCount() > 1000); // something is seen at once
    QVERIFY(m_edit->document()->characterCount() < slice);
    const int width = m_edit->numbersWidth();
    Watch watch(m_edit);
    QTRY_COMPARE(m_edit->document()->characterCount() - 1, int(wanted().size()));
    QVERIFY2(watch.added < slice, qPrintable(QString::number(watch.added)));
    QCOMPARE(shown(), wanted());
    QCOMPARE(m_edit->numbersWidth(), width); // nothing moves while it comes
}

void TestJsonView::marksWhenItIsThere()
{
    showView();
    m_view->setBytes(m_document->tree().root().bytes());
    m_view->setHighlight(m_document->tree().root().manifest->layerValue(layers - 1).span());
    QVERIFY(m_edit->extraSelections().isEmpty());
    QTRY_COMPARE(m_edit->extraSelections().size(), 1);
    QCOMPARE(m_edit->extraSelections().first().cursor.selectedText().replace(QChar(0x2029), QLatin1Char('\n')),
             m_view->highlightedText());
    QTextCursor first(m_edit->document());
    first.setPosition(m_view->highlightedRange().first);
    QVERIFY(m_edit->viewport()->rect().contains(m_edit->cursorRect(first).center()));
}

void TestJsonView::searchesAllOfIt()
{
    showView();
    m_view->setBytes(m_document->tree().root().bytes());
    m_view->openSearch();
    const QString last = m_document->tree().descriptor(NodePath::root().layerAt(layers - 1))->digest.hex();
    QTest::keyClicks(m_view->focusWidget(), last);
    QCOMPARE(m_edit->textCursor().selectedText(), last);
}

void TestJsonView::aSmallEditIsASmallChange()
{
    showView();
    m_view->setBytes(m_document->tree().root().bytes());
    m_edit->complete();
    const NodePath layer = NodePath::root().layerAt(layers / 2);
    m_edit->verticalScrollBar()->setValue(1000);
    const int top = topLine();
    const QTextDocument *document = m_edit->document();
    Watch watch(m_edit);
    QVERIFY(m_document->setMarking({layer}, true, address));
    m_view->setBytes(m_document->tree().root().bytes(), true);
    QCOMPARE(m_edit->document(), document);
    QVERIFY2(watch.removed < 1000 && watch.added < 1000, qPrintable(QString::number(watch.added)));
    QCOMPARE(topLine(), top);
    QCOMPARE(shown(), wanted());
    m_document->undoStack()->undo();
    m_view->setBytes(m_document->tree().root().bytes(), true);
    QVERIFY(watch.removed < 1000 && watch.added < 1000);
    QCOMPARE(shown(), wanted());
}

void TestJsonView::aLargeEditKeepsTheOldTextUntilItIsThere()
{
    showView();
    m_view->setBytes(m_document->tree().root().bytes());
    m_edit->complete();
    const QString before = shown();
    m_edit->verticalScrollBar()->setValue(1000);
    const int top = topLine();
    QVERIFY(top > 100);
    QVERIFY(m_document->setMarking(m_document->tree().layers(), true, address));
    m_view->setBytes(m_document->tree().root().bytes(), true);
    m_view->setHighlight(std::nullopt);
    QCOMPARE(shown(), before);
    QVERIFY(wanted() != before);
    QTRY_COMPARE(m_edit->document()->characterCount() - 1, int(wanted().size()));
    QCOMPARE(shown(), wanted());
    QCOMPARE(topLine(), top);
}

void TestJsonView::anotherDocumentBeginsAtItsTop()
{
    showView();
    m_view->setBytes(m_document->tree().root().bytes());
    m_edit->complete();
    m_edit->verticalScrollBar()->setValue(1000);
    m_view->setBytes(test::flatImage(layers + 1).root().bytes());
    QCOMPARE(m_edit->verticalScrollBar()->value(), 0);
    m_edit->complete();
    QCOMPARE(shown(), wanted());
}

void TestJsonView::theLastDocumentCounts()
{
    showView();
    m_view->setBytes(m_document->tree().root().bytes());
    m_view->setBytes("[1]");
    QCOMPARE(shown(), wanted());
    QCoreApplication::processEvents();
    QCoreApplication::processEvents();
    QCOMPARE(shown(), wanted()); // what was on its way for the other one does not come
}

QTEST_MAIN(TestJsonView)
#include "tst_jsonview.moc"
