// SPDX-License-Identifier: Apache-2.0
// Where the edits of a draft belong in the image as it is now.
#include "session/draft.h"

#include "base/plaintext.h"
#include "session/draftedit.h"

#include <QCoreApplication>
#include <QHash>

namespace colophon::session {

namespace {
struct Text
{
    Q_DECLARE_TR_FUNCTIONS(colophon::session::Draft)
};

using document::Edit;
using document::EditSet;
using document::ImageTree;
using document::NodePath;

// One thing the draft wants, and what it is called should it not be possible.
struct Wish
{
    QString title;
    QList<Edit> edits; // one for each place
};

class Rebaser
{
public:
    Rebaser(const Draft &draft, const ImageTree &now)
        : m_draft(draft)
        , m_now(now)
    {
    }

    Rebased run();

private:
    void drop(const QString &title, const QString &why)
    {
        const QString name = base::visible(title, 300);
        m_result.dropped.append(Text::tr("%1: %2").arg(name.left(1).toUpper() + name.mid(1), why));
    }
    void dropGone(const DraftedEdit &layer)
    {
        drop(layer.title, Text::tr("the image no longer has this layer (%1).").arg(layer.content.shortForm()));
    }
    void findPlaces();
    void findContent(const QList<DraftedEdit> &edits);
    void findPlace(const DraftedEdit &drafted);
    void wishAsDrafted();
    void leaveOutWhatIsSo();
    void keepWhatApplies(const QList<Wish> &wishes);

    const Draft &m_draft;
    const ImageTree &m_now;
    QHash<oci::Digest, QList<NodePath>> m_places;
    QList<Wish> m_wishes;
    QList<Edit> m_kept;
    Rebased m_result;
};

// What is about one place stays there while that holds the same, and follows it where it stands in one other place.
void Rebaser::findPlace(const DraftedEdit &drafted)
{
    const NodePath place = placeOf(drafted.edit);
    const std::optional<oci::Descriptor> there = m_now.descriptor(place);
    if (place == NodePath::root() || (there && there->digest == drafted.content)) {
        m_wishes.append({drafted.title, {drafted.edit}});
        return;
    }
    QList<NodePath> places = m_places.value(drafted.content);
    places.removeIf([&](const NodePath &other) { return other.part != place.part; });
    if (places.size() == 1)
        m_wishes.append({drafted.title, {movedTo(drafted.edit, places.first())}});
    else if (places.size() > 1)
        drop(drafted.title, Text::tr("it stands in several other places now."));
    else if (place.isLayer())
        dropGone(drafted);
    else
        drop(drafted.title, Text::tr("it has changed since."));
}

// Everything the draft says of one content: the marking of a layer.
void Rebaser::findContent(const QList<DraftedEdit> &edits)
{
    const DraftedEdit &first = edits.first();
    const QList<NodePath> places = m_places.value(first.content);
    if (places.isEmpty()) {
        dropGone(first);
        return;
    }
    const bool isOneDecision = std::all_of(
        edits.begin(), edits.end(), [&](const DraftedEdit &each) { return isSameElsewhere(each.edit, first.edit); });
    if (isOneDecision) {
        Wish wish{first.title, {}};
        for (const NodePath &place : places)
            wish.edits.append(movedTo(first.edit, place));
        m_wishes.append(wish);
        return;
    }
    for (const DraftedEdit &each : edits) {
        if (places.contains(placeOf(each.edit)))
            m_wishes.append({each.title, {each.edit}});
        else
            drop(each.title, Text::tr("its content moved, and the draft says different things of it in its places."));
    }
}

void Rebaser::findPlaces()
{
    for (const NodePath &place : m_now.layers() + m_now.manifests())
        m_places[m_now.descriptor(place)->digest].append(place);
    QHash<oci::Digest, qsizetype> groups;
    QList<QList<DraftedEdit>> contents; // in the draft's order
    for (const DraftedEdit &each : m_draft.edits) {
        if (!isOfContent(each.edit)) {
            findPlace(each);
            continue;
        }
        const auto group = groups.constFind(each.content);
        if (group != groups.constEnd()) {
            contents[*group].append(each);
        } else {
            groups.insert(each.content, contents.size());
            contents.append({each});
        }
    }
    for (const QList<DraftedEdit> &content : contents)
        findContent(content);
}

void Rebaser::wishAsDrafted()
{
    for (const DraftedEdit &each : m_draft.edits)
        m_wishes.append({each.title, {each.edit}});
}

// Somebody else may have made the same change meanwhile.
void Rebaser::leaveOutWhatIsSo()
{
    QList<Edit> all;
    for (const Wish &wish : m_wishes)
        all.append(wish.edits);
    const EditSet needed = document::effective(m_now, EditSet().with(all));
    QHash<NodePath, QList<Edit>> neededAt;
    for (const Edit &edit : needed.edits())
        neededAt[placeOf(edit)].append(edit);
    m_wishes.removeIf([&](const Wish &wish) {
        const bool isNeeded = std::any_of(wish.edits.begin(), wish.edits.end(), [&](const Edit &edit) {
            return neededAt.value(placeOf(edit)).contains(edit);
        });
        if (!isNeeded)
            drop(wish.title, Text::tr("the image is so already."));
        return !isNeeded;
    });
}

// By halves: nearly always all of it applies, and applying is the dear part.
void Rebaser::keepWhatApplies(const QList<Wish> &wishes)
{
    if (wishes.isEmpty())
        return;
    QList<Edit> all;
    for (const Wish &wish : wishes)
        all.append(wish.edits);
    const base::Result<document::DerivedImage> derived = document::apply(m_now, EditSet().with(all));
    if (derived) {
        m_kept.append(all);
    } else if (wishes.size() == 1) {
        drop(wishes.first().title, derived.error().message);
    } else {
        const qsizetype half = wishes.size() / 2;
        keepWhatApplies(wishes.first(half));
        keepWhatApplies(wishes.sliced(half));
    }
}

Rebased Rebaser::run()
{
    m_result.dropped = m_draft.leftOut;
    m_result.isImageChanged = m_now.isEmpty() || m_now.root().descriptor.digest != m_draft.opened;
    if (m_result.isImageChanged)
        findPlaces();
    else
        wishAsDrafted();
    leaveOutWhatIsSo();
    keepWhatApplies(m_wishes);
    m_result.kept = EditSet().with(m_kept);
    return m_result;
}
} // namespace

Rebased rebased(const Draft &draft, const ImageTree &now) { return Rebaser(draft, now).run(); }

} // namespace colophon::session
