// SPDX-License-Identifier: Apache-2.0
#include "signing/keypair.h"

#include "base/plaintext.h"
#include "signing/cosignkeyfile.h"
#include "signing/evp.h"
#include "signing/pem.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>

namespace colophon::signing {

namespace {
struct Text
{
    Q_DECLARE_TR_FUNCTIONS(signing)
};

QString shown(const QString &path) { return base::visible(path, 200); }

std::unexpected<base::Error> isThere(const QString &path)
{
    return base::fail(base::ErrorKind::Usage,
                      Text::tr("%1 exists already, and a key is never overwritten.").arg(shown(path)),
                      Text::tr("Choose another name, or move the old pair away."));
}

base::Result<void> writeNew(const QString &path, const QByteArray &content, QFile::Permissions permissions)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly | QIODevice::NewOnly | QIODevice::Unbuffered, permissions)) {
        if (QFileInfo(path).isSymbolicLink() || QFileInfo::exists(path))
            return isThere(path);
        return base::fail(base::ErrorKind::Failed,
                          Text::tr("%1 cannot be written: %2.").arg(shown(path), file.errorString()));
    }
    if (file.write(content) == content.size())
        return {};
    const QString why = file.errorString();
    file.remove();
    return base::fail(base::ErrorKind::Failed, Text::tr("%1 cannot be written: %2.").arg(shown(path), why));
}
} // namespace

KeyPairFiles keyPairFiles(const QString &prefix)
{
    return {prefix + QLatin1String(".key"), prefix + QLatin1String(".pub")};
}

base::Result<void> canCreateKeyPair(const QString &prefix)
{
    const KeyPairFiles files = keyPairFiles(prefix);
    const QFileInfo folder(QFileInfo(files.privateKey).path());
    if (prefix.isEmpty() || prefix.endsWith(QLatin1Char('/')))
        return base::fail(base::ErrorKind::Usage, Text::tr("The files of a key pair need a name."),
                          Text::tr("Give one to which “.key” and “.pub” are added."));
    if (!folder.isDir())
        return base::fail(base::ErrorKind::Usage, Text::tr("There is no folder %1.").arg(shown(folder.filePath())));
    for (const QString &path : {files.privateKey, files.publicKey})
        if (QFileInfo(path).isSymbolicLink() || QFileInfo::exists(path))
            return isThere(path);
    return {};
}

base::Result<SigningKey> newKey(const QString &name)
{
    const EvpKey key = newP256Key();
    const base::Secret pkcs8 = key ? privateKeyToDer(key) : base::Secret();
    if (pkcs8.isEmpty())
        return base::fail(base::ErrorKind::Failed, Text::tr("OpenSSL could not make a key."));
    return SigningKey::fromBytes(base::Secret(toPem("PRIVATE KEY", pkcs8.reveal())), base::Secret(), name);
}

base::Result<PublicKey> createKeyPair(const QString &prefix, const base::Secret &passphrase)
{
    if (const base::Result<void> can = canCreateKeyPair(prefix); !can)
        return base::fail(can.error());
    const KeyPairFiles files = keyPairFiles(prefix);
    const EvpKey key = newP256Key();
    const base::Secret pkcs8 = key ? privateKeyToDer(key) : base::Secret();
    if (pkcs8.isEmpty())
        return base::fail(base::ErrorKind::Failed, Text::tr("OpenSSL could not make a key."));
    const base::Result<QByteArray> sealed = sealCosignKey(pkcs8, passphrase);
    if (!sealed)
        return base::fail(sealed.error());
    base::Result<PublicKey> made = PublicKey::fromDer(publicKeyToDer(key), QFileInfo(files.publicKey).fileName());
    if (!made)
        return made;
    const base::Result<void> wrotePrivate = writeNew(files.privateKey, *sealed, QFile::ReadOwner | QFile::WriteOwner);
    if (!wrotePrivate)
        return base::fail(wrotePrivate.error());
    const base::Result<void> wrotePublic = writeNew(
        files.publicKey, made->toPem(), QFile::ReadOwner | QFile::WriteOwner | QFile::ReadGroup | QFile::ReadOther);
    if (!wrotePublic) {
        QFile::remove(files.privateKey); // just made: nothing was signed with it
        return base::fail(wrotePublic.error());
    }
    return made;
}

} // namespace colophon::signing
