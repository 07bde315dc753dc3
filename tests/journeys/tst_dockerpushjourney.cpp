// SPDX-License-Identifier: Apache-2.0
// Pushes on Debian's docker-registry that somebody else crosses: another client moves the tag while the sheet is open;
// and the way back from a push.
#include "journeys/windowfixture.h"
#include "registry/client.h"
#include "support/await.h"
#include "support/dockerregistry/dockerregistry.h"
#include "support/programs/programs.h"
#include "widgets/common/errorstrip.h"
#include "widgets/push/backupchoice.h"
#include "widgets/push/noticelist.h"
#include "widgets/push/remedystrip.h"
#include "widgets/push/reviewsheet.h"
#include "widgets/window/draftstrips.h"

#include <QLineEdit>
#include <QPushButton>
#include <QTest>

using namespace colophon;
using document::NodePath;
using test::DockerRegistry;
using test::ImageKit;
using Push = widgets::PushController::State;
using Undo = widgets::PushUndo::State;

class DockerPushJourney : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void cleanup();
    void reopensWithTheEdits();
    void pushesToAnotherTag();
    void replacesAnyway();
    void undoesThePush();
    void undoIsAConflictWhereSomebodyPushed();
    void readOnlyIsExplained();

private:
    // The registry, the image with two platforms in it, the window, an edit, and its plan; false, with what failed.
    bool start();
    // Another client lets the tag name the first platform alone.
    oci::Digest somebodyMovesTheTag();
    bool push(Push until);
    widgets::ReviewSheet &sheet() { return *m_fixture->window().review(); }
    QString image() const { return m_registry->host() + QStringLiteral("/vendor/app:1"); }
    oci::Digest tagged(const QString &tag) const;
    QString said();

    QString m_failed;
    oci::Digest m_before;
    oci::Digest m_ours;
    // In the order they are to go: the window last.
    std::unique_ptr<DockerRegistry> m_registry;
    std::unique_ptr<registry::Client> m_client;
    std::unique_ptr<test::WindowFixture> m_fixture;
};

#define NEED_IMAGE_TOOLS()                                                                                             \
    COLOPHON_NEED_DOCKER_REGISTRY();                                                                                   \
    COLOPHON_NEED_PROGRAM("skopeo");                                                                                   \
    COLOPHON_NEED_PROGRAM("umoci")

void DockerPushJourney::cleanup()
{
    m_fixture.reset();
    m_client.reset();
    m_registry.reset();
}

bool DockerPushJourney::start()
{
    test::DockerRegistryOptions options;
    options.allowUrls = {QStringLiteral("^https?://.*")};
    m_registry = std::make_unique<DockerRegistry>(options);
    m_failed = m_registry->problem();
    ImageKit kit;
    if (m_failed.isEmpty())
        m_failed = kit.isReady() ? kit.push(ImageKit::Kind::OciIndex, image()) : kit.problem();
    if (!m_failed.isEmpty())
        return false;
    m_client = std::make_unique<registry::Client>();
    m_fixture = std::make_unique<test::WindowFixture>(*m_client);
    m_failed = QStringLiteral("The image was not opened, or its push not planned.");
    if (!m_fixture->open(image()))
        return false;
    m_before = m_fixture->document().tree().root().descriptor.digest;
    m_fixture->select(NodePath::root().child(0).layerAt(0));
    m_fixture->press(Qt::Key_Space);
    m_ours = m_fixture->document().tree().root().descriptor.digest;
    m_fixture->press(Qt::Key_Return, Qt::ControlModifier);
    return m_fixture->waitForPush(Push::Planned) && sheet().controller()->canPush();
}

oci::Digest DockerPushJourney::tagged(const QString &tag) const
{
    registry::Client other; // nothing is known from before
    const auto found = test::await(other.target(*oci::Reference::parse(image()))->resolve(tag, {}));
    return found ? found->digest : oci::Digest();
}

oci::Digest DockerPushJourney::somebodyMovesTheTag()
{
    registry::Client other;
    const auto target = other.target(*oci::Reference::parse(image()));
    const oci::Descriptor first = *m_fixture->document().original().descriptor(NodePath::root().child(0));
    const auto bytes = test::await(target->fetchManifest(first, {}));
    if (!bytes || !test::await(target->tag(first, *bytes, QStringLiteral("1"), {})))
        return {};
    return first.digest;
}

bool DockerPushJourney::push(Push until)
{
    m_fixture->press(Qt::Key_Return, Qt::ControlModifier);
    return m_fixture->waitForPush(until);
}

QString DockerPushJourney::said()
{
    QStringList all = sheet().notices()->sentences();
    if (sheet().remedies()->isVisible())
        all.append(sheet().remedies()->text());
    if (sheet().errors()->isVisible())
        all.append(sheet().errors()->error().text());
    return all.join(QLatin1Char('\n'));
}

