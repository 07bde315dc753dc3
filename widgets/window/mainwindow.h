// SPDX-License-Identifier: Apache-2.0
#pragma once

// The window: tags at the left, the image in the middle, everything about the selected node at the right; a push is
// reviewed on a sheet that takes their place. It only lets its parts talk to each other.

#include "content/connector.h"
#include "content/credentialstore.h"
#include "content/requestrecord.h"
#include "oci/reference.h"
#include "session/settings.h"
#include "widgets/connect/trust.h"
#include "widgets/window/draftkeeper.h"
#include "widgets/window/imagecontroller.h"
#include "widgets/window/navigation.h"

#include <QMainWindow>

#include <chrono>
#include <functional>
#include <optional>

class QSplitter;
class QStackedWidget;

namespace colophon::widgets {

class ChangeBar;
class DraftStrips;
class ErrorStrip;
class ImageTreeView;
class Inspector;
class ReferenceBar;
class RequestsPane;
class ReviewSheet;
class SelectionActions;
class SigningIn;
class StatePane;
class StatusLine;
class TagsPane;
class UndoStrip;
class WindowActions;

class MainWindow : public QMainWindow
{
    Q_OBJECT
public:
    MainWindow(content::Connector &connector, session::Settings &settings, const session::DraftStore &drafts);
    ~MainWindow() override;

    // Images to try, a key to sign them with, and whose signatures they come with. Nothing of them is remembered.
    struct Samples
    {
        QStringList references; // the first one is opened by the button of the empty window
        QStringList keyFiles;
        QStringList publicKeyFiles;       // whose holders are believed
        std::optional<base::Error> error; // why there are none
    };
    // How to get them; called when they are asked for.
    void setSampleSource(std::function<Samples()> source);
    void offerSamples(); // asks for them now
    void openSample();
    // Where passwords may be kept for the next time; without one they are not.
    void setKeychain(std::shared_ptr<content::CredentialStore> keychain);
    void open(const oci::Reference &reference); // asks first where edits would be lost
    void refuse(const base::Error &error);      // shows what somebody wanted and cannot be
    bool isReviewing() const;

    WindowActions *actions() const { return m_actions; }
    ImageController *controller() { return &m_controller; }
    ReferenceBar *referenceBar() const { return m_bar; }
    TagsPane *tags() const { return m_tags; }
    ImageTreeView *tree() const { return m_tree; }
    StatePane *imagePane() const { return m_pane; }
    Inspector *inspector() const { return m_inspector; }
    ErrorStrip *errors() const { return m_errors; }
    ChangeBar *changeBar() const { return m_changes; }
    ReviewSheet *review() const { return m_review; }
    DraftKeeper *drafts() { return &m_drafts; }
    DraftStrips *draftStrips() const { return m_draftStrips; }
    UndoStrip *undoStrip() const { return m_undo; }
    StatusLine *status() const { return m_status; }
    SelectionActions *selection() const { return m_selection; }

    RequestsPane *requests() const { return m_requests; }

public Q_SLOTS:
    // A request of the registry client's, at each of its stages.
    void log(const content::RequestRecord &record);
    // The client waits before it asks again, because of that; no time: it does no longer.
    void showWaiting(const QString &reason, std::chrono::milliseconds time);

protected:
    void closeEvent(QCloseEvent *event) override;

private:
    QWidget *buildWorkspace();
    void connectActions();
    void connectController();
    void connectPanes();
    void connectReview();
    void connectDrafts();
    void connectSelection();
    void connectSigningIn();
    void connectSigning();
    void openNow(const oci::Reference &reference);
    void showState();
    void showDocument();
    void showEdits();
    void showTags();
    void showSignatures();
    void showSignatureOfEdits();
    void updateActions();
    void reviewOrPush();
    void leaveReview();
    void copyDigest();
    void copyReference();
    void setCustomersClients(const QStringList &ids);
    void goToNextPane();
    void offerRecents();
    void offerKeys();             // and says whom signatures are believed from
    QStringList keyFiles() const; // that may sign
    void rememberKey(const QString &path, const QString &fingerprint);
    void believeKey(const QString &path);
    void believeFromNowOn(const QList<signing::PublicKey> &keys);
    void checkAgain();
    void signAsItIs();
    bool isSample(const oci::Reference &reference) const;
    QList<document::NodePath> layersToProbe() const;

    session::Settings &m_settings;
    content::Connector &m_connector;
    Trust m_trust;
    ImageController m_controller;
    DraftKeeper m_drafts; // of m_controller's document
    SigningIn *m_signingIn;
    Navigation m_navigation;
    std::function<Samples()> m_sampleSource;
    Samples m_samples;
    std::shared_ptr<content::CredentialStore> m_keychain;
    QList<signing::PublicKey> m_keysOfThisRun; // that signed in this window
    content::NamedImage m_shortName;           // the last that was typed, and what it was taken for
    bool m_closing = false;

    WindowActions *m_actions;
    QStackedWidget *m_stack;
    ReferenceBar *m_bar;
    ErrorStrip *m_errors;
    QSplitter *m_splitter;
    TagsPane *m_tags;
    StatePane *m_pane;
    ImageTreeView *m_tree;
    Inspector *m_inspector;
    ChangeBar *m_changes;
    ReviewSheet *m_review;
    DraftStrips *m_draftStrips;
    UndoStrip *m_undo;
    RequestsPane *m_requests;
    StatusLine *m_status;
    SelectionActions *m_selection;
};

} // namespace colophon::widgets
