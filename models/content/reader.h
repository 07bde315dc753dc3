// SPDX-License-Identifier: Apache-2.0
#pragma once

// A stream of bytes, pulled block by block, and the checks around it: whoever reads to the end through a VerifiedReader
// knows that size and digest are what the descriptor says.

#include "base/result.h"
#include "base/task.h"
#include "oci/descriptor.h"

#include <QByteArray>

#include <functional>
#include <memory>
#include <stop_token>

namespace colophon::content {

class Reader;
using ReaderPtr = std::unique_ptr<Reader>;

class Reader
{
public:
    Reader() = default;
    Reader(const Reader &) = delete;
    Reader &operator=(const Reader &) = delete;
    virtual ~Reader() = default;

    // The next block, at most limits::block bytes; empty at the end. The Reader must outlive the task. One read at a
    // time.
    virtual base::Task<base::Result<QByteArray>> read() = 0;

    // The same bytes once more from their start, for whoever has to begin again; null where they come only once. The
    // Reader must outlive this task too.
    virtual base::Task<base::Result<ReaderPtr>> reopened(std::stop_token stop);
};

// A stream from the middle of something: it begins at the offset asked for where that could be had, otherwise at 0.
struct Tail
{
    ReaderPtr bytes;
    qint64 startsAt = 0;
};

// The bytes of an array as a stream.
ReaderPtr readerOf(QByteArray bytes);

// What was opened at its start, as a Tail.
base::Task<base::Result<Tail>> fromItsStart(base::Task<base::Result<ReaderPtr>> opening);

// Reads from `reader`, and opens it anew by `again` when asked to.
ReaderPtr reopenable(ReaderPtr reader, std::function<base::Task<base::Result<ReaderPtr>>(std::stop_token)> again);

// Passes the blocks on and fails with InvalidData at the first byte too many, or at the end when bytes are missing or
// the digest differs. `what` names the content for the error text.
ReaderPtr verified(ReaderPtr inner, oci::Descriptor expected, QString what);

// Reads all of it into memory, at most `longest` bytes (TooLarge).
base::Task<base::Result<QByteArray>> readAll(ReaderPtr reader, qint64 longest);

// How far a transfer is: bytes so far.
using Progress = std::function<void(qint64 bytes)>;

} // namespace colophon::content
