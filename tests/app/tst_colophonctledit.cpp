// SPDX-License-Identifier: Apache-2.0
// `edit` from outside, on docker-registry: annotations of every place, the format of the whole image, platforms that
// go; and what it does not take.

#include "app/command.h"
#include "support/dockerregistry/dockerregistry.h"
#include "support/registryimage/registryimage.h"

#include <QTest>

using namespace colophon;
using test::Command;
using test::ImageBuilder;
using test::ordinary;
using test::Ran;

class TestColophonctlEdit : public QObject
{
    Q_OBJECT

    Ran edit(const QStringList &more) const { return m_command(QStringList{QStringLiteral("edit"), m_index} + more); }
    // The exact document a reference names.
    QByteArray raw(const QString &reference) const
    {
        return m_command({QStringLiteral("inspect"), QStringLiteral("--raw"), reference}).out;
    }
    QJsonObject document(const QString &reference) const { return test::objectIn(raw(reference)); }
    QJsonObject entry(int number) const { return document(m_index)[QLatin1String("manifests")][number].toObject(); }
    QJsonObject manifest(int number) const
    {
        return document(m_index.section(QLatin1Char(':'), 0, -2) + QLatin1Char('@') +
                        entry(number)[QLatin1String("digest")].toString());
    }
    static QString annotation(const QJsonValue &of, const char *name)
    {
        return of[QLatin1String("annotations")][QLatin1String(name)].toString();
    }

private Q_SLOTS:
    void initTestCase()
    {
        COLOPHON_NEED_DOCKER_REGISTRY();
        m_registry = std::make_unique<test::DockerRegistry>(
            test::DockerRegistryOptions{.allowUrls = {QStringLiteral("^https?://.*")}});
        QVERIFY2(m_registry->isRunning(), qPrintable(m_registry->problem()));
    }
    void cleanupTestCase() { m_registry.reset(); }
    void init()
    {
        m_index = m_registry->host() + QStringLiteral("/app%1:1").arg(++m_count);
        m_single = m_registry->host() + QStringLiteral("/single%1:1").arg(m_count);
        ImageBuilder builder;
        const auto amd = builder.manifest({ordinary("base"), ordinary("amd64")}, QStringLiteral("linux/amd64"));
        const auto arm = builder.manifest(
            {test::foreign("vendor's", {QStringLiteral("https://dl.vendor.example/l")}), ordinary("arm64")},
            QStringLiteral("linux/arm64"));
        const auto index = builder.index({amd, arm, builder.attestation(amd)});
        QCOMPARE(upload(builder.image(index), {m_index}), QString());
        QCOMPARE(upload(builder.image(amd), {m_single}), QString());
    }

    void mendsWhatOneStepCanMend()
    {
        const QString cdn = QStringLiteral("https://cdn.example/x");
        const QString type = QStringLiteral("application/vnd.docker.image.rootfs.diff.tar.gzip");
        ImageBuilder builder;
        const auto image =
            builder.manifest({{"half", ordinary({}).type, {cdn}}, test::foreign("lost"), {"docker", type, {}}});
        const QString reference = m_registry->host() + QStringLiteral("/broken%1:1").arg(m_count);
        QCOMPARE(upload(builder.image(image), {reference}), QString());
        const auto codes = [&] {
            QStringList all;
            for (const QJsonValue each :
                 m_command.json({QStringLiteral("inspect"), reference})[QLatin1String("findings")].toArray())
                all << each[QLatin1String("code")].toString();
            return all;
        };
        QCOMPARE(codes(), (QStringList{QStringLiteral("half-marked"), QStringLiteral("unfetchable"),
                                       QStringLiteral("mixed-families")}));
        const QStringList mend{QStringLiteral("edit"), reference, QStringLiteral("--mend"),
                               QStringLiteral("--no-probe")};
        const Ran ran = m_command(mend);
        QVERIFY2(ran.exitCode == 0, qPrintable(ran.text()));
        QCOMPARE(codes(), QStringList());
        const QJsonArray layers = document(reference)[QLatin1String("layers")].toArray();
        QCOMPARE(layers[0][QLatin1String("mediaType")].toString(),
                 QStringLiteral("application/vnd.oci.image.layer.nondistributable.v1.tar+gzip"));
        QCOMPARE(layers[0][QLatin1String("urls")].toArray(), QJsonArray{cdn});
        QCOMPARE(layers[1][QLatin1String("mediaType")].toString(), ordinary({}).type);
        QCOMPARE(layers[2][QLatin1String("mediaType")].toString(), ordinary({}).type);
        // Once mended there is nothing to do.
        QVERIFY(m_command(mend).out.contains("Nothing had to change"));
    }

