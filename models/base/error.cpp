// SPDX-License-Identifier: Apache-2.0
#include "base/error.h"

namespace colophon::base {

Error Error::withOperation(QString what) const
{
    Error copy = *this;
    if (copy.operation.isEmpty())
        copy.operation = std::move(what);
    return copy;
}

Error Error::onSide(Side which) const
{
    Error copy = *this;
    if (copy.side == Side::None)
        copy.side = which;
    return copy;
}

Error Error::withHint(QString what) const
{
    Error copy = *this;
    if (copy.hint.isEmpty())
        copy.hint = std::move(what);
    return copy;
}

Error Error::withHintAdded(const QString &what) const
{
    Error copy = *this;
    if (copy.hint.isEmpty())
        copy.hint = what;
    else if (!copy.hint.contains(what))
        copy.hint += QLatin1Char(' ') + what;
    return copy;
}

QString Error::text() const { return hint.isEmpty() ? message : message + QLatin1Char(' ') + hint; }

QJsonObject Error::toJson() const
{
    return {
        {QStringLiteral("kind"), nameOf(kind)},
        {QStringLiteral("operation"), operation.isEmpty() ? QJsonValue() : QJsonValue(operation)},
        {QStringLiteral("side"), side == Side::None ? QJsonValue() : QJsonValue(nameOf(side))},
        {QStringLiteral("message"), message},
        {QStringLiteral("hint"), hint.isEmpty() ? QJsonValue() : QJsonValue(hint)},
        {QStringLiteral("wireCode"), wireCode.isEmpty() ? QJsonValue() : QJsonValue(wireCode)},
        {QStringLiteral("httpStatus"), httpStatus == 0 ? QJsonValue() : QJsonValue(httpStatus)},
    };
}

bool isHopeless(ErrorKind kind)
{
    return kind == ErrorKind::Cancelled || kind == ErrorKind::Network || kind == ErrorKind::Timeout ||
           kind == ErrorKind::Tls;
}

int exitCode(ErrorKind kind)
{
    switch (kind) {
    case ErrorKind::Usage:
        return 2;
    case ErrorKind::NotFound:
        return 3;
    case ErrorKind::Conflict:
        return 4;
    case ErrorKind::CheckFailed:
        return 5;
    case ErrorKind::Unauthorized:
    case ErrorKind::Denied:
        return 6;
    case ErrorKind::NotSigned:
        return 7;
    case ErrorKind::Cancelled:
        return 130;
    case ErrorKind::Failed:
    case ErrorKind::InvalidData:
    case ErrorKind::TooLarge:
    case ErrorKind::Network:
    case ErrorKind::Tls:
    case ErrorKind::Timeout:
    case ErrorKind::Protocol:
        return 1;
    }
    return 1;
}

QString nameOf(ErrorKind kind)
{
    switch (kind) {
    case ErrorKind::Failed:
        return QStringLiteral("failed");
    case ErrorKind::Usage:
        return QStringLiteral("usage");
    case ErrorKind::InvalidData:
        return QStringLiteral("invalid-data");
    case ErrorKind::TooLarge:
        return QStringLiteral("too-large");
    case ErrorKind::NotFound:
        return QStringLiteral("not-found");
    case ErrorKind::Conflict:
        return QStringLiteral("conflict");
    case ErrorKind::CheckFailed:
        return QStringLiteral("check-failed");
    case ErrorKind::Unauthorized:
        return QStringLiteral("unauthorized");
    case ErrorKind::Denied:
        return QStringLiteral("denied");
    case ErrorKind::NotSigned:
        return QStringLiteral("not-signed");
    case ErrorKind::Network:
        return QStringLiteral("network");
    case ErrorKind::Tls:
        return QStringLiteral("tls");
    case ErrorKind::Timeout:
        return QStringLiteral("timeout");
    case ErrorKind::Protocol:
        return QStringLiteral("protocol");
    case ErrorKind::Cancelled:
        return QStringLiteral("cancelled");
    }
    return QStringLiteral("failed");
}

QString nameOf(Side side)
{
    switch (side) {
    case Side::None:
        return QString();
    case Side::Source:
        return QStringLiteral("source");
    case Side::Destination:
        return QStringLiteral("destination");
    }
    return QString();
}

} // namespace colophon::base
