// SPDX-License-Identifier: Apache-2.0
// The command from outside: what it reads, which exit codes it gives, the shape of its JSON, and what must never be in
// what it prints.

#include "app/command.h"
#include "oci/digest.h"
#include "support/dockerregistry/dockerregistry.h"

#include <QElapsedTimer>
#include <QProcess>
#include <QRegularExpression>
#include <QTest>

#include <csignal>

using namespace colophon;
using test::Command;
using test::namesIn;
using test::objectIn;
using test::Ran;

class TestColophonctl : public QObject
{
    Q_OBJECT

    QString image(const char *rest) const { return m_registry->host() + QLatin1Char('/') + QLatin1String(rest); }
    // "@app" and the like in test tables become references of the demo registry.
    QStringList filledIn(QStringList arguments) const
    {
        for (QString &each : arguments)
            each.replace(QLatin1Char('@'), m_registry->host() + QStringLiteral("/demo/"));
        return arguments;
    }

    std::unique_ptr<demo::DemoRegistry> m_registry;
    Command m_command;

private Q_SLOTS:
    void initTestCase()
    {
        m_registry = std::make_unique<demo::DemoRegistry>();
        QVERIFY2(m_registry->start(), qPrintable(m_registry->errorString()));
    }

    void exitCodes_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("exitCode");
        const auto row = [](const char *name, const char *arguments, int exitCode) {
            QTest::newRow(name) << QString::fromLatin1(arguments).split(QLatin1Char(' '), Qt::SkipEmptyParts)
                                << exitCode;
        };
        row("done", "inspect @app:1.0", 0);
        row("help", "--help", 0);
        row("help of a verb", "mark --help", 0);
        row("version", "--version", 0);
        row("tags", "tags @app", 0);
        row("probe", "probe @windows:ltsc", 0);
        row("probe with nothing to ask", "probe @app:1.0", 0);
        row("an option before the verb", "--quiet inspect @app:1.0", 0);
        row("an option after the verb", "inspect @app:1.0 --quiet --jobs 2 --timeout 5", 0);
        row("no registry there", "inspect 127.0.0.1:1/a:1", 1);
        row("nothing said", "", 2);
        row("no such verb", "frobnicate @app:1.0", 2);
        row("a verb of later", "copy @app:1.0 @copy:1", 2);
        row("an option of later", "inspect @app:1.0 --attachments", 2);
        row("a missing credential file", "inspect @app:1.0 --authfile /nonexistent", 2);
        row("a format of later", "sign @app:1.0 --key k --format cosign", 2);
        row("no reference", "inspect", 2);
        row("a bad reference", "inspect @App:1.0:2", 2);
        row("a word too many", "inspect @app:1.0 @app:1.0", 2);
        row("no layers", "mark @app:1.0", 2);
        row("nothing to change", "edit @app:1.0", 2);
        row("no file", "blob @app:1.0 --layer 0", 2);
        row("no layer", "blob @app:1.0 -o /tmp/x", 2);
        row("jobs of none", "inspect @app:1.0 --jobs 0", 2);
        row("a bad platform", "inspect @app:1.0 --platform linux", 2);
        row("a platform that is not there", "inspect @app:1.0 --platform plan9/mips", 2);
        row("an ambiguous platform", "inspect @windows:ltsc --platform windows/amd64", 2);
        row("a layer that is not there", "mark @app:1.0 --layer 17", 2);
        row("no foreign layer", "unmark @app:1.0 --layer foreign", 2);
        row("a digest nobody has", "mark @app:1.0 --layer sha256:0123456789", 2);
        row("an address that is none", "mark @app:1.0 --layer 0 --url ftp://a/b", 2);
        row("an unknown placeholder", "mark @app:1.0 --layer 0 --url http://a/{what}", 2);
        row("a destination by digest",
            "mark @app:1.0 --layer 0 --to @app@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            2);
        row("a password without a name", "inspect @app:1.0 --password-stdin", 2);
        row("a passphrase without a key", "mark @app:1.0 --layer 0 --passphrase-stdin", 2);
        row("a missing authority file", "inspect @app:1.0 --ca-file /nonexistent", 2);
        row("listening everywhere", "demo --listen 0.0.0.0:0", 2);
        row("listening nowhere", "demo --listen nowhere", 2);
        row("no such tag", "inspect @app:9", 3);
        row("no such repository", "tags @nothing", 3);
        row("unsigned", "verify @app:1.0", 5);
        row("an address that wants credentials",
            "mark @app:1.0 --layer 0 --url http://127.0.0.1:PORT/cdn/members-only/layer", 6);
        row("an address that is dead", "mark @app:1.0 --layer 0 --url http://127.0.0.1:PORT/cdn/nothing", 6);
    }
    void exitCodes()
    {
        QFETCH(QStringList, arguments);
        QFETCH(int, exitCode);
        if (exitCode == 2)
            for (QString &each : arguments) // the digest's @ is no demo
                if (each.contains(QLatin1String("@sha256")))
                    each.replace(QLatin1String("@sha256"), QStringLiteral("\x01"));
        QStringList filled = filledIn(arguments);
        filled.replaceInStrings(QStringLiteral("\x01"), QStringLiteral("@sha256"));
        filled.replaceInStrings(QStringLiteral("PORT"), QString::number(m_registry->port()));
        const QString before = m_registry->digestOfTag(QStringLiteral("demo/app"), QStringLiteral("1.0"));

        const Ran ran = m_command(filled);
        QVERIFY2(ran.exitCode == exitCode, qPrintable(ran.text()));
        if (exitCode == 0 || exitCode == 5) {
            QVERIFY2(ran.err.isEmpty(), ran.err.constData());
        } else {
            QVERIFY2(ran.out.isEmpty(), ran.out.constData());
            QVERIFY2(ran.err.startsWith("colophonctl: "), ran.err.constData());
        }
        QVERIFY2(!ran.err.contains('\x1b'), "an escape sequence although stderr is no terminal");
        QCOMPARE(m_registry->digestOfTag(QStringLiteral("demo/app"), QStringLiteral("1.0")), before);
    }

