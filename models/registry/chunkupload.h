// SPDX-License-Identifier: Apache-2.0
#pragma once

// A blob uploaded piece by piece (distribution-spec, "Pushing a blob in chunks"), for registries that want it so and
// for the proxies before them that let no large request pass. A chunk is streamed like a whole blob; what the registry
// has of it only its own Range says, and where that is less the source is read a second time.

#include "registry/uploadsession.h"

namespace colophon::registry {

// Where the bytes come from: a stream that can be taken in parts and, if it can be opened anew, set back.
class ChunkSource
{
public:
    explicit ChunkSource(content::ReaderPtr bytes);

    // Why the reading failed, which no repetition of the upload mends.
    const std::optional<base::Error> &failure() const { return m_failure; }
    bool isTouched() const { return m_isTouched; }
    // Everything from here on, at most `length` bytes of it; one stream at a time.
    static content::ReaderPtr next(std::shared_ptr<ChunkSource> source, qint64 length);
    // The next stream begins there. False: the source cannot be read again.
    static base::Task<base::Result<bool>> moveTo(std::shared_ptr<ChunkSource> source, qint64 offset,
                                                 std::stop_token stop);

private:
    class Part;
    static base::Task<base::Result<QByteArray>> take(std::shared_ptr<ChunkSource> source, qint64 most);
    content::ReaderPtr m_reader;
    QByteArray m_rest; // of the block read last
    qint64 m_at = 0;
    bool m_isTouched = false;
    std::optional<base::Error> m_failure;
};

// Chunks of this size where nothing says otherwise, and the size below which it is not worth while to try.
inline constexpr qint64 usualChunk = 16 * base::limits::MiB;
inline constexpr qint64 smallestChunk = 1 * base::limits::MiB;

struct ChunkSize
{
    qint64 bytes = usualChunk;
    bool isSuspicion = false; // larger ones broke off: where this goes well, it is kept for the registry
};

// Uploads everything from the session's beginning and closes it; when it fails, the session is gone.
base::Task<base::Result<void>> uploadInChunks(Repository::Place place, oci::Descriptor content,
                                              std::shared_ptr<ChunkSource> source, UploadSession session,
                                              ChunkSize chunk, content::Progress progress, std::stop_token stop);

} // namespace colophon::registry
