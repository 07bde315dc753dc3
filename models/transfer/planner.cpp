// SPDX-License-Identifier: Apache-2.0
// The push of an edited image as a pure function of the image and what the destination has. Order: addresses
// probed → blobs → configs → manifests → indexes → attachments → signatures → tag last.
#include "base/plaintext.h"
#include "document/titles.h"
#include "transfer/pushcontent.h"

#include <QCoreApplication>

namespace colophon::transfer {

namespace {
struct Text
{
    Q_DECLARE_TR_FUNCTIONS(colophon::transfer::PushPlan)
};

using base::ErrorKind;
using document::ImageNode;
using document::NodePath;

class Planner
{
public:
    Planner(const PushRequest &request, const DestinationFacts &facts)
        : m_facts(facts)
        , m_titles(request.derived.tree)
        , m_content(contentOf(request))
    {
        m_plan.request = request;
    }

    PushPlan plan()
    {
        const PushRequest &request = m_plan.request;
        if (request.derived.tree.isEmpty()) {
            block(ErrorKind::Usage, Text::tr("There is no image to push."));
            return m_plan;
        }
        m_plan.before = request.original.root().descriptor.digest;
        m_plan.after = request.derived.tree.root().descriptor.digest;
        m_plan.tagBefore = m_facts.tagBefore;
        checkTag();
        m_plan.findings = document::findingsOf(request.original, request.derived);
        if (request.advise) {
            m_plan.findings += request.advise(m_facts.server);
            std::ranges::stable_sort(m_plan.findings, std::ranges::greater(), &document::Finding::severity);
        }
        for (const document::Finding &finding : std::as_const(m_plan.findings))
            if (finding.severity == document::Finding::Severity::Block)
                block(ErrorKind::Usage, finding.message);
        addProbes();
        for (const bool configs : {false, true})
            for (const BlobNeed &need : std::as_const(m_content.blobs))
                if (need.isConfig == configs)
                    addBlob(need);
        for (const ManifestNeed &need : std::as_const(m_content.manifests))
            addManifest(need);
        addAttachments();
        addSignatures();
        tellWhatStays();
        addBackup();
        addTag();
        return m_plan;
    }

private:
    QString source() const { return m_plan.request.source.name(); }
    QString destination() const { return m_plan.request.destination.name(); }

    void block(ErrorKind kind, const QString &why)
    {
        if (!m_plan.isBlocked())
            m_plan.blockedKind = kind;
        if (!m_plan.blockers.contains(why))
            m_plan.blockers.append(why);
    }

    static PlanStep step(StepKind kind, const NodePath &path, const oci::Descriptor &descriptor)
    {
        PlanStep made;
        made.kind = kind;
        made.path = path;
        made.descriptor = descriptor;
        return made;
    }

    void checkTag();
    void addProbes();
    void addBlob(const BlobNeed &need);
    void planTransfer(PlanStep &made, const BlobNeed &need);
    QString howEdited(const NodePath &path) const;
    void addManifest(const ManifestNeed &need);
    void addAttachments();
    void addSignatures();
    void tellWhatStays();
    void addBackup();
    void addTag();

