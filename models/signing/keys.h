// SPDX-License-Identifier: Apache-2.0
#pragma once

// Keys that sign and keys that verify. A private key comes from a cosign key file (PEM "ENCRYPTED SIGSTORE/COSIGN
// PRIVATE KEY": scrypt + NaCl secretbox around PKCS#8); a public one from a PEM SubjectPublicKeyInfo.

#include "base/result.h"
#include "base/secret.h"

#include <QByteArray>
#include <QString>

#include <memory>

namespace colophon::signing {

class PublicKey
{
public:
    // PEM SubjectPublicKeyInfo. `name` is shown with it, e.g. the file's name.
    static base::Result<PublicKey> fromPem(const QByteArray &pem, const QString &name);
    static base::Result<PublicKey> fromFile(const QString &path);

    QString name() const;
    QString algorithm() const;   // "ECDSA P-256", "RSA 2048", "Ed25519"
    QString fingerprint() const; // SHA-256 of the SubjectPublicKeyInfo, hex
    QString description() const; // name, algorithm, short fingerprint
    QByteArray toPem() const;

    // Whether `signature` is this key's over `message`; says with which digest it matched ("SHA-256"). Empty: it is
    // not.
    QString verify(const QByteArray &message, const QByteArray &signature) const;

private:
    friend class SigningKey;
    struct Data;
    std::shared_ptr<const Data> m_data;
};

class SigningKey
{
public:
    // CheckFailed "Wrong passphrase for k.key."; InvalidData where it is no such key. scrypt takes about 0.1 s and 64
    // MiB.
    static base::Result<SigningKey> fromPem(const QByteArray &pem, const base::Secret &passphrase, const QString &name);
    static base::Result<SigningKey> fromFile(const QString &path, const base::Secret &passphrase);
    // Whether the file needs a passphrase: reads it and tries the empty one.
    static base::Result<bool> needsPassphrase(const QString &path);

    PublicKey publicKey() const;
    QString description() const;
    // Signs with SHA-256 (ECDSA: ASN.1 DER; RSA: PKCS#1 v1.5; Ed25519: pure).
    base::Result<QByteArray> sign(const QByteArray &message) const;

private:
    struct Data;
    std::shared_ptr<const Data> m_data;
};

} // namespace colophon::signing
