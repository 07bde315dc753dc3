// SPDX-License-Identifier: Apache-2.0
#pragma once

// What registries.conf (version 2, containers-registries.conf(5)) says of registries: which are blocked, which may be
// plain, where images are read in their place, and what short names stand for. Its mirrors and rewrites are for reading
// one image: an image that is opened to be edited, and everything that is written, stays with the registry it names.

#include "content/connector.h"

#include <QProcessEnvironment>
#include <QStringList>

#include <optional>

namespace colophon::registry::trust {

class RegistriesConf
{
public:
    enum class Pulls { All, ByDigest, ByTag };
    struct Place
    {
        QString location; // host[:port][/path]; empty: as the image says
        bool isInsecure = false;
        Pulls pulls = Pulls::All;
    };
    struct Rule
    {
        QString prefix; // host[:port][/path[:tag|@digest]] or *.domain
        Place place;
        bool isBlocked = false;
        QList<Place> mirrors; // in their order
        QString file;         // where it says so
    };

    // The files that count here, each after what it overrides; $CONTAINERS_REGISTRIES_CONF is the only one where it is
    // set. One that is missing says nothing.
    static QStringList standardFiles(const QProcessEnvironment &environment = QProcessEnvironment::systemEnvironment());
    // InvalidData names the file and the line.
    static base::Result<RegistriesConf> read(const QStringList &files);

    // The one whose prefix is the longest that fits.
    const Rule *ruleFor(const oci::Reference &reference) const;
    // Where this image may be read, in order, the last being its own place or the one it was moved to.
    struct Source
    {
        oci::Reference reference;
        bool isInsecure = false;
        bool isOwn = true; // the registry the image names
    };
    QList<Source> sourcesOf(const oci::Reference &reference) const;

    // What a name without a registry stands for: its alias, the one registry that is searched, or Docker's. Several to
    // search are a Usage error that lists what could be meant: nothing is guessed. A full name is what it is.
    base::Result<content::NamedImage> named(const QString &typed) const;

    // "credential-helpers": the programs that keep credentials for podman and its kin, in their order, with
    // "containers-auth.json" where their files come. Empty where nothing is said: the files alone.
    const QStringList &credentialHelpers() const { return m_helpers; }
    // Where it says so.
    const QString &helpersFile() const { return m_helpersFile; }

private:
    base::Result<void> add(const QString &file);

    QList<Rule> m_rules;
    QHash<QString, QString> m_aliases;
    QStringList m_searched;
    QStringList m_helpers;
    QString m_helpersFile;
};

} // namespace colophon::registry::trust
