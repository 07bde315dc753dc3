// SPDX-License-Identifier: Apache-2.0
#include "transfer/listattachments.h"

#include "base/limits.h"
#include "base/plaintext.h"
#include "content/readonce.h"
#include "content/referrerstag.h"
#include "document/titles.h"
#include "oci/attachmentnames.h"

#include <QSet>

namespace colophon::transfer {

namespace {
namespace limits = base::limits;
using document::Attachment;
using document::ImageNode;

constexpr int askLanes = 6;
} // namespace

struct ListAttachments::State
{
    using Shared = std::shared_ptr<State>;
    using Done = base::Task<base::Result<void>>;

    // What may have attachments: each distinct digest once.
    struct Subject
    {
        document::NodePath path;
        oci::Descriptor descriptor;
    };
    // A manifest that is attached, to be read.
    struct Find
    {
        oci::Descriptor manifest;
        Attachment where;
        QList<Attachment> read;
    };

    std::shared_ptr<content::ReadOnce> target;
    document::ImageTree tree;
    QList<document::NodePath> of;
    VoicePtr voice;
    QList<Subject> subjects;
    QList<QList<Find>> finds; // of each subject
    document::Attachments result;

    static Done list(Shared s, std::stop_token stop);
    static Done askFor(Shared s, int subject, std::stop_token stop);
    static Done askByReferrers(Shared s, int subject, std::stop_token stop);
    static Done askByTag(Shared s, int subject, QString tag, std::stop_token stop);
    static Done readFind(Shared s, int subject, int find, std::stop_token stop);
    static Done describe(Shared s, int attachment, std::stop_token stop);

