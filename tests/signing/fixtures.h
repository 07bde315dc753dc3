// SPDX-License-Identifier: Apache-2.0
#pragma once

// What cosign 2.6.5 and 3.1.3 wrote, and throwaway keys (their passphrase: COLOPHON_FIXTURE_PASSPHRASE), from
// tests/data/signing.

#include "base/limits.h"
#include "content/memorystore.h"
#include "oci/attachmentnames.h"
#include "oci/manifest.h"
#include "oci/reference.h"
#include "signing/cosignlegacy.h"
#include "signing/simplesigning.h"
#include "support/await.h"
#include "support/canary/canary.h"

#include <QDir>
#include <QFile>
#include <QHash>

namespace colophon::test {

inline QString signingData(const QString &path) { return QStringLiteral(COLOPHON_TEST_DATA "/signing/") + path; }

inline QByteArray contentOf(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("cannot read %s", qPrintable(path));
    return file.readAll();
}

inline base::Secret passphrase() { return base::Secret(COLOPHON_FIXTURE_PASSPHRASE); }

// Each is opened once, for that costs scrypt.
inline signing::SigningKey signingKey(const QString &name)
{
    static QHash<QString, signing::SigningKey> opened;
    auto found = opened.find(name);
    if (found == opened.end())
        found =
            opened.insert(name, signing::SigningKey::fromFile(
                                    signingData(QStringLiteral("keys/") + name + QStringLiteral(".key")), passphrase())
                                    .value());
    return *found;
}

inline signing::PublicKey publicKey(const QString &name)
{
    return signing::PublicKey::fromFile(signingData(QStringLiteral("keys/") + name + QStringLiteral(".pub"))).value();
}

// The image all fixtures sign.
inline QByteArray imageBytes() { return contentOf(signingData(QStringLiteral("image/manifest-amd64.json"))); }
inline oci::Descriptor image() { return oci::Descriptor::of(oci::MediaType::ociManifest(), imageBytes()); }

// One fixture's signature image, taken apart.
struct Signatures
{
    QByteArray manifest;
    QList<QByteArray> blobs;
    QByteArray payload; // the first that is one
    QString registry;
    QString repository;
};

inline Signatures signaturesOf(const QString &fixture)
{
    Signatures all;
    const QDir folder(signingData(fixture));
    all.manifest = contentOf(folder.filePath(QStringLiteral("manifest.json")));
    for (const QString &name : folder.entryList({QStringLiteral("blob.*")}, QDir::Files, QDir::Name)) {
        all.blobs.append(contentOf(folder.filePath(name)));
        const auto claim = signing::readSimpleSigning(all.blobs.constLast());
        if (!claim || !all.payload.isNull())
            continue;
        all.payload = all.blobs.constLast();
        all.registry = claim->identity.section(QLatin1Char('/'), 0, 0);
        all.repository = claim->identity.section(QLatin1Char('/'), 1);
    }
    return all;
}

inline QString signatureTag() { return oci::signatureTag(image().digest); }

// A repository that holds the fixture, as the registry did in which cosign made it.
inline std::shared_ptr<content::MemoryStore> storeOf(const Signatures &all)
{
    auto store = std::make_shared<content::MemoryStore>(all.registry, all.repository);
    for (const QByteArray &blob : all.blobs)
        store->addBlob(blob);
    store->addManifest(all.manifest, oci::MediaType::ociManifest(), signatureTag());
    return store;
}

// A repository with the image and these referrers attached to it, each in its list.
inline std::shared_ptr<content::MemoryStore> storeWithReferrers(const QStringList &fixtures)
{
    // Payloads that bind themselves to a repository do so to the first one's.
    const Signatures first = fixtures.isEmpty() ? Signatures() : signaturesOf(fixtures.constFirst());
    auto store = first.repository.isEmpty() ? std::make_shared<content::MemoryStore>()
                                            : std::make_shared<content::MemoryStore>(first.registry, first.repository);
    store->addManifest(imageBytes(), oci::MediaType::ociManifest(), QStringLiteral("v1"));
    for (const QString &fixture : fixtures) {
        const Signatures all = signaturesOf(fixture);
        for (const QByteArray &blob : all.blobs)
            store->addBlob(blob);
        const oci::Descriptor manifest = oci::Descriptor::of(oci::MediaType::ociManifest(), all.manifest);
        if (!await(store->pushReferrer(manifest, all.manifest, image(), {})))
            qFatal("cannot attach %s", qPrintable(fixture));
    }
    store->clearJournal();
    return store;
}

// A referrer that is nothing of a signer's.
inline QByteArray otherReferrer(int number, qsizetype size = 0, const oci::Descriptor &subject = image())
{
    return R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","artifactType":)"
           R"("application/vnd.example.other","config":)" +
           oci::Descriptor::of(oci::MediaType::ociEmpty(), "{}").toJson() + R"(,"layers":[],"subject":)" +
           subject.toJson() + R"(,"annotations":{"number":)" + '"' + QByteArray::number(number) + "\",\"padding\":\"" +
           QByteArray(size, 'x') + "\"}}";
}

// Puts these manifests into the list at once.
inline void attachAll(const std::shared_ptr<content::MemoryStore> &store, const QList<QByteArray> &manifests,
                      const oci::Descriptor &subject = image())
{
    QByteArray list = store->manifestBytes(store->tagged(content::referrersTag(subject.digest)));
    if (list.isNull())
        list = R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]})";
    QByteArrayList entries;
    for (const QByteArray &each : manifests)
        entries.append(store->addManifest(each, oci::MediaType::ociManifest()).toJson());
    list.replace("]}", (list.contains("[]") ? "" : ",") + entries.join(',') + "]}");
    store->addManifest(list, oci::MediaType::ociIndex(), content::referrersTag(subject.digest));
}

// So many of those others, each as large as a manifest may be.
inline void attachLarge(const std::shared_ptr<content::MemoryStore> &store, int number)
{
    QList<QByteArray> manifests;
    for (int i = 0; i < number; ++i)
        manifests.append(otherReferrer(i, base::limits::manifest - 4096));
    attachAll(store, manifests);
}

} // namespace colophon::test
