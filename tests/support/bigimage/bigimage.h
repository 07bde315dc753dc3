// SPDX-License-Identifier: Apache-2.0
#pragma once

// An image with one large layer, made up while it is sent: the layer lies with a vendor, the image names it as foreign
// with its url there.

#include "content/connector.h"

namespace colophon::test {

class BigImage
{
public:
    explicit BigImage(qint64 layerBytes);
    // The digest and size; no url.
    const oci::Descriptor &layer() const { return m_layer; }
    // Uploads the layer. What failed; empty when it is there.
    QString pushLayer(content::Connector &connector, const oci::Reference &vendor) const;
    // Puts the image alone, its layer's url leading to the vendor, and tags it. What failed; empty when it is there.
    QString pushImage(content::Connector &connector, const oci::Reference &image, const oci::Reference &vendor) const;

private:
    oci::Descriptor m_layer;
};

} // namespace colophon::test
