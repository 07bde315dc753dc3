// SPDX-License-Identifier: Apache-2.0
#include "document/aftermath.h"

#include "document/titles.h"
#include "oci/descriptoredit.h"

#include <QCoreApplication>
#include <QMap>

namespace colophon::document {

namespace {
struct Text
{
    Q_DECLARE_TR_FUNCTIONS(colophon::document::Aftermath)
};

using Kind = Attachment::Kind;
using Source = Attachment::Source;

const Change *changeOf(const oci::Digest &digest, const DerivedImage &derived)
{
    const auto found =
        std::ranges::find_if(derived.changes, [&](const Change &each) { return each.before.digest == digest; });
    return found == derived.changes.end() ? nullptr : &*found;
}

bool isAffected(const Attachment &attachment, const ImageTree &original, const DerivedImage &derived)
{
    if (attachment.source == Source::Index && derived.tree.isRemoved(attachment.subject))
        return true;
    const ImageNode *node = original.node(attachment.subject);
    if (!node || node->descriptor.digest != attachment.about)
        return false;
    return derived.tree.isRemoved(attachment.subject) || changeOf(attachment.about, derived);
}

void collectLayers(const ImageNode &node, QList<oci::Digest> &digests)
{
    if (node.isRemoved)
        return;
    if (node.manifest && node.role == ImageNode::Role::Image)
        for (const oci::Descriptor &layer : node.manifest->layers())
            digests.append(layer.digest);
    for (const ImageNode &child : node.children)
        collectLayers(child, digests);
}

bool hasSameContent(const NodePath &path, const ImageTree &original, const DerivedImage &derived)
{
    QList<oci::Digest> before;
    QList<oci::Digest> after;
    collectLayers(*original.node(path), before);
    collectLayers(*derived.tree.node(path), after);
    return before == after;
}

// "a, b and c"
QString inOneList(QStringList texts)
{
    const QString last = texts.takeLast();
    return texts.isEmpty() ? last : Text::tr("%1 and %2").arg(texts.join(QStringLiteral(", ")), last);
}
} // namespace

QString nameOf(Fate fate)
{
    switch (fate) {
    case Fate::Unaffected:
        return QStringLiteral("unaffected");
    case Fate::Stays:
        return QStringLiteral("stays");
    case Fate::Stale:
        return QStringLiteral("stale");
    case Fate::MadeAnew:
        return QStringLiteral("made-anew");
    case Fate::Reattached:
        return QStringLiteral("reattached");
    }
    return {};
}

QString inWords(Fate fate, const oci::Digest &about)
{
    switch (fate) {
    case Fate::Unaffected:
        return Text::tr("Stays as it is");
    case Fate::Stays:
        return Text::tr("Stays with %1").arg(about.shortForm());
    case Fate::Stale:
        return Text::tr("Becomes stale: it names %1").arg(about.shortForm());
    case Fate::MadeAnew:
        return Text::tr("Made anew by the push");
    case Fate::Reattached:
        return Text::tr("Attached to the new digest too");
    }
    return {};
}

Fate fateOf(const Attachment &attachment, const ImageTree &original, const DerivedImage &derived,
            const Aftermath &aftermath)
{
    if (!isAffected(attachment, original, derived))
        return Fate::Unaffected;
    if (derived.tree.isRemoved(attachment.subject)) // and of an entry that goes with it, the old index has it still
        return Fate::Stays;
    if (attachment.source == Source::Index)
        return Fate::Stale;
    if (attachment.kind == Kind::Signature && aftermath.signedNodes.contains(attachment.subject) &&
        aftermath.forms.contains(attachment.form))
        return Fate::MadeAnew;
    if (aftermath.reattachesSboms && isReattachable(attachment, original, derived))
        return Fate::Reattached;
    return Fate::Stays;
}

bool isReattachable(const Attachment &attachment, const ImageTree &original, const DerivedImage &derived)
{
    static const QStringList plainForms{QStringLiteral("spdx"), QStringLiteral("cyclonedx"), QStringLiteral("syft")};
    return attachment.kind == Kind::Sbom && !attachment.isSigned && plainForms.contains(attachment.form) &&
           attachment.source == Source::Referrers && attachment.read && attachment.read->problems().isEmpty() &&
           attachment.problem.isEmpty() && !derived.tree.isRemoved(attachment.subject) &&
           changeOf(attachment.about, derived) && hasSameContent(attachment.subject, original, derived);
}

oci::Descriptor newSubjectOf(const Attachment &attachment, const DerivedImage &derived)
{
    const oci::Descriptor after = derived.tree.node(attachment.subject)->descriptor;
    oci::Descriptor subject;
    subject.mediaType = after.mediaType;
    subject.digest = after.digest;
    subject.size = after.size;
    return subject;
}

QByteArray reattached(const Attachment &attachment, const DerivedImage &derived)
{
    const oci::Manifest &manifest = *attachment.read;
    const ImageNode &after = *derived.tree.node(attachment.subject);
    oci::DescriptorEdit edit;
    edit.mediaType = after.descriptor.mediaType;
    edit.content = after.bytes();
    return oci::spliced(manifest.bytes(), oci::splicesOf(manifest.json().root()["subject"], edit));
}

Finding stayBehind(const ImageTree &original, const DerivedImage &derived, const Attachments &attachments,
                   const Aftermath &aftermath)
{
    QMap<Kind, qsizetype> staying;
    QSet<oci::Digest> digests;
    bool areSignaturesLost = false;
    for (const Attachment &each : attachments.all) {
        const Fate fate = fateOf(each, original, derived, aftermath);
        if (each.source == Source::Index || fate == Fate::Unaffected)
            continue; // the former have findings of their own
        ++staying[each.kind];
        digests.insert(each.about);
        areSignaturesLost = areSignaturesLost || (each.kind == Kind::Signature && fate == Fate::Stays);
    }
    Finding finding;
    finding.code = Finding::Code::SignaturesStale;
    finding.path = NodePath::root();
    QStringList counts;
    qsizetype sum = 0;
    for (auto each = staying.cbegin(); each != staying.cend(); ++each) {
        counts.append(inWords(each.value(), each.key()));
        sum += each.value();
    }
    const QString where = digests.size() == 1 ? digests.cbegin()->shortForm() : Text::tr("the old digests");
    const QString start = Text::tr("This edit gives the image a new digest.");
    QString message;
    if (sum == 0 && !attachments.remarks.isEmpty())
        message = Text::tr("%1 What is attached to the old one could not be read; it stays with it.").arg(start);
    else if (sum == 0)
        message = Text::tr("%1 Nothing is attached to the old one that would stay behind.").arg(start);
    else if (sum == 1)
        message = Text::tr("%1 Its %2 stays with %3").arg(start, inWords(staying.firstKey()), where);
    else
        message = Text::tr("%1 Its %2 stay with %3").arg(start, inOneList(counts), where);
    if (sum > 0)
        message += areSignaturesLost ? Text::tr("; sign again before customers verify.") : QStringLiteral(".");
    if (attachments.isCut)
        message = Text::tr("%1 There are more attachments than are read.").arg(message);
    finding.message = message;
    finding.severity = areSignaturesLost ? Finding::Severity::Warn : Finding::Severity::Inform;
    return finding;
}

} // namespace colophon::document
