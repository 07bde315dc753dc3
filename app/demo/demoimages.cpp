// SPDX-License-Identifier: Apache-2.0
#include "demo/demoimages.h"

#include "demo/layertar.h"
#include "demo/signedimage.h"
#include "oci/digest.h"
#include "oci/jsondocument.h"
#include "oci/mediatype.h"

#include <QCoreApplication>

namespace colophon::demo {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(DemoImages)
};

constexpr auto created = "2023-11-14T22:13:20Z";

// A layer as one image uses it: with the instruction that made it, and its marking.
struct ImageLayer
{
    Layer layer;
    oci::MediaType type;
    QString createdBy;
    QStringList urls = {};
    bool inRegistry = true;
};

struct ImagePlatform
{
    QByteArray os;
    QByteArray architecture;
    QByteArray osVersion = {};
};

// What a client calls the document: bytes and type.
struct Document
{
    QByteArray bytes;
    oci::MediaType type;
    QString digest() const { return oci::Digest::of(bytes).toString(); }
};

QByteArray quoted(const QString &text) { return oci::jsonString(text); }

QByteArray platformJson(const ImagePlatform &platform)
{
    QByteArray json = "\"architecture\":\"" + platform.architecture + "\",\"os\":\"" + platform.os + '"';
    if (!platform.osVersion.isEmpty())
        json += ",\"os.version\":\"" + platform.osVersion + '"';
    return json;
}

// The configuration: one history entry a layer, then the settings that make no layer.
QByteArray configJson(const ImagePlatform &platform, const QList<ImageLayer> &layers, const QStringList &settings)
{
    QByteArrayList history;
    QByteArrayList diffIds;
    const auto entry = [](const QString &createdBy, const char *more) {
        return QByteArray("{\"created\":\"") + created + "\",\"created_by\":" + quoted(createdBy) + more + '}';
    };
    for (const ImageLayer &each : layers) {
        history.append(entry(each.createdBy, ""));
        diffIds.append(quoted(each.layer.diffId));
    }
    for (const QString &setting : settings)
        history.append(entry(setting, ",\"empty_layer\":true"));
    return '{' + platformJson(platform) + ",\"created\":\"" + created +
           "\",\"config\":{\"Env\":[\"PATH=/usr/local/bin:/usr/bin:/bin\"],\"Cmd\":[\"/usr/bin/app\"]},\"rootfs\":{"
           "\"type\":\"layers\",\"diff_ids\":[" +
           diffIds.join(',') + "]},\"history\":[" + history.join(',') + "]}";
}

// A JSON object of ready members; in Docker's layout (three spaces) or on one line as BuildKit writes OCI manifests.
QByteArray objectOf(const QByteArrayList &members, bool docker, int depth)
{
    if (!docker)
        return '{' + members.join(',') + '}';
    const QByteArray outer = '\n' + QByteArray(qsizetype(3) * depth, ' ');
    const QByteArray inner = outer + "   ";
    return '{' + inner + members.join(',' + inner) + outer + '}';
}

QByteArray arrayOf(const QByteArrayList &elements, bool docker, int depth)
{
    if (!docker)
        return '[' + elements.join(',') + ']';
    const QByteArray outer = '\n' + QByteArray(qsizetype(3) * depth, ' ');
    const QByteArray inner = outer + "   ";
    return '[' + inner + elements.join(',' + inner) + outer + ']';
}

QByteArray member(const char *name, const QByteArray &value, bool docker)
{
    return '"' + QByteArray(name) + (docker ? "\": " : "\":") + value;
}

QByteArray descriptorJson(const oci::MediaType &type, const QByteArray &size, const QString &digest,
                          const QByteArrayList &more, bool docker)
{
    QByteArrayList members{member("mediaType", quoted(type.toString()), docker), member("size", size, docker),
                           member("digest", quoted(digest), docker)};
    members += more;
    return objectOf(members, docker, 2);
}

Document manifestOf(const QByteArray &config, const QList<ImageLayer> &layers, bool docker)
{
    QByteArrayList entries;
    for (const ImageLayer &each : layers) {
        QByteArrayList more;
        QByteArrayList urls;
        for (const QString &url : each.urls)
            urls.append(quoted(url));
        if (!urls.isEmpty())
            more.append(member("urls", arrayOf(urls, docker, 3), docker));
        entries.append(
            descriptorJson(each.type, QByteArray::number(each.layer.bytes.size()), each.layer.digest, more, docker));
    }
    const oci::MediaType type = docker ? oci::MediaType::dockerManifest() : oci::MediaType::ociManifest();
    const oci::MediaType configType = docker ? oci::MediaType::dockerConfig() : oci::MediaType::ociConfig();
    const QByteArray configEntry = objectOf({member("mediaType", quoted(configType.toString()), docker),
                                             member("size", QByteArray::number(config.size()), docker),
                                             member("digest", quoted(oci::Digest::of(config).toString()), docker)},
                                            docker, 1);
    return {objectOf({member("schemaVersion", "2", docker), member("mediaType", quoted(type.toString()), docker),
                      member("config", configEntry, docker), member("layers", arrayOf(entries, docker, 1), docker)},
                     docker, 0),
            type};
}

