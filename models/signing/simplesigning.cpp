// SPDX-License-Identifier: Apache-2.0
#include "signing/simplesigning.h"

#include "base/limits.h"
#include "base/plaintext.h"
#include "oci/jsondocument.h"
#include "oci/reference.h"

#include <QCoreApplication>

namespace colophon::signing {

namespace {
struct Text
{
    Q_DECLARE_TR_FUNCTIONS(signing)
};

const QLatin1String cosignType("cosign container image signature");

bool hasOnly(const oci::JsonValue &object, std::initializer_list<QLatin1String> names)
{
    if (!object.isObject())
        return false;
    for (const oci::JsonValue &member : object.children())
        if (std::find(names.begin(), names.end(), member.key()) == names.end())
            return false;
    return true;
}

QString canonicalRepository(const QString &identity)
{
    const base::Result<oci::Reference> reference = oci::Reference::parse(identity);
    return reference ? reference->name() : identity;
}
} // namespace

bool SimpleSigning::isCosign() const { return type == cosignType; }

QByteArray simpleSigningPayload(const QString &repository, const oci::Digest &image)
{
    return R"({"critical":{"identity":{"docker-reference":)" + oci::jsonString(repository) +
           R"(},"image":{"docker-manifest-digest":)" + oci::jsonString(image.toString()) + R"(},"type":)" +
           oci::jsonString(QString(cosignType)) + R"(},"optional":null})";
}

base::Result<SimpleSigning> readSimpleSigning(const QByteArray &payload)
{
    const base::Result<oci::JsonDocument> json = oci::JsonDocument::parse(payload, base::limits::signaturePayload);
    if (!json)
        return base::fail(base::ErrorKind::InvalidData,
                          Text::tr("The payload is no JSON: %1").arg(json.error().message));
    if (!json->duplicates().isEmpty())
        return base::fail(
            base::ErrorKind::InvalidData,
            Text::tr("The payload has %1 twice.").arg(base::visible(json->duplicates().constFirst(), 100)));
    const oci::JsonValue root = json->root();
    const oci::JsonValue critical = root["critical"];
    const oci::JsonValue image = critical["image"];
    const oci::JsonValue identity = critical["identity"];
    if (!hasOnly(root, {QLatin1String("critical"), QLatin1String("optional")}) ||
        !hasOnly(critical, {QLatin1String("identity"), QLatin1String("image"), QLatin1String("type")}) ||
        !hasOnly(image, {QLatin1String("docker-manifest-digest")}) ||
        !hasOnly(identity, {QLatin1String("docker-reference")}))
        return base::fail(base::ErrorKind::InvalidData,
                          Text::tr("The payload is not made of the members a simple-signing payload has."));
    const std::optional<QString> reference = identity["docker-reference"].string();
    const std::optional<QString> digest = image["docker-manifest-digest"].string();
    const std::optional<QString> type = critical["type"].string();
    if (!reference || !digest || !type)
        return base::fail(base::ErrorKind::InvalidData, Text::tr("The payload does not say what is signed."));
    return SimpleSigning{*reference, *digest, *type};
}

bool namesRepository(const QString &identity, const QString &repository)
{
    return canonicalRepository(identity) == canonicalRepository(repository);
}

} // namespace colophon::signing
