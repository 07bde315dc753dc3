// SPDX-License-Identifier: Apache-2.0
#include "widgets/common/noticestrip.h"

#include "widgets/common/plain.h"
#include "widgets/common/symbols.h"
#include "widgets/common/tones.h"

#include <QEvent>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>

namespace colophon::widgets {

NoticeStrip::NoticeStrip(QWidget *parent)
    : QFrame(parent)
    , m_symbol(plainLabel({}, this))
    , m_sentence(selectableLabel({}, this))
    , m_busy(new QProgressBar(this))
    , m_close(symbolButton(items::Symbol::Close, tr("Close"), this))
    , m_row(new QHBoxLayout)
    , m_grid(new QGridLayout(this))
{
    setFrameShape(QFrame::NoFrame);
    setAutoFillBackground(true);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Maximum);
    m_busy->setRange(0, 0);
    m_busy->setTextVisible(false);
    m_busy->setMaximumSize(120, 8);
    m_busy->hide();
    m_row->setSpacing(8);
    m_row->addWidget(m_busy);
    m_row->addWidget(m_close);
    m_grid->setContentsMargins(8, 4, 8, 4);
    m_grid->setHorizontalSpacing(8);
    m_grid->setVerticalSpacing(4);
    m_grid->setColumnStretch(1, 1);
    m_grid->addWidget(m_symbol, 0, 0, Qt::AlignVCenter);
    m_grid->addWidget(m_sentence, 0, 1, Qt::AlignVCenter);
    m_grid->addLayout(m_row, 0, 2, Qt::AlignVCenter);
    connect(m_close, &QToolButton::clicked, this, [this] {
        hide();
        Q_EMIT dismissed();
    });
    hide();
}

void NoticeStrip::say(const items::Appearance &look, const QString &sentence, const QList<Fact> &facts)
{
    m_look = look;
    m_facts = facts;
    setPlainText(m_sentence, items::readable(sentence));
    showFacts();
    if (m_buttons) {
        m_buttons->hide(); // one of them may have asked for this
        m_buttons->deleteLater();
    }
    m_buttons = new QWidget(this);
    auto *row = new QHBoxLayout(m_buttons);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    m_row->insertWidget(0, m_buttons);
    m_buttons->hide();
    m_busy->hide();
    setAccessibleName(text());
    paintTone();
    show();
}

void NoticeStrip::showFacts()
{
    delete m_page;
    m_page = nullptr;
    if (m_facts.isEmpty())
        return;
    m_page = new QWidget(this);
    auto *grid = new QGridLayout(m_page);
    grid->setContentsMargins(0, 0, 0, 4);
    grid->setHorizontalSpacing(12);
    grid->setVerticalSpacing(2);
    grid->setColumnStretch(1, 1);
    int row = 0;
    for (const Fact &fact : std::as_const(m_facts)) {
        QLabel *value = selectableLabel(items::readable(fact.value), m_page);
        if (fact.name.isEmpty()) {
            grid->addWidget(value, row, 0, 1, 2);
        } else {
            value->setFont(fixedFont());
            setPlainToolTip(value, fact.whole);
            grid->addWidget(plainLabel(fact.name, m_page), row, 0, Qt::AlignTop);
            grid->addWidget(value, row, 1);
        }
        ++row;
    }
    m_grid->addWidget(m_page, 1, 1, 1, 2);
}

QPushButton *NoticeStrip::addButton(const QString &name, const QString &text, items::Symbol symbol)
{
    auto *button = new QPushButton(text, m_buttons);
    if (symbol != items::Symbol::None)
        button->setIcon(symbolIcon(symbol));
    button->setObjectName(name);
    m_buttons->layout()->addWidget(button);
    m_buttons->show();
    return button;
}

void NoticeStrip::setBusy(bool busy) { m_busy->setVisible(busy); }

void NoticeStrip::setDismissable(bool dismissable) { m_close->setVisible(dismissable); }

QString NoticeStrip::text() const
{
    QStringList lines{m_sentence->text()};
    for (const Fact &fact : m_facts)
        lines.append(fact.name.isEmpty() ? fact.value : fact.name + QLatin1Char(' ') + fact.value);
    return lines.join(QLatin1Char('\n'));
}

void NoticeStrip::changeEvent(QEvent *event)
{
    QFrame::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        paintTone();
}

void NoticeStrip::paintTone()
{
    QList<QWidget *> words{m_sentence};
    if (m_page)
        words.append(m_page);
    const QColor text = tintStrip(this, m_look.tone, words);
    m_symbol->setPixmap(symbolPixmap(m_look.symbol, text, 16, devicePixelRatioF()));
}

} // namespace colophon::widgets
