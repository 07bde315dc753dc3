// SPDX-License-Identifier: Apache-2.0
#pragma once

// A small registry inside the process, for trying Colophon (and other tools) without one: OCI distribution 1.1 pull,
// push, tags, referrers and deletion on loopback, everything in memory, filled with demo images. Beside the registry it
// plays a vendor's file server under /cdn/, where the layers are that the registry itself does not hold.

#include <QByteArray>
#include <QList>
#include <QString>
#include <QStringList>

#include <memory>

namespace colophon::demo {

struct Options
{
    QString address = QStringLiteral("127.0.0.1"); // loopback only: there is no access control worth the name
    quint16 port = 0;                              // 0: the system chooses a free one
    bool images = true;                            // filled with the demo images
    bool allowUrls = true;    // false: refuses manifests with urls as a stock registry does (a bare 500)
    QString refusedTags = {}; // a regular expression: tags nobody may write (403), as where tags are immutable
    bool referrersApi = true; // false: lists no referrers, as docker-registry 2.8 (404)
    // False: lists none of those that clients keep under the tag made of the digest, as a registry that began to keep
    // the list later and did not take over what was there.
    bool takesOverReferrers = true;
    QString user = {}; // with a password: who may use /v2/ (Basic); empty: anybody
    QString password = {};
    int millisecondsPerMiB = 0; // slows uploads and downloads, so that there is something to cancel
    qint64 largestBlob = 256LL * 1024 * 1024;
};

struct DemoReference
{
    QString reference;   // "127.0.0.1:40123/demo/app:1.0"
    QString description; // one line: what there is to see
};

// A request as it arrived, for tests and for showing: no header values are kept.
struct RequestSeen
{
    QString method;
    QString target; // path and query
    int status = 0;
    bool hadAuthorization = false;
};

class DemoRegistry
{
public:
    explicit DemoRegistry(Options options = {});
    ~DemoRegistry(); // stops it
    DemoRegistry(const DemoRegistry &) = delete;
    DemoRegistry &operator=(const DemoRegistry &) = delete;

    bool start(); // false: errorString() says why
    void stop();  // closes every connection; returns at once
    bool isRunning() const;
    QString errorString() const;

    quint16 port() const;
    QString host() const; // "127.0.0.1:PORT", as in a reference
    QList<DemoReference> references() const;
    // The public key (PEM) with which demo/signed verifies. It is made at the start, and who made it keeps nothing of
    // it.
    QByteArray vendorKey() const;
    QString cdnAddress(const QString &path = {}) const; // "http://127.0.0.1:PORT/cdn/" + path

    // Looking into it, from any thread.
    QList<RequestSeen> requests() const; // oldest first; of the last 10,000
    int openUploads() const;             // begun and not ended, with those that broke off and nobody can end
    bool holdsBlob(const QString &repository, const QString &digest) const;
    QString digestOfTag(const QString &repository, const QString &tag) const; // empty: no such tag
    QStringList tags(const QString &repository) const;

    // Filling it: files of the vendor's server, answered to anybody. Under "members-only/" the answer is 401.
    void addCdnFile(const QString &path, const QByteArray &bytes);

private:
    struct State;
    std::unique_ptr<State> m_state;
};

// The demo's throwaway signing key (cosign's format, empty password). It is published with the source: a signature by
// it proves nothing.
QByteArray demoPrivateKey();
QByteArray demoPublicKey();

} // namespace colophon::demo
