// SPDX-License-Identifier: Apache-2.0
#include "widgets/push/pushwords.h"

#include "document/titles.h"
#include "widgets/push/pushcontroller.h"
#include "widgets/push/pushundo.h"

#include <QCoreApplication>

#include <algorithm>

namespace colophon::widgets {

using items::Symbol;
using items::Tone;
using Severity = document::Finding::Severity;
using State = PushController::State;

namespace {
struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(PushWords)
};

PushHeadline stopped(const PushController &push)
{
    const bool cancelled = push.error()->kind == base::ErrorKind::Cancelled;
    const QString title = push.report().pushed ? Texts::tr("Pushed, but not signed")
                          : cancelled          ? Texts::tr("Stopped")
                                               : Texts::tr("Not pushed");
    return {title, {title, {}, cancelled ? Tone::Warning : Tone::Error, Symbol::Failed}};
}
} // namespace

PushHeadline headlineOf(const PushController &push, Wanting wanting)
{
    switch (push.state()) {
    case State::Idle:
        return {};
    case State::Preparing:
        return {Texts::tr("Looking at the destination…"), {Texts::tr("Planning"), {}, Tone::Muted, Symbol::Waiting}};
    case State::Planned:
        if (push.plan().isBlocked())
            return {Texts::tr("This cannot be pushed as it is"),
                    {Texts::tr("Blocked"), {}, Tone::Error, Symbol::Blocked}};
        switch (wanting) {
        case Wanting::Nothing:
            break;
        case Wanting::Lookup:
            return {Texts::tr("Looking at the destination…"),
                    {Texts::tr("Planning"), {}, Tone::Muted, Symbol::Waiting}};
        case Wanting::Tag:
            return {Texts::tr("This cannot be pushed as it is"),
                    {Texts::tr("Not a tag"), {}, Tone::Error, Symbol::Blocked}};
        case Wanting::Key:
            return {Texts::tr("Review and push"), {Texts::tr("The key is not open"), {}, Tone::Warning, Symbol::Lock}};
        case Wanting::Certificate:
            return {Texts::tr("Review and push"), {Texts::tr("No certificate yet"), {}, Tone::Warning, Symbol::Lock}};
        }
        if (push.replacesAnothers())
            return {Texts::tr("Replace what someone else pushed"),
                    {Texts::tr("Replaces another image"), {}, Tone::Warning, Symbol::Warning}};
        return {Texts::tr("Review and push"), {Texts::tr("Ready to push"), {}, Tone::Edited, Symbol::Push}};
    case State::Pushing:
        return {Texts::tr("Pushing…"), {Texts::tr("Pushing"), {}, Tone::Edited, Symbol::Push}};
    case State::Done: {
        const QString title =
            push.plan().request.signingKeys.isEmpty() ? Texts::tr("Pushed") : Texts::tr("Pushed and signed");
        return {title, {title, {}, Tone::Good, Symbol::Ok}};
    }
    case State::Stopped:
        return stopped(push);
    }
    return {};
}

PushHeadline headlineOf(const PushUndo &undo)
{
    switch (undo.state()) {
    case PushUndo::State::Running:
        return {Texts::tr("Undoing the push…"), {Texts::tr("Undoing"), {}, Tone::Muted, Symbol::Waiting}};
    case PushUndo::State::Undone:
        return {Texts::tr("The push is undone"), {Texts::tr("Undone"), {}, Tone::Good, Symbol::Ok}};
    case PushUndo::State::Failed:
        return {Texts::tr("Pushed, and not undone"), {Texts::tr("Not undone"), {}, Tone::Error, Symbol::Failed}};
    case PushUndo::State::Nothing:
    case PushUndo::State::Impossible:
    case PushUndo::State::Possible:
        break;
    }
    return {};
}

namespace {
// "2 signatures of linux/amd64 stay with sha256:…": of what the edits change.
QStringList staleSignatures(const transfer::PushPlan &plan, const QList<content::VerifyReport> &signatures)
{
    QStringList sentences;
    const document::Titles titles(plan.request.original);
    for (const document::Change &change : plan.request.derived.changes) {
        const auto report = std::ranges::find_if(signatures, [&](const content::VerifyReport &each) {
            return each.subject.digest == change.before.digest && !each.signatures.isEmpty();
        });
        if (report == signatures.end())
            continue;
        const QString where = titles.name(change.path);
        const QString old = change.before.digest.shortForm();
        const auto count = report->signatures.size();
        sentences.append(
            count == 1
                ? Texts::tr("The signature of %1 stays with %2; sign again before customers verify.").arg(where, old)
                : Texts::tr("The %1 signatures of %2 stay with %3; sign again before customers verify.")
                      .arg(count)
                      .arg(where, old));
    }
    return sentences;
}
} // namespace

QList<NoticeList::Notice> noticesBefore(const PushController &push, const QList<content::VerifyReport> &signatures)
{
    QList<NoticeList::Notice> notices;
    QStringList said;
    const auto say = [&](Severity severity, const QString &sentence) {
        if (said.contains(sentence))
            return;
        said.append(sentence);
        notices.append({items::appearanceOf(severity), sentence});
    };
    const transfer::PushPlan &plan = push.plan();
    // That the tag moved is said where there are ways out of it.
    for (const QString &blocker : plan.blockers.mid(push.hasTagMoved() ? 1 : 0))
        say(Severity::Block, blocker);
    if (push.replacesAnothers())
        say(Severity::Warn, Texts::tr("%1 loses the tag %2: it is not the image you opened.")
                                .arg(plan.tagBefore.toString(), push.destination().tag()));
    const QStringList stale = plan.request.attachments ? QStringList() : staleSignatures(plan, signatures);
    for (const QString &sentence : stale)
        say(Severity::Warn, sentence);
    QList<document::Finding> findings = plan.findings;
    std::stable_sort(findings.begin(), findings.end(),
                     [](const auto &a, const auto &b) { return a.severity > b.severity; });
    for (const document::Finding &finding : std::as_const(findings))
        if (stale.isEmpty() || finding.code != document::Finding::Code::SignaturesStale)
            say(finding.severity, document::inWords(finding));
    return notices;
}

QList<NoticeList::Notice> noticesAfter(const PushController &push, const PushUndo *undo)
{
    QList<NoticeList::Notice> notices;
    const auto inform = [&](const QString &sentence) {
        notices.append({items::appearanceOf(Severity::Inform), sentence});
    };
    if (undo && undo->state() == PushUndo::State::Undone) {
        inform(Texts::tr("%1 names %2 again. What was pushed is still there as %3.")
                   .arg(undo->tag().toString(), undo->before().toString(), undo->pushed().toString()));
        if (!undo->note().isEmpty())
            inform(undo->note());
        return notices;
    }
    for (const QString &sentence : push.report().notes)
        inform(sentence);
    if (undo && undo->state() == PushUndo::State::Impossible)
        inform(undo->why());
    const auto &error = push.error();
    if (error && error->kind == base::ErrorKind::Cancelled && !error->hint.isEmpty())
        inform(error->hint);
    return notices;
}

} // namespace colophon::widgets
