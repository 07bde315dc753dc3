// SPDX-License-Identifier: Apache-2.0
#pragma once

// A small file that survives a crash at any moment: sealed by a checksum, replaced in one step, with the version before
// kept beside it as ".1".

#include "base/result.h"

#include <QByteArray>
#include <QString>

namespace colophon::session {

struct DraftFile
{
    static constexpr qint64 longest = qint64(32) * 1024 * 1024; // some 100,000 edits

    // The content with the line "sha256:…" behind it, and the content again: InvalidData where it is not whole.
    static QByteArray sealed(const QByteArray &content);
    static base::Result<QByteArray> unsealed(const QByteArray &file);

    // The content of a sealed file. NotFound, InvalidData, TooLarge, Failed where it cannot be read.
    static base::Result<QByteArray> read(const QString &path);
    static QString predecessorOf(const QString &path) { return path + QStringLiteral(".1"); }

    // Puts sealed content in the place of `path`; what stood there becomes the predecessor if it was whole. It is on
    // the disk when this returns. An error leaves what was there. For one writer at a time.
    static base::Result<void> replace(const QString &path, const QByteArray &content);
    // Removes it and everything beside it.
    static base::Result<void> remove(const QString &path);
};

} // namespace colophon::session
