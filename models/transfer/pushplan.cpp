// SPDX-License-Identifier: Apache-2.0
#include "transfer/pushplan.h"

#include "base/bytesize.h"
#include "oci/attachmentnames.h"
#include "transfer/pushcontent.h"

#include <QCoreApplication>
#include <QJsonArray>

namespace colophon::transfer {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(colophon::transfer::PushPlan)
};

QString subjectOf(const PlanStep &step)
{
    switch (step.kind) {
    case StepKind::Probe:
        return step.url;
    case StepKind::Tag:
        return step.tag + QStringLiteral(" → ") + step.descriptor.digest.shortForm();
    case StepKind::Blob:
    case StepKind::Config:
    case StepKind::Manifest:
    case StepKind::Index:
    case StepKind::Attachment:
    case StepKind::Signature:
        break;
    }
    return step.descriptor.digest.shortForm() + QLatin1Char(' ') + step.path.toString();
}

QJsonArray attachmentsJson(const PushPlan &plan)
{
    QJsonArray array;
    const document::Aftermath aftermath = plan.aftermath();
    for (const document::Attachment &each : plan.request.attachments->all) {
        const document::Fate fate = document::fateOf(each, plan.request.original, plan.request.derived, aftermath);
        array.append(QJsonObject{{QStringLiteral("kind"), document::nameOf(each.kind)},
                                 {QStringLiteral("digest"), each.manifest.digest.toString()},
                                 {QStringLiteral("artifactType"), each.artifactType},
                                 {QStringLiteral("source"), document::nameOf(each.source)},
                                 {QStringLiteral("subject"), each.about.toString()},
                                 {QStringLiteral("after"), document::nameOf(fate)}});
    }
    return array;
}
} // namespace

QString nameOf(Outcome outcome)
{
    switch (outcome) {
    case Outcome::Planned:
        return QStringLiteral("planned");
    case Outcome::Running:
        return QStringLiteral("running");
    case Outcome::Copied:
        return QStringLiteral("copied");
    case Outcome::Mounted:
        return QStringLiteral("mounted");
    case Outcome::Skipped:
        return QStringLiteral("skipped");
    case Outcome::Failed:
        return QStringLiteral("failed");
    }
    return QStringLiteral("failed");
}

QString nameOf(StepKind kind)
{
    switch (kind) {
    case StepKind::Probe:
        return QStringLiteral("probe");
    case StepKind::Blob:
        return QStringLiteral("blob");
    case StepKind::Config:
        return QStringLiteral("config");
    case StepKind::Manifest:
        return QStringLiteral("manifest");
    case StepKind::Index:
        return QStringLiteral("index");
    case StepKind::Attachment:
        return QStringLiteral("attachment");
    case StepKind::Signature:
        return QStringLiteral("signature");
    case StepKind::Tag:
        return QStringLiteral("tag");
    }
    return QStringLiteral("tag");
}

QString PlanStep::outcomeName() const
{
    if (outcome == Outcome::Copied && kind == StepKind::Probe)
        return QStringLiteral("reachable");
    if (outcome == Outcome::Copied && kind == StepKind::Attachment)
        return QStringLiteral("attached");
    if (outcome == Outcome::Copied && kind == StepKind::Signature)
        return QStringLiteral("signed");
    if (outcome == Outcome::Copied && kind == StepKind::Tag)
        return QStringLiteral("tagged");
    return nameOf(outcome);
}

std::optional<base::Error> PushPlan::refusal() const
{
    if (!isBlocked())
        return std::nullopt;
    base::Error error;
    error.kind = blockedKind;
    error.operation = Text::tr("push %1").arg(request.destination.toString());
    error.side = base::Side::Destination;
    error.message = blockers.join(QLatin1Char(' '));
    return error;
}

bool PushPlan::changesNothing() const
{
    return std::ranges::all_of(steps, [](const PlanStep &step) { return step.outcome == Outcome::Skipped; });
}

