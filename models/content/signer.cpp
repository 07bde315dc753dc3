// SPDX-License-Identifier: Apache-2.0
#include "content/signer.h"

namespace colophon::content {

QString nameOf(SignatureCheck::Verdict verdict)
{
    switch (verdict) {
    case SignatureCheck::Verdict::Verified:
        return QStringLiteral("verified");
    case SignatureCheck::Verdict::Failed:
        return QStringLiteral("failed");
    case SignatureCheck::Verdict::NotChecked:
        return QStringLiteral("not-checked");
    }
    return QStringLiteral("not-checked");
}

QString nameOf(VerifyReport::Verdict verdict)
{
    switch (verdict) {
    case VerifyReport::Verdict::Verified:
        return QStringLiteral("verified");
    case VerifyReport::Verdict::Unsigned:
        return QStringLiteral("unsigned");
    case VerifyReport::Verdict::Failed:
        return QStringLiteral("failed");
    }
    return QStringLiteral("failed");
}

} // namespace colophon::content
