// SPDX-License-Identifier: Apache-2.0
// `mark` and `unmark` from outside, on the demo registry and on Debian's docker-registry: what changes, what does not,
// and that one process puts back what another did.

#include "app/command.h"
#include "oci/digest.h"
#include "support/dockerregistry/dockerregistry.h"

#include <QTest>

using namespace colophon;
using test::Command;
using test::namesIn;
using test::objectIn;
using test::Ran;

class TestColophonctlMark : public QObject
{
    Q_OBJECT

    // A fresh demo registry, because these tests write.
    struct Demo
    {
        explicit Demo(demo::Options options = {})
            : registry(options)
        {
            if (!registry.start())
                qFatal("%s", qPrintable(registry.errorString()));
        }
        QString image(const char *rest) const { return registry.host() + QLatin1Char('/') + QLatin1String(rest); }
        QString tagged(const char *repository, const char *tag) const
        {
            return registry.digestOfTag(QLatin1String(repository), QLatin1String(tag));
        }
        demo::DemoRegistry registry;
    };

    QStringList markings(const QString &reference)
    {
        QStringList found;
        const QJsonObject report = m_command.json({QStringLiteral("inspect"), reference});
        QJsonArray images = report[QLatin1String("manifests")].toArray();
        if (images.isEmpty())
            images.append(report);
        for (const QJsonValue image : images)
            for (const QJsonValue layer : image[QLatin1String("layers")].toArray())
                found.append(layer[QLatin1String("marking")].toString().left(3));
        return found;
    }

    Command m_command;

private Q_SLOTS:
    void marksAndPutsBack()
    {
        Demo demo;
        const QString image = demo.image("demo/app:1.0");
        const QString original = demo.tagged("demo/app", "1.0");
        const QJsonObject marked =
            m_command.json({QStringLiteral("mark"), image, QStringLiteral("--layer"), QStringLiteral("2")});
        QCOMPARE(namesIn(marked),
                 QStringLiteral("after attachments before destination findings nodes notes pushed reference steps tags")
                     .split(QLatin1Char(' ')));
        QCOMPARE(marked[QLatin1String("reference")].toString(), image); // as it was asked for, without the digest
        QCOMPARE(marked[QLatin1String("before")].toString(), original);
        QCOMPARE(marked[QLatin1String("after")].toString(), demo.tagged("demo/app", "1.0"));
        QCOMPARE(marked[QLatin1String("pushed")].toBool(), true);
        QCOMPARE(marked[QLatin1String("nodes")].toArray().size(), 3); // two platforms and the index
        QCOMPARE(namesIn(marked[QLatin1String("nodes")][0].toObject()),
                 QStringLiteral("after before path").split(QLatin1Char(' ')));
        QCOMPARE(namesIn(marked[QLatin1String("steps")][0].toObject()),
                 QStringLiteral("bytes digest kind mediaType outcome reason").split(QLatin1Char(' ')));
        QCOMPARE(markings(image), QStringLiteral("dis dis non dis dis dis non dis").split(QLatin1Char(' ')));
        QCOMPARE(demo.tagged("demo/app", "latest"), original);

        QCOMPARE(
            m_command({QStringLiteral("unmark"), image, QStringLiteral("--layer"), QStringLiteral("foreign")}).exitCode,
            0);
        QCOMPARE(demo.tagged("demo/app", "1.0"), original);
    }

    // The address is the blob's own in its registry, and anybody can fetch from it.
    void theDefaultAddressIsTheBlobsOwn()
    {
        Demo demo;
        const QString image = demo.image("demo/app:1.0");
        QCOMPARE(m_command({QStringLiteral("mark"), image, QStringLiteral("--layer"), QStringLiteral("0")}).exitCode,
                 0);
        const QJsonObject layer =
            m_command
                .json({QStringLiteral("inspect"), image})[QLatin1String("manifests")][0][QLatin1String("layers")][0]
                .toObject();
        QCOMPARE(layer[QLatin1String("urls")].toArray(),
                 QJsonArray{QStringLiteral("http://%1/v2/demo/app/blobs/%2")
                                .arg(demo.registry.host(), layer[QLatin1String("digest")].toString())});
        QCOMPARE(m_command({QStringLiteral("probe"), image, QStringLiteral("--digest")}).exitCode, 0);
    }

