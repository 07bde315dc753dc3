// SPDX-License-Identifier: Apache-2.0
#include "oci/digest.h"

#include "base/plaintext.h"

#include <QCoreApplication>

#include <openssl/evp.h>

#include <array>

namespace colophon::oci {

namespace {
struct Text
{
    Q_DECLARE_TR_FUNCTIONS(Digest)
};

struct Known
{
    Digest::Algorithm algorithm;
    const char *name;
    qsizetype hexDigits;
    const EVP_MD *(*implementation)();
};

constexpr std::array known{
    Known{Digest::Algorithm::Sha256, "sha256", 64, EVP_sha256},
    Known{Digest::Algorithm::Sha512, "sha512", 128, EVP_sha512},
};

const Known &about(Digest::Algorithm algorithm) { return known[algorithm == Digest::Algorithm::Sha256 ? 0 : 1]; }

bool isLowerHex(QChar c) { return (c >= u'0' && c <= u'9') || (c >= u'a' && c <= u'f'); }
} // namespace

base::Result<Digest> Digest::parse(QStringView text)
{
    const auto refuse = [&](const QString &why) {
        return base::fail(base::ErrorKind::InvalidData,
                          Text::tr("“%1” is not a digest: %2").arg(base::visible(text.toString(), 160), why),
                          Text::tr("A digest is written sha256: and 64 of the digits 0-9 and a-f."));
    };
    const qsizetype colon = text.indexOf(u':');
    if (colon < 0)
        return refuse(Text::tr("it has no colon."));
    for (const Known &each : known) {
        if (text.first(colon) != QLatin1String(each.name))
            continue;
        const QStringView hex = text.sliced(colon + 1);
        if (hex.size() != each.hexDigits)
            return refuse(Text::tr("%1 digits follow the colon, %2 belong there.").arg(hex.size()).arg(each.hexDigits));
        if (!std::all_of(hex.begin(), hex.end(), isLowerHex))
            return refuse(Text::tr("its digits may only be 0-9 and a-f."));
        Digest digest;
        digest.m_text = text.toString();
        return digest;
    }
    return refuse(Text::tr("only sha256 and sha512 can be verified."));
}

Digest Digest::of(QByteArrayView bytes, Algorithm algorithm)
{
    Hasher hasher(algorithm);
    hasher.add(bytes);
    return hasher.finish();
}

Digest Digest::fromHash(QByteArrayView raw, Algorithm algorithm)
{
    Q_ASSERT(raw.size() * 2 == about(algorithm).hexDigits);
    Digest digest;
    digest.m_text = QLatin1String(about(algorithm).name) + QLatin1Char(':') +
                    QString::fromLatin1(QByteArray(raw.data(), raw.size()).toHex());
    return digest;
}

QString Digest::algorithmName() const { return m_text.section(QLatin1Char(':'), 0, 0); }

Digest::Algorithm Digest::algorithm() const
{
    return m_text.startsWith(QLatin1String("sha512:")) ? Algorithm::Sha512 : Algorithm::Sha256;
}

QString Digest::hex() const { return m_text.section(QLatin1Char(':'), 1); }

QString Digest::shortForm() const { return isNull() ? QString() : algorithmName() + QLatin1Char(':') + hex().left(12); }

struct Hasher::State
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    Digest::Algorithm algorithm = Digest::Algorithm::Sha256;
    State() = default;
    State(const State &) = delete;
    State &operator=(const State &) = delete;
    ~State() { EVP_MD_CTX_free(context); }
};

Hasher::Hasher(Digest::Algorithm algorithm)
    : m_state(std::make_unique<State>())
{
    m_state->algorithm = algorithm;
    EVP_DigestInit_ex(m_state->context, about(algorithm).implementation(), nullptr);
}

Hasher::Hasher(Hasher &&) noexcept = default;
Hasher &Hasher::operator=(Hasher &&) noexcept = default;
Hasher::~Hasher() = default;

void Hasher::add(QByteArrayView bytes)
{
    EVP_DigestUpdate(m_state->context, bytes.data(), static_cast<std::size_t>(bytes.size()));
}

Digest Hasher::finish()
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> raw{};
    unsigned int size = 0;
    EVP_DigestFinal_ex(m_state->context, raw.data(), &size);
    return Digest::fromHash(QByteArrayView(raw.data(), static_cast<qsizetype>(size)), m_state->algorithm);
}

} // namespace colophon::oci
