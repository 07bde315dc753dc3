// SPDX-License-Identifier: Apache-2.0
// Unsent edits in the window: kept when it closes, offered at the next start, put on an image that has changed, beside
// another window, and where they cannot be kept.
#include "journeys/fakeconnector.h"
#include "journeys/windowfixture.h"
#include "support/faketarget/sampleimage.h"
#include "widgets/push/reviewsheet.h"
#include "widgets/tree/imagetreeview.h"
#include "widgets/window/draftstrips.h"
#include "widgets/window/windowactions.h"

#include <QFile>
#include <QMessageBox>
#include <QPushButton>
#include <QTest>

using namespace colophon;
using document::NodePath;
using Push = widgets::PushController::State;

namespace {
const QString name = QStringLiteral("registry.example/vendor/app");
const QString reference = name + QStringLiteral(":1.4");
const QString tag = QStringLiteral("1.4");
} // namespace

class DraftJourney : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void closingAsksAndKeeps();
    void offersAndRestoresAtTheNextStart();
    void restoresOnAnImageThatChanged();
    void offersWhenTheImageIsOpened();
    void offersAFewAtATime();
    void laterAndDiscard();
    void discardsForGoodWhenAsked();
    void goesAfterThePush();
    void isBackAfterAnUndonePush();
    void twoWindowsOnOneImage();
    void cannotBeKept();
    void samplesLeaveNothing();
    void undoingEverythingLeavesNothing();

private:
    void fill(const QList<QString> &amd64, const QString &repository = name);
    bool edit(int number = 0); // of the first platform
    bool waitForDrafts(qsizetype count);
    QMessageBox *box() { return m_fixture->window().findChild<QMessageBox *>(QStringLiteral("unsentEdits")); }
    bool answer(QMessageBox::ButtonRole role);
    QString told() { return m_fixture->window().draftStrips()->sentences().join(QLatin1Char('\n')); }
    NodePath layer(int number) const { return NodePath::root().child(0).layerAt(number); }
    // As a crash: nothing is asked.
    void crash() { m_fixture->restart(); }

    std::unique_ptr<test::FakeConnector> m_connector;
    std::unique_ptr<test::WindowFixture> m_fixture;
};

void DraftJourney::init()
{
    m_connector = std::make_unique<test::FakeConnector>();
    fill({QStringLiteral("base"), QStringLiteral("shared"), QStringLiteral("app")});
    m_fixture = std::make_unique<test::WindowFixture>(*m_connector);
}

void DraftJourney::cleanup()
{
    m_fixture.reset();
    m_connector.reset();
}

void DraftJourney::fill(const QList<QString> &amd64, const QString &repository)
{
    content::MemoryStore &store = m_connector->store(repository);
    test::addIndex(store, {test::addImage(store, QStringLiteral("linux/amd64"), amd64)}, tag);
    for (const QString &each : amd64) {
        const QByteArray bytes = test::layerBytes(each);
        m_connector->urls().serve(store.blobAddress(oci::Digest::of(bytes)), bytes);
    }
}

bool DraftJourney::edit(int number)
{
    m_fixture->select(layer(number));
    m_fixture->press(Qt::Key_Space);
    return m_fixture->markingOf(layer(number)) == QStringLiteral("non-distributable");
}

bool DraftJourney::waitForDrafts(qsizetype count)
{
    return QTest::qWaitFor([&] { return m_fixture->drafts().list().drafts.size() == count; });
}

bool DraftJourney::answer(QMessageBox::ButtonRole role)
{
    if (!QTest::qWaitFor([&] { return box() != nullptr; }))
        return false;
    for (QAbstractButton *button : box()->buttons()) {
        if (box()->buttonRole(button) == role) {
            button->click();
            return true;
        }
    }
    return false;
}

void DraftJourney::closingAsksAndKeeps()
{
    auto &window = m_fixture->window();
    QVERIFY(m_fixture->open(reference));
    QVERIFY(edit());
    window.close();
    QVERIFY(window.isVisible());
    m_fixture->picture("drafts-close");
    QTest::keyClick(box(), Qt::Key_Escape);
    QVERIFY(QTest::qWaitFor([&] { return !box(); }));
    QVERIFY(m_fixture->document().isEdited());
    window.close();
    QVERIFY(answer(QMessageBox::AcceptRole));
    QVERIFY(QTest::qWaitFor([&] { return !window.isVisible(); }));
    m_fixture->restart();
    QCOMPARE(m_fixture->window().drafts()->offers().size(), 1);
    QVERIFY2(told().contains(QStringLiteral("You have unsent edits of ") + reference), qPrintable(told()));
    QVERIFY2(told().contains(QStringLiteral("(1 edit)")), qPrintable(told()));
}

