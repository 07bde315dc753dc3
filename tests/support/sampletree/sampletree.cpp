// SPDX-License-Identifier: Apache-2.0
#include "support/sampletree/sampletree.h"

#include "oci/jsondocument.h"

namespace colophon::test {

using document::ImageNode;

namespace {
QByteArray quoted(const QString &text) { return oci::jsonString(text); }

QByteArray layerJson(const QByteArray &type, const QByteArray &name, qint64 size, const QByteArray &more = {})
{
    return R"(      {
         "mediaType": ")" +
           type + R"(",
         "size": )" +
           QByteArray::number(size) + R"(,
         "digest": ")" +
           oci::Digest::of(name).toLatin1() + '"' + more + "\n      }";
}

ImageNode imageOf(const QByteArray &manifest, const QByteArray &config)
{
    ImageNode node;
    node.role = ImageNode::Role::Image;
    node.manifest = oci::Manifest::parse(manifest).value();
    node.descriptor = node.manifest->descriptor();
    node.config = oci::ImageConfig::parse(config).value();
    return node;
}

ImageNode platformImage(const QByteArray &architecture, const QByteArrayList &layers, const QByteArray &history)
{
    QByteArrayList diffIds;
    for (const QByteArray &layer : layers)
        diffIds << quoted(oci::Digest::of(layer).toString());
    const QByteArray config = R"({"architecture":")" + architecture +
                              R"(","os":"linux","created":"2026-03-04T10:42:00Z","author":"Vendor","history":[)" +
                              history + R"(],"rootfs":{"type":"layers","diff_ids":[)" + diffIds.join(',') + "]}}";
    const QByteArray manifest = R"({
   "schemaVersion": 2,
   "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
   "config": {
      "mediaType": "application/vnd.docker.container.image.v1+json",
      "size": )" + QByteArray::number(config.size()) +
                                R"(,
      "digest": ")" + oci::Digest::of(config).toLatin1() +
                                R"("
   },
   "layers": [
)" + layers.join(",\n") + R"(
   ]
})";
    ImageNode node = imageOf(manifest, config);
    node.descriptor.platform = oci::Platform{QStringLiteral("linux"), QString::fromLatin1(architecture), {}, {}};
    return node;
}

QByteArray entryJson(const oci::Descriptor &entry, const QByteArray &platform)
{
    return R"(      {
         "mediaType": ")" +
           entry.mediaType.toString().toUtf8() + R"(",
         "size": )" +
           QByteArray::number(entry.size) + R"(,
         "digest": ")" +
           entry.digest.toLatin1() + R"(",
         "platform": )" +
           platform + "\n      }";
}
} // namespace

document::ImageTree vendorImage()
{
    const QByteArray gzip = "application/vnd.docker.image.rootfs.diff.tar.gzip";
    const QByteArray foreign = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip";
    const QByteArray url = R"(,
         "urls": [
            "https://dl.vendor.example/base/4612.tar.gz"
         ])";
    const QByteArray base = R"({"created_by":"/bin/sh -c #(nop) ADD file:4612aa in / "},)"
                            R"({"created_by":"/bin/sh -c #(nop)  CMD [\"/bin/sh\"]","empty_layer":true})";
    ImageNode amd =
        platformImage("amd64",
                      {layerJson(foreign, "base", 430'123'456, url), layerJson(gzip, "install", 170'000'000),
                       layerJson(gzip, "app", 10'400'000, url)},
                      base + R"(,{"created_by":"RUN /bin/sh -c apt-get install -y curl ca-certificates # buildkit"},)"
                             R"({"created_by":"COPY app /app # buildkit"})");
    ImageNode arm = platformImage(
        "arm64", {layerJson(foreign, "base", 430'123'456, url), layerJson(gzip, "arm", 165'000'000)}, base);
    ImageNode attestation = platformImage("amd64", {layerJson("application/vnd.in-toto+json", "sbom", 2'300)}, {});
    attestation.role = ImageNode::Role::Attestation;
    attestation.descriptor.platform = oci::Platform{QStringLiteral("unknown"), QStringLiteral("unknown"), {}, {}};

    const QByteArray index = R"({
   "schemaVersion": 2,
   "mediaType": "application/vnd.docker.distribution.manifest.list.v2+json",
   "manifests": [
)" + entryJson(amd.descriptor, R"({"architecture": "amd64", "os": "linux"})") +
                             ",\n" + entryJson(arm.descriptor, R"({"architecture": "arm64", "os": "linux"})") + ",\n" +
                             entryJson(attestation.descriptor, R"({"architecture": "unknown", "os": "unknown"})") + R"(
   ]
})";
    ImageNode root;
    root.role = ImageNode::Role::Index;
    root.index = oci::ImageIndex::parse(index).value();
    root.descriptor = root.index->descriptor();
    root.children = {amd, arm, attestation};
    return document::ImageTree(root);
}

document::ImageTree flatImage(int layers)
{
    QByteArray json = R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":)"
                      R"({"mediaType":"application/vnd.oci.image.config.v1+json","digest":")" +
                      oci::Digest::of("{}").toLatin1() + R"(","size":2},"layers":[)";
    for (int i = 0; i < layers; ++i) {
        json += (i > 0 ? QByteArray(",") : QByteArray()) +
                R"({"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":")" +
                oci::Digest::of(QByteArray::number(i)).toLatin1() + R"(","size":)" + QByteArray::number(1000 + i) + "}";
    }
    return document::ImageTree(imageOf(json + "]}", "{}"));
}

document::ImageTree imageSaying(const QString &text)
{
    const QByteArray said = quoted(text);
    const QByteArray config = R"({"architecture":"amd64","os":)" + said + R"(,"created":)" + said + R"(,"author":)" +
                              said + R"(,"history":[{"created_by":)" + said +
                              R"(}],"rootfs":{"type":"layers","diff_ids":[)" + said + "]}}";
    const QByteArray manifest =
        R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":)"
        R"({"mediaType":"application/vnd.oci.image.config.v1+json","digest":")" +
        oci::Digest::of(config).toLatin1() + R"(","size":)" + QByteArray::number(config.size()) +
        R"(},"layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":")" +
        oci::Digest::of("layer").toLatin1() + R"(","size":5,"urls":[)" + said + R"(],"annotations":{)" + said + ":" +
        said + R"(}}],"annotations":{)" + said + ":" + said + "}}";
    ImageNode node = imageOf(manifest, config);
    return document::ImageTree(node);
}

oci::Reference vendorReference() { return oci::Reference::parse(u"registry.example/vendor/app:1.4").value(); }

} // namespace colophon::test
