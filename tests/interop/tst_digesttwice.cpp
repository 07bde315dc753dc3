// SPDX-License-Identifier: Apache-2.0
// Content that occurs twice in an image is marked everywhere or nowhere, because of what clients do with the rest:
// asked of skopeo, crane, regctl and oras on two real registries. Marked everywhere the blob stays behind. Marked at
// one place only it is uploaded all the same, or the copy fails; the command refuses to bring that about, shows it, and
// mends it.

#include "demo/layertar.h"
#include "support/dockerregistry/dockerregistry.h"
#include "support/peers.h"
#include "support/programs/copying.h"
#include "support/registryimage/registryimage.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

using namespace colophon;
using test::ImageBuilder;
using test::LayerSpec;
using test::ordinary;
using test::Ran;

class TestDigestTwice : public QObject
{
    Q_OBJECT

    enum class Form { OneManifest, TwoPlatforms };

    // The layer "shared" at two places, and others; `second`: how it is written at the second place.
    static test::GeneratedImage imageOf(Form form, const LayerSpec &first, const LayerSpec &second)
    {
        ImageBuilder builder;
        if (form == Form::OneManifest)
            return builder.image(builder.manifest({first, ordinary(layer("own")), second}));
        const auto amd = builder.manifest({first, ordinary(layer("own"))}, QStringLiteral("linux/amd64"));
        const auto arm = builder.manifest({second, ordinary(layer("other"))}, QStringLiteral("linux/arm64"));
        return builder.image(builder.index({amd, arm}));
    }
    static QByteArray layer(const char *name)
    {
        return demo::makeLayer({{QString::fromLatin1(name), QByteArray(3000, name[0])}}).bytes;
    }
    static oci::Digest shared() { return test::digestOf(layer("shared")); }

    QString newName() { return QStringLiteral("vendor/app%1").arg(++m_count); }
    QString source(const QString &name) const
    {
        return m_first->host() + QLatin1Char('/') + name + QStringLiteral(":1");
    }
    QString target(const QString &name) const
    {
        return m_second->host() + QLatin1Char('/') + name + QStringLiteral(":1");
    }
    QProcessEnvironment environment() const { return test::plainEnvironment(m_home.path()); }
    Ran colophonctl(const QStringList &arguments) const
    {
        return test::run(QStringLiteral(COLOPHONCTL), arguments, environment());
    }
    QJsonObject inspected(const QString &reference) const
    {
        const Ran ran = colophonctl({QStringLiteral("inspect"), reference, QStringLiteral("--json")});
        if (ran.exitCode != 0)
            qWarning("%s", qPrintable(ran.text()));
        return QJsonDocument::fromJson(ran.out).object();
    }
    bool arrived(const QString &name, const oci::Digest &digest) const
    {
        return test::hasBlob(m_second->host() + QLatin1Char('/') + name, digest);
    }
    // Not the address the command would choose, though the blob is there.
    QString addressIn(const QString &name) const
    {
        return QStringLiteral("http://%1/v2/%2/blobs/%3?by=hand").arg(m_first->host(), name, shared().toString());
    }
    // By hand: marked at its first place, and ordinary at the second.
    QString putPartial(Form form, const QString &name) const
    {
        return upload(imageOf(form, test::foreign(layer("shared"), {addressIn(name)}), ordinary(layer("shared"))),
                      {source(name)});
    }
    // The addresses of the layer, place by place.
    QStringList addressesOfShared(const QString &reference) const
    {
        QJsonObject report = inspected(reference);
        QJsonArray images = report[QStringLiteral("manifests")].toArray();
        if (images.isEmpty())
            images.append(report);
        QStringList addresses;
        for (const QJsonValue image : images)
            for (const QJsonValue each : image[QStringLiteral("layers")].toArray())
                if (each[QStringLiteral("digest")].toString() == shared().toString())
                    addresses.append(each[QStringLiteral("urls")][0].toString());
        return addresses;
    }

    static void addRows()
    {
        QTest::addColumn<int>("form");
        QTest::addColumn<QString>("client");
        for (const char *client : {"skopeo", "crane", "regctl", "oras"}) {
            QTest::addRow("in one manifest, %s", client)
                << static_cast<int>(Form::OneManifest) << QString::fromLatin1(client);
            QTest::addRow("in two platforms, %s", client)
                << static_cast<int>(Form::TwoPlatforms) << QString::fromLatin1(client);
        }
    }

private Q_SLOTS:
    void initTestCase()
    {
        COLOPHON_NEED_DOCKER_REGISTRY();
        const test::DockerRegistryOptions allowing{.allowUrls = {QStringLiteral("^https?://.*")}};
        m_first = std::make_unique<test::DockerRegistry>(allowing);
        m_second = std::make_unique<test::DockerRegistry>(allowing);
        QVERIFY2(m_first->isRunning(), qPrintable(m_first->problem()));
        QVERIFY2(m_second->isRunning(), qPrintable(m_second->problem()));
    }
    void cleanupTestCase()
    {
        m_first.reset();
        m_second.reset();
    }

