// SPDX-License-Identifier: Apache-2.0
#pragma once

// Layers made in code: a tar archive with fixed times and owners, compressed, so that the same files give the same
// digest every time (image-spec layer.md).

#include <QByteArray>
#include <QList>
#include <QString>

namespace colophon::demo {

struct LayerFile
{
    QString path; // a trailing slash makes a directory
    QByteArray content = {};
    int mode = 0644;
};

enum class Compression { Gzip, Zstd, None };

struct Layer
{
    QByteArray bytes; // as in the registry
    QString digest;   // of bytes
    QString diffId;   // of the tar archive inside
};

// Directories above the files are added.
Layer makeLayer(const QList<LayerFile> &files, Compression compression = Compression::Gzip);

// Bytes that look like a program's: the same for the same seed, and hardly compressible.
QByteArray filler(quint32 seed, qsizetype size);

} // namespace colophon::demo
