// SPDX-License-Identifier: Apache-2.0
#pragma once

// A pane with its designed states: empty, loading, failed, or its content. One symbol, one sentence, one button.
// Loading appears after 300 ms only, so that what is quick does not flicker, and always has a Cancel.

#include "base/error.h"
#include "items/appearance.h"

#include <QStackedWidget>
#include <QTimer>

class QLabel;
class QProgressBar;
class QPushButton;

namespace colophon::widgets {

class StatePane : public QStackedWidget
{
    Q_OBJECT
public:
    enum class State { Empty, Loading, Failed, Content };

    explicit StatePane(QWidget *parent = nullptr);

    void setContent(QWidget *content); // takes ownership; once
    QWidget *content() const { return m_content; }
    State state() const { return m_state; } // Loading at once, also before it is seen

    void showContent();
    void showEmpty(items::Symbol symbol, const QString &sentence, const QString &button = {});
    void showLoading(const QString &awaited);
    void setAwaited(const QString &awaited);     // while loading
    void setProgress(qint64 done, qint64 total); // while loading; total <= 0: not known
    void showFailure(const base::Error &error);  // the button is Retry

Q_SIGNALS:
    void actionTriggered(); // the button of the empty state
    void cancelRequested();
    void retryRequested();

protected:
    void changeEvent(QEvent *event) override;

private:
    void present(items::Symbol symbol, items::Tone tone, const QString &sentence, const QString &next,
                 const QString &button);
    void paintSymbol();

    State m_state = State::Empty;
    QWidget *m_content = nullptr;
    QWidget *m_page;
    QLabel *m_symbolLabel;
    QLabel *m_sentence;
    QLabel *m_next;
    QProgressBar *m_bar;
    QPushButton *m_button;
    QTimer m_delay;
    QString m_awaited;
    items::Symbol m_symbol = items::Symbol::None;
    items::Tone m_tone = items::Tone::Muted;
};

} // namespace colophon::widgets