// Puts images into one repository of the store.
class Shelf
{
public:
    Shelf(Store &store, QString repository)
        : m_store(store)
        , m_repository(std::move(repository))
    {
    }

    Document addImage(const ImagePlatform &platform, const QList<ImageLayer> &layers, const QStringList &settings,
                      bool docker, const QString &tag = {})
    {
        const QByteArray config = configJson(platform, layers, settings);
        m_store.addBlob(m_repository, oci::Digest::of(config).toString(), config);
        for (const ImageLayer &each : layers)
            if (each.inRegistry)
                m_store.addBlob(m_repository, each.layer.digest, each.layer.bytes);
        Document manifest = manifestOf(config, layers, docker);
        m_store.addManifest(m_repository, tag, manifest.type.toString(), manifest.bytes);
        return manifest;
    }

    void addIndex(const QList<std::pair<ImagePlatform, Document>> &entries, bool docker, const QStringList &tags)
    {
        QByteArrayList manifests;
        for (const auto &[platform, manifest] : entries) {
            QByteArrayList members{member("architecture", '"' + platform.architecture + '"', docker),
                                   member("os", '"' + platform.os + '"', docker)};
            if (!platform.osVersion.isEmpty())
                members.append(member("os.version", '"' + platform.osVersion + '"', docker));
            manifests.append(descriptorJson(manifest.type, QByteArray::number(manifest.bytes.size()), manifest.digest(),
                                            {member("platform", objectOf(members, docker, 3), docker)}, docker));
        }
        const oci::MediaType type = docker ? oci::MediaType::dockerManifestList() : oci::MediaType::ociIndex();
        const QByteArray bytes =
            objectOf({member("schemaVersion", "2", docker), member("mediaType", quoted(type.toString()), docker),
                      member("manifests", arrayOf(manifests, docker, 1), docker)},
                     docker, 0);
        for (const QString &tag : tags)
            m_store.addManifest(m_repository, tag, type.toString(), bytes);
    }

    // A list of packages that nobody signed, attached to an image by its subject.
    void attachSbom(const Document &image, const QByteArray &spdx)
    {
        const QByteArray empty("{}");
        const oci::MediaType spdxType = oci::MediaType(QStringLiteral("application/spdx+json"));
        const oci::MediaType emptyType = oci::MediaType::ociEmpty();
        const auto entry = [](const oci::MediaType &type, const QByteArray &bytes) {
            return descriptorJson(type, QByteArray::number(bytes.size()), oci::Digest::of(bytes).toString(), {}, false);
        };
        m_store.addBlob(m_repository, oci::Digest::of(empty).toString(), empty);
        m_store.addBlob(m_repository, oci::Digest::of(spdx).toString(), spdx);
        const oci::MediaType type = oci::MediaType::ociManifest();
        const QByteArray manifest = objectOf(
            {member("schemaVersion", "2", false), member("mediaType", quoted(type.toString()), false),
             member("artifactType", quoted(spdxType.toString()), false),
             member("config", entry(emptyType, empty), false),
             member("layers", arrayOf({entry(spdxType, spdx)}, false, 1), false),
             member("subject", entry(image.type, image.bytes), false),
             member("annotations", QByteArray("{\"org.opencontainers.image.created\":\"") + created + "\"}", false)},
            false, 0);
        m_store.addManifest(m_repository, {}, type.toString(), manifest);
    }

private:
    Store &m_store;
    QString m_repository;
};

// SPDX 2.3 of a demo image.
QByteArray spdxOf(const ImagePlatform &platform)
{
    QByteArrayList packages;
    for (const char *package : {"demo-linux", "libc", "app", "vendor-driver"})
        packages.append(QByteArray("{\"name\":\"") + package + "\",\"SPDXID\":\"SPDXRef-" + package +
                        "\",\"versionInfo\":\"12\",\"downloadLocation\":\"NOASSERTION\"}");
    return QByteArray("{\"spdxVersion\":\"SPDX-2.3\",\"dataLicense\":\"CC0-1.0\",\"SPDXID\":\"SPDXRef-DOCUMENT\","
                      "\"name\":\"app\",\"documentNamespace\":\"https://demo.invalid/spdx/app-") +
           platform.architecture + "\",\"creationInfo\":{\"created\":\"" + created +
           "\",\"creators\":[\"Tool: demo\"]},\"packages\":[" + packages.join(',') + "]}";
}

