// SPDX-License-Identifier: Apache-2.0
// Signatures through the window, on the demo registry (which lists referrers), on Debian's docker-registry (which does
// not), and on what cosign wrote: opened and verified, edited, pushed and signed anew; signed without an edit; and
// every reason for which something is not verified.
#include "demo/demoregistry.h"
#include "journeys/fakeconnector.h"
#include "journeys/windowfixture.h"
#include "registry/client.h"
#include "signing/allforms.h"
#include "signing/fixtures.h"
#include "signing/keyless.h"
#include "signing/notationfixtures.h"
#include "support/canary/canary.h"
#include "support/dockerregistry/dockerregistry.h"
#include "support/fakekeychain.h"
#include "support/imagegen/imagebuilder.h"
#include "support/registryimage/registryimage.h"
#include "widgets/common/errorstrip.h"
#include "widgets/common/statepane.h"
#include "widgets/inspector/inspector.h"
#include "widgets/inspector/jsonview.h"
#include "widgets/inspector/signaturedetails.h"
#include "widgets/inspector/signaturespane.h"
#include "widgets/push/noticelist.h"
#include "widgets/push/reviewsheet.h"
#include "widgets/signing/keychoice.h"
#include "widgets/signing/newkeydialog.h"
#include "widgets/signing/signdialog.h"
#include "widgets/signing/signingchoice.h"
#include "widgets/signing/trustdialog.h"
#include "widgets/tree/imagetreeview.h"
#include "widgets/window/statusline.h"
#include "widgets/window/windowactions.h"

#include <QCheckBox>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTest>
#include <QTreeView>

using namespace colophon;
using document::NodePath;
using items::SignaturesModel;
using Image = widgets::ImageController::State;
using Push = widgets::PushController::State;
using Form = widgets::SigningChoice::Form;
using Kind = document::Attachment::Kind;

class SignaturesJourney : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void cleanup();
    void verifiedEditedSignedAnew_data();
    void verifiedEditedSignedAnew();
    void unsignedImage();
    void signedWithoutAnEdit();
    void indexAlone();
    void wrongPassphrase();
    void anotherKey();
    void aKeyIsTriedOnWhatIsThereNow();
    void keyless();
    void byCertificate();
    void coseIsPresentAndNotVerified();
    void notationByPolicy();
    void takesSbomsAlong();
    void readsTheContent();
    void lookingCanBeStopped();
    void registryGone();
    void makesAKeyAndSignsWithIt();

private:
    void startDemo();
    bool openImage(const QString &reference); // and shows its signatures
    QString app() const { return m_demo->host() + QStringLiteral("/demo/app:1.0"); }
    NodePath layer(int platform, int number) const { return NodePath::root().child(platform).layerAt(number); }
    widgets::MainWindow &window() const { return m_fixture->window(); }
    widgets::SignaturesPane &pane() const { return *window().inspector()->signatures(); }
    QString demoKey() const { return m_fixture->write(QStringLiteral("demo.key"), demo::demoPrivateKey()); }
    QString status() const { return window().status()->signatureText(); }
    bool isSettled() const { return m_fixture->isSettled() && !window().controller()->isListingAttachments(); }
    // The verdicts of the rows of one kind below a manifest.
    QStringList verdicts(const NodePath &manifest, Kind kind) const;
    QModelIndex firstOf(const NodePath &manifest, Kind kind) const;
    // Opens the dialog, chooses that key there, and signs.
    widgets::SignDialog *signDialog();
    bool signAsItIs(const QString &key, Form form = Form::Cosign);
    bool reviewAndPush();

    // In the order they are to go: the window last.
    std::unique_ptr<demo::DemoRegistry> m_demo;
    std::unique_ptr<test::DockerRegistry> m_docker;
    std::unique_ptr<content::Connector> m_connector;
    std::unique_ptr<test::WindowFixture> m_fixture;
};

void SignaturesJourney::cleanup()
{
    m_fixture.reset();
    m_connector.reset();
    m_docker.reset();
    m_demo.reset();
}

void SignaturesJourney::startDemo()
{
    m_demo = std::make_unique<demo::DemoRegistry>();
    QVERIFY2(m_demo->start(), qPrintable(m_demo->errorString()));
    m_connector = std::make_unique<registry::Client>();
    m_fixture = std::make_unique<test::WindowFixture>(*m_connector);
}

