// SPDX-License-Identifier: Apache-2.0
#pragma once

// What an edit changes in one descriptor, as splices over the document it stands in and as the descriptor that results.
// A manifest and an index carry a media type and annotations under the same names, so this edits them too.

#include "oci/descriptor.h"

namespace colophon::oci {

struct AnnotationChange
{
    QString name;
    std::optional<QString> value; // nothing: it goes
    bool operator==(const AnnotationChange &) const = default;
};

struct DescriptorEdit
{
    std::optional<MediaType> mediaType = {};  // written even where the document had none
    std::optional<QStringList> urls = {};     // none: the member goes
    QList<AnnotationChange> annotations = {}; // the object comes with the first and goes with the last
    std::optional<QByteArray> content = {};   // what it names: digest, size and embedded data follow
    bool isEmpty() const { return !mediaType && !urls && annotations.isEmpty() && !content; }
};

// The splices; none where the object says all that already. `urls` are those it has.
QList<Splice> splicesOf(const JsonValue &object, const DescriptorEdit &edit, const QStringList &urls = {});
// What the same edit makes of the parsed descriptor.
Descriptor edited(Descriptor descriptor, const DescriptorEdit &edit);
Annotations edited(Annotations annotations, const QList<AnnotationChange> &changes);

} // namespace colophon::oci
