// SPDX-License-Identifier: Apache-2.0
#pragma once

// The findings of an image as a list, with "Mend" for those one step repairs.

#include "document/findings.h"

#include <QWidget>

class QPushButton;
class QTreeView;

namespace colophon::items {
class FindingsModel;
}

namespace colophon::widgets {

class StatePane;

class FindingsPane : public QWidget
{
    Q_OBJECT
public:
    explicit FindingsPane(QWidget *parent = nullptr);
    void setFindings(const QList<document::Finding> &findings, const document::ImageTree &tree);
    items::FindingsModel *model() const { return m_model; }
    QTreeView *view() const { return m_view; }
    QPushButton *mendButton() const { return m_mend; }
    QPushButton *otherButton() const { return m_other; } // the second way, where there is one

    // What a repair of this image does, in the words of the markings, as a button says it.
    static QString repairInWords(const QList<document::Edit> &repair, const document::ImageTree &tree);

public Q_SLOTS:
    void mendCurrent();
    void mendCurrentOtherwise();

Q_SIGNALS:
    void repairRequested(const QList<colophon::document::Edit> &edits);
    void nodeActivated(const colophon::document::NodePath &path);

private:
    void updateButtons();
    const document::Finding *current() const;

    items::FindingsModel *m_model;
    StatePane *m_pane;
    QTreeView *m_view;
    QPushButton *m_mend;
    QPushButton *m_other;
    document::ImageTree m_tree;
};

} // namespace colophon::widgets
