// SPDX-License-Identifier: Apache-2.0
#include "oci/attachmentnames.h"

namespace colophon::oci {

namespace {
constexpr QLatin1String signatureEnd(".sig");
constexpr QLatin1String attestationEnd(".att");

QString tagOf(const Digest &about, QLatin1String end)
{
    QString tag = about.algorithmName() + QLatin1Char('-') + about.hex() + end;
    return tag.size() > longestTag ? QString() : tag;
}
} // namespace

QString signatureTag(const Digest &about) { return tagOf(about, signatureEnd); }

QString attestationTag(const Digest &about) { return tagOf(about, attestationEnd); }

QStringList attachmentTags(const Digest &about)
{
    QStringList tags;
    for (const QLatin1String end : {signatureEnd, attestationEnd, QLatin1String(".sbom")})
        tags.append(tagOf(about, end));
    tags.removeAll(QString());
    return tags;
}

} // namespace colophon::oci
