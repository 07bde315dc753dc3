// SPDX-License-Identifier: Apache-2.0
// The window on a registry that really listens, through the real client: the whole job, a registry that refuses, one
// that wants a password, one that goes away, and a push that is stopped in the middle.
#include "base/limits.h"
#include "demo/demoregistry.h"
#include "journeys/windowfixture.h"
#include "registry/client.h"
#include "support/bigimage/bigimage.h"
#include "widgets/common/errorstrip.h"
#include "widgets/connect/signindialog.h"
#include "widgets/push/noticelist.h"
#include "widgets/push/reviewsheet.h"
#include "widgets/signing/signingchoice.h"
#include "widgets/tree/imagetreeview.h"
#include "widgets/window/statusline.h"
#include "widgets/window/windowactions.h"

#include <QElapsedTimer>
#include <QLineEdit>
#include <QPushButton>
#include <QTest>

using namespace colophon;
using document::NodePath;
using Image = widgets::ImageController::State;
using Push = widgets::PushController::State;

class RegistryJourney : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void opensMarksSignsPushesVerifies();
    void unmarksAndFetchesFromTheVendor();
    void refusedByPolicy();
    void wrongPassword();
    void unknownTag();
    void registryGone();
    void cancelledWhilePushing();
    void cancelledInTheMiddleOfAnUpload();

private:
    void start(const demo::Options &options);
    QString on(const char *image) const { return m_registry->host() + QLatin1Char('/') + QLatin1String(image); }
    NodePath layer(int platform, int number) const { return NodePath::root().child(platform).layerAt(number); }
    QString tagged(const char *repository, const char *tag) const
    {
        return m_registry->digestOfTag(QLatin1String(repository), QLatin1String(tag));
    }

    // In the order they are to go: the window last.
    std::unique_ptr<demo::DemoRegistry> m_registry;
    std::unique_ptr<registry::Client> m_client;
    std::unique_ptr<test::WindowFixture> m_fixture;
};

void RegistryJourney::start(const demo::Options &options)
{
    m_fixture.reset();
    m_client = std::make_unique<registry::Client>();
    m_registry = std::make_unique<demo::DemoRegistry>(options);
    QVERIFY2(m_registry->start(), qPrintable(m_registry->errorString()));
    m_fixture = std::make_unique<test::WindowFixture>(*m_client);
}

