// SPDX-License-Identifier: Apache-2.0
#include "registry/paging.h"

#include "base/limits.h"
#include "registry/links.h"
#include "registry/words.h"

namespace colophon::registry {

using base::ErrorKind;

Paging::Paging(Occasion occasion, Origin home, QString listing)
    : m_occasion(std::move(occasion))
    , m_home(std::move(home))
    , m_listing(std::move(listing))
{
}

base::Result<std::optional<QUrl>> Paging::after(const QUrl &page, const QList<QByteArray> &links, bool brought)
{
    m_visited.insert(page);
    std::optional<QUrl> next = nextPage(links, page);
    if (!next)
        return std::nullopt;
    if (Origin::of(*next) != m_home || !next->userInfo().isEmpty()) {
        return base::fail(problem(ErrorKind::Denied, m_occasion,
                                  Words::tr("%1 continues its %2 on another host, %3, which is not followed.")
                                      .arg(m_occasion.registry, m_listing, next->host())));
    }
    if (m_visited.contains(*next) || !brought) {
        return base::fail(problem(ErrorKind::Protocol, m_occasion,
                                  Words::tr("The %2 of %1 goes in a circle.").arg(m_occasion.registry, m_listing)));
    }
    if (m_visited.size() >= base::limits::pages) {
        return base::fail(
            problem(ErrorKind::TooLarge, m_occasion,
                    Words::tr("The %2 of %1 has more pages than are read.").arg(m_occasion.registry, m_listing)));
    }
    return next;
}

} // namespace colophon::registry
