// SPDX-License-Identifier: Apache-2.0
#include "widgets/common/statepane.h"

#include "items/hintwords.h"
#include "widgets/common/plain.h"
#include "widgets/common/symbols.h"
#include "widgets/common/tones.h"

#include <QEvent>
#include <QGuiApplication>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QVBoxLayout>

namespace colophon::widgets {

namespace {
constexpr int loadingDelay = 300; // ms: what is quicker shows nothing
constexpr int symbolSize = 48;
} // namespace

StatePane::StatePane(QWidget *parent)
    : QStackedWidget(parent)
    , m_page(new QWidget(this))
    , m_symbolLabel(plainLabel({}, m_page))
    , m_sentence(plainLabel({}, m_page))
    , m_next(plainLabel({}, m_page))
    , m_bar(new QProgressBar(m_page))
    , m_button(new QPushButton(m_page))
{
    auto *column = new QVBoxLayout(m_page);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(8);
    column->addStretch(2);
    column->addWidget(m_symbolLabel);
    column->addWidget(m_sentence);
    column->addWidget(m_next);
    column->addWidget(m_bar, 0, Qt::AlignHCenter);
    column->addSpacing(8);
    column->addWidget(m_button, 0, Qt::AlignHCenter);
    column->addStretch(3);
    for (QLabel *label : {m_symbolLabel, m_sentence, m_next})
        label->setAlignment(Qt::AlignHCenter);
    m_bar->setFixedWidth(200);
    m_bar->setTextVisible(false);
    m_bar->setAccessibleName(tr("Progress"));
    addWidget(m_page);

    m_delay.setSingleShot(true);
    m_delay.setInterval(loadingDelay);
    connect(&m_delay, &QTimer::timeout, this, [this] {
        present(items::Symbol::Waiting, items::Tone::Muted, m_awaited, {}, tr("Cancel"));
        m_bar->show();
    });
    connect(m_button, &QPushButton::clicked, this, [this] {
        switch (m_state) {
        case State::Empty:
            Q_EMIT actionTriggered();
            break;
        case State::Loading:
            Q_EMIT cancelRequested();
            break;
        case State::Failed:
            Q_EMIT retryRequested();
            break;
        case State::Content:
            break;
        }
    });
    m_bar->hide();
    m_button->hide();
}

void StatePane::setContent(QWidget *content)
{
    Q_ASSERT(!m_content);
    m_content = content;
    addWidget(content);
}

void StatePane::showContent()
{
    m_delay.stop();
    m_state = State::Content;
    if (m_content)
        setCurrentWidget(m_content);
}

void StatePane::showEmpty(items::Symbol symbol, const QString &sentence, const QString &button)
{
    m_delay.stop();
    m_state = State::Empty;
    present(symbol, items::Tone::Muted, sentence, {}, button);
}

void StatePane::showLoading(const QString &awaited)
{
    m_awaited = awaited;
    m_bar->setRange(0, 0);
    if (m_state == State::Loading) {
        setAwaited(awaited);
        return;
    }
    m_state = State::Loading;
    m_delay.start();
}

void StatePane::setAwaited(const QString &awaited)
{
    m_awaited = awaited;
    if (m_state == State::Loading && !m_delay.isActive())
        setPlainText(m_sentence, awaited);
}

void StatePane::setProgress(qint64 done, qint64 total)
{
    if (total <= 0) {
        m_bar->setRange(0, 0);
        return;
    }
    m_bar->setRange(0, 1000); // bytes do not fit into its int
    m_bar->setValue(static_cast<int>(1000.0 * double(std::min(done, total)) / double(total)));
}

void StatePane::showFailure(const base::Error &error)
{
    m_delay.stop();
    m_state = State::Failed;
    present(items::Symbol::Failed, items::Tone::Error, items::wordsInWindow(error.message),
            items::wordsInWindow(error.hint), tr("&Retry"));
}

void StatePane::present(items::Symbol symbol, items::Tone tone, const QString &sentence, const QString &next,
                        const QString &button)
{
    m_symbol = symbol;
    m_tone = tone;
    setPlainText(m_sentence, sentence);
    setPlainText(m_next, next);
    m_next->setVisible(!next.isEmpty());
    m_button->setText(button);
    m_button->setVisible(!button.isEmpty());
    m_bar->hide();
    paintSymbol();
    setCurrentWidget(m_page);
}

void StatePane::changeEvent(QEvent *event)
{
    QStackedWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        paintSymbol();
}

void StatePane::paintSymbol()
{
    const QColor color = colorsOf(m_tone, QGuiApplication::palette()).text;
    m_symbolLabel->setPixmap(symbolPixmap(m_symbol, color, symbolSize, devicePixelRatioF()));
}

} // namespace colophon::widgets