    const DestinationFacts &m_facts;
    document::Titles m_titles;
    PushContent m_content;
    PushPlan m_plan;
};

// Where the image came from the very tag that is to be replaced, nobody else's push may get lost.
void Planner::checkTag()
{
    const PushRequest &request = m_plan.request;
    const bool isSameTag = m_facts.sameRepository && !request.destination.tag().isEmpty() &&
                           request.destination.tag() == request.source.tag();
    if (!isSameTag || request.force || m_facts.tagBefore == m_plan.before || m_facts.tagBefore == m_plan.after)
        return;
    block(
        ErrorKind::Conflict,
        m_facts.tagBefore.isNull()
            ? Text::tr("The tag went while you were editing: %1 does not exist any more. Push to another tag, or push "
                       "with force.")
                  .arg(tagInWords(request.destination))
            : Text::tr("The tag moved while you were editing: someone pushed %1. Reopen it, or push to another tag.")
                  .arg(m_facts.tagBefore.toString()));
}

void Planner::addProbes()
{
    if (!m_plan.request.probe)
        return;
    for (const NewAddress &address : newAddressesOf(m_plan.request)) {
        PlanStep made = step(StepKind::Probe, address.layer, address.descriptor);
        made.url = address.url;
        made.reason = Text::tr("A new address of %1: asked without credentials.").arg(m_titles.name(address.layer));
        m_plan.steps.append(made);
    }
}

void Planner::addBlob(const BlobNeed &need)
{
    PlanStep made = step(need.isConfig ? StepKind::Config : StepKind::Blob, need.path, need.descriptor);
    if (!need.isNeeded) {
        made.outcome = Outcome::Skipped;
        const QString hosts = hostsOf(need.descriptor.urls);
        if (hosts.isEmpty())
            made.reason = Text::tr("Non-distributable without an address: stays behind.");
        else
            made.reason = Text::tr("Non-distributable: stays at %1.").arg(hosts);
    } else if (m_facts.present.contains(need.descriptor.digest)) {
        made.outcome = Outcome::Skipped;
        made.reason = Text::tr("Already there.");
    } else {
        planTransfer(made, need);
    }
    m_plan.steps.append(made);
}

void Planner::planTransfer(PlanStep &made, const BlobNeed &need)
{
    made.bytes = need.descriptor.size;
    if (!m_facts.sameRepository && m_facts.inSource.contains(need.descriptor.digest)) {
        made.from = PlanStep::From::Source;
        made.reason = Text::tr("Copied from %1.").arg(source());
        if (m_facts.sameRegistry) {
            made.mountFrom = m_plan.request.source.repository();
            made.bytes = 0;
            made.reason = Text::tr("Taken over from %1, in the same registry.").arg(made.mountFrom);
        }
        return;
    }
    const QString hosts = hostsOf(need.addresses);
    if (!hosts.isEmpty()) {
        made.from = PlanStep::From::Urls;
        made.reason = Text::tr("Fetched from %1, checked and uploaded.").arg(hosts);
        return;
    }
    made.bytes = 0;
    made.outcome = Outcome::Failed;
    made.reason = Text::tr("It is nowhere to be found.");
    const QString where = m_facts.sameRepository ? Text::tr("%1 does not have it").arg(destination())
                                                 : Text::tr("neither %1 nor %2 has it").arg(destination(), source());
    if (need.isConfig)
        block(ErrorKind::Failed,
              Text::tr("%1 (%2) must be in the destination, but %3. Push that image there whole first.")
                  .arg(m_titles.nameAtStart(need.path), need.descriptor.digest.toString(), where));
    else
        block(ErrorKind::Failed,
              Text::tr("%1 (%2) is distributable and must be in the destination, but %3, and it has no address to be "
                       "fetched from. Push the blob there first, or leave the layer non-distributable.")
                  .arg(m_titles.nameAtStart(need.path), need.descriptor.digest.toString(), where));
}

// Markings and annotations are edits like any; a platform that goes and another format are said.
QString Planner::howEdited(const NodePath &path) const
{
    const document::DerivedImage &derived = m_plan.request.derived;
    QList<NodePath> gone;
    for (const NodePath &each : derived.removed)
        if (each.entries.first(each.entries.size() - 1) == path.entries)
            gone.append(each);
    QStringList edits;
    if (!gone.isEmpty())
        edits.append(Text::tr("taken out: %1").arg(m_titles.names(gone)));
    const oci::MediaType::Family family = derived.tree.node(path)->descriptor.mediaType.family();
    if (family != m_plan.request.original.node(path)->descriptor.mediaType.family())
        edits.append(Text::tr("converted to %1").arg(document::nameOf(family)));
    return edits.isEmpty() ? Text::tr("Edited.") : Text::tr("Edited; %1.").arg(edits.join(QStringLiteral("; ")));
}

void Planner::addManifest(const ManifestNeed &need)
{
    PlanStep made = step(need.isIndex ? StepKind::Index : StepKind::Manifest, need.path, need.descriptor);
    if (m_facts.manifestsPresent.contains(need.descriptor.digest)) {
        made.outcome = Outcome::Skipped;
        made.reason = Text::tr("Already there.");
    } else if (!need.isRead && m_facts.sameRepository) {
        made.outcome = Outcome::Skipped;
        made.reason = Text::tr("It was missing before, and stays so.");
    } else if (!need.isRead) {
        made.outcome = Outcome::Failed;
        made.reason = Text::tr("Its content is not known.");
        block(ErrorKind::Failed,
              Text::tr("%1 (%2) was not read and %3 does not have it. Copy it there with another tool first.")
                  .arg(m_titles.nameAtStart(need.path), need.descriptor.digest.toString(), destination()));
    } else {
        made.from = need.isChanged ? PlanStep::From::Edit : PlanStep::From::Source;
        made.bytes = need.descriptor.size;
        made.reason = need.isChanged ? howEdited(need.path) : Text::tr("As it is in %1.").arg(source());
    }
    m_plan.steps.append(made);
}

// Lists of packages of an image whose layers hold what they held, where the person wants that.
void Planner::addAttachments()
{
    const PushRequest &request = m_plan.request;
    if (!request.attachments || !request.reattachSboms)
        return;
    QSet<oci::Digest> known;
    for (int i = 0; i < request.attachments->all.size(); ++i) {
        const document::Attachment &attachment = request.attachments->all.at(i);
        if (!document::isReattachable(attachment, request.original, request.derived))
            continue;
        const QByteArray bytes = document::reattached(attachment, request.derived);
        PlanStep again =
            step(StepKind::Attachment, attachment.subject, oci::Descriptor::of(attachment.manifest.mediaType, bytes));
        if (known.contains(again.descriptor.digest))
            continue;
        known.insert(again.descriptor.digest);
        again.attachment = i;
        again.from = PlanStep::From::Edit;
        again.bytes = bytes.size();
        if (!m_facts.sameRegistry)
            again.bytes += attachment.size + attachment.read->config().size;
        again.reason =
            Text::tr("The SBOM of %1 is attached to the new digest too.").arg(m_titles.name(attachment.subject));
        m_plan.steps.append(again);
    }
}

// What is attached to the old image, counted, where that is known.
void Planner::tellWhatStays()
{
    const PushRequest &request = m_plan.request;
    if (!request.attachments)
        return;
    for (document::Finding &finding : m_plan.findings)
        if (finding.code == document::Finding::Code::SignaturesStale)
            finding = document::stayBehind(request.original, request.derived, *request.attachments, m_plan.aftermath());
    std::stable_sort(m_plan.findings.begin(), m_plan.findings.end(),
                     [](const auto &a, const auto &b) { return a.severity > b.severity; });
}

// Images before the indexes that name them; attestations are about images and not signed themselves.
void Planner::addSignatures()
{
    const PushRequest &request = m_plan.request;
    if (request.signingKeys.isEmpty())
        return;
    for (const ManifestNeed &need : std::as_const(m_content.manifests)) {
        const ImageNode::Role role = request.derived.tree.node(need.path)->role;
        if (role != ImageNode::Role::Image && role != ImageNode::Role::Index)
            continue;
        if (request.indexOnly && need.path != NodePath::root())
            continue;
        PlanStep made = step(StepKind::Signature, need.path, need.descriptor);
        made.from = PlanStep::From::Edit;
        made.reason = Text::tr("With %1.").arg(document::enumerated(request.signingKeys));
        m_plan.steps.append(made);
    }
}

// The old image keeps a name before it loses the one it has, so that the registry does not collect it.
void Planner::addBackup()
{
    const PushRequest &request = m_plan.request;
    const QString &tag = request.backupTag;
    if (tag.isEmpty() || request.destination.tag().isEmpty() || m_facts.tagBefore.isNull() ||
        m_facts.tagBefore == m_plan.after)
        return;
    const oci::Reference backup = request.destination.withTag(tag);
    if (tag == request.destination.tag() || !oci::Reference::parse(backup.toString())) {
        block(ErrorKind::Usage,
              Text::tr("“%1” cannot be the tag of a backup: it is %2.")
                  .arg(base::visible(tag, 128),
                       tag == request.destination.tag() ? Text::tr("the very tag that moves") : Text::tr("not a tag")));
        return;
    }
    oci::Descriptor image = m_facts.imageBefore;
    image.digest = m_facts.tagBefore;
    PlanStep made = step(StepKind::Tag, NodePath::root(), image);
    made.tag = tag;
    if (m_facts.backupBefore == m_facts.tagBefore) {
        made.outcome = Outcome::Skipped;
        made.reason = Text::tr("%1 names it already.").arg(tagInWords(backup));
    } else if (!m_facts.backupBefore.isNull()) {
        made.outcome = Outcome::Failed;
        made.reason = Text::tr("%1 is %2 now.").arg(tagInWords(backup), m_facts.backupBefore.toString());
        block(ErrorKind::Conflict, Text::tr("%1 exists already and names %2: a backup replaces nothing. Choose another "
                                            "tag for it.")
                                       .arg(tagInWords(backup), m_facts.backupBefore.toString()));
    } else {
        made.reason = Text::tr("Keeps what %1 is now.").arg(tagInWords(request.destination));
    }
    m_plan.steps.append(made);
}

void Planner::addTag()
{
    const PushRequest &request = m_plan.request;
    if (request.destination.tag().isEmpty())
        return;
    PlanStep made = step(StepKind::Tag, NodePath::root(), ownDescriptor(request.derived.tree.root()));
    made.tag = request.destination.tag();
    const QString tag = tagInWords(request.destination);
    if (m_facts.tagBefore == m_plan.after) {
        made.outcome = Outcome::Skipped;
        made.reason = Text::tr("%1 names it already.").arg(tag);
    } else if (m_facts.tagBefore.isNull()) {
        made.reason = Text::tr("%1 is new.").arg(tag);
    } else {
        made.reason = Text::tr("%1 is %2 now.").arg(tag, m_facts.tagBefore.toString());
    }
    m_plan.steps.append(made);
}
} // namespace

PushPlan planPush(const PushRequest &request, const DestinationFacts &facts) { return Planner(request, facts).plan(); }

} // namespace colophon::transfer
