// SPDX-License-Identifier: Apache-2.0
// Credential files as docker and podman write them: which entry is for whom, and what is wrong with a broken one.

#include "registry/auth/credentialfile.h"
#include "support/canary/canary.h"

#include <QTest>

using namespace colophon;
using registry::auth::CredentialFile;
using Format = CredentialFile::Format;

Q_DECLARE_METATYPE(colophon::registry::auth::CredentialFile::Format)

namespace {

QByteArray auth(const QByteArray &pair) { return "{\"auth\":\"" + pair.toBase64() + "\"}"; }

// {"auths":{…}} with one entry each, whose password is its key's.
QByteArray auths(const QList<QByteArray> &keys)
{
    QByteArray text;
    for (const QByteArray &key : keys)
        text += (text.isEmpty() ? "" : ",") + ('"' + key + "\":" + auth("user:for " + key));
    return R"({"auths":{)" + text + "}}";
}

} // namespace

class TestCredentialFile : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void findsTheMostSpecificKey_data()
    {
        QTest::addColumn<QList<QByteArray>>("keys");
        QTest::addColumn<QString>("registry");
        QTest::addColumn<QString>("repository");
        QTest::addColumn<QByteArray>("found"); // empty: none
        const auto row = [](const char *name, const QList<QByteArray> &keys, const char *registry,
                            const char *repository, const char *found) {
            QTest::newRow(name) << keys << QString::fromLatin1(registry) << QString::fromLatin1(repository)
                                << QByteArray(found);
        };
        row("host", {"r.example"}, "r.example", "a/b", "r.example");
        row("host with its port", {"r.example", "r.example:5000"}, "r.example:5000", "a", "r.example:5000");
        row("another port is another registry", {"r.example:5000", "r.example:443"}, "r.example", "a", "");
        row("another host", {"other.example"}, "r.example", "a", "");
        row("a host that ends alike", {"evil-r.example", "r.example.evil"}, "r.example", "a", "");
        row("repository", {"r.example", "r.example/a", "r.example/a/b"}, "r.example", "a/b", "r.example/a/b");
        row("namespace", {"r.example", "r.example/a"}, "r.example", "a/b/c", "r.example/a");
        row("another namespace is not for all", {"r.example/a"}, "r.example", "b/c", "");
        row("half a word is no namespace", {"r.example/a"}, "r.example", "ab/c", "");
        row("address", {"https://r.example"}, "r.example", "a", "https://r.example");
        row("address with a path", {"https://r.example/v1/"}, "r.example", "a", "https://r.example/v1/");
        row("plain address", {"http://r.example/v2/"}, "r.example", "a", "http://r.example/v2/");
        row("exact before an address", {"https://r.example/", "r.example"}, "r.example", "a", "r.example");
        row("upper case", {"R.Example"}, "r.example", "a", "R.Example");
        row("docker's own", {"https://index.docker.io/v1/"}, "docker.io", "library/ubuntu",
            "https://index.docker.io/v1/");
        row("docker by name", {"docker.io"}, "docker.io", "library/ubuntu", "docker.io");
        row("docker's host", {"registry-1.docker.io"}, "docker.io", "me/app", "registry-1.docker.io");
        row("a namespace of docker's", {"https://index.docker.io/v1/", "docker.io/me"}, "docker.io", "me/app",
            "docker.io/me");
        row("docker's is nobody else's", {"https://index.docker.io/v1/"}, "index.example", "a", "");
    }

    void findsTheMostSpecificKey()
    {
        QFETCH(QList<QByteArray>, keys);
        QFETCH(QString, registry);
        QFETCH(QString, repository);
        QFETCH(QByteArray, found);
        for (const Format format : {Format::Docker, Format::Containers}) {
            const auto file = CredentialFile::parse(auths(keys), format);
            QVERIFY2(file, file ? "" : qPrintable(file.error().message));
            const auto entry = file->find(registry, repository);
            QVERIFY2(entry, entry ? "" : qPrintable(entry.error().message));
            QCOMPARE(entry->has_value(), !found.isEmpty());
            if (!entry->has_value())
                continue;
            QCOMPARE((*entry)->user, QStringLiteral("user"));
            QCOMPARE((*entry)->password.reveal(), "for " + found);
            QCOMPARE((*entry)->key, QString::fromLatin1(found));
        }
    }

    void dockercfgHasRegistriesAlone()
    {
        const QByteArray text =
            R"({"https://r.example/v1/":)" + auth("user:x") + R"(,"r.example/a":)" + auth("user:y") + "}";
        const auto file = CredentialFile::parse(text, Format::Legacy);
        QVERIFY(file);
        const auto entry = file->find(QStringLiteral("r.example"), QStringLiteral("a"));
        QVERIFY(entry && *entry);
        QCOMPARE((*entry)->password.reveal().size(), 1);
        QVERIFY(!file->helperFor(QStringLiteral("r.example")));
    }

    void readsEveryKindOfEntry_data()
    {
        QTest::addColumn<QByteArray>("entry");
        QTest::addColumn<QString>("user");
        QTest::addColumn<QByteArray>("secrets"); // password/identity token/registry token; empty: nothing there
        QTest::newRow("auth") << auth("me:pa:ss") << QStringLiteral("me") << QByteArray("pa:ss//");
        QTest::newRow("auth with NULs") << auth(QByteArray("me:pass\0\0", 9)) << QStringLiteral("me")
                                        << QByteArray("pass//");
        QTest::newRow("user and password")
            << QByteArray(R"({"username":"me","password":"p"})") << QStringLiteral("me") << QByteArray("p//");
        QTest::newRow("auth stands above")
            << "{\"username\":\"x\",\"password\":\"y\",\"auth\":\"" + QByteArray("me:p").toBase64() + "\"}"
            << QStringLiteral("me") << QByteArray("p//");
        QTest::newRow("identity token") << QByteArray(R"({"identitytoken":"it"})") << QString() << QByteArray("/it/");
        QTest::newRow("as az writes it") << "{\"auth\":\"" + QByteArray("0000:").toBase64() +
                                                "\",\"identitytoken\":\"it\"}"
                                         << QStringLiteral("0000") << QByteArray("/it/");
        QTest::newRow("registry token") << QByteArray(R"({"registrytoken":"rt"})") << QString() << QByteArray("//rt");
        QTest::newRow("a helper's mark") << QByteArray("{}") << QString() << QByteArray();
        QTest::newRow("a user alone") << QByteArray(R"({"username":"me","email":"x"})") << QString() << QByteArray();
        QTest::newRow("null") << QByteArray(R"({"auth":null,"password":null})") << QString() << QByteArray();
    }

    void readsEveryKindOfEntry()
    {
        QFETCH(QByteArray, entry);
        QFETCH(QString, user);
        QFETCH(QByteArray, secrets);
        const auto file = CredentialFile::parse(R"({"auths":{"r.example":)" + entry + "}}", Format::Docker);
        QVERIFY(file);
        const auto found = file->find(QStringLiteral("r.example"), QStringLiteral("a"));
        QVERIFY2(found, found ? "" : qPrintable(found.error().message));
        QCOMPARE(found->has_value(), !secrets.isEmpty());
        QCOMPARE(file->holdsSecrets(), !secrets.isEmpty());
        if (!found->has_value())
            return;
        QCOMPARE((*found)->user, user);
        QCOMPARE((*found)->password.reveal() + '/' + (*found)->identityToken.reveal() + '/' +
                     (*found)->registryToken.reveal(),
                 secrets);
    }

    void saysWhatIsWrong_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("part"); // of the sentence
        const auto entry = [](const QByteArray &value) { return R"({"auths":{"r.example":)" + value + "}}"; };
        QTest::newRow("nothing") << QByteArray("x") << QStringLiteral("no JSON from byte");
        QTest::newRow("cut") << QByteArray("{\"auths\":{\"r.example\":{\"auth\":\"" COLOPHON_CANARY)
                             << QStringLiteral("no JSON");
        QTest::newRow("array") << QByteArray("[]") << QStringLiteral("no JSON object");
        QTest::newRow("auths") << QByteArray(R"({"auths":[]})") << QStringLiteral("\"auths\" is no object");
        QTest::newRow("helpers") << QByteArray(R"({"credHelpers":"x"})")
                                 << QStringLiteral("\"credHelpers\" is no object");
        QTest::newRow("store") << QByteArray(R"({"credsStore":{}})") << QStringLiteral("\"credsStore\" is no text");
        QTest::newRow("entry") << entry("5") << QStringLiteral("The entry for r.example is no object");
        QTest::newRow("no base64") << entry(R"({"auth":")" COLOPHON_CANARY R"(!!"})") << QStringLiteral("no base64");
        QTest::newRow("no colon") << entry(auth(COLOPHON_CANARY)) << QStringLiteral("not user:password");
        QTest::newRow("no user") << entry(auth(":" COLOPHON_CANARY)) << QStringLiteral("not user:password");
        QTest::newRow("number") << entry(R"({"password":5})") << QStringLiteral("\"password\" is no text");
        QTest::newRow("colon") << entry(R"({"username":"a:b","password":")" COLOPHON_CANARY R"("})")
                               << QStringLiteral("colon");
        QTest::newRow("line break in a token") << entry(R"({"registrytoken":")" COLOPHON_CANARY R"(\r\nX: y"})")
                                               << QStringLiteral("\"registrytoken\" is no token");
    }

    void saysWhatIsWrong()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, part);
        base::Error error;
        const auto file = CredentialFile::parse(text, Format::Docker);
        if (file) {
            const auto found = file->find(QStringLiteral("r.example"), QStringLiteral("a"));
            QVERIFY(!found);
            error = found.error();
            QVERIFY(file->find(QStringLiteral("other.example"), QStringLiteral("a"))); // nobody else's business
        } else {
            error = file.error();
        }
        QCOMPARE(error.kind, base::ErrorKind::InvalidData);
        QVERIFY2(error.message.contains(part), qPrintable(error.message));
        QVERIFY(test::canaryIn(error.text().toUtf8()).isEmpty());
    }

    void namesTheHelper_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("registry");
        QTest::addColumn<QString>("docker"); // "name server" as docker's file says
        QTest::addColumn<QString>("podman");
        const auto row = [](const char *name, const char *text, const char *registry, const char *docker,
                            const char *podman) {
            QTest::newRow(name) << QByteArray(text) << QString::fromLatin1(registry) << QString::fromLatin1(docker)
                                << QString::fromLatin1(podman);
        };
        row("none", "{}", "r.example", "", "");
        row("store", R"({"credsStore":"s"})", "r.example", "s r.example", "");
        row("helper", R"({"credsStore":"s","credHelpers":{"r.example":"h"}})", "r.example", "h r.example",
            "h r.example");
        row("helper of another", R"({"credHelpers":{"other.example":"h"}})", "r.example", "", "");
        row("helper of another port", R"({"credHelpers":{"r.example:5000":"h"}})", "r.example", "", "");
        row("docker", R"({"credsStore":"s"})", "docker.io", "s https://index.docker.io/v1/", "");
        row("docker's helper", R"({"credHelpers":{"https://index.docker.io/v1/":"h"}})", "docker.io",
            "h https://index.docker.io/v1/", "h docker.io");
        row("docker's helper by name", R"({"credHelpers":{"docker.io":"h"}})", "docker.io",
            "h https://index.docker.io/v1/", "h docker.io");
        row("no text", R"({"credHelpers":{"r.example":5}})", "r.example", "", "");
    }

    void namesTheHelper()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, registry);
        QFETCH(QString, docker);
        QFETCH(QString, podman);
        const auto said = [&](Format format) {
            const auto helper = CredentialFile::parse(text, format)->helperFor(registry);
            return helper ? helper->name + u' ' + helper->server : QString();
        };
        QCOMPARE(said(Format::Docker), docker);
        QCOMPARE(said(Format::Containers), podman);
    }
};

QTEST_GUILESS_MAIN(TestCredentialFile)
#include "tst_credentialfile.moc"
