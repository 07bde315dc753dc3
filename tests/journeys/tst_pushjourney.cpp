// SPDX-License-Identifier: Apache-2.0
// The review sheet against repositories in memory: where a push goes, what stands in its way and the ways out, what of
// the old image is kept, and the way back.
#include "journeys/fakeconnector.h"
#include "journeys/windowfixture.h"
#include "support/faketarget/sampleimage.h"
#include "widgets/common/errorstrip.h"
#include "widgets/push/backupchoice.h"
#include "widgets/push/destinationchoice.h"
#include "widgets/push/noticelist.h"
#include "widgets/push/remedystrip.h"
#include "widgets/push/reviewsheet.h"
#include "widgets/tree/imagetreeview.h"
#include "widgets/window/changebar.h"
#include "widgets/window/draftstrips.h"
#include "widgets/window/statusline.h"
#include "widgets/window/undostrip.h"
#include "widgets/window/windowactions.h"

#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QTest>

using namespace colophon;
using document::NodePath;
using Image = widgets::ImageController::State;
using Push = widgets::PushController::State;
using Undo = widgets::PushUndo::State;

namespace {
const QString name = QStringLiteral("registry.example/vendor/app");
const QString reference = name + QStringLiteral(":1.4");
const QString tag = QStringLiteral("1.4");
} // namespace

class PushJourney : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void saysWhatMovesAndFromWhere();
    void pushesToAnotherTag();
    void pushesToAnotherRepository();
    void refusesABadDestination();
    void keepsTheOldImageUnderATag();
    void refusesABackupThatExists();
    void copiesThePushAsCommands();
    void countsTheSignaturesThatGoStale();
    void tagMovedWhileEditing();
    void reopensWithTheEdits();
    void reopensWithWhatStillApplies();
    void movedTagAndAnotherTag();
    void replacesAnyway();
    void replacesNothingNewerThanWasSeen();
    void tagWentWhileEditing();
    void movedWhilePushing();
    void immutableTag();
    void otherPoliciesAreExplained_data();
    void otherPoliciesAreExplained();
    void deadAddress();
    void undoesThePush();
    void undoesLaterFromTheMenu();
    void undoOfAMovedTagIsAConflict();
    void undoCanBeStopped();
    void saysWhyThereIsNoWayBack();

private:
    void fill();
    // Somebody else pushes another image with this layer in it.
    oci::Digest theirs(const QList<QString> &layers = {QStringLiteral("somebody-elses")});
    bool review(); // opens, marks a layer, and waits for the plan
    bool pushIt();
    bool waitForPlan(); // a settled one
    content::MemoryStore &store() { return m_connector->store(name); }
    widgets::ReviewSheet &sheet() { return *m_fixture->window().review(); }
    QPushButton *button(const char *objectName) const { return m_fixture->button(objectName); }
    bool click(const char *objectName) { return m_fixture->click(objectName); }
    QString said() const;
    NodePath layer(int platform, int number) const { return NodePath::root().child(platform).layerAt(number); }

    std::unique_ptr<test::FakeConnector> m_connector;
    std::unique_ptr<test::WindowFixture> m_fixture;
};

void PushJourney::init()
{
    m_connector = std::make_unique<test::FakeConnector>();
    fill();
    m_fixture = std::make_unique<test::WindowFixture>(*m_connector);
}

void PushJourney::cleanup()
{
    m_fixture.reset();
    m_connector.reset();
}

void PushJourney::fill()
{
    const auto amd64 = test::addImage(store(), QStringLiteral("linux/amd64"),
                                      {QStringLiteral("base"), QStringLiteral("shared"), QStringLiteral("app")});
    const auto arm64 =
        test::addImage(store(), QStringLiteral("linux/arm64"), {QStringLiteral("base-arm"), QStringLiteral("shared")});
    test::addIndex(store(), {amd64, arm64}, tag);
    for (const auto &each : {"base", "shared", "app", "base-arm"}) {
        const QByteArray bytes = test::layerBytes(QLatin1String(each));
        m_connector->urls().serve(store().blobAddress(oci::Digest::of(bytes)), bytes);
    }
}

oci::Digest PushJourney::theirs(const QList<QString> &layers)
{
    test::addIndex(store(), {test::addImage(store(), QStringLiteral("linux/amd64"), layers)}, tag);
    return store().tagged(tag);
}

