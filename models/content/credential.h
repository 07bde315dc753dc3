// SPDX-License-Identifier: Apache-2.0
#pragma once

// A user name and a password or token for one registry.

#include "base/secret.h"

#include <QString>

namespace colophon::content {

struct Credential
{
    QString user;
    base::Secret password;
};

} // namespace colophon::content
