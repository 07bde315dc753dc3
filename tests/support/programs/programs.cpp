// SPDX-License-Identifier: Apache-2.0
#include "support/programs/programs.h"

#include "oci/digest.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QRandomGenerator>

namespace colophon::test {

QString Ran::text() const
{
    return QStringLiteral("%1\nexit %2\n%3\n%4")
        .arg(command)
        .arg(exitCode)
        .arg(QString::fromUtf8(out.left(4000)), QString::fromUtf8(err.left(4000)));
}

QProcessEnvironment plainEnvironment(const QString &home)
{
    QProcessEnvironment environment;
    const QProcessEnvironment own = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("PATH"), own.value(QStringLiteral("PATH")));
    environment.insert(QStringLiteral("HOME"), home);
    environment.insert(QStringLiteral("XDG_RUNTIME_DIR"), home);
    environment.insert(QStringLiteral("TMPDIR"), home);
    environment.insert(QStringLiteral("LC_ALL"), QStringLiteral("C.UTF-8"));
    return environment;
}

Ran run(const QString &program, const QStringList &arguments, const QProcessEnvironment &environment,
        const QByteArray &input, int milliseconds)
{
    Ran ran;
    ran.command = program + QLatin1Char(' ') + arguments.join(QLatin1Char(' '));
    QProcess process;
    process.setProcessEnvironment(environment);
    process.start(program, arguments);
    if (!process.waitForStarted(5000)) {
        ran.err = process.errorString().toUtf8();
        return ran;
    }
    process.write(input);
    process.closeWriteChannel();
    const bool ended = process.waitForFinished(milliseconds);
    ran.out = process.readAllStandardOutput();
    ran.err = process.readAllStandardError();
    if (!ended) {
        process.kill();
        process.waitForFinished(5000);
        ran.err += "\n(took too long)";
        return ran;
    }
    if (process.exitStatus() == QProcess::NormalExit)
        ran.exitCode = process.exitCode();
    return ran;
}

namespace {
QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

bool write(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size();
}

// Into an OCI layout: the blob, and its digest.
QString addBlob(const QString &layout, const QByteArray &bytes)
{
    const oci::Digest digest = oci::Digest::of(bytes);
    write(layout + QStringLiteral("/blobs/sha256/") + digest.hex(), bytes);
    return digest.toString();
}
} // namespace

ImageKit::ImageKit() { m_problem = makeLayouts(); }

QString ImageKit::makeLayouts()
{
    const QString layout = folder() + QStringLiteral("/layout");
    const auto umoci = [this](const QStringList &arguments) {
        const Ran ran = run(QStringLiteral("umoci"), arguments, environment());
        return ran.exitCode == 0 ? QString() : ran.text();
    };
    if (QString failed = umoci({QStringLiteral("init"), QStringLiteral("--layout"), layout}); !failed.isEmpty())
        return failed;
    for (const char *name : {"amd64", "arm64"}) {
        const QString image = layout + QLatin1Char(':') + QLatin1String(name);
        if (QString failed = umoci({QStringLiteral("new"), QStringLiteral("--image"), image}); !failed.isEmpty())
            return failed;
        // Random content: every run has digests of its own, so that no client's cache knows a blob already.
        for (int layer = 0; layer < 2; ++layer) {
            const QString file = QStringLiteral("%1/file-%2-%3").arg(folder(), QLatin1String(name)).arg(layer);
            QByteArray content(layer == 0 ? 200'000 : 20'000, Qt::Uninitialized);
            QRandomGenerator::system()->fillRange(reinterpret_cast<quint32 *>(content.data()), content.size() / 4);
            write(file, content);
            const QString target = QStringLiteral("/opt/file%1").arg(layer);
            if (QString failed = umoci({QStringLiteral("insert"), QStringLiteral("--image"), image, file, target});
                !failed.isEmpty())
                return failed;
        }
        if (QString failed =
                umoci({QStringLiteral("config"), QStringLiteral("--image"), image, QStringLiteral("--architecture"),
                       QLatin1String(name), QStringLiteral("--os"), QStringLiteral("linux")});
            !failed.isEmpty())
            return failed;
    }
    return {};
}

