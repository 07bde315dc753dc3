// SPDX-License-Identifier: Apache-2.0
#include "widgets/common/slices.h"

namespace colophon::widgets {

Slices::Slices(QObject *parent)
    : QObject(parent)
{
    connect(&m_timer, &QTimer::timeout, this, &Slices::step);
}

void Slices::run(Slice slice)
{
    m_slice = std::make_shared<Slice>(std::move(slice));
    ++m_run;
    m_timer.start(0);
    step();
}

void Slices::step()
{
    const std::shared_ptr<Slice> slice = m_slice; // it may stop this, or begin another
    const int run = m_run;
    if (slice && !(*slice)() && run == m_run)
        stop();
}

void Slices::finish()
{
    while (m_slice)
        step();
}

void Slices::stop()
{
    m_timer.stop();
    m_slice.reset();
}

} // namespace colophon::widgets
