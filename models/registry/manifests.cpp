// SPDX-License-Identifier: Apache-2.0
#include "registry/manifests.h"

#include "base/plaintext.h"
#include "oci/jsondocument.h"
#include "registry/words.h"

#include <QRegularExpression>

namespace colophon::registry {

namespace {

using base::ErrorKind;
using Place = Repository::Place;

// A type that says nothing about what it is for: the document itself knows better.
bool isGeneric(const QByteArray &contentType)
{
    return contentType.isEmpty() || contentType == "application/json" || contentType == "application/octet-stream" ||
           contentType == "text/plain";
}

QByteArray contentTypeOf(const http::Headers &headers)
{
    QByteArray type = headers.value("Content-Type");
    if (const qsizetype parameters = type.indexOf(';'); parameters >= 0)
        type.truncate(parameters);
    return type.trimmed().toLower();
}

// Only a tag or a digest ever becomes part of a path.
base::Result<void> checkIdentifier(const QString &identifier, const Occasion &occasion)
{
    static const QRegularExpression tag(QStringLiteral("\\A[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}\\z"));
    if (tag.match(identifier).hasMatch() || oci::Digest::parse(identifier))
        return {};
    return base::fail(problem(ErrorKind::Usage, occasion,
                              Words::tr("\"%1\" is neither a tag nor a digest.").arg(base::visible(identifier, 200))));
}

QString describe(const QString &identifier)
{
    return identifier.contains(u':') ? Words::tr("manifest %1").arg(identifier) : Words::tr("tag %1").arg(identifier);
}

Occasion readingOf(const Place &place, const QString &identifier)
{
    const bool isDigest = identifier.contains(u':');
    Occasion occasion = place.occasion(
        Words::tr("read the manifest of %1").arg(place.fullName() + (isDigest ? u'@' : u':') + identifier));
    occasion.missing =
        Words::tr("%1 has no %2 in the repository %3.").arg(place.host->name(), describe(identifier), place.name);
    return occasion;
}

base::Task<base::Result<Answer>> askForManifest(Place place, QByteArray method, QString identifier,
                                                std::stop_token stop)
{
    Errand errand;
    errand.method = method;
    errand.headers.set("Accept", oci::MediaType::acceptManifests());
    const QString path = place.path(QStringLiteral("manifests/") + identifier);
    const Access access = place.pull();
    co_return co_await Place::ask(place, errand, path, QString(), access, stop);
}

struct Received
{
    QByteArray bytes;
    QByteArray contentType;
};

base::Task<base::Result<Received>> getManifest(Place place, QString identifier, std::stop_token stop)
{
    const Occasion occasion = readingOf(place, identifier);
    auto answer = co_await askForManifest(place, "GET", identifier, stop);
    if (!answer)
        co_return base::fail(answer.error().withOperation(occasion.operation));
    if (answer->status() != 200) {
        base::Error error = co_await errorOf(std::move(*answer), occasion);
        co_return base::fail(error);
    }
    Received received;
    received.contentType = contentTypeOf(answer->response.headers);
    const QByteArray announced = answer->response.headers.value("Docker-Content-Digest").trimmed();
    if (received.contentType == "text/html") {
        co_return base::fail(
            problem(ErrorKind::Protocol, occasion,
                    Words::tr("%1 answered with a web page instead of a manifest.").arg(place.host->name()),
                    Words::tr("Check that no sign-in page of the network is in between.")));
    }
    const QString tooLarge =
        Words::tr("The manifest is larger than the %1 MiB allowed.").arg(base::limits::manifest / base::limits::MiB);
    if (answer->response.contentLength > base::limits::manifest)
        co_return base::fail(problem(ErrorKind::TooLarge, occasion, tooLarge));
    auto bytes = co_await content::readAll(std::move(answer->response.body), base::limits::manifest);
    if (!bytes) {
        if (bytes.error().kind == ErrorKind::TooLarge)
            co_return base::fail(problem(ErrorKind::TooLarge, occasion, tooLarge));
        co_return base::fail(bytes.error().withOperation(occasion.operation));
    }
    // What it says itself of what it sends, whichever way it hashes. Digests we do not know say nothing.
    const auto said = oci::Digest::parse(QString::fromLatin1(announced));
    if (said && oci::Digest::of(*bytes, said->algorithm()) != *said) {
        co_return base::fail(problem(ErrorKind::InvalidData, occasion,
                                     Words::tr("%1 announces the manifest as %2 and sends another one.")
                                         .arg(place.host->name(), said->toString()),
                                     Words::tr("Try again; if it stays so, tell the one who runs it.")));
    }
    received.bytes = std::move(*bytes);
    co_return received;
}

oci::MediaType typeOf(const Received &received)
{
    if (!isGeneric(received.contentType))
        return oci::MediaType(QString::fromLatin1(received.contentType));
    const auto document = oci::JsonDocument::parse(received.bytes);
    return oci::MediaType(document ? document->root()["mediaType"].string().value_or(QString()) : QString());
}

// What HEAD says, if it says enough to do without the bytes.
std::optional<oci::Descriptor> describedBy(const Answer &answer)
{
    const auto digest =
        oci::Digest::parse(QString::fromLatin1(answer.response.headers.value("Docker-Content-Digest").trimmed()));
    const QByteArray type = contentTypeOf(answer.response.headers);
    if (!digest || answer.response.contentLength <= 0 || isGeneric(type) || type == "text/html")
        return {};
    oci::Descriptor found;
    found.digest = *digest;
    found.size = answer.response.contentLength;
    found.mediaType = oci::MediaType(QString::fromLatin1(type));
    return found;
}

} // namespace

base::Task<base::Result<oci::Descriptor>> resolveAt(Place place, QString identifier, std::stop_token stop)
{
    const Occasion occasion = readingOf(place, identifier);
    if (auto fine = checkIdentifier(identifier, occasion); !fine)
        co_return base::fail(fine.error());
    auto head = co_await askForManifest(place, "HEAD", identifier, stop);
    if (!head)
        co_return base::fail(head.error().withOperation(occasion.operation));
    std::optional<oci::Descriptor> found;
    if (head->status() == 200) {
        found = describedBy(*head);
    } else if (head->status() != 405 && head->status() != 501) {
        base::Error error = co_await errorOf(std::move(*head), occasion);
        co_return base::fail(error);
    }
    if (!found) { // a registry that says too little: read it and see
        auto received = co_await getManifest(place, identifier, stop);
        if (!received)
            co_return base::fail(received.error());
        const auto wanted = oci::Digest::parse(identifier);
        oci::Descriptor described;
        described.digest =
            oci::Digest::of(received->bytes, wanted ? wanted->algorithm() : oci::Digest::Algorithm::Sha256);
        described.size = received->bytes.size();
        described.mediaType = typeOf(*received);
        found = described;
    }
    if (identifier.contains(u':') && found->digest.toString() != identifier) {
        co_return base::fail(problem(ErrorKind::InvalidData, occasion,
                                     Words::tr("%1 was asked for %2 and gives %3.")
                                         .arg(place.host->name(), identifier, found->digest.toString()),
                                     Words::tr("Do not trust what it serves; tell the one who runs it.")));
    }
    co_return *found;
}

base::Task<base::Result<QByteArray>> fetchManifestFrom(Place place, oci::Descriptor wanted, std::stop_token stop)
{
    const QString identifier = wanted.digest.toString();
    const Occasion occasion = readingOf(place, identifier);
    if (auto fine = checkIdentifier(identifier, occasion); !fine)
        co_return base::fail(fine.error());
    if (wanted.size > base::limits::manifest) {
        co_return base::fail(problem(ErrorKind::TooLarge, occasion,
                                     Words::tr("The manifest is larger than the %1 MiB allowed.")
                                         .arg(base::limits::manifest / base::limits::MiB)));
    }
    auto received = co_await getManifest(place, identifier, stop);
    if (!received)
        co_return base::fail(received.error());
    QString wrong;
    if (wanted.size >= 0 && received->bytes.size() != wanted.size)
        wrong = Words::tr("%1 bytes came where %2 were promised").arg(received->bytes.size()).arg(wanted.size);
    else if (const auto actual = oci::Digest::of(received->bytes, wanted.digest.algorithm()); actual != wanted.digest)
        wrong = Words::tr("its digest is %1").arg(actual.toString());
    else if (!wanted.mediaType.isEmpty() && !isGeneric(received->contentType) &&
             received->contentType != wanted.mediaType.toString().toLower().toLatin1())
        wrong = Words::tr("it is declared as %1 and served as %2")
                    .arg(base::visible(wanted.mediaType.toString(), 200),
                         base::visible(QString::fromLatin1(received->contentType), 200));
    if (!wrong.isEmpty()) {
        co_return base::fail(problem(
            ErrorKind::InvalidData, occasion,
            Words::tr("What %1 serves as manifest %2 is not that: %3.").arg(place.host->name(), identifier, wrong),
            Words::tr("Try again; if it stays so, the content is damaged at the registry.")));
    }
    co_return std::move(received->bytes);
}

base::Task<base::Result<QByteArray>> putManifest(Place place, oci::Descriptor content, QByteArray bytes,
                                                 QString identifier, std::stop_token stop)
{
    const QString shown =
        identifier.contains(u':') ? place.fullName() + u'@' + identifier : place.fullName() + u':' + identifier;
    Occasion occasion = place.occasion(Words::tr("push %1").arg(shown));
    occasion.writing = true;
    occasion.missing =
        Words::tr("%1 has no repository %2 and makes none by itself.").arg(place.host->name(), place.name);
    if (auto fine = checkIdentifier(identifier, occasion); !fine)
        co_return base::fail(fine.error());
    if (bytes.size() > base::limits::manifest) {
        co_return base::fail(problem(ErrorKind::TooLarge, occasion,
                                     Words::tr("The manifest is larger than the %1 MiB that registries take.")
                                         .arg(base::limits::manifest / base::limits::MiB)));
    }
    if (oci::Digest::of(bytes, content.digest.isNull() ? oci::Digest::Algorithm::Sha256 : content.digest.algorithm()) !=
        content.digest) {
        co_return base::fail(
            problem(ErrorKind::InvalidData, occasion,
                    Words::tr("The manifest's bytes do not have the digest %1.").arg(content.digest.toString())));
    }
    Errand errand;
    errand.method = "PUT";
    errand.headers.set("Content-Type", content.mediaType.toString().toLatin1());
    errand.bytes = bytes;
    // Under its digest it is the same however often. A tag may have moved on meanwhile.
    errand.repeat = identifier.contains(u':') ? Repeat::Always : Repeat::WhenRefused;
    const QString path = place.path(QStringLiteral("manifests/") + identifier);
    const Access access = place.push();
    auto answer = co_await Place::ask(place, errand, path, QString(), access, stop);
    if (!answer)
        co_return base::fail(answer.error().withOperation(occasion.operation));
    if (answer->status() != 201 && answer->status() != 200 && answer->status() != 202) {
        base::Error error = co_await errorOf(std::move(*answer), occasion);
        co_return base::fail(error);
    }
    const QByteArray said = answer->response.headers.value("Docker-Content-Digest").trimmed();
    const QByteArray subject = answer->response.headers.value("OCI-Subject").trimmed();
    co_await drain(std::move(answer->response.body));
    if (!said.isEmpty() && said != content.digest.toLatin1()) {
        co_return base::fail(problem(
            ErrorKind::InvalidData, occasion,
            Words::tr("%1 stored the manifest under another digest (%2) than the one pushed (%3).")
                .arg(place.host->name(), base::visible(QString::fromLatin1(said), 200), content.digest.toString()),
            Words::tr("The registry changes what it is given; signatures over it will not hold.")));
    }
    co_return subject;
}

base::Task<base::Result<void>> storeManifest(Place place, oci::Descriptor content, QByteArray bytes, QString identifier,
                                             std::stop_token stop)
{
    const auto put = co_await putManifest(std::move(place), std::move(content), std::move(bytes), std::move(identifier),
                                          std::move(stop));
    if (!put)
        co_return base::fail(put.error());
    co_return base::Result<void>{};
}

} // namespace colophon::registry
