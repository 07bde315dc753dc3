// SPDX-License-Identifier: Apache-2.0
// Passwords in a real keyring, GNOME's, on a bus of its own; and on a desktop that has none.

#include "session/settings.h"
#include "support/canary/canary.h"
#include "support/dockerregistry/dockerregistry.h"
#include "support/programs/programs.h"

#include <QDirIterator>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace colophon;

class TestKeychain : public QObject
{
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_home;

    QString in(const char *name) const { return m_home->filePath(QLatin1String(name)); }

    QProcessEnvironment environment() const
    {
        QProcessEnvironment all = test::plainEnvironment(m_home->path());
        all.insert(QStringLiteral("XDG_RUNTIME_DIR"), in("run"));
        all.insert(QStringLiteral("XDG_DATA_HOME"), in("data"));
        all.remove(QStringLiteral("DBUS_SESSION_BUS_ADDRESS"));
        all.remove(QStringLiteral("DISPLAY"));
        all.remove(QStringLiteral("GNOME_KEYRING_CONTROL"));
        return all;
    }

    // A bus on which nothing is started when it is asked for.
    QStringList bareBus() const
    {
        QFile file(in("bus.conf"));
        if (!file.open(QIODevice::WriteOnly))
            qFatal("cannot write the bus's configuration");
        file.write("<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen><policy context=\"default\">"
                   "<allow send_destination=\"*\" eavesdrop=\"true\"/><allow eavesdrop=\"true\"/>"
                   "<allow own=\"*\"/></policy></busconfig>\n");
        return {QStringLiteral("--config-file=") + file.fileName()};
    }

    // The lines that the steps print, each a start of the program of its own, on one bus.
    QStringList steps(const QByteArray &setup, const QList<QByteArray> &all, const QStringList &bus = {})
    {
        const QByteArray worker = "'" KEYCHAINWORKER "' '" + in("colophon.conf").toUtf8() + "' ";
        QByteArray script = setup;
        for (QByteArray step : all) {
            step.replace("RUN ", worker);
            script += step + '\n';
        }
        const auto ran = test::run(QStringLiteral("dbus-run-session"),
                                   bus + QStringList{QStringLiteral("--"), QStringLiteral("sh"), QStringLiteral("-c"),
                                                     QString::fromUtf8(script)},
                                   environment());
        if (ran.exitCode != 0)
            qWarning("%s", qPrintable(ran.text()));
        return QString::fromUtf8(ran.out).split(u'\n', Qt::SkipEmptyParts);
    }

private Q_SLOTS:
    void init()
    {
        m_home = std::make_unique<QTemporaryDir>();
        QDir(m_home->path()).mkdir(QStringLiteral("run"));
        QFile::setPermissions(in("run"), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    }

    void keepsFindsListsAndForgets()
    {
        COLOPHON_NEED_PROGRAM("dbus-run-session");
        COLOPHON_NEED_PROGRAM("gnome-keyring-daemon");
        const QStringList said =
            steps("printf 'the keyring' | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1\n",
                  {
                      "RUN available",
                      "RUN find registry.example:5000",
                      "printf '" COLOPHON_CANARY " p\\303\\244ss\\n' | RUN save registry.example:5000 vendor",
                      "printf 'other\\n' | RUN save docker.io me",
                      "RUN find registry.example:5000",
                      "RUN find other.example",
                      "RUN entries",
                      "printf 'newer\\n' | RUN save registry.example:5000 vendor2",
                      "RUN find registry.example:5000",
                      "RUN remove registry.example:5000",
                      "RUN find registry.example:5000",
                      "RUN remove registry.example:5000", // gone already: nothing to complain about
                      "RUN entries",
                  });
        QCOMPARE(said,
                 QStringList({QStringLiteral("yes"), QStringLiteral("nothing"), QStringLiteral("done"),
                              QStringLiteral("done"), QStringLiteral("vendor " COLOPHON_CANARY " päss"),
                              QStringLiteral("nothing"), QStringLiteral("docker.io me;registry.example:5000 vendor;"),
                              QStringLiteral("done"), QStringLiteral("vendor2 newer"), QStringLiteral("done"),
                              QStringLiteral("nothing"), QStringLiteral("done"), QStringLiteral("docker.io me;")}));
        // In the settings stands who, and nowhere on the disk the password.
        QFile settings(in("colophon.conf"));
        QVERIFY(settings.open(QIODevice::ReadOnly));
        const QByteArray text = settings.readAll();
        QVERIFY(text.contains("docker.io"));
        QVERIFY(test::canaryIn(text).isEmpty() && !text.contains("newer") && !text.contains("other"));
        QDirIterator files(m_home->path(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
        int looked = 0;
        while (files.hasNext()) {
            QFile file(files.next());
            if (file.open(QIODevice::ReadOnly)) {
                QVERIFY2(test::canaryIn(file.readAll()).isEmpty(), qPrintable(file.fileName()));
                ++looked;
            }
        }
        QVERIFY(looked >= 2); // the settings and the keyring
    }

    void withoutAKeyringNothingIsKept_data()
    {
        QTest::addColumn<bool>("hasBus");
        QTest::newRow("no keyring on the bus") << true;
        QTest::newRow("no bus") << false;
    }

    void withoutAKeyringNothingIsKept()
    {
        QFETCH(bool, hasBus);
        COLOPHON_NEED_PROGRAM("dbus-run-session");
        const QByteArray setup = hasBus ? "" : "export DBUS_SESSION_BUS_ADDRESS=unix:path=/nonexistent\n";
        const QStringList said =
            steps(setup,
                  {"RUN available", "printf '" COLOPHON_CANARY "\\n' | RUN save registry.example me", "RUN entries",
                   "RUN find registry.example"},
                  bareBus());
        QVERIFY(said.size() >= 3);
        QCOMPARE(said.first(), QStringLiteral("no"));
        QVERIFY2(said.at(1).contains(QStringLiteral("keychain")), qPrintable(said.at(1)));
        QVERIFY(!said.at(1).contains(QStringLiteral(COLOPHON_CANARY)));
        QCOMPARE(said.last(), QStringLiteral("nothing"));
        QFile settings(in("colophon.conf"));
        if (settings.open(QIODevice::ReadOnly))
            QVERIFY(!settings.readAll().contains("registry.example"));
    }
};

QTEST_GUILESS_MAIN(TestKeychain)
#include "tst_keychain.moc"
