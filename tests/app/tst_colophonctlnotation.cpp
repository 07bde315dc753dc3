// SPDX-License-Identifier: Apache-2.0
// `--format notation` and verification by a trust policy from outside: whose certificates are used, that nothing moves
// with wrong ones, and what is said of signatures whoever is trusted.

#include "app/command.h"
#include "support/certificates/certificates.h"

#include <QDir>
#include <QFile>
#include <QTest>

using namespace colophon;
using test::CertificateWish;
using test::Command;
using test::MadeCertificate;
using test::makeCertificate;
using test::Ran;

class TestColophonctlNotation : public QObject
{
    Q_OBJECT

    QString image(const char *rest) const { return m_registry->host() + QLatin1Char('/') + QLatin1String(rest); }
    QString file(const QString &name, const QByteArray &bytes) const
    {
        const QString path = m_command.home() + QLatin1Char('/') + name;
        QDir().mkpath(QFileInfo(path).path());
        QFile out(path);
        if (!out.open(QIODevice::WriteOnly) || out.write(bytes) != bytes.size())
            qFatal("cannot write %s", qPrintable(path));
        return path;
    }
    // A trust store with this authority, and a policy that trusts it in everything.
    QStringList trusting(const MadeCertificate &authority) const
    {
        const QString store = file(QStringLiteral("trust/truststore/x509/ca/vendors/ca.pem"), authority.pem);
        const QString policy = file(
            QStringLiteral("trust/trustpolicy.json"),
            R"({"version":"1.0","trustPolicies":[{"name":"all","registryScopes":["*"],"signatureVerification":)"
            R"({"level":"strict"},"trustStores":["ca:vendors"],"trustedIdentities":["x509.subject: C=US, ST=WA, O=Notary"]}]})");
        return {QStringLiteral("--trust-store"), m_command.home() + QStringLiteral("/trust"),
                QStringLiteral("--trust-policy"), policy};
    }
    QStringList signing(const QByteArray &key, const QByteArray &chain) const
    {
        QStringList options{QStringLiteral("--format"), QStringLiteral("notation"), QStringLiteral("--key"),
                            file(QStringLiteral("leaf.key"), key)};
        if (!chain.isEmpty())
            options += {QStringLiteral("--cert"), file(QStringLiteral("chain.pem"), chain)};
        return options;
    }
    int attachments(const QString &reference) const
    {
        const QJsonObject shown = m_command.json({QStringLiteral("inspect"), reference});
        return static_cast<int>(shown[QLatin1String("attachments")].toArray().size());
    }

    std::unique_ptr<demo::DemoRegistry> m_registry;
    Command m_command;
    MadeCertificate m_root = makeCertificate(CertificateWish::authority("root"));
    MadeCertificate m_leaf = makeCertificate({.key = "P-384"}, &m_root);

private Q_SLOTS:
    void init()
    {
        m_registry = std::make_unique<demo::DemoRegistry>();
        QVERIFY(m_registry->start());
    }

    void signsAndVerifies()
    {
        const QString place = image("demo/app:1.0");
        const QJsonObject report = m_command.json(QStringList{QStringLiteral("sign"), place} +
                                                  signing(m_leaf.keyPem, m_leaf.pem + m_root.pem));
        QCOMPARE(report[QLatin1String("steps")].toArray().size(), 3); // both platforms, then the index
        const QJsonObject verified = m_command.json(QStringList{QStringLiteral("verify"), place} + trusting(m_root));
        QCOMPARE(verified[QLatin1String("verdict")].toString(), QStringLiteral("verified"));
        const QJsonObject one = verified[QLatin1String("signatures")][0].toObject();
        QCOMPARE(one[QLatin1String("form")].toString(), QStringLiteral("notation"));
        QCOMPARE(one[QLatin1String("algorithm")].toString(), QStringLiteral("ECDSA P-384, ES384"));
        QCOMPARE(one[QLatin1String("identity")].toString(), QStringLiteral("CN=leaf,O=Notary,ST=WA,C=US"));
        QCOMPARE(one[QLatin1String("certificate")][QLatin1String("issuer")].toString(),
                 QStringLiteral("CN=root,O=Notary,ST=WA,C=US"));
        QVERIFY(QDateTime::fromString(one[QLatin1String("signingTime")].toString(), Qt::ISODate).isValid());
        QVERIFY(one[QLatin1String("reason")].toString().endsWith(QLatin1String("Revocation was not checked.")));

        const Ran stranger = m_command(QStringList{QStringLiteral("verify"), place} +
                                       trusting(makeCertificate(CertificateWish::authority("root"))));
        QVERIFY2(stranger.exitCode == 5, qPrintable(stranger.text()));
        QVERIFY(stranger.out.contains("None of its certificates is in a trust store of statement “all”."));
        const Ran nobody = m_command({QStringLiteral("verify"), place});
        QVERIFY2(nobody.exitCode == 5, qPrintable(nobody.text()));
        QVERIFY(nobody.out.contains("no trust policy was given"));
        QVERIFY(!nobody.out.contains("verified:"));
    }

