// SPDX-License-Identifier: Apache-2.0
#include "items/marking.h"

#include "document/titles.h"

#include <QCoreApplication>
#include <QHash>
#include <QSet>

namespace colophon::items {

using document::NodePath;

namespace {
struct Words
{
    Q_DECLARE_TR_FUNCTIONS(colophon::items::Marking)
};

// Why no layer of this manifest may be marked, whatever its type, as the end of a sentence; empty: they may.
QString whyNoneMarkable(const editing::ImageDocument &document, const NodePath &manifest)
{
    const document::ImageNode *node = document.tree().node(manifest);
    if (!node)
        return Words::tr("it is no layer");
    if (document.tree().isRemoved(manifest))
        return Words::tr("it was removed from the index");
    if (node->role == document::ImageNode::Role::Attestation)
        return Words::tr("it is an attestation, which speaks about the image and is never touched");
    if (node->manifest && !node->manifest->problems().isEmpty()) {
        QString problem = node->manifest->problems().first();
        if (problem.endsWith(QLatin1Char('.')))
            problem.chop(1);
        return Words::tr("it is ambiguous and can only be viewed: %1").arg(problem);
    }
    return {};
}

QString sentence(QString clause)
{
    clause[0] = clause[0].toUpper();
    return clause + QLatin1Char('.');
}
} // namespace

bool togglesToMarked(const editing::ImageDocument &document, const QList<NodePath> &layers)
{
    return std::ranges::any_of(layers, [&](const NodePath &path) {
        const auto layer = document.tree().descriptor(path);
        return layer && layer->mediaType.hasPair() && !layer->mediaType.isNonDistributable();
    });
}

base::Result<void> setMarked(editing::ImageDocument &document, const QList<NodePath> &layers, bool nonDistributable,
                             const AddressOf &addressOf)
{
    for (const NodePath &layer : layers) {
        if (const QString why = whyNotMarkable(document, layer); !why.isEmpty())
            return base::fail(base::ErrorKind::Usage, why);
    }
    QHash<oci::Digest, QStringList> before;
    if (nonDistributable) {
        const document::ImageTree &original = document.original();
        for (const NodePath &path : original.layers()) {
            if (const auto layer = original.descriptor(path); layer && !layer->urls.isEmpty())
                before.insert(layer->digest, layer->urls);
        }
    }
    return document.setMarking(layers, nonDistributable,
                               [&](const oci::Descriptor &layer) -> base::Result<QStringList> {
                                   if (!nonDistributable)
                                       return QStringList();
                                   if (!layer.urls.isEmpty())
                                       return layer.urls;
                                   if (QStringList urls = before.value(layer.digest); !urls.isEmpty())
                                       return urls;
                                   const QString address = addressOf ? addressOf(layer) : QString();
                                   return address.isEmpty() ? QStringList() : QStringList{address};
                               });
}

document::Selection markable(const editing::ImageDocument &document, const QList<NodePath> &layers)
{
    const document::ImageTree &tree = document.tree();
    std::optional<document::Titles> titles;
    QList<NodePath> fit;
    QStringList passedBy;
    QHash<NodePath, QString> ofManifest; // why nothing in it may be marked; most often there is no reason
    for (const NodePath &layer : layers) {
        const NodePath manifest = layer.manifest();
        const auto known = ofManifest.constFind(manifest);
        const QString why = known != ofManifest.constEnd() ? *known : whyNoneMarkable(document, manifest);
        if (known == ofManifest.constEnd()) {
            ofManifest.insert(manifest, why);
            if (!titles && !why.isEmpty())
                titles.emplace(tree);
            if (!why.isEmpty())
                passedBy << Words::tr("%1 is passed by: %2.").arg(titles->nameAtStart(manifest), why);
        }
        if (why.isEmpty())
            fit << layer;
    }
    document::Selection selection = document::selectionOf(tree, fit);
    selection.passedBy = passedBy + selection.passedBy;
    return selection;
}

base::Result<document::Selection> setMarkedTogether(editing::ImageDocument &document, const QList<NodePath> &layers,
                                                    bool nonDistributable, const AddressOf &addressOf)
{
    document::Selection selection = markable(document, layers);
    if (selection.layers.isEmpty()) {
        const QString why = layers.size() == 1 ? whyNotMarkable(document, layers.first()) : QString();
        if (!why.isEmpty())
            return base::fail(base::ErrorKind::Usage, why);
        return base::fail(base::ErrorKind::Usage, Words::tr("None of the selected layers can be marked."),
                          passedByInWords(selection));
    }
    if (const auto done = setMarked(document, selection.layers, nonDistributable, addressOf); !done)
        return base::fail(done.error());
    return selection;
}

QString passedByInWords(const document::Selection &selection)
{
    constexpr qsizetype most = 3;
    QStringList sentences = selection.passedBy.mid(0, most);
    if (const auto more = selection.passedBy.size() - sentences.size(); more > 0)
        sentences << (more == 1 ? Words::tr("1 more is passed by.") : Words::tr("%1 more are passed by.").arg(more));
    return sentences.join(QLatin1Char(' '));
}

QString markedInWords(const document::ImageTree &tree, const document::Selection &done, bool nonDistributable)
{
    QSet<oci::Digest> contents;
    for (const NodePath &layer : done.layers)
        contents.insert(tree.descriptor(layer)->digest);
    const auto count = contents.size();
    const auto places = done.layers.size();
    const QString which =
        count == 1 ? document::Titles(tree).nameAtStart(done.layers.first()) : Words::tr("%1 layers").arg(count);
    QString text = nonDistributable ? Words::tr("%1 marked as non-distributable").arg(which)
                                    : Words::tr("%1 marked as distributable").arg(which);
    if (places > count)
        text += Words::tr(", in %1 places").arg(places);
    if (!done.passedBy.isEmpty())
        text += QStringLiteral(". ") + passedByInWords(done);
    return text;
}

QString whyNotMarkable(const editing::ImageDocument &document, const NodePath &path)
{
    const auto layer = path.isLayer() ? document.tree().descriptor(path) : std::nullopt;
    if (!layer)
        return sentence(Words::tr("it is no layer"));
    if (const QString why = whyNoneMarkable(document, path.manifest()); !why.isEmpty())
        return sentence(why);
    if (!layer->mediaType.hasPair())
        return Words::tr("It cannot be toggled: %1.").arg(document::whyNotToggled(layer->mediaType));
    return {};
}

} // namespace colophon::items
