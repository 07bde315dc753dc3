// SPDX-License-Identifier: Apache-2.0
#include "widgets/window/imagecontroller.h"

#include "base/plaintext.h"
#include "behaviour/outlook.h"
#include "signing/allforms.h"
#include "transfer/listattachments.h"
#include "transfer/openimage.h"
#include "transfer/probeurls.h"
#include "widgets/common/listtags.h"
#include "widgets/common/retire.h"
#include "widgets/window/checksignatures.h"

namespace colophon::widgets {

namespace {
bool isSameImage(const oci::Reference &a, const oci::Reference &b)
{
    return a.name() == b.name() && a.tag() == b.tag();
}
} // namespace

ImageController::ImageController(content::Connector &connector, QObject *parent)
    : QObject(parent)
    , m_connector(connector)
{
}

ImageController::~ImageController() = default;

void ImageController::setState(State state)
{
    m_state = state;
    Q_EMIT stateChanged();
}

void ImageController::replaceDocument(std::unique_ptr<editing::ImageDocument> document)
{
    // The old one goes last: views let go of it in documentReplaced().
    std::swap(m_document, document);
    m_reachable = m_probed = 0;
    m_asked.clear();
    m_probeRefusal.reset();
    m_signatureReports.clear();
    m_signatureError.reset();
    retire(m_probing);
    retire(m_checking);
    retire(m_listingAttachments);
    m_attachments.reset();
    m_attachmentError.reset();
    Q_EMIT documentReplaced();
    Q_EMIT signaturesChanged();
}

void ImageController::open(const oci::Reference &reference)
{
    retire(m_opening);
    m_requested = reference;
    m_error.reset();
    const content::TargetPtr target = m_connector.target(reference);
    m_opening = std::make_unique<transfer::OpenImage>(target, reference);
    connect(m_opening.get(), &transfer::OpenImage::activityChanged, this, &ImageController::activityChanged);
    connect(m_opening.get(), &transfer::OpenImage::finished, this, [this, target] { finishOpening(target); });
    setState(State::Loading);
    Q_EMIT tagsChanged();
    m_opening->start();
}

void ImageController::finishOpening(const content::TargetPtr &target)
{
    const std::unique_ptr<transfer::OpenImage, void (*)(transfer::OpenImage *)> opening(
        m_opening.release(), [](transfer::OpenImage *operation) { operation->deleteLater(); });
    if (opening->error()) {
        m_error = opening->error();
        // A failed reload leaves what is there; another image's failure does not stand beside this one's rows.
        if (m_document && !isSameImage(m_document->reference(), m_requested))
            replaceDocument(nullptr);
        setState(State::Failed);
        // Which tags there are instead is the next question.
        if (m_error->kind == base::ErrorKind::NotFound)
            listTags();
        else
            Q_EMIT tagsChanged();
        if (m_error->kind == base::ErrorKind::Unauthorized)
            Q_EMIT signInWanted(m_requested.registry(), *m_error);
        return;
    }
    m_target = target;
    m_serverFields = opening->serverFields();
    m_attached = std::make_shared<content::ReadOnce>(target);
    auto document = std::make_unique<editing::ImageDocument>(opening->reference(), opening->tree());
    document->setAdviser(
        [](const document::ImageTree &tree) { return behaviour::findingsOf(behaviour::Knowledge::shipped(), tree); });
    replaceDocument(std::move(document));
    setState(State::Open);
    if (m_tagsOf != m_requested.name() || m_tagsError || !m_tags.contains(m_requested.tag()))
        listTags();
    checkSignatures();
}

void ImageController::cancel()
{
    if (m_opening)
        m_opening->cancel();
    stopProbing();
}

bool ImageController::isListingTags() const { return m_listing != nullptr; }

void ImageController::listTags()
{
    retire(m_listing);
    if (m_tagsOf != m_requested.name())
        m_tags.clear();
    m_tagsOf = m_requested.name();
    m_tagsError.reset();
    m_listing = std::make_unique<ListTags>(m_connector.target(m_requested));
    connect(m_listing.get(), &ListTags::finished, this, [this] {
        m_tagsError = m_listing->error();
        if (!m_tagsError)
            m_tags = m_listing->tags();
        retire(m_listing);
        Q_EMIT tagsChanged();
    });
    Q_EMIT tagsChanged();
    m_listing->start();
}

bool ImageController::isProbing() const { return m_probing != nullptr; }

void ImageController::stopProbing()
{
    if (m_probing)
        m_probing->cancel();
}

void ImageController::ask(const QList<document::NodePath> &layers, bool whole)
{
    if (!m_document)
        return;
    retire(m_probing);
    const auto items = transfer::ProbeUrls::itemsOf(m_document->tree(), layers);
    m_reachable = m_probed = 0;
    m_askedWhole = whole;
    m_asked = layers;
    m_probeRefusal.reset();
    m_probing = std::make_unique<transfer::ProbeUrls>(m_connector.urlFetcher(m_document->reference()), items, whole);
    connect(m_probing.get(), &transfer::ProbeUrls::activityChanged, this, &ImageController::activityChanged);
    connect(m_probing.get(), &transfer::ProbeUrls::resultReady, this, [this](int item) {
        const content::UrlProbe &answer = m_probing->results().at(item);
        ++m_probed;
        m_reachable += answer.isReachable() ? 1 : 0;
        if (answer.confined && !m_probeRefusal) {
            base::Error refusal;
            refusal.kind = base::ErrorKind::Denied;
            refusal.message = tr("%1 was not asked. %2").arg(base::visible(answer.url, 200), answer.reason);
            refusal.confined = answer.confined;
            m_probeRefusal = refusal;
        }
        Q_EMIT probeAnswered(m_probing->items().at(item).descriptor.digest, answer);
    });
    connect(m_probing.get(), &transfer::ProbeUrls::finished, this, [this] {
        retire(m_probing);
        Q_EMIT probingFinished();
    });
    for (const auto &item : items)
        Q_EMIT probeStarted(item.descriptor.digest, item.url);
    m_probing->start();
}

bool ImageController::isCheckingSignatures() const { return m_checking != nullptr; }

void ImageController::checkSignatures()
{
    if (!m_document)
        return;
    retire(m_checking);
    m_signatureReports.clear();
    m_signatureError.reset();
    const document::ImageTree &tree = m_document->original();
    QList<oci::Descriptor> subjects{tree.root().descriptor};
    for (const document::NodePath &path : tree.images()) {
        const auto descriptor = tree.descriptor(path);
        if (descriptor && descriptor->digest != subjects.constFirst().digest)
            subjects.append(*descriptor);
    }
    m_checking = std::make_unique<CheckSignatures>(m_attached, subjects,
                                                   signing::verifierOf(m_believed.cosign, m_believed.notation));
    connect(m_checking.get(), &CheckSignatures::finished, this, [this] {
        m_signatureError = m_checking->error();
        m_signatureReports = m_checking->reports();
        retire(m_checking);
        Q_EMIT signaturesChanged();
    });
    Q_EMIT signaturesChanged();
    m_checking->start();
}

bool ImageController::isListingAttachments() const { return m_listingAttachments != nullptr; }

void ImageController::listAttachments()
{
    if (!m_document || m_attachments || m_listingAttachments)
        return;
    m_attachmentError.reset();
    m_listingAttachments = std::make_unique<transfer::ListAttachments>(m_attached, m_document->original());
    connect(m_listingAttachments.get(), &transfer::ListAttachments::finished, this, [this] {
        m_attachmentError = m_listingAttachments->error();
        if (!m_attachmentError)
            m_attachments = m_listingAttachments->attachments();
        retire(m_listingAttachments);
        Q_EMIT signaturesChanged();
    });
    Q_EMIT signaturesChanged();
    m_listingAttachments->start();
}

void ImageController::forgetAttachments()
{
    retire(m_listingAttachments);
    m_attachments.reset();
    m_attachmentError.reset();
    m_attached = std::make_shared<content::ReadOnce>(m_target);
}

void ImageController::stopLookingAtSignatures()
{
    if (m_checking)
        m_checking->cancel();
    if (m_listingAttachments)
        m_listingAttachments->cancel();
}

} // namespace colophon::widgets
