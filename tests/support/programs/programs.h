// SPDX-License-Identifier: Apache-2.0
#pragma once

// Other people's programs as a test uses them: run to their end with a time limit, an environment without the user's
// own settings, and everything they printed kept for the failure message; and small real images made with umoci and
// skopeo.

#include <QByteArray>
#include <QProcessEnvironment>
#include <QString>
#include <QStringList>
#include <QTemporaryDir>

namespace colophon::test {

struct Ran
{
    int exitCode = -1; // -1: it did not start, crashed or took too long
    QByteArray out;
    QByteArray err;
    QString text() const; // command, exit code and output, for messages
    QString command;
};

// The environment for peers: no proxies, no credentials, a home of its own.
QProcessEnvironment plainEnvironment(const QString &home);

Ran run(const QString &program, const QStringList &arguments, const QProcessEnvironment &environment,
        const QByteArray &input = {}, int milliseconds = 60'000);

// Makes images in an OCI layout and copies them to registries. Needs umoci and skopeo.
class ImageKit
{
public:
    ImageKit();
    bool isReady() const { return m_problem.isEmpty(); }
    QString problem() const { return m_problem; }
    QString folder() const { return m_folder.path(); }
    QProcessEnvironment environment() const { return plainEnvironment(m_folder.path()); }

    enum class Kind { OciGzip, OciZstd, DockerGzip, OciIndex, DockerList };
    // Pushes an image (two layers; an index has two such images) to `reference` ("127.0.0.1:5000/app:1") over plain
    // http. The description of what failed; empty when it is there.
    QString push(Kind kind, const QString &reference);

private:
    QString makeLayouts();
    QString skopeo(const QStringList &arguments);
    QString pushIndex(const QString &reference, bool docker);

    QTemporaryDir m_folder;
    QString m_problem;
};

} // namespace colophon::test