    void collectSubjects();
    // Takes an error for a remark, where others can still be asked.
    base::Result<void> remark(const base::Error &error, const QString &what);
    void add(int subject, const oci::Descriptor &manifest, Attachment::Source source, const QString &tag);
};

ListAttachments::ListAttachments(content::TargetPtr target, document::ImageTree tree, QList<document::NodePath> of,
                                 QObject *parent)
    : Operation(parent)
    , m_data(std::make_shared<State>())
{
    m_data->target = content::ReadOnce::of(target);
    m_data->tree = std::move(tree);
    m_data->of = of.isEmpty() ? m_data->tree.manifests() : std::move(of);
    m_data->voice = voice();
}

const document::Attachments &ListAttachments::attachments() const { return m_data->result; }

base::Task<base::Result<void>> ListAttachments::run(std::stop_token stop)
{
    return State::list(m_data, std::move(stop));
}

void ListAttachments::State::collectSubjects()
{
    QSet<oci::Digest> seen;
    for (const document::NodePath &path : std::as_const(of)) {
        const ImageNode &node = *tree.node(path);
        if (ImageNode::isAttestation(node.descriptor) || seen.contains(node.descriptor.digest))
            continue;
        seen.insert(node.descriptor.digest);
        subjects.append({path, node.descriptor});
    }
    finds.resize(subjects.size());
}

base::Task<base::Result<void>> ListAttachments::State::list(Shared s, std::stop_token stop)
{
    const QString operation = ListAttachments::tr("list what is attached to the image in %1/%2")
                                  .arg(s->target->registry(), s->target->repository());
    s->collectSubjects();
    const document::Titles titles(s->tree);
    QStringList names;
    for (const Subject &each : std::as_const(s->subjects))
        names.append(titles.name(each.path));
    const auto ask = [s, names](int i, std::stop_token each) {
        s->voice->activity(
            ListAttachments::tr("Looking for what is attached to %1…").arg(base::visible(names.at(i), 200)));
        return askFor(s, i, std::move(each));
    };
    base::Result<void> done = co_await base::forEachLimited(static_cast<int>(s->subjects.size()), askLanes, ask, stop);
    if (!done)
        co_return base::fail(done.error().withOperation(operation));

    QList<std::pair<int, int>> places;
    for (int subject = 0; subject < s->finds.size(); ++subject)
        for (int find = 0; find < s->finds.at(subject).size(); ++find)
            places.append({subject, find});
    if (places.size() > limits::attachments) {
        places.resize(limits::attachments);
        s->result.isCut = true;
    }
    s->voice->activity(ListAttachments::tr("Reading what is attached…"));
    const auto read = [s, places](int i, std::stop_token each) {
        return readFind(s, places.at(i).first, places.at(i).second, std::move(each));
    };
    done = co_await base::forEachLimited(static_cast<int>(places.size()), askLanes, read, stop);
    if (!done)
        co_return base::fail(done.error().withOperation(operation));

    for (const QList<Find> &found : std::as_const(s->finds))
        for (const Find &each : found)
            s->result.all += each.read;
    s->result.all += document::attachmentsIn(s->tree);
    if (s->result.all.size() > limits::attachments) {
        s->result.all.resize(limits::attachments);
        s->result.isCut = true;
    }
    const auto describeOne = [s](int i, std::stop_token each) { return describe(s, i, std::move(each)); };
    done = co_await base::forEachLimited(static_cast<int>(s->result.all.size()), askLanes, describeOne, stop);
    if (!done)
        co_return base::fail(done.error().withOperation(operation));
    if (s->target->excess())
        s->result.isCut = true;
    s->result.remarks.removeDuplicates();
    co_return base::Result<void>();
}

base::Result<void> ListAttachments::State::remark(const base::Error &error, const QString &what)
{
    if (base::isHopeless(error.kind))
        return base::fail(error);
    result.remarks.append(ListAttachments::tr("%1: %2").arg(what, error.message));
    return {};
}

void ListAttachments::State::add(int subject, const oci::Descriptor &manifest, Attachment::Source source,
                                 const QString &tag)
{
    const bool isKnown = std::ranges::any_of(finds.at(subject), [&](const Find &each) {
        return each.manifest.digest == manifest.digest && each.where.tag == tag;
    });
    if (isKnown)
        return;
    Find find;
    find.manifest = manifest;
    find.where.subject = subjects.at(subject).path;
    find.where.about = subjects.at(subject).descriptor.digest;
    find.where.source = source;
    find.where.manifest = manifest;
    find.where.artifactType = manifest.artifactType;
    find.where.tag = tag;
    finds[subject].append(find);
}

base::Task<base::Result<void>> ListAttachments::State::askFor(Shared s, int subject, std::stop_token stop)
{
    base::Result<void> done = co_await askByReferrers(s, subject, stop);
    if (!done)
        co_return done;
    const QStringList tags = oci::attachmentTags(s->subjects.at(subject).descriptor.digest);
    for (const QString &tag : tags) {
        done = co_await askByTag(s, subject, tag, stop);
        if (!done)
            co_return done;
    }
    co_return base::Result<void>();
}

base::Task<base::Result<void>> ListAttachments::State::askByReferrers(Shared s, int subject, std::stop_token stop)
{
    const oci::Digest digest = s->subjects.at(subject).descriptor.digest;
    const QString what = ListAttachments::tr("What is attached to %1 could not be listed").arg(digest.shortForm());
    const base::Result<content::EveryReferrer> listed = co_await content::everyReferrer(s->target, digest, stop);
    if (!listed)
        co_return s->remark(listed.error(), what);
    for (const oci::Descriptor &each : listed->manifests)
        s->add(subject, each, Attachment::Source::Referrers,
               listed->unlisted.contains(each.digest) ? content::referrersTag(digest) : QString());
    if (listed->excess)
        co_return s->remark(*listed->excess, what);
    co_return base::Result<void>();
}

base::Task<base::Result<void>> ListAttachments::State::askByTag(Shared s, int subject, QString tag,
                                                                std::stop_token stop)
{
    const base::Result<oci::Descriptor> found = co_await s->target->resolve(tag, stop);
    if (found)
        s->add(subject, *found, Attachment::Source::Tag, tag);
    else if (found.error().kind != base::ErrorKind::NotFound)
        co_return s->remark(found.error(), ListAttachments::tr("The tag %1 could not be asked for").arg(tag));
    co_return base::Result<void>();
}

base::Task<base::Result<void>> ListAttachments::State::readFind(Shared s, int subject, int find, std::stop_token stop)
{
    const oci::Descriptor wanted = s->finds.at(subject).at(find).manifest;
    Attachment unread = s->finds.at(subject).at(find).where;
    const auto keep = [&](const QString &problem) {
        unread.problem = problem;
        s->finds[subject][find].read = {unread};
    };
    if (!wanted.mediaType.isManifest()) {
        keep(ListAttachments::tr("It is of type %1, which is not read.")
                 .arg(base::visible(wanted.mediaType.toString(), 100)));
        co_return base::Result<void>();
    }
    const base::Result<QByteArray> bytes = co_await s->target->fetchManifest(wanted, stop);
    if (!bytes) {
        if (base::isHopeless(bytes.error().kind))
            co_return base::fail(bytes.error());
        keep(bytes.error().message);
        co_return base::Result<void>();
    }
    const base::Result<oci::Manifest> manifest = oci::Manifest::parse(*bytes, wanted.mediaType);
    if (!manifest)
        keep(manifest.error().message);
    else
        s->finds[subject][find].read = document::attachmentsIn(*manifest, unread);
    co_return base::Result<void>();
}

base::Task<base::Result<void>> ListAttachments::State::describe(Shared s, int attachment, std::stop_token stop)
{
    const Attachment one = s->result.all.at(attachment);
    if (!document::wantsContent(one))
        co_return base::Result<void>();
    const base::Result<QByteArray> bytes = co_await readAttachment(s->target, one, stop);
    if (!bytes && base::isHopeless(bytes.error().kind))
        co_return base::fail(bytes.error());
    Attachment described = bytes ? document::withContent(one, document::readAttached(*bytes)) : one;
    if (!bytes && described.problem.isEmpty())
        described.problem = bytes.error().message;
    s->result.all[attachment] = described;
    co_return base::Result<void>();
}

base::Task<base::Result<QByteArray>> readAttachment(content::TargetPtr target, document::Attachment attachment,
                                                    std::stop_token stop)
{
    const QString operation =
        ListAttachments::tr("read what is attached as %1").arg(attachment.manifest.digest.toString());
    const oci::Descriptor wanted = attachment.content;
    if (wanted.digest.isNull())
        co_return base::fail(
            base::fail(base::ErrorKind::Usage, ListAttachments::tr("It is not one document but several, or none."))
                .error()
                .withOperation(operation));
    const QString tooLarge =
        ListAttachments::tr("It is larger than the %1 MiB that are shown.").arg(limits::attachment / limits::MiB);
    if (wanted.size > limits::attachment)
        co_return base::fail(base::fail(base::ErrorKind::TooLarge, tooLarge).error().withOperation(operation));
    base::Result<content::ReaderPtr> reader = co_await target->openBlob(wanted, stop);
    if (!reader)
        co_return base::fail(reader.error().withOperation(operation));
    content::ReaderPtr open = std::move(*reader);
    base::Result<QByteArray> bytes = co_await content::readAll(std::move(open), limits::attachment);
    if (!bytes)
        co_return base::fail(bytes.error().withOperation(operation));
    co_return bytes;
}

} // namespace colophon::transfer
