// SPDX-License-Identifier: Apache-2.0
// A push against a real registry: blobs mounted from a neighbour, the plan as commands of other programs that arrive at
// the same digest, the old image kept and put back, and a registry that takes nothing.

#include "document/edit.h"
#include "registry/client.h"
#include "support/await.h"
#include "support/dockerregistry/dockerregistry.h"
#include "support/peers.h"
#include "support/programs/programs.h"
#include "transfer/openimage.h"
#include "transfer/operationrun.h"
#include "transfer/pushcommands.h"
#include "transfer/pushimage.h"
#include "transfer/restoretag.h"

#include <QTest>

#include <memory>

using namespace colophon;
using namespace colophon::transfer;
using test::await;
using test::ImageKit;
using test::Ran;

class TestDockerRegistryPush : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        COLOPHON_NEED_DOCKER_REGISTRY();
        COLOPHON_NEED_PROGRAM("skopeo");
        COLOPHON_NEED_PROGRAM("umoci");
        test::DockerRegistryOptions allowing;
        allowing.allowUrls = {QStringLiteral("^https?://.*")};
        m_source = std::make_unique<test::DockerRegistry>(allowing);
        m_destination = std::make_unique<test::DockerRegistry>(allowing);
        QVERIFY2(m_source->isRunning(), qPrintable(m_source->problem()));
        QVERIFY2(m_destination->isRunning(), qPrintable(m_destination->problem()));
        m_kit = std::make_unique<ImageKit>();
        QVERIFY2(m_kit->isReady(), qPrintable(m_kit->problem()));
        for (const test::DockerRegistry *registry : {m_source.get(), m_destination.get()}) {
            QCOMPARE(m_kit->push(ImageKit::Kind::OciIndex, registry->host() + QStringLiteral("/vendor/index:1")),
                     QString());
            QCOMPARE(m_kit->push(ImageKit::Kind::OciGzip, registry->host() + QStringLiteral("/vendor/single:1")),
                     QString());
        }
        m_client = std::make_unique<registry::Client>();
    }
    void cleanupTestCase()
    {
        m_client.reset();
        m_destination.reset();
        m_source.reset();
    }

    // Within one registry no blob travels.
    void mounts()
    {
        const PushRequest request = marked(m_destination->host() + QStringLiteral("/vendor/index:1"),
                                           m_destination->host() + QStringLiteral("/neighbour/index:1"));
        const PushReport report = push(request);
        QVERIFY(report.pushed);
        int mounted = 0;
        for (const PlanStep &step : report.plan.steps) {
            QVERIFY2(step.outcome != Outcome::Copied || (step.kind != StepKind::Blob && step.kind != StepKind::Config),
                     qPrintable(step.reason));
            mounted += step.outcome == Outcome::Mounted ? 1 : 0;
        }
        QCOMPARE(mounted, 4); // a layer and a config of each platform; the other layers stay behind
        QVERIFY(pulls(request.destination));
    }

    void commandsArrive_data()
    {
        QTest::addColumn<QString>("image");
        QTest::addColumn<bool>("isSameRegistry");
        QTest::addColumn<CommandTool>("tool");
        for (const auto &[name, tool] :
             {std::pair("curl", CommandTool::Curl), std::pair("regctl", CommandTool::Regctl)}) {
            QTest::addRow("%s, image", name) << QStringLiteral("vendor/single:1") << false << tool;
            QTest::addRow("%s, index", name) << QStringLiteral("vendor/index:1") << false << tool;
            QTest::addRow("%s, index within one registry", name) << QStringLiteral("vendor/index:1") << true << tool;
        }
    }
    void commandsArrive()
    {
        QFETCH(QString, image);
        QFETCH(bool, isSameRegistry);
        QFETCH(CommandTool, tool);
        COLOPHON_NEED_PROGRAM("curl");
        if (tool == CommandTool::Regctl)
            COLOPHON_NEED_PEER("regctl");
        const test::DockerRegistry &from = isSameRegistry ? *m_destination : *m_source;
        PushRequest request = marked(from.host() + QLatin1Char('/') + image,
                                     QStringLiteral("%1/by/hand%2:1").arg(m_destination->host()).arg(++m_count));
        const QString script = commandsOf(prepare(request), tool).join(QLatin1Char('\n'));
        const Ran ran = shell(script);
        QVERIFY2(ran.exitCode == 0, qPrintable(script + QLatin1Char('\n') + ran.text()));
        QCOMPARE(digestOf(request.destination), request.derived.tree.root().descriptor.digest);
        QVERIFY(pulls(request.destination));

        // Once more over what is there, with a backup: the layer is unmarked again and fetched.
        request = marked(request.destination.toString(), request.destination.toString(), false);
        request.backupTag = QStringLiteral("1-old");
        const oci::Digest before = digestOf(request.destination);
        const PushPlan plan = prepare(request);
        const QString back = commandsOf(plan, tool).join(QLatin1Char('\n'));
        const Ran again = shell(back);
        QVERIFY2(again.exitCode == 0, qPrintable(back + QLatin1Char('\n') + again.text()));
        QCOMPARE(digestOf(request.destination), plan.after);
        QCOMPARE(digestOf(request.destination.withTag(request.backupTag)), before);
        QVERIFY(pulls(request.destination));
        // The tag is not what the plan found: the commands stop.
        QVERIFY(shell(back).exitCode != 0);
    }
    void commandsHoldNoSecret()
    {
        const PushPlan plan = prepare(marked(m_source->host() + QStringLiteral("/vendor/single:1"),
                                             m_destination->host() + QStringLiteral("/by/none:1")));
        for (const CommandTool tool : {CommandTool::Curl, CommandTool::Regctl})
            for (const QString &line : commandsOf(plan, tool))
                QVERIFY2(!line.contains(QStringLiteral("Bearer ")) || line.contains(QStringLiteral("TOKEN\"")),
                         qPrintable(line));
    }

    // The old image keeps a name, and gets the old one back.
    void backupAndRestore()
    {
        const QString name = m_destination->host() + QStringLiteral("/vendor/index:1");
        const oci::Digest old = digestOf(*oci::Reference::parse(name));
        PushRequest request = marked(name, name);
        request.backupTag = backupTagFor(QStringLiteral("1"), QDateTime::currentDateTimeUtc());
        const PushReport report = push(request);
        QVERIFY(report.pushed);
        QCOMPARE(report.plan.tagBefore, old);
        QCOMPARE(digestOf(request.destination.withTag(request.backupTag)), old);
        const oci::Digest pushed = digestOf(request.destination);
        QCOMPARE(pushed, report.plan.after);

        RestoreTag::Request undo;
        undo.tag = request.destination;
        undo.to = old;
        undo.expected = old; // as if nobody had pushed
        RestoreTag refused(m_client->target(request.destination), undo);
        QVERIFY(test::finish(refused));
        QVERIFY(refused.error());
        QCOMPARE(refused.error()->kind, base::ErrorKind::Conflict);
        QCOMPARE(digestOf(request.destination), pushed);

        undo.expected = pushed;
        RestoreTag restoring(m_client->target(request.destination), undo);
        QVERIFY(test::finish(restoring));
        QVERIFY2(!restoring.error(), restoring.error() ? qPrintable(restoring.error()->text()) : "");
        QCOMPARE(digestOf(request.destination), old);
        QVERIFY(pulls(request.destination));
    }

    void readOnlyRegistry()
    {
        test::DockerRegistryOptions options;
        options.isReadOnly = true;
        const test::DockerRegistry closed(options);
        QVERIFY2(closed.isRunning(), qPrintable(closed.problem()));
        const PushRequest request = marked(m_source->host() + QStringLiteral("/vendor/single:1"),
                                           closed.host() + QStringLiteral("/vendor/single:1"));
        PushImage pushing(m_client->target(request.source), m_client->target(request.destination),
                          m_client->urlFetcher(request.source), {}, prepare(request));
        QVERIFY(test::finish(pushing));
        QVERIFY(pushing.error());
        QVERIFY2(pushing.error()->kind == base::ErrorKind::Denied, qPrintable(pushing.error()->text()));
        QVERIFY2(pushing.error()->message.contains(QStringLiteral("read-only")), qPrintable(pushing.error()->text()));
    }