    void templatesAreFilledIn()
    {
        Demo demo;
        const QString image = demo.image("demo/half-marked:1");
        const QString wanted = demo.registry.cdnAddress(QStringLiteral("{repository}/{algorithm}/{hex}"));
        QCOMPARE(m_command({QStringLiteral("mark"), image, QStringLiteral("--layer"), QStringLiteral("0"),
                            QStringLiteral("--url"), wanted, QStringLiteral("--url"),
                            QStringLiteral("https://{registry}/{digest}"), QStringLiteral("--no-probe")})
                     .exitCode,
                 0);
        const QJsonObject layer =
            m_command.json({QStringLiteral("inspect"), image})[QLatin1String("layers")][0].toObject();
        const QString digest = layer[QLatin1String("digest")].toString();
        QCOMPARE(layer[QLatin1String("urls")].toArray(),
                 (QJsonArray{demo.registry.cdnAddress(QStringLiteral("demo/half-marked/sha256/") + digest.mid(7)),
                             QStringLiteral("https://%1/%2").arg(demo.registry.host(), digest)}));
    }

    void nothingToChangeIsSaid()
    {
        Demo demo;
        const QString image = demo.image("demo/windows:ltsc");
        const QString before = demo.tagged("demo/windows", "ltsc");
        const Ran marked =
            m_command({QStringLiteral("mark"), image, QStringLiteral("--layer"), QStringLiteral("foreign")});
        QVERIFY2(marked.exitCode == 0, qPrintable(marked.text()));
        QVERIFY2(marked.out.contains("Nothing had to change"), marked.out.constData());
        const Ran unmarked = m_command(
            {QStringLiteral("unmark"), demo.image("demo/app:1.0"), QStringLiteral("--layer"), QStringLiteral("all")});
        QVERIFY2(unmarked.exitCode == 0, qPrintable(unmarked.text()));
        QVERIFY(unmarked.out.contains("Nothing had to change"));
        QCOMPARE(demo.tagged("demo/windows", "ltsc"), before);
        for (const demo::RequestSeen &each : demo.registry.requests())
            QVERIFY2(each.method == QLatin1String("GET") || each.method == QLatin1String("HEAD"),
                     qPrintable(each.method));
    }

    void aDryRunChangesNothing()
    {
        Demo demo;
        const QString image = demo.image("demo/windows:ltsc");
        const QString before = demo.tagged("demo/windows", "ltsc");
        const Ran plan = m_command({QStringLiteral("unmark"), image, QStringLiteral("--layer"), QStringLiteral("all"),
                                    QStringLiteral("--dry-run")});
        QVERIFY2(plan.exitCode == 0, qPrintable(plan.text()));
        QVERIFY(plan.out.contains("Fetched from"));
        QVERIFY(plan.out.contains("Nothing was done"));
        const Ran quiet = m_command({QStringLiteral("unmark"), image, QStringLiteral("--layer"), QStringLiteral("all"),
                                     QStringLiteral("--dry-run"), QStringLiteral("--quiet")});
        QCOMPARE(quiet.exitCode, 0);
        QCOMPARE(quiet.out, plan.out); // the plan is what was asked for
        const QJsonObject report = m_command.json({QStringLiteral("unmark"), image, QStringLiteral("--layer"),
                                                   QStringLiteral("all"), QStringLiteral("--dry-run")});
        QCOMPARE(report[QLatin1String("pushed")].toBool(), false);
        QVERIFY(report[QLatin1String("after")] != report[QLatin1String("before")]);
        QCOMPARE(demo.tagged("demo/windows", "ltsc"), before);
        for (const demo::RequestSeen &each : demo.registry.requests())
            QVERIFY2(each.method == QLatin1String("GET") || each.method == QLatin1String("HEAD"),
                     qPrintable(each.method));
    }

    void unmarkingFetchesFromTheVendor()
    {
        Demo demo;
        const QString image = demo.image("demo/windows:ltsc");
        QCOMPARE(
            m_command({QStringLiteral("unmark"), image, QStringLiteral("--layer"), QStringLiteral("foreign")}).exitCode,
            0);
        QCOMPARE(markings(image), QStringLiteral("dis dis dis dis").split(QLatin1Char(' ')));
        const QJsonObject report = m_command.json({QStringLiteral("inspect"), image});
        for (const QJsonValue child : report[QLatin1String("manifests")].toArray())
            QVERIFY(demo.registry.holdsBlob(QStringLiteral("demo/windows"),
                                            child[QLatin1String("layers")][0][QLatin1String("digest")].toString()));
    }

    void onePlatformOnly()
    {
        Demo demo;
        const QString image = demo.image("demo/windows:ltsc");
        QCOMPARE(m_command({QStringLiteral("unmark"), image, QStringLiteral("--layer"), QStringLiteral("0"),
                            QStringLiteral("--platform"), QStringLiteral("windows(10.0.17763.6414)/amd64")})
                     .exitCode,
                 0);
        QCOMPARE(markings(image), QStringLiteral("dis dis non dis").split(QLatin1Char(' ')));
    }