bool PushJourney::review()
{
    if (!m_fixture->open(reference))
        return false;
    m_fixture->select(layer(0, 0));
    m_fixture->press(Qt::Key_Space);
    m_fixture->press(Qt::Key_Return, Qt::ControlModifier);
    return waitForPlan();
}

bool PushJourney::waitForPlan()
{
    return QTest::qWaitFor([this] {
        return sheet().controller()->state() == Push::Planned && sheet().destination()->isSettled() &&
               sheet().backup()->isSettled();
    });
}

bool PushJourney::pushIt()
{
    m_fixture->press(Qt::Key_Return, Qt::ControlModifier);
    return m_fixture->waitForPush(Push::Done);
}

// All the sheet says that can be read.
QString PushJourney::said() const
{
    auto *sheet = m_fixture->window().review();
    QStringList all = sheet->notices()->sentences();
    if (sheet->errors()->isVisible())
        all.append(sheet->errors()->error().text());
    if (sheet->remedies()->isVisible())
        all.append(sheet->remedies()->text());
    return all.join(QLatin1Char('\n'));
}

void PushJourney::saysWhatMovesAndFromWhere()
{
    QVERIFY(review());
    m_fixture->picture("review");
    const QString summary = sheet().planModel()->summary();
    QVERIFY2(summary.contains(QStringLiteral("made by the edits")), qPrintable(summary));
    QVERIFY2(summary.contains(QStringLiteral("need not move")), qPrintable(summary));
}

void PushJourney::pushesToAnotherTag()
{
    QVERIFY(review());
    const oci::Digest before = m_fixture->document().original().root().descriptor.digest;
    QLineEdit *field = sheet().tagField();
    field->setFocus();
    field->selectAll();
    QTest::keyClicks(field, QStringLiteral("1.4-marked"));
    QVERIFY(!sheet().pushButton()->isEnabled()); // not before it was looked up
    QVERIFY(QTest::qWaitFor([&] { return sheet().pushButton()->isEnabled(); }));
    QVERIFY(pushIt());
    QCOMPARE(store().tagged(tag), before);
    QVERIFY(!store().tagged(QStringLiteral("1.4-marked")).isNull());
}

void PushJourney::pushesToAnotherRepository()
{
    QVERIFY(review());
    const oci::Digest after = m_fixture->document().tree().root().descriptor.digest;
    QLineEdit *field = sheet().destination()->repositoryField();
    field->setFocus();
    field->selectAll();
    QTest::keyClicks(field, QStringLiteral("alpine"));
    QTest::keyClick(field, Qt::Key_Return);
    QCOMPARE(field->text(), QStringLiteral("docker.io/library/alpine")); // as it is meant
    QVERIFY(waitForPlan());
    field->selectAll();
    QTest::keyClicks(field, QStringLiteral("registry.example/customer/app"));
    QTest::keyClick(field, Qt::Key_Return);
    QVERIFY(waitForPlan());
    QCOMPARE(sheet().controller()->destination().toString(), QStringLiteral("registry.example/customer/app:1.4"));
    m_fixture->picture("review-elsewhere");
    const QString summary = sheet().planModel()->summary();
    QVERIFY2(summary.contains(QStringLiteral("from registry.example/vendor/app")) ||
                 sheet().controller()->plan().bytesToMove() > 0,
             qPrintable(summary));
    QVERIFY(pushIt());
    QCOMPARE(m_connector->store(QStringLiteral("registry.example/customer/app")).tagged(tag), after);
    QVERIFY(store().tagged(tag) != after);
}

void PushJourney::refusesABadDestination()
{
    m_fixture->window().resize(1024, 700); // the smallest size at which nothing is cut
    QVERIFY(review());
    QLineEdit *field = sheet().tagField();
    field->setFocus();
    field->selectAll();
    QTest::keyClicks(field, QStringLiteral("no/tag"));
    QTest::keyClick(field, Qt::Key_Return);
    QVERIFY(sheet().errors()->isVisible());
    QVERIFY(!sheet().pushButton()->isEnabled());
    QCOMPARE(sheet().verdict(), QStringLiteral("Not a tag"));
    m_fixture->picture("bad-tag");
    field->selectAll();
    QTest::keyClicks(field, tag);
    QTest::keyClick(field, Qt::Key_Return);
    QCOMPARE(sheet().verdict(), QStringLiteral("Ready to push"));
    QVERIFY(!sheet().errors()->isVisible());
    QVERIFY(sheet().pushButton()->isEnabled());
    QLineEdit *repository = sheet().destination()->repositoryField();
    repository->setFocus();
    repository->selectAll();
    QTest::keyClicks(repository, QStringLiteral("No Repository"));
    QTest::keyClick(repository, Qt::Key_Return);
    QVERIFY(sheet().errors()->isVisible());
    QVERIFY(!sheet().pushButton()->isEnabled());
}

