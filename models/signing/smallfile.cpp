// SPDX-License-Identifier: Apache-2.0
#include "signing/smallfile.h"

#include "base/bytesize.h"
#include "base/plaintext.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>

namespace colophon::signing {

namespace {
struct Text
{
    Q_DECLARE_TR_FUNCTIONS(signing)
};
} // namespace

base::Result<QByteArray> readSmallFile(const QString &path, qint64 longest)
{
    const QString shown = base::visible(path, 200);
    const QFileInfo info(path);
    if (!info.exists())
        return base::fail(base::ErrorKind::Usage, Text::tr("There is no file %1.").arg(shown));
    if (!info.isFile())
        return base::fail(base::ErrorKind::Usage, Text::tr("%1 is not a file.").arg(shown));
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return base::fail(base::ErrorKind::Failed,
                          Text::tr("The file %1 cannot be read: %2.").arg(shown, file.errorString()));
    QByteArray bytes = file.read(longest + 1);
    if (bytes.size() > longest)
        return base::fail(base::ErrorKind::TooLarge,
                          Text::tr("%1 is larger than the %2 that are read.").arg(shown, base::humanSize(longest)));
    return bytes;
}

} // namespace colophon::signing
