// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the window does where a connection is not to be trusted as it is: it shows a certificate that was refused,
// remembers what a person accepts, and takes it back; and it asks before a registry is used without encryption, or may
// lead to an address in a network narrower than its own.

#include "base/error.h"
#include "content/connector.h"
#include "session/settings.h"
#include "widgets/common/errorstrip.h"

#include <QCoreApplication>

#include <functional>
#include <optional>

class QWidget;

namespace colophon::widgets {

class Trust
{
    Q_DECLARE_TR_FUNCTIONS(Trust)
public:
    // What was accepted in earlier runs counts from now on.
    Trust(content::Connector &connector, session::Settings &settings);

    // From now on this strip offers what can be done about such errors; `again` goes on once it is done.
    void serve(ErrorStrip *strip, const std::function<void()> &again);
    void showAccepted(QWidget *parent);

private:
    std::optional<ErrorStrip::Remedy> remedyFor(const base::Error &error) const;
    void showCertificate(const content::ServerCertificate &certificate, QWidget *parent,
                         const std::function<void()> &again);
    void askAboutPlainHttp(const QString &registry, QWidget *parent, const std::function<void()> &again);
    void askAboutAddress(const base::Error &error, QWidget *parent, const std::function<void()> &again);

    content::Connector &m_connector;
    session::Settings &m_settings;
};

} // namespace colophon::widgets
