// SPDX-License-Identifier: Apache-2.0
#include "transfer/pushcontent.h"
#include "transfer/pushimage.h"

namespace colophon::transfer {

namespace {
constexpr int askLanes = 6;
}

struct PreparePush::State
{
    content::TargetPtr source;
    content::TargetPtr destination;
    PushRequest request;
    PushContent content;
    DestinationFacts facts;
    PushPlan plan;
    VoicePtr voice;
    int asked = 0;

    static base::Task<base::Result<void>> prepare(std::shared_ptr<State> s, std::stop_token stop);
    static base::Task<base::Result<void>> askTag(std::shared_ptr<State> s, std::stop_token stop);
    static base::Task<base::Result<void>> askBlob(std::shared_ptr<State> s, oci::Descriptor blob, std::stop_token stop);
    static base::Task<base::Result<void>> askManifest(std::shared_ptr<State> s, oci::Digest digest,
                                                      std::stop_token stop);
};

PreparePush::PreparePush(content::TargetPtr source, content::TargetPtr destination, PushRequest request,
                         QObject *parent)
    : Operation(parent)
    , m_data(std::make_shared<State>())
{
    m_data->source = std::move(source);
    m_data->destination = std::move(destination);
    m_data->request = std::move(request);
    m_data->voice = voice();
}

const PushPlan &PreparePush::plan() const { return m_data->plan; }

base::Task<base::Result<void>> PreparePush::run(std::stop_token stop)
{
    return State::prepare(m_data, std::move(stop));
}

base::Task<base::Result<void>> PreparePush::State::prepare(std::shared_ptr<State> s, std::stop_token stop)
{
    const QString operation = PreparePush::tr("prepare the push to %1").arg(s->request.destination.toString());
    s->content = contentOf(s->request);
    s->facts.sameRegistry = s->source->registry() == s->destination->registry();
    s->facts.sameRepository = s->facts.sameRegistry && s->source->repository() == s->destination->repository();
    base::Result<void> tag = co_await askTag(s, stop);
    if (!tag)
        co_return base::fail(tag.error().withOperation(operation));

    // Only findings depend on it: what does not answer that is not recognised.
    base::Result<content::ServerFields> server = co_await s->destination->serverFields(stop);
    if (stop.stop_requested())
        co_return base::cancelled();
    s->facts.server = server.value_or(content::ServerFields());

    QList<oci::Descriptor> blobs;
    for (const BlobNeed &need : std::as_const(s->content.blobs))
        if (need.isNeeded)
            blobs.append(need.descriptor);
    const int blobCount = static_cast<int>(blobs.size());
    const int count = blobCount + static_cast<int>(s->content.manifests.size());
    const auto job = [s, blobs, blobCount, count](int i, std::stop_token each) {
        s->voice->activity(PreparePush::tr("Asking %1 what it has (%2 of %3)…")
                               .arg(s->destination->registry())
                               .arg(++s->asked)
                               .arg(count));
        return i < blobCount
                   ? askBlob(s, blobs.at(i), std::move(each))
                   : askManifest(s, s->content.manifests.at(i - blobCount).descriptor.digest, std::move(each));
    };
    base::Result<void> asked = co_await base::forEachLimited(count, askLanes, job, stop);
    if (!asked)
        co_return base::fail(asked.error().withOperation(operation));
    s->plan = planPush(s->request, s->facts);
    co_return base::Result<void>();
}

base::Task<base::Result<void>> PreparePush::State::askTag(std::shared_ptr<State> s, std::stop_token stop)
{
    const QString tag = s->request.destination.tag();
    if (tag.isEmpty())
        co_return base::Result<void>();
    s->voice->activity(PreparePush::tr("Asking what %1 is now…").arg(s->request.destination.toString()));
    base::Result<oci::Descriptor> now = co_await s->destination->resolve(tag, stop);
    if (!now && now.error().kind != base::ErrorKind::NotFound)
        co_return base::fail(now.error().onSide(base::Side::Destination));
    if (!now)
        co_return base::Result<void>();
    s->facts.tagBefore = now->digest;
    s->facts.imageBefore = *now;
    if (s->request.backupTag.isEmpty())
        co_return base::Result<void>();
    base::Result<oci::Descriptor> backup = co_await s->destination->resolve(s->request.backupTag, stop);
    if (backup)
        s->facts.backupBefore = backup->digest;
    else if (backup.error().kind != base::ErrorKind::NotFound)
        co_return base::fail(backup.error().onSide(base::Side::Destination));
    co_return base::Result<void>();
}

base::Task<base::Result<void>> PreparePush::State::askBlob(std::shared_ptr<State> s, oci::Descriptor blob,
                                                           std::stop_token stop)
{
    base::Result<bool> there = co_await s->destination->hasBlob(blob, stop);
    if (!there)
        co_return base::fail(there.error().onSide(base::Side::Destination));
    if (*there) {
        s->facts.present.insert(blob.digest);
        co_return base::Result<void>();
    }
    if (s->facts.sameRepository)
        co_return base::Result<void>();
    base::Result<bool> inSource = co_await s->source->hasBlob(blob, stop);
    if (!inSource)
        co_return base::fail(inSource.error().onSide(base::Side::Source));
    if (*inSource)
        s->facts.inSource.insert(blob.digest);
    co_return base::Result<void>();
}

base::Task<base::Result<void>> PreparePush::State::askManifest(std::shared_ptr<State> s, oci::Digest digest,
                                                               std::stop_token stop)
{
    base::Result<oci::Descriptor> there = co_await s->destination->resolve(digest.toString(), stop);
    if (there)
        s->facts.manifestsPresent.insert(digest);
    else if (there.error().kind != base::ErrorKind::NotFound)
        co_return base::fail(there.error().onSide(base::Side::Destination));
    co_return base::Result<void>();
}

} // namespace colophon::transfer
