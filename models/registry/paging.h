// SPDX-License-Identifier: Apache-2.0
#pragma once

// The pages of one listing: followed by their Link fields, only where the registry itself answers, and never in a
// circle (distribution-spec, "Listing Tags", "Listing Referrers").

#include "registry/answererror.h"
#include "registry/origin.h"

#include <QSet>
#include <QUrl>

#include <optional>

namespace colophon::registry {

class Paging
{
public:
    // `listing` in words: "list of tags".
    Paging(Occasion occasion, Origin home, QString listing);

    // The page behind this one; nothing where it is the last. `brought` says whether this page had anything new, or
    // nothing at all.
    base::Result<std::optional<QUrl>> after(const QUrl &page, const QList<QByteArray> &links, bool brought);

private:
    Occasion m_occasion;
    Origin m_home;
    QString m_listing;
    QSet<QUrl> m_visited;
};

} // namespace colophon::registry
