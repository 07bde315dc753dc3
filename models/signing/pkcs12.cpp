// SPDX-License-Identifier: Apache-2.0
#include "base/result.h"
#include "signing/keycost.h"
#include "signing/keyfile.h"

#include <QCoreApplication>

#include <openssl/err.h>
#include <openssl/pkcs12.h>

#include <memory>

namespace colophon::signing {

namespace {
struct Text
{
    Q_DECLARE_TR_FUNCTIONS(signing)
};

using Pkcs12 = std::unique_ptr<PKCS12, decltype(&PKCS12_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;

struct FreeCertificates
{
    void operator()(STACK_OF(X509) * all) const { sk_X509_pop_free(all, X509_free); }
};
using Certificates = std::unique_ptr<STACK_OF(X509), FreeCertificates>;

QByteArray derOf(X509 *certificate)
{
    unsigned char *bytes = nullptr;
    const int size = i2d_X509(certificate, &bytes);
    QByteArray der(reinterpret_cast<const char *>(bytes), std::max(size, 0));
    OPENSSL_free(bytes);
    return der;
}

// The passphrase as this file means it: without one there are two ways of writing "none" (RFC 7292 does not choose).
const char *meant(PKCS12 *file, const base::Secret &passphrase)
{
    const char *given = passphrase.isEmpty() ? "" : passphrase.reveal().constData();
    if (passphrase.isEmpty() && PKCS12_mac_present(file) && PKCS12_verify_mac(file, "", 0) != 1)
        given = nullptr;
    return given;
}
} // namespace

// A sequence that begins with the version 3 (RFC 7292 4): enough to say that a damaged one is damaged.
bool looksLikePkcs12(const QByteArray &content)
{
    static constexpr char version[] = "\x02\x01\x03\x30";
    const QByteArray head = content.first(std::min<qsizetype>(content.size(), 12));
    return head.startsWith('\x30') && head.contains(version);
}

base::Result<KeyFile> openPkcs12(const QByteArray &content, const base::Secret &passphrase, const QString &name)
{
    const auto *position = reinterpret_cast<const unsigned char *>(content.constData());
    const Pkcs12 file(d2i_PKCS12(nullptr, &position, static_cast<long>(content.size())), PKCS12_free);
    ERR_clear_error();
    if (!file)
        return base::fail(base::ErrorKind::InvalidData, Text::tr("%1 is a PKCS#12 file, but it is damaged.").arg(name),
                          Text::tr("Take it from a backup."));
    const qint64 rounds = macDerivationsOf(file.get());
    if (const base::Result<void> bearable = checkDerivations(rounds, name); !bearable)
        return base::fail(bearable.error());
    const char *given = meant(file.get(), passphrase);
    if (const auto bearable = checkDerivations(rounds + contentDerivationsOf(file.get(), given), name); !bearable)
        return base::fail(bearable.error());
    EVP_PKEY *key = nullptr;
    X509 *own = nullptr;
    STACK_OF(X509) *others = nullptr;
    const bool isOpen = PKCS12_parse(file.get(), given, &key, &own, &others) == 1;
    const Certificate leaf(own, X509_free);
    const Certificates chain(others);
    if (!isOpen)
        return notUnlocked(name);
    KeyFile opened{owned(key), {}};
    if (!opened.key)
        return base::fail(base::ErrorKind::InvalidData, Text::tr("There is no private key in %1.").arg(name),
                          Text::tr("Sign with the private key that belongs to its certificates."));
    if (leaf)
        opened.certificates.append(derOf(leaf.get()));
    for (int i = 0; i < sk_X509_num(chain.get()); ++i)
        opened.certificates.append(derOf(sk_X509_value(chain.get(), i)));
    return opened;
}

} // namespace colophon::signing
