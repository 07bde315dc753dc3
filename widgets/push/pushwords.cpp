// SPDX-License-Identifier: Apache-2.0
#include "widgets/push/pushwords.h"

#include "widgets/push/pushcontroller.h"

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
        }
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

QList<NoticeList::Notice> noticesOf(const PushController &push)
{
    QList<NoticeList::Notice> notices;
    if (push.state() == State::Done || push.state() == State::Stopped) {
        for (const QString &sentence : push.report().notes)
            notices.append({items::appearanceOf(Severity::Inform), sentence});
        const auto &error = push.error();
        if (error && error->kind == base::ErrorKind::Cancelled && !error->hint.isEmpty())
            notices.append({items::appearanceOf(Severity::Inform), error->hint});
        return notices;
    }
    QStringList said;
    const auto say = [&](Severity severity, const QString &sentence) {
        if (said.contains(sentence))
            return;
        said.append(sentence);
        notices.append({items::appearanceOf(severity), sentence});
    };
    for (const QString &blocker : push.plan().blockers)
        say(Severity::Block, blocker);
    QList<document::Finding> findings = push.plan().findings;
    std::stable_sort(findings.begin(), findings.end(),
                     [](const auto &a, const auto &b) { return a.severity > b.severity; });
    for (const document::Finding &finding : std::as_const(findings))
        say(finding.severity, finding.message);
    return notices;
}

} // namespace colophon::widgets
