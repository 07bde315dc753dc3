// SPDX-License-Identifier: Apache-2.0
#include "base/plaintext.h"
#include "signing/cosignreferrers.h"
#include "signing/payload.h"
#include "signing/sigstorebundle.h"
#include "signing/statement.h"

#include <QCoreApplication>

namespace colophon::signing {

namespace {
using content::SignatureCheck;

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(signing)
};

// Pure: everything that follows once the blob is there.
StatementCheck judged(const SignatureCheck &check, const QByteArray &bytes, const Expected &expected)
{
    const base::Result<SigstoreBundle> bundle = SigstoreBundle::read(bytes);
    if (!bundle)
        return {failed(check, bundle.error().message)};
    return checkStatement(check, bundle->envelope, bundle->certificates, bundle->hint, expected);
}
} // namespace

void CosignReferrer::take(StatementCheck found, const QString &predicateType)
{
    if (found.predicateType.isEmpty()) {
        found.predicateType = predicateType;
        found.isSignature = predicateType.isEmpty() || predicateType == cosignSignPredicate;
    }
    if (found.isSignature)
        signatures.append(found.check);
    else
        attestations.append(found.asAttestation());
}

base::Task<base::Result<CosignReferrer>> checkBundle(oci::Descriptor layer, QString predicateType, Expected expected,
                                                     content::TargetPtr target, std::stop_token stop)
{
    CosignReferrer found;
    SignatureCheck check;
    check.form = cosignBundleForm;
    check.digest = layer.digest;
    if (!isReadSigstoreBundle(layer.mediaType)) {
        check.lack = SignatureCheck::Lack::Reader;
        check.reason = Text::tr("Not checked: bundles of type “%1” are not read.")
                           .arg(base::visible(layer.mediaType.toString(), 200));
        found.take({check}, predicateType);
        co_return found;
    }
    const base::Result<QByteArray> payload = co_await fetchPayload(target, layer, Text::tr("The payload"), stop);
    if (!payload && !isAboutContent(payload.error().kind))
        co_return base::fail(payload.error());
    found.take(payload ? judged(check, *payload, expected) : StatementCheck{failed(check, payload.error().message)},
               predicateType);
    co_return found;
}

} // namespace colophon::signing
