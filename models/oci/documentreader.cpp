// SPDX-License-Identifier: Apache-2.0
#include "oci/documentreader.h"

#include "base/plaintext.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>

namespace colophon::oci {

namespace {
struct Text
{
    Q_DECLARE_TR_FUNCTIONS(Manifest)
};

// Member names readers act upon. Go's decoder takes them in any case, so a document that spells one of them
// differently means different things to different programs.
constexpr std::array actedUpon{"schemaVersion", "mediaType",   "artifactType", "config",   "layers",
                               "manifests",     "subject",     "annotations",  "digest",   "size",
                               "urls",          "data",        "platform",     "os",       "architecture",
                               "os.version",    "os.features", "variant",      "fsLayers", "history"};

bool isActedUpon(const JsonValue &member)
{
    return std::ranges::any_of(actedUpon, [&](const char *name) { return member.isNamed(QLatin1String(name)); });
}

void findCaseVariants(const JsonValue &value, bool annotations, QStringList &problems)
{
    for (JsonValue child = value.firstChild(); !child.isAbsent() && problems.size() < 20; child = child.nextSibling()) {
        // Nearly every member is spelled as it should be.
        if (value.isObject() && !annotations && !isActedUpon(child)) {
            const QString name = child.key();
            for (const char *known : actedUpon) {
                const QLatin1String exact(known);
                if (name.size() == exact.size() && name.compare(exact, Qt::CaseInsensitive) == 0) {
                    problems.append(
                        Text::tr("%1 differs from “%2” by case alone; programs disagree about what it means.")
                            .arg(base::visible(child.pointer(), 200), exact));
                }
            }
        }
        if (child.size() > 0)
            findCaseVariants(child, child.isNamed(QLatin1String("annotations")), problems);
    }
}
} // namespace

MediaType typeByMembers(const JsonValue &root)
{
    if (root["manifests"].isArray())
        return MediaType::ociIndex();
    if (root["config"]["mediaType"].string() == MediaType::dockerConfig().toString())
        return MediaType::dockerManifest();
    return MediaType::ociManifest();
}

base::Result<CommonParts> readCommonParts(QByteArray bytes, const MediaType &declared)
{
    auto parsed = JsonDocument::parse(std::move(bytes));
    if (!parsed)
        return base::fail(parsed.error());
    CommonParts parts;
    parts.json = std::make_shared<const JsonDocument>(std::move(*parsed));
    parts.digest = Digest::of(parts.json->bytes());
    const JsonValue root = parts.json->root();
    if (!root.isObject())
        return base::fail(base::ErrorKind::InvalidData, Text::tr("The manifest is not a JSON object."));

    if (declared.isSchema1() || root["schemaVersion"].integer() == 1) {
        return base::fail(
            base::ErrorKind::Usage,
            Text::tr("This image is in Docker's schema 1, which holds its signature inside and is no longer "
                     "accepted by current programs."),
            Text::tr("Push it again with a current Docker or skopeo to convert it, then open it here."));
    }
    if (root["schemaVersion"].integer() != 2)
        return base::fail(base::ErrorKind::InvalidData, Text::tr("The manifest's schemaVersion is not 2."));

    const JsonValue own = root["mediaType"];
    if (!own.isAbsent() && !own.isString())
        return base::fail(base::ErrorKind::InvalidData, Text::tr("The manifest's mediaType is not a string."));
    const MediaType ownType(own.string().value_or(QString()));
    if (!ownType.isEmpty() && !declared.isEmpty() && ownType != declared) {
        return base::fail(base::ErrorKind::InvalidData,
                          Text::tr("The document calls itself %1 but was announced as %2.")
                              .arg(base::visible(ownType.toString(), 120), base::visible(declared.toString(), 120)),
                          Text::tr("Programs would read it differently; ask whoever made the image."));
    }
    parts.mediaType = !ownType.isEmpty() ? ownType : !declared.isEmpty() ? declared : typeByMembers(root);

    if (!root["manifests"].isAbsent() &&
        (!root["layers"].isAbsent() || !root["config"].isAbsent() || !root["fsLayers"].isAbsent()))
        parts.problems.append(
            Text::tr("It is a manifest and an index at once; programs disagree about what it means."));
    else if (!root["fsLayers"].isAbsent())
        parts.problems.append(Text::tr("It holds the layers of Docker's schema 1 (fsLayers) beside its own; programs "
                                       "disagree about which ones count."));
    for (const QString &pointer : parts.json->duplicates())
        parts.problems.append(
            Text::tr("%1 occurs twice; programs disagree about which one counts.").arg(base::visible(pointer, 200)));
    findCaseVariants(root, false, parts.problems);

    auto annotations = readAnnotations(root);
    if (!annotations)
        return base::fail(annotations.error());
    parts.annotations = *annotations;
    parts.artifactType = root["artifactType"].string().value_or(QString());
    const JsonValue subject = root["subject"];
    if (subject.isObject()) {
        auto descriptor = Descriptor::read(subject);
        if (!descriptor)
            return base::fail(descriptor.error());
        parts.subject = *descriptor;
    }
    return parts;
}

} // namespace colophon::oci
