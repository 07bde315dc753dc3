// SPDX-License-Identifier: Apache-2.0
#include "base/plaintext.h"
#include "signing/cosignreferrers.h"
#include "signing/payload.h"
#include "signing/sigstorebundle.h"
#include "signing/statementcheck.h"

#include <QCoreApplication>

namespace colophon::signing {

namespace {
using content::SignatureCheck;

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(signing)
};

// Pure: everything that follows once the blob is there.
CosignReferrer judged(const SignatureCheck &check, const QByteArray &bytes, const Expected &expected)
{
    const base::Result<SigstoreBundle> bundle = SigstoreBundle::read(bytes);
    if (!bundle)
        return {{}, {failed(check, bundle.error().message)}, {}};
    const StatementCheck made = checkStatement(check, bundle->envelope, bundle->certificates, bundle->hint, expected);
    if (made.isSignature)
        return {{}, {made.check}, {}};
    return {{}, {}, {made.asAttestation()}};
}
} // namespace

base::Task<base::Result<CosignReferrer>> checkBundle(oci::Descriptor layer, Expected expected,
                                                     content::TargetPtr target, std::stop_token stop)
{
    SignatureCheck check;
    check.form = cosignBundleForm;
    check.digest = layer.digest;
    if (!isReadSigstoreBundle(layer.mediaType)) {
        check.lack = SignatureCheck::Lack::Reader;
        check.reason = Text::tr("Not checked: bundles of type “%1” are not read.")
                           .arg(base::visible(layer.mediaType.toString(), 200));
        CosignReferrer unread{{}, {check}, {}};
        co_return unread;
    }
    const base::Result<QByteArray> payload = co_await fetchPayload(target, layer, Text::tr("The payload"), stop);
    if (!payload && !isAboutContent(payload.error().kind))
        co_return base::fail(payload.error());
    CosignReferrer found;
    if (payload)
        found = judged(check, *payload, expected);
    else
        found.signatures.append(failed(check, payload.error().message));
    co_return found;
}

} // namespace colophon::signing
