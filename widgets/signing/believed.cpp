// SPDX-License-Identifier: Apache-2.0
#include "widgets/signing/believed.h"

namespace colophon::widgets {

base::Result<QList<signing::Certificate>> rootsIn(const QStringList &files)
{
    if (files.isEmpty())
        return QList<signing::Certificate>();
    const auto chain = signing::CertificateChain::fromFiles(files);
    if (!chain)
        return base::fail(chain.error());
    return chain->certificates();
}

base::Result<std::optional<signing::NotationTrust>> notationTrustOf(const session::Settings::SignatureTrust &trust)
{
    if (trust.trustPolicy.isEmpty())
        return std::optional<signing::NotationTrust>();
    auto read = signing::NotationTrust::read(trust.trustStore, trust.trustPolicy);
    if (!read)
        return base::fail(read.error());
    return std::optional(std::move(*read));
}

} // namespace colophon::widgets
