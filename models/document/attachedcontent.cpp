// SPDX-License-Identifier: Apache-2.0
#include "document/attachedcontent.h"

#include "base/limits.h"
#include "base/plaintext.h"
#include "oci/digest.h"
#include "oci/jsondocument.h"

#include <QCoreApplication>
#include <QXmlStreamReader>

namespace colophon::document {

namespace {
struct Text
{
    Q_DECLARE_TR_FUNCTIONS(colophon::document::AttachedContent)
};

using Format = AttachedContent::Format;
using oci::JsonValue;

constexpr int mostEnvelopes = 3; // one in another
constexpr qsizetype mostSubjects = 100;

QString textOf(const JsonValue &value) { return value.string().value_or(QString()); }

std::optional<QByteArray> decoded(const JsonValue &value, QByteArray::Base64Options alphabet)
{
    const auto text = value.string();
    if (!text)
        return std::nullopt;
    auto result = QByteArray::fromBase64Encoding(text->toLatin1(), alphabet | QByteArray::AbortOnBase64DecodingErrors);
    return result ? std::optional(std::move(result.decoded)) : std::nullopt;
}

class ContentReader
{
public:
    AttachedContent read(const QByteArray &bytes)
    {
        readBytes(bytes, 0);
        return m_content;
    }

private:
    void readBytes(const QByteArray &bytes, int depth);
    void readJson(const JsonValue &root, int depth);
    void readPayload(const JsonValue &payload, QByteArray::Base64Options alphabet, int depth);
    void readBundle(const JsonValue &root, int depth);
    void readDsse(const JsonValue &envelope, int depth);
    void readJws(const JsonValue &root);
    void readStatement(const JsonValue &root);
    void readSimpleSigning(const JsonValue &root);
    bool readBill(const JsonValue &root); // of materials: a list of packages
    void readSpdx(const JsonValue &root);
    void readSpdx3(const JsonValue &graph);
    void readCycloneDx(const JsonValue &root);
    void readSyft(const JsonValue &root);
    void readTagValue(const QByteArray &bytes);
    void readXml(const QByteArray &bytes);
    void is(Format format, const QString &version = {})
    {
        m_content.format = format;
        m_content.formatVersion = version;
    }
    void addSubject(const QString &algorithm, const QString &hex)
    {
        if (m_content.subjects.size() < mostSubjects)
            m_content.subjects.append(algorithm + QLatin1Char(':') + hex);
    }