void PushJourney::keepsTheOldImageUnderATag()
{
    QVERIFY(review());
    const oci::Digest before = store().tagged(tag);
    QVERIFY(sheet().backup()->tag().isEmpty());
    sheet().backup()->box()->setFocus();
    m_fixture->press(Qt::Key_Space);
    QVERIFY2(sheet().backup()->tag().startsWith(QStringLiteral("1.4-before-")), qPrintable(sheet().backup()->tag()));
    QVERIFY(waitForPlan());
    m_fixture->picture("backup");
    QLineEdit *field = sheet().backup()->field();
    field->setFocus();
    field->selectAll();
    QTest::keyClicks(field, QStringLiteral("1.4-old"));
    QVERIFY(!sheet().pushButton()->isEnabled());
    QVERIFY(waitForPlan());
    QVERIFY(sheet().pushButton()->isEnabled());
    QVERIFY(pushIt());
    m_fixture->picture("pushed-with-backup");
    QCOMPARE(store().tagged(QStringLiteral("1.4-old")), before);
    QVERIFY(store().tagged(tag) != before);
    QVERIFY2(said().contains(QStringLiteral("1.4-old is kept as ") + before.toString()), qPrintable(said()));
    QVERIFY2(said().contains(QStringLiteral("1.4 named ") + before.toString()), qPrintable(said()));
}

void PushJourney::refusesABackupThatExists()
{
    test::addIndex(store(),
                   {test::addImage(store(), QStringLiteral("linux/amd64"), QList<QString>{QStringLiteral("older")})},
                   QStringLiteral("1.4-old"));
    const oci::Digest older = store().tagged(QStringLiteral("1.4-old"));
    QVERIFY(review());
    sheet().backup()->choose();
    QLineEdit *field = sheet().backup()->field();
    field->setFocus();
    field->selectAll();
    QTest::keyClicks(field, QStringLiteral("1.4-old"));
    QVERIFY(waitForPlan());
    QVERIFY(!sheet().pushButton()->isEnabled());
    m_fixture->picture("backup-exists");
    QVERIFY2(said().contains(QStringLiteral("a backup replaces nothing")), qPrintable(said()));
    QVERIFY(!sheet().remedies()->isVisible()); // the tag itself did not move
    QCOMPARE(store().tagged(QStringLiteral("1.4-old")), older);
}

void PushJourney::copiesThePushAsCommands()
{
    QVERIFY(review());
    for (QAction *action : sheet().commandsMenu()->actions()) {
        action->trigger();
        const QString script = QGuiApplication::clipboard()->text();
        QVERIFY2(script.contains(QLatin1Char('\n') + action->objectName() + QLatin1Char(' ')) ||
                     script.contains(action->objectName() + QLatin1Char(' ')),
                 qPrintable(script));
        QVERIFY(script.contains(m_fixture->document().tree().root().descriptor.digest.toString()));
        QVERIFY(m_fixture->window().status()->said().contains(action->objectName()));
    }
    QCOMPARE(sheet().commandsMenu()->actions().size(), 2);
}

