// SPDX-License-Identifier: Apache-2.0
#include "behaviour/runs/markedimage.h"

#include "demo/layertar.h"
#include "oci/jsondocument.h"

#include <QDir>
#include <QFile>
#include <QUuid>

namespace colophon::test {

namespace {
GeneratedContent contentOf(GeneratedContent::Kind kind, const oci::MediaType &type, const QByteArray &bytes)
{
    return {kind, oci::Descriptor::of(type, bytes), bytes};
}

QByteArray json(const oci::Descriptor &descriptor, const QByteArray &more = {})
{
    return "{\"mediaType\":" + oci::jsonString(descriptor.mediaType.toString()) +
           ",\"digest\":" + oci::jsonString(descriptor.digest.toString()) +
           ",\"size\":" + QByteArray::number(descriptor.size) + more + '}';
}
} // namespace

oci::MediaType Kind::type() const
{
    const oci::MediaType &ordinary = isDocker() ? oci::MediaType::dockerLayerGzip()
                                     : isZstd() ? oci::MediaType::ociLayerZstd()
                                                : oci::MediaType::ociLayerGzip();
    return isMarked ? *ordinary.pair() : ordinary;
}

const QList<Kind> &kinds()
{
    static const QList<Kind> all{
        {"a", "non-distributable", "docker", "gzip", true, true},
        {"b", "non-distributable", "oci", "gzip", true, true},
        {"b zstd", "non-distributable", "oci", "zstd", true, true},
        {"c", "unfetchable", "oci", "gzip", true, false},
        {"c docker", "unfetchable", "docker", "gzip", true, false},
        {"d", "half-marked", "oci", "gzip", false, true},
        {"d docker", "half-marked", "docker", "gzip", false, true},
        {"d zstd", "half-marked", "oci", "zstd", false, true},
        {"e", "distributable", "oci", "gzip", false, false},
        {"e docker", "distributable", "docker", "gzip", false, false},
    };
    return all;
}

const Kind &kind(const char *name)
{
    for (const Kind &each : kinds()) {
        if (qstrcmp(each.name, name) == 0)
            return each;
    }
    qFatal("There is no kind of layer called %s.", name);
}

MarkedImage makeImage(const Kind &kind, const QString &url, bool isTitled)
{
    using Content = GeneratedContent::Kind;
    MarkedImage made;
    made.content = QUuid::createUuid().toByteArray();
    const auto compression = kind.isZstd() ? demo::Compression::Zstd : demo::Compression::Gzip;
    const demo::Layer first = demo::makeLayer({{QStringLiteral("opt/marked"), made.content}}, compression);
    const demo::Layer second = demo::makeLayer({{QStringLiteral("opt/ordinary"), QUuid::createUuid().toByteArray()}});

    const oci::MediaType &ordinaryType =
        kind.isDocker() ? oci::MediaType::dockerLayerGzip() : oci::MediaType::ociLayerGzip();
    const GeneratedContent marked = contentOf(Content::Blob, kind.type(), first.bytes);
    const GeneratedContent ordinary = contentOf(Content::Blob, ordinaryType, second.bytes);
    const GeneratedContent config = contentOf(
        Content::Config, kind.isDocker() ? oci::MediaType::dockerConfig() : oci::MediaType::ociConfig(),
        "{\"architecture\":\"amd64\",\"os\":\"linux\",\"created\":\"2023-11-14T22:13:20Z\",\"config\":{\"Cmd\":[\"/opt/"
        "marked\"]},\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[" +
            oci::jsonString(first.diffId) + ',' + oci::jsonString(second.diffId) +
            "]},\"history\":[{\"created_by\":\"first\"},{\"created_by\":\"second\"}]}");
    const auto title = [isTitled](const char *name) {
        return isTitled ? QByteArray(",\"annotations\":{\"org.opencontainers.image.title\":\"") + name + "\"}"
                        : QByteArray();
    };
    QByteArray urls;
    if (kind.hasUrls)
        urls = ",\"urls\":[" + oci::jsonString(url.arg(marked.descriptor.digest.toString())) + ']';
    const oci::MediaType manifestType =
        kind.isDocker() ? oci::MediaType::dockerManifest() : oci::MediaType::ociManifest();
    const GeneratedContent manifest =
        contentOf(Content::Manifest, manifestType,
                  "{\"schemaVersion\":2,\"mediaType\":" + oci::jsonString(manifestType.toString()) + ",\"config\":" +
                      json(config.descriptor) + ",\"layers\":[" + json(marked.descriptor, urls + title("marked")) +
                      ',' + json(ordinary.descriptor, title("ordinary")) + "]}");
    made.image.contents = {marked, ordinary, config, manifest};
    made.image.root = manifest.descriptor;
    made.marked = marked.descriptor;
    made.ordinary = ordinary.descriptor;
    return made;
}

void writeLayout(const MarkedImage &image, const QString &folder, bool isWhole)
{
    QDir().mkpath(folder + QStringLiteral("/blobs/sha256"));
    const auto write = [&folder](const QString &path, const QByteArray &bytes) {
        QFile file(folder + u'/' + path);
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
            qFatal("A layout of the test cannot be written.");
    };
    for (const GeneratedContent &each : image.image.contents) {
        if (isWhole || each.descriptor.digest != image.marked.digest)
            write(QStringLiteral("blobs/sha256/") + each.descriptor.digest.hex(), each.bytes);
    }
    write(QStringLiteral("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
    write(QStringLiteral("index.json"),
          "{\"schemaVersion\":2,\"manifests\":[" +
              json(image.image.root, ",\"annotations\":{\"org.opencontainers.image.ref.name\":\"1\"}") + "]}");
}

} // namespace colophon::test
