// SPDX-License-Identifier: Apache-2.0
#pragma once

// One way to sign in to a registry, and where it came from. Which tool wrote it where decides what it is: a password, a
// refresh token for the token service ("identity token"), or a bearer token to be used as it is ("registry token").

#include "base/secret.h"

#include <QString>

namespace colophon::registry::auth {

struct FoundCredential
{
    QString user;
    base::Secret password;
    base::Secret identityToken;
    base::Secret registryToken;
    QString source;   // in words: "given by hand", "from ~/.docker/config.json via helper secretservice"
    QString key = {}; // the entry it stands under there; empty where there is no such thing

    // Nothing in it to sign in with: the mark that a helper left in the file.
    bool isEmpty() const { return password.isEmpty() && identityToken.isEmpty() && registryToken.isEmpty(); }
    // "from ~/.docker/config.json for registry.example/vendor"
    QString words() const;
    // Whether it is the same entry of the same source, so that what was got for one can be used for the other.
    bool isSameAs(const FoundCredential &other) const;
};

} // namespace colophon::registry::auth
