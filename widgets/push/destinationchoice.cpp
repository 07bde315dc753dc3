// SPDX-License-Identifier: Apache-2.0
#include "widgets/push/destinationchoice.h"

#include "items/appearance.h"
#include "widgets/common/plain.h"

#include <QHBoxLayout>
#include <QLineEdit>

namespace colophon::widgets {

DestinationChoice::DestinationChoice(QWidget *parent)
    : QWidget(parent)
    , m_repository(new QLineEdit(this))
    , m_tag(new QLineEdit(this))
{
    m_repository->setObjectName(QStringLiteral("destinationRepository"));
    m_repository->setAccessibleName(tr("Destination registry and repository"));
    m_repository->setMinimumWidth(240);
    m_tag->setObjectName(QStringLiteral("destinationTag"));
    m_tag->setAccessibleName(tr("Destination tag"));
    m_tag->setPlaceholderText(tr("by digest alone"));
    m_tag->setMinimumWidth(120);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(4);
    row->addWidget(m_repository, 3);
    row->addWidget(plainLabel(QStringLiteral(":"), this));
    row->addWidget(m_tag, 2);
    setFocusProxy(m_tag);

    m_pause.setSingleShot(true);
    m_pause.setInterval(300);
    connect(&m_pause, &QTimer::timeout, this, &DestinationChoice::take);
    for (QLineEdit *field : {m_repository, m_tag}) {
        field->setFont(fixedFont());
        field->setTextMargins(4, 0, 4, 0);
        connect(field, &QLineEdit::textEdited, this, [this] {
            m_pause.start();
            m_isTyped = true;
            m_isRefused = false;
            Q_EMIT typed();
        });
        connect(field, &QLineEdit::editingFinished, this, [this] {
            take();
            if (isSettled())
                showDestination(); // as it is meant: "alpine" is docker.io/library/alpine
        });
    }
}

void DestinationChoice::setDestination(const oci::Reference &destination)
{
    m_pause.stop();
    m_isTyped = m_isRefused = false;
    m_destination = destination;
    showDestination();
}

void DestinationChoice::showDestination()
{
    m_repository->setText(m_destination.name());
    m_repository->setCursorPosition(0);
    m_tag->setText(m_destination.tag());
}

base::Result<oci::Reference> DestinationChoice::parsed() const
{
    auto repository = oci::Reference::parseRepository(m_repository->text().trimmed());
    if (!repository)
        return repository;
    const QString tag = m_tag->text().trimmed();
    if (tag.isEmpty())
        return *repository;
    auto whole = oci::Reference::parse(repository->withTag(tag).toString());
    if (!whole || whole->tag() != tag)
        return base::fail(base::ErrorKind::Usage, tr("“%1” cannot be a tag.").arg(items::oneLine(tag, 140)),
                          tr("Use letters, digits, “_”, “.” and “-”, at most 128 of them."));
    return whole;
}

void DestinationChoice::take()
{
    m_pause.stop();
    if (isSettled())
        return;
    m_isTyped = false;
    const base::Result<oci::Reference> typed = parsed();
    m_isRefused = !typed;
    if (!typed) {
        Q_EMIT refused(typed.error());
        return;
    }
    m_destination = *typed;
    Q_EMIT chosen(m_destination);
}

} // namespace colophon::widgets
