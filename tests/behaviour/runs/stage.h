// SPDX-License-Identifier: Apache-2.0
#pragma once

// Where clients are watched: a source registry that wants credentials, a target registry, and a host of addresses, each
// under a name with https. An image is laid at the source, a client does its work, and what is seen afterwards comes
// from the wire and from the target, never from what the client said.

#include "behaviour/runs/markedimage.h"
#include "behaviour/runs/wire.h"
#include "support/dockerregistry/dockerregistry.h"
#include "support/programs/programs.h"
#include "support/proxyserver/proxyserver.h"

#include <QJsonObject>

namespace colophon::test {

// One run's image, and what it is called at both registries.
struct Scene
{
    MarkedImage image;
    QString name;   // "app7"
    QString source; // "source.example:40123/app7:1"
    QString edited; // another tag at the source
    QString target;
    qsizetype since = 0; // of the wire
};

// What one run did.
struct Seen
{
    QList<Side> asked;                   // for the marked layer's bytes, in this order, without repetitions
    bool credentialsToAddresses = false; // an Authorization header came there
    int manifestStatus = 0;              // what the target last answered to a manifest; 0: none was sent
    bool isKept = false;                 // that manifest is the source's, byte for byte
    QString sentType;                    // of its first layer
    bool hasSentUrls = false;
    bool isUploaded = false;      // the target holds the first layer
    bool ordinaryArrived = false; // and the second one

    bool hasAsked(Side side) const { return asked.contains(side); }
    QJsonObject toJson() const;
};

class Stage
{
public:
    Stage();
    QString problem() const { return m_problem; } // empty: everything is up

    QString folder(const QString &name) const; // one of the test's own; made where it is not there
    // For clients and daemons: the names lead to loopback, the test's authority is trusted, credentials for the source
    // are where each client looks for them.
    QProcessEnvironment environment() const;
    const Hosts &hosts() const { return *m_hosts; }
    Hosts &hosts() { return *m_hosts; }

    // Lays an image at the source. Without the layer's bytes there, where the addresses alone have them.
    Scene scene(const Kind &kind, Address address = Address::Good, bool sourceHolds = true);
    // One whose addresses serve the layer, at no registry. Where none at hand would take it, both sides do for it.
    Scene laidNowhere(const Kind &kind, Address address = Address::Good);
    // Source and target take and give any manifest of this image's repository, as a lenient registry does.
    void takeAnything(const Scene &scene);
    // Whether the layers of images laid from now on are said to be files with names, as artifacts are.
    void setTitled(bool titled) { m_isTitled = titled; }
    Seen seen(const Scene &scene) const;
    // What the tag named by one of the scene's references has; empty: nothing.
    QByteArray manifestOf(const QString &reference) const;

private:
    QString start();

    QTemporaryDir m_home;
    std::unique_ptr<DockerRegistry> m_source;
    std::unique_ptr<DockerRegistry> m_target;
    std::unique_ptr<Hosts> m_hosts;
    std::unique_ptr<ProxyServer> m_proxy;
    QString m_problem;
    int m_count = 0;
    bool m_isTitled = false;
};

} // namespace colophon::test