Layer linuxBase(const QByteArray &architecture, quint32 seed)
{
    return makeLayer({{QStringLiteral("bin/sh"),
                       "\x7f"
                       "ELF" +
                           filler(seed, 24'000),
                       0755},
                      {QStringLiteral("etc/os-release"), "NAME=\"Demo Linux\"\nID=demo\nVERSION_ID=12\n"},
                      {QStringLiteral("etc/apk/arch"), architecture + '\n'},
                      {QStringLiteral("etc/motd"), "Welcome to Demo Linux.\n"},
                      {QStringLiteral("tmp/")},
                      {QStringLiteral("usr/lib/libc.so"),
                       "\x7f"
                       "ELF" +
                           filler(seed + 1, 30'000),
                       0755}});
}

Layer sharedAssets()
{
    return makeLayer({{QStringLiteral("usr/share/app/LICENSE"), "Demonstration only.\n"},
                      {QStringLiteral("usr/share/app/model.bin"), filler(7, 40'000)},
                      {QStringLiteral("usr/share/app/locale/de.txt"), "Guten Tag\n"},
                      {QStringLiteral("usr/share/app/locale/en.txt"), "Good day\n"}});
}

Layer vendorDriver(const QByteArray &architecture, quint32 seed)
{
    return makeLayer(
        {{QStringLiteral("opt/vendor/EULA.txt"), "You may run this, but not pass it on.\n"},
         {QStringLiteral("opt/vendor/lib/") + QString::fromLatin1(architecture) + QStringLiteral("/libvendor.so"),
          "\x7f"
          "ELF" +
              filler(seed, 26'000),
          0755},
         {QStringLiteral("etc/.wh.motd")}});
}

Layer program(const QByteArray &architecture, quint32 seed, Compression compression)
{
    return makeLayer({{QStringLiteral("usr/bin/app"), "#!/bin/sh\necho app for " + architecture + '\n', 0755},
                      {QStringLiteral("usr/lib/app/core.so"), filler(seed, 12'000), 0755}},
                     compression);
}

const QStringList linuxSettings{QStringLiteral("ENV PATH=/usr/local/bin:/usr/bin:/bin"),
                                QStringLiteral("CMD [\"/usr/bin/app\"]")};

QList<ImageLayer> linuxLayers(const QByteArray &architecture, quint32 seed, bool zstd)
{
    const oci::MediaType gzip = oci::MediaType::ociLayerGzip();
    return {{linuxBase(architecture, seed), gzip, QStringLiteral("ADD rootfs.tar.gz / # buildkit")},
            {sharedAssets(), gzip, QStringLiteral("COPY assets /usr/share/app # buildkit")},
            {vendorDriver(architecture, seed + 10), gzip,
             QStringLiteral("RUN /bin/sh -c vendor-driver-installer --accept-eula # buildkit")},
            {program(architecture, seed + 20, zstd ? Compression::Zstd : Compression::Gzip),
             zstd ? oci::MediaType::ociLayerZstd() : gzip, QStringLiteral("COPY --from=build /out / # buildkit")}};
}

void addLinux(Store &store)
{
    Shelf shelf(store, QStringLiteral("demo/app"));
    const ImagePlatform amd64{"linux", "amd64"};
    const ImagePlatform arm64{"linux", "arm64"};
    const Document first = shelf.addImage(amd64, linuxLayers("amd64", 100, false), linuxSettings, false);
    const Document second = shelf.addImage(arm64, linuxLayers("arm64", 200, true), linuxSettings, false);
    shelf.addIndex({{amd64, first}, {arm64, second}}, false, {QStringLiteral("1.0"), QStringLiteral("latest")});
    shelf.attachSbom(first, spdxOf(amd64));
    shelf.attachSbom(second, spdxOf(arm64));
}

void addWindows(Store &store, const QString &cdn)
{
    Shelf shelf(store, QStringLiteral("demo/windows"));
    const oci::MediaType ordinary = oci::MediaType::dockerLayerGzip();
    const oci::MediaType foreign = ordinary.pair().value_or(ordinary);
    QList<std::pair<ImagePlatform, Document>> entries;
    for (const auto &[version, seed] :
         {std::pair<QByteArray, quint32>{"10.0.17763.6414", 300}, {"10.0.20348.2762", 400}}) {
        const QString name = QString::fromLatin1(version);
        const ImagePlatform platform{"windows", "amd64", version};
        const Layer base = makeLayer(
            {{QStringLiteral("Files/License.txt"), "Vendor terms: base layers are fetched from the vendor.\n"},
             {QStringLiteral("Files/Windows/System32/ntdll.dll"), "MZ" + filler(seed, 36'000)},
             {QStringLiteral("Files/Windows/System32/cmd.exe"), "MZ" + filler(seed + 1, 9'000)},
             {QStringLiteral("Hives/System_Base"), "regf" + filler(seed + 2, 4'000)},
             {QStringLiteral("UtilityVM/Files/EFI/boot.stl"), filler(seed + 3, 2'000)}});
        const Layer app = makeLayer({{QStringLiteral("Files/app/app.exe"), "MZ" + filler(seed + 5, 8'000)},
                                     {QStringLiteral("Files/app/app.config"), "<configuration/>\n"},
                                     {QStringLiteral("Hives/Software_Delta"), "regf" + filler(seed + 6, 1'000)}});
        const QString path = QStringLiteral("windows/%1/base.tar.gz").arg(name);
        store.addFile(path, base.bytes);
        const Document manifest =
            shelf.addImage(platform,
                           {{base, foreign, QStringLiteral("Apply image %1").arg(name), {cdn + path}, false},
                            {app, ordinary, QStringLiteral("cmd /S /C #(nop) COPY dir:app in C:\\app ")}},
                           {QStringLiteral("cmd /S /C #(nop)  ENTRYPOINT [\"C:\\\\app\\\\app.exe\"]")}, true);
        entries.append({platform, manifest});
    }
    shelf.addIndex(entries, true, {QStringLiteral("ltsc")});
}

// An ordinary layer with urls: clients disagree on what that means.
void addHalfMarked(Store &store, const QString &cdn)
{
    QList<ImageLayer> layers = linuxLayers("amd64", 500, false);
    const QString path = QStringLiteral("driver/amd64/driver.tar.gz");
    layers[2].urls = {cdn + path};
    store.addFile(path, layers[2].layer.bytes);
    Shelf(store, QStringLiteral("demo/half-marked"))
        .addImage({"linux", "amd64"}, layers, linuxSettings, false, QStringLiteral("1"));
}

// A non-distributable layer without an address, and the registry does not hold the blob either: it is lost to everybody
// who has not got it, and only an address mends the image.
void addUnfetchable(Store &store)
{
    QList<ImageLayer> layers = linuxLayers("amd64", 600, false);
    layers[2].type = layers[2].type.pair().value_or(layers[2].type);
    layers[2].inRegistry = false;
    Shelf(store, QStringLiteral("demo/unfetchable"))
        .addImage({"linux", "amd64"}, layers, linuxSettings, false, QStringLiteral("1"));
}

// One that arrives as a vendor delivers it: signed, with a list of packages, and with a signed word on how it was
// built.
QByteArray addSigned(Store &store, const QString &host, bool keepsList)
{
    const QString repository = QStringLiteral("demo/signed");
    const ImagePlatform platform{"linux", "amd64"};
    Shelf shelf(store, repository);
    const Document image =
        shelf.addImage(platform, linuxLayers("amd64", 700, false), linuxSettings, false, QStringLiteral("1.0"));
    shelf.attachSbom(image, spdxOf(platform));
    return signImage(store, host, repository, oci::Descriptor::of(image.type, image.bytes), keepsList);
}

} // namespace

DemoContent addDemoImages(Store &store, const QString &host, bool keepsList)
{
    const QString cdn = QStringLiteral("http://%1/cdn/").arg(host);
    addLinux(store);
    addWindows(store, cdn);
    addHalfMarked(store, cdn);
    addUnfetchable(store);
    const QByteArray vendorKey = addSigned(store, host, keepsList);
    const QList<DemoReference> references{
        {host + QStringLiteral("/demo/app:1.0"),
         Text::tr("Linux for two platforms with a shared layer; everything distributable, each with an SBOM")},
        {host + QStringLiteral("/demo/windows:ltsc"),
         Text::tr("Windows-like, two versions; the base layers are foreign and stay with their vendor")},
        {host + QStringLiteral("/demo/half-marked:1"),
         Text::tr("An ordinary layer that has urls all the same: clients disagree")},
        {host + QStringLiteral("/demo/unfetchable:1"),
         Text::tr("A non-distributable layer without an address: nobody knows where to fetch it")},
        {host + QStringLiteral("/demo/signed:1.0"),
         Text::tr("Signed by its vendor, with an SBOM and provenance: see what an edit does to them")}};
    return {references, vendorKey};
}

} // namespace colophon::demo
