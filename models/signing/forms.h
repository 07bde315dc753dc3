// SPDX-License-Identifier: Apache-2.0
#pragma once

// The forms in which signatures are kept, by the names that reports, plans and options call them.

#include <QLatin1String>

namespace colophon::signing {

inline constexpr QLatin1String cosignLegacyForm("cosign-legacy");     // under the tag sha256-….sig
inline constexpr QLatin1String cosignReferrerForm("cosign-referrer"); // the same attached by its subject: read only
inline constexpr QLatin1String cosignBundleForm("cosign-bundle");     // sigstore bundle attached by its subject
inline constexpr QLatin1String notationForm("notation");              // the Notary Project's envelope, likewise

} // namespace colophon::signing
