// SPDX-License-Identifier: Apache-2.0
// Signing in through the window and the real client: with what docker knows, with a password that is typed and kept, at
// a token service elsewhere.
#include "demo/demoregistry.h"
#include "journeys/fakeconnector.h"
#include "journeys/windowfixture.h"
#include "registry/client.h"
#include "support/canary/canary.h"
#include "support/fakekeychain.h"
#include "support/tokenserver/tokenserver.h"
#include "widgets/common/errorstrip.h"
#include "widgets/connect/savedlogins.h"
#include "widgets/connect/signindialog.h"
#include "widgets/push/destinationchoice.h"
#include "widgets/push/reviewsheet.h"
#include "widgets/window/statusline.h"
#include "widgets/window/windowactions.h"

#include <QCheckBox>
#include <QDir>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMessageBox>
#include <QPointer>
#include <QPushButton>
#include <QTest>

using namespace colophon;
using Image = widgets::ImageController::State;
using test::FakeKeychain;
using test::TokenServer;

namespace {

const QString user = QStringLiteral("vendor");
const QString password = QStringLiteral(COLOPHON_CANARY);

} // namespace

class SignInJourney : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void whatIsLeftBehindIsSearched();
    void withWhatDockerKnows();
    void eachEntryIsNamed();
    void aPasswordIsKeptForTheNextStart();
    void withoutAKeychainNothingIsKept();
    void aLockedKeychainIsSaid();
    void whatIsKeptCanBeForgotten();
    void aTokenServiceElsewhere_data();
    void aTokenServiceElsewhere();
    void aBrokenFileIsSaid();
    void aFileThatIsNotNeededIsSaidTooWhenItIsBroken();

private:
    void begin();
    void writeConfig(const QByteArray &text) const;
    void startWindow();
    template <class T>
    T *dialog()
    {
        T *found = nullptr;
        (void)QTest::qWaitFor([&] { return (found = m_fixture->window().findChild<T *>()) != nullptr; });
        return found;
    }
    QByteArray entry(const QString &host) const
    {
        return "{\"auths\":{\"" + host.toLatin1() + "\":{\"auth\":\"" + (user + u':' + password).toLatin1().toBase64() +
               "\"}}}";
    }
    QString app() const { return m_registry->host() + QStringLiteral("/demo/app:1.0"); }
    // Types into the dialog and presses Return.
    void signIn(widgets::SignInDialog *into, bool remembered);

    // In the order they are to go: the window last.
    std::unique_ptr<QTemporaryDir> m_home;
    QByteArray m_variable; // DOCKER_AUTH_CONFIG
    std::unique_ptr<demo::DemoRegistry> m_registry;
    std::shared_ptr<FakeKeychain> m_keychain;
    std::unique_ptr<registry::Client> m_client;
    std::unique_ptr<test::WindowFixture> m_fixture;
};

void SignInJourney::begin()
{
    m_fixture.reset();
    m_home = std::make_unique<QTemporaryDir>();
    m_variable.clear();
    demo::Options options;
    options.user = user;
    options.password = password;
    m_registry = std::make_unique<demo::DemoRegistry>(options);
    QVERIFY2(m_registry->start(), qPrintable(m_registry->errorString()));
    m_keychain = std::make_shared<FakeKeychain>();
}

