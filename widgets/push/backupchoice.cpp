// SPDX-License-Identifier: Apache-2.0
#include "widgets/push/backupchoice.h"

#include "widgets/common/plain.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QLineEdit>

namespace colophon::widgets {

BackupChoice::BackupChoice(QWidget *parent)
    : QWidget(parent)
    , m_box(new QCheckBox(tr("&Keep the old image under a tag"), this))
    , m_field(new QLineEdit(this))
    , m_note(plainLabel({}, this))
{
    m_box->setObjectName(QStringLiteral("backup"));
    m_box->setToolTip(tr("Registries collect images that no tag names"));
    m_field->setObjectName(QStringLiteral("backupTag"));
    m_field->setAccessibleName(tr("Tag for the old image"));
    m_field->setFont(fixedFont());
    m_field->setTextMargins(4, 0, 4, 0);
    m_field->setMinimumWidth(300);
    m_field->hide();
    m_note->setForegroundRole(QPalette::PlaceholderText);
    m_note->setWordWrap(false);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    row->addWidget(m_box);
    row->addWidget(m_field);
    row->addWidget(m_note);
    row->addStretch(1);

    m_pause.setSingleShot(true);
    m_pause.setInterval(300);
    connect(&m_pause, &QTimer::timeout, this, &BackupChoice::take);
    connect(m_field, &QLineEdit::textEdited, this, [this] {
        m_pause.start();
        Q_EMIT typed();
    });
    connect(m_field, &QLineEdit::editingFinished, this, [this] {
        if (tag().isEmpty())
            m_field->setText(m_proposed);
        take();
    });
    connect(m_box, &QCheckBox::toggled, this, [this](bool on) {
        m_field->setVisible(on);
        take();
    });
}

void BackupChoice::reset(const QString &destinationTag)
{
    const QSignalBlocker blocker(m_box);
    m_box->setChecked(false);
    m_box->setEnabled(false);
    m_field->hide();
    m_field->clear();
    setPlainText(m_note, {});
    m_pause.stop();
    m_proposed.clear();
    setDestinationTag(destinationTag);
}

void BackupChoice::setDestinationTag(const QString &tag)
{
    const bool isTyped = m_field->text() != m_proposed;
    if (tag != m_destinationTag || m_proposed.isEmpty())
        m_proposed = transfer::backupTagFor(tag, QDateTime::currentDateTimeUtc());
    m_destinationTag = tag;
    if (!isTyped)
        m_field->setText(m_proposed);
}

void BackupChoice::follow(const transfer::PushPlan &plan)
{
    const QString tag = plan.request.destination.tag();
    const QString why = tag.isEmpty()                  ? tr("No tag is moved.")
                        : plan.tagBefore.isNull()      ? tr("%1 is new: there is no old image.").arg(tag)
                        : plan.tagBefore == plan.after ? tr("%1 names this image already.").arg(tag)
                                                       : QString();
    m_box->setEnabled(why.isEmpty());
    setPlainText(m_note, why);
    m_field->setVisible(m_box->isChecked() && why.isEmpty());
}

void BackupChoice::choose()
{
    if (m_box->isEnabled())
        m_box->setChecked(true);
}

bool BackupChoice::isChosen() const { return m_box->isChecked() && m_box->isEnabled(); }

QString BackupChoice::tag() const { return m_box->isChecked() ? m_field->text().trimmed() : QString(); }

void BackupChoice::take()
{
    m_pause.stop();
    Q_EMIT changed(tag());
}

} // namespace colophon::widgets