// What is known of the signatures is counted; where there are none the general sentence stands.
void PushJourney::countsTheSignaturesThatGoStale()
{
    QVERIFY(m_fixture->open(reference));
    m_fixture->select(layer(0, 0));
    m_fixture->press(Qt::Key_Space);
    m_fixture->press(Qt::Key_Return, Qt::ControlModifier);
    m_fixture->window().controller()->stopLookingAtSignatures(); // while it is not known what is attached
    QVERIFY(waitForPlan());
    QVERIFY2(said().contains(QStringLiteral("Signatures made for")), qPrintable(said()));
    content::VerifyReport report;
    report.subject = m_fixture->document().original().root().descriptor;
    report.signatures = {content::SignatureCheck{}, content::SignatureCheck{}};
    content::VerifyReport untouched; // of linux/arm64, which no edit changes
    untouched.subject = *m_fixture->document().original().descriptor(NodePath::root().child(1));
    untouched.signatures = {content::SignatureCheck{}};
    sheet().setSignatures({report, untouched});
    QVERIFY2(
        said().contains(QStringLiteral("The 2 signatures of the index stay with ") + report.subject.digest.shortForm()),
        qPrintable(said()));
    QVERIFY(!said().contains(QStringLiteral("Signatures made for")));
    QVERIFY(!said().contains(QStringLiteral("linux/arm64")));
}

void PushJourney::tagMovedWhileEditing()
{
    QVERIFY(m_fixture->open(reference));
    const oci::Digest opened = store().tagged(tag);
    m_fixture->select(layer(0, 0));
    m_fixture->press(Qt::Key_Space);
    const oci::Digest now = theirs();
    m_fixture->press(Qt::Key_Return, Qt::ControlModifier);
    QVERIFY(waitForPlan());
    QVERIFY(!sheet().pushButton()->isEnabled());
    QVERIFY(QTest::qWaitFor([&] { return said().contains(QStringLiteral("1 layer")); })); // what it is now
    m_fixture->picture("tag-moved");
    QVERIFY2(said().contains(QStringLiteral("tag moved"), Qt::CaseInsensitive), qPrintable(said()));
    for (const oci::Digest &digest : {opened, now, m_fixture->document().tree().root().descriptor.digest})
        QVERIFY2(said().contains(digest.shortForm()), qPrintable(said()));
    m_fixture->press(Qt::Key_Return, Qt::ControlModifier);
    QCOMPARE(store().tagged(tag), now);
    m_fixture->press(Qt::Key_Escape);
    QVERIFY(!m_fixture->window().isReviewing());
    QVERIFY(m_fixture->document().isEdited()); // the edits are still there
}

void PushJourney::reopensWithTheEdits()
{
    auto &window = m_fixture->window();
    QVERIFY(review());
    QVERIFY(!button("reopen"));
    m_fixture->press(Qt::Key_Escape);
    const oci::Digest now = theirs({QStringLiteral("new-base"), QStringLiteral("base")});
    m_fixture->press(Qt::Key_Return, Qt::ControlModifier);
    QVERIFY(QTest::qWaitFor([&] { return said().contains(QStringLiteral("Your edit applies")); }));
    QVERIFY(click("reopen"));
    QVERIFY(!window.isReviewing());
    QVERIFY(QTest::qWaitFor([&] { return m_fixture->isSettled() && m_fixture->document().isEdited(); }));
    m_fixture->picture("reopened");
    QCOMPARE(m_fixture->document().original().root().descriptor.digest, now);
    // The layer is where it is now.
    QCOMPARE(m_fixture->markingOf(layer(0, 1)), QStringLiteral("non-distributable"));
    QCOMPARE(m_fixture->markingOf(layer(0, 0)), QStringLiteral("distributable"));
    QVERIFY2(window.draftStrips()->sentences().join(QLatin1Char('\n')).contains(QStringLiteral("are back")),
             qPrintable(window.draftStrips()->sentences().join(QLatin1Char('\n'))));
    QVERIFY(window.drafts()->offers().isEmpty()); // they are not offered once more
    m_fixture->press(Qt::Key_Return, Qt::ControlModifier);
    QVERIFY(waitForPlan());
    QVERIFY(pushIt());
    QVERIFY(store().tagged(tag) != now);
    QVERIFY(m_fixture->drafts().list().drafts.isEmpty());
}

