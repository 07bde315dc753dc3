// SPDX-License-Identifier: Apache-2.0
#pragma once

// Layer urls, asked by somebody who has no credentials to give: the seam behind which an HTTP client without any
// authentication stands: what a manifest names gets no secret. A 401 is an answer, never a challenge.

#include "content/reader.h"
#include "oci/descriptor.h"

#include <QString>
#include <QStringList>
#include <QUrl>

#include <stop_token>

namespace colophon::content {

// What one address answered to an anonymous one-byte GET.
struct UrlProbe
{
    enum class Verdict {
        Reachable,        // answers, and the size is right (or unknown and said so in `reason`)
        NeedsCredentials, // 401, 403, 407
        WrongSize,
        WrongDigest, // only where the whole was read
        NotFound,    // 404, 410
        Refused,     // we do not ask it: scheme, user info, fragment, address class
        Failed,      // no connection, TLS, another status
    };
    // How far the server that answered can be reached, by its address.
    enum class Reach { Unknown, Loopback, Private, Public };
    QString url;
    Verdict verdict = Verdict::Failed;
    int httpStatus = 0;
    qint64 size = -1; // bytes of the whole, -1 where the answer does not say
    int redirects = 0;
    oci::Digest digest = {}; // of what was read, where the whole was read
    QString reason;          // one plain sentence, also where it is reachable
    QString answeredBy = {}; // the server redirects led to, with its port; empty: the one that was asked
    bool isPlain = false;    // asked without encryption
    Reach reach = Reach::Unknown;
    std::optional<base::Error::Confined> confined = {}; // Refused because of the network that it lies in
    bool isReachable() const { return verdict == Verdict::Reachable; }
};
QString nameOf(UrlProbe::Verdict verdict); // "reachable", "needs-credentials", "wrong-size", …: the JSON names
QString nameOf(UrlProbe::Reach reach);     // "loopback", "private", "public"; empty: unknown
// What that means for whoever pulls the image elsewhere, in plain sentences.
QStringList meaningOf(const UrlProbe &probe);

class UrlFetcher
{
public:
    virtual ~UrlFetcher() = default;
    // Never an Error for what the address answers; only for being cancelled. `whole` reads everything and verifies it.
    virtual base::Task<base::Result<UrlProbe>> probe(QString url, oci::Descriptor layer, bool whole,
                                                     std::stop_token stop) = 0;
    // The blob from that address as a verified stream.
    virtual base::Task<base::Result<ReaderPtr>> open(QString url, oci::Descriptor layer, std::stop_token stop) = 0;
    // The rest of it from this offset on, not verified; the whole where the offset cannot be had.
    virtual base::Task<base::Result<Tail>> openFrom(QString url, oci::Descriptor layer, qint64 offset,
                                                    std::stop_token stop);
};

} // namespace colophon::content
