// SPDX-License-Identifier: Apache-2.0
#include "demo/layertar.h"

#include "oci/digest.h"

#include <archive.h>
#include <archive_entry.h>

#include <QSet>

#include <memory>

namespace colophon::demo {

namespace {

constexpr time_t fixedTime = 1'700'000'000; // 2023-11-14T22:13:20Z

using Writer = std::unique_ptr<archive, decltype(&archive_write_free)>;

Writer writerInto(QByteArray &out, const char *filter, bool raw)
{
    Writer writer(archive_write_new(), &archive_write_free);
    if (raw)
        archive_write_set_format_raw(writer.get());
    else
        archive_write_set_format_ustar(writer.get());
    if (filter)
        archive_write_add_filter_by_name(writer.get(), filter);
    archive_write_set_filter_option(writer.get(), "gzip", "timestamp", nullptr);
    archive_write_set_bytes_in_last_block(writer.get(), 1);
    archive_write_open2(
        writer.get(), &out, nullptr,
        [](archive *, void *to, const void *data, size_t size) -> la_ssize_t {
            static_cast<QByteArray *>(to)->append(static_cast<const char *>(data), static_cast<qsizetype>(size));
            return static_cast<la_ssize_t>(size);
        },
        nullptr, nullptr);
    return writer;
}

void addEntry(archive *to, const QByteArray &path, const QByteArray &content, int mode)
{
    const std::unique_ptr<archive_entry, decltype(&archive_entry_free)> entry(archive_entry_new(), &archive_entry_free);
    const bool directory = path.endsWith('/');
    archive_entry_set_pathname(entry.get(), path.constData());
    archive_entry_set_filetype(entry.get(), directory ? AE_IFDIR : AE_IFREG);
    archive_entry_set_perm(entry.get(), static_cast<__LA_MODE_T>(directory ? 0755 : mode));
    archive_entry_set_uid(entry.get(), 0);
    archive_entry_set_gid(entry.get(), 0);
    archive_entry_set_mtime(entry.get(), fixedTime, 0);
    archive_entry_set_size(entry.get(), content.size());
    archive_write_header(to, entry.get());
    if (!content.isEmpty())
        archive_write_data(to, content.constData(), static_cast<size_t>(content.size()));
}

QByteArray tarOf(const QList<LayerFile> &files)
{
    QByteArray tar;
    const Writer writer = writerInto(tar, nullptr, false);
    QSet<QByteArray> written;
    for (const LayerFile &file : files) {
        const QByteArray path = file.path.toUtf8();
        for (qsizetype slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
            const QByteArray directory = path.left(slash + 1);
            if (!written.contains(directory)) {
                written.insert(directory);
                addEntry(writer.get(), directory, {}, 0755);
            }
        }
        if (!path.endsWith('/'))
            addEntry(writer.get(), path, file.content, file.mode);
    }
    archive_write_close(writer.get());
    return tar;
}

QByteArray compressed(const QByteArray &bytes, const char *filter)
{
    QByteArray out;
    const Writer writer = writerInto(out, filter, true);
    addEntry(writer.get(), "layer", bytes, 0644);
    archive_write_close(writer.get());
    return out;
}

} // namespace

Layer makeLayer(const QList<LayerFile> &files, Compression compression)
{
    const QByteArray tar = tarOf(files);
    Layer layer;
    layer.bytes =
        compression == Compression::None ? tar : compressed(tar, compression == Compression::Gzip ? "gzip" : "zstd");
    layer.digest = oci::Digest::of(layer.bytes).toString();
    layer.diffId = oci::Digest::of(tar).toString();
    return layer;
}

QByteArray filler(quint32 seed, qsizetype size)
{
    QByteArray bytes(size, Qt::Uninitialized);
    quint32 state = seed * 2'654'435'761U + 1; // xorshift32; any start but 0
    for (char &byte : bytes) {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        byte = static_cast<char>(state >> 24);
    }
    return bytes;
}

} // namespace colophon::demo
