// SPDX-License-Identifier: Apache-2.0
#include "signing/sigstorebundle.h"

#include "base/limits.h"
#include "base/plaintext.h"
#include "oci/attachmentnames.h"
#include "signing/pem.h"

#include <QCoreApplication>
#include <QRegularExpression>

#include <optional>

namespace colophon::signing {

namespace {
struct Text
{
    Q_DECLARE_TR_FUNCTIONS(signing)
};

constexpr QLatin1String family("application/vnd.dev.sigstore.bundle");
constexpr int leastMinor = 3;

std::unexpected<base::Error> refused(const QString &why) { return base::fail(base::ErrorKind::InvalidData, why); }

// The version in the type's name: ".v0.3+json" today, "+json;version=0.2" once. Nothing where there is none.
std::optional<std::pair<int, int>> versionOf(const QString &type)
{
    static const QRegularExpression named(QStringLiteral("^\\.v(\\d{1,4})\\.(\\d{1,4})(?:\\.\\d{1,4})?\\+json$"));
    static const QRegularExpression parameter(QStringLiteral("^\\+json; ?version=(\\d{1,4})\\.(\\d{1,4})$"));
    if (!type.startsWith(family))
        return {};
    const QString rest = type.mid(family.size());
    for (const QRegularExpression &each : {named, parameter})
        if (const auto match = each.match(rest); match.hasMatch())
            return std::pair(match.captured(1).toInt(), match.captured(2).toInt());
    return {};
}

base::Result<QList<QByteArray>> certificatesIn(const oci::JsonValue &material)
{
    QList<oci::JsonValue> all = material["x509CertificateChain"]["certificates"].children();
    if (const oci::JsonValue one = material["certificate"]; !one.isAbsent())
        all.prepend(one);
    if (all.size() > base::limits::chain)
        return refused(Text::tr("The bundle has %1 certificates; more than %2 are not read.")
                           .arg(all.size())
                           .arg(base::limits::chain));
    QList<QByteArray> certificates;
    for (const oci::JsonValue &each : all) {
        const std::optional<QByteArray> der = strictBase64(each["rawBytes"].string().value_or(QString()).toUtf8());
        if (!der || der->isEmpty())
            return refused(Text::tr("A certificate in the bundle is no proper base64."));
        certificates.append(*der);
    }
    return certificates;
}

QByteArray descriptorJson(const oci::Descriptor &content)
{
    return R"({"mediaType":)" + oci::jsonString(content.mediaType.toString()) + R"(,"size":)" +
           QByteArray::number(content.size) + R"(,"digest":)" + oci::jsonString(content.digest.toString()) + '}';
}
} // namespace

bool isSigstoreBundle(const oci::MediaType &type) { return type.toString().startsWith(family); }

bool isReadSigstoreBundle(const oci::MediaType &type)
{
    const auto version = versionOf(type.toString());
    return version && (version->first > 0 || version->second >= leastMinor);
}

base::Result<SigstoreBundle> SigstoreBundle::read(const QByteArray &bytes)
{
    const base::Result<oci::JsonDocument> json = oci::JsonDocument::parse(bytes, base::limits::signaturePayload);
    if (!json)
        return refused(Text::tr("The bundle is no JSON: %1").arg(json.error().message));
    if (!json->duplicates().isEmpty())
        return refused(Text::tr("The bundle has %1 twice.").arg(base::visible(json->duplicates().constFirst(), 100)));
    const oci::JsonValue root = json->root();
    const QString type = root["mediaType"].string().value_or(QString());
    if (!isReadSigstoreBundle(oci::MediaType(type)))
        return refused(Text::tr("The bundle calls itself “%1”, which is not read.").arg(base::visible(type, 100)));
    if (!root["dsseEnvelope"].isObject())
        return refused(Text::tr("The bundle holds no envelope (dsseEnvelope)."));
    const base::Result<DsseEnvelope> envelope = DsseEnvelope::read(root["dsseEnvelope"]);
    if (!envelope)
        return base::fail(envelope.error());
    const oci::JsonValue material = root["verificationMaterial"];
    const base::Result<QList<QByteArray>> certificates = certificatesIn(material);
    if (!certificates)
        return base::fail(certificates.error());
    return SigstoreBundle{*envelope, material["publicKey"]["hint"].string().value_or(QString()), *certificates};
}

QString hintOf(const PublicKey &key)
{
    return QString::fromLatin1(QByteArray::fromHex(key.fingerprint().toLatin1()).toBase64());
}

// Member order as cosign's, here and below.
QByteArray sigstoreBundle(const DsseEnvelope &envelope, const PublicKey &key)
{
    return R"({"mediaType":)" + oci::jsonString(oci::MediaType::sigstoreBundle().toString()) +
           R"(,"verificationMaterial":{"publicKey":{"hint":)" + oci::jsonString(hintOf(key)) + R"(}},"dsseEnvelope":)" +
           envelope.toJson() + '}';
}

QByteArray sigstoreBundleManifest(const oci::Descriptor &bundle, const oci::Descriptor &config,
                                  const oci::Descriptor &subject, const QDateTime &created,
                                  const QString &predicateType)
{
    return R"({"schemaVersion":2,"mediaType":)" + oci::jsonString(oci::MediaType::ociManifest().toString()) +
           R"(,"config":)" + descriptorJson(config) + R"(,"layers":[)" + descriptorJson(bundle) +
           R"(],"annotations":{)" + oci::jsonString(QString(oci::bundleContentAnnotation)) + R"(:"dsse-envelope",)" +
           oci::jsonString(QString(oci::bundlePredicateAnnotation)) + ':' + oci::jsonString(predicateType) + ',' +
           oci::jsonString(QString(oci::createdAnnotation)) + ':' +
           oci::jsonString(created.toUTC().toString(Qt::ISODate)) + R"(},"subject":)" + descriptorJson(subject) +
           R"(,"artifactType":)" + oci::jsonString(bundle.mediaType.toString()) + '}';
}

} // namespace colophon::signing
