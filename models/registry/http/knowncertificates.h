// SPDX-License-Identifier: Apache-2.0
#pragma once

// The certificates a person has accepted, each for one host and port, and those that were refused last, for a person to
// look at. For a server with an accepted certificate that one counts and no other, whoever vouches for it: a
// certificate that changed is refused and said.

#include "content/certificates.h"

#include <QHash>
#include <QSslCertificate>
#include <QSslError>

#include <optional>

namespace colophon::registry::http {

class KnownCertificates
{
public:
    void accept(const content::CertificateException &exception);
    void forget(const content::CertificateException &exception);

    enum class Verdict {
        Verified, // by an authority; nothing else was asked for
        Accepted, // by a person, whatever is wrong with it
        Refused,
        Changed, // not the one that was accepted
    };
    // `errors` is what verifying it complained of.
    Verdict judge(const QString &host, int port, const QSslCertificate &leaf, const QList<QSslError> &errors) const;

    // Kept until the next one of this server, with the one that was expected, if any.
    void noteRefused(const content::ServerCertificate &certificate);
    std::optional<content::ServerCertificate> refused(const QString &server) const;

private:
    QHash<QString, QList<oci::Digest>> m_accepted; // by serverName()
    QHash<QString, content::ServerCertificate> m_refused;
};

// What there is to show of it.
content::ServerCertificate describe(const QString &host, int port, const QSslCertificate &leaf,
                                    const QList<QSslError> &errors);

} // namespace colophon::registry::http
