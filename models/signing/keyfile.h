// SPDX-License-Identifier: Apache-2.0
#pragma once

// A file with a private key in any of the forms that are read: cosign's own, PEM (PKCS#8 plain or with PBES2, PKCS#1
// and SEC1 plain or with Proc-Type), PKCS#12. Tells them apart by their content, never by their name.

#include "base/result.h"
#include "base/secret.h"
#include "signing/evp.h"

#include <QByteArray>
#include <QList>
#include <QString>

namespace colophon::signing {

struct KeyFile
{
    EvpKey key;
    // The X.509 certificates beside the key, as DER: in the file's order; of a PKCS#12 the key's own first.
    QList<QByteArray> certificates;
};

// CheckFailed: the passphrase is wrong, or there is none. InvalidData: what the file is instead, or how it is damaged;
// `name` is how the texts call it.
base::Result<KeyFile> openKeyFile(const base::Secret &content, const base::Secret &passphrase, const QString &name);

// What openKeyFile() leaves to whoever knows PKCS#12.
bool looksLikePkcs12(const QByteArray &content);
base::Result<KeyFile> openPkcs12(const QByteArray &content, const base::Secret &passphrase, const QString &name);

// Why OpenSSL could not open what it was given a passphrase for, from its queue of errors, which is emptied.
std::unexpected<base::Error> notUnlocked(const QString &name);

// At most limits::keyFile bytes of a regular file. Usage where there is none.
base::Result<base::Secret> readKeyFile(const QString &path);

} // namespace colophon::signing
