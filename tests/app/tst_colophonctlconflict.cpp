// SPDX-License-Identifier: Apache-2.0
// What registries and other people have against a push, seen through the command: a tag that somebody else moves
// meanwhile, on docker-registry; its read-only mode; and the rules of registries that cannot be had, by their scripted
// answers.

#include "app/command.h"
#include "app/scriptedregistry.h"
#include "support/dockerregistry/dockerregistry.h"
#include "support/registryimage/registryimage.h"

#include <QTest>

using namespace colophon;
using test::answer;
using test::Command;
using test::FaultServer;
using test::ImageBuilder;
using test::ordinary;
using test::Ran;
using test::TestAuthority;

class TestColophonctlConflict : public QObject
{
    Q_OBJECT

    QStringList mark(const QStringList &more = {}) const
    {
        return QStringList{QStringLiteral("mark"), m_app, QStringLiteral("--layer"), QStringLiteral("0")} + more;
    }
    // The tag is read before the push asks new addresses and set after it: whoever is asked there comes in between.
    QStringList markWhile(const std::function<void()> &otherPush)
    {
        m_vendor.forget();
        m_vendor.always("GET", QStringLiteral("/layer"), [otherPush](const test::RecordedRequest &) {
            otherPush();
            return answer(206, "b").with("Content-Range", "bytes 0-0/4");
        });
        return mark({QStringLiteral("--url"), m_vendor.url(QStringLiteral("/layer")).toString()});
    }
    void theirPush() const
    {
        const Ran ran = m_command({QStringLiteral("tag"), m_theirs, QStringLiteral("1"), QStringLiteral("--force")});
        if (ran.exitCode != 0)
            qWarning("%s", qPrintable(ran.text()));
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
        const QString name = m_registry->host() + QStringLiteral("/app%1").arg(++m_count);
        m_app = name + QStringLiteral(":1");
        m_theirs = name + QStringLiteral(":theirs");
        ImageBuilder builder;
        m_image = builder.image(builder.manifest({ordinary("base"), ordinary("app")}));
        ImageBuilder other;
        QCOMPARE(upload(m_image, {m_app}), QString());
        QCOMPARE(upload(other.image(other.manifest({ordinary("theirs")})), {m_theirs}), QString());
    }

