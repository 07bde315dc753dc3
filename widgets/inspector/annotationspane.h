// SPDX-License-Identifier: Apache-2.0
#pragma once

// The annotations of the selected node: those of a manifest or index itself, or of the entry that names it; of a config
// or layer those where its manifest names it. Added, changed and removed here, each as one step that can be undone.

#include "editing/imagedocument.h"
#include "items/annotationsmodel.h"

#include <QPointer>
#include <QWidget>

class QComboBox;
class QLabel;
class QPushButton;
class QScrollArea;
class QTreeView;

namespace colophon::widgets {

class StatePane;
class ValueLabel;

class AnnotationsPane : public QWidget
{
    Q_OBJECT
public:
    explicit AnnotationsPane(QWidget *parent = nullptr);

    void showNode(editing::ImageDocument *document, const document::NodePath &path); // again after each change
    items::AnnotationsModel *model() const { return m_model; }
    QTreeView *view() const { return m_view; }
    QComboBox *where() const { return m_where; } // of a manifest in an index: itself, or its entry
    int count() const { return m_model->count(); }

public Q_SLOTS:
    void add();
    void edit(); // the value of the current one
    void remove();
    void restore();

Q_SIGNALS:
    void refused(const colophon::base::Error &why);

private:
    void buildView();
    void choose();
    void showState();
    void showCurrent();
    void goOn(); // an editor has closed
    int currentRow() const;

    QString m_adding; // the name whose value is being typed
    QPointer<editing::ImageDocument> m_document;
    document::NodePath m_path;
    items::AnnotationsModel *m_model;
    QComboBox *m_where;
    QLabel *m_note;
    StatePane *m_pane;
    QTreeView *m_view;
    QScrollArea *m_whole;
    ValueLabel *m_name;
    ValueLabel *m_value;
    ValueLabel *m_old;
    QPushButton *m_add;
    QPushButton *m_edit;
    QPushButton *m_remove;
    QPushButton *m_restore;
};

} // namespace colophon::widgets
