// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a token service answers (distribution "Token Authentication"): the token and for how long it holds. The answer
// comes from outside and the token goes into a header: its characters and its life are checked, never believed.

#include "base/result.h"
#include "base/secret.h"

#include <QByteArray>

#include <QString>

#include <chrono>

namespace colophon::registry::auth {

// Printable ASCII without spaces, and at least one of it.
bool fitsIntoAHeader(const QByteArray &text);

struct Token
{
    using Clock = std::chrono::steady_clock; // a wall clock that jumps must not lengthen a token

    base::Secret text;
    Clock::time_point received;
    std::chrono::seconds life{60};
    base::Secret refreshToken; // to get the next one with; for the token service alone. Empty: none was given
    QString granted;           // the scopes it is good for, as far as the answer or the token tells; for words only
    int serial = 0;            // which one it is, so that nobody drops a newer one than he used

    // Counts as expired a little early: the request still has to travel.
    bool isExpired(Clock::time_point now) const;

    // InvalidData where it is no such answer.
    static base::Result<Token> parse(const QByteArray &json, Clock::time_point now);
};

} // namespace colophon::registry::auth
