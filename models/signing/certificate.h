// SPDX-License-Identifier: Apache-2.0
#pragma once

// One X.509 certificate (RFC 5280) as it came, and what it says: whose it is, when it is valid, what it may be used
// for. Reading one trusts it in nothing; see certificaterules.h and certificatepath.h.

#include "base/result.h"
#include "signing/keys.h"

#include <QByteArray>
#include <QDateTime>
#include <QList>
#include <QString>
#include <QStringList>

#include <memory>
#include <optional>

typedef struct x509_st X509; // OpenSSL's; as its own header says it

namespace colophon::signing {

// Who a certificate is for. Texts from outside, not made visible yet.
struct CertificateIdentity
{
    QString subject;    // RFC 4514: most special first, "CN=signer,O=Acme,ST=WA,C=US"; may be empty
    QStringList names;  // subject alternative names: mail addresses, URIs, host names, Fulcio's user names
    QString oidcIssuer; // who vouched for them to Fulcio (1.3.6.1.4.1.57264.1.8, else .1.1); empty: not from there

    QString shortForm() const; // the first of the names, else the subject
    bool operator==(const CertificateIdentity &) const = default;
};

// One attribute of a name, e.g. ST and WA.
struct NameAttribute
{
    QString type; // OpenSSL's short name, else the dotted OID
    QString value;
    bool isAlone = true; // false: several attributes make up one relative name
    bool operator==(const NameAttribute &) const = default;
};

// What it may be used for, as its extensions say.
struct CertificateUse
{
    std::optional<quint32> keyUsage; // OpenSSL's KU_ bits; nothing: the extension is absent
    bool isKeyUsageCritical = false;
    QStringList purposes; // extended key usage as dotted OIDs; empty: the extension is absent
    bool isAuthority = false;
    bool areConstraintsCritical = false; // the basic constraints, where they are there
    std::optional<qint64> pathLength;    // authorities allowed below this one
    QStringList unknownCritical;         // critical extensions that are not understood, dotted OIDs
    bool namesRevocation = false;        // says where to ask whether it was revoked: a CRL's place or an OCSP server
};

class Certificate
{
public:
    // Exactly one certificate in DER, nothing behind it. `name` says in errors where it came from.
    static base::Result<Certificate> fromDer(const QByteArray &der, const QString &name);

    const QByteArray &der() const;
    QString thumbprint() const; // SHA-256 of the DER, lower-case hex
    int version() const;        // 1, 2 or 3
    const CertificateIdentity &identity() const;
    QString subject() const { return identity().subject; }
    QString issuer() const; // RFC 4514
    // Whether this is one of its names, letter by letter. Where it has none of those its subject is meant; and where it
    // has no alternative names at all (RFC 6125 6.4.4) the one common name in that, unless it could be a mail address
    // or a URI.
    bool names(const QString &identity) const;
    const QList<NameAttribute> &subjectAttributes() const;
    QDateTime validFrom() const;  // UTC
    QDateTime validUntil() const; // UTC, the last second included
    const CertificateUse &use() const;
    QString signatureHash() const; // OpenSSL's name of the hash its issuer signed with: "SHA256", "SHA1"; may be empty

    // The key in it; InvalidData where it is of a kind that is not used.
    base::Result<PublicKey> publicKey() const;
    // Whether that certificate's key signed this one, and its name is this one's issuer.
    bool isIssuedBy(const Certificate &issuer) const;
    bool isSelfSigned() const { return isIssuedBy(*this); }

    X509 *handle() const; // for this module; to be read only

    bool operator==(const Certificate &other) const { return der() == other.der(); }

private:
    struct Data;
    std::shared_ptr<const Data> m_data;
};

} // namespace colophon::signing
