// SPDX-License-Identifier: Apache-2.0
#pragma once

// An image in a repository, edits of it, and its push from there to there: what the tests of the push have in common.

#include "document/edit.h"
#include "operationrun.h"
#include "support/faketarget/fakesigner.h"
#include "support/faketarget/faketarget.h"
#include "support/faketarget/fakeurls.h"
#include "support/faketarget/sampleimage.h"
#include "transfer/openimage.h"
#include "transfer/pushimage.h"

namespace colophon::test {

inline std::shared_ptr<content::MemoryStore> storeOf(const QString &registry, const QString &repository)
{
    auto store = std::make_shared<content::MemoryStore>(registry, repository);
    store->setDemandsContent(true);
    return store;
}

inline oci::Reference referenceTo(const content::MemoryStore &store, const QString &tag)
{
    const QString name = store.registry() + QLatin1Char('/') + store.repository() + QLatin1Char(':') +
                         (tag.isEmpty() ? QStringLiteral("x") : tag);
    const oci::Reference reference = oci::Reference::parse(name).value();
    return tag.isEmpty() ? reference.withTag({}) : reference;
}

// How one try of a push went.
struct Pushed
{
    transfer::PushPlan plan;
    transfer::PushReport report;
    std::optional<base::Error> error;
};

class PushFixture
{
public:
    std::shared_ptr<content::MemoryStore> from =
        storeOf(QStringLiteral("registry.example"), QStringLiteral("vendor/app"));
    std::shared_ptr<content::MemoryStore> into = from;
    std::shared_ptr<FakeUrls> urls = std::make_shared<FakeUrls>();
    QList<std::shared_ptr<content::Signer>> signers;
    transfer::PushRequest request;
    const QString address = QStringLiteral("https://dl.vendor.example/base.tar.gz");

    // linux/amd64 and linux/arm64 in an index with an attestation, tagged 1.4; both share the layer "base".
    void addIndexedImage()
    {
        const QString base = QStringLiteral("base");
        const oci::Descriptor amd =
            addImage(*from, QStringLiteral("linux/amd64"), QStringList{base, QStringLiteral("amd64")});
        const oci::Descriptor arm =
            addImage(*from, QStringLiteral("linux/arm64"), QStringList{base, QStringLiteral("arm64")});
        const oci::Descriptor attestation = addAttestation(*from, amd);
        addIndex(*from, {amd, arm, attestation}, QStringLiteral("1.4"));
    }
    // windows/amd64, its base layer foreign with one address, tagged 1.4.
    void addForeignImage(const QStringList &addresses)
    {
        const oci::MediaType foreign = oci::MediaType::dockerLayerGzip().pair().value();
        const oci::Descriptor image =
            addImage(*from, QStringLiteral("windows/amd64"),
                     QList<oci::Descriptor>{layerOf(QStringLiteral("base"), foreign, addresses, 1000),
                                            layerOf(QStringLiteral("app"), oci::MediaType::dockerLayerGzip())});
        from->addManifest(from->manifestBytes(image.digest), image.mediaType, QStringLiteral("1.4"));
    }
    void open(const QString &tag = QStringLiteral("1.4"))
    {
        transfer::OpenImage opening(std::make_shared<FakeTarget>(from), referenceTo(*from, tag));
        if (!finish(opening) || opening.error())
            qFatal("The image does not open.");
        request.source = opening.reference();
        request.destination = referenceTo(*into, tag);
        request.original = opening.tree();
        request.derived.tree = opening.tree();
        from->clearJournal();
    }
    // Marks a layer wherever its digest stands.
    void mark(const document::NodePath &layer, bool nonDistributable, const QStringList &addresses)
    {
        document::EditSet edits;
        const oci::Digest digest = request.original.descriptor(layer)->digest;
        for (const document::NodePath &place : request.original.layersWithDigest(digest))
            edits = edits.with(document::SetMarking{place, nonDistributable, addresses});
        request.derived = document::apply(request.original, edits).value();
    }
    void sign()
    {
        signers = {std::make_shared<FakeSigner>()};
        into->addBlob("{}", oci::MediaType::ociEmpty()); // the config of its signatures
        request.signingKeys = {QStringLiteral("k.key")};
    }
    oci::Digest before() const { return request.original.root().descriptor.digest; }
    oci::Digest after() const { return request.derived.tree.root().descriptor.digest; }
    oci::Digest layerDigest(const document::NodePath &layer) const
    {
        return request.original.descriptor(layer)->digest;
    }

    transfer::PushPlan prepare() const
    {
        transfer::PreparePush preparing(std::make_shared<FakeTarget>(from), std::make_shared<FakeTarget>(into),
                                        request);
        if (!finish(preparing) || preparing.error())
            qFatal("The push cannot be prepared.");
        return preparing.plan();
    }
    Pushed push(std::shared_ptr<FakeTarget> source = {}, std::shared_ptr<FakeTarget> destination = {}) const
    {
        Pushed result;
        result.plan = prepare();
        from->clearJournal();
        into->clearJournal();
        if (!source)
            source = std::make_shared<FakeTarget>(from);
        if (!destination)
            destination = from == into ? source : std::make_shared<FakeTarget>(into);
        transfer::PushImage pushing(source, destination, urls, signers, result.plan, 1);
        if (!finish(pushing))
            qFatal("finished() did not come exactly once.");
        result.report = pushing.report();
        result.error = pushing.error();
        return result;
    }
};

inline document::NodePath layerPath(QList<int> entries, int layer)
{
    document::NodePath path;
    path.entries = std::move(entries);
    return path.layerAt(layer);
}

} // namespace colophon::test
