// SPDX-License-Identifier: Apache-2.0
#include "transfer/signimage.h"

#include "document/titles.h"

#include <QSet>

namespace colophon::transfer {

using document::NodePath;

struct SignImage::State
{
    content::TargetPtr target;
    QString repository;
    content::Signers signers;
    PushReport report;
    VoicePtr voice;

    static base::Task<base::Result<void>> signAll(std::shared_ptr<State> s, std::stop_token stop);
    void end(int step, Outcome outcome, const QString &reason);
    base::Error incomplete(base::Error error) const;
};

SignImage::SignImage(content::TargetPtr target, const oci::Reference &image, const document::ImageTree &tree,
                     const QList<NodePath> &subjects, content::Signers signers, QObject *parent)
    : Operation(parent)
    , m_data(std::make_shared<State>())
{
    m_data->target = std::move(target);
    m_data->repository = image.name();
    m_data->signers = std::move(signers);
    m_data->voice = voice();
    PushPlan &plan = m_data->report.plan;
    plan.request.source = image;
    plan.request.destination = image;
    plan.request.original = tree;
    plan.request.derived.tree = tree;
    plan.request.signingKeys = content::inWords(m_data->signers);
    plan.before = plan.after = tree.root().descriptor.digest;
    QSet<oci::Digest> known; // what stands in an index twice is signed once
    for (const NodePath &path : subjects) {
        PlanStep step;
        step.kind = StepKind::Signature;
        step.path = path;
        step.descriptor = tree.node(path)->descriptor;
        if (known.contains(step.descriptor.digest))
            continue;
        known.insert(step.descriptor.digest);
        plan.steps.append(step);
    }
}

QList<NodePath> SignImage::subjectsOf(const document::ImageTree &tree, bool rootOnly)
{
    if (rootOnly)
        return {NodePath::root()};
    QList<NodePath> subjects = tree.images();
    QList<NodePath> indexes;
    const QList<NodePath> manifests = tree.manifests();
    for (const NodePath &path : manifests)
        if (tree.node(path)->role == document::ImageNode::Role::Index)
            indexes.prepend(path); // the root is first in the tree and last here
    return subjects + indexes;
}

const PushReport &SignImage::report() const { return m_data->report; }

base::Task<base::Result<void>> SignImage::run(std::stop_token stop) { return State::signAll(m_data, std::move(stop)); }

void SignImage::State::end(int step, Outcome outcome, const QString &reason)
{
    report.plan.steps[step].outcome = outcome;
    report.plan.steps[step].reason = reason;
    voice->emitOf(&SignImage::stepChanged, step);
}

base::Error SignImage::State::incomplete(base::Error error) const
{
    qsizetype done = 0;
    for (const PlanStep &step : report.plan.steps)
        done += step.outcome == Outcome::Copied ? 1 : 0;
    if (done > 0)
        error = error.withHintAdded(SignImage::tr("%1 of %2 are signed. Signing again adds what is missing.")
                                        .arg(done)
                                        .arg(report.plan.steps.size()));
    return error.withOperation(SignImage::tr("sign %1").arg(report.plan.request.source.toString()))
        .onSide(base::Side::Destination);
}

base::Task<base::Result<void>> SignImage::State::signAll(std::shared_ptr<State> s, std::stop_token stop)
{
    const document::Titles titles(s->report.plan.request.original);
    const QString keys = document::enumerated(s->report.plan.request.signingKeys);
    for (int i = 0; i < s->report.plan.steps.size(); ++i) {
        const PlanStep step = s->report.plan.steps.at(i);
        s->voice->activity(SignImage::tr("Signing %1…").arg(titles.name(step.path)));
        s->end(i, Outcome::Running, {});
        const base::Result<void> done =
            co_await content::signWith(s->signers, s->target, s->repository, step.descriptor, stop);
        if (!done) {
            s->end(i, Outcome::Failed, done.error().message);
            co_return base::fail(s->incomplete(done.error()));
        }
        s->end(i, Outcome::Copied, SignImage::tr("Signed with %1.").arg(keys));
    }
    s->report.pushed = true;
    co_return base::Result<void>();
}

} // namespace colophon::transfer