void PushJourney::reopensWithWhatStillApplies()
{
    auto &window = m_fixture->window();
    QVERIFY(m_fixture->open(reference));
    for (int number = 0; number < 3; ++number) {
        m_fixture->select(layer(0, number));
        m_fixture->press(Qt::Key_Space);
    }
    theirs({QStringLiteral("base"), QStringLiteral("app")});
    m_fixture->press(Qt::Key_Return, Qt::ControlModifier);
    QVERIFY(QTest::qWaitFor([&] { return said().contains(QStringLiteral("2 of your 3 edits apply")); }));
    m_fixture->picture("tag-moved-partly");
    QVERIFY(click("reopen"));
    QVERIFY(QTest::qWaitFor([&] { return m_fixture->isSettled() && m_fixture->document().isEdited(); }));
    m_fixture->picture("reopened-partly");
    const QString told = window.draftStrips()->sentences().join(QLatin1Char('\n'));
    QVERIFY2(told.contains(QStringLiteral("2 edits came back")), qPrintable(told));
    QVERIFY2(told.contains(QStringLiteral("no longer has this layer")), qPrintable(told));
    QCOMPARE(m_fixture->markingOf(layer(0, 0)), QStringLiteral("non-distributable"));
    QCOMPARE(m_fixture->markingOf(layer(0, 1)), QStringLiteral("non-distributable"));
    m_fixture->press(Qt::Key_Z, Qt::ControlModifier); // one step
    QVERIFY(!m_fixture->document().isEdited());
}

void PushJourney::movedTagAndAnotherTag()
{
    test::addIndex(store(),
                   {test::addImage(store(), QStringLiteral("linux/amd64"), QList<QString>{QStringLiteral("taken")})},
                   QStringLiteral("1.4-2"));
    QVERIFY(review());
    m_fixture->press(Qt::Key_Escape);
    const oci::Digest now = theirs();
    const oci::Digest ours = m_fixture->document().tree().root().descriptor.digest;
    m_fixture->press(Qt::Key_Return, Qt::ControlModifier);
    QVERIFY(waitForPlan());
    QVERIFY(click("otherTag"));
    QCOMPARE(sheet().tagField()->text(), QStringLiteral("1.4-3")); // the first that is free
    QVERIFY(waitForPlan());
    QVERIFY(!sheet().remedies()->isVisible());
    QVERIFY(pushIt());
    QCOMPARE(store().tagged(QStringLiteral("1.4-3")), ours);
    QCOMPARE(store().tagged(tag), now);
    // They are sent: nothing is asked, nothing is left.
    QVERIFY(!m_fixture->window().drafts()->hasUnsentEdits());
}

void PushJourney::replacesAnyway()
{
    QVERIFY(review());
    m_fixture->press(Qt::Key_Escape);
    const oci::Digest now = theirs();
    const oci::Digest ours = m_fixture->document().tree().root().descriptor.digest;
    m_fixture->press(Qt::Key_Return, Qt::ControlModifier);
    QVERIFY(waitForPlan());
    QVERIFY(!sheet().pushButton()->isEnabled());
    QVERIFY(click("replaceAnyway"));
    QVERIFY(QTest::qWaitFor([&] { return sheet().pushButton()->isEnabled(); }));
    m_fixture->picture("replace-anyway");
    QCOMPARE(store().tagged(tag), now); // that was the first of two
    QCOMPARE(sheet().verdict(), QStringLiteral("Replaces another image"));
    QVERIFY2(said().contains(now.toString()), qPrintable(said()));
    const QString kept = sheet().backup()->tag();
    QVERIFY(!kept.isEmpty()); // theirs keeps a name
    QTest::mouseClick(sheet().pushButton(), Qt::LeftButton);
    QVERIFY(m_fixture->waitForPush(Push::Done));
    QCOMPARE(store().tagged(tag), ours);
    QCOMPARE(store().tagged(kept), now);
    // And back to theirs.
    QVERIFY(click("undoPush"));
    QVERIFY(QTest::qWaitFor([&] { return sheet().undo()->state() == Undo::Undone; }));
    QCOMPARE(store().tagged(tag), now);
}

void PushJourney::replacesNothingNewerThanWasSeen()
{
    QVERIFY(review());
    m_fixture->press(Qt::Key_Escape);
    theirs();
    m_fixture->press(Qt::Key_Return, Qt::ControlModifier);
    QVERIFY(waitForPlan());
    QVERIFY(click("replaceAnyway"));
    QVERIFY(QTest::qWaitFor([&] { return sheet().pushButton()->isEnabled(); }));
    const oci::Digest newer = theirs({QStringLiteral("newer")});
    m_fixture->press(Qt::Key_Return, Qt::ControlModifier);
    QVERIFY(m_fixture->waitForPush(Push::Stopped));
    QCOMPARE(store().tagged(tag), newer);
    QVERIFY(QTest::qWaitFor([&] { return said().contains(newer.shortForm()); }));
}