    void theTagMovesMeanwhile()
    {
        const QStringList arguments = markWhile([this] { theirPush(); });
        const Ran refused = m_command(arguments);
        const oci::Digest theirs = test::digestOfTag(m_theirs);
        QVERIFY2(refused.exitCode == 4, qPrintable(refused.text()));
        QVERIFY2(refused.err.contains("someone pushed " + theirs.toLatin1()), refused.err.constData());
        QVERIFY2(refused.err.contains("Run it again to start from what the tag names now, or give --force"),
                 refused.err.constData());
        QVERIFY2(refused.out.isEmpty(), refused.out.constData());
        QCOMPARE(test::digestOfTag(m_app), theirs);

        // The same in JSON; then all the same, because that is what the person wants.
        QCOMPARE(m_command({QStringLiteral("tag"),
                            m_app.section(QLatin1Char(':'), 0, -2) + QLatin1Char('@') + m_image.root.digest.toString(),
                            QStringLiteral("1")})
                     .exitCode,
                 0);
        const QJsonObject report = m_command.json(arguments, 4);
        QCOMPARE(report[QLatin1String("pushed")].toBool(), false);
        QCOMPARE(report[QLatin1String("steps")].toArray().last()[QLatin1String("outcome")].toString(),
                 QStringLiteral("failed"));
        QCOMPARE(m_command({QStringLiteral("tag"),
                            m_app.section(QLatin1Char(':'), 0, -2) + QLatin1Char('@') + m_image.root.digest.toString(),
                            QStringLiteral("1")})
                     .exitCode,
                 0);
        const QJsonObject forced = m_command.json(arguments + QStringList{QStringLiteral("--force")});
        QCOMPARE(test::digestOfTag(m_app).toString(), forced[QLatin1String("after")].toString());
        QCOMPARE(test::digestOfTag(m_theirs), theirs);
    }
    // Found out before anything is done: the plan says so, too.
    void theTagHasMoved()
    {
        theirPush();
        QStringList arguments = mark({QStringLiteral("--no-probe")});
        arguments[1] += QLatin1Char('@') + m_image.root.digest.toString();
        const oci::Digest theirs = test::digestOfTag(m_app);
        const qsizetype puts = m_registry->log().count(QStringLiteral("http.request.method=PUT"));
        for (const QStringList &more : {QStringList(), QStringList{QStringLiteral("--dry-run")}}) {
            const Ran refused = m_command(arguments + more);
            QVERIFY2(refused.exitCode == 4, qPrintable(refused.text()));
            QVERIFY2(refused.err.contains("--force"), refused.err.constData());
            QCOMPARE(refused.out.contains("\nblocked   The tag moved while you were editing"), !more.isEmpty());
        }
        QCOMPARE(m_registry->log().count(QStringLiteral("http.request.method=PUT")), puts);
        QCOMPARE(test::digestOfTag(m_app), theirs);
        QCOMPARE(m_command(arguments + QStringList{QStringLiteral("--force")}).exitCode, 0);
        QVERIFY(test::digestOfTag(m_app) != theirs);
    }
    // A backup replaces nothing, and --force is no answer to that.
    void theBackupsTagIsTaken()
    {
        const Ran refused =
            m_command(mark({QStringLiteral("--no-probe"), QStringLiteral("--backup-tag"), QStringLiteral("theirs")}));
        QVERIFY2(refused.exitCode == 4, qPrintable(refused.text()));
        QVERIFY2(!refused.err.contains("--force"), refused.err.constData());
        QCOMPARE(test::digestOfTag(m_app), m_image.root.digest);
    }

    void aReadOnlyDockerRegistry()
    {
        test::DockerRegistryOptions options;
        options.isReadOnly = true;
        const test::DockerRegistry closed(options);
        QVERIFY2(closed.isRunning(), qPrintable(closed.problem()));
        const Ran ran = m_command(
            mark({QStringLiteral("--no-probe"), QStringLiteral("--to"), closed.host() + QStringLiteral("/app")}));
        QVERIFY2(ran.exitCode == 6, qPrintable(ran.text()));
        QVERIFY2(ran.err.contains(closed.host().toLatin1() + " takes nothing at the moment: it is read-only."),
                 ran.err.constData());
        QVERIFY2(ran.err.contains("Push again later, or to another registry"), ran.err.constData());
        QCOMPARE(test::digestOfTag(m_app), m_image.root.digest);
    }

    // The room ends with the first blob: the layer that unmarking takes into the registry.
    void aQuotaAtTheUpload()
    {
        const QByteArray layer = "vendor's";
        m_vendor.forget();
        m_vendor.always("GET", QStringLiteral("/layer"), answer(200, layer));
        ImageBuilder builder;
        m_image = builder.image(builder.manifest(
            {test::foreign(layer, {m_vendor.url(QStringLiteral("/layer")).toString()}), ordinary("app")}));
        FaultServer scripted(m_authority, TestAuthority::Kind::Good);
        scripted.always("HEAD", QStringLiteral("/v2/app/blobs/") + test::digestOf(layer).toString(), answer(404));
        scripted.always("POST", QStringLiteral("/v2/app/blobs/uploads/.*"),
                        answer(403, "{\"errors\":[{\"code\":\"DENIED\",\"message\":\"adding 8 B of storage resource, "
                                    "which when updated to current usage of 300.0 GiB will exceed the configured "
                                    "upper limit of 300.0 GiB.\"}]}")
                            .with("Content-Type", "application/json"));
        serve(scripted, m_image, QStringLiteral("app"), QStringLiteral("1"));
        const Ran ran = m_command({QStringLiteral("unmark"), scripted.authority() + QStringLiteral("/app:1"),
                                   QStringLiteral("--layer"), QStringLiteral("foreign"), QStringLiteral("--ca-file"),
                                   m_authority.caFile()});
        QVERIFY2(ran.exitCode == 6, qPrintable(ran.text()));
        QVERIFY2(ran.err.contains("a quota is used up"), ran.err.constData());
        QVERIFY2(ran.err.contains("another tag does not help"), ran.err.constData());
        QVERIFY(scripted.requests("PUT").isEmpty());
    }

