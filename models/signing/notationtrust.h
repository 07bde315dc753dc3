// SPDX-License-Identifier: Apache-2.0
#pragma once

// Whom somebody trusts, as notation keeps it: a trust policy document, and trust stores of certificates in
// `<folder>/truststore/x509/ca/<name>/` (notaryproject trust-store-trust-policy).

#include "signing/certificatechain.h"
#include "signing/notationpolicy.h"

#include <QMap>

namespace colophon::signing {

class NotationTrust
{
public:
    // The policy, and every store its statements name; a store that cannot be read matters only to those.
    static base::Result<NotationTrust> read(const QString &folder, const QString &policyFile);

    const NotationPolicy &policy() const { return m_policy; }
    // The certificates of all `ca` stores of a statement. Usage, InvalidData, TooLarge: which store is wrong, and how.
    base::Result<QList<Certificate>> authoritiesOf(const NotationStatement &statement) const;

private:
    NotationPolicy m_policy;
    QMap<QString, base::Result<QList<Certificate>>> m_stores;
};

} // namespace colophon::signing
