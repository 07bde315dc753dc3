// SPDX-License-Identifier: Apache-2.0
#pragma once

// A strip above the pane that failed: what failed and why, what to do next, Retry, Details, Copy. Not a dialog: it
// covers nothing and waits.

#include "base/error.h"

#include <QFrame>

#include <functional>
#include <optional>

class QLabel;
class QPlainTextEdit;
class QPushButton;
class QToolButton;

namespace colophon::widgets {

class ErrorStrip : public QFrame
{
    Q_OBJECT
public:
    explicit ErrorStrip(QWidget *parent = nullptr); // hidden

    // `details`: request, answer, codes, secrets masked; what the error itself knows is added.
    void showError(const base::Error &error, const QString &details = {});
    void clear(); // hides
    const base::Error &error() const { return m_error; }
    void setRetryable(bool retryable); // true unless said otherwise
    bool isRetryable() const { return m_retryable; }
    // A way out of an error that is had by a button: what the button says, and the hint that goes with it in place of
    // the error's own; an empty one leaves that.
    struct Remedy
    {
        QString button;
        QString hint;
    };
    using Adviser = std::function<std::optional<Remedy>(const base::Error &)>;
    void setAdviser(Adviser adviser) { m_adviser = std::move(adviser); } // asked about each error
    QPushButton *remedyButton() const { return m_remedy; }
    QString detailsText() const;

Q_SIGNALS:
    void retryRequested();
    void remedyRequested();
    void dismissed();

protected:
    void changeEvent(QEvent *event) override;

private:
    void paintTone();

    Adviser m_adviser;
    base::Error m_error;
    QString m_extra;
    QLabel *m_symbol;
    QLabel *m_what;
    QLabel *m_next;
    QPushButton *m_remedy;
    QPushButton *m_retry;
    QPushButton *m_details;
    QPushButton *m_copy;
    QToolButton *m_close;
    QPlainTextEdit *m_text;
    bool m_retryable = true;
};

} // namespace colophon::widgets
