// SPDX-License-Identifier: Apache-2.0
#include "support/canary/canary.h"

#include <QDirIterator>
#include <QFile>
#include <QFileInfo>

namespace colophon::test {

namespace {

// What Base64 makes of it behind so many other bytes: the characters that hold nothing but it.
QByteArray inBase64(const QByteArray &mark, qsizetype before)
{
    const qsizetype first = (before * 8 + 5) / 6;
    const qsizetype end = (before + mark.size()) * 8 / 6;
    return (QByteArray(before, 'x') + mark).toBase64().mid(first, end - first);
}

QList<CanaryForm> formsOf(const QByteArray &mark)
{
    QByteArray percent;
    QByteArray wide;
    for (const char c : mark) {
        percent += '%' + QByteArray(1, c).toHex();
        wide += QByteArray(1, c) + '\0';
    }
    wide.chop(1); // so it is the same in either byte order
    return {{"as it is", mark},
            {"as Base64", inBase64(mark, 0)},
            {"as Base64, one byte on", inBase64(mark, 1)},
            {"as Base64, two bytes on", inBase64(mark, 2)},
            {"percent-encoded", percent, true},
            {"in hexadecimal", mark.toHex(), true},
            {"as UTF-16", wide}};
}

} // namespace

QList<CanaryForm> canaryForms()
{
    // The part that all of them have, also those that are made of one.
    return formsOf(QByteArray(COLOPHON_CANARY).left(6)) + formsOf(COLOPHON_FIXTURE_PASSPHRASE);
}

QString canaryIn(const QByteArray &text)
{
    const QByteArray lower = text.toLower();
    for (const CanaryForm &form : canaryForms()) {
        const qsizetype at = (form.anyCase ? lower : text).indexOf(form.text);
        if (at >= 0)
            return QStringLiteral("at byte %1, %2").arg(at).arg(QLatin1String(form.name));
    }
    return {};
}

QStringList canariesBelow(const QString &path)
{
    QStringList files{path};
    if (QFileInfo(path).isDir()) {
        files.clear();
        QDirIterator all(path, QDir::Files | QDir::Hidden | QDir::System, QDirIterator::Subdirectories);
        while (all.hasNext())
            files.append(all.next());
    }
    QStringList found;
    for (const QString &each : std::as_const(files)) {
        if (QFileInfo info(each); info.exists() && !info.isFile())
            continue; // sockets and pipes keep nothing
        QFile file(each);
        if (!file.open(QIODevice::ReadOnly)) {
            found.append(QStringLiteral("%1: cannot be read").arg(each));
            continue;
        }
        if (const QString where = canaryIn(file.readAll()); !where.isEmpty())
            found.append(QStringLiteral("%1: %2").arg(each, where));
    }
    return found;
}

} // namespace colophon::test
