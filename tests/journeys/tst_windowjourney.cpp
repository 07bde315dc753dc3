// SPDX-License-Identifier: Apache-2.0
// The window against repositories in memory: what a person does with keys, and what each thing that can go wrong looks
// like.
#include "demo/demoregistry.h"
#include "journeys/fakeconnector.h"
#include "journeys/windowfixture.h"
#include "support/faketarget/sampleimage.h"
#include "widgets/common/errorstrip.h"
#include "widgets/common/statepane.h"
#include "widgets/connect/referencebar.h"
#include "widgets/connect/signindialog.h"
#include "widgets/inspector/inspector.h"
#include "widgets/inspector/jsonview.h"
#include "widgets/push/noticelist.h"
#include "widgets/push/reviewsheet.h"
#include "widgets/signing/signingchoice.h"
#include "widgets/tree/imagetreeview.h"
#include "widgets/window/changebar.h"
#include "widgets/window/statusline.h"
#include "widgets/window/tagspane.h"
#include "widgets/window/windowactions.h"

#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QMessageBox>
#include <QPushButton>
#include <QTest>

using namespace colophon;
using document::NodePath;
using Image = widgets::ImageController::State;
using Push = widgets::PushController::State;

namespace {
const QString name = QStringLiteral("registry.example/vendor/app");
const QString reference = name + QStringLiteral(":1.4");
} // namespace

class WindowJourney : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void opensMarksUndoesRedoesPushes();
    void signsAndVerifies();
    void togglesSeveralTogether();
    void marksEverywhereTheDigestOccurs();
    void choosesAPlatform();
    void goesBackAndForward();
    void opensATag();
    void loadingCanBeStopped();
    void badReference();
    void unknownTag();
    void signIn();
    void signInCancelled();
    void passphraseOfAKey();
    void asksBeforeEditsGo();
    void keysOfTheTree();
    void copiesTheDigest();
    void everythingIsPlainText();

private:
    void fill(const QString &repository = name, const QString &tag = QStringLiteral("1.4"));
    NodePath layer(int platform, int number) const { return NodePath::root().child(platform).layerAt(number); }

    std::unique_ptr<test::FakeConnector> m_connector;
    std::unique_ptr<test::WindowFixture> m_fixture;
};

void WindowJourney::init()
{
    m_connector = std::make_unique<test::FakeConnector>();
    fill();
    m_fixture = std::make_unique<test::WindowFixture>(*m_connector);
}

void WindowJourney::cleanup()
{
    m_fixture.reset();
    m_connector.reset();
}

void WindowJourney::fill(const QString &repository, const QString &tag)
{
    content::MemoryStore &store = m_connector->store(repository);
    const auto amd64 = test::addImage(store, QStringLiteral("linux/amd64"),
                                      {QStringLiteral("base"), QStringLiteral("shared"), QStringLiteral("app")});
    const auto arm64 =
        test::addImage(store, QStringLiteral("linux/arm64"), {QStringLiteral("base-arm"), QStringLiteral("shared")});
    test::addIndex(store, {amd64, arm64}, tag);
    for (const auto &each : {"base", "shared", "app", "base-arm"}) {
        const QByteArray bytes = test::layerBytes(QLatin1String(each));
        m_connector->urls().serve(store.blobAddress(oci::Digest::of(bytes)), bytes);
    }
}

