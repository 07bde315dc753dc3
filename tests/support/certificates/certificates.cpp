// SPDX-License-Identifier: Apache-2.0
#include "support/certificates/certificates.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509v3.h>

#include <atomic>

namespace colophon::test {

namespace {
using KeyPtr = std::shared_ptr<EVP_PKEY>;
using X509Ptr = std::shared_ptr<X509>;

KeyPtr newKey(const QByteArray &kind)
{
    EVP_PKEY *key = nullptr;
    if (kind.startsWith("RSA-"))
        key = EVP_RSA_gen(kind.mid(4).toUInt());
    else if (kind == "ED25519")
        key = EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
    else
        key = EVP_EC_gen(kind.constData());
    if (!key)
        qFatal("no key of kind %s", kind.constData());
    return {key, EVP_PKEY_free};
}

void extend(X509 *certificate, X509 *issuer, const QByteArray &name, const QByteArray &value)
{
    if (value.isEmpty())
        return;
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf(nullptr, &context, name.constData(), value.constData());
    if (!extension)
        qFatal("no extension %s = %s", name.constData(), value.constData());
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

template <class Write>
QByteArray written(Write write)
{
    BIO *out = BIO_new(BIO_s_mem());
    write(out);
    char *data = nullptr;
    const long size = BIO_get_mem_data(out, &data);
    QByteArray bytes(data, size);
    BIO_free(out);
    return bytes;
}
} // namespace

struct MadeCertificate::Secret
{
    KeyPtr key;
    X509Ptr certificate;
};

CertificateWish CertificateWish::named(const QByteArray &commonName) const
{
    CertificateWish wish = *this;
    wish.subject.last().second = commonName;
    return wish;
}

CertificateWish CertificateWish::authority(const QByteArray &commonName)
{
    CertificateWish wish;
    wish.subject.last().second = commonName;
    wish.keyUsage = "critical,keyCertSign,cRLSign";
    wish.purposes.clear();
    wish.constraints = "critical,CA:TRUE";
    return wish;
}

MadeCertificate makeCertificate(const CertificateWish &wish, const MadeCertificate *issuer)
{
    static std::atomic<long> serial{1};
    const KeyPtr key = newKey(wish.key);
    const X509Ptr made(X509_new(), X509_free);
    X509 *c = made.get();
    X509 *signer = issuer ? issuer->secret->certificate.get() : c;
    X509_set_version(c, wish.version - 1);
    ASN1_INTEGER_set(X509_get_serialNumber(c), serial++);
    X509_time_adj_ex(X509_getm_notBefore(c), 0, static_cast<long>(wish.from), nullptr);
    X509_time_adj_ex(X509_getm_notAfter(c), 0, static_cast<long>(wish.until), nullptr);
    for (const auto &[type, value] : wish.subject)
        X509_NAME_add_entry_by_txt(X509_get_subject_name(c), type.constData(), MBSTRING_UTF8,
                                   reinterpret_cast<const unsigned char *>(value.constData()), -1, -1, 0);
    X509_set_issuer_name(c, X509_get_subject_name(signer));
    X509_set_pubkey(c, key.get());
    if (wish.version == 3) {
        extend(c, signer, "basicConstraints", wish.constraints);
        extend(c, signer, "keyUsage", wish.keyUsage);
        extend(c, signer, "extendedKeyUsage", wish.purposes);
        extend(c, signer, "subjectAltName", wish.names);
        for (const auto &[oid, value] : wish.more)
            extend(c, signer, oid, value);
    }
    EVP_PKEY *signs = issuer ? issuer->secret->key.get() : key.get();
    const bool isPure = EVP_PKEY_get_base_id(signs) == EVP_PKEY_ED25519;
    if (X509_sign(c, signs, isPure ? nullptr : EVP_get_digestbyname(wish.hash.constData())) <= 0)
        qFatal("a certificate could not be signed");
    ERR_clear_error();
    MadeCertificate all;
    all.der = written([c](BIO *out) { i2d_X509_bio(out, c); });
    all.pem = written([c](BIO *out) { PEM_write_bio_X509(out, c); });
    all.keyPem = written(
        [&key](BIO *out) { PEM_write_bio_PKCS8PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr); });
    all.secret = std::make_shared<const MadeCertificate::Secret>(MadeCertificate::Secret{key, made});
    return all;
}

QByteArray pkcs12Of(const MadeCertificate &leaf, const QList<MadeCertificate> &others, const QByteArray &passphrase)
{
    STACK_OF(X509) *beside = sk_X509_new_null();
    for (const MadeCertificate &each : others)
        sk_X509_push(beside, each.secret->certificate.get());
    PKCS12 *all = PKCS12_create(passphrase.constData(), "leaf", leaf.secret->key.get(), leaf.secret->certificate.get(),
                                beside, 0, 0, 0, 0, 0);
    sk_X509_free(beside);
    if (!all)
        qFatal("no PKCS#12 could be made");
    QByteArray bytes = written([all](BIO *out) { i2d_PKCS12_bio(out, all); });
    PKCS12_free(all);
    return bytes;
}

} // namespace colophon::test
