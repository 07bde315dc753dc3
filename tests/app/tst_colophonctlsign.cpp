// SPDX-License-Identifier: Apache-2.0
// `sign`, `verify` and signing pushes from outside: which manifests get a signature, where the passphrase comes from,
// and that neither it nor a password is ever printed.

#include "app/command.h"
#include "support/canary/canary.h"
#include "support/peers.h"

#include <QDir>
#include <QFile>
#include <QTest>

using namespace colophon;
using test::Command;
using test::namesIn;
using test::Ran;

class TestColophonctlSign : public QObject
{
    Q_OBJECT

    QString image(const char *rest) const { return m_registry->host() + QLatin1Char('/') + QLatin1String(rest); }
    int signatures(const char *repository) const
    {
        return static_cast<int>(m_registry->tags(QLatin1String(repository)).filter(QStringLiteral(".sig")).size());
    }

    std::unique_ptr<demo::DemoRegistry> m_registry;
    Command m_command;

private Q_SLOTS:
    void init()
    {
        m_registry = std::make_unique<demo::DemoRegistry>();
        QVERIFY(m_registry->start());
    }

    void signsEveryPlatformAndTheIndex()
    {
        const QString before = m_registry->digestOfTag(QStringLiteral("demo/app"), QStringLiteral("1.0"));
        const QJsonObject report =
            m_command.json({QStringLiteral("sign"), image("demo/app:1.0"), QStringLiteral("--key"), test::demoKey()});
        QCOMPARE(namesIn(report), QStringLiteral("after before destination findings nodes pushed reference steps tags")
                                      .split(QLatin1Char(' ')));
        const QJsonArray steps = report[QLatin1String("steps")].toArray();
        QCOMPARE(steps.size(), 3);
        QCOMPARE(steps[2][QLatin1String("digest")].toString(), before); // children first
        QCOMPARE(steps[0][QLatin1String("kind")].toString(), QStringLiteral("signature"));
        QCOMPARE(steps[0][QLatin1String("outcome")].toString(), QStringLiteral("signed"));
        QCOMPARE(signatures("demo/app"), 3);
        QCOMPARE(m_registry->digestOfTag(QStringLiteral("demo/app"), QStringLiteral("1.0")), before);

        const QJsonObject verified = m_command.json(
            {QStringLiteral("verify"), image("demo/app:1.0"), QStringLiteral("--key"), test::demoPublicKey()});
        QCOMPARE(
            namesIn(verified),
            QStringLiteral("attestations caveat digest reason reference signatures verdict").split(QLatin1Char(' ')));
        QCOMPARE(verified[QLatin1String("verdict")].toString(), QStringLiteral("verified"));
        QCOMPARE(namesIn(verified[QLatin1String("signatures")][0].toObject()),
                 QStringLiteral("algorithm boundTo caveat certificate digest form identity key layer manifest reason "
                                "signingTime tag verdict")
                     .split(QLatin1Char(' ')));
        const QJsonObject shown = m_command.json({QStringLiteral("inspect"), image("demo/app:1.0")});
        QCOMPARE(namesIn(shown[QLatin1String("attachments")][0].toObject()),
                 QStringLiteral("artifactType digest kind source").split(QLatin1Char(' ')));
        QStringList kinds; // both forms, beside the SBOM it had
        for (const QJsonValue each : shown[QLatin1String("manifests")][0][QLatin1String("attachments")].toArray())
            kinds.append(each[QLatin1String("kind")].toString());
        QCOMPARE(kinds.count(QStringLiteral("signature")), 2);
        QCOMPARE(kinds.count(QStringLiteral("sbom")), 1);
    }

    void signsWhatIsAsked_data()
    {
        QTest::addColumn<QStringList>("options");
        QTest::addColumn<int>("count");
        QTest::newRow("the index") << QStringList{QStringLiteral("--index-only")} << 1;
        QTest::newRow("a platform") << QStringList{QStringLiteral("--platform"), QStringLiteral("linux/arm64")} << 1;
    }
    void signsWhatIsAsked()
    {
        QFETCH(QStringList, options);
        QFETCH(int, count);
        QCOMPARE(m_command(QStringList{QStringLiteral("sign"), image("demo/app:1.0"), QStringLiteral("--key"),
                                       test::demoKey()} +
                           options)
                     .exitCode,
                 0);
        QCOMPARE(signatures("demo/app"), count);
    }

