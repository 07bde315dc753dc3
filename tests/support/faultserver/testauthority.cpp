// SPDX-License-Identifier: Apache-2.0
#include "support/faultserver/testauthority.h"

#include <QDir>
#include <QFile>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <atomic>

namespace colophon::test {

struct TestAuthority::Wish
{
    const char *name;
    const char *hosts; // as subjectAltName; none: an authority
    long fromDays = -2;
    long toDays = 30;
    const char *usage = "serverAuth";
};

namespace {

using KeyPtr = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using CertificatePtr = std::unique_ptr<X509, decltype(&X509_free)>;

KeyPtr newKey() { return {EVP_EC_gen("P-256"), EVP_PKEY_free}; }

void extend(X509 *certificate, X509 *issuer, int nid, const char *value)
{
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value);
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

// Signed by `issuer`, or by itself where there is none.
CertificatePtr newCertificate(const TestAuthority::Wish &wish, EVP_PKEY *key, X509 *issuer, EVP_PKEY *issuerKey)
{
    static std::atomic<long> serial{1};
    CertificatePtr certificate(X509_new(), X509_free);
    X509 *c = certificate.get();
    X509_set_version(c, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(c), serial++);
    X509_time_adj_ex(X509_getm_notBefore(c), static_cast<int>(wish.fromDays), 0, nullptr);
    X509_time_adj_ex(X509_getm_notAfter(c), static_cast<int>(wish.toDays), 0, nullptr);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(c), "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char *>(wish.name), -1, -1, 0);
    X509_set_issuer_name(c, X509_get_subject_name(issuer ? issuer : c));
    X509_set_pubkey(c, key);
    X509 *signer = issuer ? issuer : c;
    if (wish.hosts) {
        extend(c, signer, NID_basic_constraints, "critical,CA:FALSE");
        extend(c, signer, NID_subject_alt_name, wish.hosts);
        extend(c, signer, NID_ext_key_usage, wish.usage);
    } else {
        extend(c, signer, NID_basic_constraints, "critical,CA:TRUE");
        extend(c, signer, NID_key_usage, "critical,keyCertSign,cRLSign");
    }
    extend(c, signer, NID_subject_key_identifier, "hash");
    X509_sign(c, issuer ? issuerKey : key, EVP_sha256());
    return certificate;
}

template <class Write>
QByteArray pem(Write write)
{
    BIO *out = BIO_new(BIO_s_mem());
    write(out);
    char *data = nullptr;
    const long size = BIO_get_mem_data(out, &data);
    QByteArray text(data, size);
    BIO_free(out);
    return text;
}

QByteArray pemOf(X509 *certificate)
{
    return pem([certificate](BIO *out) { PEM_write_bio_X509(out, certificate); });
}

} // namespace

struct TestAuthority::Secret
{
    KeyPtr key = newKey();
    CertificatePtr certificate{nullptr, X509_free};
};

TestAuthority::TestAuthority()
    : m_secret(std::make_unique<Secret>())
{
    m_secret->certificate = newCertificate({"Test authority", nullptr}, m_secret->key.get(), nullptr, nullptr);
    QFile file(caFile());
    if (file.open(QIODevice::WriteOnly))
        file.write(pemOf(m_secret->certificate.get()));
}

TestAuthority::~TestAuthority() = default;

QString TestAuthority::caFile() const { return m_folder.filePath(QStringLiteral("ca.pem")); }

TlsIdentity TestAuthority::issue(Kind kind) const
{
    Wish wish{"localhost", "DNS:localhost,IP:127.0.0.1,IP:::1"};
    if (kind == Kind::Expired) {
        wish.fromDays = -10;
        wish.toDays = -1;
    } else if (kind == Kind::WrongHost) {
        wish.name = "other.example";
        wish.hosts = "DNS:other.example";
    } else if (kind == Kind::Client) {
        wish.name = "Somebody";
        wish.hosts = "DNS:somebody.example";
        wish.usage = "clientAuth";
    }
    return issue(wish, kind != Kind::SelfSigned);
}

TlsIdentity TestAuthority::issue(const QString &host) const
{
    const QByteArray name = host.toLatin1();
    const QByteArray hosts = "DNS:" + name;
    return issue(Wish{name.constData(), hosts.constData()}, true);
}

TlsIdentity TestAuthority::issue(const Wish &wish, bool isOurs) const
{
    const KeyPtr key = newKey();
    const CertificatePtr certificate = newCertificate(wish, key.get(), isOurs ? m_secret->certificate.get() : nullptr,
                                                      isOurs ? m_secret->key.get() : nullptr);
    return {pemOf(certificate.get()),
            pem([&key](BIO *out) { PEM_write_bio_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr); })};
}

TlsIdentity TestAuthority::write(Kind kind, const QString &folder, const QString &name) const
{
    const TlsIdentity identity = issue(kind);
    const QDir directory(folder);
    directory.mkpath(QStringLiteral("."));
    for (const auto &[ending, bytes] :
         {std::pair(QStringLiteral(".cert"), identity.certificate), std::pair(QStringLiteral(".key"), identity.key)}) {
        QFile file(directory.filePath(name + ending));
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
            qFatal("A certificate of the test cannot be written.");
    }
    return identity;
}

} // namespace colophon::test
