// SPDX-License-Identifier: Apache-2.0
#include "oci/mediatype.h"

#include <QStringView>

#include <array>

namespace colophon::oci {

QString nameOf(Marking marking)
{
    switch (marking) {
    case Marking::Distributable:
        return QStringLiteral("distributable");
    case Marking::NonDistributable:
        return QStringLiteral("non-distributable");
    case Marking::Unfetchable:
        return QStringLiteral("unfetchable");
    case Marking::HalfMarked:
        return QStringLiteral("half-marked");
    }
    return QString();
}

namespace {
// A family of layer types whose non-distributable twins have one more word in front of what is common to both.
struct LayerFamily
{
    MediaType::Family family;
    const char *stem;                  // what both begin with
    const char *word;                  // what the twin has between stem and rest
    std::array<const char *, 3> rests; // what both end with
};

constexpr std::array layerFamilies{
    LayerFamily{MediaType::Family::Docker,
                "application/vnd.docker.image.rootfs.",
                "foreign.",
                {"diff.tar", "diff.tar.gzip", nullptr}},
    LayerFamily{MediaType::Family::Oci,
                "application/vnd.oci.image.layer.",
                "nondistributable.",
                {"v1.tar", "v1.tar+gzip", "v1.tar+zstd"}},
};

// OCI has a name for Docker's zstd layers, Docker none that its own programs read.
const QString dockerLayerZstd = QStringLiteral("application/vnd.docker.image.rootfs.diff.tar.zstd");

// Layer types without a twin: they are shown as layers but cannot be toggled.
constexpr std::array layersWithoutPair{
    "application/vnd.docker.image.rootfs.diff.tar.zstd",
    "application/vnd.oci.image.layer.v1.tar+encrypted",
    "application/vnd.oci.image.layer.v1.tar+gzip+encrypted",
    "application/vnd.oci.image.layer.v1.tar+zstd+encrypted",
    "application/vnd.docker.image.rootfs.diff.tar.gzip+encrypted",
};

struct Toggle
{
    const LayerFamily *family = nullptr;
    bool marked = false;
    std::size_t rest = 0; // which of the family's rests; the same number means the same in each family
};

Toggle toggleOf(QStringView text)
{
    for (const LayerFamily &family : layerFamilies) {
        const QLatin1String stem(family.stem);
        const QLatin1String word(family.word);
        if (!text.startsWith(stem))
            continue;
        QStringView rest = text.sliced(stem.size());
        const bool marked = rest.startsWith(word);
        if (marked)
            rest = rest.sliced(word.size());
        for (std::size_t i = 0; i < family.rests.size(); ++i) {
            if (family.rests.at(i) && rest == QLatin1String(family.rests.at(i)))
                return {&family, marked, i};
        }
    }
    return {};
}

const QString schema1 = QStringLiteral("application/vnd.docker.distribution.manifest.v1+json");
const QString schema1Signed = QStringLiteral("application/vnd.docker.distribution.manifest.v1+prettyjws");
} // namespace

bool MediaType::isManifest() const { return *this == ociManifest() || *this == dockerManifest(); }
bool MediaType::isIndex() const { return *this == ociIndex() || *this == dockerManifestList(); }
bool MediaType::isSchema1() const { return m_text == schema1 || m_text == schema1Signed; }

bool MediaType::isLayer() const
{
    if (hasPair())
        return true;
    return std::any_of(layersWithoutPair.begin(), layersWithoutPair.end(),
                       [this](const char *known) { return m_text == QLatin1String(known); });
}

bool MediaType::isNonDistributable() const { return toggleOf(m_text).marked; }
bool MediaType::hasPair() const { return toggleOf(m_text).family != nullptr; }

std::optional<MediaType::MarkingWord> MediaType::markingWord() const
{
    const Toggle toggle = toggleOf(m_text);
    if (!toggle.family)
        return std::nullopt;
    return MarkingWord{QString::fromLatin1(toggle.family->word), QLatin1String(toggle.family->stem).size()};
}

std::optional<MediaType> MediaType::pair() const
{
    const auto word = markingWord();
    if (!word)
        return std::nullopt;
    QString twin = m_text;
    if (isNonDistributable())
        twin.remove(word->position, word->word.size());
    else
        twin.insert(word->position, word->word);
    return MediaType(twin);
}

MediaType::Family MediaType::family() const
{
    if (m_text.startsWith(QLatin1String("application/vnd.docker.")))
        return Family::Docker;
    if (m_text.startsWith(QLatin1String("application/vnd.oci.")))
        return Family::Oci;
    return Family::Other;
}

std::optional<MediaType> MediaType::inFamily(Family wanted) const
{
    if (wanted == Family::Other)
        return std::nullopt;
    if (family() == wanted)
        return *this;
    if (const Toggle toggle = toggleOf(m_text); toggle.family) {
        for (const LayerFamily &other : layerFamilies) {
            if (other.family == wanted && other.rests.at(toggle.rest)) {
                return MediaType(QLatin1String(other.stem) + QLatin1String(toggle.marked ? other.word : "") +
                                 QLatin1String(other.rests.at(toggle.rest)));
            }
        }
        return std::nullopt;
    }
    const bool toDocker = wanted == Family::Docker;
    if (isManifest())
        return toDocker ? dockerManifest() : ociManifest();
    if (isIndex())
        return toDocker ? dockerManifestList() : ociIndex();
    if (*this == ociConfig() || *this == dockerConfig())
        return toDocker ? dockerConfig() : ociConfig();
    if (!toDocker && m_text == dockerLayerZstd)
        return ociLayerZstd();
    if (!toDocker && family() == Family::Other)
        return *this;
    return std::nullopt;
}

QString MediaType::compression() const
{
    if (!isLayer())
        return QString();
    if (m_text.contains(QLatin1String("tar+gzip")) || m_text.contains(QLatin1String("tar.gzip")))
        return QStringLiteral("gzip");
    if (m_text.contains(QLatin1String("tar+zstd")) || m_text.contains(QLatin1String("tar.zstd")))
        return QStringLiteral("zstd");
    return QStringLiteral("none");
}

#define COLOPHON_MEDIA_TYPE(name, text)                                                                                \
    const MediaType &MediaType::name()                                                                                 \
    {                                                                                                                  \
        static const MediaType type(QStringLiteral(text));                                                             \
        return type;                                                                                                   \
    }
COLOPHON_MEDIA_TYPE(ociManifest, "application/vnd.oci.image.manifest.v1+json")
COLOPHON_MEDIA_TYPE(ociIndex, "application/vnd.oci.image.index.v1+json")
COLOPHON_MEDIA_TYPE(ociConfig, "application/vnd.oci.image.config.v1+json")
COLOPHON_MEDIA_TYPE(ociEmpty, "application/vnd.oci.empty.v1+json")
COLOPHON_MEDIA_TYPE(ociLayerTar, "application/vnd.oci.image.layer.v1.tar")
COLOPHON_MEDIA_TYPE(ociLayerGzip, "application/vnd.oci.image.layer.v1.tar+gzip")
COLOPHON_MEDIA_TYPE(ociLayerZstd, "application/vnd.oci.image.layer.v1.tar+zstd")
COLOPHON_MEDIA_TYPE(dockerManifest, "application/vnd.docker.distribution.manifest.v2+json")
COLOPHON_MEDIA_TYPE(dockerManifestList, "application/vnd.docker.distribution.manifest.list.v2+json")
COLOPHON_MEDIA_TYPE(dockerConfig, "application/vnd.docker.container.image.v1+json")
COLOPHON_MEDIA_TYPE(dockerLayerGzip, "application/vnd.docker.image.rootfs.diff.tar.gzip")
COLOPHON_MEDIA_TYPE(cosignSimpleSigning, "application/vnd.dev.cosign.simplesigning.v1+json")
COLOPHON_MEDIA_TYPE(cosignSignature, "application/vnd.dev.cosign.artifact.sig.v1+json")
COLOPHON_MEDIA_TYPE(sigstoreBundle, "application/vnd.dev.sigstore.bundle.v0.3+json")
#undef COLOPHON_MEDIA_TYPE

QByteArray MediaType::acceptManifests()
{
    QStringList all{ociIndex().toString(), ociManifest().toString(), dockerManifestList().toString(),
                    dockerManifest().toString()};
    // Last: a registry that has only this sends it, and the reader is told why it cannot be edited.
    all << schema1Signed + QStringLiteral(";q=0.2") << schema1 + QStringLiteral(";q=0.1");
    return all.join(QLatin1String(", ")).toLatin1();
}

} // namespace colophon::oci
