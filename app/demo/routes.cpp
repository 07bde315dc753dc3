// SPDX-License-Identifier: Apache-2.0
#include "demo/routes.h"

#include "base/limits.h"
#include "demo/byterange.h"
#include "demo/referrerlist.h"
#include "oci/digest.h"
#include "oci/mediatype.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QUrl>

#include <algorithm>

namespace colophon::demo {

// One request under way: what is asked, what will be answered, and whether its body was read.
struct Routes::Call
{
    const httplib::Request &request;
    httplib::Response &response;
    const httplib::ContentReader *body;
    bool bodyRead = false;

    bool is(const char *method) const { return request.method == method; }
    bool reads() const { return is("GET") || is("HEAD"); }
    QString parameter(const char *name) const { return QString::fromStdString(request.get_param_value(name)); }
    bool hasBody() const
    {
        return body && (request.has_header("Transfer-Encoding") || request.get_header_value("Content-Length") > "0");
    }

    void header(const char *name, const QString &value) { response.set_header(name, value.toStdString()); }
    void refuse(const Refusal &refusal)
    {
        response.status = refusal.status;
        const QJsonObject error{{QStringLiteral("code"), QString::fromLatin1(refusal.code)},
                                {QStringLiteral("message"), QString::fromLatin1(refusal.message)},
                                {QStringLiteral("detail"), QJsonValue()}};
        const QJsonObject errors{{QStringLiteral("errors"), QJsonArray{error}}};
        response.set_content(QJsonDocument(errors).toJson(QJsonDocument::Compact).toStdString(), "application/json");
    }