void PushJourney::tagWentWhileEditing()
{
    QVERIFY(review());
    m_fixture->press(Qt::Key_Escape);
    store().removeTag(tag);
    m_fixture->press(Qt::Key_Return, Qt::ControlModifier);
    QVERIFY(waitForPlan());
    QVERIFY(QTest::qWaitFor([&] { return button("otherTag") && button("otherTag")->isEnabled(); }));
    m_fixture->picture("tag-went");
    QVERIFY2(said().contains(QStringLiteral("does not exist any more")), qPrintable(said()));
    QVERIFY(!button("reopen")); // there is nothing to open
    QVERIFY(click("replaceAnyway"));
    QVERIFY(QTest::qWaitFor([&] { return sheet().pushButton()->isEnabled(); }));
    QVERIFY(pushIt());
    QCOMPARE(store().tagged(tag), m_fixture->document().tree().root().descriptor.digest);
}

void PushJourney::movedWhilePushing()
{
    QVERIFY(review());
    auto &target = *m_connector->repository(name);
    oci::Digest now;
    target.atCall(target.calls() + 3, [&]() -> std::optional<base::Error> {
        now = theirs();
        return std::nullopt;
    });
    m_fixture->press(Qt::Key_Return, Qt::ControlModifier);
    QVERIFY(m_fixture->waitForPush(Push::Stopped));
    QVERIFY(!now.isNull());
    QVERIFY(QTest::qWaitFor([&] { return said().contains(now.shortForm()) && button("reopen"); }));
    m_fixture->picture("moved-while-pushing");
    QVERIFY(!sheet().errors()->isVisible()); // said once
    QCOMPARE(store().tagged(tag), now);
    QVERIFY(click("reopen"));
    QVERIFY(QTest::qWaitFor(
        [&] { return m_fixture->isSettled() && m_fixture->document().original().root().descriptor.digest == now; }));
    // Nothing of the edit applies: that is said, and it is not lost.
    const QString told = m_fixture->window().draftStrips()->sentences().join(QLatin1Char('\n'));
    QVERIFY2(told.contains(QStringLiteral("None of the unsent edits")), qPrintable(told));
    QCOMPARE(m_fixture->window().drafts()->offers().size(), 1);
    m_fixture->picture("reopened-none");
}

void PushJourney::immutableTag()
{
    QVERIFY(review());
    const oci::Digest before = store().tagged(tag);
    const oci::Digest ours = m_fixture->document().tree().root().descriptor.digest;
    base::Error refusal;
    refusal.kind = base::ErrorKind::Denied;
    refusal.message = QStringLiteral("registry.example answered: \"The image tag '1.4' already exists in the 'app' "
                                     "repository and cannot be overwritten because the repository is immutable.\"");
    refusal.wireCode = QStringLiteral("TAG_INVALID");
    refusal.httpStatus = 400;
    // The request that sets the tag: behind the last look at it, when everything else is there.
    auto &target = *m_connector->repository(name);
    store().clearJournal();
    bool isRefused = false;
    for (int call = 1; call < 40; ++call)
        target.atCall(target.calls() + call, [&]() -> std::optional<base::Error> {
            const QStringList journal = store().journal();
            if (isRefused || store().manifestBytes(ours).isNull() ||
                journal.value(journal.size() - 1) != QStringLiteral("HEAD manifest ") + tag)
                return std::nullopt;
            isRefused = true;
            return refusal;
        });
    m_fixture->press(Qt::Key_Return, Qt::ControlModifier);
    QVERIFY(m_fixture->waitForPush(Push::Stopped));
    QVERIFY(QTest::qWaitFor([&] { return button("otherTag") && button("otherTag")->isEnabled(); }));
    m_fixture->picture("immutable");
    QVERIFY2(said().contains(QStringLiteral("its tags are immutable")), qPrintable(said()));
    QCOMPARE(store().tagged(tag), before);
    QVERIFY(click("otherTag"));
    QVERIFY(waitForPlan());
    QCOMPARE(sheet().tagField()->text(), QStringLiteral("1.4-2"));
    QVERIFY(pushIt());
    QCOMPARE(store().tagged(QStringLiteral("1.4-2")), ours);
    QCOMPARE(store().tagged(tag), before);
}

