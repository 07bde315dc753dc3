// SPDX-License-Identifier: Apache-2.0
#include "behaviour/runs/wire.h"

#include "oci/digest.h"

#include <QSet>

#include <httplib.h>

#include <optional>
#include <utility>

namespace colophon::test {

namespace {
const char *nameOf(Side side)
{
    return side == Side::Source ? "source.example" : side == Side::Target ? "target.example" : "cdn.example";
}

bool isHopByHop(const std::string &name)
{
    const QByteArray lower = QByteArray::fromStdString(name).toLower();
    return lower == "connection" || lower == "content-length" || lower == "transfer-encoding" ||
           lower == "keep-alive" || lower == "accept-encoding" || lower == "expect" || lower == "date";
}

// The same request to the registry behind, and its answer.
Answer askedOf(quint16 port, const RecordedRequest &request)
{
    httplib::Client client("127.0.0.1", port);
    client.set_tcp_nodelay(true);
    client.set_url_encode(false);
    httplib::Request passed;
    passed.method = request.method.toStdString();
    passed.path = request.target.toStdString();
    for (const auto &[name, value] : request.headers) {
        if (!isHopByHop(name.toStdString()) && name.compare("authorization", Qt::CaseInsensitive) != 0)
            passed.headers.emplace(name.toStdString(), value.toStdString());
    }
    passed.headers.emplace("X-Forwarded-Proto", "https");
    // Else the client here says that it is text.
    if (!request.has("Content-Type"))
        passed.headers.emplace("Content-Type", "application/octet-stream");
    passed.body = request.body.toStdString();
    const httplib::Result result = client.send(passed);
    if (!result)
        return answer(502);
    Answer made = answer(result->status, QByteArray::fromStdString(result->body));
    for (const auto &[name, value] : result->headers) {
        if (!isHopByHop(name))
            made = made.with(QByteArray::fromStdString(name), QByteArray::fromStdString(value));
    }
    if (request.method == "HEAD" && result->has_header("Content-Length"))
        made = made.declaring(static_cast<qint64>(result->get_header_value<std::uint64_t>("Content-Length")));
    return made;
}
} // namespace

qsizetype Wire::add(Passed passed)
{
    const QMutexLocker lock(&m_mutex);
    m_passed.append(std::move(passed));
    return m_passed.size() - 1;
}

void Wire::setStatus(qsizetype at, int status)
{
    const QMutexLocker lock(&m_mutex);
    m_passed[at].status = status;
}

qsizetype Wire::size() const
{
    const QMutexLocker lock(&m_mutex);
    return m_passed.size();
}

QList<Passed> Wire::since(qsizetype at) const
{
    const QMutexLocker lock(&m_mutex);
    return m_passed.mid(at);
}

const char *word(Address address)
{
    switch (address) {
    case Address::Good:
        return "good";
    case Address::Missing:
        return "404";
    case Address::Denied:
        return "401";
    case Address::Broken:
        return "500";
    case Address::Wrong:
        return "other bytes";
    case Address::Dead:
        return "dead";
    }
    return "";
}

struct Hosts::Table
{
    struct Place
    {
        QByteArray bytes;
        Address how;
    };
    QMutex mutex;
    QHash<QByteArray, Place> places;
};

struct Hosts::Taken
{
    struct Manifest
    {
        QByteArray type;
        QByteArray bytes;
    };
    mutable QMutex mutex;
    QSet<QByteArray> repositories;
    QHash<QByteArray, Manifest> manifests; // by side, repository and tag or digest