private:
    // The image with the first layer of each platform marked, or unmarked.
    PushRequest marked(const QString &source, const QString &destination, bool isMarked = true)
    {
        PushRequest request;
        const oci::Reference from = oci::Reference::parse(source).value();
        OpenImage opening(m_client->target(from), from);
        if (!test::finish(opening) || opening.error())
            qFatal("%s does not open.", qPrintable(source));
        request.source = opening.reference();
        request.destination = oci::Reference::parse(destination).value();
        request.original = opening.tree();
        document::EditSet edits;
        for (const document::NodePath &layer : opening.tree().layers()) {
            if (layer.layer != 0)
                continue;
            const QString address = m_client->target(from)->blobAddress(opening.tree().descriptor(layer)->digest);
            edits = edits.with(document::SetMarking{layer, isMarked, isMarked ? QStringList{address} : QStringList()});
        }
        request.derived = document::apply(opening.tree(), edits).value();
        return request;
    }
    PushPlan prepare(const PushRequest &request)
    {
        PreparePush preparing(m_client->target(request.source), m_client->target(request.destination), request);
        if (!test::finish(preparing) || preparing.error() || preparing.plan().isBlocked())
            qFatal("The push to %s cannot be prepared.", qPrintable(request.destination.toString()));
        return preparing.plan();
    }
    PushReport push(const PushRequest &request)
    {
        PushImage pushing(m_client->target(request.source), m_client->target(request.destination),
                          m_client->urlFetcher(request.source), {}, prepare(request));
        if (!test::finish(pushing) || pushing.error())
            qWarning("%s", pushing.error() ? qPrintable(pushing.error()->text()) : "not finished");
        return pushing.report();
    }
    oci::Digest digestOf(const oci::Reference &reference) const
    {
        const auto named = await(m_client->target(reference)->resolve(reference.tag(), {}));
        return named ? named->digest : oci::Digest();
    }
    Ran shell(const QString &script) const
    {
        QProcessEnvironment environment = m_kit->environment();
        if (const QString regctl = test::peer(QStringLiteral("regctl")); !regctl.isEmpty())
            environment.insert(QStringLiteral("PATH"), regctl.section(QLatin1Char('/'), 0, -2) + QLatin1Char(':') +
                                                           environment.value(QStringLiteral("PATH")));
        return test::run(QStringLiteral("sh"), {}, environment, script.toUtf8());
    }
    bool pulls(const oci::Reference &reference) const
    {
        const QTemporaryDir folder;
        const Ran pulled =
            test::run(QStringLiteral("skopeo"),
                      {QStringLiteral("--insecure-policy"), QStringLiteral("copy"), QStringLiteral("-q"),
                       QStringLiteral("--all"), QStringLiteral("--src-tls-verify=false"),
                       QStringLiteral("docker://") + reference.toString(), QStringLiteral("dir:") + folder.path()},
                      m_kit->environment());
        if (pulled.exitCode != 0)
            qWarning("%s", qPrintable(pulled.text()));
        return pulled.exitCode == 0;
    }

    std::unique_ptr<test::DockerRegistry> m_source;
    std::unique_ptr<test::DockerRegistry> m_destination;
    std::unique_ptr<ImageKit> m_kit;
    std::unique_ptr<registry::Client> m_client;
    int m_count = 0;
};

QTEST_GUILESS_MAIN(TestDockerRegistryPush)
#include "tst_dockerregistrypush.moc"
