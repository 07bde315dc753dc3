// SPDX-License-Identifier: Apache-2.0
#include "items/appearance.h"

#include "base/plaintext.h"

#include <QCoreApplication>
#include <QRegularExpression>

namespace colophon::items {

namespace {
struct Words
{
    Q_DECLARE_TR_FUNCTIONS(colophon::items::Words)
};
} // namespace

Appearance appearanceOf(oci::Marking marking)
{
    switch (marking) {
    case oci::Marking::Distributable:
        return {Words::tr("Distributable"), Words::tr("Pushed and copied along with the image."), Tone::Good,
                Symbol::Ok};
    case oci::Marking::NonDistributable:
        return {Words::tr("Non-distributable"),
                Words::tr("Docker calls it foreign: tools may leave the layer behind and fetch it from its addresses."),
                Tone::NonDistributable, Symbol::Blocked};
    case oci::Marking::Unfetchable:
        return {Words::tr("Unfetchable"), Words::tr("Non-distributable, but there is no address to fetch it from."),
                Tone::Warning, Symbol::Warning};
    case oci::Marking::HalfMarked:
        return {Words::tr("Half-marked"),
                Words::tr("Ordinary type with addresses: some clients skip it, others do not."), Tone::Warning,
                Symbol::Warning};
    }
    return {};
}

Appearance appearanceOf(document::Finding::Severity severity)
{
    switch (severity) {
    case document::Finding::Severity::Inform:
        return {Words::tr("Note"), Words::tr("Good to know."), Tone::Edited, Symbol::Information};
    case document::Finding::Severity::Warn:
        return {Words::tr("Warning"), Words::tr("It can be pushed, but some will stumble over it."), Tone::Warning,
                Symbol::Warning};
    case document::Finding::Severity::Block:
        return {Words::tr("Blocks"), Words::tr("It cannot be pushed like this."), Tone::Error, Symbol::Failed};
    }
    return {};
}

Appearance appearanceOf(content::UrlProbe::Verdict verdict)
{
    using Verdict = content::UrlProbe::Verdict;
    switch (verdict) {
    case Verdict::Reachable:
        return {Words::tr("Reachable"), {}, Tone::Good, Symbol::Ok};
    case Verdict::NeedsCredentials:
        return {Words::tr("Needs credentials"), {}, Tone::Error, Symbol::Lock};
    case Verdict::WrongSize:
        return {Words::tr("Wrong size"), {}, Tone::Error, Symbol::Failed};
    case Verdict::WrongDigest:
        return {Words::tr("Wrong content"), {}, Tone::Error, Symbol::Failed};
    case Verdict::NotFound:
        return {Words::tr("Not found"), {}, Tone::Error, Symbol::Failed};
    case Verdict::Refused:
        return {Words::tr("Not asked"), {}, Tone::Warning, Symbol::Blocked};
    case Verdict::Failed:
        return {Words::tr("No answer"), {}, Tone::Error, Symbol::Failed};
    }
    return {};
}

Appearance appearanceOf(transfer::Outcome outcome)
{
    using transfer::Outcome;
    switch (outcome) {
    case Outcome::Planned:
        return {Words::tr("Planned"), {}, Tone::Plain, Symbol::Waiting};
    case Outcome::Running:
        return {Words::tr("Running"), {}, Tone::Edited, Symbol::Push};
    case Outcome::Copied:
        return {Words::tr("Copied"), {}, Tone::Good, Symbol::Ok};
    case Outcome::Mounted:
        return {Words::tr("Mounted"), Words::tr("The registry took it over from another of its repositories."),
                Tone::Good, Symbol::Ok};
    case Outcome::Skipped:
        return {Words::tr("Skipped"), {}, Tone::Muted, Symbol::Remove};
    case Outcome::Failed:
        return {Words::tr("Failed"), {}, Tone::Error, Symbol::Failed};
    }
    return {};
}

Appearance appearanceOf(transfer::StepKind kind)
{
    using transfer::StepKind;
    switch (kind) {
    case StepKind::Probe:
        return {Words::tr("Address"), {}, Tone::Plain, Symbol::Probe};
    case StepKind::Blob:
        return {Words::tr("Layer"), {}, Tone::Plain, Symbol::Layer};
    case StepKind::Config:
        return {Words::tr("Config"), {}, Tone::Plain, Symbol::Config};
    case StepKind::Manifest:
        return {Words::tr("Manifest"), {}, Tone::Plain, Symbol::Image};
    case StepKind::Index:
        return {Words::tr("Index"), {}, Tone::Plain, Symbol::Index};
    case StepKind::Attachment:
        return {Words::tr("Attachment"), {}, Tone::Plain, Symbol::Attestation};
    case StepKind::Signature:
        return {Words::tr("Signature"), {}, Tone::Plain, Symbol::Signature};
    case StepKind::Tag:
        return {Words::tr("Tag"), {}, Tone::Plain, Symbol::Tag};
    }
    return {};
}

Appearance appearanceOf(behaviour::Outcome outcome)
{
    using behaviour::Outcome;
    const auto looks = [outcome](Tone tone, Symbol symbol) {
        return Appearance{behaviour::inWords(outcome), {}, tone, symbol};
    };
    switch (outcome) {
    case Outcome::Uploads:
    case Outcome::Includes:
        return looks(Tone::Good, Symbol::Push);
    case Outcome::LeavesBehind:
        return looks(Tone::NonDistributable, Symbol::Blocked);
    case Outcome::FetchesFromAddresses:
        return looks(Tone::NonDistributable, Symbol::Address);
    case Outcome::RegistryThenAddresses:
        return looks(Tone::Edited, Symbol::Address);
    case Outcome::IgnoresAddresses:
        return looks(Tone::Muted, Symbol::Remove);
    case Outcome::FetchesFromRegistry:
    case Outcome::Accepts:
    case Outcome::Unpacks:
        return looks(Tone::Good, Symbol::Ok);
    case Outcome::Refuses:
    case Outcome::Fails:
        return looks(Tone::Error, Symbol::Failed);
    case Outcome::KeepsMarking:
        return looks(Tone::Muted, Symbol::Lock);
    case Outcome::RemovesMarking:
        return looks(Tone::Warning, Symbol::Unlock);
    case Outcome::NotKnown:
        return looks(Tone::Muted, Symbol::Unknown);
    }
    return {};
}

QString toolTip(const QString &plain)
{
    if (plain.isEmpty())
        return {};
    QStringList lines;
    for (const QString &line : plain.split(QLatin1Char('\n')))
        lines << base::visible(line).toHtmlEscaped();
    return QStringLiteral("<qt>%1</qt>").arg(lines.join(QStringLiteral("<br/>")));
}

QString readable(const QString &sentence)
{
    static const QRegularExpression quoted(QStringLiteral("`([^`\n]*)`"));
    QString shown = sentence;
    shown.replace(quoted, QStringLiteral("“\\1”"));
    shown.replace(QStringLiteral("…."), QStringLiteral("…"));
    return shown;
}

QString oneLine(const QString &outside, int longest)
{
    QString joined = outside;
    for (QChar &c : joined) {
        if (c == QLatin1Char('\n') || c == QLatin1Char('\r') || c == QLatin1Char('\t'))
            c = QLatin1Char(' ');
    }
    return base::visible(joined.simplified(), longest);
}

} // namespace colophon::items
