// SPDX-License-Identifier: Apache-2.0
#include "transfer/pushimage.h"

#include "base/plaintext.h"
#include "document/titles.h"
#include "transfer/pushwork.h"
#include "transfer/refusal.h"
#include "transfer/registrypolicy.h"
#include "transfer/tagmove.h"

namespace colophon::transfer {

namespace {
using base::ErrorKind;
using base::Side;
constexpr int askLanes = 6;
} // namespace

PushImage::PushImage(content::TargetPtr source, content::TargetPtr destination,
                     std::shared_ptr<content::UrlFetcher> urls, content::Signers signers, PushPlan plan, int lanes,
                     QObject *parent)
    : Operation(parent)
    , m_data(std::make_shared<State>())
{
    m_data->source = std::move(source);
    m_data->destination = std::move(destination);
    m_data->urls = std::move(urls);
    m_data->signers = std::move(signers);
    m_data->report.plan = std::move(plan);
    m_data->lanes = lanes;
    m_data->voice = voice();
}

const PushReport &PushImage::report() const { return m_data->report; }

base::Task<base::Result<void>> PushImage::run(std::stop_token stop) { return State::push(m_data, std::move(stop)); }

QList<int> PushImage::State::planned(StepKind kind) const
{
    QList<int> found;
    for (int i = 0; i < report.plan.steps.size(); ++i)
        if (report.plan.steps.at(i).kind == kind && report.plan.steps.at(i).outcome == Outcome::Planned)
            found.append(i);
    return found;
}

void PushImage::State::begin(int number, const QString &activity)
{
    step(number).outcome = Outcome::Running;
    voice->activity(activity);
    voice->emitOf(&PushImage::stepChanged, number);
}

void PushImage::State::end(int number, Outcome outcome, const QString &reason)
{
    step(number).outcome = outcome;
    step(number).reason = reason;
    voice->emitOf(&PushImage::stepChanged, number);
}

void PushImage::State::setDone(int number, qint64 bytes)
{
    moved += bytes - step(number).done;
    step(number).done = bytes;
    voice->emitOf(&PushImage::stepChanged, number);
    voice->progress(moved, toMove);
}

base::Task<base::Result<void>> PushImage::State::push(Shared s, std::stop_token stop)
{
    const PushPlan &plan = s->report.plan;
    const QString operation = PushImage::tr("push %1").arg(s->to().toString());
    if (const std::optional<base::Error> refusal = plan.refusal())
        co_return base::fail(*refusal);
    if (plan.changesNothing()) {
        s->report.pushed = true;
        s->report.notes.append(PushImage::tr("Nothing had to change: %1 is there already.").arg(plan.after.toString()));
        co_return base::Result<void>();
    }
    s->content = contentOf(plan.request);
    s->toMove = plan.bytesToMove();
    s->voice->progress(0, s->toMove);
    base::Result<void> done = co_await doAll(s, stop);
    if (!done) {
        for (int i = 0; i < s->report.plan.steps.size(); ++i)
            if (s->step(i).outcome == Outcome::Running)
                s->end(i, Outcome::Failed,
                       done.error().kind == ErrorKind::Cancelled ? PushImage::tr("Cancelled.")
                                                                 : PushImage::tr("Stopped."));
        base::Error error = done.error().withOperation(operation);
        if (error.side == Side::Destination && error.kind != ErrorKind::NotSigned && error.kind != ErrorKind::Conflict)
            error = withPolicyExplained(error, s->to(), plan.tagBefore);
        const QString tagNow =
            !s->isTagAsked || s->isTagKnown
                ? stillInWords(s->to(), plan.tagBefore)
                : PushImage::tr("Whether %1 was moved is not known. Both images are complete: open it to see.")
                      .arg(tagInWords(s->to()));
        // Where somebody else moved the tag, the error says itself what it names.
        error = error.kind == ErrorKind::Conflict ? error.withHint(tagNow) : error.withHintAdded(tagNow);
        co_return base::fail(error);
    }
    s->report.pushed = true;
    if (!plan.tagBefore.isNull() && plan.tagBefore != plan.after && !s->to().tag().isEmpty())
        s->report.notes.append(PushImage::tr("%1:%2 named %3 before.")
                                   .arg(s->to().repository(), s->to().tag(), plan.tagBefore.toString()));
    co_return base::Result<void>();
}

base::Task<base::Result<void>> PushImage::State::doAll(Shared s, std::stop_token stop)
{
    base::Result<void> done = co_await probeAll(s, stop);
    if (!done)
        co_return done;
    done = co_await moveAll(s, StepKind::Blob, stop);
    if (!done)
        co_return done;
    done = co_await moveAll(s, StepKind::Config, stop);
    if (!done)
        co_return done;
    done = co_await checkBlobs(s, stop);
    if (!done)
        co_return done;
    done = co_await putAll(s, StepKind::Manifest, stop);
    if (!done)
        co_return done;
    done = co_await putAll(s, StepKind::Index, stop);
    if (!done)
        co_return done;
    done = co_await attachAll(s, stop);
    if (!done)
        co_return done;
    done = co_await signAll(s, stop);
    if (!done)
        co_return done;
    done = co_await setTags(s, stop);
    co_return done;
}

base::Task<base::Result<void>> PushImage::State::probeAll(Shared s, std::stop_token stop)
{
    const QList<int> steps = s->planned(StepKind::Probe);
    const auto job = [s, steps](int i, std::stop_token each) { return probe(s, steps.at(i), std::move(each)); };
    base::Result<void> done = co_await base::forEachLimited(static_cast<int>(steps.size()), askLanes, job, stop);
    if (!done)
        co_return done;
    // All of them were asked, so that one answer names everything there is to mend.
    QStringList dead;
    for (const int i : steps) {
        if (s->step(i).outcome != Outcome::Failed)
            continue;
        QString why = s->step(i).reason;
        if (why.endsWith(QLatin1Char('.')))
            why.chop(1);
        dead.append(PushImage::tr("%1 (%2)").arg(base::visible(s->step(i).url, 512), why));
    }
    dead.removeDuplicates();
    if (dead.isEmpty())
        co_return done;
    base::Error error;
    error.kind = ErrorKind::Denied;
    error.message = PushImage::tr("Customers could not fetch from %1. containerd and skopeo do not fall back to "
                                  "another place, so the image could not be pulled.")
                        .arg(document::enumerated(dead, 3));
    error.hint =
        PushImage::tr("Make the address reachable without credentials, or push with --no-probe if it is not up yet. %1")
            .arg(stillInWords(s->to(), s->report.plan.tagBefore));
    error.confined = s->confined;
    co_return base::fail(error);
}

base::Task<base::Result<void>> PushImage::State::probe(Shared s, int number, std::stop_token stop)
{
    const PlanStep asking = s->step(number);
    s->begin(number, PushImage::tr("Asking %1…").arg(base::visible(asking.url, 200)));
    base::Result<content::UrlProbe> answer = co_await s->urls->probe(asking.url, asking.descriptor, false, stop);
    if (!answer)
        co_return base::fail(answer.error());
    if (answer->confined)
        s->confined = answer->confined;
    s->end(number, answer->isReachable() ? Outcome::Copied : Outcome::Failed,
           answer->reason.isEmpty() ? content::nameOf(answer->verdict) : answer->reason);
    co_return base::Result<void>();
}

// The last look before the first manifest: a registry takes a manifest whose blobs are missing.
base::Task<base::Result<void>> PushImage::State::checkBlobs(Shared s, std::stop_token stop)
{
    QList<int> needs;
    for (int i = 0; i < s->content.blobs.size(); ++i)
        if (s->content.blobs.at(i).isNeeded)
            needs.append(i);
    s->voice->activity(PushImage::tr("Checking that %1 has every layer…").arg(s->to().registry()));
    const auto job = [s, needs](int i, std::stop_token each) { return checkBlob(s, needs.at(i), std::move(each)); };
    base::Result<void> done = co_await base::forEachLimited(static_cast<int>(needs.size()), askLanes, job, stop);
    co_return done;
}

base::Task<base::Result<void>> PushImage::State::checkBlob(Shared s, int need, std::stop_token stop)
{
    const BlobNeed blob = s->content.blobs.at(need);
    base::Result<bool> there = co_await s->destination->hasBlob(blob.descriptor, stop);
    if (!there)
        co_return base::fail(there.error().onSide(Side::Destination));
    if (!*there) {
        const document::Titles titles(s->report.plan.request.derived.tree);
        base::Error missing;
        missing.side = Side::Destination;
        missing.message = PushImage::tr("%1 (%2) must be in %3, but it is not: the image would be broken.")
                              .arg(titles.nameAtStart(blob.path), blob.descriptor.digest.toString(), s->to().name());
        missing.hint =
            PushImage::tr("Push again, so that it is moved. %1").arg(stillInWords(s->to(), s->report.plan.tagBefore));
        co_return base::fail(missing);
    }
    co_return base::Result<void>();
}

base::Task<base::Result<void>> PushImage::State::putAll(Shared s, StepKind kind, std::stop_token stop)
{
    const QList<int> steps = s->planned(kind);
    const auto job = [s, steps](int i, std::stop_token each) { return put(s, steps.at(i), std::move(each)); };
    // An index may name another: they go up one by one.
    const int lanes = kind == StepKind::Index ? 1 : s->lanes;
    base::Result<void> done = co_await base::forEachLimited(static_cast<int>(steps.size()), lanes, job, stop);
    co_return done;
}

base::Task<base::Result<void>> PushImage::State::put(Shared s, int number, std::stop_token stop)
{
    const PlanStep putting = s->step(number);
    const document::ImageNode node = *s->report.plan.request.derived.tree.node(putting.path);
    s->begin(number, PushImage::tr("Pushing %1…").arg(base::visible(node.title(), 200)));
    base::Result<void> done = co_await s->destination->pushManifest(putting.descriptor, node.bytes(), stop);
    if (!done) {
        base::Error error = done.error().onSide(Side::Destination);
        if (node.manifest)
            error = explained(error, *node.manifest, s->to(), s->report.plan.tagBefore);
        if (error.kind != ErrorKind::Cancelled)
            s->end(number, Outcome::Failed, error.message);
        co_return base::fail(error);
    }
    s->setDone(number, putting.bytes);
    s->end(number, Outcome::Copied, putting.reason);
    co_return base::Result<void>();
}

base::Task<base::Result<void>> PushImage::State::signAll(Shared s, std::stop_token stop)
{
    const QList<int> steps = s->planned(StepKind::Signature);
    const auto job = [s, steps](int i, std::stop_token each) { return sign(s, steps.at(i), std::move(each)); };
    base::Result<void> done = co_await base::forEachLimited(static_cast<int>(steps.size()), 1, job, stop);
    co_return done;
}

base::Task<base::Result<void>> PushImage::State::sign(Shared s, int number, std::stop_token stop)
{
    const PlanStep signing = s->step(number);
    const document::Titles titles(s->report.plan.request.derived.tree);
    s->begin(number, PushImage::tr("Signing %1…").arg(titles.name(signing.path)));
    base::Result<void> done = base::fail(ErrorKind::Usage, PushImage::tr("There is no key to sign with."));
    if (!s->signers.isEmpty())
        done = co_await content::signWith(s->signers, s->destination, s->to().name(), signing.descriptor, stop);
    if (done) {
        const QStringList keys = s->report.plan.request.signingKeys;
        s->end(number, Outcome::Copied, PushImage::tr("Signed with %1.").arg(document::enumerated(keys)));
        co_return base::Result<void>();
    }
    if (done.error().kind == ErrorKind::Cancelled)
        co_return done;
    s->end(number, Outcome::Failed, done.error().message);
    base::Error error = done.error().onSide(Side::Destination);
    error.kind = ErrorKind::NotSigned;
    error.message = PushImage::tr("The image was pushed as %1, but not signed: %2")
                        .arg(s->report.plan.after.toString(), done.error().message);
    error.hint = s->to().tag().isEmpty() ? done.error().hint
                                         : PushImage::tr("The tag was not moved. %1 %2")
                                               .arg(stillInWords(s->to(), s->report.plan.tagBefore), done.error().hint)
                                               .trimmed();
    co_return base::fail(error);
}

base::Task<base::Result<void>> PushImage::State::setTags(Shared s, std::stop_token stop)
{
    for (const int number : s->planned(StepKind::Tag)) {
        base::Result<void> done;
        if (s->step(number).tag == s->to().tag())
            done = co_await setTag(s, number, stop);
        else
            done = co_await backUp(s, number, stop);
        if (!done)
            co_return done;
    }
    co_return base::Result<void>();
}

// What the tag names at this moment gets another name; it may be something else than when this was planned.
base::Task<base::Result<void>> PushImage::State::backUp(Shared s, int number, std::stop_token stop)
{
    const oci::Reference backup = s->to().withTag(s->step(number).tag);
    s->begin(number, PushImage::tr("Keeping what %1 is as %2…").arg(tagInWords(s->to()), tagInWords(backup)));
    base::Result<oci::Descriptor> now = co_await s->destination->resolve(s->to().tag(), stop);
    if (!now && now.error().kind == ErrorKind::NotFound) {
        s->end(number, Outcome::Skipped, PushImage::tr("%1 names nothing any more.").arg(tagInWords(s->to())));
        co_return base::Result<void>(); // setting the tag says what is to be said of that
    }
    if (!now)
        co_return base::fail(now.error().onSide(Side::Destination));
    const oci::Descriptor old = ownDescriptor(*now);
    base::Result<QByteArray> bytes = co_await s->destination->fetchManifest(old, stop);
    if (!bytes) {
        s->end(number, Outcome::Failed, bytes.error().message);
        co_return base::fail(bytes.error().onSide(Side::Destination));
    }
    s->step(number).descriptor = old;
    TagMove move;
    move.target = s->destination;
    move.reference = backup;
    move.to = old;
    move.bytes = std::move(*bytes);
    const TagMoved moved = co_await moveTag(move, stop);
    if (!moved.done) {
        base::Error error = moved.done.error();
        if (error.kind == ErrorKind::Conflict && !moved.isAsked) {
            error.message = PushImage::tr("%1 exists by now and names %2: a backup replaces nothing.")
                                .arg(tagInWords(backup), moved.before.toString());
            error.hint = PushImage::tr("Choose another tag for the backup.");
        }
        if (error.kind != ErrorKind::Cancelled)
            s->end(number, Outcome::Failed, error.message);
        co_return base::fail(error);
    }
    s->end(number, moved.wasThere ? Outcome::Skipped : Outcome::Copied,
           PushImage::tr("%1 keeps what %2 was.").arg(tagInWords(backup), tagInWords(s->to())));
    s->report.notes.append(
        PushImage::tr("%1:%2 is kept as %3.").arg(s->to().repository(), backup.tag(), old.digest.toString()));
    co_return base::Result<void>();
}

base::Task<base::Result<void>> PushImage::State::setTag(Shared s, int number, std::stop_token stop)
{
    s->begin(number, PushImage::tr("Tagging %1…").arg(s->to().toString()));
    TagMove move;
    move.target = s->destination;
    move.reference = s->to();
    move.to = s->step(number).descriptor;
    move.bytes = s->report.plan.request.derived.tree.root().bytes();
    move.expected = s->report.plan.tagBefore;
    move.force = s->report.plan.request.force;
    const TagMoved moved = co_await moveTag(move, stop);
    s->isTagAsked = moved.isAsked;
    s->isTagKnown = moved.isKnown;
    if (!moved.done) {
        if (moved.done.error().kind != ErrorKind::Cancelled)
            s->end(number, Outcome::Failed, moved.done.error().message);
        co_return moved.done;
    }
    if (moved.wasThere) {
        s->end(number, Outcome::Skipped, PushImage::tr("%1 names it already.").arg(tagInWords(s->to())));
        co_return base::Result<void>();
    }
    s->report.plan.tagBefore = moved.before;
    if (moved.unread)
        s->report.notes.append(PushImage::tr("What %1 names now could not be read back: %2")
                                   .arg(tagInWords(s->to()), moved.unread->message));
    s->end(number, Outcome::Copied, PushImage::tr("%1 names it now.").arg(tagInWords(s->to())));
    co_return base::Result<void>();
}

} // namespace colophon::transfer