    void writesTheFormsThatAreAsked_data()
    {
        QTest::addColumn<QStringList>("formats");
        QTest::addColumn<QStringList>("forms");
        const QString legacy = QStringLiteral("cosign-legacy");
        const QString bundle = QStringLiteral("cosign-bundle");
        QTest::newRow("by itself") << QStringList{} << QStringList{legacy, bundle};
        QTest::newRow("both") << QStringList{QStringLiteral("cosign")} << QStringList{legacy, bundle};
        QTest::newRow("the tag") << QStringList{legacy} << QStringList{legacy};
        QTest::newRow("the bundle") << QStringList{bundle} << QStringList{bundle};
        QTest::newRow("one after the other") << QStringList{legacy, bundle, legacy} << QStringList{legacy, bundle};
    }
    void writesTheFormsThatAreAsked()
    {
        QFETCH(QStringList, formats);
        QFETCH(QStringList, forms);
        QStringList sign{QStringLiteral("mark"), image("demo/app:1.0"),   QStringLiteral("--layer"),
                         QStringLiteral("2"),    QStringLiteral("--key"), test::demoKey()};
        for (const QString &format : formats)
            sign += {QStringLiteral("--format"), format};
        const QJsonObject planned = m_command.json(sign + QStringList{QStringLiteral("--dry-run")});
        const QJsonObject done = m_command.json(sign);
        for (const QJsonObject &report : {planned, done}) {
            int steps = 0;
            for (const QJsonValue step : report[QLatin1String("steps")].toArray()) {
                if (step[QLatin1String("kind")].toString() != QLatin1String("signature"))
                    continue;
                ++steps;
                const QString reason = step[QLatin1String("reason")].toString();
                QVERIFY2(reason.endsWith(QStringLiteral("(%1).").arg(forms.join(QStringLiteral(", ")))),
                         qPrintable(reason));
            }
            QCOMPARE(steps, 3);
        }
        QCOMPARE(signatures("demo/app"), forms.contains(QStringLiteral("cosign-legacy")) ? 3 : 0);
        const QJsonObject verified = m_command.json(
            {QStringLiteral("verify"), image("demo/app:1.0"), QStringLiteral("--key"), test::demoPublicKey()});
        QStringList found;
        for (const QJsonValue signature : verified[QLatin1String("signatures")].toArray()) {
            QCOMPARE(signature[QLatin1String("verdict")].toString(), QStringLiteral("verified"));
            found.append(signature[QLatin1String("form")].toString());
        }
        QCOMPARE(found, forms);
    }

    void aFormThatIsNone()
    {
        const QStringList sign{QStringLiteral("sign"), image("demo/app:1.0"), QStringLiteral("--key"), test::demoKey(),
                               QStringLiteral("--format")};
        QCOMPARE(m_command(sign + QStringList{QStringLiteral("gpg")}).exitCode, 2);
        // notation signs with certificates, and this key has none
        const Ran ran = m_command(sign + QStringList{QStringLiteral("notation")});
        QVERIFY2(ran.exitCode == 2 && ran.err.contains("certificate"), qPrintable(ran.text()));
        QCOMPARE(signatures("demo/app"), 0);
    }

