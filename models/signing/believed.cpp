// SPDX-License-Identifier: Apache-2.0
#include "signing/believed.h"

#include "signing/certificatechain.h"

namespace colophon::signing {

base::Result<QList<PublicKey>> keysIn(const QStringList &files)
{
    QList<PublicKey> keys;
    for (const QString &file : files) {
        auto key = PublicKey::fromFile(file);
        if (!key)
            return base::fail(key.error());
        keys.append(std::move(*key));
    }
    return keys;
}

base::Result<QList<Certificate>> rootsIn(const QStringList &files)
{
    if (files.isEmpty())
        return QList<Certificate>();
    const auto chain = CertificateChain::fromFiles(files);
    if (!chain)
        return base::fail(chain.error());
    return chain->certificates();
}

base::Result<std::optional<NotationTrust>> notationTrustIn(const QString &storeFolder, const QString &policyFile)
{
    if (policyFile.isEmpty())
        return std::optional<NotationTrust>();
    auto read = NotationTrust::read(storeFolder, policyFile);
    if (!read)
        return base::fail(read.error());
    return std::optional(std::move(*read));
}

} // namespace colophon::signing
