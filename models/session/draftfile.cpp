// SPDX-License-Identifier: Apache-2.0
#include "session/draftfile.h"

#include "base/plaintext.h"
#include "oci/digest.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <filesystem>
#include <system_error>

#ifdef Q_OS_UNIX
#include <fcntl.h>
#include <unistd.h>
#endif

namespace colophon::session {

namespace {
struct Text
{
    Q_DECLARE_TR_FUNCTIONS(colophon::session::DraftFile)
};

using base::ErrorKind;

QString shown(const QString &path) { return base::visible(QDir::toNativeSeparators(path), 500); }

std::unexpected<base::Error> notWritten(const QString &path, const QString &why)
{
    return base::fail(ErrorKind::Failed, Text::tr("%1 was not written: %2.").arg(shown(path), base::visible(why, 300)),
                      Text::tr("The draft that was there is unchanged. Make room on the disk, or push the edits."));
}

bool isOnDisk(QFile &file)
{
#ifdef Q_OS_UNIX
    return ::fsync(file.handle()) == 0;
#else
    return file.flush();
#endif
}

// A renaming is on the disk when its folder is. Not every file system can say so: then it is as good as it gets.
void syncFolderOf([[maybe_unused]] const QString &path)
{
#ifdef Q_OS_UNIX
    const QByteArray folder = QFile::encodeName(QFileInfo(path).absolutePath());
    const int descriptor = ::open(folder.constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor >= 0) {
        ::fsync(descriptor);
        ::close(descriptor);
    }
#endif
}

// Over what is there, in one step, which QFile::rename() does not do.
std::error_code moveOver(const QString &from, const QString &to)
{
    std::error_code problem;
    std::filesystem::rename(from.toStdU16String(), to.toStdU16String(), problem);
    return problem;
}

QString temporaryOf(const QString &path) { return path + QStringLiteral(".new"); }

// Nothing is left of it where it fails.
base::Result<void> writeTemporary(const QString &path, const QByteArray &bytes)
{
    QFile file(temporaryOf(path));
    // Unbuffered: a full disk is told by the write that meets it.
    if (!file.open(QIODevice::WriteOnly | QIODevice::Truncate | QIODevice::Unbuffered,
                   QFileDevice::ReadOwner | QFileDevice::WriteOwner)) {
        return notWritten(path, file.errorString());
    }
    if (file.write(bytes) != bytes.size() || !isOnDisk(file)) {
        const QString why =
            file.error() == QFileDevice::NoError ? Text::tr("the disk did not take all of it") : file.errorString();
        file.remove();
        return notWritten(path, why);
    }
    return {};
}
} // namespace

QByteArray DraftFile::sealed(const QByteArray &content)
{
    return content + '\n' + oci::Digest::of(content).toLatin1() + '\n';
}

base::Result<QByteArray> DraftFile::unsealed(const QByteArray &file)
{
    const qsizetype seal = 1 + 71 + 1; // "\nsha256:" + 64 digits + "\n"
    if (file.size() < seal)
        return base::fail(ErrorKind::InvalidData, Text::tr("The file ends too early."));
    QByteArray content = file.first(file.size() - seal);
    if (file != sealed(content))
        return base::fail(ErrorKind::InvalidData, Text::tr("The file does not match its checksum."));
    return content;
}

base::Result<QByteArray> DraftFile::read(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        if (!QFileInfo::exists(path))
            return base::fail(ErrorKind::NotFound, Text::tr("There is no file %1.").arg(shown(path)));
        return base::fail(ErrorKind::Failed,
                          Text::tr("%1 cannot be read: %2.").arg(shown(path), base::visible(file.errorString(), 300)));
    }
    const QByteArray bytes = file.read(longest + 1);
    if (bytes.size() > longest)
        return base::fail(ErrorKind::TooLarge, Text::tr("%1 is too large for a draft.").arg(shown(path)));
    return unsealed(bytes);
}

base::Result<void> DraftFile::replace(const QString &path, const QByteArray &content)
{
    const QByteArray bytes = sealed(content);
    if (bytes.size() > longest) {
        return base::fail(ErrorKind::TooLarge, Text::tr("These are more edits than a draft can hold."),
                          Text::tr("Push them in parts."));
    }
    if (const base::Result<void> written = writeTemporary(path, bytes); !written)
        return written;

    // A damaged file must not push out the whole one before it.
    const bool keepsOld = read(path).has_value();
    if (keepsOld) {
        if (const std::error_code problem = moveOver(path, predecessorOf(path))) {
            QFile::remove(temporaryOf(path));
            return notWritten(path, QString::fromStdString(problem.message()));
        }
    }
    if (const std::error_code problem = moveOver(temporaryOf(path), path)) {
        if (keepsOld) {
            // Should this fail too, it is still read, as the predecessor.
            [[maybe_unused]] const std::error_code ignored = moveOver(predecessorOf(path), path);
        }
        QFile::remove(temporaryOf(path));
        return notWritten(path, QString::fromStdString(problem.message()));
    }
    syncFolderOf(path);
    return {};
}

base::Result<void> DraftFile::remove(const QString &path)
{
    // The newest last: a crash in between does not bring back an older one.
    for (const QString &each : {predecessorOf(path), temporaryOf(path), path}) {
        QFile file(each);
        if (!file.remove() && QFileInfo::exists(each)) {
            return base::fail(
                ErrorKind::Failed,
                Text::tr("%1 cannot be removed: %2.").arg(shown(each), base::visible(file.errorString(), 300)));
        }
    }
    syncFolderOf(path);
    return {};
}

} // namespace colophon::session