    void repairsTheTwoBrokenMarkings()
    {
        Demo demo;
        const QString half = demo.image("demo/half-marked:1");
        QCOMPARE(m_command({QStringLiteral("mark"), half, QStringLiteral("--layer"), QStringLiteral("2")}).exitCode, 0);
        QCOMPARE(markings(half), QStringLiteral("dis dis non dis").split(QLatin1Char(' ')));
        const QString lost = demo.image("demo/unfetchable:1");
        demo.registry.addCdnFile(QStringLiteral("found"), QByteArray(10, 'x'));
        QCOMPARE(m_command({QStringLiteral("mark"), lost, QStringLiteral("--layer"), QStringLiteral("2"),
                            QStringLiteral("--url"), demo.registry.cdnAddress(QStringLiteral("found")),
                            QStringLiteral("--no-probe")})
                     .exitCode,
                 0);
        QCOMPARE(markings(lost), QStringLiteral("dis dis non dis").split(QLatin1Char(' ')));
    }

    // Nobody has the blob: it cannot be taken into the registry, and the plan says so.
    void anUnfetchableLayerCannotBeUnmarked()
    {
        Demo demo;
        const QString lost = demo.image("demo/unfetchable:1");
        const QString before = demo.tagged("demo/unfetchable", "1");
        const QJsonObject report = m_command.json({QStringLiteral("inspect"), lost});
        QVERIFY(!demo.registry.holdsBlob(QStringLiteral("demo/unfetchable"),
                                         report[QLatin1String("layers")][2][QLatin1String("digest")].toString()));
        const Ran ran =
            m_command({QStringLiteral("unmark"), lost, QStringLiteral("--layer"), QStringLiteral("foreign")});
        QVERIFY2(ran.exitCode != 0, qPrintable(ran.text()));
        QVERIFY2(ran.err.contains("address"), ran.err.constData());
        QCOMPARE(demo.tagged("demo/unfetchable", "1"), before);
    }

    void pushesElsewhere()
    {
        Demo from;
        Demo to;
        const QString original = from.tagged("demo/app", "1.0");
        const auto mark = [&](const QString &destination) {
            return m_command({QStringLiteral("mark"), from.image("demo/app:1.0"), QStringLiteral("--layer"),
                              QStringLiteral("1"), QStringLiteral("--to"), destination});
        };
        const Ran sameTag = mark(to.image("other/app"));
        QVERIFY2(sameTag.exitCode == 0, qPrintable(sameTag.text()));
        QVERIFY(!to.tagged("other/app", "1.0").isEmpty());
        QCOMPARE(mark(to.image("other/app:marked")).exitCode, 0);
        QCOMPARE(to.tagged("other/app", "marked"), to.tagged("other/app", "1.0"));
        QCOMPARE(from.tagged("demo/app", "1.0"), original);
        // The marked layer stays behind, at the place it came from.
        const QJsonObject layer =
            m_command
                .json({QStringLiteral("inspect"),
                       to.image("other/app:marked")})[QLatin1String("manifests")][0][QLatin1String("layers")][1]
                .toObject();
        QVERIFY(!to.registry.holdsBlob(QStringLiteral("other/app"), layer[QLatin1String("digest")].toString()));
        QVERIFY(layer[QLatin1String("urls")][0].toString().startsWith(QStringLiteral("http://") + from.registry.host() +
                                                                      QStringLiteral("/v2/demo/app/blobs/")));
    }

    // A reference by digest alone is pushed by digest alone: no tag moves.
    void byDigestAlone()
    {
        Demo demo;
        const QString original = demo.tagged("demo/app", "1.0");
        const QStringList tags = demo.registry.tags(QStringLiteral("demo/app"));
        const QJsonObject report = m_command.json({QStringLiteral("mark"), demo.image("demo/app@") + original,
                                                   QStringLiteral("--layer"), QStringLiteral("0")});
        QCOMPARE(report[QLatin1String("pushed")].toBool(), true);
        QCOMPARE(demo.registry.tags(QStringLiteral("demo/app")), tags);
        QCOMPARE(demo.tagged("demo/app", "1.0"), original);
        const QString after = report[QLatin1String("after")].toString();
        QCOMPARE(m_command({QStringLiteral("inspect"), demo.image("demo/app@") + after}).exitCode, 0);
    }

