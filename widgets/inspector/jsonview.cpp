// SPDX-License-Identifier: Apache-2.0
#include "widgets/inspector/jsonview.h"

#include "widgets/common/plain.h"
#include "widgets/common/statepane.h"
#include "widgets/common/symbols.h"
#include "widgets/inspector/jsonedit.h"

#include <QAction>
#include <QButtonGroup>
#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QTextBlock>
#include <QToolButton>
#include <QVBoxLayout>

namespace colophon::widgets {

JsonView::JsonView(QWidget *parent)
    : QWidget(parent)
    , m_pane(new StatePane(this))
    , m_edit(new JsonEdit)
    , m_asWritten(new QToolButton(this))
    , m_indented(new QToolButton(this))
    , m_copy(symbolButton(items::Symbol::Copy, tr("Copy these bytes"), this))
    , m_search(symbolButton(items::Symbol::Search, tr("Find (Ctrl+F)"), this))
    , m_searchBar(new QWidget(this))
    , m_searchField(new QLineEdit(m_searchBar))
    , m_searchResult(plainLabel({}, m_searchBar))
{
    m_asWritten->setText(tr("As &written"));
    m_indented->setText(tr("&Indented"));
    setPlainToolTip(m_asWritten, tr("Exactly as it is in the registry, byte for byte"));
    setPlainToolTip(m_indented, tr("Set on lines of its own for reading; what is pushed stays as it is written"));
    auto *layouts = new QButtonGroup(this);
    for (QToolButton *button : {m_asWritten, m_indented}) {
        button->setCheckable(true);
        button->setAutoRaise(true);
        button->setFocusPolicy(Qt::StrongFocus);
        layouts->addButton(button);
    }
    m_edit->setAccessibleName(tr("JSON"));
    m_edit->setFrameShape(QFrame::NoFrame);
    m_pane->setContent(m_edit);
    setPlaceholder(tr("There is nothing to show."));

    auto *bar = new QHBoxLayout;
    bar->setContentsMargins(0, 0, 0, 0);
    bar->setSpacing(4);
    bar->addWidget(m_asWritten);
    bar->addWidget(m_indented);
    bar->addStretch(1);
    bar->addWidget(m_search);
    bar->addWidget(m_copy);

    auto *previous = symbolButton(items::Symbol::Up, tr("Previous"), m_searchBar);
    auto *next = symbolButton(items::Symbol::Down, tr("Next"), m_searchBar);
    auto *close = symbolButton(items::Symbol::Close, tr("Close the search"), m_searchBar);
    auto *search = new QHBoxLayout(m_searchBar);
    search->setContentsMargins(0, 0, 0, 0);
    search->setSpacing(4);
    search->addWidget(m_searchField, 1);
    search->addWidget(m_searchResult);
    search->addWidget(previous);
    search->addWidget(next);
    search->addWidget(close);
    m_searchField->setPlaceholderText(tr("Find in this document"));
    m_searchField->setAccessibleName(tr("Find in this document"));
    m_searchField->setClearButtonEnabled(true);
    m_searchField->installEventFilter(this);
    m_searchResult->setWordWrap(false);
    m_searchBar->hide();

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(8, 8, 8, 8);
    column->setSpacing(4);
    column->addLayout(bar);
    column->addWidget(m_searchBar);
    column->addWidget(m_pane, 1);

    auto *open = new QAction(this);
    open->setShortcut(QKeySequence::Find);
    open->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    addAction(open);
    connect(open, &QAction::triggered, this, &JsonView::openSearch);
    connect(m_search, &QToolButton::clicked, this, &JsonView::openSearch);
    connect(m_asWritten, &QToolButton::clicked, this, [this] { setLayoutMode(JsonText::Layout::AsWritten); });
    connect(m_indented, &QToolButton::clicked, this, [this] { setLayoutMode(JsonText::Layout::Indented); });
    connect(m_copy, &QToolButton::clicked, this, [this] {
        QGuiApplication::clipboard()->setText(QString::fromUtf8(m_bytes));
        Q_EMIT copied(tr("The document"));
    });
    connect(m_searchField, &QLineEdit::textChanged, this, [this] { find(false, true); });
    connect(previous, &QToolButton::clicked, this, &JsonView::findPrevious);
    connect(next, &QToolButton::clicked, this, &JsonView::findNext);
    connect(close, &QToolButton::clicked, this, &JsonView::closeSearch);
    setFocusProxy(m_edit);
    render(false);
}

void JsonView::setBytes(const QByteArray &bytes, bool isEdited)
{
    if (bytes == m_bytes)
        return;
    m_bytes = bytes;
    m_span.reset();
    if (!m_layoutChosen)
        m_layout = JsonText::isMinified(bytes) ? JsonText::Layout::Indented : JsonText::Layout::AsWritten;
    render(isEdited);
}

void JsonView::setHighlight(std::optional<oci::Span> span)
{
    const bool moved = span != m_span;
    m_span = span;
    mark(moved);
}

const JsonText &JsonView::text() const
{
    if (!m_text)
        m_text = std::make_shared<const JsonText>(m_bytes, m_layout);
    return *m_text;
}

void JsonView::setLayoutMode(JsonText::Layout layout)
{
    m_layoutChosen = true;
    if (layout != m_layout) {
        m_layout = layout;
        render(false);
        mark(true);
    }
    m_asWritten->setChecked(layout == JsonText::Layout::AsWritten);
    m_indented->setChecked(layout == JsonText::Layout::Indented);
}

void JsonView::setPlaceholder(const QString &sentence)
{
    m_pane->showEmpty(items::Symbol::Config, sentence);
    if (!m_bytes.isEmpty())
        m_pane->showContent();
}

void JsonView::render(bool isEdited)
{
    m_text.reset();
    m_isSameDocument = m_isSameDocument && isEdited;
    m_isShown = false;
    layOut();
    m_asWritten->setChecked(m_layout == JsonText::Layout::AsWritten);
    m_indented->setChecked(m_layout == JsonText::Layout::Indented);
    for (QToolButton *button : {m_asWritten, m_indented, m_copy, m_search})
        button->setEnabled(!m_bytes.isEmpty());
    if (m_bytes.isEmpty()) {
        closeSearch();
        m_pane->showEmpty(items::Symbol::Config, tr("There is nothing to show."));
    } else {
        m_pane->showContent();
    }
}

// What nobody looks at is not laid out: it may have megabytes, and change with every edit.
void JsonView::layOut()
{
    if (m_isShown || !isVisible())
        return;
    text();
    m_edit->showText(m_text, m_isSameDocument);
    m_isShown = m_isSameDocument = true;
}

std::pair<int, int> JsonView::highlightedRange() const
{
    return m_span ? text().rangeOf(*m_span) : std::pair<int, int>{0, 0};
}

QString JsonView::highlightedText() const
{
    const auto [from, to] = highlightedRange();
    return text().shown(from, to);
}

void JsonView::mark(bool scroll)
{
    if (!m_isShown)
        return;
    const auto [from, to] = highlightedRange();
    m_edit->setMark(from, to, scroll);
}

void JsonView::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    layOut();
    mark(true); // what was scrolled to while hidden was scrolled to in another size
}

