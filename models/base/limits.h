// SPDX-License-Identifier: Apache-2.0
#pragma once

// Every cap on what comes in from outside, in bytes unless said otherwise, in one place.

#include <QtGlobal>

namespace colophon::base::limits {

inline constexpr qint64 KiB = 1024;
inline constexpr qint64 MiB = 1024 * KiB;
inline constexpr qint64 GiB = 1024 * MiB;

inline constexpr qint64 manifest = 4 * MiB; // distribution-spec: at least 4 MiB must be accepted
inline constexpr qint64 config = 8 * MiB;
inline constexpr qint64 blob = 64 * GiB; // a descriptor that claims more is refused
inline constexpr qint64 token = 64 * KiB;
inline constexpr qint64 errorBody = 64 * KiB;
inline constexpr qint64 helperOutput = 64 * KiB;  // what a credential helper may say
inline constexpr qint64 credentialFile = 1 * MiB; // docker's config.json and its like
inline constexpr qint64 tagsPage = 4 * MiB;
inline constexpr int tags = 1'000'000;       // tags of one repository
inline constexpr int pages = 10'000;         // pages of one listing
inline constexpr qint64 httpHead = 64 * KiB; // status line and header fields together
inline constexpr int redirects = 5;          // hops of one request
inline constexpr int jsonDepth = 64;         // levels
inline constexpr int indexDepth = 4;         // index in index
inline constexpr int descriptorsPerImage = 50'000;
inline constexpr qint64 signaturePayload = 1 * MiB;
inline constexpr int signatures = 1'000;       // signatures of one image
inline constexpr int referrers = 1'000;        // of one manifest
inline constexpr int attachments = 1'000;      // of one image, whatever they are
inline constexpr qint64 attachment = 16 * MiB; // the content of one, to be shown
inline constexpr qint64 attached = 64 * MiB;   // manifests and contents of all of one image's, together
inline constexpr int attachedParts = 5'000;    // how many of those are read
inline constexpr qint64 keyFile = 1 * MiB;
inline constexpr qint64 derivations = 5'000'000; // rounds a key file may ask for to be opened: some seconds of work
inline constexpr qint64 certificateFile = 1 * MiB;
inline constexpr int certificates = 1'000; // in one file, and in one trust store
inline constexpr int chain = 16;           // certificates of one signature
inline constexpr qint64 trustPolicy = 1 * MiB;

inline constexpr qint64 block = 256 * KiB; // one read or write of a blob's stream

} // namespace colophon::base::limits
