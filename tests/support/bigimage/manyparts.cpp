// SPDX-License-Identifier: Apache-2.0
#include "support/bigimage/manyparts.h"

#include "support/await.h"
#include "support/faketarget/sampleimage.h"

namespace colophon::test {

namespace {

constexpr int patience = 300'000; // ms
constexpr int uploads = 8;        // at once

QByteArray quoted(const QString &text) { return '"' + text.toUtf8() + '"'; }

QByteArray configOf(const QList<oci::Descriptor> &layers, const oci::Platform &platform)
{
    QByteArrayList diffIds;
    QByteArrayList history;
    for (qsizetype i = 0; i < layers.size(); ++i) {
        diffIds.append(quoted(oci::Digest::of("unpacked " + layers[i].digest.toLatin1()).toString()));
        history.append(R"({"created":"2026-03-01T12:00:00Z","created_by":"/bin/sh -c #(nop) COPY dir:)" +
                       layers[i].digest.hex().left(12).toLatin1() + " in /opt/vendor/part-" + QByteArray::number(i) +
                       R"( "})");
    }
    QByteArray json = R"({"architecture":)" + quoted(platform.architecture) + R"(,"os":)" + quoted(platform.os);
    if (!platform.osVersion.isEmpty())
        json += R"(,"os.version":)" + quoted(platform.osVersion);
    return json + R"(,"created":"2026-03-01T12:00:00Z","config":{},"history":[)" + history.join(',') +
           R"(],"rootfs":{"type":"layers","diff_ids":[)" + diffIds.join(',') + "]}}";
}

// The bytes of one part of one image; no archive, but nobody unpacks it.
QByteArray part(const QByteArray &of, int number) { return "part " + QByteArray::number(number) + " of " + of; }

QList<QByteArray> parts(int count)
{
    QList<QByteArray> parts;
    for (int i = 0; i < count; ++i)
        parts.append(part("the whole", i));
    return parts;
}

} // namespace

oci::Descriptor ManyParts::addImage(const QList<QByteArray> &layers, const oci::Platform &platform,
                                    const QString &address)
{
    const auto keep = [this](const oci::MediaType &type, const QByteArray &bytes) {
        const oci::Descriptor descriptor = oci::Descriptor::of(type, bytes);
        if (!m_known.contains(descriptor.digest)) {
            m_known.insert(descriptor.digest);
            m_blobs.append({descriptor, bytes});
        }
        return descriptor;
    };
    QList<oci::Descriptor> described;
    described.reserve(layers.size());
    for (const QByteArray &layer : layers)
        described.append(keep(oci::MediaType::dockerLayerGzip(), layer));
    for (oci::Descriptor &layer : described) {
        if (!address.isEmpty())
            layer.urls = QStringList{address + layer.digest.hex()};
    }
    const oci::Descriptor config = keep(oci::MediaType::dockerConfig(), configOf(described, platform));
    const QByteArray bytes = manifestJson(oci::MediaType::dockerManifest(), config, described);
    oci::Descriptor manifest = oci::Descriptor::of(oci::MediaType::dockerManifest(), bytes);
    m_manifests.append({manifest, bytes});
    manifest.platform = platform;
    return manifest;
}

ManyParts ManyParts::layers(int count)
{
    ManyParts image;
    image.addImage(parts(count), *oci::Platform::parse(QStringLiteral("linux/amd64")));
    return image;
}

ManyParts ManyParts::halfMarkedLayers(int count)
{
    ManyParts image;
    image.addImage(parts(count), *oci::Platform::parse(QStringLiteral("linux/amd64")),
                   QStringLiteral("https://downloads.example/"));
    return image;
}

ManyParts ManyParts::platforms(int count, int layersEach)
{
    ManyParts image;
    QList<oci::Descriptor> entries;
    for (int i = 0; i < count; ++i) {
        oci::Platform platform = *oci::Platform::parse(QStringLiteral("windows/amd64"));
        platform.osVersion = QStringLiteral("10.0.%1.1").arg(10'000 + i);
        QList<QByteArray> parts;
        for (int layer = 0; layer < layersEach; ++layer)
            parts.append(part(layer < layersEach / 2 ? "every platform" : platform.osVersion.toLatin1(), layer));
        entries.append(image.addImage(parts, platform));
    }
    const QByteArray bytes = indexJson(oci::MediaType::dockerManifestList(), entries);
    image.m_manifests.append({oci::Descriptor::of(oci::MediaType::dockerManifestList(), bytes), bytes});
    return image;
}

void ManyParts::putInto(content::MemoryStore &store, const QString &tag) const
{
    for (const auto &[descriptor, bytes] : m_blobs)
        store.addBlob(bytes, descriptor.mediaType);
    for (const auto &[descriptor, bytes] : m_manifests)
        store.addManifest(bytes, descriptor.mediaType, descriptor.digest == root().digest ? tag : QString());
}

QString ManyParts::pushTo(const content::TargetPtr &target, const QString &tag) const
{
    const auto upload = [target, blobs = m_blobs](int i, std::stop_token stop) {
        const auto &[descriptor, bytes] = blobs.at(i);
        return target->pushBlob(descriptor, content::readerOf(bytes), {}, std::move(stop));
    };
    const auto uploaded = await(base::forEachLimited(static_cast<int>(m_blobs.size()), uploads, upload, {}), patience);
    if (!uploaded)
        return uploaded.error().text();
    for (const auto &[descriptor, bytes] : m_manifests) {
        const auto pushed = await(descriptor.digest == root().digest ? target->tag(descriptor, bytes, tag, {})
                                                                     : target->pushManifest(descriptor, bytes, {}),
                                  patience);
        if (!pushed)
            return pushed.error().text();
    }
    return {};
}

} // namespace colophon::test
