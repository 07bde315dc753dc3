// SPDX-License-Identifier: Apache-2.0
#pragma once

// Where the window has been: back and forward between images, as in a browser.

#include "oci/reference.h"

#include <QList>

namespace colophon::widgets {

class Navigation
{
public:
    // The image shown from now on; what lay ahead is forgotten. Showing the current one again adds nothing.
    void visit(const oci::Reference &reference);
    bool canGoBack() const { return m_current > 0; }
    bool canGoForward() const { return m_current + 1 < m_visited.size(); }
    oci::Reference back();    // only where canGoBack()
    oci::Reference forward(); // only where canGoForward()

private:
    QList<oci::Reference> m_visited;
    qsizetype m_current = -1;
};

} // namespace colophon::widgets
