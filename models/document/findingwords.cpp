// SPDX-License-Identifier: Apache-2.0
// How findings are named and written out.
#include "document/findings.h"

#include <QCoreApplication>

namespace colophon::document {

namespace {
struct Text
{
    Q_DECLARE_TR_FUNCTIONS(colophon::document::Finding)
};

using Code = Finding::Code;
using Severity = Finding::Severity;
} // namespace

QString nameOf(Finding::Code code)
{
    switch (code) {
    case Code::HalfMarked:
        return QStringLiteral("half-marked");
    case Code::Unfetchable:
        return QStringLiteral("unfetchable");
    case Code::PartialMarking:
        return QStringLiteral("partial-marking");
    case Code::NotEditable:
        return QStringLiteral("not-editable");
    case Code::NoPair:
        return QStringLiteral("no-pair");
    case Code::Attestation:
        return QStringLiteral("attestation");
    case Code::SignaturesStale:
        return QStringLiteral("signatures-stale");
    case Code::Schema1:
        return QStringLiteral("schema1");
    case Code::LayerCountMismatch:
        return QStringLiteral("layer-count-mismatch");
    case Code::PlatformMismatch:
        return QStringLiteral("platform-mismatch");
    case Code::AnnotationsIgnored:
        return QStringLiteral("annotations-ignored");
    case Code::MarkingIsAdvice:
        return QStringLiteral("marking-is-advice");
    case Code::UrlsLeft:
        return QStringLiteral("urls-left");
    case Code::MixedFamilies:
        return QStringLiteral("mixed-families");
    case Code::MarkingNotKnown:
        return QStringLiteral("marking-not-known");
    case Code::RegistryAccepts:
        return QStringLiteral("registry-accepts");
    case Code::RegistryRefuses:
        return QStringLiteral("registry-refuses");
    case Code::RegistryNotKnown:
        return QStringLiteral("registry-not-known");
    case Code::Disconnected:
        return QStringLiteral("disconnected");
    case Code::AddressesIgnored:
        return QStringLiteral("addresses-ignored");
    case Code::Background:
        return QStringLiteral("background");
    }
    return {};
}

QString nameOf(Finding::Severity severity)
{
    switch (severity) {
    case Severity::Inform:
        return QStringLiteral("inform");
    case Severity::Warn:
        return QStringLiteral("warn");
    case Severity::Block:
        return QStringLiteral("block");
    }
    return {};
}

QString inWords(const Finding &finding)
{
    return finding.link.isEmpty() ? finding.message : Text::tr("%1 See %2").arg(finding.message, finding.link);
}

QJsonObject toJson(const Finding &finding)
{
    QJsonObject json{{QStringLiteral("code"), nameOf(finding.code)},
                     {QStringLiteral("severity"), nameOf(finding.severity)},
                     {QStringLiteral("path"), finding.path.toString()},
                     {QStringLiteral("message"), finding.message}};
    if (!finding.link.isEmpty())
        json.insert(QStringLiteral("link"), finding.link);
    return json;
}

} // namespace colophon::document