    static QByteArray key(Side side, const QByteArray &repository, const QByteArray &reference)
    {
        return QByteArray::number(static_cast<int>(side)) + '/' + repository + '/' + reference;
    }
    void add(Side side, const QByteArray &repository, const QByteArray &reference, const Manifest &manifest)
    {
        manifests.insert(key(side, repository, reference), manifest);
        manifests.insert(key(side, repository, digestOf(manifest.bytes)), manifest);
    }
    // To a request for a manifest of such a repository; nothing to any other.
    std::optional<Answer> answerTo(Side side, const RecordedRequest &request)
    {
        const QMutexLocker lock(&mutex);
        const qsizetype at = request.target.indexOf("/manifests/");
        const QByteArray repository = request.target.mid(4, at - 4); // behind "/v2/"
        if (at < 0 || !repositories.contains(repository))
            return std::nullopt;
        const QByteArray reference = request.target.mid(at + 11);
        if (request.method == "PUT") {
            add(side, repository, reference, {request.header("Content-Type"), request.body});
            return answer(201).with("Location", request.target).with("Docker-Content-Digest", digestOf(request.body));
        }
        const auto found = manifests.constFind(key(side, repository, reference));
        if (found == manifests.constEnd())
            return answer(404, R"({"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"}]})");
        const Answer made = answer(200, request.method == "HEAD" ? QByteArray() : found->bytes)
                                .with("Content-Type", found->type)
                                .with("Docker-Content-Digest", digestOf(found->bytes));
        return request.method == "HEAD" ? made.declaring(found->bytes.size()) : made;
    }
    static QByteArray digestOf(const QByteArray &bytes) { return oci::Digest::of(bytes).toString().toLatin1(); }
};

void Hosts::takeAnything(const QString &repository, const QByteArray &type, const QByteArray &manifest,
                         const QString &tag)
{
    const QMutexLocker lock(&m_taken->mutex);
    m_taken->repositories.insert(repository.toLatin1());
    m_taken->add(Side::Source, repository.toLatin1(), tag.toLatin1(), {type, manifest});
}

QByteArray Hosts::taken(Side side, const QString &repository, const QString &tag) const
{
    const QMutexLocker lock(&m_taken->mutex);
    return m_taken->manifests.value(Taken::key(side, repository.toLatin1(), tag.toLatin1())).bytes;
}

Hosts::Hosts(quint16 source, quint16 target)
    : m_table(std::make_shared<Table>())
    , m_taken(std::make_shared<Taken>())
    , m_source(std::make_unique<FaultServer>(m_authority.issue(QString::fromLatin1(nameOf(Side::Source)))))
    , m_target(std::make_unique<FaultServer>(m_authority.issue(QString::fromLatin1(nameOf(Side::Target)))))
    , m_addresses(std::make_unique<FaultServer>(m_authority.issue(QString::fromLatin1(nameOf(Side::Addresses)))))
{
    passOn(*m_source, Side::Source, source);
    passOn(*m_target, Side::Target, target);
    serveAddresses();
}

QString Hosts::host(Side side) const
{
    const FaultServer &server = side == Side::Source ? *m_source : side == Side::Target ? *m_target : *m_addresses;
    return server.authority(QString::fromLatin1(nameOf(side)));
}

void Hosts::passOn(FaultServer &host, Side side, quint16 port)
{
    const QByteArray wanted = "Basic " + (user() + u':' + password()).toLatin1().toBase64();
    const auto passing = [wire = m_wire, isGuarded = m_isGuarded, taken = m_taken, side, port,
                          wanted](const RecordedRequest &request) {
        const qsizetype at =
            wire->add({side, request.method, request.target, request.has("Authorization"), 0, request.body});
        Answer made;
        if (side == Side::Source && *isGuarded && request.header("Authorization") != wanted)
            made = answer(401, "{\"errors\":[{\"code\":\"UNAUTHORIZED\",\"message\":\"authentication required\"}]}")
                       .with("WWW-Authenticate", "Basic realm=\"source\"")
                       .with("Content-Type", "application/json");
        else if (const auto known = taken->answerTo(side, request))
            made = *known;
        else
            made = askedOf(port, request);
        wire->setStatus(at, made.status);
        return made;
    };
    host.alwaysWhole("", QStringLiteral(".*"), passing);
}

void Hosts::setAddress(const QString &digest, const QByteArray &bytes, Address how)
{
    const QMutexLocker lock(&m_table->mutex);
    m_table->places.insert('/' + digest.toLatin1(), {bytes, how});
}

void Hosts::serveAddresses()
{
    m_addresses->always("", QStringLiteral(".*"), [wire = m_wire, table = m_table](const RecordedRequest &request) {
        Answer made = answer(404);
        {
            const QMutexLocker lock(&table->mutex);
            const auto place = table->places.constFind(request.target);
            if (place != table->places.constEnd()) {
                switch (place->how) {
                case Address::Good:
                    made = answer(200, place->bytes);
                    break;
                case Address::Missing:
                    break;
                case Address::Denied:
                    made = answer(401).with("WWW-Authenticate", "Basic realm=\"files\"");
                    break;
                case Address::Broken:
                    made = answer(500);
                    break;
                case Address::Wrong:
                    made = answer(200, QByteArray(place->bytes.size(), 'x'));
                    break;
                case Address::Dead:
                    made = hangUp();
                    break;
                }
            }
        }
        made = made.with("Content-Type", "application/octet-stream");
        const bool isDead = made.stopAfter == 0;
        wire->add({Side::Addresses,
                   request.method,
                   request.target,
                   request.has("Authorization"),
                   isDead ? 0 : made.status,
                   {}});
        return made;
    });
}

} // namespace colophon::test
