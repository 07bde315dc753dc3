// SPDX-License-Identifier: Apache-2.0
#include "content/requestrecord.h"

#include "base/shell.h"

#include <QStringList>

namespace colophon::content {

QString asCurl(const RequestRecord &record)
{
    QStringList words{QStringLiteral("curl"), QStringLiteral("--include")};
    if (record.method == "HEAD")
        words.append(QStringLiteral("--head"));
    else if (record.method != "GET")
        words.append(QStringLiteral("--request ") + base::shellQuoted(QString::fromLatin1(record.method)));
    // In double quotes, for the shell to fill in; nothing from outside stands there.
    if (record.authorization == RequestRecord::Authorization::Bearer)
        words.append(QStringLiteral("--header \"Authorization: Bearer $TOKEN\""));
    else if (record.authorization == RequestRecord::Authorization::Basic)
        words.append(QStringLiteral("--user \"$REGISTRY_USER:$REGISTRY_PASSWORD\""));
    for (const auto &[name, value] : record.headers)
        words.append(QStringLiteral("--header ") +
                     base::shellQuoted(QString::fromUtf8(name) + QStringLiteral(": ") + QString::fromUtf8(value)));
    if (record.bytesSent > 0)
        words.append(QStringLiteral("--data-binary @BODY"));
    else if (record.method == "POST" || record.method == "PUT" || record.method == "PATCH")
        words.append(QStringLiteral("--data ''")); // curl sends no Content-Length: 0 by itself
    words.append(base::shellQuoted(record.url));
    return words.join(QLatin1Char(' '));
}

} // namespace colophon::content