bool SignaturesJourney::openImage(const QString &reference)
{
    if (!m_fixture->open(reference) || window().errors()->isVisible())
        return false;
    window().actions()->signatures->trigger();
    return QTest::qWaitFor([this] { return isSettled() && window().controller()->attachments().has_value(); });
}

QStringList SignaturesJourney::verdicts(const NodePath &manifest, Kind kind) const
{
    QStringList words;
    SignaturesModel *model = pane().model();
    const QModelIndex parent = model->rowOf(manifest);
    for (int row = 0; parent.isValid() && row < model->rowCount(parent); ++row) {
        const QModelIndex index = model->index(row, 0, parent);
        if (model->attachment(index)->kind == kind)
            words.append(model->verdict(index).word);
    }
    return words;
}

QModelIndex SignaturesJourney::firstOf(const NodePath &manifest, Kind kind) const
{
    SignaturesModel *model = pane().model();
    const QModelIndex parent = model->rowOf(manifest);
    for (int row = 0; parent.isValid() && row < model->rowCount(parent); ++row)
        if (model->attachment(model->index(row, 0, parent))->kind == kind)
            return model->index(row, 0, parent);
    return {};
}

widgets::SignDialog *SignaturesJourney::signDialog()
{
    window().actions()->sign->trigger();
    return window().findChild<widgets::SignDialog *>();
}

