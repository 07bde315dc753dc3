// SPDX-License-Identifier: Apache-2.0
#include "demo/signedimage.h"

#include "content/memorystore.h"
#include "content/referrers.h"
#include "oci/attachmentnames.h"
#include "signing/allforms.h"
#include "signing/keypair.h"
#include "signing/sigstorebundle.h"
#include "signing/statement.h"

#include <QCoroTask>
#include <QDateTime>

namespace colophon::demo {

namespace {
constexpr QLatin1String provenanceType("https://slsa.dev/provenance/v1");

// in-toto, "Statement"; SLSA 1.0, "Provenance".
QByteArray provenanceOf(const oci::Digest &image)
{
    return R"({"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"app","digest":{"sha256":)" +
           oci::jsonString(image.hex()) + R"(}}],"predicateType":)" + oci::jsonString(QString(provenanceType)) +
           R"(,"predicate":{"buildDefinition":{"buildType":"https://demo.invalid/build/v1","externalParameters":)"
           R"({"source":"https://demo.invalid/app.git"},"resolvedDependencies":[]},"runDetails":{"builder":{"id":)"
           R"("https://demo.invalid/builder"},"metadata":{"startedOn":"2023-11-14T22:13:20Z"}}}})";
}

base::Task<base::Result<void>> attachProvenance(std::shared_ptr<content::MemoryStore> memory, signing::SigningKey key,
                                                oci::Descriptor image)
{
    const std::stop_token never;
    signing::DsseEnvelope envelope{QString(signing::inTotoPayloadType), provenanceOf(image.digest), {}};
    const base::Result<QByteArray> signature = co_await key.sign(envelope.signedBytes(), never);
    if (!signature)
        co_return base::fail(signature.error());
    envelope.signature = *signature;
    const oci::Descriptor bundle =
        memory->addBlob(signing::sigstoreBundle(envelope, key.publicKey()), oci::MediaType::sigstoreBundle());
    const oci::Descriptor config = memory->addBlob("{}", oci::MediaType::ociEmpty());
    const QByteArray manifest = signing::sigstoreBundleManifest(bundle, config, image, QDateTime::currentDateTimeUtc(),
                                                                QString(provenanceType));
    const oci::Descriptor descriptor = oci::Descriptor::of(oci::MediaType::ociManifest(), manifest);
    const auto pushed = co_await memory->pushReferrer(descriptor, manifest, image, never);
    if (!pushed)
        co_return base::fail(pushed.error());
    co_return base::Result<void>();
}

// What was written beside the image, moved to where the registry keeps it.
void move(const content::MemoryStore &from, Store &store, const QString &repository, const oci::Descriptor &image,
          const QList<oci::Descriptor> &referrers, bool keepsList)
{
    const auto &blobs = from.blobs();
    for (auto blob = blobs.cbegin(); blob != blobs.cend(); ++blob)
        store.addBlob(repository, blob.key().toString(), blob.value());
    for (const oci::Descriptor &each : referrers)
        store.addManifest(repository, {}, each.mediaType.toString(), from.manifestBytes(each.digest));
    const auto moveTag = [&](const QString &tag, const oci::MediaType &type) {
        store.addManifest(repository, tag, type.toString(), from.manifestBytes(from.tagged(tag)));
    };
    moveTag(oci::signatureTag(image.digest), oci::MediaType::ociManifest());
    if (!keepsList)
        moveTag(content::referrersTag(image.digest), oci::MediaType::ociIndex());
}

base::Task<base::Result<QByteArray>> sign(Store *store, QString host, QString repository, oci::Descriptor image,
                                          bool keepsList)
{
    const auto key = signing::newKey(QStringLiteral("vendor.pub"));
    if (!key)
        co_return base::fail(key.error());
    const auto memory = std::make_shared<content::MemoryStore>(host, repository);
    const QString name = host + QLatin1Char('/') + repository;
    const std::stop_token never;
    for (const auto &signer : signing::cosignSigners(*key)) {
        const auto written = co_await signer->sign(memory, name, image, never);
        if (!written)
            co_return base::fail(written.error());
    }
    const auto attached = co_await attachProvenance(memory, *key, image);
    if (!attached)
        co_return base::fail(attached.error());
    const auto referrers = co_await memory->referrers(image.digest, never);
    if (!referrers)
        co_return base::fail(referrers.error());
    move(*memory, *store, repository, image, referrers->manifests, keepsList);
    co_return key->publicKey().toPem();
}
} // namespace

QByteArray signImage(Store &store, const QString &host, const QString &repository, const oci::Descriptor &image,
                     bool keepsList)
{
    // Nothing of it waits for anything: it is done when it comes back.
    return QCoro::waitFor(sign(&store, host, repository, image, keepsList)).value_or(QByteArray());
}

} // namespace colophon::demo
