// SPDX-License-Identifier: Apache-2.0
#include "oci/reference.h"

#include <QTest>

using namespace colophon;
using oci::Reference;

class TestReference : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void parses_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("registry");
        QTest::addColumn<QString>("repository");
        QTest::addColumn<QString>("tag");
        QTest::addColumn<bool>("digest");
        const QString digest = QStringLiteral("@sha256:") + QString(64, u'0');
        const auto row = [](const QString &text, const char *registry, const char *repository, const char *tag,
                            bool pinned) {
            QTest::newRow(qPrintable(text)) << text << QString::fromLatin1(registry) << QString::fromLatin1(repository)
                                            << QString::fromLatin1(tag) << pinned;
        };
        row(QStringLiteral("alpine"), "docker.io", "library/alpine", "latest", false);
        row(QStringLiteral("alpine:3.19"), "docker.io", "library/alpine", "3.19", false);
        row(QStringLiteral("docker.io/alpine"), "docker.io", "library/alpine", "latest", false);
        row(QStringLiteral("index.docker.io/vendor/app"), "docker.io", "vendor/app", "latest", false);
        row(QStringLiteral("vendor/app:1"), "docker.io", "vendor/app", "1", false);
        row(QStringLiteral("registry.example/vendor/app:1.4"), "registry.example", "vendor/app", "1.4", false);
        row(QStringLiteral("registry.example/app"), "registry.example", "app", "latest", false);
        row(QStringLiteral("localhost/app"), "localhost", "app", "latest", false);
        row(QStringLiteral("localhost:5000/a/b_c/d--e:V.1-x"), "localhost:5000", "a/b_c/d--e", "V.1-x", false);
        row(QStringLiteral("127.0.0.1:5000/app"), "127.0.0.1:5000", "app", "latest", false);
        row(QStringLiteral("[::1]:5000/app"), "[::1]:5000", "app", "latest", false);
        row(QStringLiteral("Registry/app:1"), "Registry", "app", "1", false);
        row(QStringLiteral("  registry.example/app:1  "), "registry.example", "app", "1", false);
        row(QStringLiteral("registry.example/app") + digest, "registry.example", "app", "", true);
        row(QStringLiteral("registry.example/app:1") + digest, "registry.example", "app", "1", true);
        row(QStringLiteral("registry.example:443/app"), "registry.example:443", "app", "latest", false);
        row(QStringLiteral("registry-1.docker.io/alpine"), "docker.io", "library/alpine", "latest", false);
        row(QStringLiteral("registry.example/a:") + QString(128, u'x'), "registry.example", "a",
            QByteArray(128, 'x').constData(), false);
        row(QStringLiteral("registry.example/") + QString(255, u'a'), "registry.example",
            QByteArray(255, 'a').constData(), "latest", false);
        row(QStringLiteral("registry.example/") + QString(64, u'0'), "registry.example",
            QByteArray(64, '0').constData(), "latest", false);
        // Other scripts and other ways to write an address: shown as what will be asked.
        row(QStringLiteral("bücher.example/app:1"), "xn--bcher-kva.example", "app", "1", false);
        row(QStringLiteral("registry.еxample:5000/app"), "registry.xn--xample-2of:5000", "app", "latest", false);
        row(QStringLiteral("2130706433:5000/app"), "127.0.0.1:5000", "app", "latest", false);
        row(QStringLiteral("0x7f.1/app"), "127.0.0.1", "app", "latest", false);
        row(QStringLiteral("127.1:80/app"), "127.0.0.1:80", "app", "latest", false);
        row(QStringLiteral("１２７.0.0.1/app"), "127.0.0.1", "app", "latest", false);
    }
    void parses()
    {
        QFETCH(QString, text);
        const auto reference = Reference::parse(text);
        QVERIFY2(reference, reference ? "" : qPrintable(reference.error().text()));
        QTEST(reference->registry(), "registry");
        QTEST(reference->repository(), "repository");
        QTEST(reference->tag(), "tag");
        QTEST(!reference->digest().isNull(), "digest");
        QCOMPARE(*Reference::parse(reference->toString()), *reference);
    }

    void refuses_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("why");
        const auto row = [](const QString &text, const char *why) {
            QTest::newRow(qPrintable(text.left(40))) << text << QString::fromLatin1(why);
        };
        row(QString(), "it is empty");
        row(QStringLiteral("registry.example/"), "repository is missing");
        row(QStringLiteral("registry.example/App"), "lower case");
        row(QStringLiteral("registry.example/a//b"), "no repository name");
        row(QStringLiteral("registry.example/-a"), "no repository name");
        row(QStringLiteral("registry.example/a:"), "no tag");
        row(QStringLiteral("registry.example/a:.b"), "no tag");
        row(QStringLiteral("registry.example/a:") + QString(129, u'x'), "no tag");
        row(QStringLiteral("registry.example/a@sha256:12"), "2 digits follow");
        row(QStringLiteral("registry.example:99999/a"), "no host name");
        row(QStringLiteral("user@registry.example/a"), "no colon");
        row(QStringLiteral("registry..example/a"), "no host name");
        row(QStringLiteral("bücHer/app"), "no host name");
        // A line break before the end is not white space around it.
        row(QStringLiteral("registry.example/a\n:1"), "no repository name");
        row(QStringLiteral("registry.example/a:1\n@sha256:") + QString(64, u'a'), "no tag");
        row(QStringLiteral("registry.example\n/a"), "no host name");
        row(QStringLiteral("registry.example/") + QString(256, u'a'), "longer than 255");
        row(QStringLiteral("registry.example/a b"), "no repository name");
        row(QStringLiteral("https://registry.example/a"), "web address");
        row(QString(64, u'a'), "not the repository");
        row(QStringLiteral("sha256:") + QString(64, u'a'), "not the repository");
        row(QStringLiteral("registry.example/a@sha256:") + QString(32, u'a'), "32 digits follow");
        row(QStringLiteral("reg\u202Eistry.example/a"), "no host name");
        row(QStringLiteral("docker pull registry.example/app"), "no host name");
        row(QStringLiteral("registry.example/a\n"), "");
    }
    void refuses()
    {
        QFETCH(QString, text);
        QFETCH(QString, why);
        const auto reference = Reference::parse(text);
        if (text.endsWith(u'\n')) { // white space around a pasted reference is no fault
            QVERIFY(reference);
            return;
        }
        QVERIFY(!reference);
        QCOMPARE(reference.error().kind, base::ErrorKind::Usage);
        QVERIFY2(reference.error().message.contains(why), qPrintable(reference.error().message));
        QVERIFY(!reference.error().hint.isEmpty());
    }

    void pasted()
    {
        const auto pulled =
            Reference::parsePasted(QStringLiteral("docker pull --platform linux/arm64 r.example/app:1"));
        QVERIFY2(pulled, pulled ? "" : qPrintable(pulled.error().text()));
        QCOMPARE(pulled->toString(), QStringLiteral("r.example/app:1"));
        const auto upper = Reference::parsePasted(QStringLiteral("docker pull r.example/App"));
        QVERIFY(!upper);
        QVERIFY2(upper.error().message.contains(QStringLiteral("lower case")), qPrintable(upper.error().message));
    }

    void saysHowToWriteIt()
    {
        const auto upper = Reference::parse(QStringLiteral("registry.example/Vendor/App:1"));
        QVERIFY(!upper);
        QVERIFY2(upper.error().hint.contains(QStringLiteral("vendor/app")), qPrintable(upper.error().hint));
        const auto web = Reference::parse(QStringLiteral("https://registry.example/vendor/app"));
        QVERIFY(!web);
        QVERIFY2(web.error().hint.contains(QStringLiteral("https://")), qPrintable(web.error().hint));
    }

    void hostAndPort()
    {
        const auto at = [](const char *text) { return *Reference::parse(QString::fromLatin1(text)); };
        QCOMPARE(at("[::1]:5000/a").host(), QStringLiteral("::1"));
        QCOMPARE(at("[::1]:5000/a").port(), 5000);
        QCOMPARE(at("[::1]/a").port(), -1);
        QCOMPARE(at("registry.example/a").port(), -1);
        QCOMPARE(at("localhost:81/a").port(), 81);
    }

    void loopback_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<bool>("loopback");
        const auto row = [](const char *text, bool loopback) {
            QTest::newRow(text) << QString::fromLatin1(text) << loopback;
        };
        row("localhost/a", true);
        row("registry.localhost:5000/a", true);
        row("127.0.0.1:5000/a", true);
        row("127.9.9.9/a", true);
        row("[::1]:5000/a", true);
        row("128.0.0.1/a", false);
        row("127.0.0.1.example/a", false);
        row("localhost.example/a", false);
        row("10.0.0.1/a", false);
    }
    void loopback()
    {
        QFETCH(QString, text);
        QTEST(Reference::parse(text)->isLoopback(), "loopback");
    }

    void identifier()
    {
        const Reference tagged = *Reference::parse(QStringLiteral("registry.example/app:1"));
        QCOMPARE(tagged.identifier(), QStringLiteral("1"));
        const Reference pinned = tagged.withDigest(oci::Digest::of("x"));
        QCOMPARE(pinned.identifier(), oci::Digest::of("x").toString());
        QCOMPARE(pinned.tag(), QStringLiteral("1"));
        QVERIFY(pinned.withTag(QStringLiteral("2")).digest().isNull());
    }

    void repositoryAlone()
    {
        QCOMPARE(Reference::parseRepository(QStringLiteral("registry.example/app"))->name(),
                 QStringLiteral("registry.example/app"));
        QVERIFY(!Reference::parseRepository(QStringLiteral("registry.example/app:1")));
    }
};

QTEST_GUILESS_MAIN(TestReference)
#include "tst_reference.moc"
