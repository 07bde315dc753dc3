// SPDX-License-Identifier: Apache-2.0
#pragma once

// The textual wrapping of keys (RFC 7468) and base64 without leniency: two texts must never mean the same signature.

#include "base/secret.h"

#include <QByteArray>
#include <QList>

#include <optional>

namespace colophon::signing {

struct PemBlock
{
    QByteArray label;   // "PUBLIC KEY"
    QByteArray headers; // RFC 1421's, before the content ("Proc-Type: 4,ENCRYPTED"…); mostly empty
    base::Secret bytes; // it may be a private key
};

// The first block; nothing where there is none, or it is cut off.
std::optional<PemBlock> firstPemBlock(const QByteArray &text);
// All of them in their order; empty where one is damaged.
QList<PemBlock> pemBlocks(const QByteArray &text);
// The labels of all BEGIN lines, also where the blocks behind them are damaged.
QByteArrayList pemLabels(const QByteArray &text);
QByteArray toPem(const QByteArray &label, const QByteArray &bytes);

// Standard alphabet, padded, nothing around or in between, no stray bits (RFC 4648 3.2, 3.3, 3.5).
std::optional<QByteArray> strictBase64(const QByteArray &text);

} // namespace colophon::signing
