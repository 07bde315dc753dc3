// SPDX-License-Identifier: Apache-2.0
#include "widgets/window/draftstrips.h"

#include "widgets/common/draftwords.h"
#include "widgets/common/noticestrip.h"
#include "widgets/window/draftkeeper.h"

#include <QPushButton>
#include <QVBoxLayout>

namespace colophon::widgets {

using items::Appearance;
using items::Symbol;
using items::Tone;

DraftStrips::DraftStrips(DraftKeeper &drafts, QWidget *parent)
    : QWidget(parent)
    , m_drafts(drafts)
    , m_failure(new NoticeStrip(this))
    , m_elsewhere(new NoticeStrip(this))
    , m_result(new NoticeStrip(this))
    , m_offers(new QWidget(this))
{
    setObjectName(QStringLiteral("drafts"));
    setAccessibleName(tr("Unsent edits"));
    m_failure->setObjectName(QStringLiteral("draftFailure"));
    m_elsewhere->setObjectName(QStringLiteral("draftElsewhere"));
    m_result->setObjectName(QStringLiteral("draftResult"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(1);
    for (NoticeStrip *strip : {m_failure, m_elsewhere, m_result})
        column->addWidget(strip);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);

    connect(&m_drafts, &DraftKeeper::offersChanged, this, &DraftStrips::showOffers);
    connect(&m_drafts, &DraftKeeper::restored, this, &DraftStrips::showRestored);
    connect(&m_drafts, &DraftKeeper::discarded, this, &DraftStrips::showDiscarded);
    connect(&m_drafts, &DraftKeeper::foundElsewhere, this, &DraftStrips::showElsewhere);
    connect(&m_drafts, &DraftKeeper::failed, this, &DraftStrips::showFailure);
    connect(&m_drafts, &DraftKeeper::saved, m_failure, &QWidget::hide);
    connect(&m_drafts, &DraftKeeper::documentChanged, this, [this] {
        m_elsewhere->hide();
        m_result->hide();
    });
    showOffers();
}

void DraftStrips::showOffers()
{
    // The button that asked for this may be one of these.
    m_offers->hide();
    m_offers->deleteLater();
    m_offers = new QWidget(this);
    auto *rows = new QVBoxLayout(m_offers);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(1);
    layout()->addWidget(m_offers);

    const QList<session::StoredDraft> offers = m_drafts.offers();
    for (const session::StoredDraft &stored : offers.first(std::min<qsizetype>(offers.size(), most))) {
        auto *strip = new NoticeStrip(m_offers);
        strip->say({{}, {}, Tone::Edited, Symbol::Information}, draftwords::offer(stored));
        connect(strip->addButton(QStringLiteral("restoreDraft"), tr("&Restore")), &QPushButton::clicked, this,
                [this, stored] { Q_EMIT restoreRequested(stored); });
        connect(strip->addButton(QStringLiteral("discardDraft"), tr("&Discard")), &QPushButton::clicked, this,
                [this, stored] { m_drafts.discard(stored); });
        connect(strip->addButton(QStringLiteral("laterDraft"), tr("&Later")), &QPushButton::clicked, this,
                [this, id = stored.id] { m_drafts.putOff(id); });
        strip->setDismissable(false);
        rows->addWidget(strip);
    }
    const auto tell = [this, rows](Tone tone, Symbol symbol, const QString &sentence) {
        auto *strip = new NoticeStrip(m_offers);
        strip->say({{}, {}, tone, symbol}, sentence);
        rows->addWidget(strip);
    };
    if (offers.size() > most)
        tell(Tone::Edited, Symbol::Information,
             tr("And %1 more: they are offered when one of these is dealt with.").arg(offers.size() - most));
    if (!m_drafts.document())
        for (const QString &problem : m_drafts.problems())
            tell(Tone::Warning, Symbol::Warning, problem);
    m_offers->setVisible(rows->count() > 0);
}

void DraftStrips::showRestored(const session::Draft &draft, const session::Rebased &rebase)
{
    QList<NoticeStrip::Fact> facts;
    for (const QString &dropped : rebase.dropped)
        facts.append({{}, QStringLiteral("– ") + dropped});
    const bool isWhole = rebase.dropped.isEmpty();
    m_result->say({{}, {}, isWhole ? Tone::Good : Tone::Warning, isWhole ? Symbol::Ok : Symbol::Warning},
                  draftwords::restored(draft, rebase), facts);
}

void DraftStrips::showDiscarded(const session::Draft &draft)
{
    m_result->say({{}, {}, Tone::Edited, Symbol::Information},
                  tr("The unsent edits of %1 are discarded (%2).")
                      .arg(draftwords::nameOf(draft.reference), draftwords::countOf(draft)));
    connect(m_result->addButton(QStringLiteral("undoDiscard"), tr("&Undo"), Symbol::Undo), &QPushButton::clicked, this,
            [this] {
                m_result->hide();
                m_drafts.undoDiscard();
            });
}

void DraftStrips::showElsewhere(const session::Draft &theirs)
{
    m_elsewhere->say({{}, {}, Tone::Warning, Symbol::Warning}, draftwords::elsewhere(theirs));
}

void DraftStrips::showFailure(const base::Error &error)
{
    m_failure->say({{}, {}, Tone::Warning, Symbol::Warning}, error.text());
}

QStringList DraftStrips::sentences() const
{
    QStringList all;
    for (const NoticeStrip *strip : findChildren<NoticeStrip *>())
        if (strip->isVisibleTo(this))
            all.append(strip->text());
    return all;
}

} // namespace colophon::widgets
