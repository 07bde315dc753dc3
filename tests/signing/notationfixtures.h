// SPDX-License-Identifier: Apache-2.0
#pragma once

// Notation signatures: those that notation-go 1.3.2 and others wrote (tests/data/signing), and any that a test makes up
// with fresh certificates; and whom to trust.

#include "content/referrers.h"
#include "signing/fixtures.h"
#include "signing/jws.h"
#include "signing/notationenvelope.h"
#include "signing/notationmanifest.h"
#include "signing/notationtrust.h"
#include "support/await.h"
#include "support/certificates/certificates.h"

#include <QTemporaryDir>

namespace colophon::test {

inline void writeFile(const QString &path, const QByteArray &bytes)
{
    QDir().mkpath(QFileInfo(path).path());
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("cannot write %s", qPrintable(path));
}

inline signing::SigningKey keyOf(const MadeCertificate &made)
{
    return signing::SigningKey::fromBytes(base::Secret(made.keyPem), {}, QStringLiteral("k.pem")).value();
}

inline signing::CertificateChain chainOf(const QList<MadeCertificate> &made)
{
    QList<QByteArray> all;
    for (const MadeCertificate &each : made)
        all.append(each.der);
    return signing::CertificateChain::fromDer(all, QStringLiteral("the test")).value();
}

// A policy with one statement for all.
struct PolicyWish
{
    QByteArray level = "strict";
    QByteArray override = {}; // JSON object
    QByteArray identities = R"(["*"])";
    QByteArray stores = R"(["ca:test"])";
    QByteArray scopes = R"(["*"])";
    QByteArray more = {}; // further members of signatureVerification, with a comma before them

    QByteArray json() const
    {
        return R"({"version":"1.0","trustPolicies":[{"name":"all","registryScopes":)" + scopes +
               R"(,"signatureVerification":{"level":")" + level + '"' +
               (override.isEmpty() ? QByteArray() : R"(,"override":)" + override) + more + R"(},"trustStores":)" +
               stores + R"(,"trustedIdentities":)" + identities + "}]}";
    }
};

// A folder as notation's own configuration is laid out.
class TrustFolder
{
public:
    explicit TrustFolder(const QList<QByteArray> &authorities, const PolicyWish &policy = {})
    {
        QDir(m_folder.path()).mkpath(QStringLiteral("truststore/x509/ca/test"));
        int made = 0;
        for (const QByteArray &each : authorities)
            writeFile(m_folder.filePath(QStringLiteral("truststore/x509/ca/test/%1.crt").arg(++made)), each);
        setPolicy(policy.json());
    }
    void setPolicy(const QByteArray &json) const { writeFile(policyFile(), json); }
    QString path() const { return m_folder.path(); }
    QString policyFile() const { return m_folder.filePath(QStringLiteral("trustpolicy.json")); }
    base::Result<signing::NotationTrust> read() const { return signing::NotationTrust::read(path(), policyFile()); }

private:
    QTemporaryDir m_folder;
};

// Puts a manifest with its blobs into the list of the image's referrers.
inline void attach(const std::shared_ptr<content::MemoryStore> &store, const QByteArray &manifest,
                   const QList<QByteArray> &blobs, const oci::Descriptor &subject = image())
{
    for (const QByteArray &blob : blobs)
        store->addBlob(blob);
    const oci::Descriptor descriptor = store->addManifest(manifest, oci::MediaType::ociManifest());
    const oci::Digest list = store->tagged(content::referrersTag(subject.digest));
    QByteArray index =
        list.isNull() ? R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]})"
                      : store->manifestBytes(list);
    index.replace("]}", (index.contains("[]") ? "" : ",") + descriptor.toJson() + "]}");
    store->addManifest(index, oci::MediaType::ociIndex(), content::referrersTag(subject.digest));
}

inline std::shared_ptr<content::MemoryStore> storeWithImage()
{
    auto store = std::make_shared<content::MemoryStore>(QStringLiteral("r.example"), QStringLiteral("app"));
    store->addManifest(imageBytes(), oci::MediaType::ociManifest());
    return store;
}

// A fixture with the index that its maker left under the fallback tag, if it left one.
inline std::shared_ptr<content::MemoryStore> storeOfNotation(const QString &fixture)
{
    auto store = storeWithImage();
    const Signatures all = signaturesOf(fixture);
    const QString index = signingData(fixture + QStringLiteral("/index.json"));
    if (!QFile::exists(index)) {
        attach(store, all.manifest, all.blobs);
        return store;
    }
    for (const QByteArray &blob : all.blobs)
        store->addBlob(blob);
    store->addManifest(all.manifest, oci::MediaType::ociManifest());
    store->addManifest(contentOf(index), oci::MediaType::ociIndex(), content::referrersTag(image().digest));
    return store;
}

// An envelope made by hand, each part as one likes.
struct EnvelopeWish
{
    QByteArray algorithm = "ES256";
    QByteArray critical = R"(["io.cncf.notary.signingScheme"])";
    QByteArray type = R"("application/vnd.cncf.notary.payload.v1+json")";
    QByteArray scheme = R"("notary.x509")";
    QByteArray time = {}; // JSON; empty: now
    QByteArray more = {}; // further attributes, with a comma before them
    QByteArray payload = R"({"targetArtifact":)" + image().toJson() + '}';

    QByteArray signedBytes() const
    {
        const QString now = QDateTime::currentDateTimeUtc().toString(QStringLiteral("\"yyyy-MM-ddTHH:mm:ssZ\""));
        const QByteArray attributes = R"({"alg":")" + algorithm + R"(","crit":)" + critical + R"(,"cty":)" + type +
                                      R"(,"io.cncf.notary.signingScheme":)" + scheme +
                                      R"(,"io.cncf.notary.signingTime":)" + (time.isEmpty() ? now.toLatin1() : time) +
                                      more + '}';
        return signing::base64Url(attributes) + '.' + signing::base64Url(payload);
    }
};

inline QByteArray envelopeOf(const EnvelopeWish &wish, const MadeCertificate &signer,
                             const signing::CertificateChain &chain)
{
    const QByteArray bytes = wish.signedBytes();
    const auto signature = await(signing::jwsSignature(keyOf(signer), bytes, {}));
    return signing::notationEnvelope(bytes, signature.value(), chain);
}

// One bit of what stands base64url-encoded behind `member`.
inline QByteArray flipped(QByteArray envelope, const QByteArray &member)
{
    const qsizetype begin = envelope.indexOf('"' + member + "\":\"") + member.size() + 4;
    const qsizetype end = envelope.indexOf('"', begin);
    QByteArray bytes = signing::strictBase64Url(envelope.mid(begin, end - begin)).value();
    bytes[bytes.size() - 3] = static_cast<char>(bytes.at(bytes.size() - 3) ^ 1);
    return envelope.replace(begin, end - begin, signing::base64Url(bytes));
}

inline void attachEnvelope(const std::shared_ptr<content::MemoryStore> &store, const QByteArray &envelope,
                           const signing::CertificateChain &chain, const oci::Descriptor &subject = image())
{
    const oci::Descriptor blob = oci::Descriptor::of(signing::joseEnvelopeType(), envelope);
    attach(store, signing::notationManifest(blob, subject, chain, QDateTime::currentDateTimeUtc()), {envelope, "{}"},
           subject);
}

} // namespace colophon::test
