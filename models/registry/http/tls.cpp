// SPDX-License-Identifier: Apache-2.0
#include "registry/http/tls.h"

#include "base/plaintext.h"

#include <QCoreApplication>
#include <QFile>
#include <QSslCertificate>

#include <algorithm>
#include <array>

namespace colophon::registry::http {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(colophon::registry::http::Tls)
};

QString addAuthority()
{
    return Text::tr("If you trust this server, give the certificate of its authority with --ca-file.");
}

using Kinds = std::initializer_list<QSslError::SslError>;

bool isOneOf(const QSslError &error, Kinds kinds)
{
    return std::find(kinds.begin(), kinds.end(), error.error()) != kinds.end();
}

struct Problem
{
    QString message;
    QString hint;
};

// In the order of what matters most.
constexpr Kinds expired{QSslError::CertificateExpired};
constexpr Kinds early{QSslError::CertificateNotYetValid};
constexpr Kinds revoked{QSslError::CertificateRevoked, QSslError::CertificateBlacklisted};
constexpr Kinds otherHost{QSslError::HostNameMismatch};
constexpr Kinds selfSigned{QSslError::SelfSignedCertificate};
constexpr Kinds unknown{QSslError::SelfSignedCertificateInChain, QSslError::UnableToGetLocalIssuerCertificate,
                        QSslError::UnableToGetIssuerCertificate, QSslError::UnableToVerifyFirstCertificate,
                        QSslError::CertificateUntrusted};

constexpr std::array named{expired, early, revoked, otherHost, selfSigned, unknown};

QList<Problem> problemsIn(const QString &shown, const QList<QSslError> &errors)
{
    QList<Problem> found;
    const auto add = [&](Kinds kinds, const QString &message, const QString &hint) {
        if (std::any_of(errors.cbegin(), errors.cend(), [&](const QSslError &each) { return isOneOf(each, kinds); }))
            found.append({message, hint});
    };
    add(expired, Text::tr("The certificate of %1 has expired.").arg(shown),
        Text::tr("Its owner must renew it. Check this computer's clock, too."));
    add(early, Text::tr("The certificate of %1 is not valid yet.").arg(shown),
        Text::tr("Check this computer's clock."));
    add(revoked, Text::tr("The certificate of %1 was revoked.").arg(shown),
        Text::tr("Do not trust this server; ask its owner."));
    add(otherHost, Text::tr("The certificate of %1 is for another host.").arg(shown),
        Text::tr("Check the name of the registry; its owner may use another one."));
    add(selfSigned, Text::tr("The certificate of %1 is self-signed.").arg(shown), addAuthority());
    add(unknown, Text::tr("The certificate of %1 is from an authority this computer does not know.").arg(shown),
        addAuthority());
    for (const QSslError &each : errors) {
        const QString message =
            Text::tr("The certificate of %1 is not valid: %2.").arg(shown, base::visible(each.errorString()));
        const bool isNamed = std::any_of(named.begin(), named.end(), [&](Kinds kinds) { return isOneOf(each, kinds); });
        const bool isSaid =
            std::any_of(found.cbegin(), found.cend(), [&](const Problem &other) { return other.message == message; });
        if (!isNamed && !isSaid)
            found.append({message, addAuthority()});
    }
    return found;
}

} // namespace

base::Result<QSslConfiguration> tlsConfiguration(const QString &caFile)
{
    QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
    configuration.setProtocol(QSsl::TlsV1_2OrLater);
    configuration.setPeerVerifyMode(QSslSocket::VerifyPeer);
    configuration.setAllowedNextProtocols({QByteArrayLiteral("http/1.1")});
    if (caFile.isEmpty())
        return configuration;

    QFile file(caFile);
    if (!file.open(QIODevice::ReadOnly))
        return base::fail(
            base::ErrorKind::Tls,
            Text::tr("The file of authorities %1 cannot be read: %2.").arg(base::visible(caFile), file.errorString()));
    const QList<QSslCertificate> authorities = QSslCertificate::fromDevice(&file, QSsl::Pem);
    if (authorities.isEmpty())
        return base::fail(base::ErrorKind::Tls,
                          Text::tr("The file %1 holds no certificate.").arg(base::visible(caFile)),
                          Text::tr("It must be in PEM form."));
    configuration.setCaCertificates(QSslConfiguration::systemCaCertificates() + authorities);
    return configuration;
}

base::Error tlsError(const QString &host, const QList<QSslError> &errors, const QString &reason)
{
    base::Error error;
    error.kind = base::ErrorKind::Tls;
    const QString shown = base::visible(host);
    if (const QList<Problem> problems = problemsIn(shown, errors); !problems.isEmpty()) {
        error.message = problems.constFirst().message;
        error.hint = problems.constFirst().hint;
    } else {
        error.message = Text::tr("No TLS connection with %1: %2.").arg(shown, base::visible(reason, 300));
        error.hint = Text::tr("If the registry speaks plain http, say so with --plain-http.");
        // OpenSSL's words for an answer that is no TLS at all, such as the "HTTP/1.1 400" of a server without it.
        if (reason.contains(QLatin1String("wrong version number"), Qt::CaseInsensitive))
            error.unencrypted = host;
    }
    return error;
}

QStringList problemsOf(const QString &host, const QList<QSslError> &errors)
{
    QStringList messages;
    for (const Problem &problem : problemsIn(base::visible(host), errors))
        messages.append(problem.message);
    return messages;
}

bool isRevoked(const QList<QSslError> &errors)
{
    return std::any_of(errors.cbegin(), errors.cend(), [](const QSslError &each) { return isOneOf(each, revoked); });
}

bool asksForAClientCertificate(const QString &reason)
{
    return reason.contains(QLatin1String("certificate required"), Qt::CaseInsensitive) ||
           reason.contains(QLatin1String("alert bad certificate"), Qt::CaseInsensitive) ||
           reason.contains(QLatin1String("alert unknown ca"), Qt::CaseInsensitive) ||
           reason.contains(QLatin1String("alert certificate expired"), Qt::CaseInsensitive);
}

base::Error clientCertificateError(const QString &host, bool oneWasShown)
{
    base::Error error;
    error.kind = base::ErrorKind::Tls;
    const QString shown = base::visible(host, 255);
    error.message = oneWasShown ? Text::tr("%1 does not accept our client certificate.").arg(shown)
                                : Text::tr("%1 wants a client certificate, and there is none for it.").arg(shown);
    error.hint = Text::tr("Put the certificate and its key, as client.cert and client.key, into a folder "
                          "certs.d/HOST[:PORT], e.g. in ~/.config/containers.");
    return error;
}

QSslConfiguration withMaterial(QSslConfiguration configuration, const TlsMaterial &material)
{
    if (!material.authorities.isEmpty())
        configuration.setCaCertificates(configuration.caCertificates() + material.authorities);
    if (!material.chain.isEmpty()) {
        configuration.setLocalCertificateChain(material.chain);
        configuration.setPrivateKey(material.key);
    }
    return configuration;
}

} // namespace colophon::registry::http