void DraftJourney::offersAndRestoresAtTheNextStart()
{
    QVERIFY(m_fixture->open(reference));
    QVERIFY(edit(0) && edit(2));
    const oci::Digest ours = m_fixture->document().tree().root().descriptor.digest;
    crash();
    QVERIFY2(told().contains(QStringLiteral("(2 edits)")), qPrintable(told()));
    m_fixture->picture("drafts-offered");
    QVERIFY(m_fixture->click("restoreDraft"));
    QVERIFY(QTest::qWaitFor([&] {
        return m_fixture->window().controller()->document() && m_fixture->isSettled() &&
               m_fixture->document().isEdited();
    }));
    m_fixture->picture("drafts-restored");
    QCOMPARE(m_fixture->document().tree().root().descriptor.digest, ours);
    QVERIFY2(told().contains(QStringLiteral("are back (2 edits)")), qPrintable(told()));
    QVERIFY(m_fixture->window().drafts()->offers().isEmpty());
    // One step; and a draft again, in the place it had.
    QVERIFY(edit(1));
    QVERIFY(waitForDrafts(1));
    m_fixture->press(Qt::Key_Z, Qt::ControlModifier);
    m_fixture->press(Qt::Key_Z, Qt::ControlModifier);
    QVERIFY(!m_fixture->document().isEdited());
}

void DraftJourney::restoresOnAnImageThatChanged()
{
    QVERIFY(m_fixture->open(reference));
    QVERIFY(edit(0) && edit(1));
    crash();
    fill({QStringLiteral("newer-base"), QStringLiteral("shared")});
    QVERIFY(m_fixture->click("restoreDraft"));
    QVERIFY(QTest::qWaitFor([&] {
        return m_fixture->window().controller()->document() && m_fixture->isSettled() &&
               m_fixture->document().isEdited();
    }));
    m_fixture->picture("drafts-changed");
    QVERIFY2(told().contains(QStringLiteral("The image has changed since")), qPrintable(told()));
    QVERIFY2(told().contains(QStringLiteral("1 edit came back")), qPrintable(told()));
    QVERIFY2(told().contains(QStringLiteral("the image no longer has this layer")), qPrintable(told()));
    QCOMPARE(m_fixture->markingOf(layer(1)), QStringLiteral("non-distributable"));
    QCOMPARE(m_fixture->markingOf(layer(0)), QStringLiteral("distributable"));
    // The draft is of the image as it is now, and there is one of it.
    QVERIFY(QTest::qWaitFor([&] {
        const auto drafts = m_fixture->drafts().list().drafts;
        return drafts.size() == 1 &&
               drafts.first().draft.opened == m_fixture->document().original().root().descriptor.digest;
    }));
}

void DraftJourney::offersWhenTheImageIsOpened()
{
    const QString other = QStringLiteral("registry.example/other");
    fill({QStringLiteral("thing")}, other);
    QVERIFY(m_fixture->open(reference));
    QVERIFY(edit());
    crash();
    QVERIFY(m_fixture->open(other + QStringLiteral(":1.4")));
    QVERIFY(told().isEmpty()); // that is another image's
    QVERIFY(m_fixture->open(reference));
    QVERIFY2(told().contains(QStringLiteral("You have unsent edits of ") + reference), qPrintable(told()));
    QVERIFY(m_fixture->click("restoreDraft"));
    QVERIFY(m_fixture->document().isEdited()); // it is open already
}

