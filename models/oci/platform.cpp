// SPDX-License-Identifier: Apache-2.0
#include "oci/platform.h"

#include "base/plaintext.h"

#include <QCoreApplication>
#include <QRegularExpression>

namespace colophon::oci {

namespace {
struct Text
{
    Q_DECLARE_TR_FUNCTIONS(Platform)
};
} // namespace

base::Result<Platform> Platform::parse(QStringView text)
{
    static const QRegularExpression form(
        QStringLiteral("^([A-Za-z0-9_.-]+)(?:\\(([A-Za-z0-9_.-]+)\\))?/([A-Za-z0-9_.-]+)(?:/([A-Za-z0-9_.-]+))?\\z"));
    const QRegularExpressionMatch match = form.match(text.toString());
    if (!match.hasMatch()) {
        return base::fail(base::ErrorKind::Usage,
                          Text::tr("“%1” is not a platform.").arg(base::visible(text.toString(), 120)),
                          Text::tr("A platform is written os/architecture, e.g. linux/amd64, linux/arm/v7 or "
                                   "windows(10.0.17763)/amd64."));
    }
    Platform platform;
    platform.os = match.captured(1);
    platform.osVersion = match.captured(2);
    platform.architecture = match.captured(3);
    platform.variant = match.captured(4);
    return platform;
}

QString Platform::toString() const
{
    QString text = os;
    if (!osVersion.isEmpty())
        text += QLatin1Char('(') + osVersion + QLatin1Char(')');
    text += QLatin1Char('/') + architecture;
    if (!variant.isEmpty())
        text += QLatin1Char('/') + variant;
    return text;
}

bool Platform::isUnknown() const { return os == QLatin1String("unknown") && architecture == QLatin1String("unknown"); }

namespace {
// A typed version picks the same one and any longer one it is the beginning of: 10.0.17763 picks 10.0.17763.5329.
bool picksVersion(const QString &typed, const QString &actual)
{
    return typed.isEmpty() || actual == typed || actual.startsWith(typed + QLatin1Char('.'));
}
} // namespace

bool Platform::picks(const Platform &other) const
{
    return os == other.os && architecture == other.architecture && (variant.isEmpty() || variant == other.variant) &&
           picksVersion(osVersion, other.osVersion);
}

} // namespace colophon::oci
