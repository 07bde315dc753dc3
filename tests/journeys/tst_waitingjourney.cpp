// SPDX-License-Identifier: Apache-2.0
// The window while a registry asks for patience, and its log of requests: through the real client, on a scripted
// server.
#include "items/requestlogmodel.h"
#include "journeys/windowfixture.h"
#include "registry/client.h"
#include "support/faultserver/faultserver.h"
#include "widgets/common/errorstrip.h"
#include "widgets/common/statepane.h"
#include "widgets/window/requestspane.h"
#include "widgets/window/statusline.h"
#include "widgets/window/windowactions.h"

#include <QLineEdit>
#include <QPushButton>
#include <QTest>
#include <QToolButton>
#include <QTreeView>

using namespace colophon;
using Image = widgets::ImageController::State;

class WaitingJourney : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void theReasonIsCountedDown();
    void waitingIsCancelled();
    void everyRequestIsInTheLog();

private:
    QString said() const { return m_fixture->window().status()->said(); }
    test::TestAuthority m_authority;
    // In the order they are to go: the window last.
    std::unique_ptr<test::FaultServer> m_registry;
    std::unique_ptr<registry::Client> m_client;
    std::unique_ptr<test::WindowFixture> m_fixture;
};

void WaitingJourney::init()
{
    m_fixture.reset();
    m_registry = std::make_unique<test::FaultServer>(m_authority, test::TestAuthority::Kind::Good);
    m_registry->always("GET", QStringLiteral("/v2/"), test::answer(200, "{}"));
    registry::ClientOptions options;
    options.transport.caFile = m_authority.caFile();
    options.log = [this](const content::RequestRecord &record) {
        if (m_fixture)
            m_fixture->window().log(record);
    };
    options.patience.waiting = [this](const registry::retry::Waiting &waiting) {
        if (m_fixture)
            m_fixture->window().showWaiting(waiting.reason, waiting.time);
    };
    m_client = std::make_unique<registry::Client>(options);
    m_fixture = std::make_unique<test::WindowFixture>(*m_client);
}

void WaitingJourney::theReasonIsCountedDown()
{
    m_registry->once("HEAD", QStringLiteral("/v2/app/manifests/1"), test::answer(503).with("Retry-After", "2"));
    m_fixture->type(m_registry->authority() + QStringLiteral("/app:1"));
    QTRY_COMPARE(said(), QStringLiteral("127.0.0.1 is not ready (503). Asking again in 2 s…"));
    QTest::qWait(400); // the pane shows what it waits for after a moment
    m_fixture->picture("waiting");
    QTRY_COMPARE_WITH_TIMEOUT(said(), QStringLiteral("127.0.0.1 is not ready (503). Asking again in 1 s…"), 3000);
    QVERIFY(m_fixture->waitForState(Image::Failed)); // it came: there is no such tag
    QVERIFY2(!said().contains(QStringLiteral("Asking again")), qPrintable(said()));
    QCOMPARE(m_registry->requests("HEAD", QStringLiteral("/v2/app/manifests/1")).size(), 2);
}

void WaitingJourney::waitingIsCancelled()
{
    m_registry->always("HEAD", QStringLiteral("/v2/app/manifests/1"), test::answer(429).with("Retry-After", "250"));
    m_fixture->type(m_registry->authority() + QStringLiteral("/app:1"));
    QTRY_VERIFY(said().contains(QStringLiteral("Asking again in 250 s")));
    m_fixture->window().controller()->cancel();
    QTRY_VERIFY(m_fixture->window().controller()->state() != Image::Loading);
    QVERIFY2(!said().contains(QStringLiteral("Asking again")), qPrintable(said()));
    QCOMPARE(m_registry->requests("HEAD", QStringLiteral("/v2/app/manifests/1")).size(), 1);
}

void WaitingJourney::everyRequestIsInTheLog()
{
    m_registry->once("HEAD", QStringLiteral("/v2/app/manifests/1"), test::answer(502));
    m_fixture->type(m_registry->authority() + QStringLiteral("/app:1"));
    QVERIFY(m_fixture->waitForState(Image::Failed));
    auto &window = m_fixture->window();
    QVERIFY(!window.requests()->isVisible());
    m_fixture->press(Qt::Key_F12);
    QVERIFY(window.requests()->isVisible());
    const QAbstractItemModel *shown = window.requests()->view()->model();
    QTRY_VERIFY(shown->rowCount() >= 3);
    QCOMPARE(shown->rowCount(), window.status()->requests());
    window.requests()->filter()->setText(QStringLiteral("HEAD"));
    QCOMPARE(shown->rowCount(), 2);
    QCOMPARE(shown->index(0, items::RequestLogModel::StatusColumn).data().toString(), QStringLiteral("502"));
    QCOMPARE(shown->index(1, items::RequestLogModel::StatusColumn).data().toString(), QStringLiteral("404"));
    window.requests()->filter()->clear();
    m_fixture->picture("requests");
    window.status()->findChild<QToolButton *>(QStringLiteral("requestCount"))->click();
    QVERIFY(!window.requests()->isVisible());
}

QTEST_MAIN(WaitingJourney)
#include "tst_waitingjourney.moc"