void PushJourney::otherPoliciesAreExplained_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("words");
    QTest::addColumn<QString>("explained");
    QTest::addColumn<bool>("anotherTagHelps");
    QTest::newRow("quota") << 403 << QStringLiteral("Quota has been exceeded on namespace")
                           << QStringLiteral("a quota is used up") << false;
    QTest::newRow("read-only") << 405 << QStringLiteral("System is currently read-only.")
                               << QStringLiteral("it is read-only") << false;
    QTest::newRow("retention") << 403 << QStringLiteral("Object is subject to bucket's retention policy")
                               << QStringLiteral("(retention)") << true;
}

void PushJourney::otherPoliciesAreExplained()
{
    QFETCH(int, status);
    QFETCH(QString, words);
    QFETCH(QString, explained);
    QFETCH(bool, anotherTagHelps);
    QVERIFY(review());
    base::Error refusal;
    refusal.kind = base::ErrorKind::Denied;
    refusal.message = QStringLiteral("registry.example answered: \"%1\"").arg(words);
    refusal.wireCode = QStringLiteral("DENIED");
    refusal.httpStatus = status;
    auto &target = *m_connector->repository(name);
    for (int call = 1; call < 40; ++call)
        target.atCall(target.calls() + call, [this, refusal]() -> std::optional<base::Error> {
            return sheet().controller()->state() == Push::Pushing ? std::optional(refusal) : std::nullopt;
        });
    m_fixture->press(Qt::Key_Return, Qt::ControlModifier);
    QVERIFY(m_fixture->waitForPush(Push::Stopped));
    QVERIFY2(said().contains(explained), qPrintable(said()));
    QCOMPARE(sheet().remedies()->isVisible(), anotherTagHelps);
    QCOMPARE(button("otherTag") != nullptr, anotherTagHelps);
    m_fixture->picture(QTest::currentDataTag());
}

void PushJourney::deadAddress()
{
    QVERIFY(m_fixture->open(reference));
    m_connector->urls().answer(store().blobAddress(m_fixture->document().tree().descriptor(layer(0, 0))->digest),
                               content::UrlProbe::Verdict::NotFound, 404);
    m_fixture->select(layer(0, 0));
    m_fixture->press(Qt::Key_Space);
    m_fixture->press(Qt::Key_Return, Qt::ControlModifier);
    QVERIFY(waitForPlan());
    const oci::Digest before = store().tagged(tag);
    store().clearJournal();
    m_fixture->press(Qt::Key_Return, Qt::ControlModifier);
    QVERIFY(m_fixture->waitForPush(Push::Stopped));
    m_fixture->picture("dead-address");
    QVERIFY2(said().contains(QStringLiteral("Customers could not fetch")), qPrintable(said()));
    QVERIFY2(store().journal().filter(QStringLiteral("PUT")).isEmpty(), "nothing moves before they were asked");
    QVERIFY(click("withoutProbes"));
    QVERIFY(waitForPlan());
    QVERIFY(sheet().pushButton()->isEnabled());
    QCOMPARE(store().tagged(tag), before);
    QVERIFY(pushIt());
    QVERIFY(store().tagged(tag) != before);
}

void PushJourney::undoesThePush()
{
    auto &window = m_fixture->window();
    QVERIFY(review());
    const oci::Digest before = store().tagged(tag);
    const oci::Digest ours = m_fixture->document().tree().root().descriptor.digest;
    QVERIFY(!sheet().undoButton()->isVisible());
    QVERIFY(pushIt());
    m_fixture->picture("pushed");
    QCOMPARE(store().tagged(tag), ours);
    QVERIFY(click("undoPush"));
    QVERIFY(QTest::qWaitFor([&] { return sheet().undo()->state() == Undo::Undone; }));
    m_fixture->picture("undone");
    QCOMPARE(store().tagged(tag), before);
    QCOMPARE(sheet().headline(), QStringLiteral("The push is undone"));
    QVERIFY2(said().contains(before.toString()) && said().contains(ours.toString()), qPrintable(said()));
    QVERIFY(!sheet().undoButton()->isVisible());
    m_fixture->press(Qt::Key_Escape);
    QVERIFY(!window.isReviewing());
    // The edits are unsent again, on the image as it is again.
    QVERIFY(m_fixture->document().isEdited());
    QVERIFY(window.drafts()->hasUnsentEdits());
    m_fixture->press(Qt::Key_Return, Qt::ControlModifier);
    QVERIFY(waitForPlan());
    QVERIFY(sheet().pushButton()->isVisible() && sheet().pushButton()->isEnabled());
}

