// SPDX-License-Identifier: Apache-2.0
#include "base/plaintext.h"

namespace colophon::base {

namespace {
bool isControl(char16_t c) { return c < 0x20 || (c >= 0x7F && c <= 0x9F); }
} // namespace

bool isHidden(char16_t c)
{
    return c == 0x061C || (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) ||
           (c >= 0x2060 && c <= 0x2064) || (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF;
}

QString visible(const QString &outside, int longest)
{
    QString shown;
    shown.reserve(std::min<qsizetype>(outside.size(), longest));
    for (const QChar c : outside) {
        if (shown.size() >= longest) {
            shown += QChar(0x2026);
            break;
        }
        if (isControl(c.unicode()))
            shown += QStringLiteral("\\u%1").arg(c.unicode(), 4, 16, QLatin1Char('0'));
        else if (isHidden(c.unicode()))
            shown +=
                QStringLiteral("\u27E8U+%1\u27E9").arg(QString::number(c.unicode(), 16).toUpper(), 4, QLatin1Char('0'));
        else
            shown += c;
    }
    return shown;
}

} // namespace colophon::base
