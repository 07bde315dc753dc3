// SPDX-License-Identifier: Apache-2.0
#pragma once

// The last look before a push, the push itself and its report, on one sheet: the rows of the plan fill with progress
// and then say what became of them. Nothing is pushed without having been shown here. Where the push cannot go on it
// offers what can be done, and after it the way back.

#include "content/connector.h"
#include "content/credentialstore.h"
#include "content/signer.h"
#include "editing/imagedocument.h"
#include "items/findingsmodel.h"
#include "items/pushplanmodel.h"
#include "signing/keys.h"
#include "transfer/pushcommands.h"
#include "widgets/push/pushcontroller.h"
#include "widgets/push/pushundo.h"
#include "widgets/push/taglook.h"

#include <QPointer>
#include <QWidget>

class QCheckBox;
class QLineEdit;
class QMenu;
class QProgressBar;
class QPushButton;
class QTableView;

namespace colophon::widgets {

class BackupChoice;
class Badge;
class DestinationChoice;
class DiffView;
class ElidedLabel;
class ErrorStrip;
class NoticeList;
class RemedyStrip;
class RowFitter;
class SigningChoice;
enum class Wanting;

class ReviewSheet : public QWidget
{
    Q_OBJECT
public:
    explicit ReviewSheet(content::Connector &connector, QWidget *parent = nullptr);

    // Looks at the edits of this document as they are now.
    void review(editing::ImageDocument *document);
    // What is known of the signatures of the image as it was opened, and of what is attached to it; nothing: not yet.
    void setSignatures(const QList<content::VerifyReport> &reports);
    void setAttachments(const std::optional<document::Attachments> &attachments);
    void setKeychain(std::shared_ptr<content::CredentialStore> keychain);
    void setKeyFiles(const QStringList &paths);
    // As whom the destination was asked (SigningIn::inWords); empty: as nobody.
    void setSignedIn(const QString &words);
    QString signedIn() const;
    PushController *controller() { return &m_push; }
    PushUndo *undo() { return &m_undo; }
    SigningChoice *signing() const { return m_signing; }
    QCheckBox *sbomBox() const { return m_sboms; }
    DestinationChoice *destination() const { return m_destination; }
    QLineEdit *tagField() const;
    BackupChoice *backup() const { return m_backup; }
    QPushButton *pushButton() const { return m_go; }
    QPushButton *undoButton() const { return m_back; }
    QMenu *commandsMenu() const { return m_commandsMenu; }
    QTableView *planView() const { return m_view; }
    items::PushPlanModel *planModel() { return &m_model; }
    DiffView *diff() const { return m_diff; }
    NoticeList *notices() const { return m_notices; }
    ErrorStrip *errors() const { return m_errors; }
    RemedyStrip *remedies() const { return m_remedies; }
    QString headline() const;
    QString verdict() const; // the word beside it

public Q_SLOTS:
    void pushOrOpen(); // what the main button says
    void leaveOrCancel();
    void goOn(); // with what could not be done, now that it may be possible

protected:
    void resizeEvent(QResizeEvent *event) override;

Q_SIGNALS:
    void closed();
    void pushed(); // the edits under review are no longer unsent
    void undone(); // they are again
    // After a push: show what the destination has now, checked with this key where it was signed.
    void openRequested(const colophon::oci::Reference &pushed, const QList<colophon::signing::PublicKey> &keys);
    // The tag moved: read what it names now, and put the edits on that.
    void reopenRequested();
    void keyOpened(const QString &path, const QString &fingerprint);
    void signInWanted(const QString &registry, const colophon::base::Error &error);
    void said(const QString &what);
    void refused(const colophon::base::Error &error); // of the keychain

private:
    QWidget *buildHead();
    QWidget *buildPlan();
    QWidget *buildFoot();
    void connectChoices();
    void connectOffers();
    void connectPush();
    void follow();
    void followUndo();
    void openPushed();
    void takeSigner();
    void takeDestination();
    void offerSboms();
    void showState(); // head, buttons, notices and offers
    void showHead();
    void showButtons();
    void showButtonsAfterPush();
    void showRemedies();
    void copyCommands(transfer::CommandTool tool, const QString &name);
    void measureOutcomes();
    void layOutColumns();
    Wanting wanting() const; // what is typed or chosen and not in the plan yet
    bool isUndone() const;
    bool isUndoing() const;

    PushController m_push;
    PushUndo m_undo;
    TagLook m_look;
    items::PushPlanModel m_model;
    QPointer<editing::ImageDocument> m_document;
    QList<content::VerifyReport> m_signatures;
    std::optional<document::Attachments> m_attachments;
    ElidedLabel *m_title;
    ElidedLabel *m_where;
    ElidedLabel *m_summary;
    ElidedLabel *m_signedIn;
    Badge *m_verdict;
    ErrorStrip *m_errors;
    RemedyStrip *m_remedies;
    QTableView *m_view;
    RowFitter *m_rows = nullptr; // of m_view
    int m_widestOutcome = 0;     // of the plan, in pixels
    DiffView *m_diff;
    NoticeList *m_notices;
    DestinationChoice *m_destination;
    BackupChoice *m_backup;
    QCheckBox *m_sboms; // attach them to the edited image too
    SigningChoice *m_signing;
    QPushButton *m_commands;
    QMenu *m_commandsMenu;
    QProgressBar *m_progress;
    ElidedLabel *m_activity;
    QPushButton *m_leave;
    QPushButton *m_back;
    QPushButton *m_go;
    bool m_isUndoable = false; // m_undo is about the push on show
};

} // namespace colophon::widgets
