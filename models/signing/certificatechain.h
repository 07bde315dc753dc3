// SPDX-License-Identifier: Apache-2.0
#pragma once

// Certificates as they stand one behind the other in a file or an envelope; in a chain that is right the leaf is first
// and the root last. Whether it is right is asked of certificaterules.h.

#include "signing/certificate.h"

#include <QList>
#include <QStringList>

namespace colophon::signing {

class CertificateChain
{
public:
    CertificateChain() = default;
    explicit CertificateChain(QList<Certificate> certificates)
        : m_certificates(std::move(certificates))
    {
    }

    // All certificates of a PEM text, in its order; other blocks, such as a key, are passed by. InvalidData where there
    // is none or one is damaged, TooLarge beyond limits::certificates.
    static base::Result<CertificateChain> fromPem(const QByteArray &text, const QString &name);
    // PEM files, one behind the other, or files of one certificate in DER.
    static base::Result<CertificateChain> fromFiles(const QStringList &paths);
    // As in an envelope.
    static base::Result<CertificateChain> fromDer(const QList<QByteArray> &certificates, const QString &name);

    bool isEmpty() const { return m_certificates.isEmpty(); }
    const QList<Certificate> &certificates() const { return m_certificates; }
    const Certificate &leaf() const { return m_certificates.constFirst(); } // of one that is not empty
    QByteArray toPem() const;
    // The first, and behind each the one that issued it: what a file that keeps no order, such as a PKCS#12, means by
    // its certificates. Those that are on no way from the first to a root are left out.
    CertificateChain inOrder() const;

    bool operator==(const CertificateChain &) const = default;

private:
    QList<Certificate> m_certificates;
};

} // namespace colophon::signing