bool SignaturesJourney::signAsItIs(const QString &key, Form form)
{
    widgets::SignDialog *dialog = signDialog();
    if (!dialog)
        return false;
    dialog->signing()->setForm(form);
    dialog->signing()->chooseKeyFile(key);
    if (!QTest::qWaitFor([dialog] { return dialog->signButton()->isEnabled(); }))
        return false;
    QTest::keyClick(dialog->signButton(), Qt::Key_Space);
    if (!QTest::qWaitFor([dialog] { return !dialog->isSigning(); }, 20'000) || dialog->signButton()->isVisible())
        return false;
    m_fixture->picture("sign-done");
    QTest::keyClick(dialog, Qt::Key_Escape);
    m_fixture->select(NodePath::root()); // the window is active again
    return QTest::qWaitFor([this] { return isSettled(); });
}

bool SignaturesJourney::reviewAndPush()
{
    m_fixture->press(Qt::Key_Return, Qt::ControlModifier);
    if (!m_fixture->waitForPush(Push::Planned))
        return false;
    m_fixture->press(Qt::Key_Return, Qt::ControlModifier);
    return m_fixture->waitForPush(Push::Done);
}

void SignaturesJourney::verifiedEditedSignedAnew_data()
{
    QTest::addColumn<bool>("isDocker");
    QTest::newRow("a registry that lists referrers") << false;
    QTest::newRow("docker-registry") << true;
}

void SignaturesJourney::verifiedEditedSignedAnew()
{
    QFETCH(bool, isDocker);
    QString image;
    if (isDocker) {
        COLOPHON_NEED_DOCKER_REGISTRY();
        m_docker = std::make_unique<test::DockerRegistry>(
            test::DockerRegistryOptions{.allowUrls = {QStringLiteral("^https?://.*")}});
        QVERIFY2(m_docker->isRunning(), qPrintable(m_docker->problem()));
        image = m_docker->host() + QStringLiteral("/vendor/app:1.0");
        test::ImageBuilder builder;
        const auto amd = builder.manifest({test::ordinary("base"), test::ordinary("shared"), test::ordinary("amd64")});
        const auto arm = builder.manifest({test::ordinary("arm"), test::ordinary("shared"), test::ordinary("arm64")},
                                          QStringLiteral("linux/arm64"));
        QCOMPARE(test::upload(builder.image(builder.index({amd, arm})), {image}), QString());
        m_connector = std::make_unique<registry::Client>();
        m_fixture = std::make_unique<test::WindowFixture>(*m_connector);
    } else {
        startDemo();
        image = app();
    }
    const QString key = demoKey();
    m_fixture->write(QStringLiteral("demo.pub"), demo::demoPublicKey());
    m_fixture->settings().addKeyFile(key);
    m_fixture->restart(); // a key is configured
    QVERIFY(openImage(image));
    QCOMPARE(status(), QStringLiteral("Not signed"));
    QVERIFY(signAsItIs(key));

    // Verified by itself when it is opened.
    QVERIFY(openImage(image));
    QCOMPARE(status(), QStringLiteral("Verified with demo.pub"));
    QCOMPARE(pane().verdict(), QStringLiteral("Verified with demo.pub"));
    const QStringList both{QStringLiteral("Verified"), QStringLiteral("Verified")}; // under a tag, and as a bundle
    QCOMPARE(verdicts(NodePath::root(), Kind::Signature), both);
    QCOMPARE(verdicts(NodePath::root().child(0), Kind::Signature), both);
    pane().view()->setCurrentIndex(firstOf(NodePath::root(), Kind::Signature));
    QVERIFY2(pane().details()->text().contains(QStringLiteral("demo.pub")), qPrintable(pane().details()->text()));
    m_fixture->picture(isDocker ? "signatures-docker" : "signatures-verified");

    // Edited: what is attached stays behind, and nothing is signed yet.
    const oci::Digest before = m_fixture->document().original().root().descriptor.digest;
    m_fixture->select(layer(0, 2));
    m_fixture->press(Qt::Key_Space);
    QCOMPARE(status(), QStringLiteral("Edited: not signed yet"));
    QCOMPARE(pane().verdict(), QStringLiteral("Edited: not signed yet"));
    QVERIFY(pane().model()->fate(firstOf(NodePath::root(), Kind::Signature)).word.contains(before.shortForm()));
    QVERIFY(pane().model()->fate(firstOf(NodePath::root().child(1), Kind::Signature)).word.isEmpty());
    QVERIFY(!window().actions()->sign->isEnabled());
    m_fixture->picture(isDocker ? "signatures-docker-edited" : "signatures-edited");
    m_fixture->press(Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(status(), QStringLiteral("Verified with demo.pub"));
    m_fixture->press(Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
    const oci::Digest after = m_fixture->document().tree().root().descriptor.digest;

    // Signed in both forms by the push.
    m_fixture->press(Qt::Key_Return, Qt::ControlModifier);
    window().review()->signing()->chooseKeyFile(key);
    QVERIFY(QTest::qWaitFor([&] { return window().review()->signing()->signers().size() == 2; }));
    QVERIFY(m_fixture->waitForPush(Push::Planned));
    const QString said = window().review()->notices()->sentences().join(QLatin1Char('\n'));
    QVERIFY2(said.contains(QStringLiteral("Its 4 signatures")), qPrintable(said)); // two forms, index and platform
    QCOMPARE(window().review()->controller()->plan().request.signingForms,
             (QStringList{QStringLiteral("cosign-legacy"), QStringLiteral("cosign-bundle")}));
    m_fixture->picture(isDocker ? "signatures-docker-review" : "signatures-review");
    m_fixture->press(Qt::Key_Return, Qt::ControlModifier);
    QVERIFY2(m_fixture->waitForPush(Push::Done),
             qPrintable(window().review()->controller()->error().value_or(base::Error{}).text()));
    m_fixture->press(Qt::Key_Return, Qt::ControlModifier);
    QVERIFY(QTest::qWaitFor([&] {
        return status() == QStringLiteral("Verified with demo.pub") && window().controller()->attachments() &&
               isSettled();
    }));
    QCOMPARE(m_fixture->document().original().root().descriptor.digest, after);
    QCOMPARE(verdicts(NodePath::root(), Kind::Signature), both);
    QCOMPARE(verdicts(NodePath::root().child(1), Kind::Signature), both); // it was not touched
    QVERIFY(test::digestOfTag(image) == after);
}

void SignaturesJourney::unsignedImage()
{
    startDemo();
    QVERIFY(openImage(m_demo->host() + QStringLiteral("/demo/windows:ltsc")));
    QCOMPARE(status(), QStringLiteral("Not signed"));
    QCOMPARE(pane().pane()->state(), widgets::StatePane::State::Empty);
    QVERIFY(pane().findChild<QPushButton *>(QStringLiteral("chooseKey"))->isEnabled());
    m_fixture->picture("signatures-none");
    // Of an image that has only an SBOM nothing is called signed.
    QVERIFY(openImage(app()));
    QCOMPARE(pane().verdict(), QStringLiteral("Not signed"));
    QCOMPARE(verdicts(NodePath::root().child(0), Kind::Sbom), QStringList{QStringLiteral("Unsigned")});
    m_fixture->select(NodePath::root().child(0));
    m_fixture->picture("signatures-sbom");
}

void SignaturesJourney::signedWithoutAnEdit()
{
    startDemo();
    QVERIFY(openImage(app()));
    const oci::Digest before = m_fixture->document().original().root().descriptor.digest;
    widgets::SignDialog *dialog = signDialog();
    QVERIFY(dialog);
    QVERIFY(!dialog->signButton()->isEnabled()); // no key yet
    QCOMPARE(dialog->model().rowCount(), 3);
    m_fixture->picture("sign-empty");
    dialog->signing()->chooseKeyFile(demoKey());
    QVERIFY(QTest::qWaitFor([&] { return dialog->signButton()->isEnabled(); }));
    m_fixture->picture("sign-key");
    QTest::keyClick(dialog->signButton(), Qt::Key_Space);
    QVERIFY(dialog->isSigning());
    // Stopped: what was not signed is not, and it goes on from there.
    QTest::keyClick(dialog, Qt::Key_Escape);
    QVERIFY(QTest::qWaitFor([&] { return !dialog->isSigning(); }));
    QVERIFY2(dialog->said().contains(QStringLiteral("Stopped")), qPrintable(dialog->said()));
    QVERIFY(dialog->isVisible());
    m_fixture->picture("sign-stopped");
    QTest::keyClick(dialog->signButton(), Qt::Key_Space);
    QVERIFY(QTest::qWaitFor([&] { return !dialog->isSigning(); }, 20'000));
    QVERIFY2(dialog->said().contains(QStringLiteral("verified")), qPrintable(dialog->said()));
    QTest::keyClick(dialog, Qt::Key_Escape);
    QVERIFY(QTest::qWaitFor([&] { return isSettled() && status().startsWith(QStringLiteral("Verified")); }));
    QCOMPARE(verdicts(NodePath::root().child(1), Kind::Signature).size(), 2);
    QCOMPARE(m_demo->digestOfTag(QStringLiteral("demo/app"), QStringLiteral("1.0")), before.toString());
}

void SignaturesJourney::indexAlone()
{
    startDemo();
    QVERIFY(openImage(app()));
    widgets::SignDialog *dialog = signDialog();
    dialog->signing()->chooseKeyFile(demoKey());
    QVERIFY(QTest::qWaitFor([&] { return dialog->signButton()->isEnabled(); }));
    QTest::keyClick(dialog->signing()->indexOnlyBox(), Qt::Key_Space);
    QCOMPARE(dialog->model().rowCount(), 1);
    QTest::keyClick(dialog->signButton(), Qt::Key_Space);
    QVERIFY(QTest::qWaitFor([&] { return !dialog->isSigning(); }, 20'000));
    QTest::keyClick(dialog, Qt::Key_Escape);
    QVERIFY(QTest::qWaitFor([&] { return isSettled() && !verdicts(NodePath::root(), Kind::Signature).isEmpty(); }));
    QVERIFY(verdicts(NodePath::root().child(0), Kind::Signature).isEmpty());
}

void SignaturesJourney::wrongPassphrase()
{
    startDemo();
    const auto keychain = std::make_shared<test::FakeKeychain>();
    window().setKeychain(keychain);
    const QString key = m_fixture->write(QStringLiteral("k.key"),
                                         test::contentOf(test::signingData(QStringLiteral("keys/cosign-v3.key"))));
    QVERIFY(openImage(app()));
    m_fixture->select(layer(0, 2));
    m_fixture->press(Qt::Key_Space);
    m_fixture->press(Qt::Key_Return, Qt::ControlModifier);
    QVERIFY(m_fixture->waitForPush(Push::Planned));
    auto *choice = window().review()->signing();
    choice->chooseKeyFile(key);
    QVERIFY(QTest::qWaitFor([&] { return choice->passphraseField()->isVisible(); }));
    QVERIFY(!window().review()->pushButton()->isEnabled()); // asked before the first byte moves
    QTest::keyClicks(choice->passphraseField(), QStringLiteral("wrong"));
    QTest::keyClick(choice->passphraseField(), Qt::Key_Return);
    QVERIFY(QTest::qWaitFor([&] { return choice->row(0)->note().contains(QStringLiteral("Wrong passphrase")); }));
    QVERIFY(!window().review()->pushButton()->isEnabled());
    m_fixture->picture("review-wrong-passphrase");
    QTest::keyClick(choice->row(0)->rememberBox(), Qt::Key_Space);
    QTest::keyClicks(choice->passphraseField(), QStringLiteral("testpass"));
    QTest::keyClick(choice->passphraseField(), Qt::Key_Return);
    QVERIFY(QTest::qWaitFor([&] { return window().review()->pushButton()->isEnabled(); }));
    QVERIFY(keychain->kept.contains(key));
}

void SignaturesJourney::anotherKey()
{
    startDemo();
    QVERIFY(openImage(app()));
    QVERIFY(signAsItIs(demoKey()));
    // Another window that knows only another key.
    m_fixture->settings().forgetKeyFile(m_fixture->folder() + QStringLiteral("/demo.key"));
    m_fixture->settings().addKeyFile(test::signingData(QStringLiteral("keys/cosign-v3.pub")));
    m_fixture->restart();
    QVERIFY(openImage(app()));
    QCOMPARE(status(), QStringLiteral("Not verified"));
    const QStringList failed{QStringLiteral("Failed"), QStringLiteral("Failed")};
    QCOMPARE(verdicts(NodePath::root(), Kind::Signature), failed);
    pane().view()->setCurrentIndex(firstOf(NodePath::root(), Kind::Signature));
    QVERIFY2(pane().details()->text().contains(QStringLiteral("not made by this key")),
             qPrintable(pane().details()->text()));
    m_fixture->picture("signatures-failed");
    // Without any key nothing failed: it was not checked.
    m_fixture->settings().forgetKeyFile(test::signingData(QStringLiteral("keys/cosign-v3.pub")));
    m_fixture->restart();
    QVERIFY(openImage(app()));
    QCOMPARE(status(), QStringLiteral("Signed, not checked"));
    m_fixture->picture("signatures-not-checked");
}

// Whoever chooses a key sees what was signed since the image was opened.
void SignaturesJourney::aKeyIsTriedOnWhatIsThereNow()
{
    const QString repository = QStringLiteral("r.example/app");
    auto connector = std::make_unique<test::FakeConnector>();
    const auto target = connector->repository(repository);
    target->store().addManifest(test::imageBytes(), oci::MediaType::ociManifest(), QStringLiteral("1"));
    m_connector = std::move(connector);
    m_fixture = std::make_unique<test::WindowFixture>(*m_connector);
    QVERIFY(openImage(repository + QStringLiteral(":1")));
    QCOMPARE(status(), QStringLiteral("Not signed"));
    const auto signers = signing::cosignSigners(test::signingKey(QStringLiteral("cosign-v3")));
    QVERIFY(test::await(content::signWith(signers, target, repository, test::image(), {})));

    window().actions()->chooseKey->trigger();
    auto *files = window().findChild<QFileDialog *>();
    QVERIFY(files);
    Q_EMIT files->fileSelected(test::signingData(QStringLiteral("keys/cosign-v3.pub")));
    files->close();
    QVERIFY(QTest::qWaitFor([&] { return isSettled() && status() == QStringLiteral("Verified with cosign-v3.pub"); }));
    QCOMPARE(verdicts(NodePath::root(), Kind::Signature),
             (QStringList{QStringLiteral("Verified"), QStringLiteral("Verified")}));
}

void SignaturesJourney::keyless()
{
    const test::Signatures fixture = test::signaturesOf(QStringLiteral("legacy-v2-cert"));
    auto connector = std::make_unique<test::FakeConnector>();
    content::MemoryStore &store = connector->store(fixture.registry + QLatin1Char('/') + fixture.repository);
    for (const QByteArray &blob : fixture.blobs)
        store.addBlob(blob);
    store.addManifest(fixture.manifest, oci::MediaType::ociManifest(), test::signatureTag());
    store.addManifest(test::imageBytes(), oci::MediaType::ociManifest(), QStringLiteral("1"));
    m_connector = std::move(connector);
    m_fixture = std::make_unique<test::WindowFixture>(*m_connector);
    QVERIFY(openImage(fixture.registry + QLatin1Char('/') + fixture.repository + QStringLiteral(":1")));
    QCOMPARE(status(), QStringLiteral("Signed, not verified"));
    QCOMPARE(verdicts(NodePath::root(), Kind::Signature), QStringList{QStringLiteral("Not verified")});
    pane().view()->setCurrentIndex(firstOf(NodePath::root(), Kind::Signature));
    const QString said = pane().details()->text();
    QVERIFY2(said.contains(QStringLiteral("not verified against a log")), qPrintable(said));
    QVERIFY2(said.contains(QStringLiteral("It names: ")), qPrintable(said));
    m_fixture->picture("signatures-keyless");
}

// A certificate counts where the roots vouch for it and it names who may sign: somebody else's never does.
void SignaturesJourney::byCertificate()
{
    const QString repository = QStringLiteral("r.example/app");
    auto connector = std::make_unique<test::FakeConnector>();
    content::MemoryStore &store = connector->store(repository);
    store.addManifest(test::imageBytes(), oci::MediaType::ociManifest(), QStringLiteral("1"));
    const test::MadeCertificate root = test::makeCertificate(test::CertificateWish::authority("Root"));
    test::attachKeyless(std::shared_ptr<content::MemoryStore>(std::shared_ptr<void>(), &store), test::image(),
                        test::makeCertificate(test::keylessWish(), &root));
    m_connector = std::move(connector);
    m_fixture = std::make_unique<test::WindowFixture>(*m_connector);
    QVERIFY(openImage(repository + QStringLiteral(":1")));
    window().actions()->trust->trigger();
    auto *believed = window().findChild<widgets::TrustDialog *>();
    QVERIFY(believed);
    believed->addRoots({m_fixture->write(QStringLiteral("root.pem"), root.pem)});
    m_fixture->picture("trust-roots-alone");
    const auto allow = [&](const char *who) {
        believed->signersField()->setText(QString::fromLatin1(who));
        QTest::keyClick(believed->signersField(), Qt::Key_Return);
    };
    const auto shows = [&](const char *word) {
        return QTest::qWaitFor([&] { return isSettled() && status().startsWith(QLatin1String(word)); });
    };
    QVERIFY2(shows("Signed, not verified"), qPrintable(status()));
    allow("other@example.org");
    QVERIFY2(shows("Not verified"), qPrintable(status()));
    allow("dev@example.org");
    QVERIFY2(shows("Verified with dev@example.org"), qPrintable(status()));
    m_fixture->picture("trust-roots");
    QTest::keyClick(believed, Qt::Key_Escape);
    // And by itself the next time.
    m_fixture->restart();
    QVERIFY(openImage(repository + QStringLiteral(":1")));
    QVERIFY2(status().startsWith(QStringLiteral("Verified with dev@example.org")), qPrintable(status()));
    pane().view()->setCurrentIndex(firstOf(NodePath::root(), Kind::Signature));
    m_fixture->picture("signatures-certificate");
}

void SignaturesJourney::coseIsPresentAndNotVerified()
{
    const QString repository = QStringLiteral("r.example/app");
    auto connector = std::make_unique<test::FakeConnector>();
    content::MemoryStore &store = connector->store(repository);
    store.addManifest(test::imageBytes(), oci::MediaType::ociManifest(), QStringLiteral("1"));
    const test::Signatures fixture = test::signaturesOf(QStringLiteral("notation-cose"));
    test::attach(std::shared_ptr<content::MemoryStore>(std::shared_ptr<void>(), &store), fixture.manifest,
                 fixture.blobs);
    m_connector = std::move(connector);
    m_fixture = std::make_unique<test::WindowFixture>(*m_connector);
    QVERIFY(openImage(repository + QStringLiteral(":1")));
    QVERIFY2(status().startsWith(QStringLiteral("Signed, not ")), qPrintable(status()));
    pane().view()->setCurrentIndex(firstOf(NodePath::root(), Kind::Signature));
    const QString said = pane().details()->text();
    QVERIFY2(said.contains(QStringLiteral("COSE")) && said.contains(QStringLiteral("present")), qPrintable(said));
    QVERIFY(!said.contains(QStringLiteral("Verified")));
    m_fixture->picture("signatures-cose");
}

void SignaturesJourney::notationByPolicy()
{
    startDemo();
    const test::MadeCertificate root = test::makeCertificate(test::CertificateWish::authority("Root"));
    const test::MadeCertificate leaf = test::makeCertificate(test::CertificateWish().named("signer"), &root);
    const QString key = m_fixture->write(QStringLiteral("leaf.pem"), leaf.keyPem);
    const QString chain = m_fixture->write(QStringLiteral("chain.pem"), leaf.pem + root.pem);
    QVERIFY(openImage(app()));
    widgets::SignDialog *dialog = signDialog();
    dialog->signing()->setForm(Form::Notation);
    dialog->signing()->chooseKeyFile(key);
    QVERIFY(QTest::qWaitFor([&] { return dialog->signing()->isCertificateWanting(); }));
    QVERIFY(!dialog->signButton()->isEnabled());
    m_fixture->picture("sign-notation");
    dialog->signing()->row(0)->chooseCertificates({chain});
    QVERIFY(dialog->signButton()->isEnabled());
    QTest::keyClick(dialog->signButton(), Qt::Key_Space);
    QVERIFY(QTest::qWaitFor([&] { return !dialog->isSigning(); }, 20'000));
    QTest::keyClick(dialog, Qt::Key_Escape);
    QVERIFY(QTest::qWaitFor([&] { return isSettled() && !verdicts(NodePath::root(), Kind::Signature).isEmpty(); }));
    // Nobody is trusted yet.
    QVERIFY(!status().startsWith(QStringLiteral("Verified")));

    const test::TrustFolder trust({root.der}, {.override = R"({"revocation":"skip"})"});
    window().actions()->trust->trigger();
    auto *believed = window().findChild<widgets::TrustDialog *>();
    QVERIFY(believed);
    believed->setPolicy(trust.path(), trust.policyFile());
    m_fixture->picture("trust-dialog");
    QTest::keyClick(believed, Qt::Key_Escape);
    QVERIFY(QTest::qWaitFor([&] { return isSettled() && status().startsWith(QStringLiteral("Verified")); }));
    QVERIFY2(status().contains(QStringLiteral("signer")), qPrintable(status()));
    QCOMPARE(verdicts(NodePath::root(), Kind::Signature), QStringList{QStringLiteral("Verified")});
    // And by itself the next time.
    m_fixture->restart();
    QVERIFY(openImage(app()));
    QVERIFY(status().startsWith(QStringLiteral("Verified")));
    pane().view()->setCurrentIndex(firstOf(NodePath::root(), Kind::Signature));
    m_fixture->picture("signatures-notation");
}

void SignaturesJourney::takesSbomsAlong()
{
    startDemo();
    QVERIFY(openImage(app()));
    m_fixture->select(layer(0, 2));
    m_fixture->press(Qt::Key_Space);
    m_fixture->press(Qt::Key_Return, Qt::ControlModifier);
    QVERIFY(m_fixture->waitForPush(Push::Planned));
    QCheckBox *box = window().review()->sbomBox();
    QVERIFY(box->isVisible());
    QVERIFY(!box->isChecked()); // by choice only
    QTest::keyClick(box, Qt::Key_Space);
    QVERIFY(QTest::qWaitFor([&] {
        return window().review()->controller()->state() == Push::Planned &&
               window().review()->controller()->plan().request.reattachSboms;
    }));
    m_fixture->picture("review-sboms");
    m_fixture->press(Qt::Key_Return, Qt::ControlModifier);
    QVERIFY(m_fixture->waitForPush(Push::Done));
    m_fixture->press(Qt::Key_Return, Qt::ControlModifier);
    QVERIFY(QTest::qWaitFor(
        [&] { return isSettled() && window().controller()->attachments() && !window().isReviewing(); }));
    QCOMPARE(verdicts(NodePath::root().child(0), Kind::Sbom), QStringList{QStringLiteral("Unsigned")});
}

void SignaturesJourney::readsTheContent()
{
    startDemo();
    QVERIFY(openImage(app()));
    m_fixture->select(NodePath::root().child(0));
    pane().view()->setCurrentIndex(firstOf(NodePath::root().child(0), Kind::Sbom));
    QVERIFY2(pane().details()->text().contains(QStringLiteral("Unsigned")), qPrintable(pane().details()->text()));
    QVERIFY(m_fixture->click("showContent"));
    QVERIFY(QTest::qWaitFor([&] { return pane().details()->isShowingContent(); }));
    auto *summary = pane().findChild<QLabel *>(QStringLiteral("contentSummary"));
    QVERIFY2(summary->text().contains(QStringLiteral("SPDX 2.3")), qPrintable(summary->text()));
    QVERIFY2(summary->text().contains(QStringLiteral("4 packages")), qPrintable(summary->text()));
    QVERIFY(pane().details()->content()->bytes().contains("vendor-driver"));
    m_fixture->picture("signatures-content");
    QVERIFY(m_fixture->click("backToFacts"));
    QVERIFY(!pane().details()->isShowingContent());
}

void SignaturesJourney::lookingCanBeStopped()
{
    const QString repository = QStringLiteral("r.example/app");
    auto connector = std::make_unique<test::FakeConnector>();
    const auto target = connector->repository(repository);
    target->store().addManifest(test::imageBytes(), oci::MediaType::ociManifest(), QStringLiteral("1"));
    m_connector = std::move(connector);
    m_fixture = std::make_unique<test::WindowFixture>(*m_connector);
    QVERIFY(m_fixture->open(repository + QStringLiteral(":1")));
    target->hangAt(target->calls() + 1);
    window().actions()->signatures->trigger();
    QVERIFY(QTest::qWaitFor([&] { return pane().pane()->state() == widgets::StatePane::State::Loading; }));
    const auto button = [&](const char *text) -> QPushButton * {
        for (QPushButton *each : pane().pane()->findChildren<QPushButton *>())
            if (each->isVisible() && each->text().remove(QLatin1Char('&')) == QString::fromUtf8(text))
                return each;
        return nullptr;
    };
    QVERIFY(QTest::qWaitFor([&] { return button("Cancel") != nullptr; }));
    m_fixture->picture("signatures-loading");
    QTest::mouseClick(button("Cancel"), Qt::LeftButton);
    QVERIFY(QTest::qWaitFor([&] { return button("Look again") != nullptr; }));
    QTest::mouseClick(button("Look again"), Qt::LeftButton);
    QVERIFY(QTest::qWaitFor([&] { return isSettled() && window().controller()->attachments().has_value(); }));
    QVERIFY(button("Sign…"));
}

void SignaturesJourney::registryGone()
{
    startDemo();
    QVERIFY(m_fixture->open(app()));
    m_demo->stop();
    window().actions()->signatures->trigger();
    QVERIFY(QTest::qWaitFor([&] { return pane().pane()->state() == widgets::StatePane::State::Failed; }, 30'000));
    m_fixture->picture("signatures-error");
}

void SignaturesJourney::makesAKeyAndSignsWithIt()
{
    startDemo();
    QVERIFY(openImage(app()));
    window().actions()->newKey->trigger();
    auto *dialog = window().findChild<widgets::NewKeyDialog *>();
    QVERIFY(dialog);
    m_fixture->picture("new-key");
    dialog->pathField()->setText(m_fixture->folder() + QStringLiteral("/mine"));
    QTest::keyClicks(dialog->passphraseField(), QStringLiteral(COLOPHON_CANARY));
    QTest::keyClicks(dialog->againField(), QStringLiteral(COLOPHON_CANARY));
    QTest::keyClick(dialog->againField(), Qt::Key_Return);
    QVERIFY(QTest::qWaitFor([&] { return dialog->isDone(); }, 20'000));
    m_fixture->picture("new-key-made");
    QTest::keyClick(dialog, Qt::Key_Escape);
    const QString key = m_fixture->folder() + QStringLiteral("/mine.key");
    QCOMPARE(m_fixture->settings().keyFiles(), QStringList{key});
    widgets::SignDialog *sign = signDialog();
    sign->signing()->chooseKeyFile(key);
    QVERIFY(QTest::qWaitFor([&] { return sign->signing()->passphraseField()->isVisible(); }));
    QTest::keyClicks(sign->signing()->passphraseField(), QStringLiteral(COLOPHON_CANARY));
    QTest::keyClick(sign->signing()->passphraseField(), Qt::Key_Return);
    QVERIFY(QTest::qWaitFor([&] { return sign->signButton()->isEnabled(); }));
    QTest::keyClick(sign->signButton(), Qt::Key_Space);
    QVERIFY(QTest::qWaitFor([&] { return !sign->isSigning(); }, 20'000));
    QTest::keyClick(sign, Qt::Key_Escape);
    QVERIFY(QTest::qWaitFor([&] { return status() == QStringLiteral("Verified with mine.pub"); }));
}

QTEST_MAIN(SignaturesJourney)
#include "tst_signaturesjourney.moc"
