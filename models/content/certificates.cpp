// SPDX-License-Identifier: Apache-2.0
#include "content/certificates.h"

#include "base/plaintext.h"

#include <QCoreApplication>
#include <QUrl>

namespace colophon::content {

namespace {
struct Text
{
    Q_DECLARE_TR_FUNCTIONS(Certificates)
};
} // namespace

base::Result<CertificateException> CertificateException::parse(const QString &text)
{
    const qsizetype equals = text.indexOf(u'=');
    const QUrl url(QStringLiteral("https://") + text.left(std::max<qsizetype>(0, equals)), QUrl::StrictMode);
    const bool isHost = url.isValid() && !url.host().isEmpty() && url.userInfo().isEmpty() && url.path().isEmpty() &&
                        !url.hasQuery() && !url.hasFragment();
    if (equals < 0 || !isHost)
        return base::fail(base::ErrorKind::Usage,
                          Text::tr("“%1” names no host and fingerprint.").arg(base::visible(text, 300)),
                          Text::tr("Write HOST=SHA256:… or HOST:PORT=SHA256:…."));
    auto fingerprint = fingerprintIn(text.mid(equals + 1));
    if (!fingerprint)
        return base::fail(fingerprint.error());
    return CertificateException{url.host(QUrl::FullyEncoded).toLower(), url.port(443), *fingerprint};
}

QString serverName(const QString &host, int port)
{
    return (host.contains(u':') ? QStringLiteral("[%1]:%2") : QStringLiteral("%1:%2")).arg(host).arg(port);
}

QString CertificateException::server() const { return serverName(host, port); }

QString CertificateException::toString() const { return server() + u'=' + fingerprintText(fingerprint); }

QString fingerprintText(const oci::Digest &fingerprint)
{
    if (fingerprint.isNull())
        return {};
    QStringList pairs;
    const QString hex = fingerprint.hex().toUpper();
    for (qsizetype i = 0; i < hex.size(); i += 2)
        pairs.append(hex.mid(i, 2));
    return QStringLiteral("SHA256:") + pairs.join(u':');
}

base::Result<oci::Digest> fingerprintIn(const QString &text)
{
    QString hex = text.trimmed().toLower();
    if (hex.startsWith(QLatin1String("sha256:")))
        hex = hex.mid(7);
    hex.remove(u':');
    auto fingerprint = oci::Digest::parse(QString(QStringLiteral("sha256:") + hex));
    if (!fingerprint)
        return base::fail(base::ErrorKind::Usage,
                          Text::tr("“%1” is no SHA-256 fingerprint.").arg(base::visible(text, 160)),
                          Text::tr("Write SHA256: and 64 hexadecimal digits, as "
                                   "`openssl x509 -noout -fingerprint -sha256` prints them."));
    return fingerprint;
}

} // namespace colophon::content