qint64 PushPlan::bytesToMove() const
{
    qint64 sum = 0;
    for (const PlanStep &step : steps)
        sum += step.bytes;
    return sum;
}

document::Aftermath PushPlan::aftermath() const
{
    document::Aftermath aftermath;
    for (const PlanStep &step : steps)
        if (step.kind == StepKind::Signature)
            aftermath.signedNodes.insert(step.path);
    aftermath.forms = request.signingForms;
    aftermath.reattachesSboms = request.reattachSboms;
    return aftermath;
}

QString PlanStep::toText() const
{
    return QStringLiteral("%1 %2 %3  %4  %5")
        .arg(nameOf(kind), -9)
        .arg(outcomeName(), -9)
        .arg(bytes > 0 ? base::humanSize(bytes) : QString(), 9)
        .arg(subjectOf(*this), reason);
}

QString textOf(const document::Finding &finding)
{
    return QStringLiteral("%1 %2  %3")
        .arg(nameOf(finding.severity), -9)
        .arg(finding.path.toString(), document::inWords(finding));
}

QString PushPlan::toText() const
{
    QStringList lines;
    for (const PlanStep &step : steps)
        lines.append(step.toText());
    for (const document::Finding &finding : findings)
        if (finding.severity != document::Finding::Severity::Block) // it is among the blockers
            lines.append(textOf(finding));
    for (const QString &blocker : blockers)
        lines.append(QStringLiteral("blocked   ") + blocker);
    return lines.isEmpty() ? QString() : lines.join(QLatin1Char('\n')) + QLatin1Char('\n');
}

QString backupTagFor(const QString &tag, const QDateTime &when)
{
    const QString end = QStringLiteral("-before-") + when.toUTC().toString(QStringLiteral("yyyyMMdd-hhmmss"));
    return tag.left(oci::longestTag - end.size()) + end;
}

QJsonObject PushReport::toJson() const
{
    QJsonObject object = plan.toJson();
    object[QStringLiteral("pushed")] = pushed;
    return object;
}

QJsonObject PushPlan::toJson() const
{
    QJsonArray nodes;
    for (const document::Change &change : request.derived.changes)
        nodes.append(QJsonObject{{QStringLiteral("path"), change.path.toString()},
                                 {QStringLiteral("before"), change.before.digest.toString()},
                                 {QStringLiteral("after"), change.after.digest.toString()}});
    QJsonArray done;
    QJsonArray tags;
    for (const PlanStep &step : steps) {
        done.append(QJsonObject{{QStringLiteral("kind"), nameOf(step.kind)},
                                {QStringLiteral("digest"), step.descriptor.digest.toString()},
                                {QStringLiteral("mediaType"), step.descriptor.mediaType.toString()},
                                {QStringLiteral("bytes"), step.bytes},
                                {QStringLiteral("outcome"), step.outcomeName()},
                                {QStringLiteral("reason"), step.reason}});
        if (step.kind != StepKind::Tag)
            continue;
        const bool isBackup = step.tag != request.destination.tag();
        tags.append(QJsonObject{{QStringLiteral("tag"), step.tag},
                                {QStringLiteral("before"),
                                 isBackup || tagBefore.isNull() ? QJsonValue() : QJsonValue(tagBefore.toString())},
                                {QStringLiteral("after"), step.descriptor.digest.toString()}});
    }
    QJsonArray found;
    for (const document::Finding &finding : findings)
        found.append(document::toJson(finding));
    QJsonObject plan{
        {QStringLiteral("reference"), request.source.toString()},
        {QStringLiteral("before"), before.toString()},
        {QStringLiteral("after"), after.toString()},
        {QStringLiteral("destination"), request.destination.toString()},
        {QStringLiteral("pushed"), false},
        {QStringLiteral("nodes"), nodes},
        {QStringLiteral("steps"), done},
        {QStringLiteral("tags"), tags},
        {QStringLiteral("findings"), found},
    };
    if (request.attachments)
        plan.insert(QStringLiteral("attachments"), attachmentsJson(*this));
    return plan;
}

} // namespace colophon::transfer
