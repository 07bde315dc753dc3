// SPDX-License-Identifier: Apache-2.0
// `blob` from outside: one layer in a file, whole and checked, or not at all; after whatever stopped it, it goes on.

#include "app/command.h"
#include "app/scriptedregistry.h"
#include "demo/layertar.h"
#include "support/dockerregistry/dockerregistry.h"
#include "support/registryimage/registryimage.h"

#include <QFileInfo>
#include <QProcess>
#include <QTest>

#include <csignal>

using namespace colophon;
using test::answer;
using test::Command;
using test::FaultServer;
using test::ImageBuilder;
using test::namesIn;
using test::ordinary;
using test::Ran;
using test::TestAuthority;

namespace {
constexpr qint64 MiB = 1024 * 1024;

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void write(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("%s cannot be written.", qPrintable(path));
}
} // namespace

class TestColophonctlBlob : public QObject
{
    Q_OBJECT

    // linux/amd64 and linux/arm64 with a layer of their own each, the large one in both; and an image with a foreign
    // layer that the registry does not have, with this address.
    QString putImages(const QString &registry, const QString &address, const QString &user = {},
                      const QString &password = {})
    {
        ImageBuilder index;
        const auto amd = index.manifest({ordinary(m_large), ordinary("amd64")}, QStringLiteral("linux/amd64"));
        const auto arm = index.manifest({ordinary(m_large), ordinary("arm64")}, QStringLiteral("linux/arm64"));
        m_image = index.image(index.index({amd, arm}));
        ImageBuilder single;
        const auto windows = single.manifest({test::foreign(m_vendors, {address}), ordinary("app")});
        const QString failed = upload(m_image, {registry + QStringLiteral("/app:1"), {}, user, password});
        return failed.isEmpty()
                   ? upload(single.image(windows),
                            {registry + QStringLiteral("/foreign:1"), {test::digestOf(m_vendors)}, user, password})
                   : failed;
    }
    QStringList save(const QString &layer, const QStringList &more = {}) const
    {
        return QStringList{QStringLiteral("blob"), m_reference, QStringLiteral("--layer"), layer,
                           QStringLiteral("-o"),   m_file} +
               more;
    }
    QString part() const { return m_file + QStringLiteral(".part"); }

    // Starts the command on a server that stops in the middle of the large layer, and waits until it has what it gets.
    std::unique_ptr<QProcess> stoppedInTheMiddle(FaultServer &server, qint64 after)
    {
        const QString digest = test::digestOf(m_large).toString();
        server.always("GET", QStringLiteral("/v2/app/blobs/") + digest,
                      answer(200, m_large).stalledAfter(after + 500)); // and the head of the answer
        serve(server, m_image, QStringLiteral("app"), QStringLiteral("1"));
        auto process = std::make_unique<QProcess>();
        process->setProcessEnvironment(m_command.environment());
        QStringList arguments = save(digest, {QStringLiteral("--ca-file"), m_authority.caFile()});
        arguments[1] = server.authority() + QStringLiteral("/app:1");
        process->start(Command::program(), arguments);
        FaultServer::until([&] { return QFileInfo(part()).size() >= after; }, std::chrono::seconds(30));
        return process;
    }

private Q_SLOTS:
    void initTestCase()
    {
        COLOPHON_NEED_DOCKER_REGISTRY();
        m_registry = std::make_unique<test::DockerRegistry>(
            test::DockerRegistryOptions{.allowUrls = {QStringLiteral("^https?://.*")}});
        QVERIFY2(m_registry->isRunning(), qPrintable(m_registry->problem()));
        m_large = demo::filler(7, 4 * MiB);
        m_vendors = demo::filler(8, 100'000);
        QCOMPARE(putImages(m_registry->host(), m_vendor.url(QStringLiteral("/layer")).toString()), QString());
    }
    void cleanupTestCase() { m_registry.reset(); }
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_file = m_folder->filePath(QStringLiteral("layer.tar.gz"));
        m_reference = m_registry->host() + QStringLiteral("/app:1");
        m_vendor.forget();
    }

    // The layer stands in two places and is one content.
    void theWhole()
    {
        const QJsonObject saved = m_command.json(save(QStringLiteral("0")));
        QCOMPARE(namesIn(saved),
                 QStringLiteral("digest file from layers reference resumedAt size").split(QLatin1Char(' ')));
        QCOMPARE(saved[QLatin1String("layers")].toArray(),
                 (QJsonArray{QStringLiteral("/manifests/0/layers/0"), QStringLiteral("/manifests/1/layers/0")}));
        QCOMPARE(saved[QLatin1String("digest")].toString(), test::digestOf(m_large).toString());
        QCOMPARE(saved[QLatin1String("size")].toInteger(), m_large.size());
        QCOMPARE(saved[QLatin1String("file")].toString(), m_file);
        QCOMPARE(saved[QLatin1String("from")].toString(), m_registry->host() + QStringLiteral("/app"));
        QCOMPARE(saved[QLatin1String("resumedAt")].toInteger(), 0);
        QVERIFY(contentOf(m_file) == m_large);
        QVERIFY(!QFile::exists(part()));
    }
    void inWords()
    {
        const Ran ran = m_command(save(QStringLiteral("0")));
        QVERIFY2(ran.exitCode == 0, qPrintable(ran.text()));
        QCOMPARE(ran.out, QStringLiteral("%1  4.2 MB  %2  from %3/app\n")
                              .arg(test::digestOf(m_large).toString(), m_file, m_registry->host())
                              .toUtf8());
        QCOMPARE(ran.err, QByteArray());
        QCOMPARE(m_command(save(QStringLiteral("0"), {QStringLiteral("--quiet"), QStringLiteral("--force")})).out,
                 QByteArray());
    }

