// SPDX-License-Identifier: Apache-2.0
#include "registry/auth/foundcredential.h"

#include "registry/words.h"

namespace colophon::registry::auth {

QString FoundCredential::words() const { return key.isEmpty() ? source : Words::tr("%1 for %2").arg(source, key); }

bool FoundCredential::isSameAs(const FoundCredential &other) const
{
    return user == other.user && source == other.source && key == other.key &&
           password.reveal() == other.password.reveal() && identityToken.reveal() == other.identityToken.reveal() &&
           registryToken.reveal() == other.registryToken.reveal();
}

} // namespace colophon::registry::auth
