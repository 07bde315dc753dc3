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

void write(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("A file of the test cannot be written: %s", qPrintable(path));
}
} // namespace

oci::MediaType Kind::type() const
{
    using oci::MediaType;
    static const MediaType dockerTar(QStringLiteral("application/vnd.docker.image.rootfs.diff.tar"));
    const MediaType &ordinary = compression[0] == 'n'   ? (isDocker() ? dockerTar : MediaType::ociLayerTar())
                                : compression[0] == 'z' ? MediaType::ociLayerZstd()
                                : isDocker()            ? MediaType::dockerLayerGzip()
                                                        : MediaType::ociLayerGzip();
    return isMarked ? *ordinary.pair() : ordinary;
}

const QList<Kind> &kinds()
{
    static const QList<Kind> all{
        {"a", "non-distributable", "docker", "gzip", true, true},
        {"a none", "non-distributable", "docker", "none", true, true},
        {"b", "non-distributable", "oci", "gzip", true, true},
        {"b none", "non-distributable", "oci", "none", true, true},
        {"b zstd", "non-distributable", "oci", "zstd", true, true},
        {"c", "unfetchable", "oci", "gzip", true, false},
        {"c none", "unfetchable", "oci", "none", true, false},
        {"c zstd", "unfetchable", "oci", "zstd", true, false},
        {"c docker", "unfetchable", "docker", "gzip", true, false},
        {"c docker none", "unfetchable", "docker", "none", true, false},
        {"d", "half-marked", "oci", "gzip", false, true},
        {"d none", "half-marked", "oci", "none", false, true},
        {"d zstd", "half-marked", "oci", "zstd", false, true},
        {"d docker", "half-marked", "docker", "gzip", false, true},
        {"d docker none", "half-marked", "docker", "none", false, true},
        {"e", "distributable", "oci", "gzip", false, false},
        {"e none", "distributable", "oci", "none", false, false},
        {"e zstd", "distributable", "oci", "zstd", false, false},
        {"e docker", "distributable", "docker", "gzip", false, false},
        {"e docker none", "distributable", "docker", "none", false, false},
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
    const auto compression = kind.compression[0] == 'n'   ? demo::Compression::None
                             : kind.compression[0] == 'z' ? demo::Compression::Zstd
                                                          : demo::Compression::Gzip;
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
    for (const GeneratedContent &each : image.image.contents) {
        if (isWhole || each.descriptor.digest != image.marked.digest)
            write(folder + QStringLiteral("/blobs/sha256/") + each.descriptor.digest.hex(), each.bytes);
    }
    write(folder + QStringLiteral("/oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
    write(folder + QStringLiteral("/index.json"),
          "{\"schemaVersion\":2,\"manifests\":[" +
              json(image.image.root, ",\"annotations\":{\"org.opencontainers.image.ref.name\":\"1\"}") + "]}");
}

void writeDirectory(const MarkedImage &image, const QString &folder)
{
    for (const GeneratedContent &each : image.image.contents)
        write(folder + u'/' + (each.isManifest() ? QStringLiteral("manifest.json") : each.descriptor.digest.hex()),
              each.bytes);
    write(folder + QStringLiteral("/version"), "Directory Transport Version: 1.1\n");
}

} // namespace colophon::test
