// SPDX-License-Identifier: Apache-2.0
#include "signing/cosign.h"

#include "signing/cosignbundle.h"
#include "signing/cosignlegacy.h"
#include "signing/cosignreferrers.h"

#include "signing/forms.h"

#include <QCoreApplication>

namespace colophon::signing {

namespace {
struct Text
{
    Q_DECLARE_TR_FUNCTIONS(signing)
};
} // namespace

base::Result<QStringList> signatureForms(const QStringList &formats)
{
    QStringList forms;
    for (const QString &format : formats.isEmpty() ? QStringList{QStringLiteral("cosign")} : formats) {
        if (format == QLatin1String("cosign"))
            forms += {cosignLegacyForm, cosignBundleForm};
        else if (format == cosignLegacyForm || format == cosignBundleForm)
            forms += format;
        else
            return base::fail(base::ErrorKind::Usage, Text::tr("Signatures are not written as “%1”.").arg(format));
    }
    forms.removeDuplicates();
    return forms;
}

std::shared_ptr<content::Signer> cosignSigner(const QString &form, const SigningKey &key)
{
    if (form == cosignLegacyForm)
        return std::make_shared<CosignLegacySigner>(key);
    return std::make_shared<CosignBundleSigner>(key);
}

content::Signers cosignSigners(const SigningKey &key)
{
    return {cosignSigner(cosignLegacyForm, key), cosignSigner(cosignBundleForm, key)};
}

QList<std::shared_ptr<content::Verifier>> cosignVerifiers(const Trust &trust)
{
    return {std::make_shared<CosignLegacyVerifier>(trust), std::make_shared<CosignReferrersVerifier>(trust)};
}

} // namespace colophon::signing