    void mendsAMarkThatIsNotKnownToAll()
    {
        const QString zstd = QStringLiteral("application/vnd.oci.image.layer.nondistributable.v1.tar+zstd");
        ImageBuilder builder;
        const auto image = builder.manifest({{"zstd", zstd, {QStringLiteral("https://cdn.example/x")}}, ordinary("b")});
        const QString reference = m_registry->host() + QStringLiteral("/zstd%1:1").arg(m_count);
        QCOMPARE(upload(builder.image(image), {reference}), QString());
        const auto found = [&] {
            return m_command.json({QStringLiteral("inspect"), reference})[QLatin1String("findings")].toArray();
        };
        QCOMPARE(found().at(0)[QLatin1String("code")].toString(), QStringLiteral("marking-not-known"));
        const Ran ran = m_command({QStringLiteral("edit"), reference, QStringLiteral("--mend")});
        QVERIFY2(ran.exitCode == 0, qPrintable(ran.text()));
        QCOMPARE(found(), QJsonArray());
        const QJsonArray layers = document(reference)[QLatin1String("layers")].toArray();
        QCOMPARE(layers[0][QLatin1String("mediaType")].toString(),
                 QStringLiteral("application/vnd.oci.image.layer.v1.tar+zstd"));
    }

    void annotationsOfEveryPlace()
    {
        const QByteArray original = raw(m_index);
        const QString annotate = QStringLiteral("--annotate");
        const Ran ran =
            edit({annotate, QStringLiteral("index:org.example.a=1=2"), annotate, QStringLiteral("manifest:b=two words"),
                  annotate, QStringLiteral("entry:c="), annotate, QStringLiteral("config:d=\u00e9\"\n"), annotate,
                  QStringLiteral("layer:e=x:y"), QStringLiteral("--layer"), QStringLiteral("1"),
                  QStringLiteral("--platform"), QStringLiteral("linux/arm64")});
        QVERIFY2(ran.exitCode == 0, qPrintable(ran.text()));
        QCOMPARE(annotation(document(m_index), "org.example.a"), QStringLiteral("1=2"));
        QVERIFY(!entry(0).contains(QLatin1String("annotations")));
        QVERIFY(entry(1)[QLatin1String("annotations")][QLatin1String("c")].isString());
        const QJsonObject arm = manifest(1);
        QCOMPARE(annotation(arm, "b"), QStringLiteral("two words"));
        QCOMPARE(annotation(arm[QLatin1String("config")], "d"), QStringLiteral("\u00e9\"\n"));
        QCOMPARE(annotation(arm[QLatin1String("layers")][1], "e"), QStringLiteral("x:y"));
        QVERIFY(annotation(arm[QLatin1String("layers")][0], "e").isEmpty());
        QVERIFY(!manifest(0).contains(QLatin1String("annotations")));
        for (const QByteArray &line :
             {QByteArrayLiteral("annotation added           org.example.a=1=2"),
              QByteArrayLiteral("annotation of the entry added  c="), QByteArrayLiteral("e=x:y")})
            QVERIFY2(ran.out.simplified().contains(line.simplified()), ran.out.constData());

        const QString remove = QStringLiteral("--remove-annotation");
        const Ran back = edit({remove, QStringLiteral("index:org.example.a"), remove, QStringLiteral("manifest:b"),
                               remove, QStringLiteral("entry:c"), remove, QStringLiteral("config:d"), remove,
                               QStringLiteral("layer:e"), QStringLiteral("--layer"), QStringLiteral("all")});
        QVERIFY2(back.exitCode == 0, qPrintable(back.text()));
        QCOMPARE(raw(m_index), original);
    }
    void ofASingleManifest()
    {
        m_index = m_single;
        const Ran ran = edit({QStringLiteral("--annotate"), QStringLiteral("manifest:a=1")});
        QVERIFY2(ran.exitCode == 0, qPrintable(ran.text()));
        QCOMPARE(annotation(document(m_single), "a"), QStringLiteral("1"));
        const Ran again = edit({QStringLiteral("--annotate"), QStringLiteral("manifest:a=1")});
        QVERIFY2(again.exitCode == 0 && again.out.startsWith("Nothing had to change"), qPrintable(again.text()));
    }

