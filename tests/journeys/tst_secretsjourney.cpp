// SPDX-License-Identifier: Apache-2.0
// The window's program, signed in to a real registry with a token service: the password that was typed, and every token
// it became, is not in what the program shows and says, not on its command line, not in its settings, its drafts or any
// other file below its home.
#include "journeys/drivenprogram.h"
#include "support/canary/canary.h"
#include "support/dockerregistry/dockerregistry.h"
#include "support/registryimage/registryimage.h"
#include "support/tokenserver/tokenserver.h"

#include <QDir>
#include <QFile>
#include <QTest>

using namespace colophon;
using test::canariesBelow;
using test::canaryIn;
using test::DockerRegistry;
using test::DrivenProgram;

namespace {
QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}
} // namespace

class SecretsJourney : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void nowhere_data();
    void nowhere();
};

void SecretsJourney::nowhere_data()
{
    QTest::addColumn<bool>("isTyped");
    QTest::newRow("typed") << true;
    QTest::newRow("from docker's file") << false;
}

void SecretsJourney::nowhere()
{
    COLOPHON_NEED_DOCKER_REGISTRY();
    QFETCH(bool, isTyped);
    test::TokenServer::Settings settings;
    settings.users.insert(
        DockerRegistry::user(),
        {DockerRegistry::password(), {{QStringLiteral("*"), {QStringLiteral("pull"), QStringLiteral("push")}}}});
    test::TokenServer tokens(settings);
    test::DockerRegistryOptions wanted;
    wanted.tokenRealm = tokens.realm();
    wanted.tokenService = tokens.service();
    wanted.tokenIssuer = tokens.issuer();
    wanted.tokenRoots = tokens.roots();
    DockerRegistry registry(wanted);
    QVERIFY2(registry.isRunning(), qPrintable(registry.problem()));
    test::ImageBuilder builder;
    const auto root = builder.manifest({test::ordinary("one"), test::ordinary("two")});
    const QString image = registry.host() + QStringLiteral("/vendor/app:1");
    QCOMPARE(test::upload(builder.image(root), {image, {}, DockerRegistry::user(), DockerRegistry::password()}),
             QString());

    const QTemporaryDir home;
    if (!isTyped) {
        QDir(home.path()).mkpath(QStringLiteral(".docker"));
        QFile file(home.filePath(QStringLiteral(".docker/config.json")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("{\"auths\":{\"" + registry.host().toLatin1() + "\":{\"auth\":\"" +
                   (DockerRegistry::user() + u':' + DockerRegistry::password()).toLatin1().toBase64() + "\"}}}");
    }
    const QStringList planted = canariesBelow(home.path());
    QCOMPARE(planted.size(), isTyped ? 0 : 1); // the search finds what we put there
    const QString errors = home.filePath(QStringLiteral("stderr"));
    DrivenProgram program(home, {image}, errors);
    if (isTyped) {
        QVERIFY(program.bring(QStringLiteral("type user ") + DockerRegistry::user()));
        QVERIFY(program.bring(QStringLiteral("type password ") + DockerRegistry::password()));
    }
    QVERIFY2(program.shows(QStringLiteral("signed in as user")), qPrintable(program.texts()));
    QVERIFY(program.bring(QStringLiteral("row imageTree 0")));
    QVERIFY(program.tell(QStringLiteral("key imageTree Space")));
    QVERIFY(program.shows(QStringLiteral("1 layer edited")));
    const auto drafts = [&home] {
        return QDir(home.filePath(QStringLiteral("data/colophon/drafts"))).entryList(QDir::Files).size();
    };
    QVERIFY(QTest::qWaitFor([&] { return drafts() > 0; }, DrivenProgram::longest));
    const QString process = QStringLiteral("/proc/%1/").arg(program.pid());
    const QByteArray limits = contentOf(process + QStringLiteral("limits"));
    const QByteArray cores = limits.mid(limits.indexOf("Max core file size")).left(50).simplified();
    QCOMPARE(cores, QByteArray("Max core file size 0 0"));
    QVERIFY(contentOf(process + QStringLiteral("cmdline")).contains("colophon"));
    QCOMPARE(canaryIn(contentOf(process + QStringLiteral("cmdline"))), QString());
    // Its settings are written, and there is something to search.
    QVERIFY(QTest::qWaitFor(
        [&home] { return !QDir(home.filePath(QStringLiteral("config/colophon"))).isEmpty(QDir::Files); },
        DrivenProgram::longest));
    QVERIFY(program.end());
    QVERIFY(!tokens.issued().isEmpty());
    QCOMPARE(canaryIn(program.said()), QString());
    QVERIFY(QFile::exists(errors));
    QCOMPARE(canariesBelow(home.path()), planted);
}

QTEST_GUILESS_MAIN(SecretsJourney)
#include "tst_secretsjourney.moc"