    // With a key and its certificates in one file, and with the chain given beside it.
    void notationSignsAndVerifies_data()
    {
        QTest::addColumn<QStringList>("options");
        const QString keys = QStringLiteral(COLOPHON_TEST_DATA "/signing/keys/");
        QTest::newRow("PKCS#12") << QStringList{QStringLiteral("--key"), keys + QStringLiteral("p384-nopass.p12")};
        QTest::newRow("PEM") << QStringList{QStringLiteral("--key"), keys + QStringLiteral("chain-p384.pem")};
        QTest::newRow("the chain beside it")
            << QStringList{QStringLiteral("--key"), keys + QStringLiteral("raw-p384.pem"), QStringLiteral("--cert"),
                           keys + QStringLiteral("chain-p384.pem")};
    }
    void notationSignsAndVerifies()
    {
        QFETCH(QStringList, options);
        const Ran ran = m_command(QStringList{QStringLiteral("sign"), image("demo/app:1.0"), QStringLiteral("--format"),
                                              QStringLiteral("notation")} +
                                  options);
        QVERIFY2(ran.exitCode == 0, qPrintable(ran.text()));
        const QString folder = m_command.home() + QStringLiteral("/trust");
        QVERIFY(QDir().mkpath(folder + QStringLiteral("/truststore/x509/ca/here")));
        QFile chain(QStringLiteral(COLOPHON_TEST_DATA "/signing/keys/chain-p384.pem"));
        QVERIFY(chain.open(QIODevice::ReadOnly));
        const QByteArray text = chain.readAll();
        const auto write = [](const QString &path, const QByteArray &bytes) {
            QFile file(path);
            return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size();
        };
        QVERIFY(write(folder + QStringLiteral("/truststore/x509/ca/here/root.crt"),
                      text.mid(text.lastIndexOf("-----BEGIN"))));
        const QString policy = folder + QStringLiteral("/trustpolicy.json");
        QVERIFY(write(policy, R"({"version":"1.0","trustPolicies":[{"name":"all","registryScopes":["*"],)"
                              R"("signatureVerification":{"level":"strict"},"trustStores":["ca:here"],)"
                              R"("trustedIdentities":["*"]}]})"));
        const QStringList verify{QStringLiteral("verify"), image("demo/app:1.0")};
        const QStringList trust{QStringLiteral("--trust-store"), folder, QStringLiteral("--trust-policy"), policy};
        const QJsonObject verified = m_command.json(verify + trust);
        QCOMPARE(verified[QLatin1String("signatures")][0][QLatin1String("form")].toString(),
                 QStringLiteral("notation"));
        QVERIFY(!verified[QLatin1String("signatures")][0][QLatin1String("signingTime")].toString().isEmpty());
        QCOMPARE(m_command(verify).exitCode, 5);
        QCOMPARE(m_command(verify + trust.first(2)).exitCode, 2);
    }

    void aSignedPush()
    {
        const QStringList mark{QStringLiteral("mark"), image("demo/app:1.0"),   QStringLiteral("--layer"),
                               QStringLiteral("2"),    QStringLiteral("--key"), test::demoKey()};
        const Ran ran = m_command(mark);
        QVERIFY2(ran.exitCode == 0, qPrintable(ran.text()));
        QCOMPARE(signatures("demo/app"), 3);
        QCOMPARE(
            m_command({QStringLiteral("verify"), image("demo/app:1.0"), QStringLiteral("--key"), test::demoPublicKey()})
                .exitCode,
            0);
        QCOMPARE(m_command({QStringLiteral("verify"), image("demo/app:latest"), QStringLiteral("--key"),
                            test::demoPublicKey()})
                     .exitCode,
                 5);
    }

    // The signature cannot be written: the new image is there, but its tag names the old one still.
    void pushedButNotSigned()
    {
        demo::Options options;
        options.refusedTags = QStringLiteral("\\.sig$");
        demo::DemoRegistry registry(options);
        QVERIFY(registry.start());
        const QString before = registry.digestOfTag(QStringLiteral("demo/app"), QStringLiteral("1.0"));
        const QString place = registry.host() + QStringLiteral("/demo/app:1.0");
        const QStringList key{QStringLiteral("--key"), test::demoKey()};
        const Ran ran =
            m_command(QStringList{QStringLiteral("mark"), place, QStringLiteral("--layer"), QStringLiteral("2")} + key);
        QVERIFY2(ran.exitCode == 7, qPrintable(ran.text()));
        QCOMPARE(registry.digestOfTag(QStringLiteral("demo/app"), QStringLiteral("1.0")), before);
        QCOMPARE(m_command(QStringList{QStringLiteral("sign"), place} + key).exitCode, 6);
    }

