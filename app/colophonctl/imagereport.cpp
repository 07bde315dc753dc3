// SPDX-License-Identifier: Apache-2.0
#include "colophonctl/imagereport.h"

#include "base/bytesize.h"
#include "base/plaintext.h"
#include "colophonctl/printer.h"

#include <QCoreApplication>
#include <QJsonArray>

namespace colophon::ctl {

namespace {

using document::ImageNode;
using document::NodePath;

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(Inspect)
};

QJsonObject toJson(const oci::Annotations &annotations)
{
    QJsonObject object;
    for (auto each = annotations.cbegin(); each != annotations.cend(); ++each)
        object.insert(each.key(), each.value());
    return object;
}

QJsonObject toJson(const oci::Platform &platform)
{
    QJsonObject object{{QStringLiteral("os"), platform.os}, {QStringLiteral("architecture"), platform.architecture}};
    if (!platform.variant.isEmpty())
        object.insert(QStringLiteral("variant"), platform.variant);
    if (!platform.osVersion.isEmpty())
        object.insert(QStringLiteral("os.version"), platform.osVersion);
    return object;
}

QJsonObject shortJson(const oci::Descriptor &descriptor)
{
    return {{QStringLiteral("digest"), descriptor.digest.toString()},
            {QStringLiteral("mediaType"), descriptor.mediaType.toString()},
            {QStringLiteral("size"), descriptor.size}};
}

QString nameOf(ImageNode::Role role)
{
    switch (role) {
    case ImageNode::Role::Index:
        return QStringLiteral("index");
    case ImageNode::Role::Image:
        return QStringLiteral("image");
    case ImageNode::Role::Attestation:
        return QStringLiteral("attestation");
    case ImageNode::Role::Opaque:
        return QStringLiteral("opaque");
    }
    return {};
}

QStringList createdBy(const ImageNode &node)
{
    const qsizetype layers = node.manifest ? node.manifest->layers().size() : 0;
    if (!node.config)
        return QStringList(layers);
    return node.config->createdByPerLayer(layers);
}

QJsonObject configJson(const ImageNode &node)
{
    QJsonObject json = shortJson(node.manifest->config());
    const oci::ImageConfig config = node.config.value_or(oci::ImageConfig{});
    json.insert(QStringLiteral("os"), orNull(config.platform.os));
    json.insert(QStringLiteral("architecture"), orNull(config.platform.architecture));
    json.insert(QStringLiteral("created"), orNull(config.created));
    return json;
}

QJsonArray layersJson(const ImageNode &node)
{
    QJsonArray layers;
    const QStringList instructions = createdBy(node);
    for (qsizetype i = 0; i < node.manifest->layers().size(); ++i) {
        const oci::Descriptor &layer = node.manifest->layers()[i];
        QJsonObject json = shortJson(layer);
        json.insert(QStringLiteral("index"), i);
        json.insert(QStringLiteral("marking"), oci::nameOf(layer.marking()));
        json.insert(QStringLiteral("urls"), QJsonArray::fromStringList(layer.urls));
        json.insert(QStringLiteral("createdBy"), instructions.value(i));
        json.insert(QStringLiteral("annotations"), toJson(layer.annotations));
        layers.append(json);
    }
    return layers;
}

// Of one that stands in the index and is about nothing in it, its own place has to do.
QList<document::Attachment> attachmentsOf(const ImageReport &report, const ImageNode &node, const NodePath &path)
{
    QList<document::Attachment> found;
    for (const document::Attachment &each : report.attachments.all)
        if (each.about == node.descriptor.digest ||
            (each.subject == path && each.source == document::Attachment::Source::Index))
            found.append(each);
    return found;
}

QJsonArray attachmentsJson(const QList<document::Attachment> &attachments)
{
    QJsonArray array;
    for (const document::Attachment &each : attachments)
        array.append(QJsonObject{{QStringLiteral("kind"), document::nameOf(each.kind)},
                                 {QStringLiteral("digest"), each.manifest.digest.toString()},
                                 {QStringLiteral("artifactType"), each.artifactType},
                                 {QStringLiteral("source"), document::nameOf(each.source)}});
    return array;
}

QString inWords(const document::Attachment &attachment)
{
    QString line = Text::tr("%1: %2 (found by %3)")
                       .arg(document::inWords(attachment.kind), attachment.manifest.digest.toString(),
                            document::nameOf(attachment.source));
    const QString what = attachment.problem.isEmpty() ? attachment.summary : attachment.problem;
    if (!what.isEmpty())
        line += QStringLiteral("  ") + what;
    else if (!attachment.artifactType.isEmpty())
        line += QStringLiteral("  ") + attachment.artifactType;
    return base::visible(line);
}

bool isWithin(const NodePath &path, const NodePath &top)
{
    return path.entries.size() >= top.entries.size() && path.entries.mid(0, top.entries.size()) == top.entries;
}

QJsonArray findingsJson(const QList<document::Finding> &findings, const NodePath &top)
{
    QJsonArray array;
    for (const document::Finding &each : findings)
        if (isWithin(each.path, top))
            array.append(document::toJson(each));
    return array;
}

QJsonObject nodeJson(const ImageReport &report, const ImageNode &node, const NodePath &path, const QString &reference)
{
    QJsonObject json = shortJson(node.descriptor);
    json.insert(QStringLiteral("reference"), reference);
    const bool index = node.index.has_value();
    json.insert(QStringLiteral("kind"), index ? QStringLiteral("index") : QStringLiteral("manifest"));
    json.insert(QStringLiteral("role"), nameOf(node.role));
    if (const auto platform = node.platform())
        json.insert(QStringLiteral("platform"), toJson(*platform));
    if (node.manifest) {
        json.insert(QStringLiteral("config"), configJson(node));
        json.insert(QStringLiteral("layers"), layersJson(node));
    }
    if (index) {
        QJsonArray manifests;
        for (int i = 0; i < node.children.size(); ++i) {
            const ImageNode &child = node.children[i];
            manifests.append(nodeJson(report, child, path.child(i),
                                      report.name + QLatin1Char('@') + child.descriptor.digest.toString()));
        }
        json.insert(QStringLiteral("manifests"), manifests);
    }
    const auto subject = index ? node.index->subject() : node.manifest ? node.manifest->subject() : std::nullopt;
    json.insert(QStringLiteral("annotations"), toJson(node.annotations()));
    json.insert(QStringLiteral("subject"), subject ? QJsonValue(shortJson(*subject)) : QJsonValue());
    json.insert(QStringLiteral("attachments"), attachmentsJson(attachmentsOf(report, node, path)));
    json.insert(QStringLiteral("findings"), findingsJson(report.findings, path));
    return json;
}

QString title(const ImageNode &node)
{
    return QStringLiteral("%1  %2  %3")
        .arg(base::visible(node.title()), node.descriptor.digest.toString(), base::humanSize(node.descriptor.size));
}

void addLayers(QStringList &lines, const ImageNode &node, const QString &indent)
{
    constexpr int longestInstruction = 100;
    const QStringList instructions = createdBy(node);
    QList<QStringList> rows{
        {QStringLiteral("#"), Text::tr("marking"), Text::tr("size"), Text::tr("digest"), Text::tr("created by")}};
    const QList<oci::Descriptor> &layers = node.manifest->layers();
    for (qsizetype i = 0; i < layers.size(); ++i)
        rows.append({QString::number(i), oci::nameOf(layers[i].marking()), base::humanSize(layers[i].size),
                     layers[i].digest.shortForm(), base::visible(instructions.value(i), longestInstruction)});
    const QStringList table = aligned(rows, indent);
    lines.append(table.constFirst());
    for (qsizetype i = 0; i < layers.size(); ++i) {
        lines.append(table[i + 1]);
        for (const QString &url : layers[i].urls)
            lines.append(indent + QStringLiteral("   ") + base::visible(url));
    }
}

void addNode(QStringList &lines, const ImageReport &report, const ImageNode &node, const NodePath &path,
             const QString &indent)
{
    const QString inner = indent + QStringLiteral("  ");
    lines.append(indent + title(node));
    lines.append(inner + base::visible(node.descriptor.mediaType.toString()));
    for (const document::Attachment &each : attachmentsOf(report, node, path))
        lines.append(inner + inWords(each));
    if (!node.missing.isEmpty())
        lines.append(inner + base::visible(node.missing));
    if (node.role == ImageNode::Role::Image && node.manifest)
        addLayers(lines, node, inner);
    for (int i = 0; i < node.children.size(); ++i) {
        lines.append(QString());
        addNode(lines, report, node.children[i], path.child(i), inner);
    }
}

} // namespace

QJsonObject ImageReport::toJson() const
{
    const ImageNode *node = tree.node(top);
    return node ? nodeJson(*this, *node, top, reference) : QJsonObject();
}

QStringList ImageReport::toText() const
{
    QStringList lines{base::visible(reference)};
    if (const ImageNode *node = tree.node(top))
        addNode(lines, *this, *node, top, {});
    QStringList remarks;
    for (const document::Finding &each : findings)
        if (isWithin(each.path, top))
            remarks.append(QStringLiteral("  %1  %2: %3")
                               .arg(document::nameOf(each.severity), each.path.toString(),
                                    base::visible(document::inWords(each))));
    if (!remarks.isEmpty())
        lines << QString() << Text::tr("findings") << remarks;
    return lines;
}

} // namespace colophon::ctl
