// SPDX-License-Identifier: Apache-2.0
#include "signing/statement.h"

#include "base/limits.h"
#include "base/plaintext.h"
#include "oci/jsondocument.h"

#include <QCoreApplication>

namespace colophon::signing {

namespace {
struct Text
{
    Q_DECLARE_TR_FUNCTIONS(signing)
};

constexpr QLatin1String currentType("https://in-toto.io/Statement/v1");
constexpr QLatin1String formerType("https://in-toto.io/Statement/v0.1");

std::unexpected<base::Error> refused(const QString &why) { return base::fail(base::ErrorKind::InvalidData, why); }
} // namespace

base::Result<Statement> Statement::read(const QByteArray &payload)
{
    const base::Result<oci::JsonDocument> json = oci::JsonDocument::parse(payload, base::limits::signaturePayload);
    if (!json)
        return refused(Text::tr("The statement is no JSON: %1").arg(json.error().message));
    if (!json->duplicates().isEmpty())
        return refused(
            Text::tr("The statement has %1 twice.").arg(base::visible(json->duplicates().constFirst(), 100)));
    const oci::JsonValue root = json->root();
    const std::optional<QString> type = root["_type"].string();
    if (type != currentType && type != formerType)
        return refused(Text::tr("The payload is no in-toto statement."));
    const std::optional<QString> predicate = root["predicateType"].string();
    if (!predicate || predicate->isEmpty())
        return refused(Text::tr("The statement does not say of which kind it is."));
    Statement statement{*predicate, {}};
    for (const oci::JsonValue &subject : root["subject"].children())
        for (const oci::JsonValue &digest : subject["digest"].children())
            if (const auto value = digest.string())
                if (const auto known = oci::Digest::parse(digest.key() + QLatin1Char(':') + *value))
                    statement.subjects.append(*known);
    return statement;
}

QByteArray signStatement(const oci::Digest &subject)
{
    return R"({"_type":)" + oci::jsonString(QString(currentType)) + R"(,"subject":[{"digest":{)" +
           oci::jsonString(subject.algorithmName()) + ':' + oci::jsonString(subject.hex()) +
           R"(},"annotations":{}}],"predicateType":)" + oci::jsonString(QString(cosignSignPredicate)) +
           R"(,"predicate":{}})";
}

} // namespace colophon::signing