void DraftJourney::offersAFewAtATime()
{
    for (int number = 0; number < 5; ++number) {
        const QString repository = QStringLiteral("registry.example/app%1").arg(number);
        fill({QStringLiteral("base"), QStringLiteral("app")}, repository);
        m_fixture->window().open(*oci::Reference::parse(QString(repository + QStringLiteral(":1.4"))));
        QVERIFY(m_fixture->waitForState(widgets::ImageController::State::Open));
        QVERIFY(edit());
        crash();
    }
    m_fixture->picture("drafts-many");
    QCOMPARE(m_fixture->window().drafts()->offers().size(), 5);
    QVERIFY2(told().contains(QStringLiteral("And 2 more")), qPrintable(told()));
    QCOMPARE(told().count(QStringLiteral("You have unsent edits")), widgets::DraftStrips::most);
    for (int number = 0; number < 2; ++number)
        QVERIFY(m_fixture->click("laterDraft"));
    QVERIFY2(!told().contains(QStringLiteral("more")), qPrintable(told()));
    QCOMPARE(told().count(QStringLiteral("You have unsent edits")), 3);
    QCOMPARE(m_fixture->drafts().list().drafts.size(), 5);
}

void DraftJourney::laterAndDiscard()
{
    QVERIFY(m_fixture->open(reference));
    QVERIFY(edit());
    crash();
    QVERIFY(m_fixture->click("laterDraft"));
    QVERIFY2(told().isEmpty(), qPrintable(told()));
    QCOMPARE(m_fixture->drafts().list().drafts.size(), 1); // put off, not thrown away
    m_fixture->window().actions()->unsentEdits->trigger();
    QVERIFY2(told().contains(QStringLiteral("You have unsent edits")), qPrintable(told()));
    QVERIFY(m_fixture->click("discardDraft"));
    m_fixture->picture("drafts-discarded");
    QVERIFY2(told().contains(QStringLiteral("are discarded (1 edit)")), qPrintable(told()));
    QVERIFY(m_fixture->drafts().list().drafts.isEmpty());
    QVERIFY(m_fixture->click("undoDiscard"));
    QVERIFY2(told().contains(QStringLiteral("You have unsent edits")), qPrintable(told()));
    QCOMPARE(m_fixture->drafts().list().drafts.size(), 1);
    QVERIFY(!m_fixture->drafts().list().drafts.first().isOpen);
}

void DraftJourney::discardsForGoodWhenAsked()
{
    QVERIFY(m_fixture->open(reference));
    QVERIFY(edit());
    QVERIFY(waitForDrafts(1));
    m_fixture->press(Qt::Key_F5);
    QVERIFY(answer(QMessageBox::DestructiveRole));
    QVERIFY(QTest::qWaitFor([&] { return m_fixture->isSettled() && !m_fixture->document().isEdited(); }));
    QVERIFY(m_fixture->drafts().list().drafts.isEmpty());
    QVERIFY(told().isEmpty());
}

void DraftJourney::goesAfterThePush()
{
    QVERIFY(m_fixture->open(reference));
    QVERIFY(edit());
    QVERIFY(waitForDrafts(1));
    m_fixture->press(Qt::Key_Return, Qt::ControlModifier);
    QVERIFY(m_fixture->waitForPush(Push::Planned));
    QCOMPARE(m_fixture->drafts().list().drafts.size(), 1); // until it is really done
    m_fixture->press(Qt::Key_Return, Qt::ControlModifier);
    QVERIFY(m_fixture->waitForPush(Push::Done));
    QVERIFY(m_fixture->drafts().list().drafts.isEmpty());
    QVERIFY(!m_fixture->window().drafts()->hasUnsentEdits());
    m_fixture->window().close(); // nothing is asked
    QVERIFY(!m_fixture->window().isVisible());
}

void DraftJourney::isBackAfterAnUndonePush()
{
    QVERIFY(m_fixture->open(reference));
    QVERIFY(edit());
    m_fixture->press(Qt::Key_Return, Qt::ControlModifier);
    QVERIFY(m_fixture->waitForPush(Push::Planned));
    m_fixture->press(Qt::Key_Return, Qt::ControlModifier);
    QVERIFY(m_fixture->waitForPush(Push::Done));
    QVERIFY(m_fixture->drafts().list().drafts.isEmpty());
    QVERIFY(m_fixture->click("undoPush"));
    QVERIFY(waitForDrafts(1));
    QVERIFY(m_fixture->window().drafts()->hasUnsentEdits());
}

