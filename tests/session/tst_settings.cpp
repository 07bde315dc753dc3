// SPDX-License-Identifier: Apache-2.0
#include "session/settings.h"
#include "support/searchedfolder.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace colophon;
using session::Settings;

namespace {
oci::Reference reference(const QString &text) { return oci::Reference::parse(text).value(); }
} // namespace

class TestSettings : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    // What is remembered is no secret.
    void cleanup() { QCOMPARE(test::canariesBelow(m_dir.path()), QStringList()); }
    void aSecretLeftBehindIsFound();
    void remembersOverRuns();
    void newestFirstAndNoneTwice();
    void whatIsNoReferenceIsNotOffered();
    void customersClientsAreRemembered();
    void keysArePathsOnly();
    void keysAreKnownByTheirFingerprints();
    void templatesInTheirOrder();
    void savedLoginsAreNamesOnly();
    void passphrasesOfKeysAreAmongThem();
    void whomSignaturesAreBelievedFrom();
    void certificatesAreRememberedByServerAndFingerprint();
    void whatIsNoCertificateIsNotAccepted();

private:
    QTemporaryDir m_dir;
    QString file(const char *name) const { return m_dir.filePath(QString::fromLatin1(name)); }
};

// The search of the folders that these tests write.
void TestSettings::aSecretLeftBehindIsFound()
{
    test::SearchedFolder folder;
    QFile file(folder.filePath(QStringLiteral("draft")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    QVERIFY(folder.secrets().isEmpty());
    file.write("password=" COLOPHON_CANARY);
    file.close();
    QCOMPARE(folder.secrets().size(), 1);
    QVERIFY(file.remove());
}

void TestSettings::remembersOverRuns()
{
    {
        Settings settings(file("a.conf"));
        QVERIFY(settings.recentReferences().isEmpty());
        settings.addRecentReference(reference(QStringLiteral("registry.example/app:1")));
        settings.addKeyFile(QStringLiteral("/keys/k.key"));
        settings.setShape(QStringLiteral("window/geometry"), QByteArray("\0\x01\xFF", 3));
    }
    Settings settings(file("a.conf"));
    QCOMPARE(settings.recentReferences(), QStringList{QStringLiteral("registry.example/app:1")});
    QCOMPARE(settings.keyFiles(), QStringList{QStringLiteral("/keys/k.key")});
    QCOMPARE(settings.shape(QStringLiteral("window/geometry")), QByteArray("\0\x01\xFF", 3));
    QVERIFY(settings.shape(QStringLiteral("other")).isEmpty());
    settings.clearRecentReferences();
    QVERIFY(settings.recentReferences().isEmpty());
}

void TestSettings::newestFirstAndNoneTwice()
{
    Settings settings(file("b.conf"));
    for (int i = 0; i < 25; ++i)
        settings.addRecentReference(reference(QStringLiteral("registry.example/app:%1").arg(i)));
    settings.addRecentReference(reference(QStringLiteral("registry.example/app:20")));
    settings.addRecentReference({});
    const QStringList recents = settings.recentReferences();
    QCOMPARE(recents.size(), Settings::longestRecents);
    QCOMPARE(recents.at(0), QStringLiteral("registry.example/app:20"));
    QCOMPARE(recents.at(1), QStringLiteral("registry.example/app:24"));
    QCOMPARE(recents.count(recents.at(0)), 1);
}

void TestSettings::whatIsNoReferenceIsNotOffered()
{
    QFile raw(file("c.conf"));
    QVERIFY(raw.open(QIODevice::WriteOnly));
    raw.write("[recent]\nreferences=\"http://x y\", registry.example/app:1, \"<b>\"\n");
    raw.close();
    QCOMPARE(Settings(file("c.conf")).recentReferences(), QStringList{QStringLiteral("registry.example/app:1")});
}

void TestSettings::templatesInTheirOrder()
{
    QStringList templates{QStringLiteral("https://b.example/{hex}"), QStringLiteral("https://a.example/{digest},x")};
    {
        Settings settings(file("t.conf"));
        QVERIFY(settings.addressTemplates().isEmpty());
        settings.setAddressTemplates(templates);
    }
    QCOMPARE(Settings(file("t.conf")).addressTemplates(), templates);
    for (int i = 0; i < 2 * Settings::longestTemplates; ++i)
        templates << QStringLiteral("https://%1.example/{hex}").arg(i);
    Settings settings(file("t.conf"));
    settings.setAddressTemplates(templates);
    QCOMPARE(settings.addressTemplates(), templates.first(Settings::longestTemplates));
}

void TestSettings::customersClientsAreRemembered()
{
    const QStringList ids{QStringLiteral("skopeo/all"), QStringLiteral("docker-windows/to-27")};
    {
        Settings settings(file("clients.conf"));
        QVERIFY(settings.customersClients().isEmpty());
        settings.setCustomersClients(ids);
    }
    QCOMPARE(Settings(file("clients.conf")).customersClients(), ids);
    Settings(file("clients.conf")).setCustomersClients({});
    QVERIFY(Settings(file("clients.conf")).customersClients().isEmpty());
}

void TestSettings::keysArePathsOnly()
{
    Settings settings(file("d.conf"));
    settings.addKeyFile(QStringLiteral("/keys/../keys/a.key"));
    settings.addKeyFile(QStringLiteral("/keys/b.key"));
    settings.addKeyFile(QStringLiteral("/keys/a.key"));
    settings.addKeyFile({});
    QCOMPARE(settings.keyFiles(), (QStringList{QStringLiteral("/keys/a.key"), QStringLiteral("/keys/b.key")}));
    settings.forgetKeyFile(QStringLiteral("/keys/a.key"));
    QCOMPARE(settings.keyFiles(), QStringList{QStringLiteral("/keys/b.key")});
}

void TestSettings::keysAreKnownByTheirFingerprints()
{
    const QString a = QStringLiteral("/my keys/a.key");
    {
        Settings settings(file("f.conf"));
        settings.addKeyFile(a);
        QVERIFY(settings.keyFingerprint(a).isEmpty());
        settings.addKeyFile(a, QStringLiteral("aa11"));
        settings.addKeyFile(QStringLiteral("/keys/a.key"), QStringLiteral("bb22"));
        settings.addKeyFile(a); // used again
    }
    Settings settings(file("f.conf"));
    QCOMPARE(settings.keyFingerprint(QStringLiteral("/my keys/x/../a.key")), QStringLiteral("aa11"));
    QCOMPARE(settings.keyFingerprint(QStringLiteral("/keys/a.key")), QStringLiteral("bb22"));
    QVERIFY(settings.keyFingerprint(QStringLiteral("keys/a.key")).isEmpty()); // no part of a name
    settings.addKeyFile(a, QStringLiteral("cc33"));                           // another key in its place
    QCOMPARE(settings.keyFingerprint(a), QStringLiteral("cc33"));
    settings.forgetKeyFile(a);
    QVERIFY(settings.keyFingerprint(a).isEmpty());
    for (int i = 0; i < Settings::longestKeys; ++i) // pushed out
        settings.addKeyFile(QStringLiteral("/k/%1").arg(i), QStringLiteral("dd"));
    settings.addKeyFile(QStringLiteral("/k/0"), QStringLiteral("ee"));
    QVERIFY(settings.keyFingerprint(QStringLiteral("/keys/a.key")).isEmpty());
}

void TestSettings::savedLoginsAreNamesOnly()
{
    {
        Settings settings(file("e.conf"));
        QVERIFY(settings.savedLogins().isEmpty());
        settings.addSavedLogin(QStringLiteral("localhost:5000"), QStringLiteral("me"));
        settings.addSavedLogin(QStringLiteral("docker.io"), QStringLiteral("you"));
        settings.addSavedLogin(QStringLiteral("localhost:5000"), QStringLiteral("vendor"));
    }
    Settings settings(file("e.conf"));
    const QMap<QString, QString> all{{QStringLiteral("docker.io"), QStringLiteral("you")},
                                     {QStringLiteral("localhost:5000"), QStringLiteral("vendor")}};
    QCOMPARE(settings.savedLogins(), all);
    settings.removeSavedLogin(QStringLiteral("docker.io"));
    QCOMPARE(settings.savedLogins().keys(), QStringList{QStringLiteral("localhost:5000")});
}

// A key file is named by its path, and no group of settings comes of its slashes.
void TestSettings::passphrasesOfKeysAreAmongThem()
{
    const QString key = QStringLiteral("/home/me/my keys/100%\\k.key");
    {
        Settings settings(file("e.conf"));
        settings.addSavedLogin(key, QStringLiteral("passphrase"));
        settings.addSavedLogin(QStringLiteral("localhost:5000"), QStringLiteral("me"));
    }
    Settings settings(file("e.conf"));
    QCOMPARE(settings.savedLogins().keys(), (QStringList{key, QStringLiteral("localhost:5000")}));
    settings.removeSavedLogin(key);
    QCOMPARE(settings.savedLogins().keys(), QStringList{QStringLiteral("localhost:5000")});
}

void TestSettings::whomSignaturesAreBelievedFrom()
{
    const Settings::SignatureTrust trust{{QStringLiteral("/roots/a.pem"), QStringLiteral("/roots/b.pem")},
                                         QStringLiteral("/home/me/notation"),
                                         QStringLiteral("/home/me/notation/trustpolicy.json"),
                                         {QStringLiteral("dev@example.org"), QStringLiteral("CN=a, b;c,O=Acme")},
                                         {QStringLiteral("https://accounts.example.org")}};
    {
        Settings settings(file("e.conf"));
        QCOMPARE(settings.signatureTrust(), Settings::SignatureTrust());
        settings.setSignatureTrust(trust);
    }
    Settings settings(file("e.conf"));
    QCOMPARE(settings.signatureTrust(), trust);
    settings.setSignatureTrust({});
    QCOMPARE(settings.signatureTrust(), Settings::SignatureTrust());
}

void TestSettings::certificatesAreRememberedByServerAndFingerprint()
{
    const content::CertificateException first{QStringLiteral("registry.example"), 443, oci::Digest::of("a")};
    const content::CertificateException second{QStringLiteral("registry.example"), 5000, oci::Digest::of("a")};
    {
        Settings settings(file("e.conf"));
        settings.acceptCertificate(first);
        settings.acceptCertificate(second);
        settings.acceptCertificate(first);
    }
    Settings settings(file("e.conf"));
    QCOMPARE(settings.acceptedCertificates(), (QList<content::CertificateException>{first, second}));
    settings.forgetCertificate(first);
    QCOMPARE(settings.acceptedCertificates(), QList<content::CertificateException>{second});
}

void TestSettings::whatIsNoCertificateIsNotAccepted()
{
    QFile raw(file("f.conf"));
    QVERIFY(raw.open(QIODevice::WriteOnly));
    raw.write("[trust]\ncertificates=\"*\", \"registry.example=SHA256:\", \"=\"\n");
    raw.close();
    QVERIFY(Settings(file("f.conf")).acceptedCertificates().isEmpty());
}

QTEST_GUILESS_MAIN(TestSettings)
#include "tst_settings.moc"
