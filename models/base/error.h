// SPDX-License-Identifier: Apache-2.0
#pragma once

// What went wrong, as a value: what failed, on which side, why, and what to do next. Every failure that a
// person may see travels as one of these, from the socket to the window and to the command's stderr.

#include <QJsonObject>
#include <QString>

#include <optional>

namespace colophon::base {

// What kind of failure it is; the command's exit code follows from it (exitCode below).
enum class ErrorKind {
    Failed,       // anything without a kind of its own
    Usage,        // the caller's words are off: bad reference, no match, not toggleable, ambiguous
    InvalidData,  // the document or answer breaks its specification, or a digest or size does not match
    TooLarge,     // a limit of ours was reached (see limits.h)
    NotFound,     // no such repository, tag, manifest or blob
    Conflict,     // the tag moved since it was read
    CheckFailed,  // a check was made and its answer is no: unsigned, address dead
    Unauthorized, // the registry wants credentials, or refuses those it got
    Denied,       // policy: permission, urls not allowed, immutable tag, address class not allowed
    NotSigned,    // pushed, but the signature could not be made
    Network,      // no connection, or it broke
    Tls,          // no trustworthy connection
    Timeout,
    Protocol, // the other side does not speak the protocol
    Cancelled,
};

enum class Side { None, Source, Destination };

struct Error
{
    ErrorKind kind = ErrorKind::Failed;
    QString operation; // what was being done, e.g. "read the manifest of registry.example/app:1"
    Side side = Side::None;
    QString
        message; // what went wrong and why: one or two sentences, plain text, text from outside already made visible
    QString hint = {};     // what to do next; may be empty
    QString wireCode = {}; // the registry's own error code, e.g. MANIFEST_UNKNOWN (distribution-spec, "Error Codes")
    int httpStatus = 0;    // 0: no answer was involved
    QString server = {};   // with Tls: "host:port" whose certificate was refused; empty where it was not that
    // With Tls: the registry that answered, but without TLS. It may speak plain http only; empty where it was not that.
    QString unencrypted = {};
    // With Denied: an address in a narrower network than that of the registry that led there, which was not asked.
    struct Confined
    {
        QString registry; // as in a Reference
        QString address;  // of the network, "10.1.2.3"
        bool operator==(const Confined &) const = default;
    };
    std::optional<Confined> confined = {};

    bool operator==(const Error &) const = default;

    // Copies that add what only an outer layer knows; what is said already stays.
    Error withOperation(QString what) const;
    Error onSide(Side which) const;
    Error withHint(QString what) const;
    // For what must be said beside any other hint: behind it, unless it says so already.
    Error withHintAdded(const QString &what) const;

    // "message hint", one line, for a strip in the window or a line on stderr.
    QString text() const;
    // {kind, operation, side, message, hint, wireCode, httpStatus}: the command's --json form.
    QJsonObject toJson() const;
};

// The command's exit code for a failure (colophonctl(1), EXIT STATUS).
int exitCode(ErrorKind kind);

// Whether there is no use in asking the same server for something else: no connection to it, or stopped.
bool isHopeless(ErrorKind kind);

// The stable lower-case name used in JSON, e.g. "not-found".
QString nameOf(ErrorKind kind);
QString nameOf(Side side);

} // namespace colophon::base
