// SPDX-License-Identifier: Apache-2.0
#pragma once

// Things to attach to images: documents as other programs wrote them, and manifests around them.

#include "content/target.h"

#include <QByteArray>
#include <QDir>
#include <QFile>
#include <QList>

namespace colophon::test {

inline const QByteArray emptyConfig("{}");

// A list of packages in SPDX, and one in CycloneDX.
inline QByteArray spdx(const QByteArray &name = "app")
{
    return "{\"spdxVersion\":\"SPDX-2.3\",\"name\":\"" + name +
           "\",\"documentDescribes\":[\"SPDXRef-app\"],\"creationInfo\":{\"created\":\"2026-11-23T04:22:55Z\"},"
           "\"packages\":[{\"SPDXID\":\"SPDXRef-libc\",\"name\":\"libc\",\"versionInfo\":\"2.36\"},"
           "{\"SPDXID\":\"SPDXRef-app\",\"name\":\"app\",\"versionInfo\":\"1.4\"}]}";
}
inline QByteArray cycloneDx()
{
    return "{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.5\",\"metadata\":{\"timestamp\":\"2026-11-23T04:22:55Z\","
           "\"component\":{\"name\":\"app\",\"version\":\"1.4\"}},\"components\":[{\"name\":\"libc\"}]}";
}

// A manifest around one document, with a subject unless its digest is null.
inline QByteArray artifactManifest(const QByteArray &artifactType, const QByteArray &layerType,
                                   const QByteArray &content, const oci::Descriptor &subject = {},
                                   const QByteArray &annotations = {})
{
    const auto descriptor = [](const QByteArray &type, const QByteArray &bytes) {
        return oci::Descriptor::of(oci::MediaType(QString::fromLatin1(type)), bytes).toJson();
    };
    QByteArray json = "{\n  \"schemaVersion\": 2,\n  \"mediaType\": \"application/vnd.oci.image.manifest.v1+json\"";
    if (!artifactType.isEmpty())
        json += ",\n  \"artifactType\": \"" + artifactType + '"';
    json += ",\n  \"config\": " + descriptor("application/vnd.oci.empty.v1+json", emptyConfig) + ",\n  \"layers\": [" +
            descriptor(layerType, content) + ']';
    if (!subject.digest.isNull())
        json += ",\n  \"subject\": " + subject.toJson();
    if (!annotations.isEmpty())
        json += ",\n  \"annotations\": " + annotations;
    return json + "\n}";
}

// What somebody else wrote, from tests/data/signing: the manifest and its blobs.
struct AttachedFixture
{
    QByteArray manifest;
    QList<QByteArray> blobs;

    static AttachedFixture read(const QString &name)
    {
        const QDir folder(QStringLiteral(COLOPHON_TEST_DATA "/signing/") + name);
        const auto content = [&folder](const QString &file) {
            QFile open(folder.filePath(file));
            if (!open.open(QIODevice::ReadOnly))
                qFatal("cannot read %s", qPrintable(open.fileName()));
            return open.readAll();
        };
        AttachedFixture fixture;
        fixture.manifest = content(QStringLiteral("manifest.json"));
        for (const QString &file : folder.entryList({QStringLiteral("blob.*")}, QDir::Files, QDir::Name))
            fixture.blobs.append(content(file));
        return fixture;
    }
    // The blob a descriptor names.
    QByteArray blob(const oci::Digest &digest) const
    {
        for (const QByteArray &each : blobs)
            if (oci::Digest::of(each) == digest)
                return each;
        return {};
    }
};

// The image all fixtures are about.
inline QByteArray fixtureImage()
{
    QFile file(QStringLiteral(COLOPHON_TEST_DATA "/signing/image/manifest-amd64.json"));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace colophon::test
