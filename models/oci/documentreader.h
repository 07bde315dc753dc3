// SPDX-License-Identifier: Apache-2.0
#pragma once

// What manifest and index have in common when they are read: which of the two a document is, and what makes it
// unsafe to edit. Private to the two classes.

#include "base/result.h"
#include "oci/descriptor.h"
#include "oci/jsondocument.h"
#include "oci/mediatype.h"

#include <QByteArray>
#include <QStringList>

#include <memory>
#include <optional>

namespace colophon::oci {

struct CommonParts
{
    std::shared_ptr<const JsonDocument> json;
    Digest digest;
    MediaType mediaType;
    std::optional<Descriptor> subject;
    Annotations annotations;
    QString artifactType;
    QStringList problems;
};

// Parses and settles the type: the document's own mediaType must not contradict `declared`. Usage for schema 1.
base::Result<CommonParts> readCommonParts(QByteArray bytes, const MediaType &declared);

// Whether the document is an index or a manifest by its type, or by its members where no type is given.
MediaType typeByMembers(const JsonValue &root);

} // namespace colophon::oci
