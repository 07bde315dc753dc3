// SPDX-License-Identifier: Apache-2.0
#include "registry/http/pace.h"

#include <algorithm>

namespace colophon::registry::http {

using std::chrono::milliseconds;

QDeadlineTimer Pace::wait()
{
    m_wait.start();
    m_end = QDeadlineTimer(std::max(m_window - m_waited, milliseconds(1)));
    return m_end;
}

Pace::Verdict Pace::judge(qint64 bytes, bool isInVain)
{
    m_bytes += bytes;
    m_waited += milliseconds(m_wait.elapsed());
    if (m_waited >= m_window) {
        if (m_bytes * 1000 < least * m_window.count())
            return m_bytes == 0 ? Verdict::Resting : Verdict::Slow;
        m_bytes = 0;
        m_waited = milliseconds(0);
        return Verdict::Moving;
    }
    return isInVain && !m_end.hasExpired() ? Verdict::Resting : Verdict::Moving;
}

} // namespace colophon::registry::http
