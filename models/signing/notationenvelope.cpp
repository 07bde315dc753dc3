// SPDX-License-Identifier: Apache-2.0
#include "signing/notationenvelope.h"

#include "base/limits.h"
#include "base/plaintext.h"
#include "oci/jsondocument.h"
#include "signing/pem.h"

#include <QCoreApplication>
#include <QRegularExpression>

namespace colophon::signing {

namespace {
struct Text
{
    Q_DECLARE_TR_FUNCTIONS(signing)
};

constexpr QLatin1String schemeName("io.cncf.notary.signingScheme");
constexpr QLatin1String timeName("io.cncf.notary.signingTime");
constexpr QLatin1String expiryName("io.cncf.notary.expiry");
constexpr QLatin1String authenticTimeName("io.cncf.notary.authenticSigningTime");
constexpr QLatin1String agentName("io.cncf.notary.signingAgent");
const QString scheme = QStringLiteral("notary.x509");
const QString payloadType = QStringLiteral("application/vnd.cncf.notary.payload.v1+json");

QString shown(const QString &text) { return base::visible(text, 100); }

std::unexpected<base::Error> refused(const QString &sentence)
{
    return base::fail(base::ErrorKind::InvalidData, sentence);
}

// `what` names the part in the texts: "The envelope".
base::Result<oci::JsonDocument> readObject(const QByteArray &json, const QString &what)
{
    base::Result<oci::JsonDocument> document = oci::JsonDocument::parse(json, base::limits::signaturePayload);
    if (!document)
        return refused(Text::tr("%1 is no JSON: %2").arg(what, document.error().message));
    if (!document->root().isObject())
        return refused(Text::tr("%1 is no JSON object.").arg(what));
    if (!document->duplicates().isEmpty())
        return refused(Text::tr("%1 has %2 twice.").arg(what, shown(document->duplicates().constFirst())));
    return document;
}

base::Result<QByteArray> readPart(const oci::JsonValue &root, QLatin1String name)
{
    const std::optional<QString> text = root[name].string();
    const std::optional<QByteArray> bytes = text ? strictBase64Url(text->toUtf8()) : std::nullopt;
    if (!bytes || bytes->isEmpty())
        return refused(Text::tr("The envelope's %1 is missing or no base64url.").arg(name));
    return *bytes;
}

// RFC 3339; a time zone may be said.
base::Result<QDateTime> readTime(const oci::JsonValue &value, QLatin1String name)
{
    static const QRegularExpression form(
        QStringLiteral("\\A\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,9})?(Z|[+-]\\d\\d:\\d\\d)\\z"));
    const QString text = value.string().value_or(QString());
    QDateTime time = form.match(text).hasMatch() ? QDateTime::fromString(text, Qt::ISODate).toUTC() : QDateTime();
    if (!time.isValid())
        return refused(Text::tr("The envelope's %1 is missing or no time.").arg(name));
    return time;
}

base::Result<void> readCertificates(const oci::JsonValue &list, NotationEnvelope &envelope)
{
    if (!list.isArray() || list.size() == 0)
        return refused(Text::tr("The envelope has no certificates (x5c)."));
    if (list.size() > base::limits::chain)
        return refused(Text::tr("There are %1 certificates in the envelope; more than %2 are not read.")
                           .arg(list.size())
                           .arg(base::limits::chain));
    for (const oci::JsonValue &each : list.children()) {
        const std::optional<QString> text = each.string();
        const std::optional<QByteArray> der = text ? strictBase64(text->toUtf8()) : std::nullopt;
        if (!der)
            return refused(Text::tr("A certificate in the envelope is no base64."));
        envelope.certificates.append(*der);
    }
    return {};
}

// Every name that must be marked critical is, and every name that is marked is one that is understood here.
base::Result<void> checkCritical(const oci::JsonValue &attributes)
{
    QStringList needed{schemeName};
    if (!attributes[expiryName].isAbsent())
        needed.append(expiryName);
    const oci::JsonValue list = attributes["crit"];
    if (!list.isArray() || list.size() == 0)
        return refused(Text::tr("The envelope does not say which of its attributes are critical."));
    for (const oci::JsonValue &each : list.children()) {
        const QString name = each.string().value_or(QString());
        if (!needed.removeOne(name))
            return refused(
                Text::tr("The envelope has a critical attribute that is not understood: “%1”.").arg(shown(name)));
    }
    if (!needed.isEmpty())
        return refused(Text::tr("The envelope's %1 is not marked critical.").arg(needed.constFirst()));
    return {};
}

base::Result<void> readProtected(const QByteArray &json, NotationEnvelope &envelope)
{
    const base::Result<oci::JsonDocument> document = readObject(json, Text::tr("The envelope's protected part"));
    if (!document)
        return base::fail(document.error());
    const oci::JsonValue attributes = document->root();
    const std::optional<QString> algorithm = attributes["alg"].string();
    if (!algorithm)
        return refused(Text::tr("The envelope does not say its algorithm."));
    envelope.algorithm = *algorithm;
    if (const auto done = checkCritical(attributes); !done)
        return done;
    if (attributes[schemeName].string() != scheme)
        return refused(Text::tr("The envelope's signing scheme “%1” is not understood; only %2 is.")
                           .arg(shown(attributes[schemeName].string().value_or(QString())), scheme));
    if (!attributes[authenticTimeName].isAbsent())
        return refused(
            Text::tr("The envelope has %1, which does not go with its signing scheme.").arg(authenticTimeName));
    if (attributes["cty"].string() != payloadType)
        return refused(Text::tr("The envelope's payload is of type “%1”, not a notation payload.")
                           .arg(shown(attributes["cty"].string().value_or(QString()))));
    const base::Result<QDateTime> time = readTime(attributes[timeName], timeName);
    if (!time)
        return base::fail(time.error());
    envelope.signingTime = *time;
    if (const oci::JsonValue value = attributes[expiryName]; !value.isAbsent()) {
        const base::Result<QDateTime> expiry = readTime(value, expiryName);
        if (!expiry)
            return base::fail(expiry.error());
        if (*expiry <= *time)
            return refused(Text::tr("The envelope expires before it was signed."));
        envelope.expiry = *expiry;
    }
    return {};
}

base::Result<void> readPayload(const QByteArray &json, NotationEnvelope &envelope)
{
    const base::Result<oci::JsonDocument> document = readObject(json, Text::tr("The envelope's payload"));
    if (!document)
        return base::fail(document.error());
    const oci::JsonValue target = document->root()["targetArtifact"];
    const std::optional<QString> mediaType = target["mediaType"].string();
    const std::optional<QString> digest = target["digest"].string();
    const std::optional<qint64> size = target["size"].integer();
    if (!mediaType || !digest || !size)
        return refused(Text::tr("The envelope's payload does not say what is signed."));
    envelope.mediaType = *mediaType;
    envelope.digest = *digest;
    envelope.size = *size;
    return {};
}
} // namespace

base::Result<NotationEnvelope> readNotationEnvelope(const QByteArray &json)
{
    const base::Result<oci::JsonDocument> document = readObject(json, Text::tr("The envelope"));
    if (!document)
        return base::fail(document.error());
    const oci::JsonValue root = document->root();
    for (const oci::JsonValue &member : root.children())
        if (!QStringList{QStringLiteral("payload"), QStringLiteral("protected"), QStringLiteral("header"),
                         QStringLiteral("signature")}
                 .contains(member.key()))
            return refused(Text::tr("The envelope has “%1”, which no such envelope has.").arg(shown(member.key())));
    const base::Result<QByteArray> attributes = readPart(root, QLatin1String("protected"));
    const base::Result<QByteArray> payload = readPart(root, QLatin1String("payload"));
    const base::Result<QByteArray> signature = readPart(root, QLatin1String("signature"));
    for (const auto *each : {&attributes, &payload, &signature})
        if (!*each)
            return base::fail(each->error());
    NotationEnvelope envelope;
    envelope.signedBytes = root["protected"].string()->toUtf8() + '.' + root["payload"].string()->toUtf8();
    envelope.signature = *signature;
    if (const auto done = readProtected(*attributes, envelope); !done)
        return base::fail(done.error());
    if (const auto done = readCertificates(root["header"]["x5c"], envelope); !done)
        return base::fail(done.error());
    if (const auto done = readPayload(*payload, envelope); !done)
        return base::fail(done.error());
    return envelope;
}

QByteArray notationSignedBytes(JwsAlgorithm algorithm, const QDateTime &signingTime, const oci::Descriptor &subject)
{
    const QByteArray attributes =
        R"({"alg":)" + oci::jsonString(nameOf(algorithm)) + R"(,"crit":[)" + oci::jsonString(QString(schemeName)) +
        R"(],"cty":)" + oci::jsonString(payloadType) + ',' + oci::jsonString(QString(schemeName)) + ':' +
        oci::jsonString(scheme) + ',' + oci::jsonString(QString(timeName)) + ':' +
        oci::jsonString(signingTime.toUTC().toString(QStringLiteral("yyyy-MM-ddTHH:mm:ssZ"))) + '}';
    const QByteArray payload = R"({"targetArtifact":{"digest":)" + oci::jsonString(subject.digest.toString()) +
                               R"(,"mediaType":)" + oci::jsonString(subject.mediaType.toString()) + R"(,"size":)" +
                               QByteArray::number(subject.size) + "}}";
    return base64Url(attributes) + '.' + base64Url(payload);
}

QByteArray notationEnvelope(const QByteArray &signedBytes, const QByteArray &signature, const CertificateChain &chain)
{
    QByteArrayList certificates;
    for (const Certificate &each : chain.certificates())
        certificates.append('"' + each.der().toBase64() + '"');
    const qsizetype dot = signedBytes.indexOf('.');
    return R"({"payload":")" + signedBytes.mid(dot + 1) + R"(","protected":")" + signedBytes.left(dot) +
           R"(","header":{"x5c":[)" + certificates.join(',') + "]," + oci::jsonString(QString(agentName)) +
           R"(:"colophon"},"signature":")" + base64Url(signature) + R"("})";
}

} // namespace colophon::signing