void SignInJourney::writeConfig(const QByteArray &text) const
{
    QDir(m_home->path()).mkpath(QStringLiteral(".docker"));
    QFile file(m_home->filePath(QStringLiteral(".docker/config.json")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(text);
    file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
}

void SignInJourney::startWindow()
{
    m_fixture.reset();
    registry::ClientOptions options;
    registry::auth::CredentialPlaces places;
    places.home = m_home->path();
    places.document = m_variable;
    places.files = {
        {m_home->filePath(QStringLiteral(".docker/config.json")), registry::auth::CredentialFile::Format::Docker}};
    options.places = places;
    options.keychain = m_keychain;
    m_client = std::make_unique<registry::Client>(options);
    m_fixture = std::make_unique<test::WindowFixture>(*m_client);
    m_fixture->window().setKeychain(m_keychain);
}

void SignInJourney::signIn(widgets::SignInDialog *into, bool remembered)
{
    QTest::keyClicks(into->userField(), user);
    QTest::keyClicks(into->passwordField(), password);
    if (remembered) {
        QVERIFY(QTest::qWaitFor([&] { return into->remember()->isEnabled(); }));
        into->remember()->setFocus();
        QTest::keyClick(into->remember(), Qt::Key_Space);
        QVERIFY(into->remember()->isChecked());
        m_fixture->picture("sign-in-remember");
    }
    QTest::keyClick(into->passwordField(), Qt::Key_Return);
    QVERIFY(m_fixture->waitForState(Image::Open));
    QVERIFY(QTest::qWaitFor([&] { return m_fixture->isSettled(); }));
}

void SignInJourney::withWhatDockerKnows()
{
    begin();
    writeConfig(entry(m_registry->host()));
    startWindow();
    QVERIFY(m_fixture->open(app()));
    QVERIFY(!m_fixture->window().findChild<widgets::SignInDialog *>());
    QCOMPARE(m_fixture->window().status()->signedIn(),
             QStringLiteral("signed in as vendor (from ~/.docker/config.json for %1)").arg(m_registry->host()));
    m_fixture->picture("signed-in-from-docker");
}

// Of several entries for one registry: which one opened the image, and which one the destination was shown.
void SignInJourney::eachEntryIsNamed()
{
    begin();
    const QByteArray host = m_registry->host().toLatin1();
    const QByteArray login = "{\"auth\":\"" + (user + u':' + password).toLatin1().toBase64() + "\"}";
    writeConfig("{\"auths\":{\"" + host + "/demo\":" + login + ",\"" + host + "/mirror\":" + login + "}}");
    startWindow();
    QVERIFY(m_fixture->open(app()));
    const QString said = QStringLiteral("signed in as vendor (from ~/.docker/config.json for %1/%2)");
    QCOMPARE(m_fixture->window().status()->signedIn(), said.arg(m_registry->host(), QStringLiteral("demo")));
    const document::SetAnnotation note{document::NodePath::root(), document::SetAnnotation::Where::Document,
                                       QStringLiteral("note"), QStringLiteral("mirrored")};
    QVERIFY(m_fixture->document().edit({note}, QStringLiteral("Add a note")));
    widgets::ReviewSheet *review = m_fixture->window().review();
    m_fixture->window().actions()->review->trigger();
    QVERIFY(m_fixture->waitForPush(widgets::PushController::State::Planned));
    const QString there = QStringLiteral("The destination: ") + said;
    QCOMPARE(review->signedIn(), there.arg(m_registry->host(), QStringLiteral("demo")));
    QLineEdit *where = review->destination()->repositoryField();
    where->setFocus();
    where->selectAll();
    QTest::keyClicks(where, m_registry->host() + QStringLiteral("/mirror/app"));
    QTest::keyClick(where, Qt::Key_Return);
    QTRY_COMPARE(review->signedIn(), there.arg(m_registry->host(), QStringLiteral("mirror")));
    QVERIFY(m_fixture->waitForPush(widgets::PushController::State::Planned));
    m_fixture->picture("signed-in-at-destination");
    QCOMPARE(m_fixture->window().status()->signedIn(), said.arg(m_registry->host(), QStringLiteral("demo")));
}

void SignInJourney::aPasswordIsKeptForTheNextStart()
{
    begin();
    startWindow();
    m_fixture->type(app());
    auto *asking = dialog<widgets::SignInDialog>();
    QVERIFY(asking);
    const auto *promise = asking->findChild<QLabel *>(QStringLiteral("promise"));
    QVERIFY(promise->text().startsWith(QStringLiteral("Kept in memory until Colophon closes")));
    QVERIFY(!asking->remember()->isChecked());
    // What the registry does not accept is not kept.
    QVERIFY(QTest::qWaitFor([&] { return asking->remember()->isEnabled(); }));
    asking->remember()->click();
    QVERIFY(promise->text().startsWith(QStringLiteral("Kept in the keychain")));
    QTest::keyClicks(asking->userField(), QStringLiteral("wrong"));
    QTest::keyClicks(asking->passwordField(), QStringLiteral("wrong"));
    const QPointer<widgets::SignInDialog> first = asking;
    QTest::keyClick(asking->passwordField(), Qt::Key_Return);
    QVERIFY(QTest::qWaitFor([&] { return !first && (asking = dialog<widgets::SignInDialog>()) != nullptr; }));
    QVERIFY(m_keychain->kept.isEmpty());
    asking->userField()->clear();
    signIn(asking, true);
    QCOMPARE(m_keychain->kept.value(m_registry->host()).user, user);
    QCOMPARE(m_fixture->window().status()->signedIn(), QStringLiteral("signed in as vendor (given by hand)"));
    // The next start asks nobody.
    startWindow();
    QVERIFY(m_fixture->open(app()));
    QVERIFY(!m_fixture->window().findChild<widgets::SignInDialog *>());
    QCOMPARE(m_fixture->window().status()->signedIn(), QStringLiteral("signed in as vendor (from the keychain)"));
}

void SignInJourney::withoutAKeychainNothingIsKept()
{
    begin();
    m_keychain->isThere = false;
    startWindow();
    m_fixture->type(app());
    auto *asking = dialog<widgets::SignInDialog>();
    QVERIFY(asking);
    const auto *promise = asking->findChild<QLabel *>(QStringLiteral("promise"));
    QTest::qWait(0);
    QVERIFY(!asking->remember()->isEnabled());
    QVERIFY(promise->text().contains(QStringLiteral("no keychain")));
    m_fixture->picture("sign-in-without-keychain");
    signIn(asking, false);
    QVERIFY(m_keychain->kept.isEmpty());
    startWindow();
    m_fixture->type(app());
    QVERIFY(dialog<widgets::SignInDialog>()); // session-only, as it said
}

void SignInJourney::aLockedKeychainIsSaid()
{
    begin();
    m_keychain->isLocked = true;
    startWindow();
    m_fixture->type(app());
    signIn(dialog<widgets::SignInDialog>(), true);
    QVERIFY(QTest::qWaitFor([&] { return m_fixture->window().errors()->isVisible(); }));
    QVERIFY(m_fixture->window().errors()->error().message.contains(QStringLiteral("keychain")));
}

void SignInJourney::whatIsKeptCanBeForgotten()
{
    begin();
    const content::Credential credential{user, base::Secret(password.toUtf8())};
    m_keychain->kept.insert(m_registry->host(), credential);
    m_keychain->kept.insert(QStringLiteral("registry.example"), credential);
    startWindow();
    QVERIFY(m_fixture->open(app()));
    m_fixture->window().actions()->savedLogins->trigger();
    auto *saved = dialog<widgets::SavedLogins>();
    QVERIFY(saved);
    m_fixture->picture("saved-sign-ins");
    QCOMPARE(saved->list()->count(), 2);
    QCOMPARE(saved->list()->item(0)->text(), m_registry->host() + QStringLiteral(" as vendor"));
    saved->list()->setCurrentRow(0);
    m_keychain->isLocked = true;
    QTest::keyClick(saved->removeButton(), Qt::Key_Space);
    QCOMPARE(saved->list()->count(), 2);
    m_keychain->isLocked = false;
    saved->list()->setCurrentRow(0);
    QTest::keyClick(saved->removeButton(), Qt::Key_Space);
    QCOMPARE(saved->list()->count(), 1);
    QVERIFY(!m_keychain->kept.contains(m_registry->host()));
    QVERIFY(m_fixture->window().status()->said().contains(m_registry->host()));
    QTest::keyClick(saved->removeButton(), Qt::Key_Space);
    QVERIFY(!saved->list()->isVisible()); // nothing left, and it says so
    m_fixture->picture("saved-sign-ins-none");
    QTest::keyClick(saved, Qt::Key_Escape);
    // Gone for this session too.
    m_fixture->window().actions()->reload->trigger();
    QVERIFY(dialog<widgets::SignInDialog>());
}

void SignInJourney::aTokenServiceElsewhere_data()
{
    QTest::addColumn<bool>("isSent");
    QTest::newRow("sent") << true;
    QTest::newRow("not sent") << false;
}

void SignInJourney::aTokenServiceElsewhere()
{
    QFETCH(bool, isSent);
    begin();
    TokenServer::Settings settings;
    settings.users.insert(user, {password, {{QStringLiteral("*"), {QStringLiteral("pull")}}}});
    const TokenServer tokens(settings);
    test::FaultServer locked;
    const QByteArray challenge = "Bearer realm=\"" + tokens.realm().toLatin1().replace("127.0.0.1", "localhost") + '"';
    locked.always("GET", QStringLiteral("/v2/"), test::answer(401).with("WWW-Authenticate", challenge));
    locked.always("", QStringLiteral("/v2/.*"), [challenge](const test::RecordedRequest &request) {
        return request.has("Authorization") ? test::answer(404) : test::answer(401).with("WWW-Authenticate", challenge);
    });
    m_keychain->kept.insert(locked.authority(), {user, base::Secret(password.toUtf8())});
    startWindow();
    m_fixture->type(locked.authority() + QStringLiteral("/app:1"));
    auto *question = dialog<QMessageBox>();
    QVERIFY(question);
    m_fixture->picture("another-host");
    QCOMPARE(question->textFormat(), Qt::PlainText);
    QVERIFY(question->text().contains(QStringLiteral("localhost")));
    QVERIFY(question->text().contains(locked.authority()));
    QVERIFY(question->text().contains(user));
    QCOMPARE(tokens.server().connections(), 0);
    if (isSent)
        QTest::mouseClick(question->findChild<QPushButton *>(QStringLiteral("send")), Qt::LeftButton);
    else
        QTest::keyClick(question, Qt::Key_Return); // what is preset is the careful answer
    QVERIFY(m_fixture->waitForState(Image::Failed));
    QCOMPARE(m_fixture->window().controller()->error()->kind,
             isSent ? base::ErrorKind::NotFound : base::ErrorKind::Denied);
    QVERIFY(QTest::qWaitFor([&] { return m_fixture->isSettled(); }));
    QCOMPARE(tokens.server().requests().isEmpty(), !isSent);
    // Asked once, whatever was said.
    m_fixture->press(Qt::Key_F5);
    QVERIFY(QTest::qWaitFor([&] { return m_fixture->isSettled(); }));
    QVERIFY(!m_fixture->window().findChild<QMessageBox *>());
}

void SignInJourney::aBrokenFileIsSaid()
{
    begin();
    writeConfig("{\"auths\": " COLOPHON_CANARY);
    startWindow();
    m_fixture->type(app());
    auto *asking = dialog<widgets::SignInDialog>();
    QVERIFY(asking);
    const QString why = m_fixture->window().errors()->error().message;
    QVERIFY2(why.contains(QStringLiteral("~/.docker/config.json")), qPrintable(why));
    QVERIFY(!why.contains(password));
}

void SignInJourney::aFileThatIsNotNeededIsSaidTooWhenItIsBroken()
{
    begin();
    writeConfig(entry(m_registry->host()));
    m_variable = "{\"auths\": " COLOPHON_CANARY;
    startWindow();
    QVERIFY(m_fixture->open(app()));
    QVERIFY(m_fixture->window().errors()->isVisible());
    QVERIFY(m_fixture->window().errors()->error().message.contains(QStringLiteral("DOCKER_AUTH_CONFIG")));
    m_fixture->picture("broken-variable");
    // Once is enough.
    m_fixture->window().actions()->reload->trigger();
    QVERIFY(QTest::qWaitFor([&] { return m_fixture->isSettled(); }));
    QVERIFY(!m_fixture->window().errors()->isVisible());
}

// Every journey ends with this search: here is a find.
void SignInJourney::whatIsLeftBehindIsSearched()
{
    test::FakeConnector connector;
    test::WindowFixture fixture(connector);
    QVERIFY(fixture.secretsLeft().isEmpty());
    fixture.settings().setShape(QStringLiteral("planted"), COLOPHON_CANARY);
    QCOMPARE(fixture.secretsLeft().size(), 1);
    fixture.settings().setShape(QStringLiteral("planted"), {});
    QVERIFY(fixture.secretsLeft().isEmpty());
}

QTEST_MAIN(SignInJourney)
#include "tst_signinjourney.moc"
