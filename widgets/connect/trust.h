// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the window does about certificates: it shows one that was refused, remembers what a person accepts, and takes it
// back.

#include "base/error.h"
#include "content/connector.h"
#include "session/settings.h"

#include <functional>

class QWidget;

namespace colophon::widgets {

class Trust
{
public:
    // What was accepted in earlier runs counts from now on.
    Trust(content::Connector &connector, session::Settings &settings);

    // Whether the error is about a certificate that can be shown.
    bool canShow(const base::Error &error) const;
    // Shows it; `again` is called once it is accepted.
    void show(const base::Error &error, QWidget *parent, const std::function<void()> &again);
    void showAccepted(QWidget *parent);

private:
    content::Connector &m_connector;
    session::Settings &m_settings;
};

} // namespace colophon::widgets
