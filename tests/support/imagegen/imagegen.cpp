// SPDX-License-Identifier: Apache-2.0
#include "support/imagegen/imagegen.h"

#include "support/imagegen/jsontext.h"

#include <array>

namespace colophon::test {

namespace {
using Kind = GeneratedContent::Kind;

struct Layer
{
    oci::Digest digest;
    qint64 size = 0;
    QByteArray type;
    QList<QByteArray> urls;
    bool hasEmptyUrls = false;
};

struct PlatformText
{
    QByteArray os;
    QByteArray architecture;
    QByteArray variant;
    QByteArray version;
};

const std::array<PlatformText, 6> platforms{{{"linux", "amd64", "", ""},
                                             {"linux", "arm64", "v8", ""},
                                             {"linux", "arm", "v7", ""},
                                             {"linux", "arm", "v6", ""},
                                             {"windows", "amd64", "", "10.0.17763.5329"},
                                             {"windows", "amd64", "", "10.0.20348.2227"}}};

class Generator
{
public:
    Generator(std::uint32_t seed, const GeneratorOptions &options)
        : m_dice(seed)
        , m_options(options)
        , m_isDocker(m_dice.chance(50))
        , m_style(Json::anyStyle(m_dice))
    {
        m_image.seed = seed;
    }

    GeneratedImage image();
    QByteArray manifest(const PlatformText &platform);

private:
    oci::Digest keep(Kind kind, const QByteArray &type, const QByteArray &bytes, bool sha512 = false);
    QByteArray randomBytes(int least, int most);
    QByteArray url(const oci::Digest &digest);
    Layer newLayer();
    Layer layer();
    void setMarking(Layer &layer);
    Json descriptor(const QByteArray &type, const oci::Digest &digest, qint64 size);
    Json layerDescriptor(const Layer &layer);
    Json platformObject(const PlatformText &platform);
    Json entry(const GeneratedContent &content, const PlatformText *platform);
    void addUnknown(Json &object, int percent);
    QByteArray config(const PlatformText &platform, int layers);
    QByteArray written(const Json &json);
    oci::Digest index(int depth);

    QByteArray manifestType() const
    {
        return m_isDocker ? "application/vnd.docker.distribution.manifest.v2+json"
                          : "application/vnd.oci.image.manifest.v1+json";
    }
    QByteArray indexType() const
    {
        return m_isDocker ? "application/vnd.docker.distribution.manifest.list.v2+json"
                          : "application/vnd.oci.image.index.v1+json";
    }
    QByteArray configType() const
    {
        return m_isDocker ? "application/vnd.docker.container.image.v1+json"
                          : "application/vnd.oci.image.config.v1+json";
    }

