// SPDX-License-Identifier: Apache-2.0
#include "support/sampletree/sampletree.h"
#include "widgets/common/statepane.h"
#include "widgets/inspector/annotationspane.h"

#include <QApplication>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QTreeView>

using namespace colophon;
using document::NodePath;
using editing::ImageDocument;
using widgets::AnnotationsPane;
using Where = document::SetAnnotation::Where;
using State = items::AnnotationsModel::State;

namespace {
const NodePath root = NodePath::root();
const QString title = QStringLiteral("org.opencontainers.image.title");
} // namespace

class TestAnnotationsPane : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void addsWithTheKeyboard();
    void escapeLeavesTheNameForLater();
    void aTakenNameIsKeptForMending();
    void valuesOfSeveralLines();
    void lookingAtAValueIsNoEdit();
    void removesAndRestoresByKeys();
    void itselfOrItsEntry();
    void saysWhatDockersFormatDoes();
    void emptyStates();
    void aLongOneIsShownWhole();
    void everythingHasAName();

private:
    QLineEdit *nameEditor() const { return m_pane->view()->findChild<QLineEdit *>(); }
    QPlainTextEdit *valueEditor() const { return m_pane->view()->viewport()->findChild<QPlainTextEdit *>(); }
    oci::Annotations now(const NodePath &path = root, Where where = Where::Document) const
    {
        return items::annotationsAt(m_document->tree(), path, where);
    }
    QString labels() const;
    std::unique_ptr<ImageDocument> m_document;
    std::unique_ptr<AnnotationsPane> m_pane;
};

void TestAnnotationsPane::init()
{
    m_document = std::make_unique<ImageDocument>(test::vendorReference(), test::vendorImage());
    m_pane = std::make_unique<AnnotationsPane>();
    m_pane->resize(344, 560);
    m_pane->showNode(m_document.get(), root);
    connect(m_document.get(), &ImageDocument::changed, m_pane.get(),
            [this] { m_pane->showNode(m_document.get(), root); }); // as the inspector does
    m_pane->show();
    QVERIFY(QTest::qWaitForWindowActive(m_pane.get()));
}

void TestAnnotationsPane::cleanup()
{
    m_pane.reset();
    m_document.reset();
}

QString TestAnnotationsPane::labels() const
{
    QStringList texts;
    for (const QLabel *label : m_pane->findChildren<QLabel *>()) {
        if (label->isVisible())
            texts << label->text();
    }
    return texts.join(QLatin1Char('\n'));
}

void TestAnnotationsPane::addsWithTheKeyboard()
{
    m_pane->add();
    QVERIFY(nameEditor());
    QTest::keyClicks(nameEditor(), title);
    QTest::keyClick(nameEditor(), Qt::Key_Return);
    QTRY_VERIFY(valueEditor()); // the value comes next by itself
    QTRY_COMPARE(QApplication::focusWidget(), valueEditor());
    QTest::keyClicks(valueEditor(), QStringLiteral("App"));
    QTest::keyClick(valueEditor(), Qt::Key_Return);
    QTRY_COMPARE(now().value(title), QStringLiteral("App"));
    QTRY_VERIFY(!valueEditor());
    QCOMPARE(m_document->undoStack()->count(), 1);
    QTRY_COMPARE(m_pane->view()->currentIndex().row(), m_pane->model()->rowOf(title));
    QCOMPARE(m_pane->count(), 1);
}

void TestAnnotationsPane::escapeLeavesTheNameForLater()
{
    m_pane->add();
    QTest::keyClick(nameEditor(), Qt::Key_Escape);
    QTRY_COMPARE(m_pane->model()->rowCount(), 0); // nothing was typed
    m_pane->add();
    QTRY_VERIFY(nameEditor());
    QTest::keyClicks(nameEditor(), title);
    QTest::keyClick(nameEditor(), Qt::Key_Return);
    QTRY_VERIFY(valueEditor());
    QTest::keyClick(valueEditor(), Qt::Key_Escape);
    QTRY_VERIFY(!valueEditor());
    QCOMPARE(m_pane->model()->draftName(), title);
    QVERIFY(!m_document->isEdited());
    m_pane->edit();
    QTRY_VERIFY(valueEditor());
    m_pane->view()->setFocus(); // gone elsewhere: nothing was said about a value
    QTRY_VERIFY(!valueEditor());
    QCOMPARE(m_pane->model()->draftName(), title);
    QVERIFY(!m_document->isEdited());
    m_pane->edit();
    QTRY_VERIFY(valueEditor());
    QTest::keyClick(valueEditor(), Qt::Key_Return); // an empty value is one
    QTRY_VERIFY(now().contains(title));
}

void TestAnnotationsPane::aTakenNameIsKeptForMending()
{
    QVERIFY(m_document->setAnnotation(root, Where::Document, title, QStringLiteral("App")));
    const QSignalSpy refused(m_pane.get(), &AnnotationsPane::refused);
    m_pane->add();
    QTest::keyClicks(nameEditor(), title);
    QTest::keyClick(nameEditor(), Qt::Key_Return);
    QTRY_COMPARE(refused.size(), 1);
    QTRY_VERIFY(!nameEditor());
    QVERIFY(!valueEditor());
    QCOMPARE(m_pane->model()->draftName(), title);
    QCOMPARE(now().value(title), QStringLiteral("App"));
}

