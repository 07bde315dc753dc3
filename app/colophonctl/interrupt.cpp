// SPDX-License-Identifier: Apache-2.0
#include "colophonctl/interrupt.h"

#include <QSocketNotifier>

#include <sys/eventfd.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>

namespace colophon::ctl {

namespace {
int wakeUp = -1; // all a signal handler may touch
}

Interrupt::Interrupt(QObject *parent)
    : QObject(parent)
{
    wakeUp = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    m_notifier = new QSocketNotifier(wakeUp, QSocketNotifier::Read, this);
    connect(m_notifier, &QSocketNotifier::activated, this, [this] {
        std::uint64_t count = 0;
        if (::read(wakeUp, &count, sizeof(count)) > 0)
            Q_EMIT interrupted();
    });
    struct sigaction action = {};
    action.sa_handler = [](int) {
        const std::uint64_t one = 1;
        [[maybe_unused]] const auto written = ::write(wakeUp, &one, sizeof(one));
    };
    action.sa_flags = static_cast<int>(SA_RESETHAND | SA_RESTART);
    ::sigaction(SIGINT, &action, nullptr);
    ::sigaction(SIGTERM, &action, nullptr);
}

Interrupt::~Interrupt()
{
    ::signal(SIGINT, SIG_DFL);
    ::signal(SIGTERM, SIG_DFL);
    m_notifier->setEnabled(false);
    ::close(std::exchange(wakeUp, -1));
}

} // namespace colophon::ctl
