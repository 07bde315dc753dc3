// SPDX-License-Identifier: Apache-2.0
#include "editing/imagedocument.h"

#include "base/plaintext.h"
#include "document/titles.h"
#include "editing/editcommand.h"

#include <algorithm>

namespace colophon::editing {

ImageDocument::ImageDocument(oci::Reference reference, document::ImageTree original, QObject *parent)
    : QObject(parent)
    , m_reference(std::move(reference))
    , m_original(std::move(original))
    , m_derived{m_original, {}}
    , m_findings(document::findingsOf(m_original))
{
}

bool ImageDocument::isEdited(const document::NodePath &path) const
{
    return m_derived.tree.isRemoved(path) || m_original.descriptor(path) != m_derived.tree.descriptor(path);
}

base::Result<void> ImageDocument::edit(const QList<document::Edit> &edits, const QString &text)
{
    // The edits as they were asked for, so that one that does not fit is refused even where it would change nothing.
    const document::EditSet asked = m_edits.with(edits);
    base::Result<document::DerivedImage> derived = document::apply(m_original, asked);
    if (!derived)
        return base::fail(derived.error());
    const document::EditSet after = document::effective(m_original, asked);
    if (after != m_edits) {
        m_next = std::move(*derived);
        m_undoStack.push(new EditCommand(this, m_edits, after, text));
    }
    return {};
}

base::Result<void> ImageDocument::setMarking(const QList<document::NodePath> &layers, bool nonDistributable,
                                             const QStringList &urls)
{
    return setMarking(layers, nonDistributable,
                      [&urls](const oci::Descriptor &) { return base::Result<QStringList>(urls); });
}

base::Result<void> ImageDocument::setMarking(const QList<document::NodePath> &layers, bool nonDistributable,
                                             const document::UrlsOf &urlsOf)
{
    const base::Result<QList<document::Edit>> edits =
        document::markingEdits(m_derived.tree, layers, nonDistributable, urlsOf);
    if (!edits)
        return base::fail(edits.error());
    return edit(*edits, markingText(layers, nonDistributable));
}

QString ImageDocument::markingText(const QList<document::NodePath> &layers, bool nonDistributable) const
{
    bool togglesType = false;
    for (const document::NodePath &layer : layers) {
        const std::optional<oci::Descriptor> now = m_derived.tree.descriptor(layer);
        togglesType = togglesType || (now && now->mediaType.isNonDistributable() != nonDistributable);
    }
    const QString which =
        layers.size() == 1 ? document::Titles(m_derived.tree).name(layers.first()) : tr("%1 layers").arg(layers.size());
    if (!togglesType)
        return tr("Change the addresses of %1").arg(which);
    return nonDistributable ? tr("Mark %1 as non-distributable").arg(which) : tr("Mark %1 as distributable").arg(which);
}

base::Result<void> ImageDocument::setAnnotation(const document::NodePath &place, document::SetAnnotation::Where where,
                                                const QString &name, const std::optional<QString> &value)
{
    const QString shown = base::visible(name, 80);
    const QString which = document::Titles(m_derived.tree).name(place);
    return edit({document::SetAnnotation{place, where, name, value}},
                value ? tr("Set the annotation %1 of %2").arg(shown, which)
                      : tr("Remove the annotation %1 of %2").arg(shown, which));
}

base::Result<void> ImageDocument::setFamily(oci::MediaType::Family family)
{
    return edit({document::SetFamily{document::NodePath::root(), family}},
                tr("Convert the image to %1").arg(document::nameOf(family)));
}

base::Result<void> ImageDocument::removePlatforms(const QList<document::NodePath> &entries)
{
    QList<document::Edit> edits;
    for (const document::NodePath &entry : entries)
        edits.append(document::RemovePlatform{entry});
    return edit(edits, tr("Remove %1").arg(document::Titles(m_derived.tree).names(entries, 3)));
}

void ImageDocument::setEdits(const document::EditSet &edits)
{
    base::Result<document::DerivedImage> derived =
        m_next ? base::Result<document::DerivedImage>(std::move(*m_next)) : document::apply(m_original, edits);
    m_next.reset();
    Q_ASSERT(derived); // edit() tried it
    if (!derived)
        return;
    m_edits = edits;
    m_derived = std::move(*derived);
    findAnew();
    Q_EMIT changed();
}

void ImageDocument::setAdviser(Adviser adviser)
{
    m_adviser = std::move(adviser);
    findAnew();
}

void ImageDocument::findAnew()
{
    m_findings = document::findingsOf(m_original, m_derived);
    if (!m_adviser)
        return;
    m_findings += m_adviser(m_derived.tree);
    std::ranges::stable_sort(m_findings, std::ranges::greater(), &document::Finding::severity);
}

} // namespace colophon::editing
