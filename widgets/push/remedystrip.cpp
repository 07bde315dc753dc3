// SPDX-License-Identifier: Apache-2.0
#include "widgets/push/remedystrip.h"

#include "transfer/registrypolicy.h"
#include "widgets/common/draftwords.h"
#include "widgets/push/pushcontroller.h"
#include "widgets/push/taglook.h"

#include <QDateTime>
#include <QLocale>
#include <QPushButton>

namespace colophon::widgets {

using items::Symbol;
using items::Tone;
using transfer::RegistryPolicy;
using State = PushController::State;

namespace {
const items::Appearance warns{{}, {}, Tone::Warning, Symbol::Warning};

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(RemedyStrip)
};

// "linux/amd64, 3 layers, built 23 Nov 2026 10:42": no registry says who pushed an image, or when.
QString inWords(const document::ImageTree &image)
{
    const QList<document::NodePath> images = image.images();
    QStringList parts;
    parts.append(images.size() == 1 ? image.node(images.first())->title()
                                    : Texts::tr("%1 platforms").arg(images.size()));
    const auto layers = image.layers().size();
    parts.append(layers == 1 ? Texts::tr("1 layer") : Texts::tr("%1 layers").arg(layers));
    QDateTime built;
    QString author;
    for (const document::NodePath &path : images) {
        const auto &config = image.node(path)->config;
        if (!config)
            continue;
        const QDateTime created = QDateTime::fromString(config->created, Qt::ISODate);
        if (created.isValid() && created.toSecsSinceEpoch() > 0 && (!built.isValid() || created > built))
            built = created;
        if (author.isEmpty())
            author = config->author;
    }
    if (built.isValid())
        parts.append(Texts::tr("built %1").arg(QLocale().toString(built.toLocalTime(), QLocale::ShortFormat)));
    if (!author.isEmpty())
        parts.append(Texts::tr("by %1").arg(items::oneLine(author, 80)));
    return parts.join(QStringLiteral(", "));
}
} // namespace

RemedyStrip::RemedyStrip(QWidget *parent)
    : NoticeStrip(parent)
{
    setObjectName(QStringLiteral("remedy"));
    setDismissable(false);
}

RemedyStrip::Case RemedyStrip::caseOf(const PushController &push)
{
    if (push.hasTagMoved())
        return Case::TagMoved;
    if (push.state() != State::Stopped || push.report().pushed)
        return Case::None;
    const auto &steps = push.report().plan.steps;
    if (std::ranges::any_of(steps, [](const transfer::PlanStep &step) {
            return step.kind == transfer::StepKind::Probe && step.outcome == transfer::Outcome::Failed;
        }))
        return push.error()->kind == base::ErrorKind::Denied ? Case::DeadAddress : Case::None;
    const RegistryPolicy policy = transfer::policyOf(*push.error());
    const bool helps = policy == RegistryPolicy::ImmutableTag || policy == RegistryPolicy::Locked ||
                       policy == RegistryPolicy::Retention;
    return helps && !push.destination().tag().isEmpty() ? Case::TagFixed : Case::None;
}

void RemedyStrip::follow(const PushController &push, const TagLook &look, const session::Draft &edits)
{
    switch (caseOf(push)) {
    case Case::None:
        hide();
        return;
    case Case::TagMoved:
        tellMoved(push, look, edits);
        break;
    case Case::TagFixed:
        say(warns, tr("Under another tag it can be pushed all the same."));
        offerOtherTag(push.destination().tag(), look);
        break;
    case Case::DeadAddress:
        say(warns, tr("If the address is not up yet, the image can be pushed without asking it. Until it is up, nobody "
                      "can pull the layer."));
        connect(addButton(QStringLiteral("withoutProbes"), tr("Plan it &without asking"), Symbol::Push),
                &QPushButton::clicked, this, &RemedyStrip::withoutProbesRequested);
        break;
    }
    setBusy(look.isLooking());
}

void RemedyStrip::tellMoved(const PushController &push, const TagLook &look, const session::Draft &edits)
{
    const transfer::PushPlan &plan = push.plan();
    const bool isRead = !look.image().isEmpty();
    // A plan knows what it found; a push that was stopped found something newer.
    const oci::Digest now = isRead                           ? look.image().root().descriptor.digest
                            : push.state() == State::Planned ? plan.tagBefore
                                                             : oci::Digest();
    const bool isGone = push.state() == State::Planned ? plan.tagBefore.isNull() : now.isNull() && !look.isLooking();
    const auto fact = [](const QString &name, const oci::Digest &digest, const QString &more = {}) {
        return Fact{name, digest.shortForm() + more, digest.toString()};
    };
    QList<Fact> facts{fact(tr("Opened"), plan.before), fact(tr("Yours"), plan.after)};
    if (!now.isNull())
        facts.append(fact(tr("Now"), now, isRead ? QStringLiteral(" · ") + inWords(look.image()) : QString()));
    if (isRead) {
        const session::Rebased rebase = session::rebased(edits, look.image());
        facts.append({{}, draftwords::rebasePreview(edits, rebase)});
        for (const QString &dropped : rebase.dropped)
            facts.append({{}, QStringLiteral("– ") + dropped});
    }
    const QString tag = push.destination().tag();
    say(warns,
        isGone ? tr("The tag went while you were editing: “%1” does not exist any more.").arg(tag)
               : tr("The tag moved while you were editing: someone pushed another image to “%1”.").arg(tag),
        facts);
    if (!isGone)
        connect(addButton(QStringLiteral("reopen"), tr("&Reopen with my edits"), Symbol::Reload), &QPushButton::clicked,
                this, &RemedyStrip::reopenRequested);
    offerOtherTag(tag, look);
    connect(addButton(QStringLiteral("replaceAnyway"), isGone ? tr("Push it any&way…") : tr("Replace it any&way…")),
            &QPushButton::clicked, this, &RemedyStrip::replaceRequested);
}

void RemedyStrip::offerOtherTag(const QString &tag, const TagLook &look)
{
    const QString other = transfer::anotherTag(tag, look.tags().value_or(QStringList()));
    QPushButton *button =
        addButton(QStringLiteral("otherTag"), tr("Push to %1 &instead").arg(items::oneLine(other, 40)), Symbol::Tag);
    button->setEnabled(!look.isLooking()); // one that is free
    connect(button, &QPushButton::clicked, this, [this, other] { Q_EMIT otherTagRequested(other); });
}

} // namespace colophon::widgets