    AttachedContent m_content;
};

void ContentReader::readBytes(const QByteArray &bytes, int depth)
{
    m_content.text = bytes;
    const QByteArray start = bytes.left(4096).trimmed();
    if (start.startsWith("SPDXVersion:"))
        return readTagValue(bytes);
    if (start.startsWith('<'))
        return readXml(bytes);
    if (!start.startsWith('{'))
        return;
    const auto document = oci::JsonDocument::parse(bytes, base::limits::attachment);
    if (!document)
        m_content.problem = document.error().message;
    else
        readJson(document->root(), depth);
}

void ContentReader::readJson(const JsonValue &root, int depth)
{
    if (root["verificationMaterial"].isObject())
        return readBundle(root, depth);
    if (root["payloadType"].isString() && root["signatures"].isArray())
        return readDsse(root, depth);
    if (root["protected"].isString() && root["signature"].isString())
        return readJws(root);
    if (textOf(root["_type"]).startsWith(QLatin1String("https://in-toto.io/Statement/")))
        return readStatement(root);
    if (root["critical"].isObject())
        return readSimpleSigning(root);
    readBill(root);
}

void ContentReader::readPayload(const JsonValue &payload, QByteArray::Base64Options alphabet, int depth)
{
    const auto inner = decoded(payload, alphabet);
    if (!inner)
        m_content.problem = Text::tr("What is in the envelope is not base64.");
    else if (depth >= mostEnvelopes)
        m_content.problem = Text::tr("There are too many envelopes in one another.");
    else
        readBytes(*inner, depth + 1);
}

void ContentReader::readBundle(const JsonValue &root, int depth)
{
    m_content.envelope = QStringLiteral("sigstore bundle");
    const JsonValue material = root["verificationMaterial"];
    if (const QString hint = textOf(material["publicKey"]["hint"]); !hint.isEmpty())
        m_content.signer = Text::tr("a key with the hint %1").arg(base::visible(hint, 100));
    else if (!material["certificate"].isAbsent() || !material["x509CertificateChain"].isAbsent())
        m_content.signer = Text::tr("a certificate");
    if (root["dsseEnvelope"].isObject()) {
        const QString signer = m_content.signer;
        readDsse(root["dsseEnvelope"], depth);
        m_content.envelope = QStringLiteral("sigstore bundle");
        m_content.signer = signer;
        return;
    }
    is(Format::MessageSignature);
    const JsonValue digest = root["messageSignature"]["messageDigest"];
    const auto raw = decoded(digest["digest"], QByteArray::Base64Encoding);
    if (raw && textOf(digest["algorithm"]) == QLatin1String("SHA2_256"))
        addSubject(QStringLiteral("sha256"), QString::fromLatin1(raw->toHex()));
}

void ContentReader::readDsse(const JsonValue &envelope, int depth)
{
    m_content.envelope = QStringLiteral("DSSE envelope");
    if (const QString id = textOf(envelope["signatures"].firstChild()["keyid"]); !id.isEmpty())
        m_content.signer = Text::tr("a key called %1").arg(base::visible(id, 100));
    readPayload(envelope["payload"], QByteArray::Base64Encoding, depth);
}

// Notary Project signatures come so (RFC 7515, flattened).
void ContentReader::readJws(const JsonValue &root)
{
    is(Format::Jws);
    m_content.envelope = QStringLiteral("JWS");
    if (const JsonValue chain = root["header"]["x5c"]; chain.isArray())
        m_content.signer = Text::tr("a certificate");
    const auto header = decoded(root["protected"], QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
    if (header) {
        if (const auto json = oci::JsonDocument::parse(*header, base::limits::signaturePayload))
            m_content.created = textOf(json->root()["io.cncf.notary.signingTime"]);
    }
    const auto payload = decoded(root["payload"], QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
    if (!payload) {
        m_content.problem = Text::tr("What is in the envelope is not base64.");
        return;
    }
    m_content.text = *payload;
    const auto json = oci::JsonDocument::parse(*payload, base::limits::signaturePayload);
    if (!json)
        return;
    if (const auto digest = oci::Digest::parse(textOf(json->root()["targetArtifact"]["digest"])))
        m_content.subjects.append(digest->toString());
}

void ContentReader::readStatement(const JsonValue &root)
{
    for (JsonValue each = root["subject"].firstChild(); !each.isAbsent(); each = each.nextSibling()) {
        if (m_content.name.isEmpty())
            m_content.name = textOf(each["name"]);
        for (JsonValue digest = each["digest"].firstChild(); !digest.isAbsent(); digest = digest.nextSibling())
            addSubject(digest.key(), textOf(digest));
    }
    const QString name = m_content.name;
    const JsonValue predicate = root["predicate"];
    const bool isBill = readBill(predicate);
    m_content.predicateType = textOf(root["predicateType"]);
    is(Format::InToto);
    if (!isBill)
        m_content.name = name;
    if (m_content.created.isEmpty()) // SLSA provenance 1.0, and before
        m_content.created = textOf(predicate["runDetails"]["metadata"]["finishedOn"]);
    if (m_content.created.isEmpty())
        m_content.created = textOf(predicate["metadata"]["buildFinishedOn"]);
}

void ContentReader::readSimpleSigning(const JsonValue &root)
{
    is(Format::SimpleSigning);
    m_content.name = textOf(root["critical"]["identity"]["docker-reference"]);
    if (const auto digest = oci::Digest::parse(textOf(root["critical"]["image"]["docker-manifest-digest"])))
        m_content.subjects.append(digest->toString());
}

bool ContentReader::readBill(const JsonValue &root)
{
    if (root["spdxVersion"].isString())
        readSpdx(root);
    else if (root["@graph"].isArray() && textOf(root["@context"]).contains(QLatin1String("spdx.org/rdf/3")))
        readSpdx3(root["@graph"]);
    else if (textOf(root["bomFormat"]) == QLatin1String("CycloneDX"))
        readCycloneDx(root);
    else if (root["artifacts"].isArray() && textOf(root["schema"]["url"]).contains(QLatin1String("syft")))
        readSyft(root);
    else
        return false;
    return true;
}

void ContentReader::readSpdx(const JsonValue &root)
{
    is(Format::Spdx, textOf(root["spdxVersion"]).remove(QLatin1String("SPDX-")));
    m_content.name = textOf(root["name"]);
    m_content.created = textOf(root["creationInfo"]["created"]);
    const JsonValue packages = root["packages"];
    m_content.parts = packages.isArray() ? packages.size() : 0;
    const QString described = textOf(root["documentDescribes"].firstChild());
    for (JsonValue each = packages.firstChild(); !described.isEmpty() && !each.isAbsent(); each = each.nextSibling())
        if (textOf(each["SPDXID"]) == described)
            m_content.version = textOf(each["versionInfo"]);
}

void ContentReader::readSpdx3(const JsonValue &graph)
{
    is(Format::Spdx, QStringLiteral("3"));
    m_content.parts = 0;
    for (JsonValue each = graph.firstChild(); !each.isAbsent(); each = each.nextSibling()) {
        const QString type = textOf(each["type"]);
        if (type == QLatin1String("software_Package"))
            ++m_content.parts;
        else if (type == QLatin1String("SpdxDocument"))
            m_content.name = textOf(each["name"]);
        else if (type == QLatin1String("CreationInfo"))
            m_content.created = textOf(each["created"]);
    }
}

void ContentReader::readCycloneDx(const JsonValue &root)
{
    is(Format::CycloneDx, textOf(root["specVersion"]));
    const JsonValue component = root["metadata"]["component"];
    m_content.name = textOf(component["name"]);
    m_content.version = textOf(component["version"]);
    m_content.created = textOf(root["metadata"]["timestamp"]);
    m_content.parts = root["components"].isArray() ? root["components"].size() : 0;
}

void ContentReader::readSyft(const JsonValue &root)
{
    is(Format::Syft, textOf(root["schema"]["version"]));
    m_content.name = textOf(root["source"]["name"]);
    m_content.version = textOf(root["source"]["version"]);
    m_content.parts = root["artifacts"].size();
}

void ContentReader::readTagValue(const QByteArray &bytes)
{
    m_content.parts = 0;
    qsizetype at = 0;
    while (at < bytes.size()) {
        const qsizetype end = bytes.indexOf('\n', at);
        const QByteArrayView line = QByteArrayView(bytes).sliced(at, (end < 0 ? bytes.size() : end) - at).trimmed();
        at = end < 0 ? bytes.size() : end + 1;
        const qsizetype colon = line.indexOf(':');
        if (colon < 0)
            continue;
        const QByteArrayView tag = line.first(colon);
        const QString value = QString::fromUtf8(line.sliced(colon + 1).trimmed());
        if (tag == "SPDXVersion")
            is(Format::Spdx, QString(value).remove(QLatin1String("SPDX-")));
        else if (tag == "DocumentName")
            m_content.name = value;
        else if (tag == "Created")
            m_content.created = value;
        else if (tag == "PackageName")
            ++m_content.parts;
    }
}

void ContentReader::readXml(const QByteArray &bytes)
{
    QXmlStreamReader xml(bytes);
    QStringList path;
    qint64 components = 0;
    AttachedContent found;
    while (!xml.atEnd()) {
        xml.readNext();
        if (xml.isEndElement() && !path.isEmpty())
            path.removeLast();
        if (xml.isDTD()) // entities that grow: not ours to expand
            return;
        if (!xml.isStartElement())
            continue;
        path.append(xml.name().toString());
        const QString place = path.join(QLatin1Char('/'));
        const QString space = xml.namespaceUri().toString();
        if (path.size() == 1 && !space.startsWith(QLatin1String("http://cyclonedx.org/schema/bom/")))
            return;
        if (path.size() == 1)
            found.formatVersion = space.section(QLatin1Char('/'), -1);
        else if (place == QLatin1String("bom/components/component"))
            ++components;
        else if (place == QLatin1String("bom/metadata/timestamp"))
            found.created = xml.readElementText(QXmlStreamReader::SkipChildElements);
        else if (place == QLatin1String("bom/metadata/component/name"))
            found.name = xml.readElementText(QXmlStreamReader::SkipChildElements);
        else if (place == QLatin1String("bom/metadata/component/version"))
            found.version = xml.readElementText(QXmlStreamReader::SkipChildElements);
        if (xml.isEndElement()) // its text was read
            path.removeLast();
        if (path.size() > base::limits::jsonDepth)
            return;
    }
    if (xml.hasError()) {
        m_content.problem = Text::tr("It is no well-formed XML (line %1).").arg(xml.lineNumber());
        return;
    }
    found.format = Format::CycloneDx;
    found.parts = components;
    found.text = bytes;
    m_content = found;
}
} // namespace

QString AttachedContent::formatName() const
{
    const auto versioned = [this](const char *word) {
        return formatVersion.isEmpty()
                   ? QString::fromLatin1(word)
                   : QString::fromLatin1(word) + QLatin1Char(' ') + base::visible(formatVersion, 20);
    };
    switch (format) {
    case Format::Spdx:
        return versioned("SPDX");
    case Format::CycloneDx:
        return versioned("CycloneDX");
    case Format::Syft:
        return versioned("syft");
    case Format::InToto:
        return Text::tr("in-toto statement");
    case Format::SimpleSigning:
        return Text::tr("simple signing");
    case Format::Jws:
        return Text::tr("Notary Project signature");
    case Format::MessageSignature:
        return Text::tr("signature of a digest");
    case Format::Unknown:
        break;
    }
    return {};
}

QString AttachedContent::inWords() const
{
    QString words = formatName();
    if (words.isEmpty())
        return problem.isEmpty() ? Text::tr("Its format is not known to Colophon.") : problem;
    if (!predicateType.isEmpty())
        words = Text::tr("%1 of type %2").arg(words, base::visible(predicateType, 200));
    if (!name.isEmpty())
        words = Text::tr("%1 of %2")
                    .arg(words, base::visible(version.isEmpty() ? name : name + QLatin1Char(' ') + version, 200));
    if (parts >= 0) {
        const bool isComponents = format == Format::CycloneDx;
        const QString count = parts == 1
                                  ? (isComponents ? Text::tr("1 component") : Text::tr("1 package"))
                                  : (isComponents ? Text::tr("%1 components") : Text::tr("%1 packages")).arg(parts);
        words = Text::tr("%1: %2").arg(words, count);
    }
    if (!envelope.isEmpty())
        words = Text::tr("%1, in a %2").arg(words, envelope);
    return words + QLatin1Char('.');
}

AttachedContent readAttached(const QByteArray &bytes) { return ContentReader().read(bytes); }

} // namespace colophon::document