    Dice m_dice;
    GeneratorOptions m_options;
    bool m_isDocker;
    Json::Style m_style;
    GeneratedImage m_image;
    QList<Layer> m_layers; // made so far: later manifests share them
};

oci::Digest Generator::keep(Kind kind, const QByteArray &type, const QByteArray &bytes, bool sha512)
{
    GeneratedContent content;
    content.kind = kind;
    content.bytes = bytes;
    content.descriptor.mediaType = oci::MediaType(QString::fromLatin1(type));
    content.descriptor.digest =
        oci::Digest::of(bytes, sha512 ? oci::Digest::Algorithm::Sha512 : oci::Digest::Algorithm::Sha256);
    content.descriptor.size = bytes.size();
    if (!m_image.find(content.descriptor.digest))
        m_image.contents.append(content);
    return content.descriptor.digest;
}

QByteArray Generator::randomBytes(int least, int most)
{
    QByteArray bytes(m_dice.from(least, most), '\0');
    for (char &byte : bytes)
        byte = static_cast<char>(m_dice.below(256));
    return bytes;
}

QByteArray Generator::url(const oci::Digest &digest)
{
    static const std::array<QByteArray, 4> hosts{"https://downloads.example/layers/",
                                                 "http://127.0.0.1:8080/v2/x/blobs/", "https://mcr.example:8443/a%20b/",
                                                 "https://x.example/?q=\"quoted\"&d="};
    return m_dice.of(hosts) + digest.toLatin1();
}

void Generator::setMarking(Layer &layer)
{
    const QByteArray word = m_isDocker ? "foreign." : "nondistributable.";
    const QByteArray behind = m_isDocker ? "rootfs." : "layer.";
    const int roll = m_dice.below(100);
    const bool foreign = roll >= 60 && roll < (m_options.oddMarkings ? 84 : 100);
    const bool urls = (roll >= 60 && roll < 76) || (m_options.oddMarkings ? roll >= 84 && roll < 92 : roll >= 60);
    if (foreign)
        layer.type.insert(layer.type.indexOf(behind) + behind.size(), word);
    for (int i = urls ? m_dice.from(1, 3) : 0; i > 0; --i)
        layer.urls.append(url(layer.digest));
    layer.hasEmptyUrls = !urls && m_dice.chance(8);
}

Layer Generator::newLayer()
{
    static const std::array<QByteArray, 2> docker{"application/vnd.docker.image.rootfs.diff.tar.gzip",
                                                  "application/vnd.docker.image.rootfs.diff.tar"};
    static const std::array<QByteArray, 3> oci{"application/vnd.oci.image.layer.v1.tar+gzip",
                                               "application/vnd.oci.image.layer.v1.tar",
                                               "application/vnd.oci.image.layer.v1.tar+zstd"};
    Layer layer;
    layer.type = m_isDocker ? m_dice.of(docker) : m_dice.of(oci);
    const QByteArray bytes = randomBytes(1, m_options.layerBytes);
    layer.digest = keep(Kind::Blob, layer.type, bytes, m_options.sha512 && m_dice.chance(6));
    layer.size = bytes.size();
    if (m_options.typesWithoutPair && m_dice.chance(5))
        layer.type =
            m_isDocker ? "application/vnd.docker.image.rootfs.diff.tar.zstd" : "application/vnd.example.thing+json";
    else
        setMarking(layer);
    m_layers.append(layer);
    return layer;
}

Layer Generator::layer()
{
    if (m_layers.isEmpty() || !m_dice.chance(45))
        return newLayer();
    Layer layer = m_dice.of(m_layers);
    if (m_options.partialMarkings && m_dice.chance(12)) {
        layer.type.replace("foreign.", "").replace("nondistributable.", "");
        layer.urls.clear();
        if (layer.type.contains("rootfs.diff.tar.gzip") || layer.type.contains("layer.v1"))
            setMarking(layer);
    }
    return layer;
}

void Generator::addUnknown(Json &object, int percent)
{
    if (!m_dice.chance(percent))
        return;
    static const std::array<QByteArray, 9> values{"18446744073709551615",
                                                  "-9007199254740993",
                                                  "9223372036854775808",
                                                  "123456789012345678901234567890",
                                                  "1.10",
                                                  "6.02E+23",
                                                  "-0.0",
                                                  "true",
                                                  "null"};
    object.add("x.unknown", Json::raw(m_dice.of(values)));
    if (m_dice.chance(40)) {
        Json nested = Json::object();
        nested.add("uml\xc3\xa4ut", Json::string("a/b \"c\" \\ \xe2\x82\xac \x01\n"));
        nested.add("list", Json::array().add(Json::raw(m_dice.of(values))).add(Json::object()).add(Json::array()));
        object.add("vendor", nested);
    }
}

Json Generator::descriptor(const QByteArray &type, const oci::Digest &digest, qint64 size)
{
    Json json = Json::object();
    json.add("mediaType", Json::string(type));
    json.add("size", Json::number(size));
    json.add("digest", Json::plain(digest.toLatin1()));
    return json;
}

Json Generator::layerDescriptor(const Layer &layer)
{
    Json json = descriptor(layer.type, layer.digest, layer.size);
    if (!layer.urls.isEmpty() || layer.hasEmptyUrls) {
        Json urls = Json::array();
        for (const QByteArray &each : layer.urls)
            urls.add(Json::string(each));
        json.add("urls", urls);
    }
    if (m_dice.chance(20))
        json.add("annotations", Json::object().add("org.example/layer", Json::string("a/b \xe2\x82\xac")));
    addUnknown(json, 20);
    return json;
}

Json Generator::platformObject(const PlatformText &platform)
{
    Json json = Json::object();
    json.add("architecture", Json::string(platform.architecture));
    json.add("os", Json::string(platform.os));
    if (!platform.variant.isEmpty())
        json.add("variant", Json::string(platform.variant));
    if (!platform.version.isEmpty())
        json.add("os.version", Json::string(platform.version));
    addUnknown(json, 5);
    return json;
}

QByteArray Generator::written(const Json &json)
{
    if (m_dice.chance(30)) // the parts of one image come from different tools
        m_style = Json::anyStyle(m_dice);
    return json.written(m_style, m_dice);
}

QByteArray Generator::config(const PlatformText &platform, int layers)
{
    Json json = platformObject(platform);
    Json ids = Json::array();
    Json history = Json::array();
    for (int i = 0; i < layers; ++i) {
        ids.add(Json::plain(oci::Digest::of(randomBytes(8, 8)).toLatin1()));
        history.add(Json::object().add("created_by", Json::string("RUN step " + QByteArray::number(i))));
        if (m_dice.chance(20))
            history.add(
                Json::object().add("created_by", Json::string("ENV A=1")).add("empty_layer", Json::raw("true")));
    }
    json.add("created", Json::string("2026-11-01T10:00:00Z"));
    json.add("rootfs", Json::object().add("type", Json::string("layers")).add("diff_ids", ids));
    json.add("history", history);
    return written(json);
}

QByteArray Generator::manifest(const PlatformText &platform)
{
    const int count = m_dice.chance(4) ? 0 : m_dice.from(1, m_options.mostLayers);
    const QByteArray configBytes = config(platform, count);
    const oci::Digest configDigest = keep(Kind::Config, configType(), configBytes);
    Json list = Json::array();
    for (int i = 0; i < count; ++i)
        list.add(layerDescriptor(layer()));
    Json json = Json::object();
    json.add("schemaVersion", Json::raw("2"));
    if (m_isDocker || m_dice.chance(75))
        json.add("mediaType", Json::string(manifestType()));
    json.add("config", descriptor(configType(), configDigest, configBytes.size()));
    json.add("layers", list);
    if (m_dice.chance(20))
        json.add("annotations", Json::object().add("org.opencontainers.image.ref.name", Json::string("v1/\xc3\xa4")));
    addUnknown(json, 25);
    return written(json);
}

Json Generator::entry(const GeneratedContent &content, const PlatformText *platform)
{
    Json json = descriptor(content.descriptor.mediaType.toString().toLatin1(), content.descriptor.digest,
                           content.descriptor.size);
    if (platform)
        json.add("platform", platformObject(*platform));
    if (m_dice.chance(20))
        json.add("data", Json::plain(content.bytes.toBase64()));
    addUnknown(json, 15);
    return json;
}

oci::Digest Generator::index(int depth)
{
    Json list = Json::array();
    const int count = m_dice.from(1, 4);
    for (int i = 0; i < count; ++i) {
        const PlatformText platform = m_dice.of(platforms);
        if (m_options.nestedIndexes && depth == 0 && !m_isDocker && m_dice.chance(8)) {
            const GeneratedContent nested = *m_image.find(index(depth + 1));
            list.add(entry(nested, nullptr));
            continue;
        }
        const oci::Digest digest =
            keep(Kind::Manifest, manifestType(), manifest(platform), m_options.sha512 && m_dice.chance(6));
        const GeneratedContent content = *m_image.find(digest);
        list.add(entry(content, &platform));
        if (m_dice.chance(10)) // the same manifest for two platforms
            list.add(entry(content, &platforms[3]));
        if (m_options.attestations && !m_isDocker && m_dice.chance(15)) {
            const PlatformText unknown{"unknown", "unknown", "", ""};
            const GeneratedContent attestation = *m_image.find(keep(Kind::Manifest, manifestType(), manifest(unknown)));
            Json json = entry(attestation, &unknown);
            json.add("annotations", Json::object()
                                        .add("vnd.docker.reference.type", Json::string("attestation-manifest"))
                                        .add("vnd.docker.reference.digest", Json::plain(digest.toLatin1())));
            list.add(json);
        }
    }
    Json json = Json::object();
    json.add("schemaVersion", Json::raw("2"));
    if (m_isDocker || m_dice.chance(75))
        json.add("mediaType", Json::string(indexType()));
    json.add("manifests", list);
    addUnknown(json, 25);
    return keep(Kind::Index, indexType(), written(json));
}

GeneratedImage Generator::image()
{
    if (m_options.indexOnly || m_dice.chance(70))
        m_image.root = m_image.find(index(0))->descriptor;
    else
        m_image.root = m_image.find(keep(Kind::Manifest, manifestType(), manifest(m_dice.of(platforms))))->descriptor;
    return m_image;
}

document::ImageNode nodeOf(const GeneratedImage &image, const oci::Descriptor &named)
{
    if (!image.find(named.digest)) { // not fetched: opaque
        document::ImageNode opaque;
        opaque.descriptor = named;
        return opaque;
    }
    base::Result<document::ImageNode> node = document::ImageNode::read(named, image.bytesOf(named.digest));
    if (!node)
        qFatal("Seed %u: %s", image.seed, qPrintable(node.error().text()));
    for (document::ImageNode &child : node->children)
        child = nodeOf(image, child.descriptor);
    if (node->manifest) {
        const base::Result<oci::ImageConfig> config =
            oci::ImageConfig::parse(image.bytesOf(node->manifest->config().digest));
        if (config)
            node->config = *config;
    }
    return *node;
}
} // namespace

const GeneratedContent *GeneratedImage::find(const oci::Digest &digest) const
{
    for (const GeneratedContent &content : contents) {
        if (content.descriptor.digest == digest)
            return &content;
    }
    return nullptr;
}

QByteArray GeneratedImage::bytesOf(const oci::Digest &digest) const
{
    const GeneratedContent *content = find(digest);
    return content ? content->bytes : QByteArray();
}

GeneratedImage generatedImage(std::uint32_t seed, const GeneratorOptions &options)
{
    return Generator(seed, options).image();
}

QByteArray generatedManifest(std::uint32_t seed)
{
    return Generator(seed, {}).manifest(platforms[seed % platforms.size()]);
}

document::ImageTree treeOf(const GeneratedImage &image) { return document::ImageTree(nodeOf(image, image.root)); }

void pour(const GeneratedImage &image, const Sink &sink)
{
    for (const GeneratedContent &content : image.contents)
        sink(content);
}

} // namespace colophon::test
