// SPDX-License-Identifier: Apache-2.0
#include "content/referrerstag.h"

#include "base/limits.h"
#include "base/plaintext.h"
#include "oci/jsonedit.h"

#include <QCoreApplication>

namespace colophon::content {

namespace {
struct Text
{
    Q_DECLARE_TR_FUNCTIONS(content)
};

constexpr int mostWrites = 2;

using List = std::optional<oci::ImageIndex>; // nothing: there is none

QString operationOn(const Target &target, const oci::Digest &subject)
{
    return Text::tr("read the attachments of %1/%2@%3").arg(target.registry(), target.repository(), subject.toString());
}

base::Error notAList(const QString &tag, const QString &why)
{
    return base::fail(base::ErrorKind::InvalidData,
                      Text::tr("The tag %1 should name the list of attachments, and does not: %2").arg(tag, why),
                      Text::tr("Nothing was changed. Look at what that tag names before you remove it."))
        .error();
}

// What the tag names now; a null digest where there is none.
base::Task<base::Result<oci::Descriptor>> resolveList(TargetPtr target, QString tag, std::stop_token stop)
{
    base::Result<oci::Descriptor> found = co_await target->resolve(tag, stop);
    if (!found && found.error().kind == base::ErrorKind::NotFound)
        co_return oci::Descriptor();
    co_return found;
}

base::Task<base::Result<List>> readList(TargetPtr target, oci::Digest subject, std::stop_token stop)
{
    const QString operation = operationOn(*target, subject);
    const QString tag = referrersTag(subject);
    const base::Result<oci::Descriptor> found = co_await resolveList(target, tag, stop);
    if (!found)
        co_return base::fail(found.error().withOperation(operation));
    if (found->digest.isNull())
        co_return List();
    if (!found->mediaType.isIndex())
        co_return base::fail(
            notAList(tag, Text::tr("it is of type %1.").arg(base::visible(found->mediaType.toString(), 100)))
                .withOperation(operation));
    const base::Result<QByteArray> bytes = co_await target->fetchManifest(*found, stop);
    if (!bytes)
        co_return base::fail(bytes.error().withOperation(operation));
    base::Result<oci::ImageIndex> index = oci::ImageIndex::parse(*bytes, found->mediaType);
    if (!index)
        co_return base::fail(notAList(tag, index.error().message).withOperation(operation));
    co_return List(std::move(*index));
}

bool isListed(const List &list, const oci::Digest &referrer)
{
    return list &&
           std::ranges::any_of(list->manifests(), [&](const oci::Descriptor &each) { return each.digest == referrer; });
}

base::Result<QByteArray> withEntry(const List &list, const oci::Descriptor &entry, const QString &tag)
{
    if (!list)
        return R"({"schemaVersion":2,"mediaType":)" + oci::jsonString(oci::MediaType::ociIndex().toString()) +
               R"(,"manifests":[)" + entry.toJson() + "]}";
    if (!list->problems().isEmpty())
        return base::fail(notAList(tag, list->problems().constFirst()));
    QByteArray bytes = oci::spliced(list->bytes(), list->withEntryAdded(entry));
    if (list->manifests().size() >= base::limits::referrers || bytes.size() > base::limits::manifest)
        return base::fail(
            base::ErrorKind::TooLarge,
            Text::tr("It has %1 attachments already, and more are not read.").arg(list->manifests().size()));
    return bytes;
}
} // namespace

base::Task<base::Result<Referrers>> referrersByTag(TargetPtr target, oci::Digest subject, std::stop_token stop)
{
    const base::Result<List> list = co_await readList(target, subject, stop);
    if (!list)
        co_return base::fail(list.error());
    if (!*list)
        co_return Referrers();
    base::Result<Referrers> found = referrersIn(**list, Referrers::Source::Tag);
    if (!found)
        co_return base::fail(found.error().withOperation(operationOn(*target, subject)));
    co_return found;
}

base::Task<base::Result<EveryReferrer>> everyReferrer(TargetPtr target, oci::Digest subject, std::stop_token stop)
{
    const base::Result<Referrers> listed = co_await target->referrers(subject, stop);
    if (!listed)
        co_return base::fail(listed.error());
    EveryReferrer all{listed->manifests, {}, {}};
    if (listed->source == Referrers::Source::Tag)
        co_return all;
    const base::Result<Referrers> older = co_await referrersByTag(target, subject, stop);
    if (!older && base::isHopeless(older.error().kind))
        co_return base::fail(older.error());
    if (!older && older.error().kind == base::ErrorKind::TooLarge)
        all.excess = older.error();
    QSet<oci::Digest> known;
    for (const oci::Descriptor &each : listed->manifests)
        known.insert(each.digest);
    for (const oci::Descriptor &each : older.value_or(Referrers()).manifests) {
        if (known.contains(each.digest))
            continue;
        all.manifests.append(each);
        all.unlisted.insert(each.digest);
    }
    co_return all;
}

QString unlistedInWords(const oci::Digest &subject)
{
    return Text::tr("It stands under the tag %1 alone, and not in the list that the registry keeps itself: most tools "
                    "will not find it.")
        .arg(subject.shortForm().replace(QLatin1Char(':'), QLatin1Char('-')) + QChar(0x2026));
}

base::Task<base::Result<void>> addReferrerByTag(TargetPtr target, oci::Descriptor entry, oci::Digest subject,
                                                std::stop_token stop)
{
    const QString tag = referrersTag(subject);
    const QString operation =
        Text::tr("attach %1 to %2/%3@%4")
            .arg(entry.digest.shortForm(), target->registry(), target->repository(), subject.toString());
    for (int writes = 0;; ++writes) {
        const base::Result<List> list = co_await readList(target, subject, stop);
        if (!list)
            co_return base::fail(list.error());
        if (isListed(*list, entry.digest))
            co_return base::Result<void>();
        if (writes == mostWrites)
            break;
        const base::Result<QByteArray> bytes = withEntry(*list, entry, tag);
        if (!bytes)
            co_return base::fail(bytes.error().withOperation(operation));
        const base::Result<oci::Descriptor> now = co_await resolveList(target, tag, stop);
        if (!now)
            co_return base::fail(now.error().withOperation(operation));
        if (now->digest != (*list ? (*list)->digest() : oci::Digest()))
            continue; // somebody else was here
        const oci::MediaType type = *list ? (*list)->mediaType() : oci::MediaType::ociIndex();
        const base::Result<void> written = co_await target->tag(oci::Descriptor::of(type, *bytes), *bytes, tag, stop);
        if (!written)
            co_return base::fail(written.error().withOperation(operation));
    }
    co_return base::fail(base::fail(base::ErrorKind::Conflict,
                                    Text::tr("Others are changing the list of attachments (tag %1) at the same time, "
                                             "and %2 is not in it.")
                                        .arg(tag, entry.digest.shortForm()),
                                    Text::tr("Try again when they are done."))
                             .error()
                             .withOperation(operation));
}

base::Task<base::Result<Referrers::Source>> pushReferrerByTag(TargetPtr target, oci::Descriptor content,
                                                              QByteArray bytes, oci::Descriptor subject,
                                                              std::stop_token stop)
{
    const base::Result<oci::Descriptor> entry = referrerEntry(content, bytes, subject);
    if (!entry)
        co_return base::fail(entry.error());
    const base::Result<void> pushed = co_await target->pushManifest(content, bytes, stop);
    if (!pushed)
        co_return base::fail(pushed.error());
    const base::Result<void> added = co_await addReferrerByTag(target, *entry, subject.digest, stop);
    if (!added)
        co_return base::fail(added.error());
    co_return Referrers::Source::Tag;
}

} // namespace colophon::content
