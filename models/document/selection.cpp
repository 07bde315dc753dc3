// SPDX-License-Identifier: Apache-2.0
#include "document/selection.h"

#include "base/plaintext.h"
#include "document/titles.h"

#include <QCoreApplication>
#include <QHash>
#include <QRegularExpression>
#include <QSet>

#include <algorithm>

namespace colophon::document {

namespace {
struct Text
{
    Q_DECLARE_TR_FUNCTIONS(colophon::document::Selection)
};

using base::ErrorKind;

// What may be written, for people who wrote something else.
QString grammar()
{
    return Text::tr(
        "A layer is selected by its number (0), a range (0-3), its digest or the beginning of it (sha256:5785), "
        "“all” or “foreign”.");
}

QString quoted(const QString &outside) { return Text::tr("“%1”").arg(base::visible(outside, 120)); }

class Selector
{
public:
    Selector(const ImageTree &tree, QList<NodePath> images, Purpose purpose)
        : m_tree(tree)
        , m_titles(tree)
        , m_images(std::move(images))
        , m_purpose(purpose)
    {
        for (const NodePath &image : tree.images()) {
            const QList<oci::Descriptor> &layers = tree.node(image)->manifest->layers();
            for (int i = 0; i < layers.size(); ++i) {
                m_places[layers[i].digest].append(image.layerAt(i));
                if (!layers[i].mediaType.hasPair() && !m_withoutPair.contains(layers[i].digest))
                    m_withoutPair.insert(layers[i].digest, image.layerAt(i));
            }
        }
    }

    base::Result<void> add(const QString &selector);
    // Or else says why it is passed by.
    bool addIfToggled(const NodePath &layer);
    Selection finish();

private:
    base::Result<void> addNumbers(const QString &selector, const QString &first, const QString &last);
    base::Result<void> addDigest(const QString &selector);
    base::Result<void> addAll(bool foreignOnly);
    base::Result<void> addNamed(const NodePath &layer, const QString &selector);
    // The places of a layer's content whose type has no pair: one is enough to leave the content unmarked everywhere.
    std::optional<NodePath> placeWithoutPair(const oci::Digest &digest) const;
    QList<NodePath> layersOf(const NodePath &image) const;
    int mostLayers() const;

