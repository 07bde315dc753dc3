// SPDX-License-Identifier: Apache-2.0
#include "oci/imageconfig.h"

#include "base/limits.h"
#include "oci/jsondocument.h"

#include <QCoreApplication>

namespace colophon::oci {

namespace {
struct Text
{
    Q_DECLARE_TR_FUNCTIONS(ImageConfig)
};

QString textOf(const JsonValue &value) { return value.string().value_or(QString()); }
} // namespace

base::Result<ImageConfig> ImageConfig::parse(const QByteArray &bytes)
{
    auto json = JsonDocument::parse(bytes, base::limits::config);
    if (!json)
        return base::fail(json.error());
    const JsonValue root = json->root();
    if (!root.isObject())
        return base::fail(base::ErrorKind::InvalidData, Text::tr("The image configuration is not a JSON object."));
    ImageConfig config;
    config.platform.os = textOf(root["os"]);
    config.platform.architecture = textOf(root["architecture"]);
    config.platform.variant = textOf(root["variant"]);
    config.platform.osVersion = textOf(root["os.version"]);
    config.created = textOf(root["created"]);
    config.author = textOf(root["author"]);
    for (const JsonValue &each : root["rootfs"]["diff_ids"].children())
        config.diffIds.append(textOf(each));
    for (const JsonValue &each : root["history"].children()) {
        HistoryEntry entry;
        entry.created = textOf(each["created"]);
        entry.createdBy = textOf(each["created_by"]);
        entry.comment = textOf(each["comment"]);
        entry.emptyLayer = each["empty_layer"].boolean().value_or(false);
        config.history.append(std::move(entry));
    }
    return config;
}

QStringList ImageConfig::createdByPerLayer(qsizetype layers) const
{
    QStringList instructions;
    for (const HistoryEntry &entry : history) {
        if (!entry.emptyLayer)
            instructions.append(entry.createdBy);
    }
    // Where the history speaks of another number of layers, nobody knows which instruction made which.
    if (instructions.size() != layers)
        instructions = QStringList(layers, QString());
    return instructions;
}

} // namespace colophon::oci
