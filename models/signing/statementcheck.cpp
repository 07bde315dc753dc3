// SPDX-License-Identifier: Apache-2.0
#include "signing/statementcheck.h"

#include "base/plaintext.h"
#include "signing/statement.h"

#include <QCoreApplication>

namespace colophon::signing {

namespace {
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
        check.reason = (check.reason + QLatin1Char(' ') + Text::tr("Signature and digest are right.") +
                        QLatin1Char(' ') + digestAloneInWords())
                           .trimmed();
    return check;
}

// Which key it says that it was made with; said by nobody who is believed.
QString hinted(const QString &hint, const SignatureCheck &check)
{
    if (hint.isEmpty())
        return check.reason;
    const QByteArray fingerprint = QByteArray::fromBase64(hint.toLatin1()).toHex();
    return check.reason + QLatin1Char(' ') +
           Text::tr("It says that the key was SHA256:%1….").arg(QString::fromLatin1(fingerprint.left(8)));
}
} // namespace

content::AttestationCheck StatementCheck::asAttestation() const
{
    return {check.form, predicateType, check.digest, check.key, check.verdict, check.reason, check.kept};
}

StatementCheck checkStatement(SignatureCheck check, const DsseEnvelope &envelope, const QList<QByteArray> &certificates,
                              const QString &hint, const Expected &expected)
{
    if (envelope.payloadType != inTotoPayloadType)
        return {failed(check, Text::tr("What is signed is of type “%1”, not an in-toto statement.")
                                  .arg(shown(envelope.payloadType))),
                {},
                true};
    const base::Result<Statement> statement = Statement::read(envelope.payload);
    if (!statement)
        return {failed(check, statement.error().message), {}, true};
    if (!statement->subjects.isEmpty())
        check.subject = statement->subjects.contains(expected.subject.digest) ? expected.subject.digest
                                                                              : statement->subjects.constFirst();
    check = madeBy(check, {envelope.signedBytes(), envelope.signature, certificates}, expected.trust);
    if (check.verdict == Verdict::Failed)
        check.reason = hinted(hint, check);
    else
        check = claimed(check, *statement, expected.subject);
    return {check, statement->predicateType, statement->isSignature()};
}

} // namespace colophon::signing
