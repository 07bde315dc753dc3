// SPDX-License-Identifier: Apache-2.0
#include "widgets/common/draftwords.h"

#include "items/appearance.h"
#include "session/draftedit.h"

#include <QCoreApplication>
#include <QLocale>
#include <QSet>

namespace colophon::widgets::draftwords {

namespace {
struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(DraftWords)
};

// The marking of a layer that stands in five platforms is one thing to a person.
qsizetype changesIn(const session::Draft &draft)
{
    QSet<oci::Digest> contents;
    qsizetype places = 0;
    for (const session::DraftedEdit &each : draft.edits) {
        if (session::isOfContent(each.edit))
            contents.insert(each.content);
        else
            ++places;
    }
    return contents.size() + places;
}

QString editsInWords(qsizetype count) { return count == 1 ? Texts::tr("1 edit") : Texts::tr("%1 edits").arg(count); }

// What a person does not have to read as a date.
QString timeOf(const QDateTime &changed)
{
    const QDateTime here = changed.toLocalTime();
    QString format = QLocale().timeFormat(QLocale::ShortFormat);
    format.remove(QLatin1String(":ss")); // which only the C locale has
    const QString time = QLocale().toString(here.time(), format);
    return here.date() == QDate::currentDate()
               ? time
               : QLocale().toString(here.date(), QLocale::ShortFormat) + QLatin1Char(' ') + time;
}

qsizetype keptOf(const session::Draft &draft, const session::Rebased &rebase)
{
    const auto left = static_cast<qsizetype>(draft.leftOut.size());
    return std::max<qsizetype>(0, changesIn(draft) + left - rebase.dropped.size());
}
} // namespace

QString countOf(const session::Draft &draft) { return editsInWords(changesIn(draft)); }

QString nameOf(const oci::Reference &reference)
{
    return items::oneLine((reference.tag().isEmpty() ? reference : reference.withTag(reference.tag())).toString(), 160);
}

QString offer(const session::StoredDraft &stored)
{
    const session::Draft &draft = stored.draft;
    const QString what = Texts::tr("You have unsent edits of %1 from %2 (%3).")
                             .arg(nameOf(draft.reference), timeOf(draft.changed), countOf(draft));
    return stored.note.isEmpty() ? what : what + QLatin1Char(' ') + stored.note;
}

QString elsewhere(const session::Draft &draft)
{
    return Texts::tr("Another window is editing %1 too (%2, %3). Each keeps its own edits; whoever pushes last is told "
                     "that the tag moved.")
        .arg(nameOf(draft.reference), countOf(draft), timeOf(draft.changed));
}

QString rebasePreview(const session::Draft &draft, const session::Rebased &rebase)
{
    const qsizetype all = changesIn(draft);
    const qsizetype kept = keptOf(draft, rebase);
    if (rebase.dropped.isEmpty())
        return all == 1 ? Texts::tr("Your edit applies to what it names now.")
                        : Texts::tr("All of your %1 edits apply to what it names now.").arg(all);
    if (rebase.kept.isEmpty())
        return all == 1 ? Texts::tr("Your edit does not apply to what it names now:")
                        : Texts::tr("None of your %1 edits apply to what it names now:").arg(all);
    return Texts::tr("%1 of your %2 edits apply to what it names now. What does not:").arg(kept).arg(all);
}

QString restored(const session::Draft &draft, const session::Rebased &rebase)
{
    const QString name = nameOf(draft.reference);
    const QString kept = editsInWords(keptOf(draft, rebase));
    const QString back = rebase.kept.isEmpty() ? Texts::tr("None of the unsent edits of %1 came back:").arg(name)
                         : rebase.dropped.isEmpty()
                             ? Texts::tr("The unsent edits of %1 are back (%2).").arg(name, kept)
                             : Texts::tr("Of the unsent edits of %1, %2 came back. What did not:").arg(name, kept);
    return rebase.isImageChanged ? Texts::tr("The image has changed since. %1").arg(back) : back;
}

} // namespace colophon::widgets::draftwords
