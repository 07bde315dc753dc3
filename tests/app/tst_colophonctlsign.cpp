// SPDX-License-Identifier: Apache-2.0
// `sign`, `verify` and signing pushes from outside: which manifests get a signature, where the passphrase comes from,
// and that neither it nor a password is ever printed.

#include "app/command.h"
#include "support/peers.h"

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
        QCOMPARE(namesIn(verified),
                 QStringLiteral("attestations digest reference signatures verdict").split(QLatin1Char(' ')));
        QCOMPARE(verified[QLatin1String("verdict")].toString(), QStringLiteral("verified"));
        QCOMPARE(
            namesIn(verified[QLatin1String("signatures")][0].toObject()),
            QStringLiteral("algorithm certificate digest form identity key reason verdict").split(QLatin1Char(' ')));
        const QJsonObject shown = m_command.json({QStringLiteral("inspect"), image("demo/app:1.0")});
        QCOMPARE(namesIn(shown[QLatin1String("attachments")][0].toObject()),
                 QStringLiteral("artifactType digest kind source").split(QLatin1Char(' ')));
        QCOMPARE(shown[QLatin1String("manifests")][0][QLatin1String("attachments")].toArray().size(), 1);
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

        const Ran made = command(fromStdin, "k3y-phrase\n");
        QVERIFY2(made.exitCode == 0, qPrintable(made.text()));
        QVERIFY2(made.out.contains("vendor.key") && made.out.contains("ECDSA P-256 · SHA256:"),
                 qPrintable(made.text()));
        QVERIFY(!made.text().contains(QLatin1String("k3y-phrase")));
        const Ran again = command(fromStdin, "other\n");
        QCOMPARE(again.exitCode, 2);
        QVERIFY2(again.err.contains("vendor.key exists already"), qPrintable(again.text()));

        const QStringList sign{QStringLiteral("sign"),          image("demo/app:1.0"),
                               QStringLiteral("--index-only"),  QStringLiteral("--key"),
                               prefix + QStringLiteral(".key"), QStringLiteral("--passphrase-stdin")};
        QCOMPARE(command(sign, "k3y-phrase\n").exitCode, 0);
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
        making.insert(QStringLiteral("COSIGN_PASSWORD"), QStringLiteral("k3y-phrase"));
        const QString prefix = command.home() + QStringLiteral("/k");
        const Ran made = test::run(
            cosign, {QStringLiteral("generate-key-pair"), QStringLiteral("--output-key-prefix"), prefix}, making);
        QVERIFY2(made.exitCode == 0, qPrintable(made.text()));
        const QStringList sign{QStringLiteral("sign"),      image("demo/app:1.0"),   QStringLiteral("--index-only"),
                               QStringLiteral("--verbose"), QStringLiteral("--key"), prefix + QStringLiteral(".key")};
        const QStringList fromStdin = sign + QStringList{QStringLiteral("--passphrase-stdin")};
        const auto check = [](const Ran &ran, int exitCode) {
            if (ran.exitCode == exitCode && !(ran.out + ran.err).contains("k3y-phrase") &&
                !(ran.out + ran.err).contains("wr0ng"))
                return true;
            qWarning("%s", qPrintable(ran.text()));
            return false;
        };
        QVERIFY(check(command(fromStdin, "k3y-phrase\n"), 0));
        QVERIFY(check(command(fromStdin, "k3y-phrase"), 0)); // no newline
        QVERIFY(check(command(fromStdin, "wr0ng\n"), 1));
        QVERIFY(check(command(fromStdin, ""), 2));
        QVERIFY(check(command(sign), 2)); // no terminal to ask on
        Command withVariable;
        withVariable.setVariable(QStringLiteral("COSIGN_PASSWORD"), QStringLiteral("k3y-phrase"));
        QVERIFY(check(withVariable(sign), 0));
        QVERIFY(check(withVariable(fromStdin, "wr0ng\n"), 1)); // what is said beats the environment

        demo::Options options;
        options.user = QStringLiteral("ann");
        options.password = QStringLiteral("s3cret");
        demo::DemoRegistry guarded(options);
        QVERIFY(guarded.start());
        QStringList both = fromStdin + QStringList{QStringLiteral("--username"), QStringLiteral("ann"),
                                                   QStringLiteral("--password-stdin")};
        both[1] = guarded.host() + QStringLiteral("/demo/app:1.0");
        const Ran ran = command(both, "s3cret\nk3y-phrase\n");
        QVERIFY(check(ran, 0));
        QVERIFY(!(ran.out + ran.err).contains("s3cret"));

        // And cosign agrees.
        const Ran verified = test::run(cosign,
                                       {QStringLiteral("verify"), QStringLiteral("--key"),
                                        prefix + QStringLiteral(".pub"), QStringLiteral("--insecure-ignore-tlog"),
                                        QStringLiteral("--private-infrastructure"), image("demo/app:1.0")},
                                       plain);
        QVERIFY2(verified.exitCode == 0, qPrintable(verified.text()));
    }
};

QTEST_GUILESS_MAIN(TestColophonctlSign)
#include "tst_colophonctlsign.moc"
