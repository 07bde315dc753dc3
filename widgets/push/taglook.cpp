// SPDX-License-Identifier: Apache-2.0
#include "widgets/push/taglook.h"

#include "transfer/openimage.h"
#include "widgets/common/listtags.h"
#include "widgets/common/retire.h"

namespace colophon::widgets {

TagLook::TagLook(content::Connector &connector, QObject *parent)
    : QObject(parent)
    , m_connector(connector)
{
}

TagLook::~TagLook() = default;

void TagLook::forget()
{
    retire(m_opening);
    retire(m_listing);
    m_image = {};
    m_tags.reset();
}

void TagLook::look(const oci::Reference &tag)
{
    forget();
    const content::TargetPtr target = m_connector.target(tag);
    m_opening = std::make_unique<transfer::OpenImage>(target, tag);
    connect(m_opening.get(), &transfer::Operation::finished, this, [this] {
        if (!m_opening->error())
            m_image = m_opening->tree();
        retire(m_opening);
        Q_EMIT changed();
    });
    m_listing = std::make_unique<ListTags>(target);
    connect(m_listing.get(), &transfer::Operation::finished, this, [this] {
        if (!m_listing->error())
            m_tags = m_listing->tags();
        retire(m_listing);
        Q_EMIT changed();
    });
    m_opening->start();
    m_listing->start();
}

} // namespace colophon::widgets
