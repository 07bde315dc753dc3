// SPDX-License-Identifier: Apache-2.0
#include "transfer/partfile.h"

#include "base/limits.h"
#include "base/plaintext.h"

#include <QCoreApplication>
#include <QDeadlineTimer>
#include <QFile>
#include <QFileInfo>
#include <QThreadPool>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace colophon::transfer {

namespace {

using base::ErrorKind;

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(PartFile)
};

constexpr std::chrono::milliseconds slice{8}; // the longest run without the event loop

QString shown(const QString &path) { return base::visible(path, 500); }

// Something done in another thread, for which the event loop is not kept waiting.
struct Chore
{
    base::Event event;
    bool isDone = false;
    int result = 0;
};

base::Task<int> elsewhere(std::function<int()> work)
{
    auto chore = std::make_shared<Chore>();
    QThreadPool::globalInstance()->start([chore, work = std::move(work)] {
        const int result = work();
        QMetaObject::invokeMethod(
            QCoreApplication::instance(),
            [chore, result] {
                chore->result = result;
                chore->isDone = true;
                chore->event.notify();
            },
            Qt::QueuedConnection);
    });
    while (!chore->isDone)
        co_await chore->event;
    co_return int(chore->result);
}

base::Task<void> nextTurn()
{
    auto chore = std::make_shared<Chore>();
    QMetaObject::invokeMethod(
        QCoreApplication::instance(),
        [chore] {
            chore->isDone = true;
            chore->event.notify();
        },
        Qt::QueuedConnection);
    while (!chore->isDone)
        co_await chore->event;
}

int syncFolderOf(const QByteArray &path)
{
    const qsizetype slash = path.lastIndexOf('/');
    const QByteArray folder = slash < 0 ? QByteArray(".") : path.left(std::max<qsizetype>(1, slash));
    const int handle = ::open(folder.constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (handle < 0)
        return errno;
    ::fsync(handle); // not every file system can; the name is there all the same
    ::close(handle);
    return 0;
}

// To the disk, then to its name; errno where that fails.
int publishNow(int handle, const QByteArray &from, const QByteArray &to, bool replace)
{
    if (::fsync(handle) != 0)
        return errno;
    if (replace) {
        if (::rename(from.constData(), to.constData()) != 0)
            return errno;
    } else if (::renameat2(AT_FDCWD, from.constData(), AT_FDCWD, to.constData(), RENAME_NOREPLACE) != 0) {
        if (errno != EINVAL && errno != ENOSYS)
            return errno;
        // A file system that does not know how: a second name cannot replace anything either.
        if (::link(from.constData(), to.constData()) != 0)
            return errno;
        ::unlink(from.constData());
    }
    syncFolderOf(to);
    return 0;
}

} // namespace

PartFile::PartFile(QString file, int handle, qint64 size, oci::Digest::Algorithm algorithm)
    : m_file(std::move(file))
    , m_path(m_file + QLatin1String(".part"))
    , m_handle(handle)
    , m_size(size)
    , m_algorithm(algorithm)
    , m_hasher(algorithm)
{
}

PartFile::~PartFile()
{
    if (m_size == 0)
        remove();
    ::close(m_handle);
}

base::Result<std::shared_ptr<PartFile>> PartFile::open(const QString &file, oci::Digest::Algorithm algorithm)
{
    const QString path = file + QLatin1String(".part");
    const QByteArray name = QFile::encodeName(path);
    const auto fails = [&path](const QString &why) {
        return base::fail(ErrorKind::Failed, Text::tr("%1 cannot be written: %2.").arg(shown(path), why));
    };
    for (;;) {
        const int handle = ::open(name.constData(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
        if (handle < 0)
            return fails(qt_error_string(errno));
        struct stat there = {};
        if (::flock(handle, LOCK_EX | LOCK_NB) != 0) {
            ::close(handle);
            return base::fail(ErrorKind::Failed, Text::tr("%1 is being written by another program.").arg(shown(path)),
                              Text::tr("Wait until that has ended, or choose another file."));
        }
        if (::fstat(handle, &there) != 0 || !S_ISREG(there.st_mode)) {
            ::close(handle);
            return fails(Text::tr("it is no ordinary file"));
        }
        // Who held it before may have given it its final name meanwhile.
        struct stat named = {};
        if (::stat(name.constData(), &named) == 0 && named.st_ino == there.st_ino && named.st_dev == there.st_dev)
            return std::shared_ptr<PartFile>(new PartFile(file, handle, there.st_size, algorithm));
        ::close(handle);
    }
}

base::Task<base::Result<void>> PartFile::check(std::shared_ptr<PartFile> part,
                                               std::function<void(qint64 bytes)> progress, std::stop_token stop)
{
    part->m_hasher = oci::Hasher(part->m_algorithm);
    QByteArray block(base::limits::block, Qt::Uninitialized);
    QDeadlineTimer turn(slice);
    qint64 done = 0;
    while (done < part->m_size) {
        const qint64 wanted = std::min<qint64>(block.size(), part->m_size - done);
        const ssize_t count = ::pread(part->m_handle, block.data(), static_cast<std::size_t>(wanted), done);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            co_return part->failed(Text::tr("cannot be read"), count < 0 ? errno : EIO);
        part->m_hasher.add(QByteArrayView(block).first(count));
        done += count;
        if (!turn.hasExpired())
            continue;
        progress(done);
        co_await nextTurn();
        if (stop.stop_requested())
            co_return base::cancelled();
        turn.setRemainingTime(slice);
    }
    co_return base::Result<void>{};
}

base::Result<void> PartFile::add(const QByteArray &block)
{
    qsizetype written = 0;
    while (written < block.size()) {
        const ssize_t count = ::pwrite(m_handle, block.constData() + written,
                                       static_cast<std::size_t>(block.size() - written), m_size + written);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return failed(Text::tr("cannot be written"), errno);
        written += count;
    }
    m_hasher.add(block);
    m_size += block.size();
    return {};
}

base::Result<void> PartFile::clear()
{
    if (::ftruncate(m_handle, 0) != 0)
        return failed(Text::tr("cannot be written"), errno);
    m_size = 0;
    m_hasher = oci::Hasher(m_algorithm);
    return {};
}

oci::Digest PartFile::finish() { return m_hasher.finish(); }

base::Task<base::Result<void>> PartFile::publish(std::shared_ptr<PartFile> part, bool replace)
{
    const QByteArray from = QFile::encodeName(part->m_path);
    const QByteArray to = QFile::encodeName(part->m_file);
    const int handle = part->m_handle;
    auto work = [handle, from, to, replace] { return publishNow(handle, from, to, replace); };
    const int number = co_await elsewhere(work);
    if (number == EEXIST) {
        co_return base::fail(ErrorKind::Failed, Text::tr("%1 is there already.").arg(shown(part->m_file)),
                             Text::tr("Choose another file, or let it be replaced."));
    }
    if (number != 0)
        co_return part->failed(Text::tr("cannot be brought to its place"), number);
    part->m_isGone = true;
    co_return base::Result<void>{};
}

void PartFile::remove()
{
    if (!m_isGone)
        ::unlink(QFile::encodeName(m_path).constData());
    m_isGone = true;
}

std::unexpected<base::Error> PartFile::failed(const QString &what, int number) const
{
    const QString hint = number == ENOSPC || number == EDQUOT
                             ? Text::tr("Make room and try again: what has come so far is kept.")
                             : QString();
    return base::fail(ErrorKind::Failed, Text::tr("%1 %2: %3.").arg(shown(m_path), what, qt_error_string(number)),
                      hint);
}

} // namespace colophon::transfer
