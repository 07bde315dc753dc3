// SPDX-License-Identifier: Apache-2.0
#include "behaviour/runs/stage.h"

#include "support/registryimage/registryimage.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>

#include <httplib.h>

namespace colophon::test {

namespace {
bool writeFile(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size();
}

const char *nameOf(Side side)
{
    return side == Side::Source ? "registry" : side == Side::Target ? "target" : "addresses";
}
} // namespace

QJsonObject Seen::toJson() const
{
    QJsonArray order;
    for (const Side side : asked)
        order.append(QLatin1String(nameOf(side)));
    return {{QStringLiteral("asked"), order},
            {QStringLiteral("credentialsToAddresses"), credentialsToAddresses},
            {QStringLiteral("uploaded"), isUploaded},
            {QStringLiteral("ordinaryArrived"), ordinaryArrived},
            {QStringLiteral("manifestStatus"), manifestStatus},
            {QStringLiteral("kept"), isKept},
            {QStringLiteral("sentType"), sentType},
            {QStringLiteral("sentUrls"), hasSentUrls}};
}

Stage::Stage() { m_problem = start(); }

QString Stage::start()
{
    DockerRegistryOptions allowing;
    allowing.program = programOnPath(QStringLiteral("docker-registry"));
    allowing.allowUrls = {QStringLiteral("^https://.*")};
    m_source = std::make_unique<DockerRegistry>(allowing);
    m_target = std::make_unique<DockerRegistry>(allowing);
    for (const auto *each : {m_source.get(), m_target.get()}) {
        if (!each->isRunning())
            return each->problem();
    }
    m_hosts = std::make_unique<Hosts>(m_source->port(), m_target->port());
    m_proxy = std::make_unique<ProxyServer>();

    const QByteArray pair = (Hosts::user() + u':' + Hosts::password()).toLatin1().toBase64();
    const QJsonObject credentials{
        {QStringLiteral("auths"),
         QJsonObject{{m_hosts->host(Side::Source), QJsonObject{{QStringLiteral("auth"), QString::fromLatin1(pair)}}}}}};
    if (!writeFile(folder(QStringLiteral("docker")) + QStringLiteral("/config.json"),
                   QJsonDocument(credentials).toJson()))
        return QStringLiteral("cannot write the credentials");
    folder(QStringLiteral("no-certificates"));
    return {};
}

QString Stage::folder(const QString &name) const
{
    const QString path = m_home.filePath(name);
    QDir().mkpath(path);
    return path;
}

QProcessEnvironment Stage::environment() const
{
    QProcessEnvironment environment = plainEnvironment(m_home.path());
    for (const char *name : {"HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"})
        environment.insert(QLatin1String(name), m_proxy->address());
    environment.insert(QStringLiteral("SSL_CERT_FILE"), m_hosts->caFile());
    environment.insert(QStringLiteral("SSL_CERT_DIR"), m_home.filePath(QStringLiteral("no-certificates")));
    environment.insert(QStringLiteral("DOCKER_CONFIG"), m_home.filePath(QStringLiteral("docker")));
    environment.insert(QStringLiteral("REGISTRY_AUTH_FILE"), m_home.filePath(QStringLiteral("docker/config.json")));
    return environment;
}

Scene Stage::laidNowhere(const Kind &kind, Address address)
{
    Scene scene;
    scene.image = makeImage(
        kind, QStringLiteral("https://%1/").arg(m_hosts->host(Side::Addresses)) + QStringLiteral("%1"), m_isTitled);
    scene.name = QStringLiteral("app%1").arg(++m_count);
    scene.source = QStringLiteral("%1/%2:1").arg(m_hosts->host(Side::Source), scene.name);
    scene.edited = QStringLiteral("%1/%2:edited").arg(m_hosts->host(Side::Source), scene.name);
    scene.target = QStringLiteral("%1/%2:1").arg(m_hosts->host(Side::Target), scene.name);
    m_hosts->setAddress(scene.image.marked.digest.toString(), scene.image.image.bytesOf(scene.image.marked.digest),
                        address);
    if (kind.isRefused())
        takeAnything(scene);
    scene.since = m_hosts->wire().size();
    return scene;
}

void Stage::takeAnything(const Scene &scene)
{
    const oci::Descriptor &root = scene.image.image.root;
    m_hosts->takeAnything(scene.name, root.mediaType.toString().toLatin1(), scene.image.image.bytesOf(root.digest),
                          QStringLiteral("1"));
}

Scene Stage::scene(const Kind &kind, Address address, bool sourceHolds)
{
    Scene scene = laidNowhere(kind, address);
    Upload laid;
    laid.reference = QStringLiteral("%1/%2:1").arg(m_source->host(), scene.name);
    if (!sourceHolds)
        laid.without = {scene.image.marked.digest};
    laid.withManifests = !kind.isRefused();
    if (const QString failed = upload(scene.image.image, laid); !failed.isEmpty())
        qFatal("The image cannot be laid at the source: %s", qPrintable(failed));
    return scene;
}

QByteArray Stage::manifestOf(const QString &reference) const
{
    const bool isTarget = reference.startsWith(m_hosts->host(Side::Target));
    const QString path = reference.section(u'/', 1);
    const QByteArray taken =
        m_hosts->taken(isTarget ? Side::Target : Side::Source, path.section(u':', 0, 0), path.section(u':', 1));
    if (!taken.isEmpty())
        return taken;
    httplib::Client client("127.0.0.1", (isTarget ? m_target : m_source)->port());
    const httplib::Headers accepting{
        {"Accept", "application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json, "
                   "application/vnd.oci.image.index.v1+json, "
                   "application/vnd.docker.distribution.manifest.list.v2+json"}};
    const QString address = QStringLiteral("/v2/%1/manifests/%2").arg(path.section(u':', 0, 0), path.section(u':', 1));
    const auto result = client.Get(address.toStdString(), accepting);
    return result && result->status == 200 ? QByteArray::fromStdString(result->body) : QByteArray();
}

Seen Stage::seen(const Scene &scene) const
{
    Seen seen;
    const QByteArray marked = scene.image.marked.digest.toString().toLatin1();
    QByteArray sent;
    for (const Passed &each : m_hosts->wire().since(scene.since)) {
        if (each.side == Side::Addresses && each.hasAuthorization)
            seen.credentialsToAddresses = true;
        if (each.side == Side::Target && each.method == "PUT" && each.path.contains("/manifests/")) {
            seen.manifestStatus = each.status;
            sent = each.body;
        }
        if (each.side != Side::Target && each.method == "GET" && each.path.contains(marked) &&
            !seen.asked.contains(each.side))
            seen.asked.append(each.side);
    }
    seen.isKept = sent == scene.image.image.bytesOf(scene.image.image.root.digest);
    const QJsonValue layers = QJsonDocument::fromJson(sent)[QStringLiteral("layers")];
    const auto holds = [&](int layer) {
        const auto digest = oci::Digest::parse(layers[layer][QStringLiteral("digest")].toString());
        return digest && hasBlob(m_target->host() + u'/' + scene.name, *digest);
    };
    seen.isUploaded = holds(0);
    seen.ordinaryArrived = holds(1);
    seen.sentType = layers[0][QStringLiteral("mediaType")].toString();
    seen.hasSentUrls = !layers[0][QStringLiteral("urls")].toArray().isEmpty();
    return seen;
}

} // namespace colophon::test
