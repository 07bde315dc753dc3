// SPDX-License-Identifier: Apache-2.0
#include "widgets/common/statepane.h"
#include "widgets/window/requestspane.h"

#include <QAction>
#include <QClipboard>
#include <QGuiApplication>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTest>
#include <QTreeView>

using namespace colophon;

class RequestsPaneTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void saysWhenThereIsNothing();
    void filters();
    void copiesAsCurl();
    void followsTheNewest();

private:
    using Authorization = content::RequestRecord::Authorization;
    void add(int count, const QString &path = QStringLiteral("blobs"),
             Authorization authorization = Authorization::Bearer);
    std::unique_ptr<widgets::RequestsPane> m_pane;
    qint64 m_id = 0;
};

void RequestsPaneTest::init()
{
    m_pane = std::make_unique<widgets::RequestsPane>();
    m_pane->resize(900, 240);
    m_pane->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_pane.get()));
}

void RequestsPaneTest::add(int count, const QString &path, Authorization authorization)
{
    for (int i = 0; i < count; ++i) {
        content::RequestRecord record;
        record.id = ++m_id;
        record.started = QDateTime::currentDateTime();
        record.method = "GET";
        record.url = QStringLiteral("https://registry.example/v2/app/%1/%2").arg(path).arg(m_id);
        record.status = 200;
        record.credential = QStringLiteral("token for repository:app:pull");
        record.authorization = authorization;
        m_pane->add(record);
    }
}

void RequestsPaneTest::saysWhenThereIsNothing()
{
    auto *states = m_pane->findChild<widgets::StatePane *>();
    QCOMPARE(states->state(), widgets::StatePane::State::Empty);
    QVERIFY(!m_pane->clear()->isEnabled());
    add(1);
    QCOMPARE(states->state(), widgets::StatePane::State::Content);
    QVERIFY(m_pane->clear()->isEnabled());
    m_pane->clear()->trigger();
    QCOMPARE(states->state(), widgets::StatePane::State::Empty);
}

void RequestsPaneTest::filters()
{
    add(3);
    add(2, QStringLiteral("manifests"));
    QTest::keyClicks(m_pane->filter(), QStringLiteral("MANIF"));
    QCOMPARE(m_pane->view()->model()->rowCount(), 2);
    add(1);
    QCOMPARE(m_pane->view()->model()->rowCount(), 2);
    m_pane->filter()->setText(QStringLiteral("."));
    QCOMPARE(m_pane->view()->model()->rowCount(), 6); // text, no pattern
    m_pane->filter()->setText(QStringLiteral("nowhere"));
    QCOMPARE(m_pane->findChild<widgets::StatePane *>()->state(), widgets::StatePane::State::Empty);
}

void RequestsPaneTest::copiesAsCurl()
{
    add(2);
    QVERIFY(!m_pane->copyAsCurl()->isEnabled());
    m_pane->view()->setCurrentIndex(m_pane->view()->model()->index(1, 0));
    QSignalSpy copied(m_pane.get(), &widgets::RequestsPane::copied);
    m_pane->view()->setFocus();
    QTest::keyClick(m_pane->view(), Qt::Key_C, Qt::ControlModifier);
    QCOMPARE(copied.size(), 1);
    QVERIFY(copied.first().first().toString().contains(QStringLiteral("TOKEN")));
    const QString command = QGuiApplication::clipboard()->text();
    QVERIFY2(command.startsWith(QStringLiteral("curl ")) && command.contains(QStringLiteral("$TOKEN")) &&
                 command.contains(QStringLiteral("/blobs/%1'").arg(m_id)),
             qPrintable(command));
    // What it says to set is what the command reads.
    add(1, QStringLiteral("blobs"), Authorization::Basic);
    m_pane->view()->setCurrentIndex(m_pane->view()->model()->index(2, 0));
    m_pane->copyAsCurl()->trigger();
    for (const char *name : {"REGISTRY_USER", "REGISTRY_PASSWORD"}) {
        QVERIFY(copied.last().first().toString().contains(QLatin1String(name)));
        QVERIFY(QGuiApplication::clipboard()->text().contains(u'$' + QLatin1String(name)));
    }
}

void RequestsPaneTest::followsTheNewest()
{
    add(100);
    const auto last = [this] { return m_pane->view()->model()->index(m_pane->view()->model()->rowCount() - 1, 0); };
    const auto isSeen = [this](const QModelIndex &index) {
        return m_pane->view()->viewport()->rect().intersects(m_pane->view()->visualRect(index));
    };
    QTRY_VERIFY(isSeen(last()));
    m_pane->view()->scrollToTop();
    add(1);
    QVERIFY(!isSeen(last())); // whoever scrolled back is left there
}

QTEST_MAIN(RequestsPaneTest)
#include "tst_requestspane.moc"