    void rulesOfRegistries_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("said");
        QTest::addColumn<bool>("anotherTagHelps");
        QTest::newRow("immutable, Harbor")
            << 412
            << QByteArray("{\"errors\":[{\"code\":\"PRECONDITION\",\"message\":\"Failed to process request due to "
                          "'app:1' configured as immutable.\"}]}")
            << QByteArray("its tags are immutable") << true;
        QTest::newRow("immutable, ECR")
            << 400
            << QByteArray("{\"errors\":[{\"code\":\"TAG_INVALID\",\"message\":\"The image tag '1' already exists in "
                          "the 'app' repository and cannot be overwritten because the repository is immutable.\"}]}")
            << QByteArray("its tags are immutable") << true;
        QTest::newRow("locked, Azure")
            << 405
            << QByteArray("{\"errors\":[{\"code\":\"REGISTRY_DISALLOWED_OPERATION\",\"message\":\"The operation is "
                          "disallowed on this registry, repository or image.\"}]}")
            << QByteArray("has locked this image or repository") << true;
        QTest::newRow("quota, Quay")
            << 403
            << QByteArray("{\"errors\":[{\"code\":\"DENIED\",\"message\":\"Quota has been exceeded on namespace\"}]}")
            << QByteArray("a quota is used up") << false;
        QTest::newRow("read-only, Harbor")
            << 403
            << QByteArray("{\"errors\":[{\"code\":\"DENIED\",\"message\":\"The system is in read only mode. Any "
                          "modification is prohibited.\"}]}")
            << QByteArray("it is read-only") << false;
    }
    // Everything else goes well; the manifest is refused.
    void rulesOfRegistries()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, said);
        QFETCH(bool, anotherTagHelps);
        FaultServer scripted(m_authority, TestAuthority::Kind::Good);
        scripted.always("PUT", QStringLiteral("/v2/app/manifests/.*"),
                        answer(status, body).with("Content-Type", "application/json"));
        serve(scripted, m_image, QStringLiteral("app"), QStringLiteral("1"));
        m_app = scripted.authority() + QStringLiteral("/app:1");
        const QStringList arguments =
            mark({QStringLiteral("--no-probe"), QStringLiteral("--ca-file"), m_authority.caFile()});
        const Ran ran = m_command(arguments);
        QVERIFY2(ran.exitCode == 6, qPrintable(ran.text()));
        QVERIFY2(ran.err.contains(said), ran.err.constData());
        QCOMPARE(ran.err.contains(m_app.toUtf8() + "-2"), anotherTagHelps); // the tag that is offered
        QVERIFY2(ran.err.contains("Nothing was changed: `app:1` is still " + m_image.root.digest.toLatin1()),
                 ran.err.constData());
        QVERIFY(ran.out.isEmpty());
        const QJsonObject report = m_command.json(arguments, 6);
        QCOMPARE(report[QLatin1String("pushed")].toBool(), false);
    }

private:
    const TestAuthority m_authority;
    Command m_command;
    FaultServer m_vendor;
    std::unique_ptr<test::DockerRegistry> m_registry;
    test::GeneratedImage m_image;
    QString m_app;
    QString m_theirs;
    int m_count = 0;
};

QTEST_GUILESS_MAIN(TestColophonctlConflict)
#include "tst_colophonctlconflict.moc"
