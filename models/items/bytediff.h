// SPDX-License-Identifier: Apache-2.0
#pragma once

// What changed between two versions of a JSON document, to the byte: by tokens, so that also in a document of one line
// just the inserted characters stand out. Pure; a manifest with ten thousand edited layers takes well under a second.

#include <QByteArray>
#include <QList>

namespace colophon::items {

struct DiffBlock
{
    enum class Kind {
        Same,
        Skipped, // the same on both sides, and too far from a change to be shown
        Removed,
        Added,
    };
    Kind kind = Kind::Same;
    QByteArray bytes;
    bool operator==(const DiffBlock &) const = default;
};

// Same + Removed together are `before`, Same + Added together are `after`, byte for byte. Neighbours differ in kind;
// where bytes were replaced, Removed comes first. Equal inputs give one Same (none where both are empty).
QList<DiffBlock> byteDiff(const QByteArray &before, const QByteArray &after);

// Splits long Same blocks so that at most about `context` bytes around each change remain, cut at line ends where there
// are any near, and never inside a UTF-8 character; the rest becomes Skipped.
QList<DiffBlock> withContext(const QList<DiffBlock> &blocks, qsizetype context = 120);

} // namespace colophon::items