void RegistryJourney::opensMarksSignsPushesVerifies()
{
    start({});
    auto &window = m_fixture->window();
    const QString key = m_fixture->write(QStringLiteral("demo.key"), demo::demoPrivateKey());
    const QString before = tagged("demo/app", "1.0");
    QVERIFY(m_fixture->open(on("demo/app:1.0")));
    m_fixture->select(layer(0, 2));
    m_fixture->press(Qt::Key_Space);
    m_fixture->press(Qt::Key_Z, Qt::ControlModifier);
    m_fixture->press(Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
    const QString after = m_fixture->document().tree().root().descriptor.digest.toString();
    QVERIFY(after != before);
    m_fixture->press(Qt::Key_Return, Qt::ControlModifier);
    window.review()->signing()->chooseKeyFile(key);
    QVERIFY(QTest::qWaitFor([&] { return window.review()->signing()->key().has_value(); }));
    QVERIFY(m_fixture->waitForPush(Push::Planned));
    m_fixture->press(Qt::Key_Return, Qt::ControlModifier);
    QVERIFY2(m_fixture->waitForPush(Push::Done),
             qPrintable(window.review()->controller()->error().value_or(base::Error{}).text()));
    QCOMPARE(tagged("demo/app", "1.0"), after);
    m_fixture->press(Qt::Key_Return, Qt::ControlModifier);
    QVERIFY(
        QTest::qWaitFor([&] { return window.status()->signatureText().startsWith(QStringLiteral("Verified with ")); }));
    QCOMPARE(m_fixture->markingOf(layer(0, 2)), QStringLiteral("non-distributable"));
}

void RegistryJourney::unmarksAndFetchesFromTheVendor()
{
    start({});
    QVERIFY(m_fixture->open(on("demo/windows:ltsc")));
    const QString digest = m_fixture->document().tree().descriptor(layer(0, 0))->digest.toString();
    QVERIFY(!m_registry->holdsBlob(QStringLiteral("demo/windows"), digest));
    m_fixture->select(layer(0, 0));
    m_fixture->press(Qt::Key_Space);
    QCOMPARE(m_fixture->markingOf(layer(0, 0)), QStringLiteral("distributable"));
    m_fixture->press(Qt::Key_Return, Qt::ControlModifier);
    QVERIFY(m_fixture->waitForPush(Push::Planned));
    m_fixture->press(Qt::Key_Return, Qt::ControlModifier);
    QVERIFY(m_fixture->waitForPush(Push::Done));
    QVERIFY(m_registry->holdsBlob(QStringLiteral("demo/windows"), digest));
}

void RegistryJourney::refusedByPolicy()
{
    demo::Options options;
    options.allowUrls = false;
    start(options);
    auto &window = m_fixture->window();
    const QString before = tagged("demo/app", "1.0");
    QVERIFY(m_fixture->open(on("demo/app:1.0")));
    m_fixture->select(layer(0, 2));
    m_fixture->press(Qt::Key_Space);
    m_fixture->press(Qt::Key_Return, Qt::ControlModifier);
    QVERIFY(m_fixture->waitForPush(Push::Planned));
    m_fixture->press(Qt::Key_Return, Qt::ControlModifier);
    QVERIFY(m_fixture->waitForPush(Push::Stopped));
    m_fixture->picture("refused");
    QCOMPARE(window.review()->errors()->error().kind, base::ErrorKind::Denied);
    QVERIFY2(window.review()->errors()->error().text().contains(QStringLiteral("validation.manifests.urls.allow")),
             qPrintable(window.review()->errors()->error().text()));
    QVERIFY(window.review()->errors()->isVisible());
    QCOMPARE(window.review()->headline(), QStringLiteral("Not pushed"));
    QCOMPARE(tagged("demo/app", "1.0"), before);
    m_fixture->press(Qt::Key_Escape);
    QVERIFY(m_fixture->document().isEdited());
}

void RegistryJourney::wrongPassword()
{
    demo::Options options;
    options.user = QStringLiteral("vendor");
    options.password = QStringLiteral("s3cret");
    start(options);
    auto &window = m_fixture->window();
    const auto dialog = [&] { return window.findChild<widgets::SignInDialog *>(); };
    m_fixture->type(on("demo/app:1.0"));
    QVERIFY(QTest::qWaitFor([&] { return dialog() != nullptr; }));
    QPointer<widgets::SignInDialog> first = dialog();
    QTest::keyClicks(first->userField(), QStringLiteral("vendor"));
    QTest::keyClicks(first->passwordField(), QStringLiteral("wrong"));
    QTest::keyClick(first->passwordField(), Qt::Key_Return);
    QVERIFY(QTest::qWaitFor([&] { return dialog() && dialog() != first; }));
    QCOMPARE(dialog()->userField()->text(), QStringLiteral("vendor"));
    QTest::keyClicks(dialog()->passwordField(), QStringLiteral("s3cret"));
    QTest::keyClick(dialog()->passwordField(), Qt::Key_Return);
    QVERIFY(m_fixture->waitForState(Image::Open));
    QVERIFY(QTest::qWaitFor([&] { return m_fixture->isSettled(); }));
}

void RegistryJourney::unknownTag()
{
    start({});
    m_fixture->type(on("demo/app:9.9"));
    QVERIFY(m_fixture->waitForState(Image::Failed));
    QCOMPARE(m_fixture->window().errors()->error().kind, base::ErrorKind::NotFound);
    QVERIFY(m_fixture->window().errors()->isVisible());
}

void RegistryJourney::registryGone()
{
    start({});
    QVERIFY(m_fixture->open(on("demo/app:1.0")));
    m_registry->stop();
    m_fixture->press(Qt::Key_F5);
    QVERIFY(m_fixture->waitForState(Image::Failed));
    m_fixture->picture("registry-gone");
    QCOMPARE(m_fixture->window().errors()->error().kind, base::ErrorKind::Network);
    QVERIFY(m_fixture->window().controller()->document()); // what was read stays readable
}

void RegistryJourney::cancelledWhilePushing()
{
    demo::Options options;
    options.millisecondsPerMiB = 200'000; // the vendor's 40 KB take seconds
    start(options);
    auto &window = m_fixture->window();
    const QString before = tagged("demo/windows", "ltsc");
    QVERIFY(m_fixture->open(on("demo/windows:ltsc")));
    m_fixture->select(layer(0, 0));
    m_fixture->press(Qt::Key_Space);
    m_fixture->press(Qt::Key_Return, Qt::ControlModifier);
    QVERIFY(m_fixture->waitForPush(Push::Planned));
    qint64 sent = 0;
    connect(window.review()->controller(), &widgets::PushController::stepChanged, &window,
            [&sent](int, const transfer::PlanStep &now) {
                if (now.kind == transfer::StepKind::Blob)
                    sent = std::max(sent, now.done);
            });
    m_fixture->press(Qt::Key_Return, Qt::ControlModifier);
    QVERIFY(m_fixture->waitForPush(Push::Pushing));
    QVERIFY(QTest::qWaitFor([&] { return sent > 0; }, 10'000));
    QVERIFY(m_registry->openUploads() > 0);
    m_fixture->picture("pushing");
    QElapsedTimer clock;
    clock.start();
    m_fixture->press(Qt::Key_Escape);
    QVERIFY(m_fixture->waitForPush(Push::Stopped));
    const qint64 took = clock.elapsed();
    qInfo("Stopped after %lld ms.", took);
    QVERIFY2(took <= 200, qPrintable(QStringLiteral("%1 ms").arg(took)));
    m_fixture->picture("stopped");
    QCOMPARE(window.review()->headline(), QStringLiteral("Stopped"));
    QVERIFY(!window.review()->errors()->isVisible()); // it was asked for
    QVERIFY(window.review()->notices()->sentences().join(QLatin1Char(' ')).contains(before));
    QCOMPARE(tagged("demo/windows", "ltsc"), before);
    // Whether the upload is gone is the next journey's question: here one block takes seconds, so that no body can be
    // ended in good order while a person waits.
    m_fixture->press(Qt::Key_Escape);
    QVERIFY(!window.isReviewing());
    QVERIFY(m_fixture->document().isEdited());
}

// A blob large enough to be on its way for a while: its upload ends in good order, and is gone.
void RegistryJourney::cancelledInTheMiddleOfAnUpload()
{
    demo::DemoRegistry vendor;
    QVERIFY2(vendor.start(), qPrintable(vendor.errorString()));
    demo::Options options;
    options.millisecondsPerMiB = 20;
    start(options);
    const auto layers = *oci::Reference::parse(QString(vendor.host() + QStringLiteral("/vendor/layers:none")));
    const auto image = *oci::Reference::parse(on("vendor/app:1"));
    const test::BigImage big(96 * base::limits::MiB);
    QCOMPARE(big.pushLayer(*m_client, layers), QString());
    QCOMPARE(big.pushImage(*m_client, image, layers), QString());
    QCOMPARE(m_registry->openUploads(), 0);
    const QString before = tagged("vendor/app", "1");
    QVERIFY(m_fixture->open(image.toString()));
    m_fixture->select(NodePath::root().layerAt(0));
    m_fixture->press(Qt::Key_Space);
    m_fixture->press(Qt::Key_Return, Qt::ControlModifier);
    QVERIFY(m_fixture->waitForPush(Push::Planned));

    widgets::PushController *controller = m_fixture->window().review()->controller();
    qint64 sent = 0;
    int open = 0;
    connect(controller, &widgets::PushController::stepChanged, controller, [&](int, const transfer::PlanStep &now) {
        if (sent > 0 || now.kind != transfer::StepKind::Blob || now.done < 16 * base::limits::MiB)
            return;
        sent = now.done;
        open = m_registry->openUploads();
        m_fixture->press(Qt::Key_Escape);
    });
    m_fixture->press(Qt::Key_Return, Qt::ControlModifier);
    QVERIFY(m_fixture->waitForPush(Push::Stopped));
    QVERIFY(sent > 0 && sent < big.layer().size);
    QCOMPARE(open, 1); // it was in the middle of it
    QTRY_COMPARE_WITH_TIMEOUT(m_registry->openUploads(), 0, 10'000);
    QVERIFY(!m_registry->holdsBlob(QStringLiteral("vendor/app"), big.layer().digest.toString()));
    QCOMPARE(tagged("vendor/app", "1"), before);
}

QTEST_MAIN(RegistryJourney)
#include "tst_registryjourney.moc"
