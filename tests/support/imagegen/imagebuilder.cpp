// SPDX-License-Identifier: Apache-2.0
#include "support/imagegen/imagebuilder.h"

namespace colophon::test {

namespace {
using Kind = GeneratedContent::Kind;

QByteArray quoted(const QString &text) { return '"' + text.toUtf8() + '"'; }

QByteArray joined(const QList<QByteArray> &parts) { return parts.join(','); }

QByteArray platformMembers(const oci::Platform &platform)
{
    QByteArray json = "\"architecture\":" + quoted(platform.architecture) + ",\"os\":" + quoted(platform.os);
    if (!platform.variant.isEmpty())
        json += ",\"variant\":" + quoted(platform.variant);
    if (!platform.osVersion.isEmpty())
        json += ",\"os.version\":" + quoted(platform.osVersion);
    return json;
}

QByteArray descriptorObject(const oci::Descriptor &descriptor)
{
    QByteArray json = "{\"mediaType\":" + quoted(descriptor.mediaType.toString()) +
                      ",\"digest\":" + quoted(descriptor.digest.toString()) +
                      ",\"size\":" + QByteArray::number(descriptor.size);
    if (!descriptor.urls.isEmpty()) {
        QList<QByteArray> urls;
        for (const QString &url : descriptor.urls)
            urls.append(quoted(url));
        json += ",\"urls\":[" + joined(urls) + "]";
    }
    if (descriptor.platform)
        json += ",\"platform\":{" + platformMembers(*descriptor.platform) + "}";
    if (!descriptor.annotations.isEmpty()) {
        QList<QByteArray> members;
        for (auto each = descriptor.annotations.begin(); each != descriptor.annotations.end(); ++each)
            members.append(quoted(each.key()) + ':' + quoted(each.value()));
        json += ",\"annotations\":{" + joined(members) + "}";
    }
    if (descriptor.data)
        json += ",\"data\":\"" + descriptor.data->toBase64() + '"';
    return json + '}';
}
} // namespace

LayerSpec ordinary(const QByteArray &content) { return {content}; }

LayerSpec foreign(const QByteArray &content, const QStringList &urls)
{
    return {content, QStringLiteral("application/vnd.oci.image.layer.nondistributable.v1.tar+gzip"), urls};
}

LayerSpec typed(const QByteArray &content, const QString &type) { return {content, type}; }

oci::Digest digestOf(const QByteArray &content) { return oci::Digest::of(content); }

oci::Descriptor ImageBuilder::keep(Kind kind, const QString &type, const QByteArray &bytes)
{
    const GeneratedContent content{kind, oci::Descriptor::of(oci::MediaType(type), bytes), bytes};
    const bool isKnown = std::any_of(m_contents.begin(), m_contents.end(), [&](const GeneratedContent &each) {
        return each.descriptor.digest == content.descriptor.digest;
    });
    if (!isKnown)
        m_contents.append(content);
    return content.descriptor;
}

oci::Descriptor ImageBuilder::manifest(const QList<LayerSpec> &layers, const QString &platform, int diffIds,
                                       const QByteArray &extra)
{
    const oci::Platform parsed = oci::Platform::parse(platform).value_or(oci::Platform());
    QList<QByteArray> ids;
    for (int i = 0; i < (diffIds < 0 ? layers.size() : diffIds); ++i)
        ids.append(
            quoted(digestOf("diff " + (i < layers.size() ? layers[i].content : QByteArray::number(i))).toString()));
    const oci::Descriptor config =
        keep(Kind::Config, oci::MediaType::ociConfig().toString(),
             "{" + platformMembers(parsed) + ",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[" + joined(ids) + "]}}");
    QList<QByteArray> descriptors;
    for (const LayerSpec &layer : layers) {
        oci::Descriptor descriptor = keep(Kind::Blob, layer.type, layer.content);
        descriptor.urls = layer.urls;
        descriptors.append(descriptorObject(descriptor));
    }
    const QString type = oci::MediaType::ociManifest().toString();
    oci::Descriptor descriptor =
        keep(Kind::Manifest, type,
             "{" + extra + "\"schemaVersion\":2,\"mediaType\":" + quoted(type) +
                 ",\"config\":" + descriptorObject(config) + ",\"layers\":[" + joined(descriptors) + "]}");
    if (!platform.isEmpty())
        descriptor.platform = parsed;
    return descriptor;
}

oci::Descriptor ImageBuilder::attestation(const oci::Descriptor &about)
{
    oci::Descriptor descriptor = manifest({typed("statement", QStringLiteral("application/vnd.in-toto+json"))},
                                          QStringLiteral("unknown/unknown"));
    descriptor.annotations.insert(QStringLiteral("vnd.docker.reference.type"), QStringLiteral("attestation-manifest"));
    descriptor.annotations.insert(QStringLiteral("vnd.docker.reference.digest"), about.digest.toString());
    return descriptor;
}

oci::Descriptor ImageBuilder::index(const QList<oci::Descriptor> &entries, const QByteArray &extra)
{
    QList<QByteArray> manifests;
    for (const oci::Descriptor &entry : entries)
        manifests.append(descriptorObject(entry));
    const QString type = oci::MediaType::ociIndex().toString();
    return keep(Kind::Index, type,
                "{" + extra + "\"schemaVersion\":2,\"mediaType\":" + quoted(type) + ",\"manifests\":[" +
                    joined(manifests) + "]}");
}

GeneratedImage ImageBuilder::image(const oci::Descriptor &root) const
{
    GeneratedImage image;
    image.contents = m_contents;
    image.root = root;
    image.root.platform.reset();
    image.root.annotations.clear();
    return image;
}

} // namespace colophon::test
