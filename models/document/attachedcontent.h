// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a document that is attached to an image says of itself: lists of packages (SPDX, CycloneDX, syft), statements
// about how something was made or tested (in-toto), and the envelopes they come signed in (DSSE, sigstore bundle, JWS,
// cosign's simple signing). Everything is as the document claims; nothing is verified here. Pure.

#include <QByteArray>
#include <QString>
#include <QStringList>

namespace colophon::document {

struct AttachedContent
{
    enum class Format { Unknown, Spdx, CycloneDx, Syft, InToto, SimpleSigning, Jws, MessageSignature };
    Format format = Format::Unknown;
    QString formatVersion = {}; // "2.3" of SPDX 2.3
    QString envelope = {};      // what it came signed in: "sigstore bundle", "DSSE envelope", "JWS"; empty: in none
    QString name = {};          // of what it describes
    QString version = {};
    qint64 parts = -1;          // packages or components; -1: it does not say
    QString predicateType = {}; // of an in-toto statement
    QStringList subjects = {};  // the digests it is about, "sha256:…"
    QString signer = {};        // who signed it, as it says itself
    QString created = {};       // as written
    QByteArray text = {};       // the innermost document: what came, without the envelopes
    QString problem = {};       // why it could not be read further, in one sentence

    bool isSigned() const { return !envelope.isEmpty() || format == Format::SimpleSigning; }
    // "SPDX 2.3", "in-toto statement", …; empty where it is nothing we know.
    QString formatName() const;
    // One sentence: "SPDX 2.3 of app 1.4: 12 packages."
    QString inWords() const;
};

// At most limits::attachment bytes of it.
AttachedContent readAttached(const QByteArray &bytes);

} // namespace colophon::document
