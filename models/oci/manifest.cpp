// SPDX-License-Identifier: Apache-2.0
#include "oci/manifest.h"

#include "base/limits.h"
#include "base/plaintext.h"
#include "oci/documentreader.h"

#include <QCoreApplication>

namespace colophon::oci {

namespace {
struct Text
{
    Q_DECLARE_TR_FUNCTIONS(Manifest)
};
} // namespace

base::Result<Manifest> Manifest::parse(QByteArray bytes, MediaType declared)
{
    auto parts = readCommonParts(std::move(bytes), declared);
    if (!parts)
        return base::fail(parts.error());
    if (parts->mediaType.isIndex())
        return base::fail(base::ErrorKind::InvalidData, Text::tr("This is an index, not a manifest."));
    const JsonValue root = parts->json->root();

    Manifest manifest;
    auto config = Descriptor::read(root["config"]);
    if (!config)
        return base::fail(base::ErrorKind::InvalidData,
                          Text::tr("The manifest has no valid config: %1").arg(config.error().message));
    manifest.m_config = *config;
    const JsonValue layers = root["layers"];
    if (!layers.isArray())
        return base::fail(base::ErrorKind::InvalidData, Text::tr("The manifest has no layers."));
    if (layers.size() > base::limits::descriptorsPerImage) {
        return base::fail(base::ErrorKind::TooLarge, Text::tr("The manifest has %1 layers; at most %2 are read.")
                                                         .arg(layers.size())
                                                         .arg(base::limits::descriptorsPerImage));
    }
    manifest.m_layers.reserve(layers.size());
    manifest.m_layerValues.reserve(layers.size());
    for (JsonValue each = layers.firstChild(); !each.isAbsent(); each = each.nextSibling()) {
        auto layer = Descriptor::read(each);
        if (!layer)
            return base::fail(layer.error());
        manifest.m_layers.append(std::move(*layer));
        manifest.m_layerValues.append(each);
    }
    manifest.m_json = std::move(parts->json);
    manifest.m_digest = parts->digest;
    manifest.m_mediaType = parts->mediaType;
    manifest.m_subject = parts->subject;
    manifest.m_annotations = parts->annotations;
    manifest.m_artifactType = parts->artifactType;
    manifest.m_problems = parts->problems;
    return manifest;
}

Descriptor Manifest::descriptor() const
{
    Descriptor own;
    own.mediaType = m_mediaType;
    own.digest = m_digest;
    own.size = bytes().size();
    return own;
}

base::Result<QList<Splice>> Manifest::withMarking(qsizetype layer, bool nonDistributable, const QStringList &urls) const
{
    Q_ASSERT(layer >= 0 && layer < m_layers.size());
    const Descriptor &current = m_layers[layer];
    DescriptorEdit edit;
    if (current.mediaType.isNonDistributable() != nonDistributable) {
        edit.mediaType = current.mediaType.pair();
        if (!edit.mediaType) {
            return base::fail(base::ErrorKind::Usage,
                              Text::tr("Layer %1 cannot be marked: its type %2 has no non-distributable counterpart.")
                                  .arg(layer)
                                  .arg(base::visible(current.mediaType.toString(), 120)));
        }
    }
    edit.urls = urls;
    return withLayer(layer, edit);
}

QList<Splice> Manifest::withLayer(qsizetype layer, const DescriptorEdit &edit) const
{
    return splicesOf(m_layerValues.at(layer), edit, m_layers.at(layer).urls);
}

QList<Splice> Manifest::withConfig(const DescriptorEdit &edit) const
{
    return splicesOf(m_json->root()["config"], edit, m_config.urls);
}

QList<Splice> Manifest::withDocument(const DescriptorEdit &edit) const { return splicesOf(m_json->root(), edit); }

} // namespace colophon::oci
