// SPDX-License-Identifier: Apache-2.0
#include "support/faketarget/sampleimage.h"

namespace colophon::test {

namespace {
QByteArray text(const QString &value) { return '"' + value.toUtf8() + '"'; }

QByteArray descriptorJson(const oci::Descriptor &descriptor, const QByteArray &indent)
{
    QByteArray json = "{\n" + indent + "  \"mediaType\": " + text(descriptor.mediaType.toString()) + ",\n" + indent +
                      "  \"size\": " + QByteArray::number(descriptor.size) + ",\n" + indent +
                      "  \"digest\": " + text(descriptor.digest.toString());
    if (!descriptor.urls.isEmpty()) {
        QByteArrayList urls;
        for (const QString &url : descriptor.urls)
            urls.append(text(url));
        json += ",\n" + indent + "  \"urls\": [" + urls.join(", ") + "]";
    }
    if (descriptor.platform) {
        const oci::Platform &platform = *descriptor.platform;
        json += ",\n" + indent + "  \"platform\": {\"architecture\": " + text(platform.architecture) +
                ", \"os\": " + text(platform.os);
        if (!platform.osVersion.isEmpty())
            json += ", \"os.version\": " + text(platform.osVersion);
        if (!platform.variant.isEmpty())
            json += ", \"variant\": " + text(platform.variant);
        json += "}";
    }
    if (!descriptor.annotations.isEmpty()) {
        QByteArrayList members;
        for (auto it = descriptor.annotations.cbegin(); it != descriptor.annotations.cend(); ++it)
            members.append(text(it.key()) + ": " + text(it.value()));
        json += ",\n" + indent + "  \"annotations\": {" + members.join(", ") + "}";
    }
    return json + "\n" + indent + "}";
}

QByteArray arrayJson(const QList<oci::Descriptor> &descriptors)
{
    QByteArrayList items;
    for (const oci::Descriptor &descriptor : descriptors)
        items.append("    " + descriptorJson(descriptor, "    "));
    return descriptors.isEmpty() ? QByteArray("[]") : "[\n" + items.join(",\n") + "\n  ]";
}

bool isDocker(const oci::MediaType &type) { return type.family() == oci::MediaType::Family::Docker; }
} // namespace

QByteArray layerBytes(const QString &name, qint64 size)
{
    const QByteArray word = name.toUtf8() + '\n';
    QByteArray bytes;
    while (bytes.size() < size)
        bytes += word;
    return bytes.left(size);
}

oci::Descriptor layerOf(const QString &name, const oci::MediaType &type, const QStringList &urls, qint64 size)
{
    oci::Descriptor layer = oci::Descriptor::of(type, layerBytes(name, size));
    layer.urls = urls;
    layer.annotations.insert(QStringLiteral("test.name"), name);
    return layer;
}

QByteArray manifestJson(const oci::MediaType &type, const oci::Descriptor &config, const QList<oci::Descriptor> &layers)
{
    return "{\n  \"schemaVersion\": 2,\n  \"mediaType\": " + text(type.toString()) +
           ",\n  \"config\": " + descriptorJson(config, "  ") + ",\n  \"layers\": " + arrayJson(layers) + "\n}";
}

QByteArray indexJson(const oci::MediaType &type, const QList<oci::Descriptor> &entries)
{
    return "{\n  \"schemaVersion\": 2,\n  \"mediaType\": " + text(type.toString()) +
           ",\n  \"manifests\": " + arrayJson(entries) + "\n}";
}

oci::Descriptor addImage(content::MemoryStore &store, const QString &platform, const QList<QString> &layerNames,
                         const oci::MediaType &layerType)
{
    QList<oci::Descriptor> layers;
    for (const QString &name : layerNames)
        layers.append(layerOf(name, layerType));
    return addImage(store, platform, layers);
}

oci::Descriptor addImage(content::MemoryStore &store, const QString &platform, const QList<oci::Descriptor> &layers)
{
    const oci::Platform parsed = oci::Platform::parse(platform).value();
    const bool docker = !layers.isEmpty() && isDocker(layers.first().mediaType);
    QByteArrayList diffIds;
    for (const oci::Descriptor &layer : layers) {
        diffIds.append(text(layer.digest.toString()));
        if (!layer.mediaType.isNonDistributable())
            store.addBlob(layerBytes(layer.annotations.value(QStringLiteral("test.name")), layer.size),
                          layer.mediaType);
    }
    const QByteArray configJson =
        "{\"architecture\":" + text(parsed.architecture) + ",\"os\":" + text(parsed.os) +
        (parsed.osVersion.isEmpty() ? QByteArray() : ",\"os.version\":" + text(parsed.osVersion)) +
        ",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[" + diffIds.join(",") + "]}}";
    const oci::Descriptor config =
        store.addBlob(configJson, docker ? oci::MediaType::dockerConfig() : oci::MediaType::ociConfig());
    const oci::MediaType type = docker ? oci::MediaType::dockerManifest() : oci::MediaType::ociManifest();
    oci::Descriptor manifest = store.addManifest(manifestJson(type, config, layers), type);
    manifest.platform = parsed;
    return manifest;
}

oci::Descriptor addAttestation(content::MemoryStore &store, const oci::Descriptor &subject)
{
    const oci::Descriptor statement = store.addBlob("{\"_type\":\"https://in-toto.io/Statement/v0.1\"}",
                                                    oci::MediaType(QStringLiteral("application/vnd.in-toto+json")));
    const oci::Descriptor config =
        store.addBlob("{\"architecture\":\"unknown\",\"os\":\"unknown\"}", oci::MediaType::ociConfig());
    const oci::MediaType type = oci::MediaType::ociManifest();
    oci::Descriptor manifest = store.addManifest(manifestJson(type, config, {statement}), type);
    manifest.platform = oci::Platform{QStringLiteral("unknown"), QStringLiteral("unknown"), {}, {}};
    manifest.annotations.insert(QStringLiteral("vnd.docker.reference.type"), QStringLiteral("attestation-manifest"));
    manifest.annotations.insert(QStringLiteral("vnd.docker.reference.digest"), subject.digest.toString());
    return manifest;
}

oci::Descriptor addIndex(content::MemoryStore &store, const QList<oci::Descriptor> &entries, const QString &tag)
{
    const bool docker = !entries.isEmpty() && isDocker(entries.first().mediaType);
    const oci::MediaType type = docker ? oci::MediaType::dockerManifestList() : oci::MediaType::ociIndex();
    return store.addManifest(indexJson(type, entries), type, tag);
}

} // namespace colophon::test
