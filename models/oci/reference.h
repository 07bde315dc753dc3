// SPDX-License-Identifier: Apache-2.0
#pragma once

// Where an image is: `registry/repository[:tag][@digest]` (distribution reference grammar; docker.io and library/ are
// filled in as Docker does). The digest wins over the tag when reading.

#include "base/result.h"
#include "oci/digest.h"

#include <QString>

namespace colophon::oci {

class Reference
{
public:
    Reference() = default;

    // Without tag and digest the tag is "latest". Usage errors say what is wrong where.
    static base::Result<Reference> parse(QStringView text);
    // What a person types or pastes: also within what referenceIn() understands.
    static base::Result<Reference> parsePasted(QStringView text);
    // Whether the text names no registry, so that parse() would take Docker's.
    static bool isShort(QStringView text);
    // `registry/repository` with neither tag nor digest, as for listing tags.
    static base::Result<Reference> parseRepository(QStringView text);

    // host[:port] as typed, e.g. "docker.io", "localhost:5000"; in ASCII, so that what is shown is what is looked up
    QString registry() const { return m_registry; }
    QString host() const;                               // without the port
    int port() const;                                   // -1: the scheme's default
    QString repository() const { return m_repository; } // "library/alpine"
    QString tag() const { return m_tag; }               // may be empty
    Digest digest() const { return m_digest; }          // may be null
    QString name() const;                               // registry/repository
    QString identifier() const; // the digest if there is one, else the tag: what goes into the path
    QString toString() const;
    bool isNull() const { return m_repository.isEmpty(); }
    bool isLoopback() const; // localhost, *.localhost, 127/8, ::1: where plain http is tried by itself

    Reference withTag(QString tag) const;      // drops the digest
    Reference withDigest(Digest digest) const; // keeps the tag

    bool operator==(const Reference &) const = default;

private:
    QString m_registry;
    QString m_repository;
    QString m_tag;
    Digest m_digest;
};

} // namespace colophon::oci
