// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the command waits for before it asks a host again, said on stderr: counted down where that is a terminal, else
// one line for each wait. Requests that wait together for one host are one wait.

#include "registry/retry/pacer.h"

#include <QDeadlineTimer>
#include <QList>
#include <QTimer>

namespace colophon::ctl {

class Printer;

class Waits
{
public:
    explicit Waits(Printer &printer);

    void tell(const registry::retry::Waiting &waiting);

private:
    struct Wait
    {
        QString host;
        QString reason;
        QDeadlineTimer end;
    };
    void countDown();

    Printer &m_printer;
    QList<Wait> m_waits; // of every request; the one that ends last is shown
    QTimer m_eachSecond;
};

} // namespace colophon::ctl
