// SPDX-License-Identifier: Apache-2.0
#pragma once

// Asks whether a registry's password may be sent to a token service on another host, before that happens for the first
// time: a password goes to the host it is for, and elsewhere only where a person says so.

#include "content/connector.h"

#include <QPointer>
#include <QWidget>

namespace colophon::widgets {

// No where the window goes, or the one who asks has stopped.
base::Task<bool> askAboutRealm(QPointer<QWidget> window, content::RealmQuestion question, std::stop_token stop);

} // namespace colophon::widgets