    void certificatesComeWithTheKey_data()
    {
        QTest::addColumn<QByteArray>("key");
        QTest::addColumn<QByteArray>("passphrase");
        const MadeCertificate middle = makeCertificate(CertificateWish::authority("middle"), &m_root);
        const MadeCertificate leaf = makeCertificate({}, &middle);
        QTest::newRow("in one PEM file") << leaf.keyPem + leaf.pem + middle.pem + m_root.pem << QByteArray();
        QTest::newRow("in a PKCS#12, in no order")
            << test::pkcs12Of(leaf, {m_root, middle}, "p12-phrase") << QByteArray("p12-phrase");
    }
    void certificatesComeWithTheKey()
    {
        QFETCH(QByteArray, key);
        QFETCH(QByteArray, passphrase);
        QStringList command = QStringList{QStringLiteral("sign"), image("demo/app:1.0")} + signing(key, {});
        if (!passphrase.isEmpty())
            command += QStringLiteral("--passphrase-stdin");
        const Ran ran = m_command(command, passphrase + '\n');
        QVERIFY2(ran.exitCode == 0, qPrintable(ran.text()));
        QVERIFY(!ran.text().contains(QLatin1String("p12-phrase")));
        QCOMPARE(m_command(QStringList{QStringLiteral("verify"), image("demo/app:1.0")} + trusting(m_root)).exitCode,
                 0);
    }

    void aSignedPushInSeveralForms()
    {
        const QString place = image("demo/app:1.0");
        const QStringList edit{QStringLiteral("mark"),     place,
                               QStringLiteral("--layer"),  QStringLiteral("2"),
                               QStringLiteral("--format"), QStringLiteral("cosign")};
        const Ran ran = m_command(edit + signing(m_leaf.keyPem, m_leaf.pem + m_root.pem));
        QVERIFY2(ran.exitCode == 0, qPrintable(ran.text()));
        const QJsonObject verified = m_command.json(QStringList{QStringLiteral("verify"), place} + trusting(m_root));
        QStringList forms;
        for (const QJsonValue each : verified[QLatin1String("signatures")].toArray())
            forms.append(each[QLatin1String("form")].toString() + u' ' + each[QLatin1String("verdict")].toString());
        forms.sort();
        QCOMPARE(forms,
                 (QStringList{QStringLiteral("cosign-bundle not-checked"), QStringLiteral("cosign-legacy not-checked"),
                              QStringLiteral("notation verified")}));
    }

    void nothingMovesWithWrongCertificates_data()
    {
        QTest::addColumn<QByteArray>("key");
        QTest::addColumn<QByteArray>("chain");
        QTest::addColumn<int>("exitCode");
        QTest::addColumn<QByteArray>("words");
        const auto row = [](const char *name, const QByteArray &key, const QByteArray &chain, int exitCode,
                            const char *words) {
            QTest::newRow(name) << key << chain << exitCode << QByteArray(words);
        };
        const MadeCertificate old = makeCertificate({.until = -60}, &m_root);
        const MadeCertificate server = makeCertificate({.purposes = "serverAuth"}, &m_root);
        row("none", m_leaf.keyPem, {}, 2, "A notation signature needs the certificate of its key.");
        row("another key's", m_leaf.keyPem, old.pem + m_root.pem, 2, " is not that of leaf.key ");
        row("expired", old.keyPem, old.pem + m_root.pem, 2, "“CN=leaf,O=Notary,ST=WA,C=US” expired on ");
        row("for servers", server.keyPem, server.pem + m_root.pem, 2,
            "is for TLS servers (extended key usage serverAuth)");
        row("without its root", m_leaf.keyPem, m_leaf.pem, 2, "The chain does not end in a self-signed root");
        row("no certificate", m_leaf.keyPem, m_leaf.keyPem, 1, "There is no certificate in chain.pem.");
    }
    void nothingMovesWithWrongCertificates()
    {
        QFETCH(QByteArray, key);
        QFETCH(QByteArray, chain);
        QFETCH(int, exitCode);
        QFETCH(QByteArray, words);
        const QString before = m_registry->digestOfTag(QStringLiteral("demo/app"), QStringLiteral("1.0"));
        for (const QStringList &verb :
             {QStringList{QStringLiteral("sign")},
              QStringList{QStringLiteral("mark"), QStringLiteral("--layer"), QStringLiteral("2")}}) {
            const Ran ran = m_command(verb + QStringList{image("demo/app:1.0")} + signing(key, chain));
            QVERIFY2(ran.exitCode == exitCode, qPrintable(ran.text()));
            QVERIFY2(ran.err.contains(words), ran.err.constData());
        }
        QCOMPARE(m_registry->digestOfTag(QStringLiteral("demo/app"), QStringLiteral("1.0")), before);
        QCOMPARE(attachments(image("demo/app:1.0")), 0);
    }

    void whomToTrustMustBeSaidWhole()
    {
        const QStringList verify{QStringLiteral("verify"), image("demo/app:1.0")};
        const QStringList all = trusting(m_root);
        QCOMPARE(m_command(verify + all.mid(0, 2)).exitCode, 2);
        QCOMPARE(m_command(verify + all.mid(2, 2)).exitCode, 2);
        QCOMPARE(m_command(verify + all).exitCode, 5); // unsigned
        file(QStringLiteral("trust/trustpolicy.json"), R"({"version":"1.0","trustPolicies":[],"x":1})");
        const Ran ran = m_command(verify + all);
        QVERIFY2(ran.exitCode == 1, qPrintable(ran.text()));
        QVERIFY(ran.err.contains("The trust policy trustpolicy.json: “x” is not understood."));
    }
};

QTEST_GUILESS_MAIN(TestColophonctlNotation)
#include "tst_colophonctlnotation.moc"
