// SPDX-License-Identifier: Apache-2.0
#include "items/pushplanmodel.h"

#include "base/bytesize.h"
#include "items/findingsmodel.h"
#include "items/hintwords.h"
#include "transfer/pushcontent.h"

#include <QRegularExpression>

namespace colophon::items {

using transfer::Outcome;
using transfer::PlanStep;
using transfer::StepKind;

PushPlanModel::PushPlanModel(QObject *parent)
    : QAbstractTableModel(parent)
{
}

void PushPlanModel::setPlan(const transfer::PushPlan &plan)
{
    beginResetModel();
    m_plan = plan;
    m_ended = false;
    m_cancelled = false;
    m_hosts.clear();
    if (!plan.request.derived.tree.isEmpty())
        for (const transfer::BlobNeed &need : transfer::contentOf(plan.request).blobs)
            m_hosts.insert(need.descriptor.digest, transfer::hostsOf(need.addresses));
    endResetModel();
}

void PushPlanModel::setReport(const transfer::PushReport &report, bool isCancelled)
{
    const auto isSame = [](const PlanStep &a, const PlanStep &b) {
        return a.kind == b.kind && a.path == b.path && a.descriptor.digest == b.descriptor.digest && a.url == b.url;
    };
    if (!std::ranges::equal(m_plan.steps, report.plan.steps, isSame)) {
        setPlan(report.plan);
    }
    m_plan = report.plan;
    m_ended = true;
    m_cancelled = isCancelled;
    if (!m_plan.steps.isEmpty())
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

void PushPlanModel::update(int step, const PlanStep &now)
{
    if (step < 0 || step >= m_plan.steps.size())
        return;
    m_plan.steps[step] = now;
    Q_EMIT dataChanged(index(step, 0), index(step, ColumnCount - 1));
}

qint64 PushPlanModel::bytesDone() const
{
    qint64 sum = 0;
    for (const PlanStep &step : m_plan.steps) {
        const bool ended =
            step.outcome == Outcome::Copied || step.outcome == Outcome::Mounted || step.outcome == Outcome::Skipped;
        sum += ended ? step.bytes : std::min(step.done, step.bytes);
    }
    return sum;
}

qint64 PushPlanModel::bytesTotal() const
{
    qint64 sum = 0;
    for (const PlanStep &step : m_plan.steps)
        sum += step.bytes;
    return sum;
}

QString PushPlanModel::sourceText(const PlanStep &step) const
{
    if (step.bytes <= 0)
        return {};
    switch (step.from) {
    case PlanStep::From::Nowhere:
        return {};
    case PlanStep::From::Source:
        return m_plan.request.source.name();
    case PlanStep::From::Urls:
        return m_hosts.value(step.descriptor.digest);
    case PlanStep::From::Edit:
        return tr("made by the edits");
    }
    return {};
}

QString PushPlanModel::summary() const
{
    if (m_plan.steps.isEmpty())
        return {};
    QStringList sources; // in the plan's order
    QHash<QString, qint64> bytes;
    int resting = 0;
    for (const PlanStep &step : m_plan.steps) {
        const bool isBlob = step.kind == StepKind::Blob || step.kind == StepKind::Config;
        resting += isBlob && step.bytes == 0 && step.outcome != Outcome::Failed ? 1 : 0;
        const QString source = sourceText(step);
        if (source.isEmpty())
            continue;
        if (!bytes.contains(source))
            sources.append(source);
        bytes[source] += step.bytes;
    }
    QStringList moving;
    for (const QString &source : std::as_const(sources)) {
        const QString size = base::humanSize(bytes.value(source));
        moving.append(source == tr("made by the edits") ? tr("%1 made by the edits").arg(size)
                                                        : tr("%1 from %2").arg(size, source));
    }
    if (m_ended && bytesDone() < bytesTotal())
        return tr("%1 of %2 were moved.").arg(base::humanSize(bytesDone()), base::humanSize(bytesTotal()));
    const QString all = moving.join(QStringLiteral(", "));
    QString moves = moving.isEmpty() ? (m_ended ? tr("No bytes moved.") : tr("No bytes move."))
                    : m_ended        ? tr("Moved %1.").arg(all)
                                     : tr("Moves %1.").arg(all);
    if (m_ended)
        return moves;
    if (resting == 0)
        return moves;
    return moves + QLatin1Char(' ') +
           (resting == 1 ? tr("1 blob need not move.") : tr("%1 blobs need not move.").arg(resting));
}

int PushPlanModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_plan.steps.size());
}

int PushPlanModel::columnCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : int(ColumnCount); }

QString PushPlanModel::nodeText(const PlanStep &step) const
{
    QString place = placeInWords(m_plan.request.derived.tree, step.path);
    switch (step.kind) {
    case StepKind::Probe:
        return tr("Address of %1").arg(place);
    case StepKind::Attachment:
        return tr("SBOM · %1").arg(place);
    case StepKind::Signature:
        return tr("Signature · %1").arg(place);
    case StepKind::Tag:
        return step.tag.isEmpty() ? tr("Tag") : tr("Tag %1").arg(oneLine(step.tag));
    default:
        return place;
    }
}

