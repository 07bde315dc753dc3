// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the signers of cosign's two forms are beside the form: one key that makes one signature for each manifest, and
// makes none where its own, in the way it signs, is there already.

#include "content/signer.h"
#include "signing/keys.h"
#include "signing/trust.h"

namespace colophon::signing {

// One signature on its way into a repository.
struct CosignWork
{
    SigningKey key;
    content::TargetPtr target;
    QString repository; // registry/repository it is signed for
    oci::Descriptor subject;

    Trust ours() const { return Trust::asWrittenBy(key.publicKey()); }
};

class CosignSigner : public content::Signer
{
public:
    QString form() const final { return m_form; }
    QString keyDescription() const final { return m_key.description(); }
    base::Task<base::Result<QList<content::SignatureWritten>>>
    sign(content::TargetPtr target, QString repository, oci::Descriptor subject, std::stop_token stop) final;

protected:
    // Finds or makes the one signature. A coroutine that stands by itself, so that a signer may go while it runs;
    // `form` and `subject` of what it gives are filled in for it.
    using Write = base::Task<base::Result<content::SignatureWritten>> (*)(CosignWork work, std::stop_token stop);
    CosignSigner(QString form, SigningKey key, Write write);

private:
    QString m_form;
    SigningKey m_key;
    Write m_write;
};

} // namespace colophon::signing
