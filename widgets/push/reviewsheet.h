// SPDX-License-Identifier: Apache-2.0
#pragma once

// The last look before a push, the push itself and its report, on one sheet: the rows of the plan fill with progress
// and then say what became of them. Nothing is pushed without having been shown here.

#include "content/connector.h"
#include "editing/imagedocument.h"
#include "items/findingsmodel.h"
#include "items/pushplanmodel.h"
#include "signing/keys.h"
#include "widgets/push/pushcontroller.h"

#include <QWidget>

class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;
class QTableView;
class QTimer;

namespace colophon::widgets {

class Badge;
class DiffView;
class ElidedLabel;
class ErrorStrip;
class NoticeList;
class SigningChoice;

class ReviewSheet : public QWidget
{
    Q_OBJECT
public:
    explicit ReviewSheet(content::Connector &connector, QWidget *parent = nullptr);

    // Looks at the edits of this document as they are now.
    void review(editing::ImageDocument *document);
    void setKeyFiles(const QStringList &paths);
    PushController *controller() { return &m_push; }
    SigningChoice *signing() const { return m_signing; }
    QLineEdit *tagField() const { return m_tag; }
    QPushButton *pushButton() const { return m_go; }
    QTableView *planView() const { return m_view; }
    items::PushPlanModel *planModel() { return &m_model; }
    DiffView *diff() const { return m_diff; }
    NoticeList *notices() const { return m_notices; }
    ErrorStrip *errors() const { return m_errors; }
    QString headline() const;
    QString verdict() const; // the word beside it

public Q_SLOTS:
    void pushOrOpen(); // what the main button says
    void leaveOrCancel();

protected:
    void resizeEvent(QResizeEvent *event) override;

Q_SIGNALS:
    void closed();
    // After a push: show what the destination has now, checked with this key where it was signed.
    void openRequested(const colophon::oci::Reference &pushed, const QList<colophon::signing::PublicKey> &keys);
    // The tag moved: read what it names now.
    void reopenRequested();
    void keyOpened(const QString &path);
    void signInWanted(const QString &registry, const colophon::base::Error &error);
    void said(const QString &what);

private:
    QWidget *buildHead();
    QWidget *buildPlan();
    QWidget *buildFoot();
    void follow();
    void openPushed();
    void takeSigner();
    void takeTag();
    void showHead();
    void showButtons();
    void layOutColumns();
    bool isTagTaken() const;  // what is typed is what the plan is for
    bool hasTagMoved() const; // since the image was opened

    PushController m_push;
    items::PushPlanModel m_model;
    ElidedLabel *m_title;
    ElidedLabel *m_where;
    Badge *m_verdict;
    ErrorStrip *m_errors;
    QTableView *m_view;
    DiffView *m_diff;
    NoticeList *m_notices;
    QLabel *m_repository;
    QLineEdit *m_tag;
    SigningChoice *m_signing;
    QProgressBar *m_progress;
    ElidedLabel *m_activity;
    QPushButton *m_leave;
    QPushButton *m_reopen;
    QPushButton *m_go;
    QTimer *m_tagSettled;
    bool m_tagRefused = false;
};

} // namespace colophon::widgets
