// SPDX-License-Identifier: Apache-2.0
#include "widgets/window/statusline.h"

#include "widgets/common/plain.h"

#include <QAction>
#include <QToolButton>

namespace colophon::widgets {

StatusLine::StatusLine(QWidget *parent)
    : QStatusBar(parent)
    , m_text(new ElidedLabel(this))
    , m_user(new ElidedLabel(this))
    , m_count(new QToolButton(this))
    , m_signature(new Badge(this))
{
    setSizeGripEnabled(false);
    setContentsMargins(8, 0, 8, 0);
    m_text->setObjectName(QStringLiteral("said"));
    m_text->setAccessibleName(tr("What happened last"));
    m_count->setObjectName(QStringLiteral("requestCount"));
    m_count->setAutoRaise(true);
    m_count->setFocusPolicy(Qt::NoFocus);
    m_user->setObjectName(QStringLiteral("signedIn"));
    m_user->setAccessibleName(tr("Signed in"));
    addWidget(m_text, 1);
    addPermanentWidget(m_user);
    addPermanentWidget(m_signature);
    addPermanentWidget(m_count);
    m_user->hide();
    m_count->hide();
    m_signature->setAppearance({});
    m_eachSecond.setInterval(1000);
    connect(&m_eachSecond, &QTimer::timeout, this, &StatusLine::countDown);
}

void StatusLine::say(const QString &text)
{
    m_said = items::readable(text);
    if (!m_eachSecond.isActive())
        show(m_said);
}

void StatusLine::show(const QString &text)
{
    m_text->setFullText(text);
    m_text->setAccessibleDescription(text);
}

QString StatusLine::said() const { return m_text->fullText(); }

void StatusLine::showWaiting(const QString &reason, std::chrono::milliseconds time)
{
    m_waitingFor = reason;
    m_waitsUntil.setRemainingTime(time);
    m_eachSecond.start();
    countDown();
}

void StatusLine::endWaiting()
{
    m_eachSecond.stop();
    show(m_said);
}

void StatusLine::countDown()
{
    const qint64 seconds = (m_waitsUntil.remainingTime() + 999) / 1000;
    show(seconds > 0 ? tr("%1. Asking again in %2 s…").arg(m_waitingFor).arg(seconds)
                     : tr("%1. Asking again…").arg(m_waitingFor));
}

void StatusLine::setRequestsAction(QAction *action)
{
    setPlainToolTip(m_count, action->toolTip());
    connect(m_count, &QToolButton::clicked, action, &QAction::trigger);
}

void StatusLine::countRequest()
{
    ++m_requests;
    m_count->setText(m_requests == 1 ? tr("1 request") : tr("%1 requests").arg(m_requests));
    m_count->show();
}

void StatusLine::setSignedIn(const QString &words)
{
    m_user->setFullText(words);
    m_user->setVisible(!words.isEmpty());
}

QString StatusLine::signedIn() const { return m_user->fullText(); }

void StatusLine::setSignature(const items::Appearance &appearance) { m_signature->setAppearance(appearance); }

QString StatusLine::signatureText() const { return m_signature->appearance().word; }

} // namespace colophon::widgets
