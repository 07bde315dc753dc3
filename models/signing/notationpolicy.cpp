// SPDX-License-Identifier: Apache-2.0
#include "signing/notationpolicy.h"

#include "base/limits.h"
#include "base/plaintext.h"
#include "oci/jsondocument.h"

#include <QCoreApplication>
#include <QRegularExpression>

#include <array>
#include <optional>

namespace colophon::signing {

namespace {
using Action = NotationAction;
using Step = NotationStep;

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(signing)
};

const QString wildcard = QStringLiteral("*");
constexpr std::array steps{Step::Integrity, Step::Authenticity, Step::AuthenticTimestamp, Step::Expiry,
                           Step::Revocation};

QString shown(const QString &text) { return base::visible(text, 200); }

struct Refusal
{
    QString where; // "The trust policy p.json", or with the statement's name
    std::unexpected<base::Error> operator()(const QString &why) const
    {
        return base::fail(base::ErrorKind::InvalidData, Text::tr("%1: %2.").arg(where, why));
    }
};

base::Result<void> checkMembers(const oci::JsonValue &object, const QStringList &known, const Refusal &refused)
{
    if (!object.isObject())
        return refused(Text::tr("an object is missing, or something else stands in its place"));
    for (const oci::JsonValue &member : object.children())
        if (!known.contains(member.key()))
            return refused(Text::tr("“%1” is not understood").arg(shown(member.key())));
    return {};
}

base::Result<QStringList> readStrings(const oci::JsonValue &value, QLatin1String name, const Refusal &refused)
{
    QStringList all;
    if (value.isAbsent())
        return all;
    if (!value.isArray())
        return refused(Text::tr("%1 is not a list").arg(name));
    for (const oci::JsonValue &each : value.children()) {
        const std::optional<QString> text = each.string();
        if (!text || text->isEmpty())
            return refused(Text::tr("%1 has an entry that is no text, or empty").arg(name));
        if (all.contains(*text))
            return refused(Text::tr("%1 has “%2” twice").arg(name, shown(*text)));
        all.append(*text);
    }
    return all;
}

std::optional<QMap<Step, Action>> actionsOf(const QString &level)
{
    const auto all = [](Action integrity, Action authenticity, Action others) {
        return QMap<Step, Action>{{Step::Integrity, integrity},
                                  {Step::Authenticity, authenticity},
                                  {Step::AuthenticTimestamp, others},
                                  {Step::Expiry, others},
                                  {Step::Revocation, others}};
    };
    if (level == QLatin1String("strict"))
        return all(Action::Enforce, Action::Enforce, Action::Enforce);
    if (level == QLatin1String("permissive"))
        return all(Action::Enforce, Action::Enforce, Action::Log);
    if (level == QLatin1String("audit"))
        return all(Action::Enforce, Action::Log, Action::Log);
    if (level == QLatin1String("skip"))
        return all(Action::Skip, Action::Skip, Action::Skip);
    return {};
}

std::optional<Action> actionNamed(const QString &name)
{
    if (name == QLatin1String("enforce"))
        return Action::Enforce;
    if (name == QLatin1String("log"))
        return Action::Log;
    if (name == QLatin1String("skip"))
        return Action::Skip;
    return {};
}

base::Result<void> readOverride(const oci::JsonValue &object, NotationStatement &statement, const Refusal &refused)
{
    if (!object.isObject())
        return refused(Text::tr("override is no object"));
    if (object.size() > 0 && statement.skipsAll())
        return refused(Text::tr("level skip cannot be overridden"));
    for (const oci::JsonValue &member : object.children()) {
        const QString name = member.key();
        const auto step = std::find_if(steps.begin(), steps.end(), [&name](Step each) { return nameOf(each) == name; });
        const std::optional<Action> action = actionNamed(member.string().value_or(QString()));
        if (step == steps.end())
            return refused(Text::tr("override has “%1”, which is not understood").arg(shown(name)));
        if (!action)
            return refused(Text::tr("override says something else than enforce, log or skip for %1").arg(name));
        if (*step == Step::Integrity)
            return refused(Text::tr("integrity cannot be overridden"));
        if (*step != Step::Revocation && *action == Action::Skip)
            return refused(Text::tr("%1 cannot be skipped, only logged").arg(name));
        statement.actions[*step] = *action;
    }
    return {};
}

base::Result<void> readVerification(const oci::JsonValue &object, NotationStatement &statement, const Refusal &refused)
{
    if (const auto done = checkMembers(
            object, {QStringLiteral("level"), QStringLiteral("override"), QStringLiteral("verifyTimestamp")}, refused);
        !done)
        return done;
    statement.level = object["level"].string().value_or(QString());
    const auto actions = actionsOf(statement.level);
    if (!actions)
        return refused(
            Text::tr("the level “%1” is none of strict, permissive, audit and skip").arg(shown(statement.level)));
    statement.actions = *actions;
    if (const oci::JsonValue timestamp = object["verifyTimestamp"]; !timestamp.isAbsent()) {
        const QString when = timestamp.string().value_or(QString());
        if (when != QLatin1String("always") && when != QLatin1String("afterCertExpiry"))
            return refused(Text::tr("verifyTimestamp is neither always nor afterCertExpiry"));
        statement.needsTimestampAlways = when == QLatin1String("always");
    }
    if (const oci::JsonValue override = object["override"]; !override.isAbsent())
        return readOverride(override, statement, refused);
    return {};
}

base::Result<void> readStores(const QStringList &stores, NotationStatement &statement, const Refusal &refused)
{
    // The name becomes part of a path.
    static const QRegularExpression form(QStringLiteral("\\A(ca|signingAuthority|tsa):([A-Za-z0-9_.-]+)\\z"));
    for (const QString &store : stores) {
        const QRegularExpressionMatch match = form.match(store);
        const QString name = match.captured(2);
        if (!match.hasMatch() || name == QLatin1String(".") || name == QLatin1String(".."))
            return refused(Text::tr("the trust store “%1” is not written as ca:NAME").arg(shown(store)));
        if (match.captured(1) == QLatin1String("ca"))
            statement.authorities.append(name);
        statement.hasTimestampStore = statement.hasTimestampStore || match.captured(1) == QLatin1String("tsa");
    }
    return {};
}

base::Result<void> readIdentities(const QStringList &identities, NotationStatement &statement, const Refusal &refused)
{
    static const QString prefix = QStringLiteral("x509.subject:");
    if (identities.contains(wildcard)) {
        if (identities.size() > 1)
            return refused(Text::tr("trustedIdentities has * beside others"));
        statement.trustsAnyIdentity = true;
        return {};
    }
    for (const QString &identity : identities) {
        if (!identity.contains(u':'))
            return refused(Text::tr("the identity “%1” is not written as x509.subject:NAME").arg(shown(identity)));
        if (!identity.startsWith(prefix))
            continue; // for somebody's plugin; it matches nothing here
        const base::Result<NameMap> name = parseName(identity.mid(prefix.size()));
        if (!name)
            return refused(name.error().message.chopped(1));
        for (const char *needed : {"C", "ST", "O"})
            if (name->value(QLatin1String(needed)).isEmpty())
                return refused(Text::tr("the identity “%1” lacks %2; C, ST and O are needed")
                                   .arg(shown(identity), QLatin1String(needed)));
        for (const NameMap &other : std::as_const(statement.identities))
            if (isPartOf(other, *name) || isPartOf(*name, other))
                return refused(Text::tr("the identity “%1” overlaps with another").arg(shown(identity)));
        statement.identities.append(*name);
    }
    return {};
}

base::Result<void> readScopes(NotationStatement &statement, const Refusal &refused)
{
    static const QRegularExpression form(QStringLiteral(
        "\\A[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[0-9]+)?(?:/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)+\\z"));
    if (statement.scopes.isEmpty())
        return refused(Text::tr("it is for no repository: registryScopes is missing or empty"));
    if (statement.scopes.size() > 1 && statement.scopes.contains(wildcard))
        return refused(Text::tr("registryScopes has * beside others"));
    for (const QString &scope : std::as_const(statement.scopes))
        if (scope != wildcard && !form.match(scope).hasMatch())
            return refused(Text::tr("the scope “%1” is not written as registry/repository").arg(shown(scope)));
    return {};
}

base::Result<NotationStatement> readStatement(const oci::JsonValue &object, const QString &document)
{
    NotationStatement statement;
    statement.name = object["name"].string().value_or(QString());
    const Refusal refused{Text::tr("%1, statement “%2”").arg(document, shown(statement.name))};
    if (const auto done = checkMembers(object,
                                       {QStringLiteral("name"), QStringLiteral("registryScopes"),
                                        QStringLiteral("signatureVerification"), QStringLiteral("trustStores"),
                                        QStringLiteral("trustedIdentities")},
                                       refused);
        !done)
        return base::fail(done.error());
    if (statement.name.isEmpty())
        return refused(Text::tr("it has no name"));
    const auto scopes = readStrings(object["registryScopes"], QLatin1String("registryScopes"), refused);
    const auto stores = readStrings(object["trustStores"], QLatin1String("trustStores"), refused);
    const auto identities = readStrings(object["trustedIdentities"], QLatin1String("trustedIdentities"), refused);
    for (const auto *each : {&scopes, &stores, &identities})
        if (!*each)
            return base::fail(each->error());
    statement.scopes = *scopes;
    if (const auto done = readScopes(statement, refused); !done)
        return base::fail(done.error());
    if (const auto done = readVerification(object["signatureVerification"], statement, refused); !done)
        return base::fail(done.error());
    if (statement.skipsAll() && !(stores->isEmpty() && identities->isEmpty()))
        return refused(Text::tr("it skips verification, but names trust stores or identities"));
    if (!statement.skipsAll() && (stores->isEmpty() || identities->isEmpty()))
        return refused(Text::tr("it needs both trustStores and trustedIdentities"));
    if (const auto done = readStores(*stores, statement, refused); !done)
        return base::fail(done.error());
    if (const auto done = readIdentities(*identities, statement, refused); !done)
        return base::fail(done.error());
    return statement;
}
} // namespace

