// SPDX-License-Identifier: Apache-2.0
// Trust policies: which statement counts for a repository, and every mistake in a document is said instead of guessed.
#include "signing/notationfixtures.h"
#include "signing/notationpolicy.h"

#include <QTest>

using namespace colophon;
using signing::NotationAction;
using signing::NotationPolicy;
using signing::NotationStatement;
using signing::NotationStep;
using test::PolicyWish;

namespace {
// Before the texts of all mistakes.
const QString head = QStringLiteral("The trust policy p.json");

QByteArray document(const QByteArray &statements, const QByteArray &version = "\"1.0\"")
{
    return "{\"version\":" + version + ",\"trustPolicies\":[" + statements + "]}";
}

QByteArray statement(const QByteArray &name, const QByteArray &scopes)
{
    return "{\"name\":\"" + name + "\",\"registryScopes\":" + scopes +
           ",\"signatureVerification\":{\"level\":\"strict\"},\"trustStores\":[\"ca:x\"],\"trustedIdentities\":[\"*\"]"
           "}";
}
} // namespace

class TestNotationPolicy : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theStatementOfARepositoryCounts()
    {
        const auto policy = NotationPolicy::parse(
            document(statement("all", "[\"*\"]") + ',' + statement("one", "[\"r.example/a\",\"r.example:5000/b/c\"]")),
            QStringLiteral("p.json"));
        QVERIFY2(policy, qPrintable(policy ? QString() : policy.error().text()));
        const auto nameFor = [&policy](const char *repository) {
            const NotationStatement *found = policy->statementFor(QLatin1String(repository));
            return found ? found->name : QString();
        };
        QCOMPARE(nameFor("r.example/a"), QStringLiteral("one"));
        QCOMPARE(nameFor("r.example:5000/b/c"), QStringLiteral("one"));
        QCOMPARE(nameFor("r.example/a/b"), QStringLiteral("all"));
        QCOMPARE(nameFor("other.example/a"), QStringLiteral("all"));
        const auto narrow =
            NotationPolicy::parse(document(statement("one", "[\"r.example/a\"]")), QStringLiteral("p.json"));
        QVERIFY(!narrow->statementFor(QStringLiteral("r.example/b")));
    }

    void levelsSayWhatAFailureMeans_data()
    {
        QTest::addColumn<QByteArray>("level");
        QTest::addColumn<QByteArray>("override");
        QTest::addColumn<QString>("actions"); // integrity, authenticity, authenticTimestamp, expiry, revocation
        QTest::newRow("strict") << QByteArray("strict") << QByteArray() << QStringLiteral("eeeee");
        QTest::newRow("permissive") << QByteArray("permissive") << QByteArray() << QStringLiteral("eelll");
        QTest::newRow("audit") << QByteArray("audit") << QByteArray() << QStringLiteral("ellll");
        QTest::newRow("strict, overridden") << QByteArray("strict")
                                            << QByteArray("{\"authenticity\":\"log\",\"authenticTimestamp\":\"log\","
                                                          "\"expiry\":\"log\",\"revocation\":\"skip\"}")
                                            << QStringLiteral("ellls");
        QTest::newRow("audit, overridden")
            << QByteArray("audit") << QByteArray("{\"expiry\":\"enforce\"}") << QStringLiteral("ellel");
    }
    void levelsSayWhatAFailureMeans()
    {
        QFETCH(QByteArray, level);
        QFETCH(QByteArray, override);
        QFETCH(QString, actions);
        const auto policy =
            NotationPolicy::parse(PolicyWish{.level = level, .override = override}.json(), QStringLiteral("p.json"));
        QVERIFY2(policy, qPrintable(policy ? QString() : policy.error().text()));
        const NotationStatement one = policy->statements().constFirst();
        QString found;
        for (const NotationStep step :
             {NotationStep::Integrity, NotationStep::Authenticity, NotationStep::AuthenticTimestamp,
              NotationStep::Expiry, NotationStep::Revocation})
            found += one.actions.value(step) == NotationAction::Enforce ? u'e'
                     : one.actions.value(step) == NotationAction::Log   ? u'l'
                                                                        : u's';
        QCOMPARE(found, actions);
        QVERIFY(!one.skipsAll());
    }

    void everyMistakeIsSaid_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QString>("message"); // behind the document's name
        const auto row = [](const char *name, const QByteArray &json, const char *message) {
            QTest::newRow(name) << json << QString::fromUtf8(message);
        };
        row("no JSON", "hello", " is no JSON that can be read: ");
        row("a list", "[]", ": an object is missing, or something else stands in its place.");
        row("twice", "{\"version\":\"1.0\",\"version\":\"1.0\",\"trustPolicies\":[]}", ": /version occurs twice.");
        row("no version", "{\"trustPolicies\":[]}", ": its version is not 1.0.");
        row("another version", document("", "\"2.0\""), ": its version is not 1.0.");
        row("a number", document("", "1.0"), ": its version is not 1.0.");
        row("an unknown member", "{\"version\":\"1.0\",\"trustPolicy\":[]}", ": “trustPolicy” is not understood.");
        row("no statement", document(""), ": it has no statement: trustPolicies is missing or empty.");
        row("no name", document(statement("", "[\"*\"]")), ", statement “”: it has no name.");
        row("one name twice", document(statement("a", "[\"*\"]") + ',' + statement("a", "[\"r.example/a\"]")),
            ": two statements are named “a”.");
        row("one scope twice", document(statement("a", "[\"*\"]") + ',' + statement("b", "[\"*\"]")),
            ": two statements are for “*”.");
        row("a misspelt member", document(QByteArray(statement("a", "[\"*\"]")).replace("trustStores", "truststores")),
            ", statement “a”: “truststores” is not understood.");
        const auto wish = [&row](const char *name, const PolicyWish &policy, const char *message) {
            row(name, policy.json(), QByteArray(", statement “all”: ").append(message).constData());
        };
        wish("no scope", {.scopes = "[]"}, "it is for no repository: registryScopes is missing or empty.");
        wish("scopes no list", {.scopes = "\"*\""}, "registryScopes is not a list.");
        wish("scope no text", {.scopes = "[1]"}, "registryScopes has an entry that is no text, or empty.");
        wish("a scope twice", {.scopes = "[\"r.example/a\",\"r.example/a\"]"},
             "registryScopes has “r.example/a” twice.");
        wish("all and one", {.scopes = "[\"*\",\"r.example/a\"]"}, "registryScopes has * beside others.");
        for (const char *scope : {"r.example", "r.example/*", "https://r.example/a", "r.example/a:1", "r.example/A"})
            row(scope, PolicyWish{.scopes = QByteArray("[\"") + scope + "\"]"}.json(),
                qPrintable(QStringLiteral(", statement “all”: the scope “%1” is not written as registry/repository.")
                               .arg(QLatin1String(scope))));
        wish("another level", {.level = "lax"}, "the level “lax” is none of strict, permissive, audit and skip.");
        wish("override no object", {.override = "[]"}, "override is no object.");
        wish("integrity", {.override = "{\"integrity\":\"log\"}"}, "integrity cannot be overridden.");
        wish("skipped authenticity", {.override = "{\"authenticity\":\"skip\"}"},
             "authenticity cannot be skipped, only logged.");
        wish("an unknown step", {.override = "{\"expire\":\"log\"}"},
             "override has “expire”, which is not understood.");
        wish("an unknown action", {.override = "{\"expiry\":\"warn\"}"},
             "override says something else than enforce, log or skip for expiry.");
        wish("skip, overridden",
             {.level = "skip", .override = "{\"expiry\":\"log\"}", .identities = "[]", .stores = "[]"},
             "level skip cannot be overridden.");
        wish("time stamps sometimes", {.more = ",\"verifyTimestamp\":\"sometimes\""},
             "verifyTimestamp is neither always nor afterCertExpiry.");
        wish("an unknown wish", {.more = ",\"verifyTime\":\"always\""}, "“verifyTime” is not understood.");
        wish("skip with stores", {.level = "skip"}, "it skips verification, but names trust stores or identities.");
        wish("no store", {.stores = "[]"}, "it needs both trustStores and trustedIdentities.");
        wish("no identity", {.identities = "[]"}, "it needs both trustStores and trustedIdentities.");
        for (const char *store : {"test", "ca:", "ca:..", "ca:a/b", "cb:test", "ca:a b"})
            row(store, PolicyWish{.stores = QByteArray("[\"") + store + "\"]"}.json(),
                qPrintable(QStringLiteral(", statement “all”: the trust store “%1” is not written as ca:NAME.")
                               .arg(QLatin1String(store))));
        wish("all and one identity", {.identities = "[\"*\",\"x509.subject:C=US,ST=WA,O=x\"]"},
             "trustedIdentities has * beside others.");
        wish("identity without a kind", {.identities = "[\"CN=x\"]"},
             "the identity “CN=x” is not written as x509.subject:NAME.");
        wish("identity no name", {.identities = "[\"x509.subject:x\"]"},
             "“x” is no name such as “C=US, ST=WA, O=acme, CN=signer”.");
        for (const auto &[lacking, name] : {std::pair("C", "ST=WA,O=x"), {"ST", "C=US,O=x"}, {"O", "C=US,ST=WA,CN=x"}})
            row(name, PolicyWish{.identities = QByteArray("[\"x509.subject:") + name + "\"]"}.json(),
                qPrintable(QStringLiteral(
                               ", statement “all”: the identity “x509.subject:%1” lacks %2; C, ST and O are needed.")
                               .arg(QLatin1String(name), QLatin1String(lacking))));
        wish("overlapping identities",
             {.identities = "[\"x509.subject:C=US,ST=WA,O=x\",\"x509.subject:C=US,ST=WA,O=x,CN=y\"]"},
             "the identity “x509.subject:C=US,ST=WA,O=x,CN=y” overlaps with another.");
    }
    void everyMistakeIsSaid()
    {
        QFETCH(QByteArray, json);
        QFETCH(QString, message);
        const auto policy = NotationPolicy::parse(json, QStringLiteral("p.json"));
        QVERIFY(!policy);
        QCOMPARE(policy.error().kind, base::ErrorKind::InvalidData);
        QVERIFY2(policy.error().message.startsWith(head + message), qPrintable(policy.error().message));
    }

    void aLargeDocumentIsNotRead()
    {
        const auto policy = NotationPolicy::parse(document(statement("a", "[\"*\"]")) + QByteArray(1024 * 1024, ' '),
                                                  QStringLiteral("p.json"));
        QVERIFY(!policy);
        QCOMPARE(policy.error().kind, base::ErrorKind::TooLarge);
    }
};

QTEST_GUILESS_MAIN(TestNotationPolicy)
#include "tst_notationpolicy.moc"
