// SPDX-License-Identifier: Apache-2.0
#pragma once

// The parts of an image configuration Colophon shows (image-spec config.md): platform, creation time, the diff_ids, and
// for each layer the instruction that made it.

#include "base/result.h"
#include "oci/digest.h"
#include "oci/platform.h"

#include <QByteArray>
#include <QList>
#include <QString>
#include <QStringList>

namespace colophon::oci {

struct HistoryEntry
{
    QString created; // as written, RFC 3339
    QString createdBy;
    QString comment;
    bool emptyLayer = false;
    bool operator==(const HistoryEntry &) const = default;
};

struct ImageConfig
{
    Platform platform;
    QString created; // as written, may be empty
    QString author;
    QList<QString> diffIds;
    QList<HistoryEntry> history;

    // Tolerant of what is missing; InvalidData for what is no JSON object.
    static base::Result<ImageConfig> parse(const QByteArray &bytes);
    // The instruction of each layer, in the layers' order; as many as `layers`, empty where the history does not say.
    QStringList createdByPerLayer(qsizetype layers) const;
};

} // namespace colophon::oci