    // One form was written, the other could not be: that is not signed as it was asked, and it is said which.
    void pushedButNotSignedInOneForm()
    {
        demo::Options options;
        options.referrersApi = false;
        options.refusedTags = QStringLiteral("^sha256-[0-9a-f]*$"); // the list of referrers
        demo::DemoRegistry registry(options);
        QVERIFY(registry.start());
        const QString before = registry.digestOfTag(QStringLiteral("demo/app"), QStringLiteral("1.0"));
        const QString place = registry.host() + QStringLiteral("/demo/app:1.0");
        const Ran ran = m_command({QStringLiteral("mark"), place, QStringLiteral("--layer"), QStringLiteral("2"),
                                   QStringLiteral("--key"), test::demoKey()});
        QVERIFY2(ran.exitCode == 7, qPrintable(ran.text()));
        QVERIFY2(ran.err.contains("but not signed: Written as cosign-legacy, but not as cosign-bundle: "),
                 qPrintable(ran.text()));
        QCOMPARE(registry.digestOfTag(QStringLiteral("demo/app"), QStringLiteral("1.0")), before);
    }

    // Not verified: another key, and no key at all.
    void saysNo()
    {
        QCOMPARE(m_command({QStringLiteral("sign"), image("demo/app:1.0"), QStringLiteral("--key"), test::demoKey()})
                     .exitCode,
                 0);
        const QString other = m_command.home() + QStringLiteral("/other.pub");
        QFile file(other);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("-----BEGIN PUBLIC KEY-----\n"
                   "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaxfR8uEsQkf4vOblY6RA8ncDfYEt\n"
                   "6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9Q==\n"
                   "-----END PUBLIC KEY-----\n"); // the base point of P-256
        file.close();
        const Ran failed = m_command({QStringLiteral("verify"), image("demo/app:1.0"), QStringLiteral("--key"), other});
        QVERIFY2(failed.exitCode == 5, qPrintable(failed.text()));
        QVERIFY(failed.out.startsWith("failed"));
        QCOMPARE(m_command({QStringLiteral("verify"), image("demo/app:1.0")}).exitCode, 5);
        QCOMPARE(m_command({QStringLiteral("verify"), image("demo/app:1.0"), QStringLiteral("--quiet"),
                            QStringLiteral("--key"), other})
                     .out,
                 QByteArray());
    }

    void aKeyThatIsNone()
    {
        const Ran missing = m_command(
            {QStringLiteral("sign"), image("demo/app:1.0"), QStringLiteral("--key"), QStringLiteral("/nonexistent")});
        QVERIFY2(missing.exitCode != 0 && missing.exitCode != 5, qPrintable(missing.text()));
        QVERIFY(missing.err.contains("/nonexistent"));
        QCOMPARE(
            m_command({QStringLiteral("sign"), image("demo/app:1.0"), QStringLiteral("--key"), test::demoPublicKey()})
                .exitCode,
            1);
        QCOMPARE(signatures("demo/app"), 0);
    }

    void aNewPairSignsAndVerifies()
    {
        const Command command;
        const QString prefix = command.home() + QStringLiteral("/vendor");
        const QStringList create{QStringLiteral("key"), QStringLiteral("create"), prefix};
        const QStringList fromStdin = create + QStringList{QStringLiteral("--passphrase-stdin")};
        const Ran asked = command(create); // there is no terminal
        QVERIFY2(asked.exitCode == 2, qPrintable(asked.text()));
        QVERIFY2(command(fromStdin).exitCode == 2, "stdin is empty");
        QVERIFY(!QFile::exists(prefix + QStringLiteral(".key")) && !QFile::exists(prefix + QStringLiteral(".pub")));

        const Ran made = command(fromStdin, COLOPHON_CANARY "\n");
        QVERIFY2(made.exitCode == 0, qPrintable(made.text()));
        QVERIFY2(made.out.contains("vendor.key") && made.out.contains("ECDSA P-256 · SHA256:"),
                 qPrintable(made.text()));
        QVERIFY(!made.text().contains(QLatin1String(COLOPHON_CANARY)));
        const Ran again = command(fromStdin, COLOPHON_CANARY "-other\n");
        QCOMPARE(again.exitCode, 2);
        QVERIFY2(again.err.contains("vendor.key exists already"), qPrintable(again.text()));

        const QStringList sign{QStringLiteral("sign"),          image("demo/app:1.0"),
                               QStringLiteral("--index-only"),  QStringLiteral("--key"),
                               prefix + QStringLiteral(".key"), QStringLiteral("--passphrase-stdin")};
        QCOMPARE(command(sign, COLOPHON_CANARY "\n").exitCode, 0);
        QCOMPARE(command({QStringLiteral("verify"), image("demo/app:1.0"), QStringLiteral("--key"),
                          prefix + QStringLiteral(".pub")})
                     .exitCode,
                 0);
    }

