// SPDX-License-Identifier: Apache-2.0
// Trust stores in a folder, as notation keeps them: what is in them counts, and what is wrong with them is said.
#include "signing/notationfixtures.h"

#include <QTest>

using namespace colophon;
using base::ErrorKind;
using signing::Certificate;
using signing::NotationTrust;
using test::CertificateWish;
using test::MadeCertificate;
using test::makeCertificate;
using test::TrustFolder;

namespace {
base::Result<QList<Certificate>> authoritiesIn(const TrustFolder &folder)
{
    const auto trust = folder.read();
    if (!trust)
        return base::fail(trust.error());
    return trust->authoritiesOf(trust->policy().statements().constFirst());
}
} // namespace

class TestNotationTrust : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void certificatesComeFromEveryFile()
    {
        const MadeCertificate root = makeCertificate(CertificateWish::authority("root"));
        const MadeCertificate other = makeCertificate(CertificateWish::authority("other"));
        const MadeCertificate leaf = makeCertificate({});
        const TrustFolder folder({root.pem + other.pem});
        test::writeFile(store(folder, "leaf.cer"), leaf.der);
        test::writeFile(store(folder, "again.pem"), root.pem);
        test::writeFile(store(folder, "README"), "not one of them");
        const auto all = authoritiesIn(folder);
        QVERIFY2(all, qPrintable(all ? QString() : all.error().text()));
        QCOMPARE(all->size(), 4);
        for (const MadeCertificate &each : {root, other, leaf})
            QVERIFY(all->contains(Certificate::fromDer(each.der, {}).value()));
    }

    void whatIsWrongIsSaid_data()
    {
        QTest::addColumn<QString>("situation");
        QTest::addColumn<ErrorKind>("kind");
        QTest::addColumn<QString>("message");
        const auto row = [](const char *situation, ErrorKind kind, const char *message) {
            QTest::newRow(situation) << QString::fromLatin1(situation) << kind << QString::fromUtf8(message);
        };
        row("no store", ErrorKind::Usage, "There is no trust store ");
        row("a linked store", ErrorKind::Usage, "There is no trust store ");
        row("an empty store", ErrorKind::InvalidData, "There is no certificate in the trust store ");
        row("no certificate", ErrorKind::InvalidData, "There is no certificate in bad.crt.");
        row("a damaged one", ErrorKind::InvalidData, "bad.crt is no X.509 certificate, or it is damaged.");
        row("a folder", ErrorKind::InvalidData, " in a trust store is not a plain file.");
        row("a link", ErrorKind::InvalidData, " in a trust store is not a plain file.");
        row("a leaf", ErrorKind::InvalidData,
            " in a trust store is neither a CA nor self-signed: “CN=leaf,O=Notary,ST=WA,C=US”.");
        row("too many", ErrorKind::TooLarge, "There are more than 1000 certificates in the trust store ");
        row("too large", ErrorKind::TooLarge, "is larger than the 1.0 MB that are read.");
        row("no policy", ErrorKind::Usage, "There is no file ");
        row("a wrong policy", ErrorKind::InvalidData, "The trust policy trustpolicy.json: its version is not 1.0.");
    }
    void whatIsWrongIsSaid()
    {
        QFETCH(QString, situation);
        QFETCH(ErrorKind, kind);
        QFETCH(QString, message);
        const MadeCertificate root = makeCertificate(CertificateWish::authority("root"));
        const TrustFolder folder({});
        const QString place = store(folder, "");
        const QString bad = store(folder, "bad.crt");
        if (situation == QLatin1String("no store")) {
            QVERIFY(QDir(place).removeRecursively());
        } else if (situation == QLatin1String("a linked store")) {
            QVERIFY(QDir().rename(place, folder.path() + QStringLiteral("/elsewhere")));
            test::writeFile(folder.path() + QStringLiteral("/elsewhere/root.crt"), root.pem);
            QVERIFY(QFile::link(folder.path() + QStringLiteral("/elsewhere"), QDir::cleanPath(place)));
        } else if (situation == QLatin1String("no certificate")) {
            test::writeFile(bad, root.keyPem);
        } else if (situation == QLatin1String("a damaged one")) {
            test::writeFile(bad, root.der.chopped(1));
        } else if (situation == QLatin1String("a folder")) {
            QVERIFY(QDir().mkpath(bad));
        } else if (situation == QLatin1String("a link")) {
            test::writeFile(folder.path() + QStringLiteral("/root.crt"), root.pem);
            QVERIFY(QFile::link(folder.path() + QStringLiteral("/root.crt"), bad));
        } else if (situation == QLatin1String("a leaf")) {
            test::writeFile(bad, makeCertificate({}, &root).pem);
        } else if (situation == QLatin1String("too many")) {
            test::writeFile(bad, root.pem.repeated(600));
            test::writeFile(store(folder, "more.crt"), root.pem.repeated(600));
        } else if (situation == QLatin1String("too large")) {
            test::writeFile(bad, root.pem + QByteArray(1024 * 1024, ' '));
        } else if (situation == QLatin1String("no policy")) {
            QVERIFY(QFile::remove(folder.policyFile()));
        } else if (situation == QLatin1String("a wrong policy")) {
            folder.setPolicy("{}");
        }
        const auto all = authoritiesIn(folder);
        QVERIFY(!all);
        QCOMPARE(all.error().kind, kind);
        QVERIFY2(all.error().message.contains(message), qPrintable(all.error().message));
    }

    void aStoreMattersOnlyToWhoNamesIt()
    {
        const MadeCertificate root = makeCertificate(CertificateWish::authority("root"));
        const TrustFolder folder({root.pem});
        QByteArray json = test::PolicyWish{.stores = R"(["ca:missing"])", .scopes = R"(["r.example/a"])"}.json();
        json.replace(R"("name":"all")", R"("name":"narrow")").chop(2);
        const QByteArray good = test::PolicyWish().json();
        folder.setPolicy(json + ',' + good.mid(good.indexOf("[{") + 1));
        const NotationTrust trust = folder.read().value();
        QVERIFY(!trust.authoritiesOf(*trust.policy().statementFor(QStringLiteral("r.example/a"))));
        QCOMPARE(trust.authoritiesOf(*trust.policy().statementFor(QStringLiteral("r.example/b")))->size(), 1);
    }

private:
    static QString store(const TrustFolder &folder, const char *file)
    {
        return folder.path() + QStringLiteral("/truststore/x509/ca/test/") + QLatin1String(file);
    }
};

QTEST_GUILESS_MAIN(TestNotationTrust)
#include "tst_notationtrust.moc"
