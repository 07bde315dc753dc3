// SPDX-License-Identifier: Apache-2.0
#include "signing/certificate.h"

#include "base/plaintext.h"
#include "oci/digest.h"
#include "signing/evp.h"
#include "signing/releasedby.h"

#include <QCoreApplication>

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <array>
#include <ctime>

namespace colophon::signing {

struct Certificate::Data
{
    std::shared_ptr<X509> x509;
    QByteArray der;
    QString thumbprint;
    CertificateIdentity identity;
    QString issuer;
    QList<NameAttribute> attributes;
    QDateTime from;
    QDateTime until;
    CertificateUse use;
    QString signatureHash;
};

namespace {
struct Text
{
    Q_DECLARE_TR_FUNCTIONS(signing)
};

// What Fulcio writes into the certificates it issues (sigstore/fulcio docs/oid-info.md).
constexpr char oidcIssuerOid[] = "1.3.6.1.4.1.57264.1.8";    // a DER UTF8String
constexpr char oidcIssuerOldOid[] = "1.3.6.1.4.1.57264.1.1"; // the bare text
constexpr char userNameOid[] = "1.3.6.1.4.1.57264.1.7";      // an otherName

using Names = std::unique_ptr<GENERAL_NAMES, ReleasedBy<GENERAL_NAMES, GENERAL_NAMES_free>>;
using Purposes = std::unique_ptr<EXTENDED_KEY_USAGE, ReleasedBy<EXTENDED_KEY_USAGE, EXTENDED_KEY_USAGE_free>>;
using Constraints = std::unique_ptr<BASIC_CONSTRAINTS, ReleasedBy<BASIC_CONSTRAINTS, BASIC_CONSTRAINTS_free>>;
using Accesses = std::unique_ptr<AUTHORITY_INFO_ACCESS, ReleasedBy<AUTHORITY_INFO_ACCESS, AUTHORITY_INFO_ACCESS_free>>;
using Utf8 = std::unique_ptr<ASN1_UTF8STRING, ReleasedBy<ASN1_UTF8STRING, ASN1_UTF8STRING_free>>;

QString dotted(const ASN1_OBJECT *object)
{
    std::array<char, 128> text{};
    OBJ_obj2txt(text.data(), text.size(), object, 1);
    return QString::fromLatin1(text.data());
}

QString textOf(const ASN1_STRING *string)
{
    return QString::fromUtf8(reinterpret_cast<const char *>(ASN1_STRING_get0_data(string)), ASN1_STRING_length(string));
}

// Whatever encoding it came in.
QString utf8Of(const ASN1_STRING *string)
{
    unsigned char *bytes = nullptr;
    const int size = ASN1_STRING_to_UTF8(&bytes, string);
    if (size < 0)
        return {};
    QString text = QString::fromUtf8(reinterpret_cast<const char *>(bytes), size);
    OPENSSL_free(bytes);
    return text;
}

QString nameText(const X509_NAME *name)
{
    BIO *out = BIO_new(BIO_s_mem());
    // RFC 4514 lets letters beyond ASCII stand as they are.
    X509_NAME_print_ex(out, name, 0, XN_FLAG_RFC2253 & ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB));
    char *data = nullptr;
    const long size = BIO_get_mem_data(out, &data);
    QString text = QString::fromUtf8(data, static_cast<qsizetype>(size));
    BIO_free(out);
    return text;
}

QList<NameAttribute> attributesOf(const X509_NAME *name)
{
    QList<NameAttribute> attributes;
    QHash<int, int> inOneSet;
    for (int i = 0; i < X509_NAME_entry_count(name); ++i)
        ++inOneSet[X509_NAME_ENTRY_set(X509_NAME_get_entry(name, i))];
    for (int i = 0; i < X509_NAME_entry_count(name); ++i) {
        const X509_NAME_ENTRY *entry = X509_NAME_get_entry(name, i);
        const ASN1_OBJECT *object = X509_NAME_ENTRY_get_object(entry);
        const int nid = OBJ_obj2nid(object);
        attributes.append({nid == NID_undef ? dotted(object) : QString::fromLatin1(OBJ_nid2sn(nid)),
                           utf8Of(X509_NAME_ENTRY_get_data(entry)), inOneSet.value(X509_NAME_ENTRY_set(entry)) == 1});
    }
    return attributes;
}

QDateTime timeOf(const ASN1_TIME *time)
{
    std::tm parts{};
    if (ASN1_TIME_to_tm(time, &parts) != 1)
        return {};
    return QDateTime::fromSecsSinceEpoch(static_cast<qint64>(timegm(&parts)), Qt::UTC);
}

const ASN1_OCTET_STRING *extensionOf(const X509 *x509, const char *oid)
{
    ASN1_OBJECT *object = OBJ_txt2obj(oid, 1);
    const int at = X509_get_ext_by_OBJ(x509, object, -1);
    ASN1_OBJECT_free(object);
    return at < 0 ? nullptr : X509_EXTENSION_get_data(X509_get_ext(x509, at));
}

QString oidcIssuerOf(const X509 *x509)
{
    if (const ASN1_OCTET_STRING *data = extensionOf(x509, oidcIssuerOid)) {
        const unsigned char *position = ASN1_STRING_get0_data(data);
        const Utf8 text(d2i_ASN1_UTF8STRING(nullptr, &position, ASN1_STRING_length(data)));
        return text ? textOf(text.get()) : QString();
    }
    const ASN1_OCTET_STRING *data = extensionOf(x509, oidcIssuerOldOid);
    return data ? textOf(data) : QString();
}

QStringList namesOf(const X509 *x509)
{
    QStringList all;
    const Names names(static_cast<GENERAL_NAMES *>(X509_get_ext_d2i(x509, NID_subject_alt_name, nullptr, nullptr)));
    for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
        const GENERAL_NAME *name = sk_GENERAL_NAME_value(names.get(), i);
        switch (name->type) {
        case GEN_EMAIL:
        case GEN_DNS:
        case GEN_URI:
            all.append(textOf(name->d.ia5));
            break;
        case GEN_OTHERNAME:
            if (dotted(name->d.otherName->type_id) == QLatin1String(userNameOid) &&
                name->d.otherName->value->type == V_ASN1_UTF8STRING)
                all.append(textOf(name->d.otherName->value->value.utf8string));
            break;
        default:
            break;
        }
    }
    return all;
}