void JsonView::openSearch()
{
    if (m_bytes.isEmpty())
        return;
    m_searchBar->show();
    m_searchField->setFocus(Qt::ShortcutFocusReason);
    m_searchField->selectAll();
}

void JsonView::closeSearch()
{
    const bool hadFocus = m_searchBar->isAncestorOf(focusWidget());
    m_searchBar->hide();
    if (hadFocus)
        m_edit->setFocus();
}

void JsonView::findNext() { find(false, false); }
void JsonView::findPrevious() { find(true, false); }

void JsonView::find(bool backwards, bool fromStart)
{
    const QString wanted = m_searchField->text();
    setPlainText(m_searchResult, {});
    if (wanted.isEmpty())
        return;
    m_edit->complete();
    QTextCursor cursor = m_edit->textCursor();
    if (fromStart)
        cursor.setPosition(cursor.selectionStart());
    QTextDocument::FindFlags flags;
    flags.setFlag(QTextDocument::FindBackward, backwards);
    QTextCursor found = m_edit->document()->find(wanted, cursor, flags);
    if (found.isNull()) { // once around
        QTextCursor edge(m_edit->document());
        edge.movePosition(backwards ? QTextCursor::End : QTextCursor::Start);
        found = m_edit->document()->find(wanted, edge, flags);
    }
    if (found.isNull())
        setPlainText(m_searchResult, tr("Not found"));
    else
        m_edit->setTextCursor(found);
}

bool JsonView::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_searchField && event->type() == QEvent::KeyPress) {
        const auto *key = static_cast<QKeyEvent *>(event);
        if (key->key() == Qt::Key_Escape) {
            closeSearch();
            return true;
        }
        if (key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter) {
            key->modifiers().testFlag(Qt::ShiftModifier) ? findPrevious() : findNext();
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace colophon::widgets
