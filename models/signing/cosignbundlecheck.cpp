// SPDX-License-Identifier: Apache-2.0
#include "base/plaintext.h"
#include "signing/cosignreferrers.h"
#include "signing/payload.h"
#include "signing/sigstorebundle.h"
#include "signing/statement.h"

#include <QCoreApplication>

namespace colophon::signing {

namespace {
using content::AttestationCheck;
using content::SignatureCheck;
using Verdict = content::CheckVerdict;

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(signing)
};

QString shown(const QString &outside) { return base::visible(outside, 200); }

// What the statement claims, once it is known who makes the claim.
SignatureCheck claimed(SignatureCheck check, const Statement &statement, const oci::Descriptor &subject)
{
    if (!statement.subjects.contains(subject.digest))
        return failed(check, statement.subjects.isEmpty()
                                 ? Text::tr("It does not say what it signs.")
                                 : Text::tr("It signs another image: %1.").arg(check.subject.toString()));
    if (check.verdict == Verdict::Verified)
        check.reason = (check.reason + QLatin1Char(' ') + Text::tr("Signature and digest are right.")).trimmed();
    return check;
}

// Which key it says that it was made with; said by nobody who is believed.
QString hinted(const SigstoreBundle &bundle, const SignatureCheck &check)
{
    if (check.verdict != Verdict::Failed || bundle.hint.isEmpty())
        return check.reason;
    const QByteArray fingerprint = QByteArray::fromBase64(bundle.hint.toLatin1()).toHex();
    return check.reason + QLatin1Char(' ') +
           Text::tr("It says that the key was SHA256:%1….").arg(QString::fromLatin1(fingerprint.left(8)));
}

// Pure: everything that follows once the blob is there.
CosignReferrer judged(SignatureCheck check, const QByteArray &bytes, const Expected &expected)
{
    const base::Result<SigstoreBundle> bundle = SigstoreBundle::read(bytes);
    if (!bundle)
        return {{}, {failed(check, bundle.error().message)}, {}};
    if (bundle->envelope.payloadType != inTotoPayloadType)
        return {{},
                {failed(check, Text::tr("What is signed is of type “%1”, not an in-toto statement.")
                                   .arg(shown(bundle->envelope.payloadType)))},
                {}};
    const base::Result<Statement> statement = Statement::read(bundle->envelope.payload);
    if (!statement)
        return {{}, {failed(check, statement.error().message)}, {}};
    if (!statement->subjects.isEmpty())
        check.subject = statement->subjects.contains(expected.subject.digest) ? expected.subject.digest
                                                                              : statement->subjects.constFirst();
    check = madeBy(check, {bundle->envelope.signedBytes(), bundle->envelope.signature, bundle->certificates},
                   expected.trust);
    if (check.verdict == Verdict::Failed)
        check.reason = hinted(*bundle, check);
    else
        check = claimed(check, *statement, expected.subject);
    if (statement->isSignature())
        return {{}, {check}, {}};
    return {
        {},
        {},
        {AttestationCheck{check.form, statement->predicateType, check.digest, check.key, check.verdict, check.reason}}};
}
} // namespace

base::Task<base::Result<CosignReferrer>> checkBundle(oci::Descriptor layer, Expected expected,
                                                     content::TargetPtr target, std::stop_token stop)
{
    SignatureCheck check;
    check.form = cosignBundleForm;
    check.digest = layer.digest;
    if (!isReadSigstoreBundle(layer.mediaType)) {
        check.reason =
            Text::tr("Not checked: bundles of type “%1” are not read.").arg(shown(layer.mediaType.toString()));
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