bool isCritical(const X509 *x509, int nid)
{
    const int at = X509_get_ext_by_NID(x509, nid, -1);
    return at >= 0 && X509_EXTENSION_get_critical(X509_get_ext(x509, at)) == 1;
}

bool namesRevocation(const X509 *x509)
{
    if (X509_get_ext_by_NID(x509, NID_crl_distribution_points, -1) >= 0)
        return true;
    const Accesses accesses(
        static_cast<AUTHORITY_INFO_ACCESS *>(X509_get_ext_d2i(x509, NID_info_access, nullptr, nullptr)));
    for (int i = 0; i < sk_ACCESS_DESCRIPTION_num(accesses.get()); ++i)
        if (OBJ_obj2nid(sk_ACCESS_DESCRIPTION_value(accesses.get(), i)->method) == NID_ad_OCSP)
            return true;
    return false;
}

CertificateUse useOf(X509 *x509)
{
    CertificateUse use;
    if (X509_get_ext_by_NID(x509, NID_key_usage, -1) >= 0)
        use.keyUsage = X509_get_key_usage(x509);
    use.isKeyUsageCritical = isCritical(x509, NID_key_usage);
    const Purposes purposes(
        static_cast<EXTENDED_KEY_USAGE *>(X509_get_ext_d2i(x509, NID_ext_key_usage, nullptr, nullptr)));
    for (int i = 0; i < sk_ASN1_OBJECT_num(purposes.get()); ++i)
        use.purposes.append(dotted(sk_ASN1_OBJECT_value(purposes.get(), i)));
    const Constraints constraints(
        static_cast<BASIC_CONSTRAINTS *>(X509_get_ext_d2i(x509, NID_basic_constraints, nullptr, nullptr)));
    use.areConstraintsCritical = isCritical(x509, NID_basic_constraints);
    use.isAuthority = constraints && constraints->ca != 0;
    if (constraints && constraints->pathlen)
        use.pathLength = ASN1_INTEGER_get(constraints->pathlen);
    use.namesRevocation = namesRevocation(x509);
    for (int i = 0; i < X509_get_ext_count(x509); ++i) {
        X509_EXTENSION *extension = X509_get_ext(x509, i);
        if (X509_EXTENSION_get_critical(extension) == 1 && X509_supported_extension(extension) != 1)
            use.unknownCritical.append(dotted(X509_EXTENSION_get_object(extension)));
    }
    return use;
}
} // namespace

