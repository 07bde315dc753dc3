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
} // namespace

std::optional<PemBlock> firstPemBlock(const QByteArray &text)
{
    const Bio bio(BIO_new_mem_buf(text.constData(), static_cast<int>(text.size())));
    char *label = nullptr;
    char *header = nullptr;
    unsigned char *bytes = nullptr;
    long size = 0;
    // Never the PEM_read_bio_X functions: they would ask for a passphrase on the terminal.
    const bool isRead = bio && PEM_read_bio(bio.get(), &label, &header, &bytes, &size) == 1;
    ERR_clear_error();
    if (!isRead)
        return {};
    std::optional<PemBlock> block;
    if (*header == '\0')
        block = PemBlock{QByteArray(label), QByteArray(reinterpret_cast<const char *>(bytes), size)};
    OPENSSL_free(label);
    OPENSSL_free(header);
    OPENSSL_clear_free(bytes, static_cast<std::size_t>(size));
    return block;
}

QByteArray firstPemLabel(const QByteArray &text)
{
    static constexpr char begin[] = "-----BEGIN ";
    const qsizetype start = text.indexOf(begin);
    if (start < 0)
        return {};
    const qsizetype label = start + qsizetype(sizeof begin) - 1;
    const qsizetype end = text.indexOf("-----", label);
    return end < 0 ? QByteArray() : text.mid(label, end - label);
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
