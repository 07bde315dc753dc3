// SPDX-License-Identifier: Apache-2.0
#pragma once

// The seams for making and checking signatures: transfer signs what it pushes and the window shows what is signed,
// neither knowing a signature's form. Implemented in signing/.

#include "content/target.h"
#include "oci/descriptor.h"

#include <QDateTime>
#include <QString>

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
    // The key in words: file name, algorithm and short fingerprint.
    virtual QString keyDescription() const = 0;
    // Signs one manifest or index and writes the signature to the target, beside those already there; fetches it afresh
    // and verifies it before it reports success. `repository` is registry/repository as customers will name it.
    virtual base::Task<base::Result<QList<SignatureWritten>>> sign(TargetPtr target, QString repository,
                                                                   oci::Descriptor subject, std::stop_token stop) = 0;
};

// One signature found, and what became of checking it.
struct SignatureCheck
{
    enum class Verdict { Verified, Failed, NotChecked };
    QString form;               // "cosign-legacy", …
    oci::Digest digest;         // of the signature's payload blob
    oci::Digest subject;        // what it claims to sign
    QString key;                // description of the key that matched; empty where none did
    QString algorithm;          // e.g. "ECDSA P-256, SHA-256"
    QString identity;           // docker-reference in the payload; of a certificate, whom it is for
    QString certificate = {};   // name of the certificate it was made with (RFC 4514); empty where there is none
    QDateTime signingTime = {}; // by the signer's own word; null where it says none
    Verdict verdict = Verdict::NotChecked;
    QString reason; // which step failed and why, or what was checked
};
QString nameOf(SignatureCheck::Verdict verdict); // "verified", "failed", "not-checked"

struct VerifyReport
{
    enum class Verdict { Verified, Unsigned, Failed };
    oci::Descriptor subject;
    Verdict verdict = Verdict::Unsigned;
    QList<SignatureCheck> signatures;
    QString reason; // one sentence
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

} // namespace colophon::content
