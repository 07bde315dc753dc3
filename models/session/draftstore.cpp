// SPDX-License-Identifier: Apache-2.0
#include "session/draftstore.h"

#include "base/plaintext.h"
#include "session/draftfile.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QStandardPaths>

#include <algorithm>

namespace colophon::session {

namespace {
struct Text
{
    Q_DECLARE_TR_FUNCTIONS(colophon::session::DraftStore)
};

const QLatin1String suffix(".draft");

QString nameOf(const oci::Reference &reference, const oci::Digest &opened)
{
    const QString image = reference.name() + u':' + reference.tag() + u'@' + opened.toString();
    return oci::Digest::of(image.toUtf8()).hex().left(32);
}

bool isSameImage(const oci::Reference &a, const oci::Reference &b)
{
    return a.name() == b.name() && a.tag() == b.tag() && (!a.tag().isEmpty() || a.digest() == b.digest());
}
} // namespace

DraftStore::DraftStore(QString folder)
    : m_folder(std::move(folder))
{
}

QString DraftStore::defaultFolder()
{
    return QStandardPaths::writableLocation(QStandardPaths::AppDataLocation) + QStringLiteral("/drafts");
}

QString DraftStore::path(const QString &id) const { return m_folder + u'/' + QFileInfo(id).fileName() + suffix; }

QStringList DraftStore::ids() const
{
    // A crash may have left the predecessor alone.
    const QStringList names =
        QDir(m_folder).entryList({u'*' + suffix, DraftFile::predecessorOf(u'*' + suffix)}, QDir::Files, QDir::Name);
    QStringList ids;
    for (const QString &name : names) {
        const QString id = name.left(name.lastIndexOf(suffix));
        if (!ids.contains(id))
            ids.append(id);
    }
    return ids;
}

base::Result<StoredDraft> DraftStore::load(const QString &id) const
{
    const QString file = path(id);
    const auto read = [](const QString &from) -> base::Result<Draft> {
        const base::Result<QByteArray> json = DraftFile::read(from);
        return json ? Draft::fromJson(*json) : base::fail(json.error());
    };
    const base::Result<Draft> newest = read(file);
    if (newest)
        return StoredDraft{id, *newest, {}, DraftSlot::isTaken(file)};
    if (newest.error().kind == base::ErrorKind::Usage) // whole, and not for us
        return base::fail(newest.error());
    const base::Result<Draft> before = read(DraftFile::predecessorOf(file));
    if (!before)
        return base::fail(newest.error());
    const QString note = newest.error().kind == base::ErrorKind::NotFound
                             ? Text::tr("The last change of this draft may be missing.")
                             : Text::tr("The last change of this draft is damaged; this is the one before it.");
    return StoredDraft{id, *before, note, DraftSlot::isTaken(file)};
}

StoredDrafts DraftStore::list() const
{
    StoredDrafts found;
    for (const QString &id : ids()) {
        base::Result<StoredDraft> stored = load(id);
        if (stored) {
            found.drafts.append(std::move(*stored));
        } else if (QFileInfo::exists(path(id)) || QFileInfo::exists(DraftFile::predecessorOf(path(id)))) {
            const QString file = base::visible(QDir::toNativeSeparators(path(id)), 500);
            found.problems.append(Text::tr("The draft %1 cannot be read: %2").arg(file, stored.error().text()));
        } // else its window removed it just now
    }
    std::stable_sort(found.drafts.begin(), found.drafts.end(),
                     [](const StoredDraft &a, const StoredDraft &b) { return a.draft.changed > b.draft.changed; });
    return found;
}

QList<StoredDraft> DraftStore::draftsOf(const oci::Reference &reference) const
{
    QList<StoredDraft> drafts = list().drafts;
    drafts.removeIf(
        [&](const StoredDraft &each) { return each.isOpen || !isSameImage(each.draft.reference, reference); });
    return drafts;
}

base::Result<void> DraftStore::remove(const QString &id) const
{
    base::Result<DraftSlot> slot = claim(id);
    if (!slot)
        return base::fail(slot.error());
    return slot->remove();
}

base::Result<DraftSlot> DraftStore::claim(const oci::Reference &reference, const oci::Digest &opened) const
{
    if (!QFileInfo(m_folder).isDir() && QDir().mkpath(m_folder))
        QFile::setPermissions(m_folder, QFileDevice::ReadOwner | QFileDevice::WriteOwner | QFileDevice::ExeOwner);
    if (ids().size() >= most) {
        return base::fail(base::ErrorKind::TooLarge,
                          Text::tr("The edits are not kept as a draft: there are %1 drafts already.").arg(most),
                          Text::tr("Discard drafts that are no longer needed."));
    }
    const QString name = nameOf(reference, opened);
    const auto isFree = [](const QString &file) {
        return !QFileInfo::exists(file) && !QFileInfo::exists(DraftFile::predecessorOf(file));
    };
    for (int number = 1;; ++number) {
        const QString file = path(QStringLiteral("%1-%2").arg(name).arg(number));
        if (!isFree(file))
            continue;
        base::Result<DraftSlot> slot = DraftSlot::take(file);
        if (slot && isFree(file)) // nobody was faster
            return slot;
        if (!slot && (slot.error().kind != base::ErrorKind::Conflict || number > 2 * most))
            return slot;
    }
}

base::Result<DraftSlot> DraftStore::claim(const QString &id) const
{
    base::Result<DraftSlot> slot = DraftSlot::take(path(id));
    if (slot && !QFileInfo::exists(slot->path()) && !QFileInfo::exists(DraftFile::predecessorOf(slot->path())))
        return base::fail(base::ErrorKind::NotFound, Text::tr("This draft is gone: another window has dealt with it."));
    return slot;
}

} // namespace colophon::session
