// SPDX-License-Identifier: Apache-2.0
#pragma once

// The textual wrapping of keys (RFC 7468) and base64 without leniency: two texts must never mean the same signature.

#include <QByteArray>

#include <optional>

namespace colophon::signing {

struct PemBlock
{
    QByteArray label; // "PUBLIC KEY"
    QByteArray bytes;
};

// The first block; nothing where there is none, it is cut off, or it is encrypted the old way (Proc-Type).
std::optional<PemBlock> firstPemBlock(const QByteArray &text);
// The label of the first BEGIN line, also where the block behind it is damaged.
QByteArray firstPemLabel(const QByteArray &text);
QByteArray toPem(const QByteArray &label, const QByteArray &bytes);

// Standard alphabet, padded, nothing around or in between, no stray bits (RFC 4648 3.2, 3.3, 3.5).
std::optional<QByteArray> strictBase64(const QByteArray &text);

} // namespace colophon::signing
