// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the window does with registries on behalf of its views: opens an image and keeps its document, lists the tags
// beside it, probes addresses, checks signatures and finds what else is attached. Views follow its signals and never
// wait.

#include "content/connector.h"
#include "content/readonce.h"
#include "content/signer.h"
#include "content/urlfetcher.h"
#include "document/attachments.h"
#include "editing/imagedocument.h"
#include "signing/believed.h"

#include <QObject>

#include <memory>
#include <optional>

namespace colophon::transfer {
class ListAttachments;
class OpenImage;
class ProbeUrls;
} // namespace colophon::transfer

namespace colophon::widgets {

class CheckSignatures;
class ListTags;

class ImageController final : public QObject
{
    Q_OBJECT
public:
    enum class State { Empty, Loading, Open, Failed };

    explicit ImageController(content::Connector &connector, QObject *parent = nullptr);
    ~ImageController() override;

    content::Connector &connector() const { return m_connector; }
    State state() const { return m_state; }
    bool isLoading() const { return m_state == State::Loading; }
    // What was asked for last, as it was asked for.
    const oci::Reference &requested() const { return m_requested; }
    // The open image; nullptr where there is none. It stays while another one is being read.
    editing::ImageDocument *document() const { return m_document.get(); }
    const content::TargetPtr &target() const { return m_target; }
    // What the registry of the open image said of itself.
    const content::ServerFields &serverFields() const { return m_serverFields; }
    const std::optional<base::Error> &error() const { return m_error; }

    void open(const oci::Reference &reference);
    void reload() { open(m_requested); }
    void cancel();

    // Whether tags() is about the repository that was asked for: they were listed, or are being listed.
    bool knowsTags() const { return m_tagsOf == m_requested.name(); }
    bool isListingTags() const;
    const QStringList &tags() const { return m_tags; }
    const std::optional<base::Error> &tagsError() const { return m_tagsError; }
    void listTags();

    // Asks the addresses of these layers, of all layers where the list is empty.
    void probe(const QList<document::NodePath> &layers) { ask(layers, false); }
    void verifyContent(const QList<document::NodePath> &layers) { ask(layers, true); } // reads the whole of each
    void stopProbing();
    bool isProbing() const;
    bool verifiedContent() const { return m_askedWhole; } // the last time
    // How many addresses answered well and how many were asked, the last time.
    int reachable() const { return m_reachable; }
    int probed() const { return m_probed; }
    // That an address was not asked because it lies in a narrower network than its registry, the last time.
    const std::optional<base::Error> &probeRefusal() const { return m_probeRefusal; }
    void probeAgain() { ask(QList(m_asked), m_askedWhole); }

    // Whom signatures are believed from, from the next check on.
    void setPublicKeys(const QList<signing::PublicKey> &keys) { m_believed.cosign.keys = keys; }
    const QList<signing::PublicKey> &publicKeys() const { return m_believed.cosign.keys; }
    void setRoots(const QList<signing::Certificate> &roots, const signing::CertificateTerms &terms)
    {
        m_believed.cosign.roots = roots;
        m_believed.cosign.terms = terms;
    }
    void setNotationTrust(const std::optional<signing::NotationTrust> &trust) { m_believed.notation = trust; }
    void checkSignatures();
    bool isCheckingSignatures() const;
    // The root's report first; empty until they were checked.
    const QList<content::VerifyReport> &signatureReports() const { return m_signatureReports; }
    const std::optional<base::Error> &signatureError() const { return m_signatureError; }

    // What is attached to the image is looked for when it is asked for. What was read of it for this or for checking is
    // not read again, but with forget.
    void listAttachments();
    void forgetAttachments();
    bool isListingAttachments() const;
    const std::optional<document::Attachments> &attachments() const { return m_attachments; }
    const std::optional<base::Error> &attachmentError() const { return m_attachmentError; }
    void stopLookingAtSignatures(); // whatever is on its way of both

Q_SIGNALS:
    void stateChanged();
    void documentReplaced(); // document() is another one, or none
    void activityChanged(const QString &activity);
    void tagsChanged();
    void probeStarted(const oci::Digest &layer, const QString &url);
    void probeAnswered(const oci::Digest &layer, const content::UrlProbe &answer);
    void probingFinished();
    void signaturesChanged(); // or what is attached
    // The registry asks who is there; reload() goes on once it is known.
    void signInWanted(const QString &registry, const base::Error &error);

private:
    void ask(const QList<document::NodePath> &layers, bool whole);
    void finishOpening(const content::TargetPtr &target);
    void setState(State state);
    void replaceDocument(std::unique_ptr<editing::ImageDocument> document);

    content::Connector &m_connector;
    State m_state = State::Empty;
    oci::Reference m_requested;
    std::optional<base::Error> m_error;
    content::TargetPtr m_target;
    content::ServerFields m_serverFields;
    std::shared_ptr<content::ReadOnce> m_attached; // the same, for all who look at what is attached
    std::unique_ptr<editing::ImageDocument> m_document;
    QString m_tagsOf; // registry/repository m_tags belongs to
    QStringList m_tags;
    std::optional<base::Error> m_tagsError;
    int m_reachable = 0;
    int m_probed = 0;
    bool m_askedWhole = false;
    QList<document::NodePath> m_asked;
    std::optional<base::Error> m_probeRefusal;
    signing::Believed m_believed;
    QList<content::VerifyReport> m_signatureReports;
    std::optional<base::Error> m_signatureError;
    std::optional<document::Attachments> m_attachments; // of the image as it was opened
    std::optional<base::Error> m_attachmentError;

    std::unique_ptr<transfer::OpenImage> m_opening;
    std::unique_ptr<ListTags> m_listing;
    std::unique_ptr<transfer::ProbeUrls> m_probing;
    std::unique_ptr<CheckSignatures> m_checking;
    std::unique_ptr<transfer::ListAttachments> m_listingAttachments;
};

} // namespace colophon::widgets