    const ImageTree &m_tree;
    Titles m_titles;
    QList<NodePath> m_images;
    Purpose m_purpose;
    QHash<oci::Digest, QList<NodePath>> m_places;
    QHash<oci::Digest, NodePath> m_withoutPair; // the first such place of the content
    QSet<NodePath> m_selected;
    QSet<NodePath> m_passed;
    QStringList m_passedBy;
    QStringList m_notes;
};

QList<NodePath> Selector::layersOf(const NodePath &image) const
{
    QList<NodePath> layers;
    for (int i = 0; i < m_tree.node(image)->manifest->layers().size(); ++i)
        layers.append(image.layerAt(i));
    return layers;
}

int Selector::mostLayers() const
{
    qsizetype most = 0;
    for (const NodePath &image : m_images)
        most = std::max(most, m_tree.node(image)->manifest->layers().size());
    return static_cast<int>(most);
}

std::optional<NodePath> Selector::placeWithoutPair(const oci::Digest &digest) const
{
    const auto place = m_withoutPair.constFind(digest);
    if (m_purpose == Purpose::Probe || place == m_withoutPair.constEnd())
        return std::nullopt;
    return *place;
}

base::Result<void> Selector::add(const QString &selector)
{
    static const QRegularExpression numbers(QStringLiteral("^([0-9]+)(?:-([0-9]+))?$"));
    const QRegularExpressionMatch match = numbers.match(selector);
    if (match.hasMatch())
        return addNumbers(selector, match.captured(1),
                          match.captured(2).isEmpty() ? match.captured(1) : match.captured(2));
    if (selector == QLatin1String("all") || selector == QLatin1String("foreign"))
        return addAll(selector == QLatin1String("foreign"));
    static const QRegularExpression digest(QStringLiteral("^(sha256|sha512):[0-9a-f]+$"));
    if (digest.match(selector).hasMatch())
        return addDigest(selector);
    return base::fail(ErrorKind::Usage, Text::tr("%1 does not name layers.").arg(quoted(selector)), grammar());
}

base::Result<void> Selector::addNumbers(const QString &selector, const QString &first, const QString &last)
{
    bool fits = false;
    bool lastFits = false;
    const int from = first.toInt(&fits);
    const int to = last.toInt(&lastFits);
    const int most = mostLayers();
    if (!fits || !lastFits || from >= most || to >= most) {
        const QString there = most == 0   ? Text::tr("The image has no layers.")
                              : most == 1 ? Text::tr("The only layer is 0.")
                                          : Text::tr("Layers are counted from 0; the last is %1.").arg(most - 1);
        return base::fail(ErrorKind::Usage,
                          Text::tr("No image has a layer %1.").arg(fits && from < most ? last : first), there);
    }
    if (from > to) {
        return base::fail(ErrorKind::Usage, Text::tr("The range %1 runs backwards.").arg(quoted(selector)),
                          Text::tr("Write %1-%2.").arg(to).arg(from));
    }
    for (const NodePath &image : std::as_const(m_images)) {
        const QList<NodePath> layers = layersOf(image);
        if (layers.isEmpty()) {
            m_notes.append(Text::tr("%1 has no layers.").arg(m_titles.nameAtStart(image)));
        } else if (to >= layers.size()) {
            m_notes.append(Text::tr("%1 has no layer %2: its last is %3.")
                               .arg(m_titles.nameAtStart(image),
                                    QString::number(std::max<qsizetype>(from, layers.size())),
                                    QString::number(layers.size() - 1)));
        }
        for (const NodePath &layer : layers.mid(from, to - from + 1)) {
            const base::Result<void> added = addNamed(layer, selector);
            if (!added)
                return added;
        }
    }
    return {};
}

base::Result<void> Selector::addDigest(const QString &selector)
{
    QList<oci::Digest> found;
    QStringList all;
    for (const NodePath &image : std::as_const(m_images)) {
        for (const oci::Descriptor &layer : m_tree.node(image)->manifest->layers()) {
            if (layer.digest.toString().startsWith(selector) && !found.contains(layer.digest))
                found.append(layer.digest);
            if (!all.contains(layer.digest.shortForm()) && all.size() < 100)
                all.append(layer.digest.shortForm());
        }
    }
    if (found.isEmpty()) {
        const bool isElsewhere = std::any_of(m_places.keyBegin(), m_places.keyEnd(), [&](const oci::Digest &digest) {
            return digest.toString().startsWith(selector);
        });
        if (isElsewhere) {
            return base::fail(
                ErrorKind::Usage,
                Text::tr("No layer of %1 has the digest %2.").arg(m_titles.names(m_images), quoted(selector)),
                Text::tr("It belongs to another platform of this image."));
        }
        return base::fail(ErrorKind::Usage, Text::tr("No layer has the digest %1.").arg(quoted(selector)),
                          all.isEmpty() ? QString() : Text::tr("There are %1.").arg(enumerated(all)));
    }
    if (found.size() > 1) {
        QStringList candidates;
        for (const oci::Digest &digest : std::as_const(found))
            candidates.append(digest.toString().left(std::max<qsizetype>(selector.size() + 8, 19)));
        return base::fail(ErrorKind::Usage, Text::tr("%1 is the beginning of several digests.").arg(quoted(selector)),
                          Text::tr("Write more of one of them: %1.").arg(enumerated(candidates)));
    }
    for (const NodePath &place : m_places.value(found.first())) {
        const base::Result<void> added = addNamed(place, selector);
        if (!added)
            return added;
    }
    return {};
}

base::Result<void> Selector::addNamed(const NodePath &layer, const QString &selector)
{
    const oci::Descriptor descriptor = *m_tree.descriptor(layer);
    if (!descriptor.mediaType.hasPair() && m_purpose == Purpose::Mark) {
        return base::fail(ErrorKind::Usage,
                          Text::tr("%1, selected by %2, cannot be toggled: %3.")
                              .arg(m_titles.nameAtStart(layer), quoted(selector), whyNotToggled(descriptor.mediaType)),
                          Text::tr("“all” passes such layers by."));
    }
    if (const std::optional<NodePath> other = placeWithoutPair(descriptor.digest)) {
        return base::fail(ErrorKind::Usage,
                          Text::tr("%1 cannot be toggled: the same content is %2, and %3.")
                              .arg(m_titles.nameAtStart(layer), m_titles.name(*other),
                                   whyNotToggled(m_tree.descriptor(*other)->mediaType)),
                          Text::tr("A layer is marked everywhere or nowhere; “all” passes such layers by."));
    }
    m_selected.insert(layer);
    return {};
}

base::Result<void> Selector::addAll(bool foreignOnly)
{
    bool isAny = false;
    for (const NodePath &image : std::as_const(m_images)) {
        for (const NodePath &layer : layersOf(image)) {
            const oci::Descriptor descriptor = *m_tree.descriptor(layer);
            if (foreignOnly && !descriptor.mediaType.isNonDistributable())
                continue;
            isAny = addIfToggled(layer) || isAny;
        }
    }
    if (isAny)
        return {};
    if (foreignOnly)
        return base::fail(ErrorKind::Usage, Text::tr("No layer is non-distributable: “foreign” selects nothing."));
    return base::fail(ErrorKind::Usage, Text::tr("No layer of the image can be toggled."), enumerated(m_passedBy, 3));
}

bool Selector::addIfToggled(const NodePath &layer)
{
    const oci::Descriptor descriptor = *m_tree.descriptor(layer);
    const std::optional<NodePath> other = placeWithoutPair(descriptor.digest);
    if (!other) {
        m_selected.insert(layer);
        return true;
    }
    if (m_passed.contains(layer))
        return false;
    m_passed.insert(layer);
    const QString why = whyNotToggled(m_tree.descriptor(*other)->mediaType);
    m_passedBy.append(*other == layer || !descriptor.mediaType.hasPair()
                          ? Text::tr("%1 is passed by: %2.").arg(m_titles.nameAtStart(layer), why)
                          : Text::tr("%1 is passed by: the same content is %2, and %3.")
                                .arg(m_titles.nameAtStart(layer), m_titles.name(*other), why));
    return false;
}

Selection Selector::finish()
{
    QSet<NodePath> wanted = m_selected;
    QList<NodePath> inOrder(m_selected.begin(), m_selected.end());
    std::sort(inOrder.begin(), inOrder.end());
    QSet<oci::Digest> done;
    for (const NodePath &layer : std::as_const(inOrder)) {
        const oci::Digest digest = m_tree.descriptor(layer)->digest;
        if (m_purpose == Purpose::Probe || done.contains(digest))
            continue;
        done.insert(digest);
        for (const NodePath &place : m_places.value(digest)) {
            if (wanted.contains(place))
                continue;
            wanted.insert(place);
            m_notes.append(
                Text::tr("%1 is taken along: it is the same content as %2 (%3), which is marked everywhere or "
                         "nowhere.")
                    .arg(m_titles.nameAtStart(place), m_titles.name(layer), digest.shortForm()));
        }
    }
    Selection selection;
    selection.layers = QList<NodePath>(wanted.begin(), wanted.end());
    std::sort(selection.layers.begin(), selection.layers.end());
    selection.passedBy = m_passedBy;
    selection.notes = m_notes;
    selection.notes.removeDuplicates();
    return selection;
}

// The platforms of the images, for choosing one.
QString candidates(const ImageTree &tree, const QList<NodePath> &images)
{
    QStringList titles;
    for (const NodePath &image : images) {
        const std::optional<oci::Platform> platform = tree.node(image)->platform();
        const QString title = platform ? base::visible(platform->toString(), 200) : Text::tr("one without a platform");
        if (!titles.contains(title))
            titles.append(title);
    }
    return enumerated(titles, 20);
}
} // namespace

base::Result<QList<NodePath>> selectImages(const ImageTree &tree, const QList<oci::Platform> &platforms)
{
    QList<NodePath> images = tree.images();
    if (platforms.isEmpty())
        return images;
    QSet<NodePath> picked;
    for (const oci::Platform &wanted : platforms) {
        QList<NodePath> exact;
        QList<NodePath> matching;
        for (const NodePath &image : images) {
            const std::optional<oci::Platform> platform = tree.node(image)->platform();
            if (platform && *platform == wanted)
                exact.append(image);
            if (platform && wanted.picks(*platform))
                matching.append(image);
        }
        // What is written out in full means just that, even if it is also the beginning of something else.
        if (!exact.isEmpty())
            matching = exact;
        const QString name = quoted(wanted.toString());
        if (matching.isEmpty()) {
            return base::fail(ErrorKind::Usage, Text::tr("The image has no platform %1.").arg(name),
                              images.isEmpty() ? QString() : Text::tr("It has %1.").arg(candidates(tree, images)));
        }
        const oci::Digest first = tree.node(matching.first())->descriptor.digest;
        const bool isOne = std::all_of(matching.begin(), matching.end(), [&](const NodePath &image) {
            return tree.node(image)->descriptor.digest == first;
        });
        if (!isOne && !exact.isEmpty()) {
            return base::fail(ErrorKind::Usage,
                              Text::tr("The index has %1 different images for the platform %2.")
                                  .arg(QString::number(matching.size()), name),
                              Text::tr("Leave the platform out to act on all of them."));
        }
        if (!isOne) {
            return base::fail(ErrorKind::Usage, Text::tr("The platform %1 is ambiguous.").arg(name),
                              Text::tr("It may be %1.").arg(candidates(tree, matching)));
        }
        for (const NodePath &image : std::as_const(matching))
            picked.insert(image);
    }
    QList<NodePath> inOrder(picked.begin(), picked.end());
    std::sort(inOrder.begin(), inOrder.end());
    return inOrder;
}

base::Result<Selection> selectLayers(const ImageTree &tree, const QStringList &selectors,
                                     const QList<oci::Platform> &platforms, Purpose purpose)
{
    if (selectors.isEmpty())
        return base::fail(ErrorKind::Usage, Text::tr("No layer is selected."), grammar());
    base::Result<QList<NodePath>> images = selectImages(tree, platforms);
    if (!images)
        return base::fail(images.error());
    if (images->isEmpty()) {
        const QString why = tree.isEmpty() || tree.isIndex() ? QString() : whyNotRead(tree.root().descriptor.mediaType);
        return base::fail(ErrorKind::Usage, why.isEmpty()
                                                ? Text::tr("There is no image manifest whose layers could be selected.")
                                                : Text::tr("The image has no layers to select: %1.").arg(why));
    }
    Selector selector(tree, std::move(*images), purpose);
    for (const QString &each : selectors) {
        const base::Result<void> added = selector.add(each);
        if (!added)
            return base::fail(added.error());
    }
    return selector.finish();
}

Selection selectionOf(const ImageTree &tree, const QList<NodePath> &layers)
{
    Selector selector(tree, tree.images(), Purpose::Mark);
    for (const NodePath &layer : layers)
        selector.addIfToggled(layer);
    return selector.finish();
}

Selection united(const Selection &a, const Selection &b)
{
    Selection both{a.layers + b.layers, a.passedBy + b.passedBy, a.notes + b.notes};
    std::sort(both.layers.begin(), both.layers.end());
    both.layers.erase(std::unique(both.layers.begin(), both.layers.end()), both.layers.end());
    both.passedBy.removeDuplicates();
    both.notes.removeDuplicates();
    return both;
}

} // namespace colophon::document
