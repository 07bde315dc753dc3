// SPDX-License-Identifier: Apache-2.0
#pragma once

// Long work that only the window's thread can do, in slices between its other events, so that it is never away for
// longer than one of them.

#include <QTimer>

#include <functional>
#include <memory>

namespace colophon::widgets {

class Slices final : public QObject
{
    Q_OBJECT
public:
    // Does one slice; whether there is more to do.
    using Slice = std::function<bool()>;

    explicit Slices(QObject *parent = nullptr);
    // The first slice right now, the others from the event loop. What ran before is dropped.
    void run(Slice slice);
    void finish(); // all that is left, now
    void stop();
    bool isRunning() const { return m_slice != nullptr; }

private:
    void step();
    std::shared_ptr<Slice> m_slice;
    int m_run = 0; // counts them
    QTimer m_timer;
};

} // namespace colophon::widgets
