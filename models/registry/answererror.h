// SPDX-License-Identifier: Apache-2.0
#pragma once

// An answer that is a failure, read into an Error: the status decides the kind, the registry's own code and words are
// taken along (distribution-spec, "Error Codes"), as far as they are such and no web page.

#include "base/error.h"
#include "base/task.h"
#include "registry/courier.h"

namespace colophon::registry {

// What was being done when the answer came, for the sentence.
struct Occasion
{
    QString operation; // "read the manifest of registry.example/app:1"
    QString registry;  // "registry.example"
    QString repository = {};
    QString missing = {};       // the sentence for 404, where nothing more precise is known
    ShownCredential shown = {}; // as whom; errorOf() takes it from the answer
    bool writing = false;
};

// The registry's own words, as far as the body has any.
struct WireError
{
    QString code;
    QString message;
    static WireError parse(const QByteArray &body, const QByteArray &contentType);
};

// A failure that is our own finding and no answer's.
base::Error problem(base::ErrorKind kind, const Occasion &occasion, const QString &message, const QString &hint = {});

// Reads at most limits::errorBody of the body.
base::Task<base::Error> errorOf(Answer answer, Occasion occasion);
// The same from what was read already.
base::Error errorOf(int status, const http::Headers &headers, const WireError &wire, const Occasion &occasion);

} // namespace colophon::registry
