// SPDX-License-Identifier: Apache-2.0
#include "widgets/window/savestrip.h"

#include "base/bytesize.h"
#include "widgets/common/errorstrip.h"
#include "widgets/common/plain.h"
#include "widgets/common/symbols.h"

#include <QFileInfo>
#include <QHBoxLayout>
#include <QProgressBar>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

namespace colophon::widgets {

namespace {
constexpr int steps = 1000; // of the bar, whose numbers are ints
}

SaveStrip::SaveStrip(QWidget *parent)
    : QFrame(parent)
    , m_text(new ElidedLabel(this, Qt::ElideMiddle))
    , m_bytes(new ElidedLabel(this))
    , m_bar(new QProgressBar(this))
    , m_button(new QPushButton(this))
    , m_close(symbolButton(items::Symbol::Close, tr("Dismiss"), this))
    , m_row(new QWidget(this))
    , m_errors(new ErrorStrip(this))
{
    setObjectName(QStringLiteral("saveStrip"));
    setAccessibleName(tr("Saving a layer"));
    m_bar->setRange(0, steps);
    m_bar->setTextVisible(false);
    m_bar->setFixedWidth(120);
    m_bar->setAccessibleName(tr("How far the layer is saved"));
    m_bytes->setAccessibleName(tr("Bytes saved"));
    m_bytes->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    auto *row = new QHBoxLayout(m_row);
    row->setContentsMargins(8, 4, 8, 4);
    row->setSpacing(8);
    row->addWidget(m_text, 1);
    row->addWidget(m_bar);
    row->addWidget(m_bytes);
    row->addWidget(m_button);
    row->addWidget(m_close);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_errors);
    column->addWidget(m_row);
    connect(m_button, &QPushButton::clicked, this, [this] {
        if (isSaving())
            cancel();
        else
            goOn();
    });
    connect(m_close, &QToolButton::clicked, this, &QWidget::hide);
    connect(m_errors, &ErrorStrip::retryRequested, this, &SaveStrip::goOn);
    connect(m_errors, &ErrorStrip::dismissed, this, &QWidget::hide);
    hide();
}

SaveStrip::~SaveStrip() = default;

QString SaveStrip::text() const { return m_text->fullText(); }

void SaveStrip::save(const transfer::SaveBlob::Request &request, const QString &name)
{
    if (isSaving())
        return;
    m_request = request;
    m_name = name;
    start();
}

void SaveStrip::goOn()
{
    if (m_request && !isSaving())
        start();
}

void SaveStrip::start()
{
    m_errors->clear();
    m_saving = std::make_unique<transfer::SaveBlob>(*m_request);
    connect(m_saving.get(), &transfer::SaveBlob::progressChanged, this, &SaveStrip::showProgress);
    connect(m_saving.get(), &transfer::SaveBlob::activityChanged, this, &SaveStrip::said);
    connect(m_saving.get(), &transfer::SaveBlob::finished, this, &SaveStrip::finish);
    m_text->setFullText(tr("Saving %1 into %2").arg(m_name, QFileInfo(m_request->file).fileName()));
    m_button->setText(tr("&Cancel"));
    m_button->show();
    m_bar->show();
    m_bytes->show();
    m_close->hide();
    m_row->show();
    showProgress(0, m_request->layer.size);
    show();
    m_saving->start();
    Q_EMIT savingChanged();
}

void SaveStrip::showProgress(qint64 done, qint64 total)
{
    m_bar->setValue(total > 0 ? static_cast<int>(double(done) / double(total) * steps) : 0);
    m_bytes->setFullText(tr("%1 of %2").arg(base::humanSize(done), base::humanSize(total)));
}

void SaveStrip::cancel()
{
    if (m_saving)
        m_saving->cancel();
}

void SaveStrip::finish()
{
    const auto error = m_saving->error();
    const qint64 resumedAt = m_saving->resumedAt();
    m_saving.release()->deleteLater(); // it ends inside its own signal
    if (!error) {
        const QString saved = tr("Saved %1 into %2").arg(m_name, m_request->file);
        end(resumedAt > 0 ? tr("%1; it went on after %2").arg(saved, base::humanSize(resumedAt)) : saved, false);
    } else if (error->kind == base::ErrorKind::Cancelled) {
        const QString part = transfer::SaveBlob::partOf(m_request->file);
        const qint64 kept = QFileInfo(part).size();
        end(kept > 0 ? tr("Stopped saving %1: %2 of it are kept in %3").arg(m_name, base::humanSize(kept), part)
                     : tr("Stopped saving %1").arg(m_name),
            true);
    } else {
        m_row->hide();
        m_errors->showError(*error);
        Q_EMIT said(tr("Could not save %1").arg(m_name));
    }
    Q_EMIT savingChanged();
}

void SaveStrip::end(const QString &sentence, bool mayGoOn)
{
    m_text->setFullText(sentence);
    m_bar->hide();
    m_bytes->hide();
    m_button->setText(tr("&Go on"));
    m_button->setVisible(mayGoOn);
    m_close->show();
    Q_EMIT said(sentence);
}

} // namespace colophon::widgets