    // To the other format and back: every marking stays, and so does every byte in the end.
    void family()
    {
        m_index = m_single;
        QCOMPARE(m_command({QStringLiteral("mark"), m_index, QStringLiteral("--layer"), QStringLiteral("0")}).exitCode,
                 0);
        const QByteArray marked = raw(m_index);
        const Ran ran = edit({QStringLiteral("--family"), QStringLiteral("docker")});
        QVERIFY2(ran.exitCode == 0, qPrintable(ran.text()));
        const QJsonObject docker = document(m_index);
        QCOMPARE(docker[QLatin1String("mediaType")].toString(), oci::MediaType::dockerManifest().toString());
        QCOMPARE(docker[QLatin1String("layers")][0][QLatin1String("mediaType")].toString(),
                 QStringLiteral("application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"));
        QVERIFY2(ran.out.contains("type changed"), ran.out.constData());
        QCOMPARE(edit({QStringLiteral("--family"), QStringLiteral("oci")}).exitCode, 0);
        QCOMPARE(raw(m_index), marked);
    }
    // Docker's format has no attestations: it says so, and goes once that platform is gone with its own.
    void familyOfAnIndex()
    {
        const QByteArray original = raw(m_index);
        const QStringList docker{QStringLiteral("--family"), QStringLiteral("docker")};
        const Ran refused = edit(docker);
        QVERIFY2(refused.exitCode == 2 && refused.err.contains("attestation"), qPrintable(refused.text()));
        QCOMPARE(raw(m_index), original);
        const Ran ran = edit(docker + QStringList{QStringLiteral("--remove-platform"), QStringLiteral("linux/amd64")});
        QVERIFY2(ran.exitCode == 0, qPrintable(ran.text()));
        QCOMPARE(document(m_index)[QLatin1String("manifests")].toArray().size(), 1);
        QCOMPARE(entry(0)[QLatin1String("mediaType")].toString(), oci::MediaType::dockerManifest().toString());
    }

    void removesAPlatform()
    {
        const Ran dry =
            edit({QStringLiteral("--remove-platform"), QStringLiteral("linux/amd64"), QStringLiteral("--dry-run")});
        QVERIFY2(dry.exitCode == 0, qPrintable(dry.text()));
        for (const char *line : {"/manifests/0  linux/amd64  removed", "/manifests/2  attestation  removed",
                                 "Nothing was done (--dry-run)."})
            QVERIFY2(dry.out.contains(line), dry.out.constData());
        QCOMPARE(document(m_index)[QLatin1String("manifests")].toArray().size(), 3);
        const QJsonObject done = m_command.json({QStringLiteral("edit"), m_index, QStringLiteral("--remove-platform"),
                                                 QStringLiteral("linux/amd64"), QStringLiteral("--backup-tag"),
                                                 QStringLiteral("old"), QStringLiteral("--key"), test::demoKey()});
        QCOMPARE(done[QLatin1String("pushed")].toBool(), true);
        QCOMPARE(document(m_index)[QLatin1String("manifests")].toArray().size(), 1);
        QCOMPARE(entry(0)[QLatin1String("platform")][QLatin1String("architecture")].toString(),
                 QStringLiteral("arm64"));
        QCOMPARE(test::digestOfTag(m_index.section(QLatin1Char(':'), 0, -2) + QStringLiteral(":old")).toString(),
                 done[QLatin1String("before")].toString());
        QCOMPARE(
            m_command({QStringLiteral("verify"), m_index, QStringLiteral("--key"), test::demoPublicKey()}).exitCode, 0);
    }