    // The tag names something else than the digest that was read: somebody else pushed.
    void aMovedTagIsAConflict()
    {
        Demo demo;
        const QString original = demo.tagged("demo/app", "1.0");
        QCOMPARE(m_command({QStringLiteral("mark"), demo.image("demo/app:1.0"), QStringLiteral("--layer"),
                            QStringLiteral("0")})
                     .exitCode,
                 0);
        const QString moved = demo.tagged("demo/app", "1.0");
        const QStringList again{QStringLiteral("mark"), demo.image("demo/app:1.0@") + original,
                                QStringLiteral("--layer"), QStringLiteral("3")};
        const Ran refused = m_command(again);
        QVERIFY2(refused.exitCode == 4, qPrintable(refused.text()));
        QVERIFY(refused.err.contains(moved.toUtf8()));
        QCOMPARE(demo.tagged("demo/app", "1.0"), moved);
        QCOMPARE(m_command(again + QStringList{QStringLiteral("--force")}).exitCode, 0);
        QVERIFY(demo.tagged("demo/app", "1.0") != moved);
    }

    void selectorsAddUp()
    {
        Demo demo;
        const QString image = demo.image("demo/half-marked:1");
        const QString digest =
            m_command.json({QStringLiteral("inspect"), image})[QLatin1String("layers")][3][QLatin1String("digest")]
                .toString();
        QCOMPARE(m_command({QStringLiteral("mark"), QStringLiteral("--layer"), QStringLiteral("0-1"),
                            QStringLiteral("--layer"), digest.left(20), image})
                     .exitCode,
                 0);
        QCOMPARE(markings(image), QStringLiteral("non non hal non").split(QLatin1Char(' ')));
    }

    // A registry as it comes refuses urls with a bare 500; the command says why, and the tag stays.
    void aRegistryThatAllowsNoUrls()
    {
        demo::Options stock;
        stock.allowUrls = false;
        Demo demo(stock);
        const QString before = demo.tagged("demo/app", "1.0");
        const Ran ran = m_command(
            {QStringLiteral("mark"), demo.image("demo/app:1.0"), QStringLiteral("--layer"), QStringLiteral("0")});
        QVERIFY2(ran.exitCode == 6, qPrintable(ran.text()));
        QVERIFY2(ran.err.contains("validation.manifests.urls.allow"), ran.err.constData());
        QCOMPARE(demo.tagged("demo/app", "1.0"), before);
    }

    // And the same on the real thing, one that allows urls and one as it comes.
    void onDockerRegistry()
    {
        COLOPHON_NEED_DOCKER_REGISTRY();
        COLOPHON_NEED_PROGRAM("skopeo");
        COLOPHON_NEED_PROGRAM("umoci");
        test::DockerRegistryOptions options;
        options.allowUrls = {QStringLiteral("^https?://.*")};
        test::DockerRegistry open(options);
        test::DockerRegistry stock;
        QVERIFY2(open.isRunning() && stock.isRunning(), qPrintable(open.problem() + stock.problem()));
        test::ImageKit kit;
        QVERIFY2(kit.isReady(), qPrintable(kit.problem()));
        const QString image = open.host() + QStringLiteral("/app:1");
        QCOMPARE(kit.push(test::ImageKit::Kind::DockerList, image), QString());
        QCOMPARE(kit.push(test::ImageKit::Kind::OciGzip, stock.host() + QStringLiteral("/app:1")), QString());

        const QStringList raw{QStringLiteral("inspect"), QStringLiteral("--raw"), image};
        const QByteArray original = m_command(raw).out;
        QVERIFY(!original.isEmpty());
        const Ran marked = m_command({QStringLiteral("mark"), image, QStringLiteral("--layer"), QStringLiteral("0")});
        QVERIFY2(marked.exitCode == 0, qPrintable(marked.text()));
        QCOMPARE(markings(image), QStringLiteral("non dis non dis").split(QLatin1Char(' ')));
        const Ran unmarked =
            m_command({QStringLiteral("unmark"), image, QStringLiteral("--layer"), QStringLiteral("foreign")});
        QVERIFY2(unmarked.exitCode == 0, qPrintable(unmarked.text()));
        QCOMPARE(m_command(raw).out, original);

        const QStringList stockRaw{QStringLiteral("inspect"), QStringLiteral("--raw"),
                                   stock.host() + QStringLiteral("/app:1")};
        const QByteArray untouched = m_command(stockRaw).out;
        const Ran refused =
            m_command({QStringLiteral("mark"), stockRaw.last(), QStringLiteral("--layer"), QStringLiteral("0")});
        QVERIFY2(refused.exitCode == 6, qPrintable(refused.text()));
        QVERIFY2(refused.err.contains("validation.manifests.urls.allow"), refused.err.constData());
        QCOMPARE(m_command(stockRaw).out, untouched);
    }
};

QTEST_GUILESS_MAIN(TestColophonctlMark)
#include "tst_colophonctlmark.moc"
