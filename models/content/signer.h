// SPDX-License-Identifier: Apache-2.0
#pragma once

// The seams for making and checking signatures: transfer signs what it pushes and the window shows what is signed,
// neither knowing a signature's form. Implemented in signing/.

#include "content/target.h"
#include "oci/descriptor.h"

#include <QDateTime>
#include <QString>
#include <QStringList>

#include <memory>
#include <optional>
#include <stop_token>

namespace colophon::content {

// What one call to sign() wrote.
struct SignatureWritten
{
    QString form;             // "cosign-legacy", …
    oci::Digest subject;      // what is signed
    oci::Descriptor manifest; // the signature's own manifest
    QString tag;              // where it is found, if by a tag
};

class Signer
{
public:
    virtual ~Signer() = default;
    // What it writes: "cosign-legacy", …
    virtual QString form() const = 0;
    // The key in words: file name, algorithm and short fingerprint.
    virtual QString keyDescription() const = 0;
    // Signs one manifest or index and writes the signature to the target, beside those already there; fetches it afresh
    // and verifies it before it reports success. `repository` is registry/repository as customers will name it.
    virtual base::Task<base::Result<QList<SignatureWritten>>> sign(TargetPtr target, QString repository,
                                                                   oci::Descriptor subject, std::stop_token stop) = 0;
};

using Signers = QList<std::shared_ptr<Signer>>;

// Each key once with the forms it signs in: "k.key · ECDSA P-256 · SHA256:1a2b3c4d… (cosign-legacy, cosign-bundle)".
QStringList inWords(const Signers &signers);
QStringList formsOf(const Signers &signers); // each once
// Signs with each, in this order, until one fails; the error says what was written before.
base::Task<base::Result<void>> signWith(Signers signers, TargetPtr target, QString repository, oci::Descriptor subject,
                                        std::stop_token stop);

// The certificate a signature came with, as it says itself.
struct SigningCertificate
{
    QString identity;   // a mail address, a URI …, else the subject
    QString issuer;     // who vouched for that: an OpenID provider, else the issuing authority
    QString thumbprint; // SHA-256 of the DER, hex
    QDateTime validFrom;
    QDateTime validUntil;
    bool operator==(const SigningCertificate &) const = default;
};

// Where a signature or statement is kept. Its payload does not say that: several may be over the same bytes.
struct Kept
{
    oci::Digest manifest = {}; // its own
    int layer = -1;            // which of its layers; -1: all of it, where it could not be read that far
    QString tag = {};          // under which alone it is found; empty: it is listed as a referrer
    bool operator==(const Kept &) const = default;
};

enum class CheckVerdict { Verified, Failed, NotChecked };
QString nameOf(CheckVerdict verdict); // "verified", "failed", "not-checked"

// One signature found, and what became of checking it.
struct SignatureCheck
{
    using Verdict = CheckVerdict;
    QString form;               // "cosign-legacy", …
    oci::Digest digest;         // of the signature's payload blob
    oci::Digest subject;        // what it claims to sign
    QString key;                // description of the key that matched; empty where none did
    QString algorithm;          // e.g. "ECDSA P-256, SHA-256"
    QString identity;           // docker-reference in the payload; of a certificate, whom it is for
    QDateTime signingTime = {}; // by the signer's own word; null where it says none
    Verdict verdict = Verdict::NotChecked;
    QString reason; // which step failed and why, or what was checked
    std::optional<SigningCertificate> certificate = {};
    Kept kept = {};
    // Of one that verified: what of it does not hold, though whom it is checked for only logs that; a clause that goes
    // on after "but". Mostly empty.
    QString caveat = {};
    enum class Lack { Nothing, Key, Roots, Policy, Reader };
    Lack lack = Lack::Nothing; // of one that was not checked: what it would take. Reader: this form is not read
};

// A statement about the image that somebody signed, e.g. how it was built. No signature of the image.
struct AttestationCheck
{
    QString kind; // the form it is kept in: "cosign-bundle", …
    QString predicateType;
    oci::Digest digest; // of the blob it is in
    QString key;        // description of the key that matched; empty where none did
    CheckVerdict verdict = CheckVerdict::NotChecked;
    QString reason;
    Kept kept = {};
};

struct VerifyReport
{
    enum class Verdict { Verified, Unsigned, Failed };
    oci::Descriptor subject;
    Verdict verdict = Verdict::Unsigned;
    QList<SignatureCheck> signatures;
    QList<AttestationCheck> attestations;
    QStringList problems; // signatures that could not even be listed, and why; sentences
    bool isCut = false;   // more is attached than is read: then nothing of it counts as verified
    QString reason;       // one sentence

    // Takes down why signatures could not be listed.
    void addProblem(const base::Error &error);
    // What does not hold of a verified one, where no signature verified without such; as SignatureCheck::caveat.
    QString caveat() const;
    // Finds verdict and reason from what is in the report.
    void conclude();
};
QString nameOf(VerifyReport::Verdict verdict); // "verified", "unsigned", "failed"

class Verifier
{
public:
    virtual ~Verifier() = default;
    // All signatures of one manifest or index. Unsigned and Failed are reports, not errors.
    virtual base::Task<base::Result<VerifyReport>> verify(TargetPtr target, oci::Descriptor subject,
                                                          std::stop_token stop) = 0;
};

// Several as one, in their order, with one verdict: verified where any signature is. What they read of a subject is
// read once, and no more than ReadOnce allows: beyond that nothing of it counts as verified.
class CombinedVerifier final : public Verifier
{
public:
    explicit CombinedVerifier(QList<std::shared_ptr<Verifier>> verifiers);
    base::Task<base::Result<VerifyReport>> verify(TargetPtr target, oci::Descriptor subject,
                                                  std::stop_token stop) override;

private:
    QList<std::shared_ptr<Verifier>> m_verifiers;
};

} // namespace colophon::content
