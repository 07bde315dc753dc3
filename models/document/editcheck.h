// SPDX-License-Identifier: Apache-2.0
#pragma once

// Whether an edit fits an image, and if not, why not in words. Private to apply().

#include "document/edit.h"
#include "document/titles.h"

#include <QSet>

namespace colophon::document {

class EditCheck
{
public:
    explicit EditCheck(const ImageTree &original)
        : m_original(original)
        , m_titles(original)
    {
    }

    const Titles &titles() const { return m_titles; }

    // Whether there is such a place, and one that may be edited so.
    base::Result<void> operator()(const SetMarking &edit) const;
    base::Result<void> operator()(const SetAnnotation &edit) const;
    base::Result<void> operator()(const SetFamily &edit) const;
    base::Result<void> operator()(const RemovePlatform &edit) const;

    // New addresses must be good ones; what the content has already somewhere may stay, whatever it is.
    base::Result<void> urls(const SetMarking &edit) const;
    // Whether a manifest or index, without what it names, has a counterpart in that family.
    base::Result<void> family(const ImageNode &node, const NodePath &path, oci::MediaType::Family family) const;

private:
    base::Result<void> document(const NodePath &path) const; // may be edited itself
    base::Result<void> layer(const NodePath &path) const;

    const ImageTree &m_original;
    Titles m_titles;
    mutable QHash<oci::Digest, QSet<QString>> m_oldUrls; // of every layer; filled when first asked for
};

// Whether the document has a mediaType member of its own: Docker's must, OCI's may.
bool saysItsType(const ImageNode &node);

} // namespace colophon::document
