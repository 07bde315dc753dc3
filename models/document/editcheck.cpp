// SPDX-License-Identifier: Apache-2.0
#include "document/editcheck.h"

#include "base/plaintext.h"
#include "document/selection.h"

#include <QCoreApplication>

namespace colophon::document {

namespace {
struct Text
{
    Q_DECLARE_TR_FUNCTIONS(colophon::document::apply)
};

using base::ErrorKind;
using Family = oci::MediaType::Family;

base::Result<void> noSuchNode(const NodePath &path)
{
    return base::fail(ErrorKind::Usage,
                      Text::tr("The image has no manifest or index at %1.").arg(path.manifest().toString()));
}
} // namespace

base::Result<void> EditCheck::document(const NodePath &path) const
{
    const ImageNode *node = m_original.node(path.manifest());
    if (!node)
        return noSuchNode(path);
    if (node->role == ImageNode::Role::Attestation) {
        return base::fail(ErrorKind::Usage,
                          Text::tr("Attestations are not edited: %1 describes another image of the index and holds no "
                                   "layers of its own.")
                              .arg(m_titles.name(path.manifest())));
    }
    if (!node->manifest && !node->index) {
        return base::fail(ErrorKind::Usage,
                          Text::tr("%1 cannot be edited: %2.")
                              .arg(m_titles.nameAtStart(path.manifest()), whyNotRead(node->descriptor.mediaType)));
    }
    return {};
}

base::Result<void> EditCheck::layer(const NodePath &path) const
{
    const ImageNode *node = m_original.node(path.manifest());
    if (!path.isLayer() || !node || node->role == ImageNode::Role::Index)
        return base::fail(ErrorKind::Usage, Text::tr("The image has no layer at %1.").arg(path.toString()));
    if (const base::Result<void> editable = document(path); !editable)
        return editable;
    if (!m_original.node(path)) {
        const QString last = QString::number(node->manifest->layers().size() - 1);
        return base::fail(ErrorKind::Usage, Text::tr("There is no %1.").arg(m_titles.name(path)),
                          node->manifest->layers().isEmpty() ? QString() : Text::tr("Its last layer is %1.").arg(last));
    }
    return {};
}

base::Result<void> EditCheck::operator()(const SetMarking &edit) const { return layer(edit.layer); }

base::Result<void> EditCheck::operator()(const SetAnnotation &edit) const
{
    if (edit.name.isEmpty())
        return base::fail(ErrorKind::Usage, Text::tr("An annotation needs a name."));
    if (edit.place.isLayer()) {
        if (const base::Result<void> there = layer(edit.place); !there)
            return there;
    } else if (!m_original.node(edit.place)) {
        return noSuchNode(edit.place);
    }
    const bool isNode = edit.place.part == NodePath::Part::Self;
    if (edit.where == SetAnnotation::Where::Document) {
        if (!isNode) {
            return base::fail(
                ErrorKind::Usage,
                Text::tr("%1 has annotations only where the manifest names it.").arg(m_titles.nameAtStart(edit.place)));
        }
        return document(edit.place);
    }
    if (!isNode)
        return document(edit.place);
    if (edit.place.entries.isEmpty()) {
        return base::fail(
            ErrorKind::Usage,
            Text::tr("%1 stands in no index whose entry could be annotated.").arg(m_titles.nameAtStart(edit.place)),
            Text::tr("Annotate it itself."));
    }
    // They tie an attestation to what it describes.
    if (edit.name.startsWith(QLatin1String("vnd.docker.reference."))) {
        return base::fail(ErrorKind::Usage, Text::tr("The annotation %1 is what attestations are found by; it is not "
                                                     "edited.")
                                                .arg(base::visible(edit.name, 120)));
    }
    return {};
}

base::Result<void> EditCheck::operator()(const SetFamily &edit) const
{
    if (edit.family == Family::Other)
        return base::fail(ErrorKind::Usage, Text::tr("An image is in Docker's format or in the OCI format."));
    if (edit.place.part != NodePath::Part::Self || !m_original.node(edit.place))
        return noSuchNode(edit.place);
    return document(edit.place);
}

base::Result<void> EditCheck::operator()(const RemovePlatform &edit) const
{
    if (edit.entry.part != NodePath::Part::Self || !m_original.node(edit.entry))
        return noSuchNode(edit.entry);
    if (edit.entry.entries.isEmpty()) {
        return base::fail(ErrorKind::Usage,
                          Text::tr("Only an entry of an index can be removed, not %1.").arg(m_titles.name(edit.entry)));
    }
    return {};
}

base::Result<void> EditCheck::urls(const SetMarking &edit) const
{
    for (const QString &url : edit.urls) {
        const base::Result<QString> checked = checkedAddress(url);
        if (checked && *checked == url)
            continue;
        if (m_oldUrls.isEmpty()) {
            for (const NodePath &image : m_original.images()) {
                for (const oci::Descriptor &layer : m_original.node(image)->manifest->layers())
                    m_oldUrls[layer.digest].unite(QSet<QString>(layer.urls.begin(), layer.urls.end()));
            }
        }
        if (m_oldUrls.value(m_original.descriptor(edit.layer)->digest).contains(url))
            continue;
        if (!checked)
            return base::fail(checked.error());
        return base::fail(
            ErrorKind::Usage,
            Text::tr("The address %1 holds characters that must be encoded.").arg(base::visible(url, 300)),
            Text::tr("Write it as %1").arg(*checked));
    }
    return {};
}

base::Result<void> EditCheck::family(const ImageNode &node, const NodePath &path, Family family) const
{
    const bool toDocker = family == Family::Docker;
    const auto lacks = [&](const NodePath &place, const oci::MediaType &type) {
        return Text::tr("%1 has type %2, which has no counterpart there")
            .arg(m_titles.name(place), base::visible(type.toString(), 120));
    };
    const oci::MediaType &type = node.descriptor.mediaType;
    QStringList reasons;
    if (node.role == ImageNode::Role::Attestation) {
        if (toDocker && type.inFamily(family) != type)
            reasons.append(
                Text::tr("%1 is an attestation, which Docker's format does not have").arg(m_titles.name(path)));
    } else if (!node.manifest && !node.index) {
        if (type.inFamily(family) != type)
            reasons.append(Text::tr("%1 was not read: %2").arg(m_titles.name(path), whyNotRead(type)));
    } else {
        if (!type.inFamily(family))
            reasons.append(lacks(path, type));
        const bool hasSubject = node.index ? node.index->subject().has_value() : node.manifest->subject().has_value();
        const QString artifactType = node.index ? node.index->artifactType() : node.manifest->artifactType();
        if (toDocker && hasSubject)
            reasons.append(Text::tr("%1 has a subject, which Docker's format does not know").arg(m_titles.name(path)));
        if (toDocker && !artifactType.isEmpty())
            reasons.append(
                Text::tr("%1 has an artifactType, which Docker's format does not know").arg(m_titles.name(path)));
        if (toDocker && node.index && !path.entries.isEmpty())
            reasons.append(
                Text::tr("%1 is an index in an index, which Docker's format does not have").arg(m_titles.name(path)));
    }
    if (node.manifest && node.role == ImageNode::Role::Image) {
        if (!node.manifest->config().mediaType.inFamily(family))
            reasons.append(lacks(path.config(), node.manifest->config().mediaType));
        const QList<oci::Descriptor> &layers = node.manifest->layers();
        for (int i = 0; i < layers.size(); ++i) {
            if (!layers[i].mediaType.inFamily(family))
                reasons.append(lacks(path.layerAt(i), layers[i].mediaType));
        }
    }
    if (reasons.isEmpty())
        return {};
    return base::fail(ErrorKind::Usage,
                      Text::tr("The image cannot be converted to %1: %2.").arg(nameOf(family), enumerated(reasons, 3)),
                      Text::tr("Remove what stands in the way, or leave the format as it is."));
}

} // namespace colophon::document
