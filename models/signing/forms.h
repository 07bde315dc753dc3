// SPDX-License-Identifier: Apache-2.0
#pragma once

// The forms in which signatures are kept, by the names that reports, plans and options call them.

#include <QLatin1String>
#include <QString>

namespace colophon::signing {

inline constexpr QLatin1String cosignLegacyForm("cosign-legacy");     // under the tag sha256-….sig
inline constexpr QLatin1String cosignReferrerForm("cosign-referrer"); // the same attached by its subject: read only
inline constexpr QLatin1String cosignBundleForm("cosign-bundle");     // sigstore bundle attached by its subject
inline constexpr QLatin1String notationForm("notation");              // the Notary Project's envelope, likewise
inline constexpr QLatin1String attestationForm("dsse");               // signed statements under the tag sha256-….att

// Whether what a signature of this form signs is the digest alone, so that it is as good in any other repository.
inline bool signsDigestAlone(const QString &form) { return form == cosignBundleForm || form == notationForm; }
QString digestAloneInWords(); // what that means, in a sentence

} // namespace colophon::signing
