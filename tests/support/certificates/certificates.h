// SPDX-License-Identifier: Apache-2.0
#pragma once

// Certificates for signing, and every way in which they can be wrong: made with fresh keys while a test runs.

#include <QByteArray>
#include <QList>
#include <QPair>
#include <QString>

#include <memory>

namespace colophon::test {

// What a certificate shall say; as it stands it is a good one to sign code with.
struct CertificateWish
{
    // Type and value, from the most general on.
    QList<QPair<QByteArray, QByteArray>> subject = {{"C", "US"}, {"ST", "WA"}, {"O", "Notary"}, {"CN", "leaf"}};
    QByteArray key = "P-256";                          // or P-384, P-521, P-224, ED25519, RSA-2048 …
    QByteArray keyUsage = "critical,digitalSignature"; // as OpenSSL's configuration says it; empty: none
    QByteArray purposes = "codeSigning";
    QByteArray constraints = "critical,CA:FALSE";
    QByteArray names = {};                          // "email:…,URI:…"
    QList<QPair<QByteArray, QByteArray>> more = {}; // dotted OID, and "critical,DER:…", "ASN1:UTF8String:…"
    int version = 3;
    QByteArray hash = "SHA256";
    qint64 from = -3600;               // seconds from now
    qint64 until = qint64(30) * 86400; // seconds from now

    CertificateWish named(const QByteArray &commonName) const;
    static CertificateWish authority(const QByteArray &commonName);
};

struct MadeCertificate
{
    QByteArray der;
    QByteArray pem;
    QByteArray keyPem; // PKCS#8, not encrypted

    struct Secret;
    std::shared_ptr<const Secret> secret;
};

// Issued by `issuer`, or self-signed.
MadeCertificate makeCertificate(const CertificateWish &wish, const MadeCertificate *issuer = nullptr);

// A PKCS#12 of the key with its certificate, and these others.
QByteArray pkcs12Of(const MadeCertificate &leaf, const QList<MadeCertificate> &others, const QByteArray &passphrase);

} // namespace colophon::test
