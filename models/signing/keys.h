// SPDX-License-Identifier: Apache-2.0
#pragma once

// Keys that verify and keys that sign. A public key comes from a PEM SubjectPublicKeyInfo. A signing key is a handle on
// a private one, wherever that lives: out of a file (keyfile.h says which), or behind a PrivateKey of another making,
// such as a token or a key service.

#include "base/result.h"
#include "base/secret.h"
#include "base/task.h"
#include "signing/scheme.h"

#include <QByteArray>
#include <QList>
#include <QString>

#include <memory>
#include <stop_token>

namespace colophon::signing {

class PublicKey
{
public:
    // PEM SubjectPublicKeyInfo. `name` is shown with it, e.g. the file's name.
    static base::Result<PublicKey> fromPem(const QByteArray &pem, const QString &name);
    static base::Result<PublicKey> fromFile(const QString &path);
    // DER SubjectPublicKeyInfo, e.g. of a certificate.
    static base::Result<PublicKey> fromDer(const QByteArray &spki, const QString &name);

    QString name() const;
    KeyKind kind() const;
    int bits() const;
    QString algorithm() const;       // "ECDSA P-256", "RSA 2048", "Ed25519"
    QString fingerprint() const;     // SHA-256 of the SubjectPublicKeyInfo, hex
    QString description() const;     // name, algorithm, short fingerprint
    const QByteArray &toDer() const; // SubjectPublicKeyInfo
    QByteArray toPem() const;
    PublicKey withName(const QString &name) const;

    // Whether `signature` is this key's over `message` in one of the ways cosign signs; says with which digest it
    // matched ("SHA-256"). Empty: it is not.
    QString verify(const QByteArray &message, const QByteArray &signature) const;
    // The one way in which this key signs cosign's forms here: SHA-256 (ECDSA: ASN.1 DER; RSA: PKCS#1 v1.5; Ed25519:
    // pure), whatever its curve, because cosign's verifier and containers/image take that without being told.
    SignatureScheme writtenScheme() const;
    // Whether it is in just this way.
    bool verifies(const QByteArray &message, const QByteArray &signature, SignatureScheme scheme) const;

private:
    friend class SigningKey;
    struct Data;
    std::shared_ptr<const Data> m_data;
};

// The seam for keys that are not in a file of ours. May take its time, may be stopped, may fail.
class PrivateKey
{
public:
    virtual ~PrivateKey() = default;
    // ECDSA: ASN.1 DER. The task must not need this object.
    virtual base::Task<base::Result<QByteArray>> sign(QByteArray message, SignatureScheme scheme,
                                                      std::stop_token stop) = 0;
};

class SigningKey
{
public:
    // CheckFailed "Wrong passphrase for k.key."; InvalidData where it is no such key. scrypt takes about 0.1 s and 64
    // MiB.
    static base::Result<SigningKey> fromBytes(const base::Secret &file, const base::Secret &passphrase,
                                              const QString &name);
    static base::Result<SigningKey> fromFile(const QString &path, const base::Secret &passphrase);
    // Whether the file needs a passphrase: reads it and tries the empty one.
    static base::Result<bool> needsPassphrase(const QString &path);
    SigningKey(PublicKey publicKey, std::shared_ptr<PrivateKey> privateKey, QList<QByteArray> certificates = {});

    const PublicKey &publicKey() const { return m_publicKey; }
    QString description() const { return m_publicKey.description(); }
    // The X.509 certificates that came with it, as DER; of a PKCS#12 the key's own first.
    const QList<QByteArray> &certificates() const { return m_certificates; }

    // In the public key's writtenScheme().
    base::Task<base::Result<QByteArray>> sign(QByteArray message, std::stop_token stop) const;
    base::Task<base::Result<QByteArray>> signAs(SignatureScheme scheme, QByteArray message, std::stop_token stop) const;

private:
    PublicKey m_publicKey;
    std::shared_ptr<PrivateKey> m_privateKey;
    QList<QByteArray> m_certificates;
};

} // namespace colophon::signing
