// SPDX-License-Identifier: Apache-2.0
#include "registry/trust/certificatefolders.h"

#include "support/canary/canary.h"
#include "support/faultserver/testauthority.h"

#include <QDir>
#include <QFile>
#include <QSslCertificate>
#include <QTest>

using namespace colophon;
using registry::trust::CertificateFolders;
using test::TestAuthority;

class TestCertificateFolders : public QObject
{
    Q_OBJECT

private:
    TestAuthority m_authority;
    std::unique_ptr<QTemporaryDir> m_first;
    std::unique_ptr<QTemporaryDir> m_second;

    void putAuthority(const QTemporaryDir &folder, const QString &host)
    {
        QDir(folder.path()).mkpath(host);
        QVERIFY(QFile::copy(m_authority.caFile(), folder.filePath(host + QStringLiteral("/ca.crt"))));
    }

    void putFile(const QString &name, const QByteArray &bytes = "x")
    {
        QDir(m_first->path()).mkpath(QStringLiteral("registry.example"));
        QFile file(m_first->filePath(QStringLiteral("registry.example/") + name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(bytes);
    }

    CertificateFolders folders() const { return CertificateFolders({m_first->path(), m_second->path()}); }

private Q_SLOTS:
    void init()
    {
        m_first = std::make_unique<QTemporaryDir>();
        m_second = std::make_unique<QTemporaryDir>();
    }

    void hostsAreAsTyped_data()
    {
        QTest::addColumn<QString>("folder");
        QTest::addColumn<QString>("registry");
        QTest::addColumn<bool>("isFound");
        const auto row = [](const char *folder, const char *registry, bool isFound) {
            QTest::newRow(qPrintable(QStringLiteral("%1 for %2").arg(QLatin1String(folder), QLatin1String(registry))))
                << QString::fromLatin1(folder) << QString::fromLatin1(registry) << isFound;
        };
        row("registry.example", "registry.example", true);
        row("registry.example:5000", "registry.example:5000", true);
        row("registry.example", "registry.example:443", false);
        row("registry.example:443", "registry.example", false);
        row("registry.example", "a.registry.example", false);
        row("docker.io", "docker.io", true);
        row("registry-1.docker.io", "docker.io", false);
        row("[::1]:5000", "[::1]:5000", true);
        row("a/b", "a/b", false);
    }

    void hostsAreAsTyped()
    {
        QFETCH(QString, folder);
        QFETCH(QString, registry);
        QFETCH(bool, isFound);
        putAuthority(*m_first, folder);
        auto all = folders();
        const auto material = all.ofRegistry(registry);
        QVERIFY(material);
        QCOMPARE(*material != nullptr, isFound);
        if (isFound)
            QCOMPARE((*material)->authorities.size(), 1);
    }

    void theFirstFolderWithTheHostCounts()
    {
        QDir(m_first->path()).mkpath(QStringLiteral("registry.example"));
        putAuthority(*m_second, QStringLiteral("registry.example"));
        putAuthority(*m_second, QStringLiteral("other.example"));
        auto all = folders();
        QVERIFY(!*all.ofRegistry(QStringLiteral("registry.example"))); // empty, and still the first
        QVERIFY(*all.ofRegistry(QStringLiteral("other.example")));
    }

    void whoWeAreIsForTheRegistryAlone()
    {
        putAuthority(*m_first, QStringLiteral("registry.example"));
        m_authority.write(TestAuthority::Kind::Client, m_first->filePath(QStringLiteral("registry.example")),
                          QStringLiteral("client"));
        auto all = folders();
        const auto own = all.ofRegistry(QStringLiteral("registry.example"));
        QVERIFY2(own, own ? "" : qPrintable(own.error().text()));
        QCOMPARE((*own)->chain.size(), 1);
        QVERIFY(!(*own)->key.isNull());
        for (const QString &namedBy : {QStringLiteral("registry.example"), QString()}) {
            const auto place = all.ofPlace(QStringLiteral("registry.example"), 443, namedBy);
            QVERIFY(place && *place);
            QVERIFY((*place)->chain.isEmpty());
            QVERIFY((*place)->key.isNull());
            QVERIFY(!(*place)->authorities.isEmpty());
        }
        const auto token = all.ofPlace(QStringLiteral("auth.example"), 443, QStringLiteral("registry.example"));
        QVERIFY(token && *token); // its registry's authority is asked for it, too
        QVERIFY((*token)->chain.isEmpty());
        QCOMPARE(*all.ofPlace(QStringLiteral("auth.example"), 443, QStringLiteral("registry.example")), *token);
    }

    void saysWhatIsMissing_data()
    {
        QTest::addColumn<QStringList>("files");
        QTest::addColumn<QString>("named");
        QTest::newRow("key") << QStringList{QStringLiteral("client.cert")} << QStringLiteral("client.key");
        QTest::newRow("certificate") << QStringList{QStringLiteral("client.key")} << QStringLiteral("client.cert");
        QTest::newRow("no certificate in it") << QStringList{QStringLiteral("ca.crt")} << QStringLiteral("ca.crt");
        QTest::newRow("no client certificate in it")
            << QStringList{QStringLiteral("client.cert"), QStringLiteral("client.key")}
            << QStringLiteral("client.cert");
    }

    void saysWhatIsMissing()
    {
        QFETCH(QStringList, files);
        QFETCH(QString, named);
        for (const QString &file : files)
            putFile(file);
        auto all = folders();
        const auto material = all.ofRegistry(QStringLiteral("registry.example"));
        QVERIFY(!material);
        QCOMPARE(material.error().kind, base::ErrorKind::Tls);
        QVERIFY2(material.error().message.contains(named), qPrintable(material.error().message));
    }

    void aKeyThatIsNone()
    {
        putFile(QStringLiteral("client.cert"), m_authority.issue(TestAuthority::Kind::Client).certificate);
        putFile(QStringLiteral("client.key"), COLOPHON_CANARY);
        auto all = folders();
        const auto material = all.ofRegistry(QStringLiteral("registry.example"));
        QVERIFY(!material);
        QVERIFY(material.error().message.contains(QStringLiteral("client.key")));
        QVERIFY(test::canaryIn(material.error().text().toUtf8()).isEmpty());
    }

    void otherFilesAreNoMatter()
    {
        putFile(QStringLiteral("README"));
        auto all = folders();
        const auto material = all.ofRegistry(QStringLiteral("registry.example"));
        QVERIFY(material);
        QVERIFY(!*material);
    }

    void namesLeadNowhereElse()
    {
        putAuthority(*m_first, QStringLiteral("registry.example"));
        CertificateFolders all({m_first->filePath(QStringLiteral("registry.example"))});
        QVERIFY(!*all.ofRegistry(QStringLiteral("..")));
        QVERIFY(!*all.ofRegistry(QStringLiteral(".")));
        QVERIFY(!*all.ofRegistry(QString()));
    }
};

QTEST_GUILESS_MAIN(TestCertificateFolders)
#include "tst_certificatefolders.moc"