    // The same failures with --json: nothing on stdout, the error's form on stderr.
    void errorsAsJson_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("kind");
        QTest::addColumn<QString>("side");
        QTest::newRow("usage") << QStringList{QStringLiteral("frobnicate")} << QStringLiteral("usage") << QString();
        QTest::newRow("not found") << QStringList{QStringLiteral("inspect"), QStringLiteral("@app:9")}
                                   << QStringLiteral("not-found") << QStringLiteral("source");
        QTest::newRow("network") << QStringList{QStringLiteral("inspect"), QStringLiteral("127.0.0.1:1/a:1")}
                                 << QStringLiteral("network") << QStringLiteral("source");
        QTest::newRow("a port that is taken")
            << QStringList{QStringLiteral("demo"), QStringLiteral("--listen"), m_registry->host()}
            << QStringLiteral("failed") << QString();
    }
    void errorsAsJson()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QString, kind);
        QFETCH(QString, side);
        for (const bool first : {true, false}) {
            QStringList all = filledIn(arguments);
            all.insert(first ? 0 : all.size(), QStringLiteral("--json"));
            const Ran ran = m_command(all);
            QVERIFY(ran.out.isEmpty());
            const QJsonObject error = objectIn(ran.err)[QLatin1String("error")].toObject();
            QCOMPARE(namesIn(error),
                     QStringLiteral("hint httpStatus kind message operation side wireCode").split(QLatin1Char(' ')));
            QCOMPARE(error[QLatin1String("kind")].toString(), kind);
            QCOMPARE(error[QLatin1String("side")].toString(), side);
            QVERIFY(!error[QLatin1String("message")].toString().isEmpty());
            for (const QString &name : namesIn(error)) // what is not known is null, never an empty string
                QVERIFY2(error[name].isNull() || !error[name].isString() || !error[name].toString().isEmpty(),
                         qPrintable(name));
        }
    }

    void inspectsAManifest()
    {
        const QJsonObject report = m_command.json({QStringLiteral("inspect"), image("demo/half-marked:1")});
        QCOMPARE(namesIn(report), QStringLiteral("annotations attachments config digest findings kind layers mediaType "
                                                 "platform reference role size subject")
                                      .split(QLatin1Char(' ')));
        QCOMPARE(report[QLatin1String("reference")].toString(), image("demo/half-marked:1"));
        QCOMPARE(report[QLatin1String("kind")].toString(), QStringLiteral("manifest"));
        QCOMPARE(report[QLatin1String("digest")].toString(),
                 m_registry->digestOfTag(QStringLiteral("demo/half-marked"), QStringLiteral("1")));
        QCOMPARE(report[QLatin1String("platform")].toObject(),
                 (QJsonObject{{QStringLiteral("os"), QStringLiteral("linux")},
                              {QStringLiteral("architecture"), QStringLiteral("amd64")}}));
        QCOMPARE(namesIn(report[QLatin1String("config")].toObject()),
                 QStringLiteral("architecture created digest mediaType os size").split(QLatin1Char(' ')));
        const QJsonArray layers = report[QLatin1String("layers")].toArray();
        QCOMPARE(layers.size(), 4);
        const QJsonObject layer = layers[2].toObject();
        QCOMPARE(
            namesIn(layer),
            QStringLiteral("annotations createdBy digest index marking mediaType size urls").split(QLatin1Char(' ')));
        QCOMPARE(layer[QLatin1String("index")].toInt(), 2);
        QCOMPARE(layer[QLatin1String("marking")].toString(), QStringLiteral("half-marked"));
        QCOMPARE(layer[QLatin1String("urls")].toArray().size(), 1);
        QVERIFY(layer[QLatin1String("createdBy")].toString().contains(QLatin1String("vendor-driver-installer")));
        const QJsonObject finding = report[QLatin1String("findings")][0].toObject();
        QCOMPARE(namesIn(finding), QStringLiteral("code message path severity").split(QLatin1Char(' ')));
        QCOMPARE(finding[QLatin1String("code")].toString(), QStringLiteral("half-marked"));
        QCOMPARE(finding[QLatin1String("path")].toString(), QStringLiteral("/layers/2"));
    }

    void inspectsAnIndex()
    {
        const QJsonObject report = m_command.json({QStringLiteral("inspect"), image("demo/windows:ltsc")});
        QCOMPARE(report[QLatin1String("kind")].toString(), QStringLiteral("index"));
        QVERIFY(!report.contains(QLatin1String("layers")));
        const QJsonArray manifests = report[QLatin1String("manifests")].toArray();
        QCOMPARE(manifests.size(), 2);
        const QJsonObject child = manifests[1].toObject();
        QCOMPARE(child[QLatin1String("platform")].toObject(),
                 (QJsonObject{{QStringLiteral("os"), QStringLiteral("windows")},
                              {QStringLiteral("architecture"), QStringLiteral("amd64")},
                              {QStringLiteral("os.version"), QStringLiteral("10.0.20348.2762")}}));
        QCOMPARE(child[QLatin1String("layers")][0][QLatin1String("marking")].toString(),
                 QStringLiteral("non-distributable"));

        const QJsonObject picked =
            m_command.json({QStringLiteral("inspect"), image("demo/windows:ltsc"), QStringLiteral("--platform"),
                            QStringLiteral("windows(10.0.20348.2762)/amd64")});
        QCOMPARE(picked[QLatin1String("digest")], child[QLatin1String("digest")]);
        QCOMPARE(picked[QLatin1String("kind")].toString(), QStringLiteral("manifest"));
    }

    // The bytes, to the last one: their digest is the digest.
    void rawIsExact()
    {
        const Ran whole = m_command({QStringLiteral("inspect"), image("demo/windows:ltsc"), QStringLiteral("--raw")});
        QCOMPARE(oci::Digest::of(whole.out).toString(),
                 m_registry->digestOfTag(QStringLiteral("demo/windows"), QStringLiteral("ltsc")));
        const Ran child = m_command({QStringLiteral("inspect"), image("demo/app:1.0"), QStringLiteral("--raw"),
                                     QStringLiteral("--platform"), QStringLiteral("linux/arm64")});
        const QJsonObject index =
            objectIn(m_command({QStringLiteral("inspect"), image("demo/app:1.0"), QStringLiteral("--raw")}).out);
        QCOMPARE(oci::Digest::of(child.out).toString(),
                 index[QLatin1String("manifests")][1][QLatin1String("digest")].toString());
    }

    void listsTags()
    {
        QCOMPARE(m_command({QStringLiteral("tags"), image("demo/app")}).out, QByteArray("1.0\nlatest\n"));
        QCOMPARE(m_command.json({QStringLiteral("tags"), image("demo/app")}),
                 (QJsonObject{{QStringLiteral("repository"), image("demo/app")},
                              {QStringLiteral("tags"), QJsonArray{QStringLiteral("1.0"), QStringLiteral("latest")}}}));
    }

    void probes()
    {
        const QJsonObject report =
            m_command.json({QStringLiteral("probe"), image("demo/windows:ltsc"), QStringLiteral("--digest")});
        const QJsonArray urls = report[QLatin1String("urls")].toArray();
        QCOMPARE(urls.size(), 2);
        const QJsonObject first = urls[0].toObject();
        QCOMPARE(namesIn(first), QStringLiteral("anonymous answeredBy digest httpStatus layer meaning plainHttp reach "
                                                "reason redirects size url verdict")
                                     .split(QLatin1Char(' ')));
        QCOMPARE(first[QLatin1String("verdict")].toString(), QStringLiteral("reachable"));
        QCOMPARE(first[QLatin1String("layer")].toString(), QStringLiteral("/manifests/0/layers/0"));
        QCOMPARE(first[QLatin1String("anonymous")].toBool(), true);
        QVERIFY(first[QLatin1String("digest")].toString().startsWith(QLatin1String("sha256:")));
        for (const demo::RequestSeen &each : m_registry->requests())
            QVERIFY(!each.target.startsWith(QLatin1String("/cdn/")) || !each.hadAuthorization);
    }

    // A layer that is to be fetched from elsewhere and does not say from where is an address that is dead.
    void probesALayerWithoutAnAddress()
    {
        const QString lost = image("demo/unfetchable:1");
        const Ran text = m_command({QStringLiteral("probe"), lost});
        QCOMPARE(text.exitCode, 5);
        QCOMPARE(text.out, QByteArray("The layer /layers/2 is non-distributable and names no address: nobody knows "
                                      "where to fetch it.\n"));
        const QJsonObject report = m_command.json({QStringLiteral("probe"), lost}, 5);
        QCOMPARE(report[QLatin1String("unfetchable")].toArray(), QJsonArray{QStringLiteral("/layers/2")});
        QVERIFY(report[QLatin1String("urls")].toArray().isEmpty());
        QCOMPARE(m_command({QStringLiteral("probe"), lost, QStringLiteral("--layer"), QStringLiteral("0")}).exitCode,
                 0);
    }

    // Control characters and marks that reorder text stay visible in text, and escaped in JSON.
    void textFromOutsideIsPlain()
    {
        const Ran text = m_command({QStringLiteral("inspect"), QStringLiteral("127.0.0.1:1/a\x1b]52;c;x\x07")});
        QCOMPARE(text.exitCode, 2);
        QVERIFY(!text.err.contains('\x1b'));
        QVERIFY(!text.err.contains('\x07'));
        for (const char *form : {"--quiet", "--json"}) {
            const Ran ran = m_command({QStringLiteral("frob\x1b[31m\u009b\u202e"), QString::fromLatin1(form)});
            for (const char c : ran.err)
                QVERIFY2(c == '\n' || static_cast<unsigned char>(c) >= 0x20, ran.err.constData());
            QVERIFY(!ran.err.contains("\xe2\x80\xae"));
            QVERIFY(!ran.err.contains("\xc2\x9b"));
        }
    }

    // An address is not a format: its percent signs are its own.
    void verboseWritesAddressesAsTheyAre()
    {
        const QString address = m_registry->cdnAddress() + QStringLiteral("a%3Ab%25c%201");
        const Ran ran = m_command({QStringLiteral("mark"), image("demo/app:1.0"), QStringLiteral("--layer"),
                                   QStringLiteral("0"), QStringLiteral("--url"), address, QStringLiteral("--verbose")});
        QCOMPARE(ran.exitCode, 6);
        const QRegularExpression line(
            QStringLiteral("^> GET %1 404, \\d+ bytes sent, \\d+ received, \\d+ ms, credentials: .*$")
                .arg(QRegularExpression::escape(address)),
            QRegularExpression::MultilineOption);
        QVERIFY2(line.match(QString::fromUtf8(ran.err)).hasMatch(), ran.err.constData());
    }

    // A result that was not written is not a success; a reader that had enough is no reason for words.
    void aResultThatCannotBeWritten_data()
    {
        QTest::addColumn<QString>("verb");
        for (const char *verb : {"inspect @app:1.0", "inspect @app:1.0 --raw", "inspect @app:1.0 --json", "tags @app",
                                 "verify @app:1.0", "--help", "mark --help", "--version", "demo"})
            QTest::newRow(verb) << QString::fromLatin1(verb);
    }
    void aResultThatCannotBeWritten()
    {
        QFETCH(QString, verb);
        const QString line = QStringLiteral("'%1' %2").arg(Command::program(), filledIn({verb}).constFirst());
        const auto shell = [&](const QString &script) {
            return test::run(QStringLiteral("bash"), {QStringLiteral("-c"), script}, m_command.environment());
        };
        const Ran full = shell(line + QStringLiteral(" > /dev/full"));
        QVERIFY2(full.exitCode == 1, qPrintable(full.text()));
        QVERIFY2(full.err.contains("could not be written to standard output: No space left"), full.err.constData());
        const Ran gone = shell(
            QStringLiteral("%1 | sleep 0; exit ${PIPESTATUS[0]}").arg(QStringLiteral("( sleep 0.2; %1 )").arg(line)));
        QVERIFY2(gone.exitCode == 1, qPrintable(gone.text()));
        QVERIFY2(gone.err.isEmpty(), gone.err.constData());
    }

    void credentials()
    {
        demo::Options options;
        options.user = QStringLiteral("ann");
        options.password = QStringLiteral("s3cret-w0rd");
        demo::DemoRegistry registry(options);
        QVERIFY(registry.start());
        const QStringList inspect{QStringLiteral("inspect"), registry.host() + QStringLiteral("/demo/windows:ltsc")};
        QCOMPARE(m_command(inspect).exitCode, 6);
        const QStringList withPassword =
            inspect + QStringList{QStringLiteral("--username"), QStringLiteral("ann"),
                                  QStringLiteral("--password-stdin"), QStringLiteral("--verbose")};
        const Ran wrong = m_command(withPassword, "wr0ng-w0rd\n");
        QCOMPARE(wrong.exitCode, 6);
        QVERIFY(!(wrong.out + wrong.err).contains("wr0ng-w0rd"));
        const Ran right = m_command(withPassword, "s3cret-w0rd\n");
        QVERIFY2(right.exitCode == 0, qPrintable(right.text()));
        QVERIFY(right.err.contains("> GET http://")); // --verbose did log
        for (const QByteArray &secret : {QByteArray("s3cret-w0rd"), QByteArray("ann:s3cret-w0rd").toBase64()})
            QVERIFY(!(right.out + right.err).contains(secret));
        QCOMPARE(m_command(withPassword, "").exitCode, 2);

        // The addresses of layers get none of it.
        QStringList probe = withPassword;
        probe[0] = QStringLiteral("probe");
        QCOMPARE(m_command(probe, "s3cret-w0rd\n").exitCode, 0);
        int asked = 0;
        for (const demo::RequestSeen &each : registry.requests())
            if (each.target.startsWith(QLatin1String("/cdn/"))) {
                ++asked;
                QVERIFY(!each.hadAuthorization);
            }
        QCOMPARE(asked, 2);
    }

    // Neither QtGui nor QtWidgets is there to be loaded.
    void needsNoDisplay()
    {
        COLOPHON_NEED_PROGRAM("ldd");
        const Ran libraries = test::run(QStringLiteral("ldd"), {Command::program()}, m_command.environment());
        QCOMPARE(libraries.exitCode, 0);
        QVERIFY(libraries.out.contains("libQt6Core"));
        QVERIFY2(!libraries.out.contains("libQt6Gui"), libraries.out.constData());
        QVERIFY2(!libraries.out.contains("libQt6Widgets"), libraries.out.constData());
    }

    void demoServesUntilInterrupted()
    {
        QProcess process;
        process.setProcessEnvironment(m_command.environment());
        process.start(Command::program(), {QStringLiteral("demo"), QStringLiteral("--json"), QStringLiteral("--listen"),
                                           QStringLiteral("127.0.0.1:0")});
        QByteArray out;
        QTRY_VERIFY((out += process.readAllStandardOutput()).endsWith("}\n"));
        const QJsonObject announced = objectIn(out);
        const QString first = announced[QLatin1String("references")][0][QLatin1String("reference")].toString();
        QVERIFY(first.startsWith(announced[QLatin1String("registry")].toString()));
        QCOMPARE(m_command({QStringLiteral("inspect"), first}).exitCode, 0);
        QCOMPARE(m_command({QStringLiteral("sign"), first, QStringLiteral("--key"),
                            announced[QLatin1String("key")].toString()})
                     .exitCode,
                 0);
        ::kill(static_cast<pid_t>(process.processId()), SIGINT);
        QVERIFY(process.waitForFinished(10'000));
        QCOMPARE(process.exitStatus(), QProcess::NormalExit);
        QCOMPARE(process.exitCode(), 0);
        QVERIFY(!QFile::exists(announced[QLatin1String("key")].toString()));
    }

    // Ctrl-C in the middle of an upload: 130, the upload is gone, the tag is where it was.
    void ctrlCStopsAPush()
    {
        demo::Options slow;
        slow.millisecondsPerMiB = 60'000; // a layer of 52 kB takes three seconds each way
        demo::DemoRegistry registry(slow);
        QVERIFY(registry.start());
        const QString before = registry.digestOfTag(QStringLiteral("demo/windows"), QStringLiteral("ltsc"));
        QProcess process;
        process.setProcessEnvironment(m_command.environment());
        process.start(Command::program(),
                      {QStringLiteral("unmark"), registry.host() + QStringLiteral("/demo/windows:ltsc"),
                       QStringLiteral("--layer"), QStringLiteral("foreign")});
        QTRY_VERIFY_WITH_TIMEOUT(registry.openUploads() > 0, 20'000);
        ::kill(static_cast<pid_t>(process.processId()), SIGINT);
        QVERIFY(process.waitForFinished(10'000));
        QCOMPARE(process.exitStatus(), QProcess::NormalExit);
        QCOMPARE(process.exitCode(), 130);
        QTRY_COMPARE(registry.openUploads(), 0);
        QCOMPARE(registry.digestOfTag(QStringLiteral("demo/windows"), QStringLiteral("ltsc")), before);
    }
};

QTEST_GUILESS_MAIN(TestColophonctl)
#include "tst_colophonctl.moc"
