// SPDX-License-Identifier: Apache-2.0
#include "session/settings.h"

#include <QDir>
#include <QFileInfo>
#include <QStandardPaths>
#include <QUrl>

namespace colophon::session {

namespace {
const QString recentKey = QStringLiteral("recent/references");
const QString templatesKey = QStringLiteral("addresses/templates");
const QString keyFilesKey = QStringLiteral("recent/keyFiles");
const QString clientsKey = QStringLiteral("consequences/clients");
const QString loginsGroup = QStringLiteral("keychain");
const QString keyFingerprintsKey = QStringLiteral("recent/keyFingerprints");
const QString certificatesKey = QStringLiteral("trust/certificates");
const QString rootFilesKey = QStringLiteral("trust/signatureRoots");
const QString signersKey = QStringLiteral("trust/signatureSigners");
const QString vouchersKey = QStringLiteral("trust/signatureVouchers");
const QString trustStoreKey = QStringLiteral("trust/notationStore");
const QString trustPolicyKey = QStringLiteral("trust/notationPolicy");

// Slashes make groups in such a file; the name of a registry has none.
QString asKey(const QString &name) { return QString::fromLatin1(QUrl::toPercentEncoding(name, ":[]")); }
QString fromKey(const QString &key) { return QUrl::fromPercentEncoding(key.toLatin1()); }

QString keyFileName(const QString &path) { return QDir::cleanPath(QFileInfo(path).absoluteFilePath()); }
} // namespace

Settings::Settings(const QString &file)
    : m_settings(file, QSettings::IniFormat)
{
}

QString Settings::defaultFile()
{
    return QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation) +
           QStringLiteral("/colophon/colophon.conf");
}

QStringList Settings::list(const QString &key) const { return m_settings.value(key).toStringList(); }

void Settings::pushFront(const QString &key, const QString &value, int longest)
{
    QStringList values = list(key);
    values.removeAll(value);
    values.prepend(value);
    m_settings.setValue(key, values.first(std::min<qsizetype>(values.size(), longest)));
}

QStringList Settings::recentReferences() const
{
    // The file may have been written by hand: what is no reference is not offered.
    QStringList references;
    for (const QString &text : list(recentKey)) {
        if (oci::Reference::parse(text) && references.size() < longestRecents && !references.contains(text))
            references << text;
    }
    return references;
}

void Settings::addRecentReference(const oci::Reference &reference)
{
    if (!reference.isNull())
        pushFront(recentKey, reference.toString(), longestRecents);
}

void Settings::clearRecentReferences() { m_settings.remove(recentKey); }

QStringList Settings::keyFiles() const { return list(keyFilesKey); }

void Settings::addKeyFile(const QString &path, const QString &fingerprint)
{
    if (path.isEmpty())
        return;
    const QString file = keyFileName(path);
    pushFront(keyFilesKey, file, longestKeys);
    if (!fingerprint.isEmpty())
        setKeyFingerprint(file, fingerprint);
}

QString Settings::keyFingerprint(const QString &path) const
{
    const QString end = QLatin1Char(' ') + keyFileName(path);
    for (const QString &each : list(keyFingerprintsKey))
        if (each.endsWith(end) && each.indexOf(QLatin1Char(' ')) == each.size() - end.size())
            return each.chopped(end.size());
    return {};
}

// Each is a fingerprint and a path. Those of files that are remembered no more go.
void Settings::setKeyFingerprint(const QString &file, const QString &fingerprint)
{
    const QStringList files = keyFiles();
    QStringList kept;
    for (const QString &each : list(keyFingerprintsKey)) {
        const QString other = each.section(QLatin1Char(' '), 1);
        if (other != file && files.contains(other))
            kept.append(each);
    }
    if (!fingerprint.isEmpty())
        kept.prepend(fingerprint + QLatin1Char(' ') + file);
    m_settings.setValue(keyFingerprintsKey, kept);
}

void Settings::forgetKeyFile(const QString &path)
{
    QStringList paths = list(keyFilesKey);
    if (paths.removeAll(keyFileName(path)) > 0)
        m_settings.setValue(keyFilesKey, paths);
    setKeyFingerprint(keyFileName(path), {});
}

Settings::SignatureTrust Settings::signatureTrust() const
{
    return {list(rootFilesKey), m_settings.value(trustStoreKey).toString(), m_settings.value(trustPolicyKey).toString(),
            list(signersKey), list(vouchersKey)};
}

void Settings::setSignatureTrust(const SignatureTrust &trust)
{
    m_settings.setValue(rootFilesKey, trust.rootFiles.first(std::min<qsizetype>(trust.rootFiles.size(), longestKeys)));
    m_settings.setValue(trustStoreKey, trust.trustStore);
    m_settings.setValue(trustPolicyKey, trust.trustPolicy);
    m_settings.setValue(signersKey, trust.signers);
    m_settings.setValue(vouchersKey, trust.vouchers);
}

QStringList Settings::addressTemplates() const { return list(templatesKey); }

void Settings::setAddressTemplates(const QStringList &templates)
{
    m_settings.setValue(templatesKey, templates.first(std::min<qsizetype>(templates.size(), longestTemplates)));
}

QStringList Settings::customersClients() const { return list(clientsKey); }

void Settings::setCustomersClients(const QStringList &ids) { m_settings.setValue(clientsKey, ids); }

QMap<QString, QString> Settings::savedLogins() const
{
    QMap<QString, QString> logins;
    m_settings.beginGroup(loginsGroup);
    for (const QString &registry : m_settings.childKeys())
        logins.insert(fromKey(registry), m_settings.value(registry).toString());
    m_settings.endGroup();
    return logins;
}

void Settings::addSavedLogin(const QString &registry, const QString &user)
{
    m_settings.setValue(loginsGroup + u'/' + asKey(registry), user);
}

void Settings::removeSavedLogin(const QString &registry) { m_settings.remove(loginsGroup + u'/' + asKey(registry)); }

QList<content::CertificateException> Settings::acceptedCertificates() const
{
    QList<content::CertificateException> accepted;
    for (const QString &text : list(certificatesKey)) {
        const auto exception = content::CertificateException::parse(text);
        if (exception && !accepted.contains(*exception))
            accepted.append(*exception);
    }
    return accepted;
}

void Settings::acceptCertificate(const content::CertificateException &exception)
{
    pushFront(certificatesKey, exception.toString(), longestCertificates);
}

void Settings::forgetCertificate(const content::CertificateException &exception)
{
    QStringList kept;
    for (const content::CertificateException &each : acceptedCertificates()) {
        if (each != exception)
            kept.append(each.toString());
    }
    m_settings.setValue(certificatesKey, kept);
}

QByteArray Settings::shape(const QString &name) const
{
    return m_settings.value(QStringLiteral("shape/") + name).toByteArray();
}

void Settings::setShape(const QString &name, const QByteArray &state)
{
    m_settings.setValue(QStringLiteral("shape/") + name, state);
}

} // namespace colophon::session
