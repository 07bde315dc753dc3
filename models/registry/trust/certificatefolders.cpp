// SPDX-License-Identifier: Apache-2.0
#include "registry/trust/certificatefolders.h"

#include "base/limits.h"
#include "base/plaintext.h"
#include "content/certificates.h"
#include "registry/words.h"

#include <QDir>
#include <QFile>
#include <QSslCertificate>

namespace colophon::registry::trust {

namespace {

auto unusable(const QString &message, const QString &hint = {})
{
    return base::fail(base::ErrorKind::Tls, message, hint);
}

base::Result<QByteArray> contentOf(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return unusable(Words::tr("%1 cannot be read: %2.").arg(base::visible(path), file.errorString()));
    return file.read(base::limits::keyFile);
}

base::Result<QList<QSslCertificate>> certificatesIn(const QString &path)
{
    const auto text = contentOf(path);
    if (!text)
        return base::fail(text.error());
    QList<QSslCertificate> certificates = QSslCertificate::fromData(*text, QSsl::Pem);
    if (certificates.isEmpty())
        return unusable(Words::tr("%1 holds no certificate.").arg(base::visible(path)),
                        Words::tr("It must be in PEM form."));
    return certificates;
}

base::Result<QSslKey> keyIn(const QString &path)
{
    auto text = contentOf(path);
    if (!text)
        return base::fail(text.error());
    for (const QSsl::KeyAlgorithm algorithm : {QSsl::Ec, QSsl::Rsa, QSsl::Dsa}) {
        QSslKey key(*text, algorithm);
        if (!key.isNull()) {
            text->fill('\0');
            return key;
        }
    }
    text->fill('\0');
    return unusable(Words::tr("%1 holds no private key that can be used.").arg(base::visible(path)),
                    Words::tr("It must be in PEM form and without a passphrase."));
}

} // namespace

QStringList CertificateFolders::standard()
{
    const QString home = QDir::homePath();
    return {home + QStringLiteral("/.config/containers/certs.d"), QStringLiteral("/etc/containers/certs.d"),
            home + QStringLiteral("/.config/docker/certs.d"), QStringLiteral("/etc/docker/certs.d")};
}

CertificateFolders::CertificateFolders(QStringList folders)
    : m_folders(std::move(folders))
{
}

base::Result<http::TlsMaterial> CertificateFolders::read(const QString &name) const
{
    http::TlsMaterial material;
    // The name becomes a folder's: it must be one, and not the way to another.
    if (name.isEmpty() || name.contains(u'/') || name.startsWith(u'.'))
        return material;
    for (const QString &folder : m_folders) {
        const QDir directory(folder + u'/' + name);
        if (!directory.exists())
            continue;
        // A folder that cannot be read is as one that holds nothing.
        const QStringList files = directory.entryList(QDir::Files, QDir::Name);
        for (const QString &file : files) {
            const QString path = directory.filePath(file);
            const QString stem = path.left(path.lastIndexOf(u'.'));
            if (file.endsWith(QLatin1String(".crt"))) {
                const auto authorities = certificatesIn(path);
                if (!authorities)
                    return base::fail(authorities.error());
                material.authorities += *authorities;
            } else if (file.endsWith(QLatin1String(".cert"))) {
                if (!QFile::exists(stem + QStringLiteral(".key")))
                    return unusable(Words::tr("The key %1 of the client certificate %2 is missing.")
                                        .arg(base::visible(stem + QStringLiteral(".key")), base::visible(path)),
                                    Words::tr("The certificate of an authority must be called *.crt."));
                const auto chain = certificatesIn(path);
                if (!chain)
                    return base::fail(chain.error());
                const auto key = keyIn(stem + QStringLiteral(".key"));
                if (!key)
                    return base::fail(key.error());
                material.chain = *chain; // the last one counts, as elsewhere one has one
                material.key = *key;
            } else if (file.endsWith(QLatin1String(".key")) && !QFile::exists(stem + QStringLiteral(".cert"))) {
                return unusable(Words::tr("The client certificate %1 of the key %2 is missing.")
                                    .arg(base::visible(stem + QStringLiteral(".cert")), base::visible(path)));
            }
        }
        return material;
    }
    return material;
}

base::Result<http::TlsMaterialPtr> CertificateFolders::ofRegistry(const QString &name)
{
    if (m_folders.isEmpty())
        return http::TlsMaterialPtr();
    if (const auto known = m_known.constFind(name); known != m_known.cend())
        return *known;
    auto material = read(name);
    if (!material)
        return base::fail(material.error());
    http::TlsMaterialPtr found;
    if (!material->authorities.isEmpty() || !material->chain.isEmpty())
        found = std::make_shared<http::TlsMaterial>(std::move(*material));
    m_known.insert(name, found);
    return found;
}

base::Result<http::TlsMaterialPtr> CertificateFolders::ofPlace(const QString &host, int port, const QString &namedBy)
{
    if (m_folders.isEmpty())
        return http::TlsMaterialPtr();
    const QString server = content::serverName(host, port);
    const QString key = namedBy + u' ' + server;
    if (const auto known = m_known.constFind(key); known != m_known.cend())
        return *known;
    QStringList names{namedBy, server};
    if (port == 443)
        names.append(server.chopped(4));
    auto merged = std::make_shared<http::TlsMaterial>();
    for (const QString &name : std::as_const(names)) {
        const auto material = ofRegistry(name);
        if (!material)
            return base::fail(material.error());
        if (*material)
            merged->authorities += (*material)->authorities;
    }
    http::TlsMaterialPtr found = merged->authorities.isEmpty() ? nullptr : merged;
    m_known.insert(key, found);
    return found;
}

} // namespace colophon::registry::trust
