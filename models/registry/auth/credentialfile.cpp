// SPDX-License-Identifier: Apache-2.0
#include "registry/auth/credentialfile.h"

#include "base/plaintext.h"
#include "registry/auth/token.h"
#include "registry/registryname.h"
#include "registry/words.h"

#include <QJsonDocument>

namespace colophon::registry::auth {

namespace {

using base::ErrorKind;

// As docker writes its own registry, wherever a server is named.
const QString dockerServer = QStringLiteral("https://index.docker.io/v1/");

std::unexpected<base::Error> malformed(const QString &what) { return base::fail(ErrorKind::InvalidData, what); }

// The registry a key is for, as far as it is for a whole one. Keys of old are addresses with a scheme and a path; a
// path without a scheme is a part of a registry and no other name for all of it.
QString registryOf(const QString &key, bool isLegacy)
{
    QString name = key;
    for (const QLatin1String scheme : {QLatin1String("https://"), QLatin1String("http://")}) {
        if (name.startsWith(scheme)) {
            name.remove(0, scheme.size());
            break;
        }
    }
    if (isLegacy || name.size() != key.size())
        name = name.section(u'/', 0, 0);
    return name.contains(u'/') ? QString() : canonicalRegistry(name);
}

base::Result<QString> textIn(const QJsonObject &entry, const QString &key, const char *member)
{
    const QJsonValue value = entry.value(QLatin1String(member));
    if (value.isUndefined() || value.isNull())
        return QString();
    if (!value.isString())
        return malformed(Words::tr("In the entry for %1, \"%2\" is no text.").arg(key, QLatin1String(member)));
    return value.toString();
}

// "auth" is the base64 of user:password, and stands above "username" and "password".
base::Result<void> takeAuth(FoundCredential &found, const QString &auth)
{
    const auto decoded = QByteArray::fromBase64Encoding(auth.toLatin1(), QByteArray::AbortOnBase64DecodingErrors);
    if (!decoded)
        return malformed(Words::tr("In the entry for %1, \"auth\" is no base64.").arg(found.key));
    QByteArray pair = *decoded;
    const qsizetype colon = pair.indexOf(':');
    if (colon <= 0)
        return malformed(Words::tr("In the entry for %1, \"auth\" is not user:password.").arg(found.key));
    QByteArray password = pair.mid(colon + 1);
    while (password.startsWith('\0'))
        password.remove(0, 1);
    while (password.endsWith('\0'))
        password.chop(1);
    found.user = QString::fromUtf8(pair.first(colon));
    found.password = base::Secret(std::move(password));
    const base::Secret wiped(std::move(pair));
    return {};
}

base::Result<std::optional<FoundCredential>> readEntry(const QString &key, const QJsonValue &value)
{
    FoundCredential found;
    found.key = base::visible(key, 300);
    if (!value.isObject())
        return malformed(Words::tr("The entry for %1 is no object.").arg(found.key));
    const QJsonObject entry = value.toObject();
    QString texts[5];
    int next = 0;
    for (const char *member : {"auth", "username", "password", "identitytoken", "registrytoken"}) {
        auto text = textIn(entry, found.key, member);
        if (!text)
            return base::fail(text.error());
        texts[next++] = *text;
    }
    found.user = texts[1];
    found.password = base::Secret(texts[2].toUtf8());
    found.identityToken = base::Secret(texts[3].toUtf8());
    found.registryToken = base::Secret(texts[4].toUtf8());
    if (!texts[0].isEmpty()) {
        if (auto taken = takeAuth(found, texts[0]); !taken)
            return base::fail(taken.error());
    }
    if (found.user.contains(u':'))
        return malformed(Words::tr("In the entry for %1, the user name holds a colon.").arg(found.key));
    if (!found.registryToken.isEmpty() && !fitsIntoAHeader(found.registryToken.reveal()))
        return malformed(Words::tr("In the entry for %1, \"registrytoken\" is no token.").arg(found.key));
    return found.isEmpty() ? std::nullopt : std::optional(std::move(found));
}

base::Result<QJsonObject> objectIn(const QJsonObject &file, const char *member)
{
    const QJsonValue value = file.value(QLatin1String(member));
    if (!value.isUndefined() && !value.isNull() && !value.isObject())
        return malformed(Words::tr("Its \"%1\" is no object.").arg(QLatin1String(member)));
    return value.toObject();
}

} // namespace

base::Result<CredentialFile> CredentialFile::parse(const QByteArray &json, Format format)
{
    QJsonParseError problem{};
    const QJsonDocument document = QJsonDocument::fromJson(json, &problem);
    if (document.isNull() && problem.error != QJsonParseError::NoError)
        return malformed(
            Words::tr("It is no JSON from byte %1 on (%2).").arg(problem.offset).arg(problem.errorString()));
    if (!document.isObject())
        return malformed(Words::tr("It is no JSON object."));
    CredentialFile file;
    file.m_format = format;
    if (format == Format::Legacy) {
        file.m_auths = document.object();
        return file;
    }
    auto auths = objectIn(document.object(), "auths");
    if (!auths)
        return base::fail(auths.error());
    auto helpers = objectIn(document.object(), "credHelpers");
    if (!helpers)
        return base::fail(helpers.error());
    file.m_auths = *auths;
    file.m_helpers = *helpers;
    if (format == Format::Docker) { // podman and its kin do not read credsStore in their own file
        const QJsonValue store = document.object().value(QLatin1String("credsStore"));
        if (!store.isUndefined() && !store.isNull() && !store.isString())
            return malformed(Words::tr("Its \"credsStore\" is no text."));
        file.m_store = store.toString();
    }
    return file;
}

std::optional<CredentialFile::Helper> CredentialFile::helperFor(const QString &registry) const
{
    const bool isDockers = registry == dockerRegistry();
    const QString server = isDockers && m_format == Format::Docker ? dockerServer : registry;
    QStringList names{registry};
    if (isDockers)
        names += {dockerServer, QStringLiteral("index.docker.io"), QStringLiteral("registry-1.docker.io")};
    for (const QString &name : std::as_const(names)) {
        const QJsonValue helper = m_helpers.value(name);
        if (helper.isString() && !helper.toString().isEmpty())
            return Helper{helper.toString(), server};
    }
    if (!m_store.isEmpty())
        return Helper{m_store, server};
    return {};
}

QString CredentialFile::keyOf(const QString &registry, const QString &repository) const
{
    if (m_format != Format::Legacy) {
        for (QString key = registry + u'/' + repository; key.contains(u'/'); key.truncate(key.lastIndexOf(u'/'))) {
            if (m_auths.contains(key))
                return key;
        }
    }
    if (m_auths.contains(registry))
        return registry;
    for (auto it = m_auths.begin(); it != m_auths.end(); ++it) {
        if (registryOf(it.key(), m_format == Format::Legacy) == registry)
            return it.key();
    }
    return {};
}

base::Result<std::optional<FoundCredential>> CredentialFile::find(const QString &registry,
                                                                  const QString &repository) const
{
    const QString key = keyOf(registry, repository);
    if (key.isEmpty())
        return std::nullopt;
    return readEntry(key, m_auths.value(key));
}

bool CredentialFile::holdsSecrets() const
{
    for (const auto &value : m_auths) {
        const QJsonObject entry = value.toObject();
        for (const char *member : {"auth", "password", "identitytoken", "registrytoken"}) {
            if (!entry.value(QLatin1String(member)).toString().isEmpty())
                return true;
        }
    }
    return false;
}

} // namespace colophon::registry::auth