    void severalContents_data()
    {
        QTest::addColumn<QString>("layer");
        QTest::newRow("one number, two platforms") << QStringLiteral("1");
        QTest::newRow("several numbers") << QStringLiteral("0,1");
        QTest::newRow("all") << QStringLiteral("all");
    }
    void severalContents()
    {
        QFETCH(QString, layer);
        const Ran ran = m_command(save(layer));
        QVERIFY2(ran.exitCode == 2, qPrintable(ran.text()));
        for (const char *content : {"amd64", "arm64"}) {
            const QByteArray named = "layer 1 of linux/" + QByteArray(content) + " (" +
                                     test::digestOf(content).shortForm().toLatin1() + ", 5 bytes)";
            QVERIFY2(ran.err.contains(named), ran.err.constData());
        }
        QVERIFY(!QFile::exists(m_file) && !QFile::exists(part()));
        if (layer != QLatin1String("1"))
            return;
        const QJsonObject one =
            m_command.json(save(layer, {QStringLiteral("--platform"), QStringLiteral("linux/arm64")}));
        QCOMPARE(one[QLatin1String("layers")].toArray(), QJsonArray{QStringLiteral("/manifests/1/layers/1")});
        QCOMPARE(contentOf(m_file), QByteArray("arm64"));
    }

    void anExistingFileStays()
    {
        write(m_file, "mine");
        const Ran refused = m_command(save(QStringLiteral("0")));
        QVERIFY2(refused.exitCode == 1, qPrintable(refused.text()));
        QVERIFY2(refused.err.contains("--force"), refused.err.constData());
        QCOMPARE(contentOf(m_file), QByteArray("mine"));
        QCOMPARE(m_command(save(QStringLiteral("0"), {QStringLiteral("--force")})).exitCode, 0);
        QVERIFY(contentOf(m_file) == m_large);
    }

