// SPDX-License-Identifier: Apache-2.0
#include "widgets/common/errorstrip.h"

#include "items/hintwords.h"
#include "widgets/common/plain.h"
#include "widgets/common/symbols.h"
#include "widgets/common/tones.h"

#include <QClipboard>
#include <QEvent>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace colophon::widgets {

ErrorStrip::ErrorStrip(QWidget *parent)
    : QFrame(parent)
    , m_symbol(plainLabel({}, this))
    , m_what(selectableLabel({}, this))
    , m_next(selectableLabel({}, this))
    , m_remedy(new QPushButton(this))
    , m_retry(new QPushButton(tr("&Retry"), this))
    , m_details(new QPushButton(tr("&Details"), this))
    , m_copy(new QPushButton(tr("&Copy"), this))
    , m_close(symbolButton(items::Symbol::Close, tr("Dismiss"), this))
    , m_text(new QPlainTextEdit(this))
{
    setFrameShape(QFrame::NoFrame);
    setAutoFillBackground(true);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Maximum);
    setAccessibleName(tr("Error"));

    auto *top = new QHBoxLayout;
    top->setSpacing(8);
    auto *texts = new QVBoxLayout;
    texts->setSpacing(2);
    texts->addWidget(m_what);
    texts->addWidget(m_next);
    top->addWidget(m_symbol, 0, Qt::AlignTop);
    top->addLayout(texts, 1);
    top->addWidget(m_close, 0, Qt::AlignTop);
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addSpacing(24);
    buttons->addWidget(m_remedy);
    buttons->addWidget(m_retry);
    buttons->addWidget(m_details);
    buttons->addWidget(m_copy);
    buttons->addStretch(1);
    auto *all = new QVBoxLayout(this);
    all->setContentsMargins(8, 8, 8, 8);
    all->setSpacing(8);
    all->addLayout(top);
    all->addLayout(buttons);
    all->addWidget(m_text);

    m_symbol->setAccessibleName(tr("Error"));
    m_details->setCheckable(true);
    m_text->setReadOnly(true);
    m_text->setFont(fixedFont());
    m_text->setMaximumHeight(140);
    m_text->setTabChangesFocus(true);
    m_text->setAccessibleName(tr("Details of the error"));
    m_text->hide();
    m_remedy->hide();
    connect(m_remedy, &QPushButton::clicked, this, &ErrorStrip::remedyRequested);
    connect(m_retry, &QPushButton::clicked, this, &ErrorStrip::retryRequested);
    connect(m_details, &QPushButton::toggled, m_text, &QWidget::setVisible);
    connect(m_copy, &QPushButton::clicked, this, [this] { QGuiApplication::clipboard()->setText(detailsText()); });
    connect(m_close, &QToolButton::clicked, this, [this] {
        clear();
        Q_EMIT dismissed();
    });
    paintTone();
    hide();
}

void ErrorStrip::showError(const base::Error &error, const QString &details)
{
    m_error = error;
    m_extra = details;
    const auto remedy = m_adviser ? m_adviser(error) : std::nullopt;
    m_error.message = items::wordsInWindow(error.message);
    m_error.hint = items::wordsInWindow(error.hint);
    if (remedy) {
        if (!remedy->hint.isEmpty())
            m_error.hint = remedy->hint;
        m_remedy->setText(remedy->button);
    }
    m_remedy->setVisible(remedy.has_value());
    setPlainText(m_what, items::readable(m_error.message));
    setPlainText(m_next, items::readable(m_error.hint));
    m_next->setVisible(!m_error.hint.isEmpty());
    m_retry->setVisible(m_retryable);
    m_details->setChecked(false);
    m_text->setPlainText(detailsText());
    setAccessibleDescription(m_error.text());
    show();
}

void ErrorStrip::clear()
{
    hide();
    m_error = {};
    m_extra.clear();
    m_text->clear();
}

void ErrorStrip::setRetryable(bool retryable)
{
    m_retryable = retryable;
    m_retry->setVisible(retryable);
}

QString ErrorStrip::detailsText() const
{
    QStringList lines{m_error.message};
    if (!m_error.hint.isEmpty())
        lines << m_error.hint;
    if (!m_error.operation.isEmpty())
        lines << tr("While: %1").arg(m_error.operation);
    if (m_error.side != base::Side::None)
        lines << tr("Where: %1").arg(base::nameOf(m_error.side));
    lines << tr("Kind: %1").arg(base::nameOf(m_error.kind));
    if (m_error.httpStatus != 0)
        lines << tr("HTTP status: %1").arg(m_error.httpStatus);
    if (!m_error.wireCode.isEmpty())
        lines << tr("The registry's code: %1").arg(m_error.wireCode);
    if (!m_extra.isEmpty())
        lines << QString() << m_extra;
    return lines.join(QLatin1Char('\n'));
}

void ErrorStrip::changeEvent(QEvent *event)
{
    QFrame::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        paintTone();
}

void ErrorStrip::paintTone()
{
    const QColor text = tintStrip(this, items::Tone::Error, {m_what, m_next});
    m_symbol->setPixmap(symbolPixmap(items::Symbol::Failed, text, 16, devicePixelRatioF()));
}

} // namespace colophon::widgets