void PushJourney::undoesLaterFromTheMenu()
{
    auto &window = m_fixture->window();
    QVERIFY(!window.actions()->undoPush->isEnabled());
    QVERIFY(review());
    const oci::Digest before = store().tagged(tag);
    QVERIFY(pushIt());
    m_fixture->press(Qt::Key_Return, Qt::ControlModifier); // open what was pushed
    QVERIFY(QTest::qWaitFor([&] { return m_fixture->isSettled() && !window.isReviewing(); }));
    QVERIFY(window.actions()->undoPush->isEnabled());
    window.actions()->undoPush->trigger();
    QVERIFY(window.undoStrip()->isVisible());
    QVERIFY(store().tagged(tag) != before); // it asks first
    m_fixture->picture("undo-asked");
    QVERIFY(click("undoPushNow"));
    QVERIFY(QTest::qWaitFor([&] { return sheet().undo()->state() == Undo::Undone; }));
    m_fixture->picture("undo-done");
    QCOMPARE(store().tagged(tag), before);
    QVERIFY2(window.undoStrip()->text().contains(before.shortForm()), qPrintable(window.undoStrip()->text()));
    QVERIFY(click("openUndone"));
    QVERIFY(QTest::qWaitFor(
        [&] { return m_fixture->isSettled() && m_fixture->document().original().root().descriptor.digest == before; }));
    QVERIFY(!window.undoStrip()->isVisible());
}

void PushJourney::undoOfAMovedTagIsAConflict()
{
    QVERIFY(review());
    QVERIFY(pushIt());
    const oci::Digest now = theirs();
    QVERIFY(click("undoPush"));
    QVERIFY(QTest::qWaitFor([&] { return sheet().undo()->state() == Undo::Failed; }));
    m_fixture->picture("undo-conflict");
    QCOMPARE(store().tagged(tag), now);
    QCOMPARE(sheet().errors()->error().kind, base::ErrorKind::Conflict);
    QVERIFY2(said().contains(now.toString()), qPrintable(said()));
    QCOMPARE(sheet().verdict(), QStringLiteral("Not undone"));
}

void PushJourney::undoCanBeStopped()
{
    QVERIFY(review());
    QVERIFY(pushIt());
    const oci::Digest ours = store().tagged(tag);
    auto &target = *m_connector->repository(name);
    target.hangAt(target.calls() + 1);
    QVERIFY(click("undoPush"));
    QVERIFY(QTest::qWaitFor([&] { return sheet().undo()->state() == Undo::Running; }));
    m_fixture->picture("undoing");
    m_fixture->press(Qt::Key_Escape);
    QVERIFY(QTest::qWaitFor([&] { return sheet().undo()->state() == Undo::Failed; }));
    QCOMPARE(store().tagged(tag), ours);
    QVERIFY(!sheet().errors()->isVisible()); // it was asked for
    QVERIFY(m_fixture->window().isReviewing());
    QVERIFY(click("undoPush"));
    QVERIFY(QTest::qWaitFor([&] { return sheet().undo()->state() == Undo::Undone; }));
}

void PushJourney::saysWhyThereIsNoWayBack()
{
    QVERIFY(review());
    QLineEdit *field = sheet().tagField();
    field->setFocus();
    field->selectAll();
    QTest::keyClicks(field, QStringLiteral("2.0"));
    QTest::keyClick(field, Qt::Key_Return);
    QVERIFY(waitForPlan());
    QVERIFY(pushIt());
    m_fixture->picture("no-way-back");
    QVERIFY(sheet().undoButton()->isVisible() && !sheet().undoButton()->isEnabled());
    QVERIFY2(said().contains(QStringLiteral("2.0 did not exist before this push")), qPrintable(said()));
    m_fixture->press(Qt::Key_Escape);
    m_fixture->window().actions()->undoPush->trigger();
    QVERIFY(m_fixture->window().undoStrip()->text().contains(QStringLiteral("did not exist before")));
    QVERIFY(!button("undoPushNow"));
}

QTEST_MAIN(PushJourney)
#include "tst_pushjourney.moc"
