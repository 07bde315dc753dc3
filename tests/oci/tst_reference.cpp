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
        row(QStringLiteral("registry.example/") + QString(256, u'a'), "longer than 255");
        row(QStringLiteral("registry.example/a b"), "no repository name");
        row(QStringLiteral("https://registry.example/a"), "");
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
