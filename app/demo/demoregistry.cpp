// SPDX-License-Identifier: Apache-2.0
#include "demo/demoregistry.h"

#include "base/limits.h"
#include "demo/demoimages.h"
#include "demo/routes.h"

#include <QCoreApplication>
#include <QFile>
#include <QHostAddress>

#include <chrono>
#include <deque>
#include <thread>

namespace colophon::demo {

namespace {
struct Text
{
    Q_DECLARE_TR_FUNCTIONS(DemoRegistry)
};

QByteArray resource(const QString &name)
{
    QFile file(QStringLiteral(":/demo/") + name);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray(); // whole: a resource of ours
}
} // namespace

struct DemoRegistry::State
{
    explicit State(Options given)
        : options(std::move(given))
        , store(options.allowUrls, options.refusedTags)
        , routes(options, store, [this](qint64 bytes) { return pause(bytes); })
    {
    }

    // Sleeps as long as these bytes should take; in short steps, so that stopping does not wait for it.
    bool pause(qint64 bytes) const
    {
        const auto end = std::chrono::steady_clock::now() +
                         std::chrono::microseconds(options.millisecondsPerMiB * bytes * 1000 / base::limits::MiB);
        while (std::chrono::steady_clock::now() < end && !server->isStopping())
            std::this_thread::sleep_for(std::min<std::chrono::nanoseconds>(std::chrono::milliseconds(5),
                                                                           end - std::chrono::steady_clock::now()));
        return !server->isStopping();
    }

    void answer(const httplib::Request &request, httplib::Response &response, const httplib::ContentReader *body)
    {
        routes.answer(request, response, body);
        const std::scoped_lock lock(mutex);
        requests.push_back({QString::fromStdString(request.method), QString::fromStdString(request.target),
                            response.status < 0 ? 200 : response.status, request.has_header("Authorization")});
        if (requests.size() > 10'000)
            requests.pop_front();
    }

    Options options;
    Store store;
    Routes routes;
    std::unique_ptr<HttpServer> server;
    std::jthread thread;
    quint16 port = 0;
    QString error;
    DemoContent images;
    mutable std::mutex mutex;
    std::deque<RequestSeen> requests;
};

DemoRegistry::DemoRegistry(Options options)
    : m_state(std::make_unique<State>(std::move(options)))
{
}

DemoRegistry::~DemoRegistry() { stop(); }

bool DemoRegistry::start()
{
    if (isRunning())
        return true;
    State &state = *m_state;
    const QHostAddress address(state.options.address);
    if (!address.isLoopback()) {
        state.error = Text::tr("The demo registry listens on loopback only, and %1 is not a loopback address.")
                          .arg(state.options.address);
        return false;
    }
    auto server = std::make_unique<HttpServer>();
    const auto read = [&state](const httplib::Request &request, httplib::Response &response) {
        state.answer(request, response, nullptr);
    };
    const auto write = [&state](const httplib::Request &request, httplib::Response &response,
                                const httplib::ContentReader &body) { state.answer(request, response, &body); };
    server->Get(".*", read);
    server->Post(".*", write);
    server->Put(".*", write);
    server->Patch(".*", write);
    server->Delete(".*", write);
    const std::string name = address.toString().toStdString();
    const int port = state.options.port == 0                          ? server->bind_to_any_port(name)
                     : server->bind_to_port(name, state.options.port) ? state.options.port
                                                                      : -1;
    if (port <= 0) {
        state.error = Text::tr("Cannot listen on %1:%2; another program may be using the port.")
                          .arg(state.options.address)
                          .arg(state.options.port);
        return false;
    }
    state.port = static_cast<quint16>(port);
    state.server = std::move(server);
    if (state.options.images)
        state.images = addDemoImages(state.store, host(), state.options.referrersApi);
    state.thread = std::jthread([listening = state.server.get()] { listening->listen_after_bind(); });
    while (!state.server->is_running())
        std::this_thread::yield();
    return true;
}

void DemoRegistry::stop()
{
    if (!isRunning())
        return;
    m_state->server->stopNow();
    m_state->thread.join();
    m_state->server.reset();
}

bool DemoRegistry::isRunning() const { return m_state->server != nullptr; }

QString DemoRegistry::errorString() const { return m_state->error; }

quint16 DemoRegistry::port() const { return m_state->port; }

QString DemoRegistry::host() const
{
    const QHostAddress address(m_state->options.address);
    const bool bracketed = address.protocol() == QAbstractSocket::IPv6Protocol;
    return (bracketed ? QStringLiteral("[%1]:%2") : QStringLiteral("%1:%2")).arg(address.toString()).arg(m_state->port);
}

QList<DemoReference> DemoRegistry::references() const { return m_state->images.references; }

QByteArray DemoRegistry::vendorKey() const { return m_state->images.vendorKey; }

QString DemoRegistry::cdnAddress(const QString &path) const
{
    return QStringLiteral("http://%1/cdn/%2").arg(host(), path);
}

QList<RequestSeen> DemoRegistry::requests() const
{
    const std::scoped_lock lock(m_state->mutex);
    return {m_state->requests.begin(), m_state->requests.end()};
}

int DemoRegistry::openUploads() const { return m_state->store.openUploads(); }

bool DemoRegistry::holdsBlob(const QString &repository, const QString &digest) const
{
    return m_state->store.blob(repository, digest).has_value();
}

QString DemoRegistry::digestOfTag(const QString &repository, const QString &tag) const
{
    const auto found = m_state->store.manifest(repository, tag);
    return found ? found->digest : QString();
}

QStringList DemoRegistry::tags(const QString &repository) const { return m_state->store.tags(repository); }

void DemoRegistry::addCdnFile(const QString &path, const QByteArray &bytes) { m_state->store.addFile(path, bytes); }

QByteArray demoPrivateKey() { return resource(QStringLiteral("demo.key")); }
QByteArray demoPublicKey() { return resource(QStringLiteral("demo.pub")); }

} // namespace colophon::demo
