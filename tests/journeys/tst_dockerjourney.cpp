// SPDX-License-Identifier: Apache-2.0
// The window on Debian's docker-registry, with images made by umoci and skopeo: the whole job, a registry that refuses,
// one that wants a password, one that goes away, and an upload that is stopped in the middle.
#include "base/limits.h"
#include "journeys/windowfixture.h"
#include "registry/client.h"
#include "support/await.h"
#include "support/bigimage/bigimage.h"
#include "support/dockerregistry/dockerregistry.h"
#include "support/programs/programs.h"
#include "widgets/common/errorstrip.h"
#include "widgets/connect/signindialog.h"
#include "widgets/push/noticelist.h"
#include "widgets/push/reviewsheet.h"
#include "widgets/signing/signingchoice.h"
#include "widgets/window/statusline.h"
#include "widgets/window/windowactions.h"

#include <QDirIterator>
#include <QElapsedTimer>
#include <QLineEdit>
#include <QTest>

using namespace colophon;
using document::NodePath;
using test::DockerRegistry;
using test::ImageKit;
using Image = widgets::ImageController::State;
using Push = widgets::PushController::State;

class DockerJourney : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void opensMarksSignsPushesVerifies();
    void refusedByPolicy();
    void wrongPassword();
    void unknownTag();
    void registryGone();
    void cancelledInTheMiddleOfAnUpload();

private:
    // The registry, the image with two platforms in it, and the window; false, with what failed, where that is not so.
    bool start(bool allowsUrls);
    void openWindow();
    QString image() const { return m_registry->host() + QStringLiteral("/vendor/app:1"); }
    QString tagged(const QString &reference) const;
    NodePath layer(int platform, int number) const { return NodePath::root().child(platform).layerAt(number); }
    // Asks for the review, waits for the plan, and pushes.
    bool reviewAndPush();

    QString m_failed;
    // In the order they are to go: the window last.
    std::unique_ptr<DockerRegistry> m_registry;
    std::unique_ptr<registry::Client> m_client;
    std::unique_ptr<test::WindowFixture> m_fixture;
};