    void whereNothingCanBeWritten_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<int>("exitCode");
        QTest::newRow("no such folder") << m_folder->filePath(QStringLiteral("no/such/x")) << 1;
        QTest::newRow("a folder that takes nothing") << QStringLiteral("/proc/x") << 1;
        QTest::newRow("a folder") << QStringLiteral("/tmp") << 2;
    }
    void whereNothingCanBeWritten()
    {
        QFETCH(QString, file);
        QFETCH(int, exitCode);
        QStringList arguments = save(QStringLiteral("0"));
        arguments.last() = file;
        const Ran ran = m_command(arguments);
        QVERIFY2(ran.exitCode == exitCode, qPrintable(ran.text()));
        QVERIFY2(ran.err.contains(file.toUtf8()), ran.err.constData());
        QVERIFY(!ran.err.contains("--force"));
    }

    // The disk takes a part and no more; with room again the rest alone is fetched.
    void noRoomLeft()
    {
        const QString limited = QStringLiteral("trap '' XFSZ; ulimit -f 2048; exec \"$0\" \"$@\"");
        const Ran full =
            test::run(QStringLiteral("bash"),
                      QStringList{QStringLiteral("-c"), limited, Command::program()} + save(QStringLiteral("0")),
                      m_command.environment());
        QVERIFY2(full.exitCode == 1, qPrintable(full.text()));
        QVERIFY2(full.err.contains("File too large"), full.err.constData());
        QVERIFY(!QFile::exists(m_file));
        QCOMPARE(QFileInfo(part()).size(), 2 * MiB);
        QCOMPARE(m_command.json(save(QStringLiteral("0")))[QLatin1String("resumedAt")].toInteger(), 2 * MiB);
        QVERIFY(contentOf(m_file) == m_large);
    }

    void killedInTheMiddleItGoesOn()
    {
        FaultServer slow(m_authority, TestAuthority::Kind::Good);
        const auto process = stoppedInTheMiddle(slow, MiB);
        ::kill(static_cast<pid_t>(process->processId()), SIGKILL);
        QVERIFY(process->waitForFinished(10'000));
        QCOMPARE(process->exitStatus(), QProcess::CrashExit);
        QVERIFY(!QFile::exists(m_file));
        const qint64 there = QFileInfo(part()).size();
        QVERIFY(there >= MiB && there < m_large.size());

        const QJsonObject rest = m_command.json(save(QStringLiteral("0")));
        QCOMPARE(rest[QLatin1String("resumedAt")].toInteger(), there);
        QVERIFY(contentOf(m_file) == m_large);
        QVERIFY(!QFile::exists(part()));
    }
    void ctrlCKeepsThePart()
    {
        FaultServer slow(m_authority, TestAuthority::Kind::Good);
        const auto process = stoppedInTheMiddle(slow, MiB);
        ::kill(static_cast<pid_t>(process->processId()), SIGINT);
        QVERIFY(process->waitForFinished(10'000));
        QCOMPARE(process->exitCode(), 130);
        const qint64 there = QFileInfo(part()).size();
        QVERIFY(there >= MiB);
        const Ran again = m_command(save(QStringLiteral("0")));
        QVERIFY2(again.out.contains(", resumed at " + QByteArray::number(there) + " bytes"), again.out.constData());
    }
    void allOfItWasHere()
    {
        write(part(), m_large);
        const QJsonObject saved = m_command.json(save(QStringLiteral("0")));
        QVERIFY(saved[QLatin1String("from")].isNull());
        QCOMPARE(saved[QLatin1String("resumedAt")].toInteger(), m_large.size());
        QVERIFY(contentOf(m_file) == m_large);
    }
    void aPartThatIsWrong()
    {
        write(part(), QByteArray(m_large.first(MiB)).replace(100, 1, "!"));
        const Ran wrong = m_command(save(QStringLiteral("0")));
        QVERIFY2(wrong.exitCode == 1, qPrintable(wrong.text()));
        QVERIFY2(wrong.err.contains("earlier attempt"), wrong.err.constData());
        QVERIFY(!QFile::exists(m_file) && !QFile::exists(part()));
        QCOMPARE(m_command(save(QStringLiteral("0"))).exitCode, 0);
        QVERIFY(contentOf(m_file) == m_large);
    }

    // The registry wants a password and does not have the layer; the vendor's server has it and gets no password.
    void aForeignLayer()
    {
        test::DockerRegistryOptions options;
        options.withPassword = true;
        options.allowUrls = {QStringLiteral("^https?://.*")};
        const test::DockerRegistry guarded(options);
        QVERIFY2(guarded.isRunning(), qPrintable(guarded.problem()));
        QCOMPARE(putImages(guarded.host(), m_vendor.url(QStringLiteral("/layer")).toString(),
                           test::DockerRegistry::user(), test::DockerRegistry::password()),
                 QString());
        m_vendor.always("GET", QStringLiteral("/layer"), answer(200, m_vendors));
        m_reference = guarded.host() + QStringLiteral("/foreign:1");
        const Ran ran =
            m_command(save(QStringLiteral("foreign"), {QStringLiteral("--json"), QStringLiteral("--password-stdin"),
                                                       QStringLiteral("--username"), test::DockerRegistry::user()}),
                      test::DockerRegistry::password().toUtf8() + '\n');
        QVERIFY2(ran.exitCode == 0, qPrintable(ran.text()));
        QCOMPARE(test::objectIn(ran.out)[QLatin1String("from")].toString(), QStringLiteral("127.0.0.1"));
        QVERIFY(contentOf(m_file) == m_vendors);
        QCOMPARE(m_vendor.requests().size(), 1);
        QVERIFY(!m_vendor.requests().constFirst().has("Authorization"));
    }
    void otherContentAtTheAddress()
    {
        QByteArray other = m_vendors;
        other[5] = static_cast<char>(other[5] + 1);
        m_vendor.always("GET", QStringLiteral("/layer"), answer(200, other));
        m_reference = m_registry->host() + QStringLiteral("/foreign:1");
        const Ran ran = m_command(save(QStringLiteral("foreign")));
        QVERIFY2(ran.exitCode == 1, qPrintable(ran.text()));
        QVERIFY2(ran.err.contains(test::digestOf(other).toString().toUtf8()), ran.err.constData());
        QVERIFY(!QFile::exists(m_file) && !QFile::exists(part()));
    }
    void nobodyHasIt()
    {
        m_vendor.always("GET", QStringLiteral("/layer"), answer(404));
        m_reference = m_registry->host() + QStringLiteral("/foreign:1");
        const Ran ran = m_command(save(QStringLiteral("foreign")));
        QVERIFY2(ran.exitCode == 3, qPrintable(ran.text()));
        QVERIFY2(ran.err.contains("neither"), ran.err.constData());
        QVERIFY(!QFile::exists(m_file) && !QFile::exists(part()));
    }

private:
    const TestAuthority m_authority;
    Command m_command;
    FaultServer m_vendor;
    std::unique_ptr<test::DockerRegistry> m_registry;
    std::unique_ptr<QTemporaryDir> m_folder;
    test::GeneratedImage m_image;
    QByteArray m_large;
    QByteArray m_vendors;
    QString m_reference;
    QString m_file;
};

QTEST_GUILESS_MAIN(TestColophonctlBlob)
#include "tst_colophonctlblob.moc"
