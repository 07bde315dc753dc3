// SPDX-License-Identifier: Apache-2.0
#include "widgets/window/statusline.h"

#include "widgets/common/plain.h"

namespace colophon::widgets {

StatusLine::StatusLine(QWidget *parent)
    : QStatusBar(parent)
    , m_text(new ElidedLabel(this))
    , m_user(new ElidedLabel(this))
    , m_count(new ElidedLabel(this))
    , m_signature(new Badge(this))
{
    setSizeGripEnabled(false);
    setContentsMargins(8, 0, 8, 0);
    m_text->setObjectName(QStringLiteral("said"));
    m_text->setAccessibleName(tr("What happened last"));
    m_count->setAccessibleName(tr("Requests made"));
    m_user->setObjectName(QStringLiteral("signedIn"));
    m_user->setAccessibleName(tr("Signed in"));
    addWidget(m_text, 1);
    addPermanentWidget(m_user);
    addPermanentWidget(m_signature);
    addPermanentWidget(m_count);
    m_user->hide();
    m_count->hide();
    m_signature->setAppearance({});
}

void StatusLine::say(const QString &text)
{
    m_text->setFullText(items::readable(text));
    m_text->setAccessibleDescription(m_text->fullText());
}

QString StatusLine::said() const { return m_text->fullText(); }

void StatusLine::countRequest()
{
    ++m_requests;
    m_count->setFullText(m_requests == 1 ? tr("1 request") : tr("%1 requests").arg(m_requests));
    m_count->show();
}

void StatusLine::setSignedIn(const QString &user, const QString &source)
{
    const QString text =
        user.isEmpty() ? tr("signed in with a token (%1)").arg(source) : tr("signed in as %1 (%2)").arg(user, source);
    m_user->setFullText(source.isEmpty() ? QString() : items::readable(text));
    m_user->setVisible(!source.isEmpty());
}

QString StatusLine::signedIn() const { return m_user->fullText(); }

void StatusLine::setSignature(const items::Appearance &appearance) { m_signature->setAppearance(appearance); }

QString StatusLine::signatureText() const { return m_signature->appearance().word; }

} // namespace colophon::widgets
