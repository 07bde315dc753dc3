// SPDX-License-Identifier: Apache-2.0
#include "items/editwords.h"

#include "document/titles.h"

#include <QCoreApplication>
#include <QSet>

#include <algorithm>

namespace colophon::items {

using Family = oci::MediaType::Family;

namespace {
struct Words
{
    Q_DECLARE_TR_FUNCTIONS(colophon::items::EditWords)
};
} // namespace

QString editsInWords(const editing::ImageDocument &document)
{
    if (!document.isEdited())
        return Words::tr("No edits");
    QSet<oci::Digest> layers;
    int annotations = 0;
    QStringList families;
    for (const document::Edit &edit : document.edits().edits()) {
        if (document.tree().isRemoved(document::placeOf(edit)))
            continue;
        if (const auto *marking = std::get_if<document::SetMarking>(&edit))
            layers.insert(document.tree().descriptor(marking->layer)->digest);
        else if (std::holds_alternative<document::SetAnnotation>(edit))
            ++annotations;
        else if (const auto *family = std::get_if<document::SetFamily>(&edit))
            families << (family->family == Family::Docker ? Words::tr("Docker's format") : Words::tr("OCI format"));
    }
    const int removed = static_cast<int>(document.derived().removed.size());
    QStringList parts;
    if (!layers.isEmpty())
        parts << (layers.size() == 1 ? Words::tr("1 layer edited") : Words::tr("%1 layers edited").arg(layers.size()));
    if (annotations > 0)
        parts << (annotations == 1 ? Words::tr("1 annotation") : Words::tr("%1 annotations").arg(annotations));
    families.removeDuplicates();
    parts += families;
    if (removed > 0)
        parts << (removed == 1 ? Words::tr("1 entry removed") : Words::tr("%1 entries removed").arg(removed));
    return parts.join(QStringLiteral(" · "));
}

QString familyInWords(const editing::ImageDocument &document, Family family)
{
    const QString name = document::nameOf(family);
    const auto images = document.tree().images().size();
    QStringList sentences;
    sentences << (!document.tree().isIndex()
                      ? Words::tr("The manifest and what it names get the types of %1.").arg(name)
                  : images == 1 ? Words::tr("The index, its manifest and what they name get the types of %1.").arg(name)
                                : Words::tr("The index, its %1 manifests and what they name get the types of %2.")
                                      .arg(QString::number(images), name));
    sentences << Words::tr("Configs and layers stay as they are, byte for byte, and every layer keeps its marking and "
                           "its addresses. The manifests get new digests, which their signatures do not fit.");
    sentences << (family == Family::Oci
                      ? Words::tr(
                            "Today's clients read both formats; some old registries and clients read only Docker's.")
                      : Words::tr("Annotations are kept, but most clients do not look for them in Docker's format."));
    return sentences.join(QStringLiteral("\n\n"));
}

bool changesFamily(const editing::ImageDocument &document, Family family)
{
    const document::Edit edit = document::SetFamily{document::NodePath::root(), family};
    return document::effective(document.original(), document.edits().with(edit)) != document.edits();
}

} // namespace colophon::items
