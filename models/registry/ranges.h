// SPDX-License-Identifier: Apache-2.0
#pragma once

// The fields that say which bytes: Range and Content-Range (RFC 9110 §14), and what registries make of Range in answers
// to an upload (distribution-spec, "Pushing a blob in chunks").

#include "registry/http/transport.h"

#include <QByteArray>

#include <optional>

namespace colophon::registry {

// "bytes=5-": the request for everything from there on.
QByteArray restFrom(qint64 offset);
// Whether this is the rest of a whole of that size, from that offset to its end, and nothing else.
bool isRest(const http::Response &response, qint64 offset, qint64 size);
// "bytes 0-0/1234" or "bytes */1234": the size of the whole, -1 where it does not say.
qint64 totalIn(const QByteArray &contentRange);

// "5-9", as the specification wants it of a chunk: without a unit.
QByteArray chunkRange(qint64 offset, qint64 length);
// How much of an upload is there, by the Range of the answer: "0-9" is ten bytes. "0-0" is none, although it may be
// one: registries say it of a session that has just begun.
std::optional<qint64> receivedIn(const QByteArray &range);

} // namespace colophon::registry