void TestAnnotationsPane::valuesOfSeveralLines()
{
    QVERIFY(m_document->setAnnotation(root, Where::Document, title, QStringLiteral("App")));
    m_pane->edit();
    QTRY_VERIFY(valueEditor());
    QTest::keyClicks(valueEditor(), QStringLiteral("one"));
    QTest::keyClick(valueEditor(), Qt::Key_Return, Qt::ShiftModifier);
    QTest::keyClicks(valueEditor(), QStringLiteral("two"));
    QTest::keyClick(valueEditor(), Qt::Key_Return);
    QTRY_COMPARE(now().value(title), QStringLiteral("one\ntwo"));
}

void TestAnnotationsPane::lookingAtAValueIsNoEdit()
{
    const QString odd = QStringLiteral("a\r\nb\u2029c");
    QVERIFY(m_document->setAnnotation(root, Where::Document, title, odd));
    m_pane->edit();
    QTRY_VERIFY(valueEditor());
    QTest::keyClick(valueEditor(), Qt::Key_Return);
    QTRY_VERIFY(!valueEditor());
    QCOMPARE(now().value(title), odd);
}

void TestAnnotationsPane::removesAndRestoresByKeys()
{
    ImageDocument saying(test::vendorReference(), test::imageSaying(QStringLiteral("text")));
    m_pane->showNode(&saying, root);
    m_pane->view()->setFocus();
    const auto count = m_pane->count();
    QVERIFY(count > 0);
    QTest::keyClick(m_pane->view(), Qt::Key_Delete);
    QCOMPARE(m_pane->count(), count - 1);
    QCOMPARE(m_pane->model()->stateOf(0), State::Removed);
    m_pane->view()->setCurrentIndex(m_pane->model()->index(0, 0));
    QVERIFY(labels().contains(QStringLiteral("Removed")));
    m_pane->restore();
    QCOMPARE(m_pane->count(), count);
    QVERIFY(!saying.isEdited());
    m_pane->showNode(nullptr, {});
}

void TestAnnotationsPane::itselfOrItsEntry()
{
    QVERIFY(!m_pane->where()->isVisible()); // the root stands in no index
    disconnect(m_document.get(), nullptr, m_pane.get(), nullptr);
    const NodePath amd = root.child(0);
    m_pane->showNode(m_document.get(), amd);
    QVERIFY(m_pane->where()->isVisible());
    QCOMPARE(m_pane->where()->count(), 2);
    QTest::keyClick(m_pane->where(), Qt::Key_Down);
    QCOMPARE(m_pane->where()->currentIndex(), 1);
    const QModelIndex draft = m_pane->model()->addDraft();
    QVERIFY(m_pane->model()->setData(draft, title));
    QVERIFY(m_pane->model()->setData(draft.siblingAtColumn(1), QStringLiteral("entry")));
    QCOMPARE(now(amd, Where::Descriptor).value(title), QStringLiteral("entry"));
    QVERIFY(now(amd, Where::Document).isEmpty());
    m_pane->showNode(m_document.get(), amd);      // after the change
    QCOMPARE(m_pane->where()->currentIndex(), 1); // stays
    QCOMPARE(m_pane->count(), 1);
    m_pane->showNode(m_document.get(), root.child(1));
    QCOMPARE(m_pane->where()->currentIndex(), 0); // anew for another node
}

void TestAnnotationsPane::saysWhatDockersFormatDoes()
{
    QVERIFY2(labels().contains(QStringLiteral("Docker's format")), qPrintable(labels()));
    QVERIFY(m_document->setFamily(oci::MediaType::Family::Oci));
    QVERIFY2(!labels().contains(QStringLiteral("Docker's format")), qPrintable(labels()));
}

void TestAnnotationsPane::emptyStates()
{
    QVERIFY(labels().contains(QStringLiteral("There are no annotations here.")));
    QPushButton *button = nullptr;
    for (QPushButton *each : m_pane->findChildren<QPushButton *>()) {
        if (each->isVisible())
            button = each;
    }
    QVERIFY(button);
    button->click();
    QTRY_VERIFY(nameEditor());
    QTest::keyClick(nameEditor(), Qt::Key_Escape);
    QTRY_VERIFY(button->isVisible());
    disconnect(m_document.get(), nullptr, m_pane.get(), nullptr);
    m_pane->showNode(m_document.get(), root.child(2).layerAt(0)); // of an attestation
    QVERIFY(labels().contains(QStringLiteral("none can be added")));
    QVERIFY(!button->isVisible());
}

void TestAnnotationsPane::aLongOneIsShownWhole()
{
    const QString longValue = QStringLiteral("https://very.long.example/") + QString(600, QLatin1Char('x'));
    QVERIFY(m_document->setAnnotation(root, Where::Document, title, longValue));
    QVERIFY(labels().contains(longValue));
    QVERIFY(labels().contains(title));
}

void TestAnnotationsPane::everythingHasAName()
{
    QVERIFY(m_document->setAnnotation(root, Where::Document, title, QStringLiteral("App")));
    QVERIFY(!m_pane->view()->accessibleName().isEmpty());
    QVERIFY(!m_pane->where()->accessibleName().isEmpty());
    for (const QPushButton *button : m_pane->findChildren<QPushButton *>())
        QVERIFY(button->isHidden() || !button->text().isEmpty());
    m_pane->view()->setFocus();
    QSet<QString> reached;
    for (int i = 0; i < 10; ++i) {
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
        if (const auto *button = qobject_cast<QPushButton *>(QApplication::focusWidget()))
            reached << QString(button->text()).remove(QLatin1Char('&'));
    }
    QVERIFY(reached.contains(QStringLiteral("Add")) && reached.contains(QStringLiteral("Remove")));
}

QTEST_MAIN(TestAnnotationsPane)
#include "tst_annotationspane.moc"