void WindowJourney::opensMarksUndoesRedoesPushes()
{
    auto &window = m_fixture->window();
    QVERIFY(m_fixture->open(reference));
    QVERIFY(!window.changeBar()->isVisible());
    const oci::Digest before = m_fixture->document().original().root().descriptor.digest;

    m_fixture->select(layer(0, 0));
    m_fixture->press(Qt::Key_Space);
    QCOMPARE(m_fixture->markingOf(layer(0, 0)), QStringLiteral("non-distributable"));
    QCOMPARE(m_fixture->document().tree().descriptor(layer(0, 0))->urls,
             QStringList{
                 m_connector->store(name).blobAddress(m_fixture->document().tree().descriptor(layer(0, 0))->digest)});
    QVERIFY(window.changeBar()->isVisible());
    QVERIFY(window.changeBar()->text().contains(QStringLiteral("1 layer edited")));
    QVERIFY(window.changeBar()->text().contains(before.shortForm()));
    QVERIFY(window.isWindowModified());

    m_fixture->press(Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(m_fixture->document().tree().root().descriptor.digest, before);
    QVERIFY(!window.isWindowModified());
    QVERIFY(window.changeBar()->isVisible()); // the way back to the edit
    QVERIFY(!window.actions()->review->isEnabled());
    m_fixture->press(Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(m_fixture->markingOf(layer(0, 0)), QStringLiteral("non-distributable"));
    const oci::Digest after = m_fixture->document().tree().root().descriptor.digest;

    m_fixture->press(Qt::Key_Return, Qt::ControlModifier);
    QVERIFY(window.isReviewing());
    QVERIFY(m_fixture->waitForPush(Push::Planned));
    QVERIFY(!window.review()->controller()->plan().isBlocked());
    QVERIFY(window.review()->pushButton()->isEnabled());
    QCOMPARE(m_connector->store(name).tagged(QStringLiteral("1.4")), before); // nothing moved yet

    m_fixture->press(Qt::Key_Return, Qt::ControlModifier);
    QVERIFY(m_fixture->waitForPush(Push::Done));
    QCOMPARE(m_connector->store(name).tagged(QStringLiteral("1.4")), after);
    QCOMPARE(window.review()->headline(), QStringLiteral("Pushed"));
    const QString notes = window.review()->notices()->sentences().join(QLatin1Char('\n'));
    QVERIFY2(notes.contains(before.toString()) || notes.contains(before.shortForm()), qPrintable(notes));

    m_fixture->press(Qt::Key_Return, Qt::ControlModifier);
    QVERIFY(!window.isReviewing());
    QVERIFY(QTest::qWaitFor([&] { return m_fixture->isSettled() && !window.isWindowModified(); }));
    QCOMPARE(m_fixture->document().original().root().descriptor.digest, after);
    QCOMPARE(m_fixture->markingOf(layer(0, 0)), QStringLiteral("non-distributable"));
}

void WindowJourney::signsAndVerifies()
{
    auto &window = m_fixture->window();
    const QString key = m_fixture->write(QStringLiteral("k.key"), demo::demoPrivateKey());
    QVERIFY(m_fixture->open(reference));
    QCOMPARE(window.status()->signatureText(), QStringLiteral("Not signed"));
    m_fixture->select(layer(0, 2));
    m_fixture->press(Qt::Key_Space);
    m_fixture->press(Qt::Key_Return, Qt::ControlModifier);
    window.review()->signing()->chooseKeyFile(key);
    QVERIFY(QTest::qWaitFor([&] { return window.review()->signing()->key().has_value(); }));
    QVERIFY(m_fixture->waitForPush(Push::Planned));
    m_fixture->press(Qt::Key_Return, Qt::ControlModifier);
    QVERIFY(m_fixture->waitForPush(Push::Done));
    QCOMPARE(window.review()->headline(), QStringLiteral("Pushed and signed"));
    QCOMPARE(window.status()->signatureText(), QString()); // of the image before: not said beside this
    m_fixture->press(Qt::Key_Return, Qt::ControlModifier);
    QVERIFY(
        QTest::qWaitFor([&] { return window.status()->signatureText().startsWith(QStringLiteral("Verified with ")); }));
    // Its path is remembered, so that it is offered the next time.
    QCOMPARE(m_fixture->settings().keyFiles(), QStringList{key});
}

void WindowJourney::togglesSeveralTogether()
{
    QVERIFY(m_fixture->open(reference));
    m_fixture->select(layer(0, 0));
    m_fixture->press(Qt::Key_Down, Qt::ShiftModifier);
    m_fixture->press(Qt::Key_Down, Qt::ShiftModifier);
    QCOMPARE(m_fixture->window().tree()->selectedLayers().size(), 3);
    m_fixture->press(Qt::Key_Space);
    for (int number = 0; number < 3; ++number)
        QCOMPARE(m_fixture->markingOf(layer(0, number)), QStringLiteral("non-distributable"));
    m_fixture->press(Qt::Key_Z, Qt::ControlModifier); // one step
    QVERIFY(!m_fixture->document().isEdited());
}

void WindowJourney::marksEverywhereTheDigestOccurs()
{
    QVERIFY(m_fixture->open(reference));
    m_fixture->select(layer(0, 1));
    m_fixture->press(Qt::Key_Space);
    QCOMPARE(m_fixture->markingOf(layer(1, 1)), QStringLiteral("non-distributable"));
    QVERIFY(m_fixture->window().changeBar()->text().contains(QStringLiteral("1 layer edited")));
    m_fixture->window().actions()->selectDigest->trigger();
    QCOMPARE(m_fixture->window().tree()->selectedLayers().size(), 2);
}

void WindowJourney::choosesAPlatform()
{
    QVERIFY(m_fixture->open(reference));
    auto *choice = m_fixture->window().referenceBar()->platformChoice();
    QCOMPARE(choice->count(), 3);
    choice->setFocus();
    QTest::keyClick(choice, Qt::Key_Down);
    QTest::keyClick(choice, Qt::Key_Down);
    QCOMPARE(choice->currentText(), QStringLiteral("linux/arm64"));
    m_fixture->window().tree()->setCurrent(layer(0, 0));
    QVERIFY(m_fixture->window().tree()->current() != layer(0, 0)); // not shown
    m_fixture->window().tree()->setCurrent(layer(1, 0));
    QVERIFY(m_fixture->window().tree()->current() == layer(1, 0));
}

void WindowJourney::goesBackAndForward()
{
    fill(QStringLiteral("registry.example/other"), QStringLiteral("2"));
    auto &window = m_fixture->window();
    QVERIFY(m_fixture->open(reference));
    QVERIFY(m_fixture->open(QStringLiteral("registry.example/other:2")));
    QVERIFY(!window.actions()->forward->isEnabled());
    m_fixture->press(Qt::Key_Left, Qt::AltModifier);
    QVERIFY(QTest::qWaitFor([&] { return m_fixture->isSettled(); }));
    QCOMPARE(m_fixture->document().reference().name(), name);
    QCOMPARE(window.referenceBar()->text(), reference);
    m_fixture->press(Qt::Key_Right, Qt::AltModifier);
    QVERIFY(QTest::qWaitFor([&] { return m_fixture->isSettled(); }));
    QCOMPARE(m_fixture->document().reference().repository(), QStringLiteral("other"));
    QCOMPARE(m_fixture->settings().recentReferences().size(), 2);
}

void WindowJourney::opensATag()
{
    fill(name, QStringLiteral("1.10"));
    fill(name, QStringLiteral("1.9"));
    QVERIFY(m_fixture->open(reference));
    auto *tags = m_fixture->window().tags();
    QCOMPARE(tags->view()->model()->rowCount(), 3);
    QCOMPARE(tags->view()->model()->index(2, 0).data().toString(), QStringLiteral("1.10")); // as people count
    m_fixture->press(Qt::Key_F, Qt::ControlModifier);
    QCOMPARE(QApplication::focusWidget(), tags->filter());
    QTest::keyClicks(tags->filter(), QStringLiteral("1.10"));
    QCOMPARE(tags->view()->model()->rowCount(), 1);
    QTest::keyClick(tags->filter(), Qt::Key_Return);
    QVERIFY(QTest::qWaitFor(
        [&] { return m_fixture->isSettled() && m_fixture->document().reference().tag() == QLatin1String("1.10"); }));
}

void WindowJourney::loadingCanBeStopped()
{
    auto &window = m_fixture->window();
    m_connector->repository(name)->hangAt(m_connector->repository(name)->calls() + 1);
    m_fixture->type(reference);
    QCOMPARE(window.imagePane()->state(), widgets::StatePane::State::Loading);
    const auto cancelButton = [&]() -> QPushButton * {
        for (QPushButton *button : window.imagePane()->findChildren<QPushButton *>()) {
            if (button->isVisible() && button->text().remove(QLatin1Char('&')) == QLatin1String("Cancel"))
                return button;
        }
        return nullptr;
    };
    const bool shown = QTest::qWaitFor([&] { return cancelButton() != nullptr; });
    m_fixture->picture("loading");
    QVERIFY2(shown, qPrintable(QString::number(int(window.controller()->state()))));
    QPushButton *cancel = cancelButton();
    QTest::mouseClick(cancel, Qt::LeftButton);
    QVERIFY(m_fixture->waitForState(Image::Failed));
    QVERIFY(!window.errors()->isVisible()); // it was asked for
    QCOMPARE(window.imagePane()->state(), widgets::StatePane::State::Empty);
}

void WindowJourney::badReference()
{
    m_fixture->type(QStringLiteral("Not A Reference!"));
    auto *strip = m_fixture->window().errors();
    QVERIFY(strip->isVisible());
    QCOMPARE(strip->error().kind, base::ErrorKind::Usage);
    QVERIFY(!strip->error().message.isEmpty());
    QCOMPARE(m_fixture->window().controller()->state(), Image::Empty); // nobody was asked
    m_fixture->picture("bad-reference");
    QVERIFY(m_fixture->open(reference));
    QVERIFY(!strip->isVisible());
}

void WindowJourney::unknownTag()
{
    QVERIFY(m_fixture->open(reference));
    m_fixture->type(name + QStringLiteral(":9.9"));
    QVERIFY(m_fixture->waitForState(Image::Failed));
    auto *strip = m_fixture->window().errors();
    QVERIFY(strip->isVisible());
    QCOMPARE(strip->error().kind, base::ErrorKind::NotFound);
    QVERIFY(strip->error().message.contains(QStringLiteral("9.9")));
    // Another image's rows do not stand under this error.
    QVERIFY(!m_fixture->window().controller()->document());
    QCOMPARE(m_fixture->window().imagePane()->state(), widgets::StatePane::State::Empty);

    // It turns up, and Retry finds it.
    fill(name, QStringLiteral("9.9"));
    Q_EMIT strip->retryRequested();
    QVERIFY(m_fixture->waitForState(Image::Open));
    QVERIFY(!strip->isVisible());
}

void WindowJourney::signIn()
{
    m_connector->lock(QStringLiteral("registry.example"), QStringLiteral("vendor"), QStringLiteral("s3cret"));
    auto &window = m_fixture->window();
    m_fixture->type(reference);
    const auto dialog = [&] { return window.findChild<widgets::SignInDialog *>(); };
    QVERIFY(QTest::qWaitFor([&] { return dialog() != nullptr; }));
    QCOMPARE(dialog()->registry(), QStringLiteral("registry.example"));
    QCOMPARE(dialog()->passwordField()->echoMode(), QLineEdit::Password);

    m_fixture->picture("sign-in");

    // A wrong password: it asks again, and says so.
    QPointer<widgets::SignInDialog> first = dialog();
    QTest::keyClicks(first->userField(), QStringLiteral("vendor"));
    QTest::keyClicks(first->passwordField(), QStringLiteral("wrong"));
    QTest::keyClick(first->passwordField(), Qt::Key_Return);
    QVERIFY(!first || first->passwordField()->text().isEmpty());
    QVERIFY(QTest::qWaitFor([&] { return dialog() && dialog() != first; }));
    bool says = false;
    for (QLabel *label : dialog()->findChildren<QLabel *>())
        says = says || label->text().contains(QStringLiteral("did not accept"));
    QVERIFY(says);
    m_fixture->picture("sign-in-again");

    QCOMPARE(dialog()->userField()->text(), QStringLiteral("vendor")); // kept: the password was wrong
    QTest::keyClicks(dialog()->passwordField(), QStringLiteral("s3cret"));
    QTest::keyClick(dialog()->passwordField(), Qt::Key_Return);
    QVERIFY(m_fixture->waitForState(Image::Open));
    QCOMPARE(m_connector->signIns().size(), 2);
    QVERIFY(QTest::qWaitFor([&] { return m_fixture->isSettled(); }));
    m_fixture->settings().sync();
    QFile stored(m_fixture->settings().file());
    if (stored.open(QIODevice::ReadOnly))
        QVERIFY(!stored.readAll().contains("s3cret"));
}

void WindowJourney::signInCancelled()
{
    m_connector->lock(QStringLiteral("registry.example"), QStringLiteral("vendor"), QStringLiteral("s3cret"));
    auto &window = m_fixture->window();
    m_fixture->type(reference);
    QVERIFY(QTest::qWaitFor([&] { return window.findChild<widgets::SignInDialog *>() != nullptr; }));
    QTest::keyClick(window.findChild<widgets::SignInDialog *>(), Qt::Key_Escape);
    QVERIFY(QTest::qWaitFor([&] { return window.findChild<widgets::SignInDialog *>() == nullptr; }));
    QVERIFY(window.errors()->isVisible());
    QCOMPARE(window.errors()->error().kind, base::ErrorKind::Unauthorized);
    QVERIFY(m_connector->signIns().isEmpty());
}

void WindowJourney::passphraseOfAKey()
{
    auto &window = m_fixture->window();
    const QString key = m_fixture->write(QStringLiteral("broken.key"), "this is no key");
    QVERIFY(m_fixture->open(reference));
    m_fixture->select(layer(0, 0));
    m_fixture->press(Qt::Key_Space);
    m_fixture->press(Qt::Key_Return, Qt::ControlModifier);
    QVERIFY(m_fixture->waitForPush(Push::Planned));
    window.review()->signing()->chooseKeyFile(key);
    QVERIFY(!window.review()->pushButton()->isEnabled()); // a key was chosen: never unsigned by accident
    auto *note = window.review()->findChild<QLabel *>(QStringLiteral("keyNote"));
    QVERIFY(QTest::qWaitFor([&] { return note->text().contains(QStringLiteral("broken.key")); }));
    QVERIFY(!window.review()->pushButton()->isEnabled());
    QVERIFY(!window.review()->signing()->passphraseField()->isVisible());
    QVERIFY(m_fixture->settings().keyFiles().isEmpty());
}

void WindowJourney::asksBeforeEditsGo()
{
    auto &window = m_fixture->window();
    QVERIFY(m_fixture->open(reference));
    m_fixture->select(layer(0, 0));
    m_fixture->press(Qt::Key_Space);
    const auto box = [&] { return window.findChild<QMessageBox *>(QStringLiteral("unsentEdits")); };
    m_fixture->press(Qt::Key_F5);
    QVERIFY(box());
    m_fixture->picture("unsent-edits");
    QTest::keyClick(box(), Qt::Key_Escape);
    QVERIFY(QTest::qWaitFor([&] { return !box(); }));
    QVERIFY(m_fixture->document().isEdited());
    window.close();
    QVERIFY(window.isVisible());
    QVERIFY(box());
    for (QAbstractButton *button : box()->buttons()) {
        if (box()->buttonRole(button) == QMessageBox::DestructiveRole)
            QTest::keyClick(button, Qt::Key_Space);
    }
    QVERIFY(QTest::qWaitFor([&] { return !window.isVisible(); }));
}

void WindowJourney::keysOfTheTree()
{
    auto &window = m_fixture->window();
    QVERIFY(m_fixture->open(reference));
    m_fixture->select(NodePath::root());
    QStringList seen;
    for (int row = 0; row < 9; ++row) {
        seen.append(window.inspector()->current().toString());
        m_fixture->press(Qt::Key_Down);
    }
    seen.removeDuplicates();
    QCOMPARE(seen.size(), 9); // index, two images, two configs... every row is reached, and shown at the right
    m_fixture->press(Qt::Key_F6);
    QVERIFY(QApplication::focusWidget() != window.tree());
    // Space elsewhere is not ours.
    window.referenceBar()->field()->setFocus();
    m_fixture->press(Qt::Key_Space);
    QVERIFY(!m_fixture->document().isEdited());
    // Space on a row that cannot be toggled changes nothing.
    m_fixture->select(NodePath::root());
    m_fixture->press(Qt::Key_Space);
    QVERIFY(!m_fixture->document().isEdited());
    m_fixture->select(layer(0, 0));
    m_fixture->press(Qt::Key_J, Qt::ControlModifier);
    QCOMPARE(window.inspector()->currentTab(), widgets::Inspector::Tab::Json);
    QVERIFY(window.inspector()->json()->highlightedText().contains(
        m_fixture->document().tree().descriptor(layer(0, 0))->digest.toString()));
}

void WindowJourney::copiesTheDigest()
{
    QVERIFY(m_fixture->open(reference));
    m_fixture->select(layer(0, 0));
    m_fixture->press(Qt::Key_C, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(QGuiApplication::clipboard()->text(),
             m_fixture->document().tree().descriptor(layer(0, 0))->digest.toString());
    m_fixture->window().actions()->copyReference->trigger();
    QCOMPARE(QGuiApplication::clipboard()->text(),
             name + QLatin1Char('@') +
                 m_fixture->document().original().descriptor(NodePath::root().child(0))->digest.toString());
}

// Security U1: QLabel guesses, and an <img> in an annotation would be fetched.
void WindowJourney::everythingIsPlainText()
{
    auto &window = m_fixture->window();
    QVERIFY(m_fixture->open(reference));
    m_fixture->select(layer(0, 0));
    m_fixture->press(Qt::Key_Space);
    window.errors()->showError(
        base::fail(base::ErrorKind::Failed, QStringLiteral("<img src='file:///etc/passwd'><b>x</b>")).error());
    m_fixture->press(Qt::Key_Return, Qt::ControlModifier);
    QVERIFY(m_fixture->waitForPush(Push::Planned));
    window.actions()->explain->trigger();
    m_fixture->picture("explanation");
    widgets::SignInDialog dialog(QStringLiteral("<b>registry</b>"), {}, false, &window);
    for (const QLabel *label : window.findChildren<QLabel *>()) {
        const bool showsData = !label->text().isEmpty() && !label->buddy();
        QVERIFY2(!showsData || label->textFormat() == Qt::PlainText, qPrintable(label->text()));
    }
}

QTEST_MAIN(WindowJourney)
#include "tst_windowjourney.moc"
