// SPDX-License-Identifier: Apache-2.0
#pragma once

// "All layers from a base image": a reference is typed and read, the layers of the open image that come from it are
// shown with how they were recognised, and then selected or marked.

#include "content/connector.h"
#include "document/selection.h"
#include "editing/imagedocument.h"

#include <QDialog>
#include <QPointer>

#include <memory>

class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;
class QTreeView;

namespace colophon::items {
class LayersModel;
}
namespace colophon::transfer {
class OpenImage;
}

namespace colophon::widgets {

class ErrorStrip;
class StatePane;

class BaseLayersDialog : public QDialog
{
    Q_OBJECT
public:
    // Of all platforms where `platforms` is empty.
    BaseLayersDialog(content::Connector &connector, editing::ImageDocument *document,
                     const QList<oci::Platform> &platforms, QWidget *parent = nullptr);
    ~BaseLayersDialog() override;

    void offer(const QStringList &references); // while one is typed
    void look();                               // reads what is typed; once more after signIn
    bool isReading() const { return m_opening != nullptr; }

    QLineEdit *field() const { return m_field; }
    QPushButton *selectButton() const { return m_select; }
    QPushButton *markButton() const { return m_mark; }
    items::LayersModel *layers() const { return m_layers; }
    ErrorStrip *errors() const { return m_errors; }
    QString notes() const;

    void reject() override; // stops reading first

Q_SIGNALS:
    void chosen(const colophon::document::Selection &selection, bool mark);
    void signInWanted(const QString &registry, const colophon::base::Error &error);

private:
    void finish();
    void stop();
    void show(const document::Selection &selection);

    content::Connector &m_connector;
    QPointer<editing::ImageDocument> m_document;
    QList<oci::Platform> m_platforms;
    document::Selection m_selection;
    std::unique_ptr<transfer::OpenImage> m_opening;
    items::LayersModel *m_layers;
    QLineEdit *m_field;
    QPushButton *m_look;
    ErrorStrip *m_errors;
    StatePane *m_pane;
    QLabel *m_found;
    QTreeView *m_view;
    QPlainTextEdit *m_notes;
    QPushButton *m_select;
    QPushButton *m_mark;
};

} // namespace colophon::widgets