void DockerPushJourney::reopensWithTheEdits()
{
    NEED_IMAGE_TOOLS();
    QVERIFY2(start(), qPrintable(m_failed));
    const oci::Digest theirs = somebodyMovesTheTag();
    QCOMPARE(tagged(QStringLiteral("1")), theirs);
    QVERIFY(push(Push::Stopped));
    QVERIFY(QTest::qWaitFor([&] { return said().contains(QStringLiteral("Your edit applies")); }));
    m_fixture->picture("docker-moved");
    for (const oci::Digest &digest : {m_before, m_ours, theirs})
        QVERIFY2(said().contains(digest.shortForm()), qPrintable(said()));
    QCOMPARE(tagged(QStringLiteral("1")), theirs);
    QVERIFY(m_fixture->click("reopen"));
    QVERIFY(QTest::qWaitFor([&] { return m_fixture->isSettled() && m_fixture->document().isEdited(); }));
    QCOMPARE(m_fixture->document().original().root().descriptor.digest, theirs);
    QCOMPARE(m_fixture->markingOf(NodePath::root().layerAt(0)), QStringLiteral("non-distributable"));
    m_fixture->picture("docker-reopened");
    // And pushed, over what they pushed: that was seen.
    const oci::Digest both = m_fixture->document().tree().root().descriptor.digest;
    m_fixture->press(Qt::Key_Return, Qt::ControlModifier);
    QVERIFY(m_fixture->waitForPush(Push::Planned));
    QVERIFY2(push(Push::Done), qPrintable(said()));
    QCOMPARE(tagged(QStringLiteral("1")), both);
}

void DockerPushJourney::pushesToAnotherTag()
{
    NEED_IMAGE_TOOLS();
    QVERIFY2(start(), qPrintable(m_failed));
    const oci::Digest theirs = somebodyMovesTheTag();
    QVERIFY(push(Push::Stopped));
    QVERIFY(m_fixture->click("otherTag"));
    QCOMPARE(sheet().tagField()->text(), QStringLiteral("1-2"));
    QVERIFY(m_fixture->waitForPush(Push::Planned));
    QVERIFY2(push(Push::Done), qPrintable(said()));
    QCOMPARE(tagged(QStringLiteral("1")), theirs);
    QCOMPARE(tagged(QStringLiteral("1-2")), m_ours);
}

void DockerPushJourney::replacesAnyway()
{
    NEED_IMAGE_TOOLS();
    QVERIFY2(start(), qPrintable(m_failed));
    const oci::Digest theirs = somebodyMovesTheTag();
    QVERIFY(push(Push::Stopped));
    QVERIFY(m_fixture->click("replaceAnyway"));
    QVERIFY(QTest::qWaitFor([&] { return sheet().controller()->canPush() && sheet().pushButton()->isEnabled(); }));
    QCOMPARE(tagged(QStringLiteral("1")), theirs); // the second click does it
    m_fixture->picture("docker-replace");
    QTest::mouseClick(sheet().pushButton(), Qt::LeftButton);
    QVERIFY2(m_fixture->waitForPush(Push::Done), qPrintable(said()));
    QCOMPARE(tagged(QStringLiteral("1")), m_ours);
    QCOMPARE(tagged(sheet().backup()->tag()), theirs); // which keeps a name
}

void DockerPushJourney::undoesThePush()
{
    NEED_IMAGE_TOOLS();
    QVERIFY2(start(), qPrintable(m_failed));
    QVERIFY2(push(Push::Done), qPrintable(said()));
    QCOMPARE(tagged(QStringLiteral("1")), m_ours);
    QVERIFY2(said().contains(m_before.toString()), qPrintable(said()));
    QVERIFY(m_fixture->click("undoPush"));
    QVERIFY(QTest::qWaitFor([&] { return sheet().undo()->state() == Undo::Undone; }));
    m_fixture->picture("docker-undone");
    QCOMPARE(tagged(QStringLiteral("1")), m_before);
    m_fixture->press(Qt::Key_Escape);
    QVERIFY(m_fixture->document().isEdited());
}

void DockerPushJourney::undoIsAConflictWhereSomebodyPushed()
{
    NEED_IMAGE_TOOLS();
    QVERIFY2(start(), qPrintable(m_failed));
    QVERIFY2(push(Push::Done), qPrintable(said()));
    const oci::Digest theirs = somebodyMovesTheTag();
    QVERIFY(m_fixture->click("undoPush"));
    QVERIFY(QTest::qWaitFor([&] { return sheet().undo()->state() == Undo::Failed; }));
    QCOMPARE(sheet().errors()->error().kind, base::ErrorKind::Conflict);
    QVERIFY2(said().contains(theirs.toString()), qPrintable(said()));
    QCOMPARE(tagged(QStringLiteral("1")), theirs);
}

// A registry that is cleaning up: pulls only.
void DockerPushJourney::readOnlyIsExplained()
{
    NEED_IMAGE_TOOLS();
    QVERIFY2(start(), qPrintable(m_failed));
    test::DockerRegistryOptions options;
    options.isReadOnly = true;
    const DockerRegistry closed(options);
    QVERIFY2(closed.isRunning(), qPrintable(closed.problem()));
    QLineEdit *tag = sheet().tagField();
    QLineEdit *repository = sheet().findChild<QLineEdit *>(QStringLiteral("destinationRepository"));
    repository->setFocus();
    repository->selectAll();
    QTest::keyClicks(repository, closed.host() + QStringLiteral("/vendor/app"));
    QTest::keyClick(repository, Qt::Key_Return);
    QCOMPARE(tag->text(), QStringLiteral("1"));
    QVERIFY(QTest::qWaitFor([&] { return sheet().pushButton()->isEnabled(); }));
    QVERIFY(push(Push::Stopped));
    m_fixture->picture("docker-read-only");
    QVERIFY2(said().contains(QStringLiteral("it is read-only")), qPrintable(said()));
    QVERIFY(!sheet().remedies()->isVisible()); // another tag does not help
}

QTEST_MAIN(DockerPushJourney)
#include "tst_dockerpushjourney.moc"
