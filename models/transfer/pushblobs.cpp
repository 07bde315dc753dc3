// SPDX-License-Identifier: Apache-2.0
// How a blob gets into the destination: mounted, copied from the source, or fetched from its addresses.
#include "document/titles.h"
#include "transfer/pushwork.h"

namespace colophon::transfer {

namespace {
using base::ErrorKind;
using base::Side;

// Remembers whether it was the reading that failed: then another address may help, otherwise not.
class Watched final : public content::Reader
{
public:
    Watched(content::ReaderPtr inner, std::shared_ptr<std::optional<base::Error>> failure)
        : m_inner(std::move(inner))
        , m_failure(std::move(failure))
    {
    }

    base::Task<base::Result<QByteArray>> read() override
    {
        base::Result<QByteArray> block = co_await m_inner->read();
        if (!block)
            *m_failure = block.error();
        co_return block;
    }
    base::Task<base::Result<content::ReaderPtr>> reopened(std::stop_token stop) override
    {
        base::Result<content::ReaderPtr> inner = co_await m_inner->reopened(std::move(stop));
        if (!inner) {
            *m_failure = inner.error();
            co_return base::fail(inner.error());
        }
        content::ReaderPtr watched;
        if (*inner)
            watched = std::make_unique<Watched>(std::move(*inner), m_failure);
        co_return std::move(watched);
    }

private:
    content::ReaderPtr m_inner;
    std::shared_ptr<std::optional<base::Error>> m_failure;
};
} // namespace

base::Task<base::Result<void>> PushImage::State::moveAll(Shared s, StepKind kind, std::stop_token stop)
{
    const QList<int> steps = s->planned(kind);
    const auto job = [s, steps](int i, std::stop_token each) { return move(s, steps.at(i), std::move(each)); };
    base::Result<void> done = co_await base::forEachLimited(static_cast<int>(steps.size()), s->lanes, job, stop);
    co_return done;
}

base::Task<base::Result<void>> PushImage::State::move(Shared s, int number, std::stop_token stop)
{
    const PlanStep moving = s->step(number);
    const document::Titles titles(s->report.plan.request.derived.tree);
    s->begin(number, PushImage::tr("Moving %1…").arg(titles.name(moving.path)));
    if (!moving.mountFrom.isEmpty()) {
        base::Result<bool> mounted = co_await s->destination->mountBlob(moving.descriptor, moving.mountFrom, stop);
        if (mounted && *mounted) {
            s->end(number, Outcome::Mounted, moving.reason);
            co_return base::Result<void>();
        }
        if (stop.stop_requested())
            co_return base::cancelled();
        // Not taken over: it goes the long way, whatever the reason.
        s->step(number).bytes = moving.descriptor.size;
        s->toMove += moving.descriptor.size;
    }
    base::Result<void> done;
    if (moving.from == PlanStep::From::Urls)
        done = co_await copyFromUrls(s, number, stop);
    else
        done = co_await copyFromSource(s, number, stop);
    if (!done && done.error().kind != ErrorKind::Cancelled)
        s->end(number, Outcome::Failed, done.error().message);
    co_return done;
}

base::Task<base::Result<void>> PushImage::State::copyFromSource(Shared s, int number, std::stop_token stop)
{
    const PlanStep moving = s->step(number);
    base::Result<content::ReaderPtr> opened = co_await s->source->openBlob(moving.descriptor, stop);
    if (!opened)
        co_return base::fail(opened.error().onSide(Side::Source));
    auto bytes = std::make_shared<content::ReaderPtr>(std::move(*opened));
    Upload uploaded = co_await upload(s, number, bytes, stop);
    if (!uploaded.done)
        co_return base::fail(uploaded.done.error().onSide(uploaded.isSourceAtFault ? Side::Source : Side::Destination));
    s->end(number, Outcome::Copied, PushImage::tr("Copied from %1.").arg(s->report.plan.request.source.name()));
    co_return base::Result<void>();
}

// Each address in turn until one gives the right bytes.
base::Task<base::Result<void>> PushImage::State::copyFromUrls(Shared s, int number, std::stop_token stop)
{
    const PlanStep moving = s->step(number);
    QStringList addresses;
    for (const BlobNeed &need : std::as_const(s->content.blobs))
        if (need.descriptor.digest == moving.descriptor.digest)
            addresses = need.addresses;
    QStringList failures;
    std::optional<base::Error::Confined> confined;
    for (const QString &address : std::as_const(addresses)) {
        base::Result<content::ReaderPtr> opened = co_await s->urls->open(address, moving.descriptor, stop);
        if (stop.stop_requested())
            co_return base::cancelled();
        if (!opened) {
            failures.append(opened.error().message);
            if (opened.error().confined)
                confined = opened.error().confined;
            continue;
        }
        auto bytes = std::make_shared<content::ReaderPtr>(std::move(*opened));
        Upload uploaded = co_await upload(s, number, bytes, stop);
        if (uploaded.done) {
            s->end(number, Outcome::Copied,
                   PushImage::tr("Fetched from %1, checked and uploaded.").arg(hostsOf({address})));
            co_return base::Result<void>();
        }
        if (stop.stop_requested())
            co_return base::cancelled();
        if (!uploaded.isSourceAtFault)
            co_return base::fail(uploaded.done.error().onSide(Side::Destination));
        failures.append(uploaded.done.error().message);
        s->setDone(number, 0);
    }
    base::Error error;
    error.side = Side::Source;
    const document::Titles titles(s->report.plan.request.derived.tree);
    error.message = PushImage::tr("%1 could not be fetched from any of its addresses: %2")
                        .arg(titles.nameAtStart(moving.path), failures.join(QLatin1Char(' ')));
    error.hint = PushImage::tr("Push its blob into %1 first, or leave the layer non-distributable. %2")
                     .arg(s->to().name(), stillInWords(s->to(), s->report.plan.tagBefore));
    error.confined = confined;
    co_return base::fail(error);
}

base::Task<PushImage::State::Upload>
PushImage::State::upload(Shared s, int number, std::shared_ptr<content::ReaderPtr> bytes, std::stop_token stop)
{
    const oci::Descriptor descriptor = s->step(number).descriptor;
    auto failure = std::make_shared<std::optional<base::Error>>();
    content::ReaderPtr watched = std::make_unique<Watched>(std::move(*bytes), failure);
    content::Progress progress = [s, number](qint64 sent) { s->setDone(number, sent); };
    Upload result;
    result.done = co_await s->destination->pushBlob(descriptor, std::move(watched), progress, stop);
    if (!result.done && *failure) {
        result.isSourceAtFault = true;
        result.done = base::fail(**failure);
    }
    if (result.done)
        s->setDone(number, descriptor.size);
    co_return result;
}

} // namespace colophon::transfer