    // The plan as somebody else's commands leads to the very same digest.
    void asCommands()
    {
        COLOPHON_NEED_PROGRAM("curl");
        const QStringList all{QStringLiteral("--remove-platform"), QStringLiteral("linux/amd64"),
                              QStringLiteral("--annotate"),        QStringLiteral("entry:a=1"),
                              QStringLiteral("--family"),          QStringLiteral("docker")};
        const QJsonObject planned =
            m_command.json(QStringList{QStringLiteral("edit"), m_index, QStringLiteral("--dry-run")} + all);
        const QByteArray original = raw(m_index);
        const Ran script = edit(all + QStringList{QStringLiteral("--as-commands"), QStringLiteral("curl")});
        QVERIFY2(script.exitCode == 0, qPrintable(script.text()));
        QCOMPARE(raw(m_index), original);
        const Ran ran = test::run(QStringLiteral("sh"), {}, m_command.environment(), script.out);
        QVERIFY2(ran.exitCode == 0, qPrintable(ran.text()));
        QCOMPARE(test::digestOfTag(m_index).toString(), planned[QLatin1String("after")].toString());
    }

    // Others find annotations in Docker's format nowhere: a warning, though it is done.
    void annotationsInDockersFormat()
    {
        m_index = m_single;
        const Ran ran = edit({QStringLiteral("--family"), QStringLiteral("docker"), QStringLiteral("--annotate"),
                              QStringLiteral("manifest:a=1")});
        QVERIFY2(ran.exitCode == 0, qPrintable(ran.text()));
        QVERIFY2(ran.out.contains("\nwarn      /  Docker's format has no annotations"), ran.out.constData());
    }

    void wrongWords_data()
    {
        QTest::addColumn<QString>("words");
        QTest::addColumn<QString>("said");
        const auto row = [](const char *name, const char *words, const char *said) {
            QTest::newRow(name) << QString::fromLatin1(words) << QString::fromLatin1(said);
        };
        row("nothing", "", "Nothing is said that should change");
        row("no place", "--annotate a=1", "PLACE");
        row("an unknown place", "--annotate everywhere:a=1", "PLACE");
        row("no name", "--annotate index:=1", "PLACE");
        row("no value", "--annotate index:a", "PLACE");
        row("twice", "--annotate index:a=1 --remove-annotation index:a", "named twice");
        row("layers, but which", "--annotate layer:a=1", "--layer SEL");
        row("layers for nothing", "--annotate index:a=1 --layer 0", "--layer is there for");
        row("a platform for nothing", "--family oci --platform linux/amd64", "--platform says whose");
        row("another family", "--family zip", "zip");
        row("no such platform", "--remove-platform plan9/mips", "no platform");
        row("a bad platform", "--remove-platform linux", "linux");
        row("all platforms", "--remove-platform linux/amd64 --remove-platform linux/arm64", "last entry");
        row("what attestations are found by", "--annotate entry:vnd.docker.reference.type=x", "not edited");
        row("no such layer", "--annotate layer:a=1 --layer 7", "No image has a layer 7");
    }
    void wrongWords()
    {
        QFETCH(QString, words);
        QFETCH(QString, said);
        const QByteArray original = raw(m_index);
        const Ran ran = edit(words.split(QLatin1Char(' '), Qt::SkipEmptyParts));
        QVERIFY2(ran.exitCode == 2, qPrintable(ran.text()));
        QVERIFY2(ran.err.contains(said.toUtf8()), ran.err.constData());
        QCOMPARE(raw(m_index), original);
    }
    void noIndex_data()
    {
        QTest::addColumn<QStringList>("words");
        QTest::addColumn<QByteArray>("said");
        QTest::newRow("index") << QStringList{QStringLiteral("--annotate"), QStringLiteral("index:a=1")}
                               << QByteArray("manifest:NAME=VALUE");
        QTest::newRow("entry") << QStringList{QStringLiteral("--annotate"), QStringLiteral("entry:a=1")}
                               << QByteArray("manifest:NAME=VALUE");
        QTest::newRow("platform") << QStringList{QStringLiteral("--remove-platform"), QStringLiteral("linux/amd64")}
                                  << QByteArray("Only an entry of an index can be removed");
    }
    void noIndex()
    {
        QFETCH(QStringList, words);
        QFETCH(QByteArray, said);
        m_index = m_single;
        const Ran ran = edit(words);
        QVERIFY2(ran.exitCode == 2, qPrintable(ran.text()));
        QVERIFY2(ran.err.contains(said), ran.err.constData());
    }

private:
    Command m_command;
    std::unique_ptr<test::DockerRegistry> m_registry;
    QString m_index;
    QString m_single;
    int m_count = 0;
};

QTEST_GUILESS_MAIN(TestColophonctlEdit)
#include "tst_colophonctledit.moc"
