// SPDX-License-Identifier: Apache-2.0
#include "widgets/window/navigation.h"

namespace colophon::widgets {

void Navigation::visit(const oci::Reference &reference)
{
    if (m_current >= 0 && m_visited.at(m_current) == reference)
        return;
    m_visited.resize(m_current + 1);
    m_visited.append(reference);
    m_current = m_visited.size() - 1;
}

oci::Reference Navigation::back() { return m_visited.at(--m_current); }

oci::Reference Navigation::forward() { return m_visited.at(++m_current); }

} // namespace colophon::widgets