QString CertificateIdentity::shortForm() const { return names.isEmpty() ? subject : names.constFirst(); }

base::Result<Certificate> Certificate::fromDer(const QByteArray &der, const QString &name)
{
    const auto *begin = reinterpret_cast<const unsigned char *>(der.constData());
    const unsigned char *position = begin;
    std::shared_ptr<X509> x509(d2i_X509(nullptr, &position, static_cast<long>(der.size())), X509_free);
    // Asking for the flags reads every extension once; what is doubled or damaged shows here.
    const bool isWhole = x509 && position == begin + der.size() &&
                         (X509_get_extension_flags(x509.get()) & EXFLAG_INVALID) == 0 && X509_get0_pubkey(x509.get());
    ERR_clear_error();
    if (!isWhole)
        return base::fail(base::ErrorKind::InvalidData,
                          Text::tr("%1 is no X.509 certificate, or it is damaged.").arg(base::visible(name, 200)));
    Data data;
    data.der = der;
    data.thumbprint = oci::Digest::of(der).hex();
    data.identity = {nameText(X509_get_subject_name(x509.get())), namesOf(x509.get()), oidcIssuerOf(x509.get())};
    data.issuer = nameText(X509_get_issuer_name(x509.get()));
    data.attributes = attributesOf(X509_get_subject_name(x509.get()));
    data.from = timeOf(X509_get0_notBefore(x509.get()));
    data.until = timeOf(X509_get0_notAfter(x509.get()));
    data.use = useOf(x509.get());
    int hash = NID_undef;
    if (X509_get_signature_info(x509.get(), &hash, nullptr, nullptr, nullptr) == 1 && hash != NID_undef)
        data.signatureHash = QString::fromLatin1(OBJ_nid2sn(hash));
    ERR_clear_error();
    if (!data.from.isValid() || !data.until.isValid())
        return base::fail(base::ErrorKind::InvalidData,
                          Text::tr("%1 does not say when it is valid.").arg(base::visible(name, 200)));
    data.x509 = std::move(x509);
    Certificate made;
    made.m_data = std::make_shared<const Data>(std::move(data));
    return made;
}

const QByteArray &Certificate::der() const { return m_data->der; }

QString Certificate::thumbprint() const { return m_data->thumbprint; }

int Certificate::version() const { return static_cast<int>(X509_get_version(handle())) + 1; }

const CertificateIdentity &Certificate::identity() const { return m_data->identity; }

QString Certificate::issuer() const { return m_data->issuer; }

bool Certificate::names(const QString &identity) const
{
    if (identity.isEmpty())
        return false;
    if (!m_data->identity.names.isEmpty())
        return m_data->identity.names.contains(identity);
    if (identity == m_data->identity.subject)
        return true;
    // Name constraints do not reach what looks like a mail address or a URI there: whoever may vouch for one domain
    // could write another one into it.
    const bool isAddress = identity.contains(QLatin1Char('@')) || identity.contains(QLatin1Char(':'));
    if (isAddress || X509_get_ext_by_NID(handle(), NID_subject_alt_name, -1) >= 0)
        return false;
    QStringList common;
    for (const NameAttribute &each : m_data->attributes)
        if (each.type == QLatin1String("CN"))
            common.append(each.value);
    return common == QStringList{identity};
}

const QList<NameAttribute> &Certificate::subjectAttributes() const { return m_data->attributes; }

QDateTime Certificate::validFrom() const { return m_data->from; }

QDateTime Certificate::validUntil() const { return m_data->until; }

const CertificateUse &Certificate::use() const { return m_data->use; }

QString Certificate::signatureHash() const { return m_data->signatureHash; }

base::Result<PublicKey> Certificate::publicKey() const
{
    return PublicKey::fromDer(publicKeyToDer(owned(X509_get_pubkey(handle()))), identity().shortForm());
}

bool Certificate::isIssuedBy(const Certificate &issuer) const
{
    const bool isIts = X509_NAME_cmp(X509_get_issuer_name(handle()), X509_get_subject_name(issuer.handle())) == 0 &&
                       X509_verify(handle(), X509_get0_pubkey(issuer.handle())) == 1;
    ERR_clear_error();
    return isIts;
}

X509 *Certificate::handle() const { return m_data->x509.get(); }

} // namespace colophon::signing
