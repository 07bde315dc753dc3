// SPDX-License-Identifier: Apache-2.0
#pragma once

// Where signatures are tried: a registry that lists referrers, one that does not, and fresh images in them; and the
// programs that sign and verify, kept off the network.

#include "demo/demoregistry.h"
#include "registry/client.h"
#include "support/await.h"
#include "support/dockerregistry/dockerregistry.h"
#include "support/peers.h"
#include "support/programs/programs.h"

#include <QTemporaryDir>

#include <memory>

namespace colophon::test {

// An image in a repository of its own.
struct Place
{
    content::TargetPtr target;
    QString name; // registry/repository
    oci::Descriptor image;
    QString reference() const { return name + QLatin1Char('@') + image.digest.toString(); }
};

class SigningPlaces
{
public:
    // The reason why not; empty: all is there.
    QString start()
    {
        m_docker = std::make_unique<DockerRegistry>();
        m_demo = std::make_unique<demo::DemoRegistry>();
        m_client = std::make_unique<registry::Client>();
        if (!m_docker->isRunning())
            return m_docker->problem();
        return m_demo->start() ? QString() : m_demo->errorString();
    }
    void stop() { m_client.reset(); }

    QString file(const QString &name) const { return m_home.filePath(name); }
    content::TargetPtr target(const QString &name) const
    {
        return m_client->target(oci::Reference::parse(name).value());
    }
    // `api`: in the registry that lists referrers.
    Place newImage(bool api)
    {
        Place place;
        place.name = QStringLiteral("%1/vendor/app%2").arg(api ? m_demo->host() : m_docker->host()).arg(++m_made);
        place.target = target(place.name);
        place.image = pushImage(place.target, m_made);
        return place;
    }
    static oci::Descriptor pushImage(const content::TargetPtr &target, int number)
    {
        const QByteArray layer = "layer " + QByteArray::number(number);
        const QByteArray config = R"({"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[)" +
                                  oci::jsonString(oci::Digest::of(layer).toString()) + "]}}";
        const auto push = [&target](const oci::MediaType &type, const QByteArray &bytes) {
            const oci::Descriptor blob = oci::Descriptor::of(type, bytes);
            if (const auto pushed = await(target->pushBlob(blob, content::readerOf(bytes), {}, {})); !pushed)
                qFatal("%s", qPrintable(pushed.error().text()));
            return blob.toJson();
        };
        const QByteArray bytes =
            R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":)" +
            push(oci::MediaType::ociConfig(), config) + R"(,"layers":[)" + push(oci::MediaType::ociLayerTar(), layer) +
            "]}";
        const oci::Descriptor image = oci::Descriptor::of(oci::MediaType::ociManifest(), bytes);
        if (const auto pushed = await(target->tag(image, bytes, QStringLiteral("v%1").arg(number), {})); !pushed)
            qFatal("%s", qPrintable(pushed.error().text()));
        return image;
    }

    Ran run(const QString &program, const QStringList &arguments, const QString &passphrase = {}) const
    {
        QProcessEnvironment environment = plainEnvironment(m_home.path());
        environment.insert(QStringLiteral("COSIGN_PASSWORD"), passphrase);
        // Nothing but loopback, which Go never asks a proxy for, can be reached.
        environment.insert(QStringLiteral("HTTP_PROXY"), QStringLiteral("http://127.0.0.1:9"));
        environment.insert(QStringLiteral("HTTPS_PROXY"), QStringLiteral("http://127.0.0.1:9"));
        return test::run(peer(program), arguments, environment);
    }

private:
    QTemporaryDir m_home;
    std::unique_ptr<DockerRegistry> m_docker;
    std::unique_ptr<demo::DemoRegistry> m_demo;
    std::unique_ptr<registry::Client> m_client;
    int m_made = 0;
};

} // namespace colophon::test
