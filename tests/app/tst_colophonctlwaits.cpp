// SPDX-License-Identifier: Apache-2.0
// What the command says on stderr while it waits before it asks a registry again, and where it says nothing.

#include "app/command.h"
#include "app/scriptedregistry.h"

#include <QTest>

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

using namespace colophon;
using test::answer;
using test::Command;
using test::FaultServer;
using test::Ran;
using test::TestAuthority;

class TestColophonctlWaits : public QObject
{
    Q_OBJECT

    TestAuthority m_authority;
    std::unique_ptr<FaultServer> m_registry;
    Command m_command;

    QStringList tags(const QStringList &more = {}) const
    {
        return QStringList{QStringLiteral("tags"), m_registry->authority() + QStringLiteral("/app"),
                           QStringLiteral("--ca-file"), m_authority.caFile()} +
               more;
    }

private Q_SLOTS:
    void init()
    {
        m_registry = std::make_unique<FaultServer>(m_authority, TestAuthority::Kind::Good);
        m_registry->always("GET", QStringLiteral("/v2/"), answer(200, "{}"));
        const QString list = QStringLiteral("/v2/app/tags/list.*");
        m_registry->once("GET", list, answer(429).with("Retry-After", "1"));
        m_registry->always("GET", list,
                           answer(200, R"({"name":"app","tags":["1"]})").with("Content-Type", "application/json"));
    }

    void oneLineForEachWait()
    {
        const Ran ran = m_command(tags());
        QVERIFY2(ran.exitCode == 0, qPrintable(ran.text()));
        QCOMPARE(ran.out, QByteArray("1\n"));
        QCOMPARE(QString::fromUtf8(ran.err),
                 QStringLiteral("127.0.0.1 gets too many requests (429). Asking again in 1 s…\n"));
    }

    void inJsonItIsAnObjectOnStderr()
    {
        const Ran ran = m_command(tags({QStringLiteral("--json")}));
        QVERIFY2(ran.exitCode == 0, qPrintable(ran.text()));
        QVERIFY(!test::objectIn(ran.out).isEmpty());
        QVERIFY2(!ran.out.contains("429"), ran.out.constData());
        QCOMPARE(test::objectIn(ran.err),
                 (QJsonObject{{QStringLiteral("waiting"),
                               QStringLiteral("127.0.0.1 gets too many requests (429). Asking again in 1 s…")}}));
    }

    void quietSaysNothing()
    {
        const Ran ran = m_command(tags({QStringLiteral("--quiet")}));
        QVERIFY2(ran.exitCode == 0, qPrintable(ran.text()));
        QCOMPARE(ran.err, QByteArray());
    }

    // One line that is written over, and gone once the registry is asked again.
    void aTerminalCountsDown()
    {
        m_registry->forget();
        m_registry->always("GET", QStringLiteral("/v2/"), answer(200, "{}"));
        m_registry->once("GET", QStringLiteral("/v2/app/tags/list.*"), answer(503).with("Retry-After", "3"));
        const int terminal = ::posix_openpt(O_RDWR | O_NOCTTY);
        QVERIFY(terminal >= 0 && ::grantpt(terminal) == 0 && ::unlockpt(terminal) == 0);
        const int side = ::open(::ptsname(terminal), O_RDWR | O_NOCTTY); // NOLINT(concurrency-mt-unsafe)
        QVERIFY(side >= 0);
        QProcess process;
        process.setProcessEnvironment(m_command.environment());
        process.setChildProcessModifier([side] { ::dup2(side, STDERR_FILENO); });
        process.start(Command::program(), tags());
        QVERIFY(process.waitForFinished());
        ::fcntl(terminal, F_SETFL, O_NONBLOCK);
        QByteArray said;
        const auto isOver = [&said, terminal] { // what was written comes through in its own time
            QByteArray some(4096, '\0');
            some.truncate(std::max<ssize_t>(::read(terminal, some.data(), some.size()), 0));
            said += some;
            return said.contains("colophonctl: ");
        };
        [[maybe_unused]] const bool came = QTest::qWaitFor(isOver);
        ::close(side);
        ::close(terminal);
        const QByteArray line("\r\x1b[K127.0.0.1 is not ready (503). Asking again in ");
        QVERIFY2(said.startsWith(line + "3 s…"), said.constData());
        QVERIFY2(said.contains(line + "2 s…") || said.contains(line + "1 s…"), said.constData());
        QVERIFY2(said.contains("…\r\x1b[Kcolophonctl: "), said.constData()); // no rule is left: 404
    }
};

QTEST_GUILESS_MAIN(TestColophonctlWaits)
#include "tst_colophonctlwaits.moc"
