// SPDX-License-Identifier: Apache-2.0
#pragma once

// Media types of images and their layers, and the marking pairs: the only place in Colophon that knows their names
// (image-spec media-types.md; Docker image manifest v2 schema 2). A layer's type says whether it may be distributed;
// most distributable types have a non-distributable twin and the twin's name differs by one inserted word.

#include <QByteArray>
#include <QString>
#include <QStringList>

#include <optional>

namespace colophon::oci {

// The two independent fields of a layer together: what the type says, and whether there are urls.
enum class Marking {
    Distributable,    // ordinary type, no urls
    NonDistributable, // foreign type and urls
    Unfetchable,      // foreign type, no urls: nobody can fetch it
    HalfMarked,       // ordinary type with urls: clients disagree
};
QString nameOf(Marking marking); // "distributable", "non-distributable", "unfetchable", "half-marked": the JSON names

class MediaType
{
public:
    enum class Family { Docker, Oci, Other };

    MediaType() = default;
    explicit MediaType(QString text)
        : m_text(std::move(text))
    {
    }

    QString toString() const { return m_text; }
    bool isEmpty() const { return m_text.isEmpty(); }

    bool isManifest() const; // image manifest, OCI or Docker schema 2
    bool isIndex() const;    // image index or Docker manifest list
    bool isSchema1() const;  // Docker schema 1, signed or not: never edited
    bool isLayer() const;    // a layer type of either family, marked or not, toggleable or not
    bool isNonDistributable() const;
    bool hasPair() const;                  // the marking can be toggled
    std::optional<MediaType> pair() const; // the twin
    // The word that makes the twin, and where it stands in the text: inserted to mark, removed to unmark.
    // E.g. "foreign." at the position of "diff.tar". Nothing without a pair.
    struct MarkingWord
    {
        QString word;
        qsizetype position = 0; // in UTF-16 units of toString(); where the word is, or would go
    };
    std::optional<MarkingWord> markingWord() const;
    Family family() const;
    // What stands for this type in an image of that family, the marking kept: itself where it belongs there already,
    // nothing where that family has no such thing. OCI admits types of its own makers, Docker does not.
    std::optional<MediaType> inFamily(Family wanted) const;
    // "gzip", "zstd", "none", or empty where the type does not say.
    QString compression() const;

    bool operator==(const MediaType &) const = default;

    static const MediaType &ociManifest();
    static const MediaType &ociIndex();
    static const MediaType &ociConfig();
    static const MediaType &ociEmpty(); // application/vnd.oci.empty.v1+json
    static const MediaType &ociLayerTar();
    static const MediaType &ociLayerGzip();
    static const MediaType &ociLayerZstd();
    static const MediaType &dockerManifest();
    static const MediaType &dockerManifestList();
    static const MediaType &dockerConfig();
    static const MediaType &dockerLayerGzip();
    static const MediaType &cosignSimpleSigning(); // application/vnd.dev.cosign.simplesigning.v1+json
    static const MediaType &cosignSignature();     // application/vnd.dev.cosign.artifact.sig.v1+json
    static const MediaType &sigstoreBundle();      // application/vnd.dev.sigstore.bundle.v0.3+json

    // Everything a manifest request must accept, in our order of preference.
    static QByteArray acceptManifests();

private:
    QString m_text;
};

} // namespace colophon::oci
