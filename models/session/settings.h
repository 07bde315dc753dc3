// SPDX-License-Identifier: Apache-2.0
#pragma once

// What is remembered between two runs: references opened, key files used and whom signatures are believed from (paths),
// templates of layer addresses, for what the keychain has a password, certificates accepted, the window's shape. Never
// a secret: there is no way to put one in (an address with a user or password is refused).

#include "content/certificates.h"
#include "oci/reference.h"

#include <QByteArray>
#include <QMap>
#include <QSettings>
#include <QString>
#include <QStringList>

namespace colophon::session {

class Settings
{
public:
    static constexpr int longestRecents = 20;
    static constexpr int longestKeys = 10;
    static constexpr int longestTemplates = 20;
    static constexpr int longestCertificates = 100;

    // An INI file; tests give one of their own.
    explicit Settings(const QString &file = defaultFile());
    static QString defaultFile(); // $XDG_CONFIG_HOME/colophon/colophon.conf

    QString file() const { return m_settings.fileName(); }
    bool isWritable() const { return m_settings.isWritable(); }

    // Newest first, none twice.
    QStringList recentReferences() const;
    void addRecentReference(const oci::Reference &reference);
    void clearRecentReferences();

    // Paths of key files that were used to sign or verify, newest first. Paths only.
    QStringList keyFiles() const;
    // With the fingerprint of its public key, once the file was opened: what else lies beside it may be anybody's.
    void addKeyFile(const QString &path, const QString &fingerprint = {});
    QString keyFingerprint(const QString &path) const; // empty: not known
    void forgetKeyFile(const QString &path);

    // Whom signatures are believed from beside the holders of those keys: files of certificate roots with who may sign
    // of those they vouch for, and a folder with notation's trust stores and the policy that names them.
    struct SignatureTrust
    {
        QStringList rootFiles;
        QString trustStore; // a folder; empty as long as the policy is
        QString trustPolicy;
        QStringList signers;  // whom the certificate names: mail addresses, URIs, host names …
        QStringList vouchers; // who vouched for that; empty: does not matter
        bool operator==(const SignatureTrust &) const = default;
    };
    SignatureTrust signatureTrust() const;
    void setSignatureTrust(const SignatureTrust &trust);

    // The address templates used last, in their order; empty where none were.
    QStringList addressTemplates() const;
    void setAddressTemplates(const QStringList &templates);

    // Ids of the clients and registries a person wants to be told of; empty: of the usual ones.
    QStringList customersClients() const;
    void setCustomersClients(const QStringList &ids);

    // What the keychain has a password for, with the user it is for: a registry by its name, a key file by its path.
    QMap<QString, QString> savedLogins() const;
    void addSavedLogin(const QString &registry, const QString &user);
    void removeSavedLogin(const QString &registry);

    // Certificates that a person accepted, each for one host and port, newest first.
    QList<content::CertificateException> acceptedCertificates() const;
    void acceptCertificate(const content::CertificateException &exception);
    void forgetCertificate(const content::CertificateException &exception);

    // Opaque state of a window, splitter or header, by its name ("window/geometry").
    QByteArray shape(const QString &name) const;
    void setShape(const QString &name, const QByteArray &state);

    // Writes what is pending now; also done by itself.
    void sync() { m_settings.sync(); }

private:
    QStringList list(const QString &key) const;
    void pushFront(const QString &key, const QString &value, int longest);
    void setKeyFingerprint(const QString &file, const QString &fingerprint);
    mutable QSettings m_settings;
};

} // namespace colophon::session
