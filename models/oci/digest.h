// SPDX-License-Identifier: Apache-2.0
#pragma once

// A content digest (image-spec descriptor.md, "Digests"): `sha256:` + 64 or `sha512:` + 128 lower-case hex digits.
// Other registered algorithms are not accepted here: what cannot be verified is never used.
// Hashing is OpenSSL's EVP: QCryptographicHash takes ten times as long.

#include "base/result.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QString>

#include <compare>
#include <memory>

namespace colophon::oci {

class Digest
{
public:
    enum class Algorithm { Sha256, Sha512 };

    Digest() = default; // null: isNull(), equal only to another null

    // Strict: the whole text must be a digest. InvalidData says what is wrong with it.
    static base::Result<Digest> parse(QStringView text);
    static Digest of(QByteArrayView bytes, Algorithm algorithm = Algorithm::Sha256);
    static Digest fromHash(QByteArrayView raw, Algorithm algorithm = Algorithm::Sha256);

    bool isNull() const { return m_text.isEmpty(); }
    QString toString() const { return m_text; }
    QByteArray toLatin1() const { return m_text.toLatin1(); }
    QString algorithmName() const; // "sha256"
    Algorithm algorithm() const;
    QString hex() const;
    QString shortForm() const; // "sha256:" + 12 hex digits: how the window shows it

    friend bool operator==(const Digest &, const Digest &) = default;
    friend std::strong_ordering operator<=>(const Digest &a, const Digest &b)
    {
        const int order = a.m_text.compare(b.m_text);
        return order <=> 0;
    }
    friend size_t qHash(const Digest &digest, size_t seed = 0) noexcept { return qHash(digest.m_text, seed); }

private:
    QString m_text;
};

// A running hash for bytes that arrive in blocks.
class Hasher
{
public:
    explicit Hasher(Digest::Algorithm algorithm = Digest::Algorithm::Sha256);
    Hasher(Hasher &&) noexcept;
    Hasher &operator=(Hasher &&) noexcept;
    ~Hasher();

    void add(QByteArrayView bytes);
    Digest finish(); // once; add() after it is a programming error

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace colophon::oci
