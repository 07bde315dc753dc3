// SPDX-License-Identifier: Apache-2.0
#include "signing/keycost.h"

#include "base/limits.h"
#include "signing/releasedby.h"

#include <QCoreApplication>

#include <openssl/asn1t.h>
#include <openssl/err.h>

#include <algorithm>
#include <cstring>
#include <memory>

namespace colophon::signing {

namespace {
namespace limits = base::limits;

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(signing)
};

constexpr char pbmac1[] = "1.2.840.113549.1.5.14"; // RFC 9579, built as PBES2 is; OpenSSL 3.0 does not know it
constexpr qint64 tooMany = limits::derivations + 1;

using Pbe = std::unique_ptr<PBEPARAM, ReleasedBy<PBEPARAM, PBEPARAM_free>>;
using Pbes2 = std::unique_ptr<PBE2PARAM, ReleasedBy<PBE2PARAM, PBE2PARAM_free>>;
using Pbkdf2 = std::unique_ptr<PBKDF2PARAM, ReleasedBy<PBKDF2PARAM, PBKDF2PARAM_free>>;
using Scrypt = std::unique_ptr<SCRYPT_PARAMS, ReleasedBy<SCRYPT_PARAMS, SCRYPT_PARAMS_free>>;

struct FreeSafes
{
    void operator()(STACK_OF(PKCS7) * all) const { sk_PKCS7_pop_free(all, PKCS7_free); }
    void operator()(STACK_OF(PKCS12_SAFEBAG) * all) const { sk_PKCS12_SAFEBAG_pop_free(all, PKCS12_SAFEBAG_free); }
};
using Safes = std::unique_ptr<STACK_OF(PKCS7), FreeSafes>;
using Bags = std::unique_ptr<STACK_OF(PKCS12_SAFEBAG), FreeSafes>;

// Both at most a bit more than the limit, so that nothing overflows.
qint64 bounded(const ASN1_INTEGER *number)
{
    std::int64_t value = 0;
    if (!number || ASN1_INTEGER_get_int64(&value, number) != 1)
        return tooMany;
    return std::clamp<qint64>(value, 0, tooMany);
}

qint64 product(qint64 a, qint64 b) { return std::min(a * b, tooMany); }

template <class Owner>
Owner unpacked(const X509_ALGOR *algorithm, const ASN1_ITEM *item)
{
    if (!algorithm->parameter || ASN1_TYPE_get(algorithm->parameter) != V_ASN1_SEQUENCE)
        return {};
    return Owner(static_cast<typename Owner::pointer>(ASN1_TYPE_unpack_sequence(item, algorithm->parameter)));
}

bool isPbmac1(const ASN1_OBJECT *object)
{
    char text[64] = {};
    OBJ_obj2txt(text, sizeof text, object, 1);
    return std::strcmp(text, pbmac1) == 0;
}

qint64 derivationsIn(const STACK_OF(PKCS12_SAFEBAG) * bags)
{
    qint64 count = 0;
    for (int i = 0; i < sk_PKCS12_SAFEBAG_num(bags) && count < tooMany; ++i) {
        const PKCS12_SAFEBAG *bag = sk_PKCS12_SAFEBAG_value(bags, i);
        if (PKCS12_SAFEBAG_get_nid(bag) == NID_pkcs8ShroudedKeyBag) {
            const X509_ALGOR *algorithm = nullptr;
            if (const X509_SIG *sealed = PKCS12_SAFEBAG_get0_pkcs8(bag))
                X509_SIG_get0(sealed, &algorithm, nullptr);
            count += derivationsOf(algorithm);
        } else if (PKCS12_SAFEBAG_get_nid(bag) == NID_safeContentsBag) {
            count += derivationsIn(PKCS12_SAFEBAG_get0_safes(bag)); // as deep as OpenSSL reads
        }
    }
    return count;
}
} // namespace

qint64 derivationsOf(const X509_ALGOR *algorithm)
{
    if (!algorithm)
        return 0;
    const int kind = OBJ_obj2nid(algorithm->algorithm);
    qint64 count = 0;
    if (kind == NID_pbes2 || isPbmac1(algorithm->algorithm)) {
        const auto scheme = unpacked<Pbes2>(algorithm, ASN1_ITEM_rptr(PBE2PARAM));
        count = scheme ? derivationsOf(scheme->keyfunc) : 0;
    } else if (kind == NID_id_pbkdf2) {
        const auto wish = unpacked<Pbkdf2>(algorithm, ASN1_ITEM_rptr(PBKDF2PARAM));
        count = wish ? bounded(wish->iter) : 0;
    } else if (kind == NID_id_scrypt) {
        const auto wish = unpacked<Scrypt>(algorithm, ASN1_ITEM_rptr(SCRYPT_PARAMS));
        count = wish ? product(product(bounded(wish->costParameter), bounded(wish->blockSize)),
                               bounded(wish->parallelizationParameter))
                     : 0;
    } else if (const auto wish = unpacked<Pbe>(algorithm, ASN1_ITEM_rptr(PBEPARAM))) { // PBES1 and PKCS#12's own
        count = bounded(wish->iter);
    }
    ERR_clear_error();
    return count;
}

qint64 macDerivationsOf(const PKCS12 *file)
{
    const X509_ALGOR *mac = nullptr;
    const ASN1_INTEGER *rounds = nullptr;
    PKCS12_get0_mac(nullptr, &mac, nullptr, &rounds, file);
    return (rounds ? bounded(rounds) : 0) + derivationsOf(mac);
}

qint64 contentDerivationsOf(const PKCS12 *file, const char *passphrase)
{
    qint64 count = 0;
    const Safes safes(PKCS12_unpack_authsafes(file));
    for (int i = 0; i < sk_PKCS7_num(safes.get()) && count < tooMany; ++i) {
        PKCS7 *safe = sk_PKCS7_value(safes.get(), i);
        const bool isEncrypted = PKCS7_type_is_encrypted(safe);
        if (!safe->d.ptr) // a type without content
            continue;
        if (isEncrypted)
            count += derivationsOf(safe->d.encrypted->enc_data->algorithm);
        if (count >= tooMany)
            break;
        const Bags bags(isEncrypted                ? PKCS12_unpack_p7encdata(safe, passphrase, passphrase ? -1 : 0)
                        : PKCS7_type_is_data(safe) ? PKCS12_unpack_p7data(safe)
                                                   : nullptr);
        count += derivationsIn(bags.get());
    }
    ERR_clear_error();
    return count;
}

base::Result<void> checkDerivations(qint64 count, const QString &name)
{
    if (count <= limits::derivations)
        return {};
    return base::fail(
        base::ErrorKind::TooLarge,
        Text::tr("%1 asks for more than %2 million rounds of key derivation, which no key needs; it was not opened.")
            .arg(name)
            .arg(limits::derivations / 1'000'000),
        Text::tr("Write it anew with fewer, e.g. with “openssl pkcs8 -topk8 -iter 600000”."));
}

} // namespace colophon::signing
