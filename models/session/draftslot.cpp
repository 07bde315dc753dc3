// SPDX-License-Identifier: Apache-2.0
#include "session/draftslot.h"

#include "base/plaintext.h"
#include "session/draftfile.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QDir>
#include <QFileInfo>
#include <QLockFile>

namespace colophon::session {

namespace {
struct Text
{
    Q_DECLARE_TR_FUNCTIONS(colophon::session::DraftSlot)
};

// Somebody who only looks whether a draft is taken holds its lock for a moment.
constexpr int patience = 200;  // ms
constexpr int unfinished = 10; // s

QString lockOf(const QString &path) { return path + QStringLiteral(".lock"); }

// QLockFile takes a lock for held while a process of its number and name runs, which in a container, where every start
// has the same number, is ourselves. Removing it succeeds only where the system holds no lock on it either.
bool isLeftOver(QLockFile &lock)
{
    qint64 process = 0;
    QString host;
    QString program;
    const bool isWritten = lock.getLockInfo(&process, &host, &program);
    const QDateTime made = QFileInfo(lock.fileName()).lastModified();
    if (!isWritten && made.isValid() && made.secsTo(QDateTime::currentDateTime()) < unfinished)
        return false; // somebody is about to write it
    return lock.removeStaleLockFile();
}

bool locks(QLockFile &lock, int milliseconds)
{
    lock.setStaleLockTime(0); // edits may stay open for days
    if (lock.tryLock(milliseconds))
        return true;
    return lock.error() == QLockFile::LockFailedError && isLeftOver(lock) && lock.tryLock(0);
}
} // namespace

DraftSlot::DraftSlot(QString path, std::unique_ptr<QLockFile> lock)
    : m_path(std::move(path))
    , m_lock(std::move(lock))
{
}

DraftSlot::~DraftSlot() = default;
DraftSlot::DraftSlot(DraftSlot &&) noexcept = default;
DraftSlot &DraftSlot::operator=(DraftSlot &&) noexcept = default;

base::Result<DraftSlot> DraftSlot::take(const QString &path)
{
    auto lock = std::make_unique<QLockFile>(lockOf(path));
    if (locks(*lock, patience))
        return DraftSlot(path, std::move(lock));
    if (lock->error() == QLockFile::LockFailedError) {
        return base::fail(base::ErrorKind::Conflict, Text::tr("This draft is open in another window."),
                          Text::tr("Close that window, or go on there."));
    }
    const QString folder = base::visible(QDir::toNativeSeparators(QFileInfo(path).absolutePath()), 500);
    return base::fail(base::ErrorKind::Failed,
                      Text::tr("Drafts cannot be kept: nothing can be written in the folder %1.").arg(folder),
                      Text::tr("Allow it, or push the edits before Colophon is closed."));
}

bool DraftSlot::isTaken(const QString &path)
{
    if (!QFileInfo::exists(lockOf(path)))
        return false;
    QLockFile lock(lockOf(path));
    return !locks(lock, 0) && lock.error() == QLockFile::LockFailedError;
}

base::Result<void> DraftSlot::save(const Draft &draft) { return DraftFile::replace(m_path, draft.toJson()); }

base::Result<void> DraftSlot::remove() { return DraftFile::remove(m_path); }

} // namespace colophon::session