    // A key of cosign's own with a passphrase: from stdin, from the environment, behind the password; a wrong one;
    // none.
    void passphrases()
    {
        COLOPHON_NEED_PEER("cosign");
        const QString cosign = test::peer(QStringLiteral("cosign"));
        Command command;
        const QProcessEnvironment plain = command.environment();
        QProcessEnvironment making = plain;
        making.insert(QStringLiteral("COSIGN_PASSWORD"), QStringLiteral(COLOPHON_CANARY));
        const QString prefix = command.home() + QStringLiteral("/k");
        const Ran made = test::run(
            cosign, {QStringLiteral("generate-key-pair"), QStringLiteral("--output-key-prefix"), prefix}, making);
        QVERIFY2(made.exitCode == 0, qPrintable(made.text()));
        const QStringList sign{QStringLiteral("sign"),      image("demo/app:1.0"),   QStringLiteral("--index-only"),
                               QStringLiteral("--verbose"), QStringLiteral("--key"), prefix + QStringLiteral(".key")};
        const QStringList fromStdin = sign + QStringList{QStringLiteral("--passphrase-stdin")};
        const auto check = [](const Ran &ran, int exitCode) {
            if (ran.exitCode == exitCode && test::canaryIn(ran.out + ran.err).isEmpty())
                return true;
            qWarning("%s", qPrintable(ran.text()));
            return false;
        };
        QVERIFY(check(command(fromStdin, COLOPHON_CANARY "\n"), 0));
        QVERIFY(check(command(fromStdin, COLOPHON_CANARY), 0)); // no newline
        QVERIFY(check(command(fromStdin, COLOPHON_CANARY "-wrong\n"), 1));
        QVERIFY(check(command(fromStdin, ""), 2));
        QVERIFY(check(command(sign), 2)); // no terminal to ask on
        Command withVariable;
        withVariable.setVariable(QStringLiteral("COSIGN_PASSWORD"), QStringLiteral(COLOPHON_CANARY));
        QVERIFY(check(withVariable(sign), 0));
        QVERIFY(check(withVariable(fromStdin, COLOPHON_CANARY "-wrong\n"), 1)); // what is said beats the environment

        demo::Options options;
        options.user = QStringLiteral("ann");
        options.password = QStringLiteral(COLOPHON_CANARY "-registry");
        demo::DemoRegistry guarded(options);
        QVERIFY(guarded.start());
        QStringList both = fromStdin + QStringList{QStringLiteral("--username"), QStringLiteral("ann"),
                                                   QStringLiteral("--password-stdin")};
        both[1] = guarded.host() + QStringLiteral("/demo/app:1.0");
        const Ran ran = command(both, COLOPHON_CANARY "-registry\n" COLOPHON_CANARY "\n");
        QVERIFY(check(ran, 0));

        // And cosign agrees.
        const Ran verified =
            test::run(cosign,
                      {QStringLiteral("verify"), QStringLiteral("--key"), prefix + QStringLiteral(".pub"),
                       QStringLiteral("--insecure-ignore-tlog"), QStringLiteral("--trusted-root"),
                       QStringLiteral(COLOPHON_TEST_DATA "/signing/trusted-root-empty.json"), image("demo/app:1.0")},
                      plain);
        QVERIFY2(verified.exitCode == 0, qPrintable(verified.text()));
    }
};

QTEST_GUILESS_MAIN(TestColophonctlSign)
#include "tst_colophonctlsign.moc"
