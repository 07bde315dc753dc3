// SPDX-License-Identifier: Apache-2.0
#pragma once

// Debian's docker-registry (distribution 2.8) on a free port of loopback, for tests that want a real registry: its own
// temporary storage, optional list of allowed urls, password and TLS. It ends with the object, and with the test
// program. With COLOPHON_TEST_REGISTRY=distribution3 it is distribution 3 (tests/peers) in its place: so the same tests
// run on both.

#include "support/peers.h"

#include <QProcessEnvironment>
#include <QString>
#include <QStringList>

#include <memory>

namespace colophon::test {

// Where a program stands on PATH; empty where it is not installed.
QString programOnPath(const QString &name);

struct DockerRegistryOptions
{
    QStringList allowUrls = {};    // validation.manifests.urls.allow, e.g. "^https?://.*"; empty: as it comes, no urls
    bool withPassword = false;     // htpasswd: DockerRegistry::user() and password()
    bool withTls = false;          // a certificate for 127.0.0.1 and localhost, signed by the authority in caFile()
    bool withDelete = true;        // storage.delete.enabled
    bool isReadOnly = false;       // storage.maintenance.readonly: pulls only
    bool withRelativeUrls = false; // http.relativeurls: upload locations are bare paths
    QString tokenRealm = {};       // auth.token: where tokens come from, for whom, by whom, and who vouches for them
    QString tokenService = {};
    QString tokenIssuer = {};
    QString tokenRoots = {}; // PEM
    // TLS with what the test made, in place of withTls.
    QString certificateFile = {};
    QString keyFile = {};
    QString clientAuthorityFile = {};     // http.tls.clientcas: whoever connects must show a certificate of it
    QString program = {};                 // another registry of the same making; empty: DockerRegistry::program()
    QByteArray more = {};                 // further configuration, as YAML
    QProcessEnvironment environment = {}; // of its own; empty: the test's
};

class DockerRegistry
{
public:
    // Starts it and waits until it listens. isRunning() says whether that went well, problem() why not.
    explicit DockerRegistry(DockerRegistryOptions options = {});
    ~DockerRegistry();
    DockerRegistry(const DockerRegistry &) = delete;
    DockerRegistry &operator=(const DockerRegistry &) = delete;

    static QString program(); // empty where it is not installed
    static bool isDistribution3();
    static QString user();
    static QString password();

    bool isRunning() const;
    QString problem() const;
    quint16 port() const;
    QString host() const;    // "127.0.0.1:PORT", as in a reference
    QString caFile() const;  // PEM; empty without TLS
    QString storage() const; // the directory it keeps everything in
    QString log() const;     // what it wrote so far, one line a request too

    void stop(); // as a registry that is gone: the port refuses from now on
    // Ends it by SIGKILL and starts it anew on the same port and storage; its log begins anew, too.
    void restart();

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace colophon::test

// At the head of a test function: without the program the test is skipped by name, or fails where peers are required.
#ifdef COLOPHON_REQUIRE_PEERS
#define COLOPHON_NEED_PROGRAM(name)                                                                                    \
    do {                                                                                                               \
        if (colophon::test::programOnPath(QStringLiteral(name)).isEmpty())                                             \
            QFAIL("the program '" name "' is not installed");                                                          \
    } while (false)
#else
#define COLOPHON_NEED_PROGRAM(name)                                                                                    \
    do {                                                                                                               \
        if (colophon::test::programOnPath(QStringLiteral(name)).isEmpty())                                             \
            QSKIP("the program '" name "' is not installed");                                                          \
    } while (false)
#endif
#define COLOPHON_NEED_DOCKER_REGISTRY()                                                                                \
    COLOPHON_NEEDS(colophon::test::DockerRegistry::program(), "docker-registry (of distribution 3: registry)")