void DraftJourney::twoWindowsOnOneImage()
{
    QVERIFY(m_fixture->open(reference));
    QVERIFY(edit(0));
    QVERIFY(waitForDrafts(1));
    QVERIFY(told().isEmpty());
    // Another window, with another edit of the same image.
    widgets::MainWindow second(*m_connector, m_fixture->settings(), m_fixture->drafts());
    second.open(*oci::Reference::parse(reference));
    QVERIFY(QTest::qWaitFor([&] { return second.controller()->state() == widgets::ImageController::State::Open; }));
    const QString said = second.draftStrips()->sentences().join(QLatin1Char('\n'));
    QVERIFY2(said.contains(QStringLiteral("Another window is editing ") + reference), qPrintable(said));
    QVERIFY(second.drafts()->offers().isEmpty()); // what is open there is not to be had here
    second.tree()->setCurrent(layer(2));
    second.tree()->toggleMarking();
    QVERIFY(waitForDrafts(2));
    // Neither wrote over the other's.
    QSet<oci::Digest> contents;
    for (const session::StoredDraft &each : m_fixture->drafts().list().drafts) {
        QCOMPARE(each.draft.edits.size(), 1);
        QVERIFY(each.isOpen);
        contents.insert(each.draft.edits.first().content);
    }
    QCOMPARE(contents.size(), 2);
    // Both had it open before the first edit: the one that edits second is told.
    QVERIFY(edit(1));
    QVERIFY(QTest::qWaitFor([&] { return second.drafts()->hasUnsentEdits(); }));
    QCOMPARE(m_fixture->drafts().list().drafts.size(), 2);
}

void DraftJourney::cannotBeKept()
{
    QFile inTheWay(m_fixture->drafts().folder());
    QVERIFY(inTheWay.open(QIODevice::WriteOnly));
    inTheWay.close();
    QVERIFY(m_fixture->open(reference));
    QVERIFY(edit(0));
    QVERIFY(QTest::qWaitFor([&] { return told().contains(QStringLiteral("Drafts cannot be kept")); }));
    m_fixture->picture("drafts-failure");
    // Once: what is dismissed stays so.
    auto *strip = m_fixture->window().draftStrips()->findChild<QWidget *>(QStringLiteral("draftFailure"));
    QVERIFY(strip);
    strip->hide();
    QVERIFY(edit(1));
    QTest::qWait(2 * session::DraftRecorder::delay);
    QVERIFY2(told().isEmpty(), qPrintable(told()));
    // Closing for later does not lose them: it says why that is not possible, and asks again.
    m_fixture->window().close();
    QVERIFY(answer(QMessageBox::AcceptRole));
    QVERIFY(m_fixture->window().isVisible());
    QVERIFY(QTest::qWaitFor(
        [&] { return box() && box()->informativeText().contains(QStringLiteral("Drafts cannot be kept")); }));
    QVERIFY(!answer(QMessageBox::AcceptRole));
    QVERIFY(answer(QMessageBox::RejectRole));
    QVERIFY(QTest::qWaitFor([&] { return !box(); }));
    QVERIFY(m_fixture->document().isEdited());
    m_fixture->window().activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&m_fixture->window()));
    // The folder can be written again: they are safe with the next edit.
    QVERIFY(QFile::remove(m_fixture->drafts().folder()));
    QVERIFY(edit(2));
    QVERIFY(waitForDrafts(1));
}

void DraftJourney::samplesLeaveNothing()
{
    m_fixture->window().setSampleSource([] {
        widgets::MainWindow::Samples samples;
        samples.references = {reference};
        return samples;
    });
    m_fixture->window().openSample();
    QVERIFY(QTest::qWaitFor([&] { return m_fixture->window().controller()->document() && m_fixture->isSettled(); }));
    QVERIFY(edit());
    m_fixture->window().close();
    QVERIFY(!answer(QMessageBox::AcceptRole)); // there is nothing to keep them in
    m_fixture->picture("drafts-sample-close");
    QVERIFY(answer(QMessageBox::DestructiveRole));
    QVERIFY(QTest::qWaitFor([&] { return !m_fixture->window().isVisible(); }));
    m_fixture->restart();
    QVERIFY(m_fixture->drafts().list().drafts.isEmpty());
    QVERIFY(told().isEmpty());
}

void DraftJourney::undoingEverythingLeavesNothing()
{
    QVERIFY(m_fixture->open(reference));
    QVERIFY(edit());
    QVERIFY(waitForDrafts(1));
    m_fixture->press(Qt::Key_Z, Qt::ControlModifier);
    QVERIFY(waitForDrafts(0));
}

QTEST_MAIN(DraftJourney)
#include "tst_draftjourney.moc"
