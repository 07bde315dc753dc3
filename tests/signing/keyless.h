// SPDX-License-Identifier: Apache-2.0
#pragma once

// A signature made with a certificate instead of a key, as keyless signing makes it, attached to an image wherever that
// is.

#include "content/target.h"
#include "signing/keys.h"
#include "signing/sigstorebundle.h"
#include "signing/statement.h"
#include "support/await.h"
#include "support/certificates/certificates.h"

namespace colophon::test {

// As Fulcio makes them: no subject, the identity among the names, who vouched for it in an extension.
inline CertificateWish keylessWish(const QByteArray &names = "email:dev@example.org")
{
    CertificateWish wish;
    wish.subject = {};
    wish.names = names;
    wish.more = {{"1.3.6.1.4.1.57264.1.8", "ASN1:UTF8String:https://accounts.example.org"}};
    return wish;
}

inline void attachKeyless(const content::TargetPtr &target, const oci::Descriptor &subject, const MadeCertificate &leaf)
{
    const auto key = signing::SigningKey::fromBytes(base::Secret(leaf.keyPem), {}, QStringLiteral("leaf.key")).value();
    signing::DsseEnvelope envelope{QString(signing::inTotoPayloadType), signing::signStatement(subject.digest), {}};
    envelope.signature = await(key.sign(envelope.signedBytes(), {})).value();
    QByteArray bytes = signing::sigstoreBundle(envelope, key.publicKey());
    const QByteArray hint = R"("publicKey":{"hint":)" + oci::jsonString(signing::hintOf(key.publicKey())) + '}';
    bytes.replace(hint, R"("certificate":{"rawBytes":")" + leaf.der.toBase64() + R"("})");
    const oci::Descriptor config = oci::Descriptor::of(oci::MediaType::ociEmpty(), "{}");
    const oci::Descriptor bundle = oci::Descriptor::of(oci::MediaType::sigstoreBundle(), bytes);
    const QByteArray manifest =
        signing::sigstoreBundleManifest(bundle, config, subject, QDateTime::currentDateTimeUtc());
    const bool isThere = await(target->pushBlob(config, content::readerOf("{}"), {}, {})) &&
                         await(target->pushBlob(bundle, content::readerOf(bytes), {}, {})) &&
                         await(target->pushReferrer(oci::Descriptor::of(oci::MediaType::ociManifest(), manifest),
                                                    manifest, subject, {}));
    if (!isThere)
        qFatal("cannot attach a signature");
}

} // namespace colophon::test
