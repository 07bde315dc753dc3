// SPDX-License-Identifier: Apache-2.0
#include "demo/referrerlist.h"

#include "oci/mediatype.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace colophon::demo {

QString subjectOf(const QByteArray &manifest)
{
    const QJsonValue subject = QJsonDocument::fromJson(manifest).object()[QLatin1String("subject")];
    return subject.isObject() ? subject[QLatin1String("digest")].toString(QLatin1String("")) : QString();
}

QByteArray referrerList(const QList<StoredManifest> &referrers, const QString &artifactType)
{
    QJsonArray manifests;
    for (const StoredManifest &each : referrers) {
        const QJsonObject document = QJsonDocument::fromJson(each.bytes).object();
        QJsonObject entry{{QStringLiteral("mediaType"), each.type},
                          {QStringLiteral("digest"), each.digest},
                          {QStringLiteral("size"), each.bytes.size()}};
        QString type = document[QLatin1String("artifactType")].toString();
        if (type.isEmpty()) // an index has no config, and then none
            type = document[QLatin1String("config")][QLatin1String("mediaType")].toString();
        if (!artifactType.isEmpty() && type != artifactType)
            continue;
        if (!type.isEmpty())
            entry.insert(QStringLiteral("artifactType"), type);
        if (const QJsonValue annotations = document[QLatin1String("annotations")]; annotations.isObject())
            entry.insert(QStringLiteral("annotations"), annotations);
        manifests.append(entry);
    }
    const QJsonObject index{{QStringLiteral("schemaVersion"), 2},
                            {QStringLiteral("mediaType"), oci::MediaType::ociIndex().toString()},
                            {QStringLiteral("manifests"), manifests}};
    return QJsonDocument(index).toJson(QJsonDocument::Compact);
}

} // namespace colophon::demo
