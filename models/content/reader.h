// SPDX-License-Identifier: Apache-2.0
#pragma once

// A stream of bytes, pulled block by block, and the checks around it: whoever reads to the end through a VerifiedReader
// knows that size and digest are what the descriptor says (law 5).

#include "base/result.h"
#include "base/task.h"
#include "oci/descriptor.h"

#include <QByteArray>

#include <functional>
#include <memory>
#include <stop_token>

namespace colophon::content {

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
};

using ReaderPtr = std::unique_ptr<Reader>;

// The bytes of an array as a stream.
ReaderPtr readerOf(QByteArray bytes);

// Passes the blocks on and fails with InvalidData at the first byte too many, or at the end when bytes are missing or
// the digest differs. `what` names the content for the error text.
ReaderPtr verified(ReaderPtr inner, oci::Descriptor expected, QString what);

// Reads all of it into memory, at most `longest` bytes (TooLarge).
base::Task<base::Result<QByteArray>> readAll(ReaderPtr reader, qint64 longest);

// How far a transfer is: bytes so far.
using Progress = std::function<void(qint64 bytes)>;

} // namespace colophon::content
