// SPDX-License-Identifier: Apache-2.0
#pragma once

// A file in the making: FILE.part, held by one process at a time, hashed as it grows, that becomes FILE in one step.

#include "base/result.h"
#include "base/task.h"
#include "oci/digest.h"

#include <QString>

#include <memory>
#include <stop_token>

namespace colophon::transfer {

class PartFile
{
public:
    // Opens or makes `file`.part and holds it until it is destroyed.
    static base::Result<std::shared_ptr<PartFile>> open(const QString &file, oci::Digest::Algorithm algorithm);
    ~PartFile(); // an empty one is removed
    PartFile(const PartFile &) = delete;
    PartFile &operator=(const PartFile &) = delete;

    // What it holds, all of it hashed once check() has run.
    qint64 size() const { return m_size; }
    // Hashes what an earlier attempt has left, without keeping the event loop waiting; `progress` gets the bytes.
    static base::Task<base::Result<void>> check(std::shared_ptr<PartFile> part,
                                                std::function<void(qint64 bytes)> progress, std::stop_token stop);
    base::Result<void> add(const QByteArray &block);
    base::Result<void> clear(); // from the start again
    oci::Digest finish();       // the digest of all of it; nothing is added afterwards
    // Brings it to the disk and gives it its name. An existing file stays unless `replace`.
    static base::Task<base::Result<void>> publish(std::shared_ptr<PartFile> part, bool replace);
    void remove();

private:
    PartFile(QString file, int handle, qint64 size, oci::Digest::Algorithm algorithm);
    std::unexpected<base::Error> failed(const QString &what, int number) const;
    QString m_file;
    QString m_path;
    int m_handle;
    qint64 m_size;
    oci::Digest::Algorithm m_algorithm;
    oci::Hasher m_hasher;
    bool m_isGone = false; // renamed or removed
};

} // namespace colophon::transfer
