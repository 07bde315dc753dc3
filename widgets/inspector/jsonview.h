// SPDX-License-Identifier: Apache-2.0
#pragma once

// The bytes of a manifest, index or config to read: line numbers, light colours, search, and the span of the selected
// node highlighted. Read-only; four megabytes on one line do not freeze it.

#include "oci/jsondocument.h"
#include "widgets/inspector/jsontext.h"

#include <QWidget>

#include <memory>
#include <optional>

class QLabel;
class QLineEdit;
class QToolButton;

namespace colophon::widgets {

class JsonEdit;
class StatePane;

class JsonView : public QWidget
{
    Q_OBJECT
public:
    explicit JsonView(QWidget *parent = nullptr);

    // Those of another document, or of the same after an edit (or its undo): then the place stays.
    void setBytes(const QByteArray &bytes, bool isEdited = false);
    const QByteArray &bytes() const { return m_bytes; }
    // Marked and scrolled to; nothing: no mark.
    void setHighlight(std::optional<oci::Span> span);
    // The marked text, as it is shown; for tests and screen readers.
    QString highlightedText() const;
    std::pair<int, int> highlightedRange() const;

    JsonText::Layout layoutMode() const { return m_layout; }
    void setLayoutMode(JsonText::Layout layout);
    const JsonText &text() const;
    // Why nothing is shown, one sentence; shown where there are no bytes.
    void setPlaceholder(const QString &sentence);

public Q_SLOTS:
    void openSearch();
    void closeSearch();
    void findNext();
    void findPrevious();

Q_SIGNALS:
    void copied(const QString &what);

protected:
    void showEvent(QShowEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void render(bool isEdited);
    void layOut();
    void mark(bool scroll);
    void find(bool backwards, bool fromStart);

    QByteArray m_bytes;
    std::optional<oci::Span> m_span;
    JsonText::Layout m_layout = JsonText::Layout::AsWritten;
    bool m_layoutChosen = false;                    // by the user, for this document and those to come
    mutable std::shared_ptr<const JsonText> m_text; // of these bytes; made when it is asked for
    bool m_isShown = false;                         // m_text, in m_edit
    bool m_isSameDocument = false;                  // as what m_edit shows
    StatePane *m_pane;
    JsonEdit *m_edit;
    QToolButton *m_asWritten;
    QToolButton *m_indented;
    QToolButton *m_copy;
    QToolButton *m_search;
    QWidget *m_searchBar;
    QLineEdit *m_searchField;
    QLabel *m_searchResult;
};

} // namespace colophon::widgets
