// SPDX-License-Identifier: Apache-2.0
// Attaching to the edited image what was attached to the original: the same blobs under a manifest with the new
// subject.
#include "document/titles.h"
#include "transfer/pushwork.h"

namespace colophon::transfer {

namespace {
using base::Side;
}

base::Task<base::Result<void>> PushImage::State::attachAll(Shared s, std::stop_token stop)
{
    const QList<int> steps = s->planned(StepKind::Attachment);
    const auto job = [s, steps](int i, std::stop_token each) { return attach(s, steps.at(i), std::move(each)); };
    // One after the other: they may all stand in the same list.
    base::Result<void> done = co_await base::forEachLimited(static_cast<int>(steps.size()), 1, job, stop);
    co_return done;
}

base::Task<base::Result<void>> PushImage::State::attach(Shared s, int number, std::stop_token stop)
{
    const PlanStep attaching = s->step(number);
    const PushRequest request = s->report.plan.request;
    const document::Attachment attachment = request.attachments->all.at(attaching.attachment);
    const document::Titles titles(request.derived.tree);
    s->begin(number, PushImage::tr("Attaching the SBOM of %1…").arg(titles.name(attaching.path)));
    base::Result<void> done;
    for (const oci::Descriptor &blob : QList{attachment.read->config()} + attachment.read->layers()) {
        done = co_await bring(s, blob, stop);
        if (!done)
            break;
    }
    if (done) {
        const base::Result<content::Referrers::Source> pushed = co_await s->destination->pushReferrer(
            attaching.descriptor, document::reattached(attachment, request.derived),
            document::newSubjectOf(attachment, request.derived), stop);
        if (!pushed)
            done = base::fail(pushed.error().onSide(Side::Destination));
    }
    if (!done) {
        if (done.error().kind != base::ErrorKind::Cancelled)
            s->end(number, Outcome::Failed, done.error().message);
        co_return done;
    }
    s->setDone(number, attaching.bytes);
    s->end(number, Outcome::Copied, attaching.reason);
    co_return base::Result<void>();
}

// Nearly always it is there: in the same repository, and the empty config everywhere.
base::Task<base::Result<void>> PushImage::State::bring(Shared s, oci::Descriptor blob, std::stop_token stop)
{
    const base::Result<bool> there = co_await s->destination->hasBlob(blob, stop);
    if (!there)
        co_return base::fail(there.error().onSide(Side::Destination));
    if (*there)
        co_return base::Result<void>();
    if (s->source->registry() == s->destination->registry()) {
        const base::Result<bool> mounted = co_await s->destination->mountBlob(blob, s->source->repository(), stop);
        if (!mounted)
            co_return base::fail(mounted.error().onSide(Side::Destination));
        if (*mounted)
            co_return base::Result<void>();
    }
    base::Result<content::ReaderPtr> bytes = co_await s->source->openBlob(blob, stop);
    if (!bytes)
        co_return base::fail(bytes.error().onSide(Side::Source));
    content::ReaderPtr open = std::move(*bytes);
    const base::Result<void> pushed = co_await s->destination->pushBlob(blob, std::move(open), {}, stop);
    if (!pushed)
        co_return base::fail(pushed.error().onSide(Side::Destination));
    co_return base::Result<void>();
}

} // namespace colophon::transfer
