// SPDX-License-Identifier: Apache-2.0
#include "base/privateprocess.h"

#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <cstdlib>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace colophon;

class TestPrivateProcess : public QObject
{
    Q_OBJECT

    // What becomes of a process that does this and crashes, in a folder of its own and with no limit to its core.
    template <class First>
    static int crashAfter(First first)
    {
        const QTemporaryDir folder;
        const QByteArray path = folder.path().toLocal8Bit();
        const pid_t child = ::fork();
        if (child == 0) {
            rlimit limit{};
            ::getrlimit(RLIMIT_CORE, &limit);
            limit.rlim_cur = limit.rlim_max;
            ::setrlimit(RLIMIT_CORE, &limit);
            std::signal(SIGABRT, SIG_DFL);
            if (::chdir(path.constData()) != 0)
                ::_exit(2);
            const int code = first();
            if (code != 0)
                ::_exit(code);
            ::raise(SIGABRT);
            ::_exit(3);
        }
        int status = 0;
        ::waitpid(child, &status, 0);
        return status;
    }

private Q_SLOTS:
    void leavesNoCore()
    {
        const int unguarded = crashAfter([] { return 0; });
        QVERIFY(WIFSIGNALED(unguarded));
        if (!WCOREDUMP(unguarded))
            qInfo("This computer keeps no cores at all, so that one is missing says little here.");
        const int guarded = crashAfter([] {
            base::keepMemoryPrivate();
            return 0;
        });
        QVERIFY(WIFSIGNALED(guarded));
        QVERIFY(!WCOREDUMP(guarded));
    }

    void bothWaysAreShut()
    {
        const int status = crashAfter([] {
            if (::prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) != 1)
                return 10;
            base::keepMemoryPrivate();
            if (::prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) != 0)
                return 11;
            rlimit limit{1, 1};
            ::getrlimit(RLIMIT_CORE, &limit);
            return limit.rlim_cur == 0 && limit.rlim_max == 0 ? 0 : 12;
        });
        QVERIFY2(WIFSIGNALED(status), qPrintable(QString::number(WEXITSTATUS(status))));
    }
};

QTEST_GUILESS_MAIN(TestPrivateProcess)
#include "tst_privateprocess.moc"
