// SPDX-License-Identifier: Apache-2.0
#pragma once

// The line at the bottom: what just happened, how many requests were made, as whom, and what the signatures say.

#include "items/appearance.h"

#include <QDeadlineTimer>
#include <QStatusBar>
#include <QTimer>

#include <chrono>

class QAction;
class QToolButton;

namespace colophon::widgets {

class Badge;
class ElidedLabel;

class StatusLine : public QStatusBar
{
    Q_OBJECT
public:
    explicit StatusLine(QWidget *parent = nullptr);

    void say(const QString &text); // stays until the next
    QString said() const;
    void countRequest();
    int requests() const { return m_requests; }
    void setRequestsAction(QAction *action); // what the number of requests opens
    // Why a request waits, counted down in place of what was said last.
    void showWaiting(const QString &reason, std::chrono::milliseconds time);
    void endWaiting();
    // As whom the open image was read (SigningIn::inWords); empty: as nobody.
    void setSignedIn(const QString &words);
    QString signedIn() const;
    // Of the open image: appearance with an empty word hides it.
    void setSignature(const items::Appearance &appearance);
    QString signatureText() const;

private:
    void show(const QString &text);
    void countDown();

    ElidedLabel *m_text;
    ElidedLabel *m_user;
    QToolButton *m_count;
    Badge *m_signature;
    int m_requests = 0;
    QString m_said;
    QString m_waitingFor;
    QDeadlineTimer m_waitsUntil;
    QTimer m_eachSecond;
};

} // namespace colophon::widgets