    // The body, handed on block by block. False: it did not come whole, or `take` had enough.
    bool readBody(const std::function<bool(const char *data, size_t size)> &take)
    {
        bodyRead = true;
        return !hasBody() || (*body)([&](const char *data, size_t size) { return take(data, size); });
    }
};

namespace {

Refusal notAllowed() { return {405, "UNSUPPORTED", "the operation is unsupported"}; }
Refusal unknownName() { return {404, "NAME_UNKNOWN", "repository name not known to registry"}; }
Refusal staleUpload() { return {404, "BLOB_UPLOAD_INVALID", "blob upload invalid"}; }
Refusal unknownUpload() { return {404, "BLOB_UPLOAD_UNKNOWN", "blob upload unknown to registry"}; }
Refusal tooLarge() { return {413, "SIZE_INVALID", "larger than this registry takes"}; }
Refusal brokenOff() { return {400, "BLOB_UPLOAD_INVALID", "the body ended early"}; }

constexpr const char *uploadState = "_state"; // the query of an upload's address, as docker-registry calls it

QString uploadPath(const QString &repository, const QString &id, qint64 offset)
{
    return QStringLiteral("/v2/%1/blobs/uploads/%2?%3=%4")
        .arg(repository, id, QLatin1String(uploadState), QString::number(offset));
}

} // namespace

Routes::Routes(const Options &options, Store &store, std::function<bool(qint64)> pause)
    : m_options(options)
    , m_store(store)
    , m_pause(std::move(pause))
{
}

void Routes::answer(const httplib::Request &request, httplib::Response &response,
                    const httplib::ContentReader *body) const
{
    Call call{request, response, body};
    const QString path = QString::fromStdString(request.path);
    if (path.startsWith(QLatin1String("/cdn/"))) {
        cdn(call, path.mid(5));
    } else if (path == QLatin1String("/v2") || path.startsWith(QLatin1String("/v2/"))) {
        response.set_header("Docker-Distribution-Api-Version", "registry/2.0");
        if (mayEnter(request)) {
            registry(call, path.mid(4));
        } else {
            response.set_header("WWW-Authenticate", "Basic realm=\"colophon demo\"");
            call.refuse({401, "UNAUTHORIZED", "authentication required"});
        }
    } else {
        response.status = 404;
        response.set_content("Nothing here. The registry is under /v2/.\n", "text/plain");
    }
    if (call.hasBody() && !call.bodyRead) // an answer before the body: it is not read any more
        HttpServer::closeAfter(call.response);
}

bool Routes::mayEnter(const httplib::Request &request) const
{
    if (m_options.user.isEmpty())
        return true;
    const QByteArray wanted = (m_options.user + QLatin1Char(':') + m_options.password).toUtf8().toBase64();
    return request.get_header_value("Authorization") == "Basic " + wanted.toStdString();
}

void Routes::cdn(Call &call, const QString &path) const
{
    call.response.set_header("Server", "demo vendor files");
    const auto file = m_store.file(path);
    if (!call.reads()) {
        call.response.status = 405;
    } else if (path.startsWith(QLatin1String("members-only/"))) {
        call.response.status = 401;
        call.response.set_header("WWW-Authenticate", "Basic realm=\"members only\"");
        call.response.set_content("Members only.\n", "text/plain");
    } else if (!file) {
        call.response.status = 404;
        call.response.set_content("No such file.\n", "text/plain");
    } else {
        serve(call, *file, "application/octet-stream");
    }
}

void Routes::registry(Call &call, const QString &path) const
{
    if (path.isEmpty()) {
        call.reads() ? call.response.set_content("{}", "application/json") : call.refuse(notAllowed());
        return;
    }
    const auto within = [&path](QLatin1String middle) { return path.lastIndexOf(middle); };
    const qsizetype uploads = within(QLatin1String("/blobs/uploads"));
    const qsizetype blobs = within(QLatin1String("/blobs/"));
    const qsizetype manifests = within(QLatin1String("/manifests/"));
    const qsizetype referrersAt = within(QLatin1String("/referrers/"));
    if (path.endsWith(QLatin1String("/tags/list"))) {
        call.reads() ? tagsList(call, path.chopped(10)) : call.refuse(notAllowed());
    } else if (uploads > 0) {
        const QString id = path.mid(uploads + 15);
        id.isEmpty() ? beginUpload(call, path.left(uploads)) : upload(call, path.left(uploads), id);
    } else if (blobs > 0) {
        blob(call, path.left(blobs), path.mid(blobs + 7));
    } else if (manifests > 0) {
        const QString repository = path.left(manifests);
        const QString reference = path.mid(manifests + 11);
        if (call.reads())
            getManifest(call, repository, reference);
        else if (call.is("PUT"))
            putManifest(call, repository, reference);
        else if (!call.is("DELETE"))
            call.refuse(notAllowed());
        else if (m_store.removeManifest(repository, reference))
            call.response.status = 202;
        else
            call.refuse({404, "MANIFEST_UNKNOWN", "manifest unknown"});
    } else if (referrersAt > 0 && m_options.referrersApi) {
        call.reads() ? referrers(call, path.left(referrersAt), path.mid(referrersAt + 11)) : call.refuse(notAllowed());
    } else {
        call.refuse({404, "UNSUPPORTED", "no such endpoint"});
    }
}

void Routes::tagsList(Call &call, const QString &repository) const
{
    if (!m_store.hasRepository(repository))
        return call.refuse(unknownName());
    QStringList tags = m_store.tags(repository);
    const QString last = call.parameter("last");
    if (!last.isEmpty())
        tags.erase(tags.begin(), std::upper_bound(tags.begin(), tags.end(), last));
    bool isNumber = false;
    const int most = call.parameter("n").toInt(&isNumber);
    if (isNumber && most >= 0 && most < tags.size()) {
        tags = tags.mid(0, most);
        if (!tags.isEmpty())
            call.header("Link", QStringLiteral("</v2/%1/tags/list?n=%2&last=%3>; rel=\"next\"")
                                    .arg(repository, QString::number(most),
                                         QString::fromLatin1(QUrl::toPercentEncoding(tags.last()))));
    }
    const QJsonObject answer{{QStringLiteral("name"), repository},
                             {QStringLiteral("tags"), QJsonArray::fromStringList(tags)}};
    call.response.set_content(QJsonDocument(answer).toJson(QJsonDocument::Compact).toStdString(), "application/json");
}

void Routes::blob(Call &call, const QString &repository, const QString &digest) const
{
    if (!oci::Digest::parse(digest))
        return call.refuse({400, "DIGEST_INVALID", "provided digest is not one"});
    if (call.is("DELETE") && m_store.removeBlob(repository, digest)) {
        call.response.status = 202;
        return;
    }
    const auto bytes = m_store.blob(repository, digest);
    if (!bytes)
        return call.refuse({404, "BLOB_UNKNOWN", "blob unknown to registry"});
    if (!call.reads())
        return call.refuse(notAllowed());
    call.header("Docker-Content-Digest", digest);
    call.header("ETag", QStringLiteral("\"%1\"").arg(digest));
    serve(call, *bytes, "application/octet-stream");
}

void Routes::serve(Call &call, const QByteArray &bytes, const char *type) const
{
    call.response.set_header("Accept-Ranges", "bytes");
    ByteRange part{0, bytes.size() - 1};
    if (call.is("GET") && call.request.has_header("Range")) {
        if (const auto asked = rangeIn(call.request.get_header_value("Range"), bytes.size())) {
            if (asked->last < asked->first) {
                call.response.status = 416;
                call.header("Content-Range", QStringLiteral("bytes */%1").arg(bytes.size()));
                return;
            }
            part = *asked;
            call.response.status = 206;
            call.header("Content-Range",
                        QStringLiteral("bytes %1-%2/%3").arg(part.first).arg(part.last).arg(bytes.size()));
        }
    }
    const qint64 length = part.last - part.first + 1;
    if (length == 0)
        return call.response.set_content("", type);
    call.response.set_content_provider(
        static_cast<size_t>(length), type,
        [bytes, first = part.first, pause = m_pause](size_t offset, size_t left, httplib::DataSink &sink) {
            const size_t block = std::min<size_t>(left, base::limits::block);
            return sink.write(bytes.constData() + first + static_cast<qint64>(offset), block) &&
                   pause(static_cast<qint64>(block));
        });
}

void Routes::beginUpload(Call &call, const QString &repository) const
{
    if (!call.is("POST"))
        return call.refuse(notAllowed());
    const QString mount = call.parameter("mount");
    if (!mount.isEmpty()) {
        if (const auto bytes = m_store.blob(call.parameter("from"), mount)) {
            m_store.addBlob(repository, mount, *bytes);
            call.header("Location", QStringLiteral("/v2/%1/blobs/%2").arg(repository, mount));
            call.header("Docker-Content-Digest", mount);
            call.response.status = 201;
            return;
        }
    }
    const QString id = m_store.beginUpload(repository);
    if (call.request.has_param("digest"))
        return receive(call, repository, id, m_store.upload(repository, id));
    call.header("Location", uploadPath(repository, id, 0));
    call.header("Docker-Upload-UUID", id);
    call.header("Range", QStringLiteral("0-0"));
    call.response.status = 202;
}

void Routes::upload(Call &call, const QString &repository, const QString &id) const
{
    const auto upload = m_store.upload(repository, id);
    if (!upload)
        return call.refuse(unknownUpload());
    // docker-registry 2.8 signs the offset into the address and compares it with what it has stored. So an upload whose
    // body broke off in the middle has no address any more: it cannot be continued, ended or deleted.
    bool isNumber = false;
    const qint64 offset = call.parameter(uploadState).toLongLong(&isNumber);
    if (!isNumber || offset != upload->received)
        return call.refuse(staleUpload());
    if (call.is("DELETE")) {
        m_store.endUpload(id);
        call.response.status = 204;
        return;
    }
    receive(call, repository, id, upload);
}

void Routes::receive(Call &call, const QString &repository, const QString &id,
                     const std::shared_ptr<Upload> &upload) const
{
    const std::scoped_lock lock(upload->mutex);
    const auto state = [&](int status) {
        call.header("Location", uploadPath(repository, id, upload->bytes.size()));
        call.header("Docker-Upload-UUID", id);
        call.header("Range", QStringLiteral("0-%1").arg(std::max<qint64>(0, upload->bytes.size() - 1)));
        call.response.status = status;
    };
    if (call.reads())
        return state(204);
    if (!call.is("PATCH") && !call.is("PUT") && !call.is("POST"))
        return call.refuse(notAllowed());
    const QString range = QString::fromStdString(call.request.get_header_value("Content-Range"));
    if (!range.isEmpty() && range.section(QLatin1Char('-'), 0, 0).toLongLong() != upload->bytes.size())
        return state(416);
    const qint64 declared = QByteArray::fromStdString(call.request.get_header_value("Content-Length")).toLongLong();
    if (upload->bytes.size() + declared > m_options.largestBlob)
        return call.refuse(tooLarge());
    upload->bytes.reserve(upload->bytes.size() + declared);
    bool fits = true;
    const bool whole = call.readBody([&](const char *data, size_t size) {
        fits = upload->bytes.size() + static_cast<qint64>(size) <= m_options.largestBlob;
        if (fits) {
            upload->bytes.append(data, static_cast<qsizetype>(size));
            upload->received = upload->bytes.size();
        }
        return fits && m_pause(static_cast<qint64>(size)) && m_store.upload(repository, id);
    });
    if (!whole) {
        HttpServer::closeAfter(call.response);
        return call.refuse(fits ? brokenOff() : tooLarge());
    }
    if (call.is("PATCH"))
        return state(202);
    finishUpload(call, repository, id, *upload);
}

void Routes::finishUpload(Call &call, const QString &repository, const QString &id, Upload &upload) const
{
    const auto digest = oci::Digest::parse(call.parameter("digest"));
    if (!digest || oci::Digest::of(upload.bytes, digest->algorithm()) != *digest) {
        m_store.endUpload(id);
        return call.refuse({400, "DIGEST_INVALID", "provided digest did not match uploaded content"});
    }
    if (!m_store.endUpload(id)) // cancelled while its last bytes came
        return call.refuse(unknownUpload());
    m_store.addBlob(repository, digest->toString(), upload.bytes);
    call.header("Location", QStringLiteral("/v2/%1/blobs/%2").arg(repository, digest->toString()));
    call.header("Docker-Content-Digest", digest->toString());
    call.response.status = 201;
}

void Routes::getManifest(Call &call, const QString &repository, const QString &reference) const
{
    const auto found = m_store.manifest(repository, reference);
    if (!found)
        return call.refuse(m_store.hasRepository(repository) ? Refusal{404, "MANIFEST_UNKNOWN", "manifest unknown"}
                                                             : unknownName());
    call.header("Docker-Content-Digest", found->digest);
    call.header("ETag", QStringLiteral("\"%1\"").arg(found->digest));
    call.response.set_content(found->bytes.toStdString(), found->type.toStdString());
}

void Routes::putManifest(Call &call, const QString &repository, const QString &reference) const
{
    QByteArray bytes;
    const bool whole = call.readBody([&bytes](const char *data, size_t size) {
        bytes.append(data, static_cast<qsizetype>(size));
        return bytes.size() <= base::limits::manifest;
    });
    if (!whole) {
        HttpServer::closeAfter(call.response);
        return call.refuse(tooLarge());
    }
    const QString type =
        QString::fromStdString(call.request.get_header_value("Content-Type")).section(QLatin1Char(';'), 0, 0).trimmed();
    if (const auto refusal = m_store.putManifest(repository, reference, type, bytes))
        return call.refuse(*refusal);
    const auto stored = m_store.manifest(repository, reference);
    if (!stored)
        return call.refuse({404, "MANIFEST_UNKNOWN", "manifest unknown"});
    call.header("Location", QStringLiteral("/v2/%1/manifests/%2").arg(repository, stored->digest));
    call.header("Docker-Content-Digest", stored->digest);
    if (const QString subject = subjectOf(bytes); !subject.isNull() && m_options.referrersApi)
        call.header("OCI-Subject", subject);
    call.response.status = 201;
}

// Never 404, which would say that there is no such list at all.
void Routes::referrers(Call &call, const QString &repository, const QString &subject) const
{
    if (!oci::Digest::parse(subject))
        return call.refuse({400, "DIGEST_INVALID", "provided digest is not one"});
    const QString artifactType = call.parameter("artifactType");
    if (!artifactType.isEmpty())
        call.header("OCI-Filters-Applied", QStringLiteral("artifactType"));
    QList<StoredManifest> listed = m_store.referrers(repository, subject);
    const auto kept = m_store.manifest(repository, QString(subject).replace(QLatin1Char(':'), QLatin1Char('-')));
    if (kept && !m_options.takesOverReferrers)
        listed.removeIf([&kept](const StoredManifest &each) { return kept->bytes.contains(each.digest.toUtf8()); });
    const QByteArray list = referrerList(listed, artifactType);
    call.response.set_content(list.toStdString(), oci::MediaType::ociIndex().toString().toStdString());
}

} // namespace colophon::demo
