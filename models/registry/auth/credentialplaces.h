// SPDX-License-Identifier: Apache-2.0
#pragma once

// Where on this computer credentials may stand, in the order in which they are looked for: a file that was named and
// then no other; else docker's variable, podman's helpers and files, docker's files. A value, so that tests have places
// of their own.

#include "registry/auth/credentialfile.h"

#include <QList>
#include <QStringList>

namespace colophon::registry::auth {

struct CredentialPlaces
{
    struct File
    {
        QString path;
        CredentialFile::Format format = CredentialFile::Format::Docker;
        bool operator==(const File &) const = default;
    };

    QString named = {};        // by --authfile or REGISTRY_AUTH_FILE: the only one that counts then
    QByteArray document = {};  // DOCKER_AUTH_CONFIG: no path but the file itself
    QList<File> files = {};    // those that do not exist are passed by
    QStringList programs = {}; // directories of PATH, absolute ones
    QString home = {};         // shown as "~"

    // What registries.conf has podman and its kin ask, in order: names of helpers, and podmansFiles() where their files
    // come. Empty: the files alone. Docker's own files do not go by it and come last.
    QStringList order = {};
    QString orderedBy = {}; // the file that says so
    static QString podmansFiles() { return QStringLiteral("containers-auth.json"); }

    // As the environment of this process says; `named` stands above REGISTRY_AUTH_FILE.
    static CredentialPlaces ofThisUser(const QString &named = {});
    // "~/.docker/config.json"
    QString shown(const QString &path) const;
};

} // namespace colophon::registry::auth
