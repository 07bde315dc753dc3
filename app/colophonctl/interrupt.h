// SPDX-License-Identifier: Apache-2.0
#pragma once

// Ctrl-C as an event: the first one asks the work to stop, a second one ends the process the hard way.

#include <QObject>

class QSocketNotifier;

namespace colophon::ctl {

class Interrupt final : public QObject
{
    Q_OBJECT
public:
    explicit Interrupt(QObject *parent = nullptr);
    ~Interrupt() override;

Q_SIGNALS:
    void interrupted();

private:
    QSocketNotifier *m_notifier = nullptr;
};

} // namespace colophon::ctl
