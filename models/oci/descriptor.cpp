// SPDX-License-Identifier: Apache-2.0
#include "oci/descriptor.h"

#include "base/limits.h"
#include "base/plaintext.h"

#include <QCoreApplication>

namespace colophon::oci {

namespace {
struct Text
{
    Q_DECLARE_TR_FUNCTIONS(Descriptor)
};

auto wrong(const JsonValue &object, const char *member, const QString &why)
{
    return base::fail(base::ErrorKind::InvalidData,
                      Text::tr("%1/%2 %3").arg(base::visible(object.pointer(), 200), QLatin1String(member), why));
}

bool isNothing(const JsonValue &value) { return value.isAbsent() || value.kind() == JsonValue::Kind::Null; }
} // namespace

base::Result<Annotations> readAnnotations(const JsonValue &object)
{
    const JsonValue member = object["annotations"];
    Annotations annotations;
    if (isNothing(member))
        return annotations;
    if (!member.isObject())
        return wrong(object, "annotations", Text::tr("is not an object."));
    for (JsonValue each = member.firstChild(); !each.isAbsent(); each = each.nextSibling()) {
        const auto text = each.string();
        if (!text)
            return wrong(object, "annotations", Text::tr("holds something other than strings."));
        annotations.insert(each.key(), *text);
    }
    return annotations;
}

namespace {
base::Result<QStringList> readUrls(const JsonValue &object)
{
    const JsonValue member = object["urls"];
    QStringList urls;
    if (isNothing(member))
        return urls;
    if (!member.isArray())
        return wrong(object, "urls", Text::tr("is not an array."));
    for (JsonValue each = member.firstChild(); !each.isAbsent(); each = each.nextSibling()) {
        const auto text = each.string();
        if (!text)
            return wrong(object, "urls", Text::tr("holds something other than strings."));
        urls.append(*text);
    }
    return urls;
}

base::Result<std::optional<QByteArray>> readData(const JsonValue &object, const Descriptor &descriptor)
{
    const JsonValue member = object["data"];
    if (isNothing(member))
        return std::optional<QByteArray>();
    const auto text = member.string();
    if (!text)
        return wrong(object, "data", Text::tr("is not a string."));
    const auto decoded = QByteArray::fromBase64Encoding(text->toLatin1(), QByteArray::AbortOnBase64DecodingErrors);
    if (!decoded)
        return wrong(object, "data", Text::tr("is not base64."));
    if (decoded.decoded.size() != descriptor.size ||
        Digest::of(decoded.decoded, descriptor.digest.algorithm()) != descriptor.digest)
        return wrong(object, "data", Text::tr("is not the content its digest and size describe."));
    return std::optional(decoded.decoded);
}

std::optional<Platform> readPlatform(const JsonValue &object)
{
    const JsonValue member = object["platform"];
    if (!member.isObject())
        return std::nullopt;
    Platform platform;
    platform.os = member["os"].string().value_or(QString());
    platform.architecture = member["architecture"].string().value_or(QString());
    platform.variant = member["variant"].string().value_or(QString());
    platform.osVersion = member["os.version"].string().value_or(QString());
    return platform;
}
} // namespace

base::Result<Descriptor> Descriptor::read(const JsonValue &object)
{
    if (!object.isObject()) {
        return base::fail(base::ErrorKind::InvalidData,
                          Text::tr("%1 is not a descriptor.").arg(base::visible(object.pointer(), 200)));
    }
    Descriptor descriptor;
    const auto type = object["mediaType"].string();
    if (!type)
        return wrong(object, "mediaType", Text::tr("is missing or not a string."));
    descriptor.mediaType = MediaType(*type);

    const auto digestText = object["digest"].string();
    if (!digestText)
        return wrong(object, "digest", Text::tr("is missing or not a string."));
    auto digest = Digest::parse(*digestText);
    if (!digest)
        return wrong(object, "digest", Text::tr("is wrong. %1").arg(digest.error().message));
    descriptor.digest = *digest;

    const auto size = object["size"].integer();
    if (!size || *size < 0)
        return wrong(object, "size", Text::tr("is missing or not a whole number of bytes."));
    if (*size > base::limits::blob)
        return wrong(object, "size", Text::tr("claims more than 64 GiB."));
    descriptor.size = *size;

    auto urls = readUrls(object);
    if (!urls)
        return base::fail(urls.error());
    descriptor.urls = *urls;
    auto annotations = readAnnotations(object);
    if (!annotations)
        return base::fail(annotations.error());
    descriptor.annotations = *annotations;
    descriptor.artifactType = object["artifactType"].string().value_or(QString());
    descriptor.platform = readPlatform(object);
    auto data = readData(object, descriptor);
    if (!data)
        return base::fail(data.error());
    descriptor.data = *data;
    return descriptor;
}

Descriptor Descriptor::of(MediaType type, QByteArrayView bytes)
{
    Descriptor descriptor;
    descriptor.mediaType = std::move(type);
    descriptor.digest = Digest::of(bytes);
    descriptor.size = bytes.size();
    return descriptor;
}

QByteArray Descriptor::toJson() const
{
    QByteArray json = R"({"mediaType":)" + jsonString(mediaType.toString()) + R"(,"digest":)" +
                      jsonString(digest.toString()) + R"(,"size":)" + QByteArray::number(size);
    if (!artifactType.isEmpty())
        json += R"(,"artifactType":)" + jsonString(artifactType);
    QByteArrayList members;
    for (auto each = annotations.cbegin(); each != annotations.cend(); ++each)
        members.append(jsonString(each.key()) + ':' + jsonString(each.value()));
    if (!members.isEmpty())
        json += R"(,"annotations":{)" + members.join(',') + '}';
    return json + '}';
}

Marking Descriptor::marking() const
{
    if (mediaType.isNonDistributable())
        return urls.isEmpty() ? Marking::Unfetchable : Marking::NonDistributable;
    return urls.isEmpty() ? Marking::Distributable : Marking::HalfMarked;
}

} // namespace colophon::oci
