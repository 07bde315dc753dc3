// SPDX-License-Identifier: Apache-2.0
#include "signing/notationsigner.h"

#include "base/plaintext.h"
#include "content/readonce.h"
#include "signing/certificaterules.h"
#include "signing/notationcheck.h"
#include "signing/notationmanifest.h"
#include "signing/payload.h"

#include <QCoreApplication>

namespace colophon::signing {

namespace {
using base::ErrorKind;
using base::Result;
using base::Task;
using content::SignatureWritten;
using content::TargetPtr;

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(signing)
};

Result<void> checkUsable(const SigningKey &key, const CertificateChain &chain)
{
    if (chain.isEmpty())
        return base::fail(ErrorKind::Usage, Text::tr("A notation signature needs the certificate of its key."),
                          Text::tr("Give the chain, leaf first, with --cert CHAIN.pem."));
    const Result<PublicKey> certified = chain.leaf().publicKey();
    if (!certified || certified->fingerprint() != key.publicKey().fingerprint())
        return base::fail(ErrorKind::Usage,
                          Text::tr("The certificate “%1” is not that of %2.")
                              .arg(base::visible(chain.leaf().subject(), 200), key.description()),
                          Text::tr("The first certificate of the chain has to be the key's own."));
    const QStringList problems = chainProblems(chain) + validityProblems(chain, QDateTime::currentDateTimeUtc());
    if (!problems.isEmpty())
        return base::fail(ErrorKind::Usage,
                          Text::tr("These certificates cannot be signed with: %1").arg(problems.join(u' ')),
                          Text::tr("Nothing was signed."));
    return {};
}

// A sound signature of this leaf among those the registry lists now; why the last one of them is not, otherwise.
struct Ours
{
    std::optional<oci::Descriptor> manifest;
    QString problem;
};

// `wanted` null: any of ours that is good and never expires. TooLarge where more is attached than is read: then whoever
// verifies would not find it either.
Task<Result<Ours>> findOurs(TargetPtr from, oci::Descriptor subject, Certificate leaf, oci::Digest wanted,
                            std::stop_token stop)
{
    const Result<content::Referrers> listed = co_await from->referrers(subject.digest, stop);
    if (!listed)
        co_return base::fail(listed.error());
    QList<oci::Descriptor> entries = listed->manifests;
    if (!wanted.isNull())
        entries.removeIf([&wanted](const oci::Descriptor &each) { return each.digest != wanted; });
    const auto target = std::make_shared<content::ReadOnce>(from);
    const Result<QList<FoundNotation>> found = co_await notationAmong(target, entries, subject, stop);
    if (!found)
        co_return base::fail(found.error());
    Ours ours;
    for (const FoundNotation &each : *found) {
        if (!each.problem.isEmpty() || each.envelope.mediaType != joseEnvelopeType())
            continue;
        const Result<QByteArray> envelope = co_await fetchEnvelope(target, each.envelope, stop);
        if (!envelope && !isAboutContent(envelope.error().kind))
            co_return base::fail(envelope.error());
        if (!envelope) {
            ours.problem = envelope.error().message;
            continue;
        }
        content::SignatureCheck check;
        const Result<SoundEnvelope> sound = soundEnvelope(*envelope, subject, check);
        if (!sound)
            ours.problem = sound.error().message;
        else if (sound->chain.leaf() == leaf && !sound->envelope.expiry &&
                 validityProblems(sound->chain, sound->envelope.signingTime).isEmpty())
            ours.manifest = each.manifest;
    }
    if (const auto excess = target->excess(); excess && !ours.manifest)
        co_return base::fail(*excess);
    co_return ours;
}

Task<Result<oci::Descriptor>> write(SigningKey key, CertificateChain chain, TargetPtr target, oci::Descriptor subject,
                                    std::stop_token stop)
{
    const std::optional<JwsAlgorithm> algorithm = jwsAlgorithmOf(key.publicKey());
    const QDateTime now = QDateTime::fromSecsSinceEpoch(QDateTime::currentSecsSinceEpoch(), Qt::UTC);
    // The certificates' rules have asked that there is one.
    const QByteArray signedBytes = notationSignedBytes(*algorithm, now, subject);
    const Result<QByteArray> signature = co_await jwsSignature(key, signedBytes, stop);
    if (!signature)
        co_return base::fail(signature.error());
    const QByteArray envelopeBytes = notationEnvelope(signedBytes, *signature, chain);
    const oci::Descriptor envelope = oci::Descriptor::of(joseEnvelopeType(), envelopeBytes);
    const QByteArray manifestBytes = notationManifest(envelope, subject, chain, now);
    const oci::Descriptor manifest = oci::Descriptor::of(oci::MediaType::ociManifest(), manifestBytes);
    const Result<void> config =
        co_await pushIfMissing(target, oci::Descriptor::of(notationSignatureType(), "{}"), "{}", stop);
    if (!config)
        co_return base::fail(config.error());
    const Result<void> blob = co_await pushIfMissing(target, envelope, envelopeBytes, stop);
    if (!blob)
        co_return base::fail(blob.error());
    const auto listed = co_await target->pushReferrer(manifest, manifestBytes, subject, stop);
    if (!listed)
        co_return base::fail(listed.error());
    // Asks the registry anew, as a customer would.
    const Result<Ours> written = co_await findOurs(target, subject, chain.leaf(), manifest.digest, stop);
    if (!written)
        co_return base::fail(written.error());
    if (!written->manifest)
        co_return base::fail(
            ErrorKind::InvalidData,
            written->problem.isEmpty()
                ? Text::tr("The signature was written, but the registry does not list it.")
                : Text::tr("The signature was written, but read back it does not verify: %1").arg(written->problem));
    co_return oci::Descriptor(manifest);
}

// Stands by itself, so that a signer may go while its task still runs.
Task<Result<QList<SignatureWritten>>> signNotation(SigningKey key, CertificateChain chain, TargetPtr target,
                                                   oci::Descriptor subject, std::stop_token stop)
{
    const QString operation = Text::tr("sign %1").arg(subject.digest.toString());
    // A signer may be older than its certificates' last day.
    const Result<void> usable = checkUsable(key, chain);
    if (!usable)
        co_return base::fail(usable.error().withOperation(operation));
    subject = oci::Descriptor{subject.mediaType, subject.digest, subject.size};
    const Result<Ours> before = co_await findOurs(target, subject, chain.leaf(), {}, stop);
    if (!before)
        co_return base::fail(before.error().withOperation(operation));
    SignatureWritten written;
    written.form = notationForm;
    written.subject = subject.digest;
    if (before->manifest) {
        written.manifest = *before->manifest;
    } else {
        const Result<oci::Descriptor> manifest = co_await write(key, chain, target, subject, stop);
        if (!manifest)
            co_return base::fail(manifest.error().withOperation(operation));
        written.manifest = *manifest;
    }
    QList<SignatureWritten> all{written};
    co_return all;
}
} // namespace

Result<std::shared_ptr<NotationSigner>> NotationSigner::create(SigningKey key, CertificateChain chain)
{
    if (const Result<void> usable = checkUsable(key, chain); !usable)
        return base::fail(usable.error());
    return std::shared_ptr<NotationSigner>(new NotationSigner(std::move(key), std::move(chain)));
}

NotationSigner::NotationSigner(SigningKey key, CertificateChain chain)
    : m_key(std::move(key))
    , m_chain(std::move(chain))
{
}

QString NotationSigner::form() const { return notationForm; }

QString NotationSigner::keyDescription() const { return m_key.description(); }

Task<Result<QList<SignatureWritten>>> NotationSigner::sign(TargetPtr target, QString /*repository*/,
                                                           oci::Descriptor subject, std::stop_token stop)
{
    return signNotation(m_key, m_chain, std::move(target), std::move(subject), std::move(stop));
}

} // namespace colophon::signing
