// SPDX-License-Identifier: Apache-2.0
#include "content/urlfetcher.h"

namespace colophon::content {

QString nameOf(UrlProbe::Verdict verdict)
{
    switch (verdict) {
    case UrlProbe::Verdict::Reachable:
        return QStringLiteral("reachable");
    case UrlProbe::Verdict::NeedsCredentials:
        return QStringLiteral("needs-credentials");
    case UrlProbe::Verdict::WrongSize:
        return QStringLiteral("wrong-size");
    case UrlProbe::Verdict::WrongDigest:
        return QStringLiteral("wrong-digest");
    case UrlProbe::Verdict::NotFound:
        return QStringLiteral("not-found");
    case UrlProbe::Verdict::Refused:
        return QStringLiteral("refused");
    case UrlProbe::Verdict::Failed:
        return QStringLiteral("failed");
    }
    return QStringLiteral("failed");
}

base::Task<base::Result<Tail>> UrlFetcher::openFrom(QString url, oci::Descriptor layer, qint64 /*offset*/,
                                                    std::stop_token stop)
{
    return fromItsStart(open(std::move(url), std::move(layer), std::move(stop)));
}

} // namespace colophon::content