QString ImageKit::skopeo(const QStringList &arguments)
{
    const Ran ran =
        run(QStringLiteral("skopeo"),
            QStringList{QStringLiteral("--insecure-policy"), QStringLiteral("copy"), QStringLiteral("-q"),
                        QStringLiteral("--src-tls-verify=false"), QStringLiteral("--dest-tls-verify=false")} +
                arguments,
            environment());
    return ran.exitCode == 0 ? QString() : ran.text();
}

QString ImageKit::push(Kind kind, const QString &reference)
{
    const QString source = QStringLiteral("oci:%1/layout:amd64").arg(folder());
    const QString destination = QStringLiteral("docker://") + reference;
    switch (kind) {
    case Kind::OciGzip:
        return skopeo({QStringLiteral("--format"), QStringLiteral("oci"), source, destination});
    case Kind::DockerGzip:
        return skopeo({QStringLiteral("--format"), QStringLiteral("v2s2"), source, destination});
    case Kind::OciZstd: {
        // skopeo compresses anew only what it finds uncompressed.
        const QString plain = QStringLiteral("dir:%1/plain").arg(folder());
        const QString zstd = QStringLiteral("oci:%1/zstd:image").arg(folder());
        if (QString failed = skopeo({QStringLiteral("--dest-decompress"), source, plain}); !failed.isEmpty())
            return failed;
        if (QString failed = skopeo({QStringLiteral("--dest-compress"), QStringLiteral("--dest-compress-format"),
                                     QStringLiteral("zstd"), plain, zstd});
            !failed.isEmpty())
            return failed;
        return skopeo({zstd, destination});
    }
    case Kind::OciIndex:
        return pushIndex(reference, false);
    case Kind::DockerList:
        return pushIndex(reference, true);
    }
    return {};
}

// An index over both images, laid beside them in the layout and copied whole.
QString ImageKit::pushIndex(const QString &reference, bool docker)
{
    const QString layout = folder() + QStringLiteral("/layout");
    const QString top = layout + QStringLiteral("/index.json");
    QJsonObject root = QJsonDocument::fromJson(contentOf(top)).object();
    QJsonArray entries;
    QJsonArray kept;
    for (const QJsonValue &value : root.value(QStringLiteral("manifests")).toArray()) {
        QJsonObject entry = value.toObject();
        const QString name = entry.value(QStringLiteral("annotations"))
                                 .toObject()
                                 .value(QStringLiteral("org.opencontainers.image.ref.name"))
                                 .toString();
        if (name == QLatin1String("index"))
            continue;
        kept.append(entry);
        entry.remove(QStringLiteral("annotations"));
        entry.insert(QStringLiteral("platform"), QJsonObject{{QStringLiteral("os"), QStringLiteral("linux")},
                                                             {QStringLiteral("architecture"), name}});
        entries.append(entry);
    }
    const QByteArray index = QJsonDocument(QJsonObject{{QStringLiteral("schemaVersion"), 2},
                                                       {QStringLiteral("mediaType"),
                                                        QStringLiteral("application/vnd.oci.image.index.v1+json")},
                                                       {QStringLiteral("manifests"), entries}})
                                 .toJson(QJsonDocument::Indented);
    kept.append(
        QJsonObject{{QStringLiteral("mediaType"), QStringLiteral("application/vnd.oci.image.index.v1+json")},
                    {QStringLiteral("digest"), addBlob(layout, index)},
                    {QStringLiteral("size"), index.size()},
                    {QStringLiteral("annotations"),
                     QJsonObject{{QStringLiteral("org.opencontainers.image.ref.name"), QStringLiteral("index")}}}});
    root.insert(QStringLiteral("manifests"), kept);
    write(top, QJsonDocument(root).toJson(QJsonDocument::Compact));
    QStringList arguments{QStringLiteral("--all"), QStringLiteral("oci:%1:index").arg(layout),
                          QStringLiteral("docker://") + reference};
    if (docker)
        arguments = QStringList{QStringLiteral("--format"), QStringLiteral("v2s2")} + arguments;
    return skopeo(arguments);
}

} // namespace colophon::test
