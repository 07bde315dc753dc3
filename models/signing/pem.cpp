// SPDX-License-Identifier: Apache-2.0
#include "signing/pem.h"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <memory>

namespace colophon::signing {

namespace {
struct FreeBio
{
    void operator()(BIO *bio) const { BIO_free(bio); }
};
using Bio = std::unique_ptr<BIO, FreeBio>;

constexpr char begin[] = "-----BEGIN ";

// Of the BEGIN line at this place.
QByteArray labelAt(const QByteArray &text, qsizetype at)
{
    const qsizetype label = at + qsizetype(sizeof begin) - 1;
    const qsizetype end = text.indexOf("-----", label);
    return end < 0 ? QByteArray() : text.mid(label, end - label);
}

Bio reading(const QByteArray &text) { return Bio(BIO_new_mem_buf(text.constData(), static_cast<int>(text.size()))); }

// The next block. Nothing at the end, and where a block is damaged.
std::optional<PemBlock> nextBlock(const Bio &bio)
{
    char *label = nullptr;
    char *headers = nullptr;
    unsigned char *bytes = nullptr;
    long size = 0;
    // Never the PEM_read_bio_X functions: they would ask for a passphrase on the terminal.
    if (!bio || PEM_read_bio(bio.get(), &label, &headers, &bytes, &size) != 1)
        return {};
    PemBlock block{QByteArray(label), QByteArray(headers),
                   base::Secret(QByteArray(reinterpret_cast<const char *>(bytes), size))};
    OPENSSL_free(label);
    OPENSSL_free(headers);
    OPENSSL_clear_free(bytes, static_cast<std::size_t>(size));
    return block;
}
} // namespace

std::optional<PemBlock> firstPemBlock(const QByteArray &text)
{
    std::optional<PemBlock> block = nextBlock(reading(text));
    ERR_clear_error();
    return block;
}

QList<PemBlock> pemBlocks(const QByteArray &text)
{
    QList<PemBlock> blocks;
    const Bio bio = reading(text);
    while (std::optional<PemBlock> block = nextBlock(bio))
        blocks.append(std::move(*block));
    const bool isEnd = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
    ERR_clear_error();
    return isEnd ? blocks : QList<PemBlock>();
}

QByteArrayList pemLabels(const QByteArray &text)
{
    QByteArrayList labels;
    for (qsizetype at = text.indexOf(begin); at >= 0; at = text.indexOf(begin, at + 1))
        labels.append(labelAt(text, at));
    return labels;
}

QByteArray toPem(const QByteArray &label, const QByteArray &bytes)
{
    const QByteArray body = bytes.toBase64();
    QByteArray text = "-----BEGIN " + label + "-----\n";
    for (qsizetype i = 0; i < body.size(); i += 64)
        text += body.mid(i, 64) + '\n';
    return text + "-----END " + label + "-----\n";
}

std::optional<QByteArray> strictBase64(const QByteArray &text)
{
    const auto decoded = QByteArray::fromBase64Encoding(text, QByteArray::AbortOnBase64DecodingErrors);
    if (decoded.decodingStatus != QByteArray::Base64DecodingStatus::Ok || decoded.decoded.toBase64() != text)
        return {};
    return decoded.decoded;
}

} // namespace colophon::signing
