// SPDX-License-Identifier: Apache-2.0
#include "colophonctl/waits.h"

#include "base/plaintext.h"
#include "colophonctl/printer.h"

#include <QCoreApplication>

#include <algorithm>

namespace colophon::ctl {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(Waits)
};

QString sentence(const QString &reason, std::chrono::nanoseconds left)
{
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(left).count();
    return seconds > 0 ? Text::tr("%1. Asking again in %2 s…").arg(base::visible(reason), QString::number(seconds))
                       : Text::tr("%1. Asking again…").arg(base::visible(reason));
}

} // namespace

Waits::Waits(Printer &printer)
    : m_printer(printer)
{
    m_eachSecond.setTimerType(Qt::PreciseTimer); // one that is early says the same number twice
    m_eachSecond.setInterval(1000);
    m_eachSecond.callOnTimeout([this] { countDown(); });
}

void Waits::tell(const registry::retry::Waiting &waiting)
{
    if (waiting.time.count() == 0) {
        const auto over = std::ranges::find_if(m_waits, [&waiting](const Wait &each) {
            return each.host == waiting.host && each.reason == waiting.reason;
        });
        if (over != m_waits.end())
            m_waits.erase(over);
        if (m_waits.isEmpty()) {
            m_eachSecond.stop();
            m_printer.endProgress();
        }
        return;
    }
    const QDeadlineTimer end(waiting.time);
    const bool isTold =
        std::ranges::any_of(m_waits, [&](const Wait &each) { return each.host == waiting.host && each.end >= end; });
    m_waits.append({waiting.host, waiting.reason, end});
    if (m_printer.hasTerminal()) {
        m_eachSecond.start();
        countDown();
    } else if (!isTold) {
        m_printer.notice(QStringLiteral("waiting"), sentence(waiting.reason, waiting.time));
    }
}

void Waits::countDown()
{
    const auto last = std::ranges::max_element(m_waits, {}, [](const Wait &each) { return each.end.deadlineNSecs(); });
    m_printer.transient(sentence(last->reason, last->end.remainingTimeAsDuration()));
}

} // namespace colophon::ctl
