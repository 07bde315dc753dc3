// SPDX-License-Identifier: Apache-2.0
#pragma once

// What clients and registries do with the selected layer, or with all layers of what is selected, as it is edited and
// as it was opened.

#include "behaviour/outlook.h"
#include "content/target.h"
#include "document/nodepath.h"
#include "editing/imagedocument.h"

#include <QPointer>
#include <QWidget>

class QPushButton;
class QToolButton;
class QTreeView;

namespace colophon::items {
class ConsequencesModel;
}

namespace colophon::widgets {

class ConsequencesDelegate;
class StatePane;

class ConsequencesPane : public QWidget
{
    Q_OBJECT
public:
    explicit ConsequencesPane(QWidget *parent = nullptr);

    // Not owned; nullptr: nothing is open.
    void showNode(editing::ImageDocument *document, const document::NodePath &path);
    // The registry the image is in, and what it said of itself.
    void setServer(const QString &registry, const content::ServerFields &fields);
    // Whose consequences: ids of lines; empty, or none that is known: the usual ones.
    void setLines(const QStringList &ids);
    const QList<behaviour::Line> &lines() const { return m_lines; }

    items::ConsequencesModel *model() const { return m_model; }
    QTreeView *view() const { return m_view; }
    QPushButton *clientsButton() const { return m_clients; }
    QToolButton *whyButton() const { return m_why; }

Q_SIGNALS:
    void linesChosen(const QStringList &ids); // to be remembered

protected:
    void showEvent(QShowEvent *event) override;

private:
    void refresh();
    void refreshSoon(); // once it is looked at
    void chooseLines();
    void expandWhatIsMarked();

    behaviour::Knowledge m_knowledge;
    QPointer<editing::ImageDocument> m_document;
    document::NodePath m_path;
    QList<behaviour::Line> m_lines;
    behaviour::Place m_registry;
    bool m_isStale = true; // what is shown is of before
    items::ConsequencesModel *m_model;
    StatePane *m_pane;
    QTreeView *m_view;
    ConsequencesDelegate *m_delegate;
    QPushButton *m_clients;
    QToolButton *m_why;
};

} // namespace colophon::widgets
