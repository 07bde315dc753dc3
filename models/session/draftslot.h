// SPDX-License-Identifier: Apache-2.0
#pragma once

// The right to write one draft: nobody else, in this process or another, has it while this object lives. It ends with
// the process, however that ends.

#include "session/draft.h"

#include <memory>

class QLockFile;

namespace colophon::session {

class DraftSlot
{
public:
    ~DraftSlot();
    DraftSlot(DraftSlot &&) noexcept;
    DraftSlot &operator=(DraftSlot &&) noexcept;

    // Conflict where somebody else has it, Failed where the folder cannot be written.
    static base::Result<DraftSlot> take(const QString &path);
    // Whether somebody has it now.
    static bool isTaken(const QString &path);

    const QString &path() const { return m_path; }
    // On the disk when it returns; an error leaves what was there.
    base::Result<void> save(const Draft &draft);
    base::Result<void> remove();

private:
    DraftSlot(QString path, std::unique_ptr<QLockFile> lock);

    QString m_path;
    std::unique_ptr<QLockFile> m_lock;
};

} // namespace colophon::session
