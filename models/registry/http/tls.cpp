// SPDX-License-Identifier: Apache-2.0
#include "registry/http/tls.h"

#include "base/plaintext.h"

#include <QCoreApplication>
#include <QFile>
#include <QSslCertificate>

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
    const auto has = [&errors](std::initializer_list<QSslError::SslError> kinds) {
        return std::any_of(errors.cbegin(), errors.cend(), [kinds](const QSslError &each) {
            return std::find(kinds.begin(), kinds.end(), each.error()) != kinds.end();
        });
    };
    if (has({QSslError::CertificateExpired})) {
        error.message = Text::tr("The certificate of %1 has expired.").arg(shown);
        error.hint = Text::tr("Its owner must renew it. Check this computer's clock, too.");
    } else if (has({QSslError::CertificateNotYetValid})) {
        error.message = Text::tr("The certificate of %1 is not valid yet.").arg(shown);
        error.hint = Text::tr("Check this computer's clock.");
    } else if (has({QSslError::CertificateRevoked, QSslError::CertificateBlacklisted})) {
        error.message = Text::tr("The certificate of %1 was revoked.").arg(shown);
        error.hint = Text::tr("Do not trust this server; ask its owner.");
    } else if (has({QSslError::HostNameMismatch})) {
        error.message = Text::tr("The certificate of %1 is for another host.").arg(shown);
        error.hint = Text::tr("Check the name of the registry; its owner may use another one.");
    } else if (has({QSslError::SelfSignedCertificate})) {
        error.message = Text::tr("The certificate of %1 is self-signed.").arg(shown);
        error.hint = addAuthority();
    } else if (has({QSslError::SelfSignedCertificateInChain, QSslError::UnableToGetLocalIssuerCertificate,
                    QSslError::UnableToGetIssuerCertificate, QSslError::UnableToVerifyFirstCertificate,
                    QSslError::CertificateUntrusted})) {
        error.message = Text::tr("The certificate of %1 is from an authority this computer does not know.").arg(shown);
        error.hint = addAuthority();
    } else if (!errors.isEmpty()) {
        error.message =
            Text::tr("The certificate of %1 is not valid: %2.").arg(shown, base::visible(errors.first().errorString()));
        error.hint = addAuthority();
    } else {
        error.message = Text::tr("No TLS connection with %1: %2.").arg(shown, base::visible(reason, 300));
        error.hint = Text::tr("If the registry speaks plain http, say so with --plain-http.");
    }
    return error;
}

} // namespace colophon::registry::http
