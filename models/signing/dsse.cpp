// SPDX-License-Identifier: Apache-2.0
#include "signing/dsse.h"

#include "signing/pem.h"

#include <QCoreApplication>

#include <optional>

namespace colophon::signing {

namespace {
struct Text
{
    Q_DECLARE_TR_FUNCTIONS(signing)
};

std::optional<QByteArray> bytesIn(const oci::JsonValue &value)
{
    const std::optional<QString> text = value.string();
    return text ? strictBase64(text->toUtf8()) : std::nullopt;
}

QByteArray quoted(const QByteArray &bytes) { return '"' + bytes.toBase64() + '"'; }
} // namespace

QByteArray DsseEnvelope::signedBytes() const
{
    const QByteArray type = payloadType.toUtf8();
    return "DSSEv1 " + QByteArray::number(type.size()) + ' ' + type + ' ' + QByteArray::number(payload.size()) + ' ' +
           payload;
}

QByteArray DsseEnvelope::toJson() const
{
    return R"({"payload":)" + quoted(payload) + R"(,"payloadType":)" + oci::jsonString(payloadType) +
           R"(,"signatures":[{"sig":)" + quoted(signature) + "}]}";
}

base::Result<DsseEnvelope> DsseEnvelope::read(const oci::JsonValue &envelope)
{
    const std::optional<QString> type = envelope["payloadType"].string();
    const std::optional<QByteArray> payload = bytesIn(envelope["payload"]);
    if (!type || !payload)
        return base::fail(base::ErrorKind::InvalidData,
                          Text::tr("The envelope has no payload, or it is no proper base64."));
    const oci::JsonValue signatures = envelope["signatures"];
    if (!signatures.isArray() || signatures.size() != 1)
        return base::fail(base::ErrorKind::InvalidData,
                          Text::tr("The envelope has %1 signatures; exactly one is read.").arg(signatures.size()));
    const std::optional<QByteArray> signature = bytesIn(signatures.at(0)["sig"]);
    if (!signature || signature->isEmpty())
        return base::fail(base::ErrorKind::InvalidData, Text::tr("The signature is no proper base64."));
    return DsseEnvelope{*type, *payload, *signature};
}

} // namespace colophon::signing
