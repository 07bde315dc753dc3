// SPDX-License-Identifier: Apache-2.0
#pragma once

// Distinguished names as a trust policy compares them (RFC 4514; notaryproject trust-store-trust-policy, "Trusted
// Identities Constraints"): each attribute once, in any order.

#include "signing/certificate.h"

#include <QMap>

namespace colophon::signing {

// Type in upper case, e.g. ST (which may be written S), and value.
using NameMap = QMap<QString, QString>;

// InvalidData in a sentence: it is no such text, an attribute occurs twice or shares its place with another.
base::Result<NameMap> parseName(const QString &text);
base::Result<NameMap> nameMapOf(const QList<NameAttribute> &attributes);

// Whether everything that `part` says stands in `whole` as well.
bool isPartOf(const NameMap &part, const NameMap &whole);

} // namespace colophon::signing
