// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a person is shown of a server's certificate that nobody vouches for, and what they say to it: this one, by its
// fingerprint, on this host and port, and nothing else.

#include "oci/digest.h"

#include <QDateTime>
#include <QStringList>

namespace colophon::content {

struct CertificateException
{
    QString host; // lower case, without brackets
    int port = 443;
    oci::Digest fingerprint; // SHA-256 of the certificate in DER form

    // "host[:port]=SHA256:…"; Usage says what is missing.
    static base::Result<CertificateException> parse(const QString &text);
    QString server() const;   // "host:port", an IPv6 address in brackets
    QString toString() const; // as parse() reads it
    bool operator==(const CertificateException &) const = default;
};

struct ServerCertificate
{
    CertificateException exception; // what accepting it would be
    QString subject;
    QString issuer;
    QStringList names; // hosts it is for
    QDateTime validFrom;
    QDateTime validUntil;
    QStringList problems;      // why it is not trusted, a sentence each
    oci::Digest expected = {}; // another one was accepted for this server before; null: none was
    bool canBeAccepted = true; // false: it was revoked
};

// "SHA256:12:AB:…", as other programs write it, and back from any way they write it: with or without the word and the
// colons, in either case. Usage where it is none.
QString fingerprintText(const oci::Digest &fingerprint);
base::Result<oci::Digest> fingerprintIn(const QString &text);

// "host:port" of a server, an IPv6 address in brackets.
QString serverName(const QString &host, int port);

} // namespace colophon::content
