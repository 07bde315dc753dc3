// SPDX-License-Identifier: Apache-2.0
#pragma once

// A look at a tag that stands in the way of a push: the image it names now, read whole, and which tags are taken. What
// cannot be read is simply not told; the push has its own error.

#include "content/connector.h"
#include "document/imagetree.h"
#include "oci/reference.h"

#include <QObject>
#include <QStringList>

#include <memory>
#include <optional>

namespace colophon::transfer {
class OpenImage;
}

namespace colophon::widgets {

class ListTags;

class TagLook final : public QObject
{
    Q_OBJECT
public:
    explicit TagLook(content::Connector &connector, QObject *parent = nullptr);
    ~TagLook() override;

    void look(const oci::Reference &tag);
    void forget();
    bool isLooking() const { return m_opening || m_listing; }
    const document::ImageTree &image() const { return m_image; } // empty: not known
    const std::optional<QStringList> &tags() const { return m_tags; }

Q_SIGNALS:
    void changed(); // something more is known

private:
    content::Connector &m_connector;
    document::ImageTree m_image;
    std::optional<QStringList> m_tags;
    std::unique_ptr<transfer::OpenImage> m_opening;
    std::unique_ptr<ListTags> m_listing;
};

} // namespace colophon::widgets
