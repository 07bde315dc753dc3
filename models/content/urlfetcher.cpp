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

} // namespace colophon::content
