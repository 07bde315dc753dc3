// SPDX-License-Identifier: Apache-2.0
#include "signing/notationtrust.h"

#include "base/limits.h"
#include "base/plaintext.h"
#include "signing/smallfile.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>

namespace colophon::signing {

namespace {
namespace limits = base::limits;

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(signing)
};

QString shown(const QString &text) { return base::visible(text, 300); }

base::Result<QList<Certificate>> readStore(const QString &path)
{
    const QFileInfo folder(path);
    if (!folder.isDir() || folder.isSymLink())
        return base::fail(base::ErrorKind::Usage, Text::tr("There is no trust store %1.").arg(shown(path)),
                          Text::tr("The folder to name is the one that has truststore/x509/ca in it."));
    QList<Certificate> all;
    const QFileInfoList files =
        QDir(path).entryInfoList({QStringLiteral("*.crt"), QStringLiteral("*.pem"), QStringLiteral("*.cer")},
                                 QDir::AllEntries | QDir::NoDotAndDotDot | QDir::System, QDir::Name);
    for (const QFileInfo &file : files) {
        if (!file.isFile() || file.isSymLink())
            return base::fail(base::ErrorKind::InvalidData,
                              Text::tr("%1 in a trust store is not a plain file.").arg(shown(file.filePath())));
        const base::Result<CertificateChain> some = CertificateChain::fromFiles({file.filePath()});
        if (!some)
            return base::fail(some.error());
        for (const Certificate &each : some->certificates()) {
            if (!each.use().isAuthority && !each.isSelfSigned())
                return base::fail(base::ErrorKind::InvalidData,
                                  Text::tr("%1 in a trust store is neither a CA nor self-signed: “%2”.")
                                      .arg(shown(file.filePath()), shown(each.subject())));
            all.append(each);
        }
        if (all.size() > limits::certificates)
            return base::fail(base::ErrorKind::TooLarge,
                              Text::tr("There are more than %1 certificates in the trust store %2.")
                                  .arg(limits::certificates)
                                  .arg(shown(path)));
    }
    if (all.isEmpty())
        return base::fail(base::ErrorKind::InvalidData,
                          Text::tr("There is no certificate in the trust store %1.").arg(shown(path)),
                          Text::tr("Put one there in a file that ends in .crt, .pem or .cer."));
    return all;
}
} // namespace

base::Result<NotationTrust> NotationTrust::read(const QString &folder, const QString &policyFile)
{
    const base::Result<QByteArray> json = readSmallFile(policyFile, limits::trustPolicy);
    if (!json)
        return base::fail(json.error());
    base::Result<NotationPolicy> policy = NotationPolicy::parse(*json, QFileInfo(policyFile).fileName());
    if (!policy)
        return base::fail(policy.error());
    NotationTrust trust;
    trust.m_policy = std::move(*policy);
    for (const NotationStatement &statement : trust.m_policy.statements())
        for (const QString &name : statement.authorities)
            if (!trust.m_stores.contains(name))
                trust.m_stores.insert(name,
                                      readStore(QDir(folder).filePath(QStringLiteral("truststore/x509/ca/") + name)));
    return trust;
}

base::Result<QList<Certificate>> NotationTrust::authoritiesOf(const NotationStatement &statement) const
{
    QList<Certificate> all;
    for (const QString &name : statement.authorities) {
        const auto store = m_stores.constFind(name);
        if (store == m_stores.cend())
            continue;
        if (!*store)
            return base::fail(store->error());
        all += **store;
    }
    return all;
}

} // namespace colophon::signing
