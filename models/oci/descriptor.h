// SPDX-License-Identifier: Apache-2.0
#pragma once

// The edge of the graph: what a piece of content is, how big, and by which digest it is found (image-spec
// descriptor.md).

#include "base/result.h"
#include "oci/digest.h"
#include "oci/jsondocument.h"
#include "oci/mediatype.h"
#include "oci/platform.h"

#include <QByteArray>
#include <QMap>
#include <QStringList>

#include <optional>

namespace colophon::oci {

using Annotations = QMap<QString, QString>;

struct Descriptor
{
    MediaType mediaType;
    Digest digest;
    qint64 size = 0; // bytes, 0 … limits::blob
    QStringList urls = {};
    Annotations annotations = {};
    std::optional<Platform> platform = {};
    QString artifactType = {};
    std::optional<QByteArray> data = {}; // embedded content, decoded and checked against digest and size

    // Reads one descriptor; InvalidData names the JSON pointer that is wrong.
    static base::Result<Descriptor> read(const JsonValue &object);
    // The descriptor of these bytes.
    static Descriptor of(MediaType type, QByteArrayView bytes);

    Marking marking() const; // of a layer: type and urls together
    // As one writes a new one: mediaType, digest, size, and artifactType and annotations where there are any.
    QByteArray toJson() const;

    bool operator==(const Descriptor &) const = default;
};

// The annotations member of a manifest, index or descriptor; empty where there is none.
base::Result<Annotations> readAnnotations(const JsonValue &object);

} // namespace colophon::oci
