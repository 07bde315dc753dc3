// SPDX-License-Identifier: Apache-2.0
#pragma once

// The session in which a registry takes a blob (distribution-spec, "Pushing blobs"): opened by POST, moved by every
// answer's Location, closed by PUT or DELETE. What it has of the blob only it can say.

#include "registry/repository.h"

namespace colophon::registry {

struct UploadSession
{
    QUrl url;
    qint64 received = 0;      // bytes of the blob that are there
    qint64 shortestChunk = 0; // as the registry wants it; 0: it says nothing
};

// What is being uploaded, in words.
Occasion uploading(const Repository::Place &place, const oci::Digest &digest);

// Where the session goes on. The registry may name another host for it; the rules for that are the courier's, all but
// one: from an encrypted registry no upload goes to an unencrypted place.
base::Result<QUrl> sessionOf(const Answer &answer, const QString &registry);
// The address that closes the session: its own query as it came, and the digest.
QUrl withDigest(const QUrl &session, const oci::Digest &digest);

base::Task<base::Result<UploadSession>> openSession(Repository::Place place, Occasion occasion, std::stop_token stop);
// Where it stands by its own account; nothing where it does not exist any more, or does not say.
base::Task<std::optional<UploadSession>> askSession(Repository::Place place, QUrl session, std::stop_token stop);
// Tidies up, as far as that goes quickly. Nobody waits for it, but see Farewells.
base::Detached endSession(Repository::Place place, QUrl session);

// Whether it ended without an answer, so that only the registry knows how far it came.
bool isBrokenOff(const base::Error &failure);
inline bool isBrokenOff(const base::Result<void> &upload) { return !upload && isBrokenOff(upload.error()); }

// The end of it: the answer to the PUT that closed it.
base::Task<base::Result<void>> judgeClosing(base::Result<Answer> answer, Occasion occasion, oci::Digest digest);

} // namespace colophon::registry