namespace {

test::DockerRegistryOptions allowing()
{
    test::DockerRegistryOptions options;
    options.allowUrls = {QStringLiteral("^https?://.*")};
    return options;
}

// The files that the registry keeps of uploads that have not come to their end: their bytes, and what it knows them by.
// Not the state of its checksum: distribution 2.8 writes those hundred bytes anew after it has deleted an upload.
QStringList uploadsIn(const DockerRegistry &registry)
{
    QStringList found;
    QDirIterator directories(registry.storage(), {QStringLiteral("_uploads")}, QDir::Dirs,
                             QDirIterator::Subdirectories);
    while (directories.hasNext()) {
        const QString uploads = directories.next();
        QDirIterator files(uploads, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
        while (files.hasNext()) {
            const QString file = files.next().mid(uploads.size());
            if (!file.contains(QLatin1String("/hashstates/")))
                found.append(file);
        }
    }
    return found;
}

} // namespace

#define NEED_IMAGE_TOOLS()                                                                                             \
    COLOPHON_NEED_DOCKER_REGISTRY();                                                                                   \
    COLOPHON_NEED_PROGRAM("skopeo");                                                                                   \
    COLOPHON_NEED_PROGRAM("umoci")

void DockerJourney::init() { m_client = std::make_unique<registry::Client>(); }

void DockerJourney::cleanup()
{
    m_fixture.reset();
    m_client.reset();
    m_registry.reset();
}

void DockerJourney::openWindow() { m_fixture = std::make_unique<test::WindowFixture>(*m_client); }

bool DockerJourney::start(bool allowsUrls)
{
    m_registry = std::make_unique<DockerRegistry>(allowsUrls ? allowing() : test::DockerRegistryOptions());
    m_failed = m_registry->problem();
    if (!m_failed.isEmpty())
        return false;
    ImageKit kit;
    m_failed = kit.isReady() ? kit.push(ImageKit::Kind::OciIndex, image()) : kit.problem();
    if (m_failed.isEmpty())
        openWindow();
    return m_failed.isEmpty();
}

QString DockerJourney::tagged(const QString &reference) const
{
    registry::Client other; // nothing is known from before
    const auto named = *oci::Reference::parse(reference);
    const auto found = test::await(other.target(named)->resolve(named.tag(), {}));
    return found ? found->digest.toString() : found.error().text();
}

bool DockerJourney::reviewAndPush()
{
    m_fixture->press(Qt::Key_Return, Qt::ControlModifier);
    if (!m_fixture->waitForPush(Push::Planned))
        return false;
    m_fixture->press(Qt::Key_Return, Qt::ControlModifier);
    return true;
}

void DockerJourney::opensMarksSignsPushesVerifies()
{
    NEED_IMAGE_TOOLS();
    QVERIFY2(start(true), qPrintable(m_failed));
    auto &window = m_fixture->window();
    const QString before = tagged(image());
    QVERIFY(m_fixture->open(image()));
    QCOMPARE(m_fixture->document().tree().root().descriptor.digest.toString(), before);
    QCOMPARE(window.status()->signatureText(), QStringLiteral("Not signed"));

    m_fixture->select(layer(0, 0));
    m_fixture->press(Qt::Key_Space);
    QCOMPARE(m_fixture->markingOf(layer(0, 0)), QStringLiteral("non-distributable"));
    const QString after = m_fixture->document().tree().root().descriptor.digest.toString();
    QVERIFY(after != before);
    m_fixture->press(Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(m_fixture->document().tree().root().descriptor.digest.toString(), before);
    m_fixture->press(Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(m_fixture->document().tree().root().descriptor.digest.toString(), after);
    window.actions()->undo->trigger();
    window.actions()->redo->trigger();
    QCOMPARE(m_fixture->document().tree().root().descriptor.digest.toString(), after);

    m_fixture->press(Qt::Key_Return, Qt::ControlModifier);
    window.review()->signing()->chooseKeyFile(QStringLiteral(COLOPHON_TEST_DATA "/signing/keys/cosign-nopass.key"));
    QVERIFY(QTest::qWaitFor([&] { return window.review()->signing()->key().has_value(); }));
    QVERIFY(m_fixture->waitForPush(Push::Planned));
    m_fixture->picture("docker-review");
    m_fixture->press(Qt::Key_Return, Qt::ControlModifier);
    QVERIFY2(m_fixture->waitForPush(Push::Done),
             qPrintable(window.review()->controller()->error().value_or(base::Error{}).text()));
    QCOMPARE(window.review()->headline(), QStringLiteral("Pushed and signed"));
    QCOMPARE(tagged(image()), after);
    m_fixture->picture("docker-pushed");

    m_fixture->press(Qt::Key_Return, Qt::ControlModifier);
    QVERIFY(
        QTest::qWaitFor([&] { return window.status()->signatureText().startsWith(QStringLiteral("Verified with ")); }));
    // And read once more from its beginning.
    QVERIFY(m_fixture->open(image()));
    QCOMPARE(window.status()->signatureText(), QStringLiteral("Verified with cosign-nopass.pub"));
    QCOMPARE(m_fixture->markingOf(layer(0, 0)), QStringLiteral("non-distributable"));
    QCOMPARE(m_fixture->markingOf(layer(0, 1)), QStringLiteral("distributable"));
    QVERIFY(!m_fixture->document().isEdited());
    m_fixture->picture("docker-verified");
}

void DockerJourney::refusedByPolicy()
{
    NEED_IMAGE_TOOLS();
    QVERIFY2(start(false), qPrintable(m_failed));
    auto &window = m_fixture->window();
    const QString before = tagged(image());
    QVERIFY(m_fixture->open(image()));
    m_fixture->select(layer(0, 0));
    m_fixture->press(Qt::Key_Space);
    QVERIFY(reviewAndPush());
    QVERIFY(m_fixture->waitForPush(Push::Stopped));
    m_fixture->picture("docker-refused");
    const base::Error error = window.review()->errors()->error();
    QCOMPARE(error.kind, base::ErrorKind::Denied);
    QVERIFY2(error.text().contains(QStringLiteral("validation.manifests.urls.allow")), qPrintable(error.text()));
    QVERIFY(window.review()->errors()->isVisible());
    QCOMPARE(window.review()->headline(), QStringLiteral("Not pushed"));
    QCOMPARE(tagged(image()), before);
    m_fixture->press(Qt::Key_Escape);
    QVERIFY(m_fixture->document().isEdited());
}

void DockerJourney::wrongPassword()
{
    COLOPHON_NEED_DOCKER_REGISTRY();
    test::DockerRegistryOptions options = allowing();
    options.withPassword = true;
    m_registry = std::make_unique<DockerRegistry>(options);
    QVERIFY2(m_registry->isRunning(), qPrintable(m_registry->problem()));
    registry::Client vendor;
    vendor.signIn(m_registry->host(), {DockerRegistry::user(), base::Secret(DockerRegistry::password().toUtf8())});
    const test::BigImage small(1000);
    const auto reference = *oci::Reference::parse(image());
    QCOMPARE(small.pushLayer(vendor, reference), QString());
    QCOMPARE(small.pushImage(vendor, reference, reference), QString());

    openWindow();
    auto &window = m_fixture->window();
    const auto dialog = [&] { return window.findChild<widgets::SignInDialog *>(); };
    m_fixture->type(image());
    QVERIFY(QTest::qWaitFor([&] { return dialog() != nullptr; }));
    QPointer<widgets::SignInDialog> first = dialog();
    QTest::keyClicks(first->userField(), DockerRegistry::user());
    QTest::keyClicks(first->passwordField(), QStringLiteral("wrong"));
    QTest::keyClick(first->passwordField(), Qt::Key_Return);
    QVERIFY(QTest::qWaitFor([&] { return dialog() && dialog() != first; }));
    m_fixture->picture("docker-sign-in-again");
    QVERIFY(!window.controller()->document());
    QCOMPARE(dialog()->userField()->text(), DockerRegistry::user()); // nobody types that again
    QTest::keyClicks(dialog()->passwordField(), DockerRegistry::password());
    QTest::keyClick(dialog()->passwordField(), Qt::Key_Return);
    const bool isOpen = m_fixture->waitForState(Image::Open);
    m_fixture->picture("docker-signed-in");
    QVERIFY2(isOpen, qPrintable(window.errors()->error().text() + m_registry->log().right(700)));
    QVERIFY(QTest::qWaitFor([&] { return m_fixture->isSettled(); }));
}

void DockerJourney::unknownTag()
{
    COLOPHON_NEED_DOCKER_REGISTRY();
    m_registry = std::make_unique<DockerRegistry>();
    QVERIFY2(m_registry->isRunning(), qPrintable(m_registry->problem()));
    openWindow();
    m_fixture->type(image());
    QVERIFY(m_fixture->waitForState(Image::Failed));
    QCOMPARE(m_fixture->window().errors()->error().kind, base::ErrorKind::NotFound);
    QVERIFY(m_fixture->window().errors()->isVisible());
}

void DockerJourney::registryGone()
{
    NEED_IMAGE_TOOLS();
    QVERIFY2(start(true), qPrintable(m_failed));
    QVERIFY(m_fixture->open(image()));
    m_fixture->select(layer(0, 0));
    m_fixture->press(Qt::Key_Space);
    m_registry->stop();
    m_fixture->press(Qt::Key_Return, Qt::ControlModifier);
    QVERIFY(m_fixture->waitForPush(Push::Stopped));
    m_fixture->picture("docker-gone");
    QCOMPARE(m_fixture->window().review()->errors()->error().kind, base::ErrorKind::Network);
    QVERIFY(m_fixture->window().review()->errors()->isVisible());
    m_fixture->press(Qt::Key_Escape);
    QVERIFY(m_fixture->document().isEdited());
}

// The layer lies with a vendor: unmarking it brings it from there into the registry.
void DockerJourney::cancelledInTheMiddleOfAnUpload()
{
    COLOPHON_NEED_DOCKER_REGISTRY();
    const DockerRegistry vendor;
    m_registry = std::make_unique<DockerRegistry>(allowing());
    QVERIFY2(vendor.isRunning() && m_registry->isRunning(), qPrintable(vendor.problem() + m_registry->problem()));
    const auto layers = *oci::Reference::parse(QString(vendor.host() + QStringLiteral("/vendor/layers:none")));
    const auto reference = *oci::Reference::parse(image());
    const test::BigImage big(160 * base::limits::MiB);
    QCOMPARE(big.pushLayer(*m_client, layers), QString());
    QCOMPARE(big.pushImage(*m_client, reference, layers), QString());
    QCOMPARE(uploadsIn(*m_registry), QStringList());
    const QString before = tagged(image());
    openWindow();
    auto &window = m_fixture->window();
    QVERIFY(m_fixture->open(image()));
    const NodePath unmarked = NodePath::root().layerAt(0);
    m_fixture->select(unmarked);
    m_fixture->press(Qt::Key_Space);
    QCOMPARE(m_fixture->markingOf(unmarked), QStringLiteral("distributable"));

    widgets::PushController *controller = window.review()->controller();
    QElapsedTimer clock;
    qint64 sent = 0;
    qint64 took = -1;
    QStringList open;
    connect(controller, &widgets::PushController::stepChanged, &window, [&](int, const transfer::PlanStep &now) {
        if (clock.isValid() || now.kind != transfer::StepKind::Blob || now.done < 32 * base::limits::MiB)
            return;
        sent = now.done;
        open = uploadsIn(*m_registry);
        m_fixture->picture("docker-pushing");
        clock.start();
        m_fixture->press(Qt::Key_Escape);
    });
    connect(controller, &widgets::PushController::stateChanged, &window, [&] {
        if (clock.isValid() && took < 0 && controller->state() == Push::Stopped)
            took = clock.elapsed();
    });
    QVERIFY(reviewAndPush());
    QVERIFY(m_fixture->waitForPush(Push::Stopped));
    qInfo("Stopped after %lld ms, with %lld of %lld bytes sent.", took, sent, big.layer().size);
    QVERIFY(sent > 0 && sent < big.layer().size);
    QVERIFY(!open.filter(QStringLiteral("/data")).isEmpty()); // it was in the middle of it
    QVERIFY2(took >= 0 && took <= 200, qPrintable(QStringLiteral("%1 ms").arg(took)));
    m_fixture->picture("docker-stopped");
    QCOMPARE(window.review()->headline(), QStringLiteral("Stopped"));
    QVERIFY(!window.review()->errors()->isVisible()); // it was asked for
    QVERIFY(window.review()->notices()->sentences().join(QLatin1Char(' ')).contains(before));

    const bool isGone = QTest::qWaitFor([&] { return uploadsIn(*m_registry).isEmpty(); }, 1000);
    QVERIFY2(isGone, qPrintable(uploadsIn(*m_registry).join(QLatin1Char(' ')) + QLatin1Char('\n') +
                                m_registry->log().right(700)));
    QCOMPARE(tagged(image()), before);
    QVERIFY(!*test::await(m_client->target(reference)->hasBlob(big.layer(), {})));
    m_fixture->press(Qt::Key_Escape);
    QVERIFY(!window.isReviewing());
    QVERIFY(m_fixture->document().isEdited());
}

QTEST_MAIN(DockerJourney)
#include "tst_dockerjourney.moc"