    // Content that stands in eight places is uploaded once, however many transfers run at the same time; content that
    // is there already, not at all.
    void isUploadedOnce()
    {
        const QString name = newName();
        ImageBuilder builder;
        QList<oci::Descriptor> platforms;
        for (const char *platform : {"linux/amd64", "linux/arm64", "linux/s390x", "linux/riscv64"}) {
            const LayerSpec plain = ordinary(layer("shared"));
            platforms.append(builder.manifest({plain, ordinary(layer(platform)), plain}, QLatin1String(platform)));
        }
        QCOMPARE(upload(builder.image(builder.index(platforms)), {source(name)}), QString());
        const auto uploads = [this, &name] {
            return m_second->log().count(QStringLiteral("\"POST /v2/%1/blobs/uploads/").arg(name));
        };
        const QStringList pushing{QStringLiteral("unmark"), source(name),           QStringLiteral("--layer"),
                                  QStringLiteral("all"),    QStringLiteral("--to"), target(name),
                                  QStringLiteral("--jobs"), QStringLiteral("8")};
        const Ran pushed = colophonctl(pushing);
        QVERIFY2(pushed.exitCode == 0, qPrintable(pushed.text()));
        QVERIFY(arrived(name, shared()));
        QCOMPARE(uploads(), 1 + 4 + 4); // what they share, what each has of its own, and the configs
        QVERIFY(colophonctl(pushing).exitCode == 0);
        QCOMPARE(uploads(), 9);
    }

    void markedEverywhereItStaysBehind_data() { addRows(); }
    void markedEverywhereItStaysBehind()
    {
        QFETCH(int, form);
        QFETCH(QString, client);
        COLOPHON_NEED_CLIENT(client);
        const QString name = newName();
        const LayerSpec plain = ordinary(layer("shared"));
        QCOMPARE(upload(imageOf(Form(form), plain, plain), {source(name)}), QString());
        // One place is named; the other is taken along, and said.
        const Ran marked =
            colophonctl({QStringLiteral("mark"), source(name), QStringLiteral("--layer"), QStringLiteral("0"),
                         QStringLiteral("--platform"), QStringLiteral("linux/amd64")});
        QVERIFY2(marked.exitCode == 0, qPrintable(marked.text()));
        QVERIFY2(marked.err.contains("is taken along: it is the same content as layer 0"), marked.err.constData());

        const Ran copied = test::copyImage(client, source(name), target(name), environment());
        QVERIFY2(copied.exitCode == 0, qPrintable(copied.text()));
        QVERIFY(!arrived(name, shared()));
        QVERIFY(arrived(name, test::digestOf(layer("own"))));
        QCOMPARE(arrived(name, test::digestOf(layer("other"))), Form(form) == Form::TwoPlatforms);
    }

    void markedAtOnePlaceOnly_data() { addRows(); }
    void markedAtOnePlaceOnly()
    {
        QFETCH(int, form);
        QFETCH(QString, client);
        COLOPHON_NEED_CLIENT(client);
        const QString name = newName();
        QCOMPARE(putPartial(Form(form), name), QString());
        const Ran copied = test::copyImage(client, source(name), target(name), environment());
        // crane asks a digest for its type, finds that of the first place in a manifest, and skips both.
        const bool fails = client == QLatin1String("crane") && Form(form) == Form::OneManifest;
        QVERIFY2((copied.exitCode != 0) == fails, qPrintable(copied.text()));
        QCOMPARE(arrived(name, shared()), !fails);
        QCOMPARE(test::digestOfTag(target(name)).isNull(), fails);
        if (fails)
            QVERIFY2(copied.err.contains("blob unknown to registry; " + shared().toLatin1()), copied.err.constData());
    }

    // The command shows it, pushes nothing on top of it, and mends it in one step; then the blob stays behind.
    void theCommandRefusesAndMendsIt_data()
    {
        QTest::addColumn<int>("form");
        QTest::newRow("in one manifest") << static_cast<int>(Form::OneManifest);
        QTest::newRow("in two platforms") << static_cast<int>(Form::TwoPlatforms);
    }
    void theCommandRefusesAndMendsIt()
    {
        QFETCH(int, form);
        COLOPHON_NEED_PROGRAM("skopeo");
        const QString name = newName();
        QCOMPARE(putPartial(Form(form), name), QString());
        const oci::Digest before = test::digestOfTag(source(name));
        const QJsonObject finding = inspected(source(name))[QStringLiteral("findings")][0].toObject();
        QCOMPARE(finding[QStringLiteral("code")].toString(), QStringLiteral("partial-marking"));
        QCOMPARE(finding[QStringLiteral("severity")].toString(), QStringLiteral("block"));
        const QString message = finding[QStringLiteral("message")].toString();
        const Ran refused =
            colophonctl({QStringLiteral("mark"), source(name), QStringLiteral("--layer"), QStringLiteral("1"),
                         QStringLiteral("--platform"), QStringLiteral("linux/amd64")});
        QVERIFY2(refused.exitCode == 2, qPrintable(refused.text()));
        QVERIFY2(refused.err.contains(message.toUtf8()), refused.err.constData());
        QCOMPARE(test::digestOfTag(source(name)), before);

        const Ran mended =
            colophonctl({QStringLiteral("mark"), source(name), QStringLiteral("--layer"), QStringLiteral("0")});
        QVERIFY2(mended.exitCode == 0, qPrintable(mended.text()));
        QVERIFY(test::digestOfTag(source(name)) != before);
        QVERIFY(inspected(source(name))[QStringLiteral("findings")].toArray().isEmpty());
        QCOMPARE(addressesOfShared(source(name)), (QStringList{addressIn(name), addressIn(name)}));
        const Ran copied = test::copyImage(QStringLiteral("skopeo"), source(name), target(name), environment());
        QVERIFY2(copied.exitCode == 0, qPrintable(copied.text()));
        QVERIFY(!arrived(name, shared()));
    }

private:
    QTemporaryDir m_home;
    std::unique_ptr<test::DockerRegistry> m_first;
    std::unique_ptr<test::DockerRegistry> m_second;
    int m_count = 0;
};

QTEST_GUILESS_MAIN(TestDigestTwice)
#include "tst_digesttwice.moc"
