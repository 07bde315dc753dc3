// SPDX-License-Identifier: Apache-2.0
#include "signing/allforms.h"

#include "signing/cosignattestations.h"
#include "signing/cosignbundle.h"
#include "signing/cosignlegacy.h"
#include "signing/cosignreferrers.h"
#include "signing/forms.h"
#include "signing/notationsigner.h"
#include "signing/notationverifier.h"

#include <QCoreApplication>

namespace colophon::signing {

namespace {
struct Text
{
    Q_DECLARE_TR_FUNCTIONS(signing)
};
} // namespace

base::Result<QStringList> formsMeant(const QStringList &formats)
{
    QStringList forms;
    for (const QString &format : formats.isEmpty() ? QStringList{QStringLiteral("cosign")} : formats) {
        if (format == QLatin1String("cosign"))
            forms += {cosignLegacyForm, cosignBundleForm};
        else if (format == cosignLegacyForm || format == cosignBundleForm || format == notationForm)
            forms += format;
        else
            return base::fail(base::ErrorKind::Usage, Text::tr("Signatures are not written as “%1”.").arg(format));
    }
    forms.removeDuplicates();
    return forms;
}

base::Result<content::Signers> signersFor(const SigningKey &key, const QStringList &forms,
                                          const CertificateChain &chain)
{
    content::Signers signers;
    for (const QString &form : forms) {
        if (form == notationForm) {
            const auto notation = NotationSigner::create(key, chain);
            if (!notation)
                return base::fail(notation.error());
            signers.append(*notation);
        } else if (form == cosignLegacyForm) {
            signers.append(std::make_shared<CosignLegacySigner>(key));
        } else {
            signers.append(std::make_shared<CosignBundleSigner>(key));
        }
    }
    return signers;
}

content::Signers cosignSigners(const SigningKey &key)
{
    return {std::make_shared<CosignLegacySigner>(key), std::make_shared<CosignBundleSigner>(key)};
}

std::shared_ptr<content::Verifier> verifierOf(const Trust &trust, const std::optional<NotationTrust> &notation)
{
    return std::make_shared<content::CombinedVerifier>(QList<std::shared_ptr<content::Verifier>>{
        std::make_shared<CosignLegacyVerifier>(trust), std::make_shared<CosignReferrersVerifier>(trust),
        std::make_shared<NotationVerifier>(notation), std::make_shared<CosignAttestationsVerifier>(trust)});
}

} // namespace colophon::signing