Appearance PushPlanModel::lookOf(const PlanStep &step) const
{
    if (m_ended && (step.outcome == Outcome::Planned || step.outcome == Outcome::Running))
        return {tr("Not done"), tr("The push ended before."), Tone::Muted, Symbol::Remove};
    if (m_ended && m_cancelled && step.outcome == Outcome::Failed)
        return {tr("Cancelled"), tr("It was stopped while it ran."), Tone::Warning, Symbol::Blocked};
    return appearanceOf(step.outcome);
}

QString PushPlanModel::reasonText(const PlanStep &step) const
{
    static const QRegularExpression digest(QStringLiteral("\\b(sha256:[0-9a-f]{12})[0-9a-f]{52}\\b"));
    QString reason = readable(oneLine(wordsInWindow(step.reason)));
    reason.replace(digest, QStringLiteral("\\1"));
    // Said once is enough.
    return reason == outcomeText(step) + QLatin1Char('.') ? QString() : reason;
}

QString PushPlanModel::outcomeText(const PlanStep &step) const
{
    if (m_ended && (step.outcome == Outcome::Planned || step.outcome == Outcome::Running ||
                    (m_cancelled && step.outcome == Outcome::Failed)))
        return lookOf(step).word;
    if (step.outcome == Outcome::Skipped && (step.kind == StepKind::Blob || step.kind == StepKind::Config)) {
        return step.descriptor.mediaType.isNonDistributable() ? tr("Leaves it behind") : tr("Already there");
    }
    if (step.outcome == Outcome::Skipped && (step.kind == StepKind::Manifest || step.kind == StepKind::Index))
        return tr("Already there");
    if (step.outcome == Outcome::Running && step.bytes > 0)
        return tr("%1 of %2").arg(base::humanSize(step.done), base::humanSize(step.bytes));
    if (step.outcome == Outcome::Copied) {
        switch (step.kind) {
        case StepKind::Probe:
            return tr("Reachable");
        case StepKind::Attachment:
            return tr("Attached");
        case StepKind::Signature:
            return tr("Signed");
        case StepKind::Tag:
            return tr("Tagged");
        default:
            return tr("Copied");
        }
    }
    if (step.outcome != Outcome::Planned)
        return appearanceOf(step.outcome).word;
    switch (step.kind) {
    case StepKind::Probe:
        return tr("Asks the address");
    case StepKind::Attachment:
        return tr("Attaches it too");
    case StepKind::Signature:
        return tr("Signs it");
    case StepKind::Tag:
        return tr("Sets the tag");
    default:
        break;
    }
    switch (step.from) {
    case PlanStep::From::Urls:
        return tr("Fetches it from its addresses");
    case PlanStep::From::Source:
        return step.mountFrom.isEmpty() ? tr("Copies it") : tr("Mounts it");
    case PlanStep::From::Edit:
    case PlanStep::From::Nowhere:
        return tr("Uploads it");
    }
    return {};
}

QVariant PushPlanModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const PlanStep &step = m_plan.steps.at(index.row());
    const int column = index.column();
    switch (role) {
    case Qt::DisplayRole:
    case Qt::AccessibleTextRole:
        switch (column) {
        case NodeColumn:
            return role == Qt::DisplayRole ? nodeText(step)
                                           : QStringLiteral("%1: %2").arg(appearanceOf(step.kind).word, nodeText(step));
        case OutcomeColumn:
            return outcomeText(step);
        case BytesColumn:
            if (step.bytes <= 0)
                return QString();
            return role == Qt::DisplayRole
                       ? base::humanSize(step.bytes)
                       : QStringLiteral("%1, %2").arg(base::humanSize(step.bytes), sourceText(step));
        case ReasonColumn:
            return reasonText(step);
        default:
            return {};
        }
    case Qt::ToolTipRole:
        if (column == ReasonColumn)
            return toolTip(readable(wordsInWindow(step.reason)));
        if (column == NodeColumn)
            return toolTip(step.kind == StepKind::Probe ? step.url : step.descriptor.digest.toString());
        if (column == BytesColumn)
            return toolTip(sourceText(step));
        return column == OutcomeColumn ? toolTip(lookOf(step).help) : QString();
    case Qt::TextAlignmentRole:
        return int((column == BytesColumn ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    case NodePathRole:
        return QVariant::fromValue(step.path);
    case ToneRole:
        return column == OutcomeColumn ? int(lookOf(step).tone) : int(Tone::Plain);
    case SymbolRole:
        return column == NodeColumn      ? int(appearanceOf(step.kind).symbol)
               : column == OutcomeColumn ? int(lookOf(step).symbol)
                                         : int(Symbol::None);
    case ProgressRole:
        if (m_ended || step.outcome != Outcome::Running || step.bytes <= 0)
            return -1.0;
        return std::clamp(double(step.done) / double(step.bytes), 0.0, 1.0);
    case FullTextRole:
        return column == NodeColumn ? step.descriptor.digest.toString() : data(index, Qt::DisplayRole);
    case KindRole:
        return int(step.kind);
    case OutcomeRole:
        return int(step.outcome);
    case BytesRole:
        return step.bytes;
    default:
        return {};
    }
}

QVariant PushPlanModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int((section == BytesColumn ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case NodeColumn:
        return tr("Node");
    case OutcomeColumn:
        return tr("What happens");
    case BytesColumn:
        return tr("Bytes");
    case ReasonColumn:
        return tr("Reason");
    default:
        return {};
    }
}

} // namespace colophon::items
