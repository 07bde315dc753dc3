// SPDX-License-Identifier: Apache-2.0
// `verify --cert-roots` from outside: who may have signed has to be said, and nobody else passes.

#include "app/command.h"
#include "registry/client.h"
#include "signing/keyless.h"
#include "support/await.h"

#include <QFile>
#include <QTest>

using namespace colophon;
using test::Command;
using test::Ran;

class TestColophonctlVerify : public QObject
{
    Q_OBJECT

    demo::DemoRegistry m_registry;
    Command m_command;
    QStringList m_verify;

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY(m_registry.start());
        const QString image = m_registry.host() + QStringLiteral("/demo/app:1.0");
        const test::MadeCertificate root = test::makeCertificate(test::CertificateWish::authority("root"));
        const test::MadeCertificate leaf = test::makeCertificate(
            test::keylessWish("email:dev@example.org,URI:https://git.example/release.yml@refs/tags/v1"), &root);
        registry::Client client;
        const content::TargetPtr target = client.target(*oci::Reference::parse(image));
        const auto subject = test::await(target->resolve(QStringLiteral("1.0"), {}));
        QVERIFY(subject);
        test::attachKeyless(target, *subject, leaf);
        QFile roots(m_command.home() + QStringLiteral("/roots.pem"));
        QVERIFY(roots.open(QIODevice::WriteOnly));
        roots.write(root.pem);
        m_verify = QStringList{QStringLiteral("verify"), image, QStringLiteral("--cert-roots"), roots.fileName()};
    }

    void whoSignedHasToBeNamed()
    {
        const Ran ran = m_command(m_verify);
        QCOMPARE(ran.exitCode, 2);
        QVERIFY2(ran.err.contains("--cert-roots needs --cert-identity") && ran.err.contains("anybody pass"),
                 qPrintable(ran.text()));
        for (const char *option : {"--cert-identity", "--cert-issuer"}) {
            const Ran alone = m_command(m_verify.first(2) + QStringList{QLatin1String(option), QStringLiteral("x")});
            QCOMPARE(alone.exitCode, 2);
            QVERIFY2(alone.err.contains("need --cert-roots"), qPrintable(alone.text()));
        }
        QCOMPARE(m_command(m_verify + QStringList{QStringLiteral("--cert-issuer"), QStringLiteral("x")}).exitCode, 2);
    }

    void whoSigned_data()
    {
        QTest::addColumn<QStringList>("options");
        QTest::addColumn<QString>("identity"); // that passes; empty: nobody does
        QTest::addColumn<QString>("says");
        const auto identity = [](const char *text) {
            return QStringList{QStringLiteral("--cert-identity"), QString::fromLatin1(text)};
        };
        const auto issuer = [](const char *text) {
            return QStringList{QStringLiteral("--cert-issuer"), QString::fromLatin1(text)};
        };
        const QString dev = QStringLiteral("dev@example.org");
        const QString workflow = QStringLiteral("https://git.example/release.yml@refs/tags/v1");
        const QString leads = QStringLiteral("leads to a trusted root");
        const QString not1 = QStringLiteral("not of one who may sign: dev@example.org (vouched for by");
        QTest::newRow("a mail address") << identity("dev@example.org") << dev << leads;
        QTest::newRow("a URI") << identity("https://git.example/release.yml@refs/tags/v1") << workflow << leads;
        QTest::newRow("one of two") << identity("x@example.org") + identity("dev@example.org") << dev << leads;
        QTest::newRow("and its provider")
            << identity("dev@example.org") + issuer("https://accounts.example.org") << dev << leads;
        QTest::newRow("another provider")
            << identity("dev@example.org") + issuer("https://evil.example") << QString() << not1;
        QTest::newRow("somebody else") << identity("dev@example.com") << QString() << not1;
        QTest::newRow("anybody") << identity("*") << dev << QStringLiteral("Anybody they vouch for passes");
    }
    void whoSigned()
    {
        QFETCH(QStringList, options);
        QFETCH(QString, identity);
        QFETCH(QString, says);
        const QJsonObject report = m_command.json(m_verify + options, identity.isEmpty() ? 5 : 0);
        const QJsonObject signature = report[QLatin1String("signatures")][0].toObject();
        QVERIFY2(signature[QLatin1String("reason")].toString().contains(says),
                 qPrintable(signature[QLatin1String("reason")].toString()));
        QCOMPARE(report[QLatin1String("verdict")].toString(),
                 identity.isEmpty() ? QStringLiteral("failed") : QStringLiteral("verified"));
        QCOMPARE(signature[QLatin1String("certificate")][QLatin1String("issuer")].toString(),
                 QStringLiteral("https://accounts.example.org"));
        if (!identity.isEmpty())
            QCOMPARE(signature[QLatin1String("certificate")][QLatin1String("identity")].toString(), identity);
    }
};

QTEST_GUILESS_MAIN(TestColophonctlVerify)
#include "tst_colophonctlverify.moc"
