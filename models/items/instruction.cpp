// SPDX-License-Identifier: Apache-2.0
#include "items/instruction.h"

#include <QRegularExpression>

namespace colophon::items {

QString readableInstruction(const QString &createdBy)
{
    QString text = createdBy.left(4096).simplified();
    static const QString buildkit = QStringLiteral("# buildkit");
    if (text.endsWith(buildkit))
        text = text.chopped(buildkit.size()).trimmed();
    // The classic builder writes "|2 A=1 B=2" before the shell for build arguments; BuildKit the same behind RUN.
    static const QRegularExpression shell(QStringLiteral(
        R"(^(RUN\s+)?(\|\d+\s+.*?)?(/bin/(ba|da)?sh -c|cmd /S /C|powershell( -Command)?)\s+(#\(nop\)\s*)?)"));
    const QRegularExpressionMatch match = shell.match(text);
    if (!match.hasMatch())
        return text;
    QString rest = text.mid(match.capturedEnd()).trimmed();
    if (match.hasCaptured(6)) // an instruction of its own, with nothing run
        return rest;
    return rest.isEmpty() ? QString() : QStringLiteral("RUN ") + rest;
}

} // namespace colophon::items
