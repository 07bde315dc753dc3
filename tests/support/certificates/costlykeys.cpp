// SPDX-License-Identifier: Apache-2.0
#include "support/certificates/costlykeys.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>

#include <memory>

namespace colophon::test {

namespace {
unsigned char salt[] = "salt of a test";
constexpr int saltSize = 8;
constexpr char rounds[] = "\x02\x03\x01\x00\x00";     // replacedRounds in DER
constexpr char manyRounds[] = "\x02\x03\x7f\xff\xff"; // 8,388,607
constexpr int replacedRounds = 0x10000;
constexpr int cheapRounds = 2048;

using Sealed = std::unique_ptr<X509_SIG, decltype(&X509_SIG_free)>;

// Takes the algorithm. What is sealed opens with no passphrase.
Sealed sealedUnder(X509_ALGOR *algorithm)
{
    Sealed sealed(X509_SIG_new(), X509_SIG_free);
    X509_ALGOR *into = nullptr;
    ASN1_OCTET_STRING *bytes = nullptr;
    X509_SIG_getm(sealed.get(), &into, &bytes);
    if (!algorithm || X509_ALGOR_copy(into, algorithm) != 1 || ASN1_OCTET_STRING_set(bytes, salt, saltSize) != 1)
        qFatal("no key could be made");
    X509_ALGOR_free(algorithm);
    return sealed;
}

template <class Write>
QByteArray written(Write write)
{
    BIO *out = BIO_new(BIO_s_mem());
    write(out);
    char *data = nullptr;
    const long size = BIO_get_mem_data(out, &data);
    QByteArray bytes(data, static_cast<qsizetype>(size));
    BIO_free(out);
    return bytes;
}

QByteArray pemOf(const Sealed &sealed)
{
    return written([&sealed](BIO *out) { PEM_write_bio_PKCS8(out, sealed.get()); });
}

X509_ALGOR *pbkdf2(int count)
{
    return PKCS5_pbe2_set_iv(EVP_aes_256_cbc(), count, salt, saltSize, nullptr, NID_hmacWithSHA256);
}

PKCS12_SAFEBAG *bagOf(const Sealed &sealed)
{
    unsigned char *der = nullptr;
    const int size = i2d_X509_SIG(sealed.get(), &der);
    const unsigned char *position = der;
    PKCS12_SAFEBAG *bag = PKCS12_SAFEBAG_create0_pkcs8(d2i_X509_SIG(nullptr, &position, size));
    OPENSSL_free(der);
    return bag;
}
} // namespace

QByteArray pbkdf2Key(int count) { return pemOf(sealedUnder(pbkdf2(count))); }

QByteArray pbes1Key(int count)
{
    return pemOf(sealedUnder(PKCS5_pbe_set(NID_pbe_WithSHA1And3_Key_TripleDES_CBC, count, salt, saltSize)));
}

QByteArray scryptKey(quint64 n, quint64 r, quint64 p)
{
    return pemOf(sealedUnder(PKCS5_pbe2_set_scrypt(EVP_aes_256_cbc(), salt, saltSize, nullptr, n, r, p)));
}

QByteArray costlyPkcs12(CostlyPlace place, const QByteArray &passphrase)
{
    const bool isWithin = place == CostlyPlace::WithinEncrypted;
    const bool isEncrypted = isWithin || place == CostlyPlace::Encrypted;
    // What is derived here is derived cheaply, and then made to ask for more.
    const auto sought = [place](CostlyPlace each) { return place == each ? replacedRounds : cheapRounds; };
    STACK_OF(PKCS12_SAFEBAG) *bags = sk_PKCS12_SAFEBAG_new_null();
    STACK_OF(PKCS7) *safes = nullptr;
    sk_PKCS12_SAFEBAG_push(bags,
                           bagOf(sealedUnder(pbkdf2(isWithin || place == CostlyPlace::Key ? 0x7fffff : cheapRounds))));
    PKCS12_add_safe(&safes, bags, isEncrypted ? NID_pbe_WithSHA1And3_Key_TripleDES_CBC : -1,
                    sought(CostlyPlace::Encrypted), passphrase.constData());
    PKCS12 *file = PKCS12_add_safes(safes, 0);
    if (!file ||
        PKCS12_set_mac(file, passphrase.constData(), -1, salt, saltSize, sought(CostlyPlace::Mac), nullptr) != 1)
        qFatal("no PKCS#12 could be made");
    QByteArray bytes = written([file](BIO *out) { i2d_PKCS12_bio(out, file); });
    PKCS12_free(file);
    sk_PKCS7_pop_free(safes, PKCS7_free);
    sk_PKCS12_SAFEBAG_pop_free(bags, PKCS12_SAFEBAG_free);
    return bytes.replace(QByteArray::fromRawData(rounds, 5), QByteArray::fromRawData(manyRounds, 5));
}

} // namespace colophon::test