QString nameOf(NotationStep step)
{
    switch (step) {
    case Step::Integrity:
        return QStringLiteral("integrity");
    case Step::Authenticity:
        return QStringLiteral("authenticity");
    case Step::AuthenticTimestamp:
        return QStringLiteral("authenticTimestamp");
    case Step::Expiry:
        return QStringLiteral("expiry");
    case Step::Revocation:
        return QStringLiteral("revocation");
    }
    return {};
}

base::Result<NotationPolicy> NotationPolicy::parse(const QByteArray &json, const QString &name)
{
    const QString document = Text::tr("The trust policy %1").arg(shown(name));
    const Refusal refused{document};
    const base::Result<oci::JsonDocument> parsed = oci::JsonDocument::parse(json, base::limits::trustPolicy);
    if (!parsed)
        return base::fail(parsed.error().kind,
                          Text::tr("%1 is no JSON that can be read: %2").arg(document, parsed.error().message));
    if (!parsed->duplicates().isEmpty())
        return refused(Text::tr("%1 occurs twice").arg(shown(parsed->duplicates().constFirst())));
    const oci::JsonValue root = parsed->root();
    if (const auto done = checkMembers(root, {QStringLiteral("version"), QStringLiteral("trustPolicies")}, refused);
        !done)
        return base::fail(done.error());
    if (root["version"].string() != QStringLiteral("1.0"))
        return refused(Text::tr("its version is not 1.0"));
    const oci::JsonValue list = root["trustPolicies"];
    if (!list.isArray() || list.size() == 0)
        return refused(Text::tr("it has no statement: trustPolicies is missing or empty"));
    NotationPolicy policy;
    QStringList names;
    QStringList scopes;
    for (const oci::JsonValue &each : list.children()) {
        base::Result<NotationStatement> statement = readStatement(each, document);
        if (!statement)
            return base::fail(statement.error());
        if (names.contains(statement->name))
            return refused(Text::tr("two statements are named “%1”").arg(shown(statement->name)));
        for (const QString &scope : std::as_const(statement->scopes))
            if (scopes.contains(scope))
                return refused(Text::tr("two statements are for “%1”").arg(shown(scope)));
        names.append(statement->name);
        scopes += statement->scopes;
        policy.m_statements.append(std::move(*statement));
    }
    return policy;
}

const NotationStatement *NotationPolicy::statementFor(const QString &repository) const
{
    const NotationStatement *forAll = nullptr;
    for (const NotationStatement &each : m_statements) {
        if (each.scopes.contains(repository))
            return &each;
        if (each.scopes.contains(wildcard))
            forAll = &each;
    }
    return forAll;
}

} // namespace colophon::signing
