// SPDX-License-Identifier: Apache-2.0
#pragma once

// What is attached to the image and its platforms: signatures, attestations, lists of packages, each with how far it
// was checked; and what can be done about it.

#include "base/error.h"
#include "content/target.h"
#include "editing/imagedocument.h"
#include "items/signaturesmodel.h"

#include <QPointer>
#include <QWidget>

#include <optional>

class QLabel;
class QPushButton;
class QTreeView;

namespace colophon::widgets {

class Badge;
class NoticeStrip;
class SignatureDetails;
class StatePane;

// What is known of the signatures of the open image.
struct SignatureState
{
    bool isListing = false;
    bool isChecking = false;
    std::optional<document::Attachments> attachments;
    QList<content::VerifyReport> reports; // the root's first
    std::optional<base::Error> error;     // why something of that could not be found out
};

class SignaturesPane : public QWidget
{
    Q_OBJECT
public:
    explicit SignaturesPane(QWidget *parent = nullptr);

    // nullptr: nothing is open. `target`: where its content is read from.
    void setDocument(editing::ImageDocument *document, content::TargetPtr target);
    void setState(const SignatureState &state);
    void setCurrent(const document::NodePath &node); // what is selected in the image
    void showEdits();                                // of the document, as they are now
    // What is used by this pane's buttons; their words and whether they can be used.
    void setActions(QAction *sign, QAction *believe, QAction *check);

    items::SignaturesModel *model() { return &m_model; }
    QTreeView *view() const { return m_view; }
    SignatureDetails *details() const { return m_details; }
    StatePane *pane() const { return m_pane; }
    QString verdict() const; // the word above all

Q_SIGNALS:
    void wanted(); // it is seen, and nothing was looked for yet
    void cancelRequested();
    void retryRequested();
    void signRequested();
    void copied(const QString &what);

protected:
    void showEvent(QShowEvent *event) override;

private:
    QWidget *buildContent();
    void follow();
    void showVerdict();
    void showDetails();
    void selectCurrent();

    items::SignaturesModel m_model;
    QPointer<editing::ImageDocument> m_document;
    SignatureState m_state;
    document::NodePath m_current;
    StatePane *m_pane;
    Badge *m_badge;
    QLabel *m_sentence;
    NoticeStrip *m_remarks;
    QTreeView *m_view;
    SignatureDetails *m_details;
    QWidget *m_buttons;
    QPushButton *m_sign = nullptr; // one of them
};

} // namespace colophon::widgets
