// SPDX-License-Identifier: Apache-2.0
// Passwords in a real keyring, GNOME's, on a bus of its own; and on a desktop that has none.

#include "session/settings.h"
#include "support/canary/canary.h"
#include "support/dockerregistry/dockerregistry.h"
#include "support/programs/keyring.h"

#include <QDirIterator>
#include <QFile>
#include <QTest>

using namespace colophon;

class TestKeychain : public QObject
{
    Q_OBJECT

    std::unique_ptr<test::Keyring> m_keyring;

private Q_SLOTS:
    void init() { m_keyring = std::make_unique<test::Keyring>(KEYCHAINWORKER); }

    void keepsFindsListsAndForgets()
    {
        COLOPHON_NEED_PROGRAM("dbus-run-session");
        COLOPHON_NEED_PROGRAM("gnome-keyring-daemon");
        const QStringList said = m_keyring->steps(
            test::Keyring::unlocked(),
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
        QFile settings(m_keyring->settings());
        QVERIFY(settings.open(QIODevice::ReadOnly));
        const QByteArray text = settings.readAll();
        QVERIFY(text.contains("docker.io"));
        QVERIFY(test::canaryIn(text).isEmpty() && !text.contains("newer") && !text.contains("other"));
        QDirIterator files(m_keyring->home(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
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
            m_keyring->steps(setup,
                             {"RUN available", "printf '" COLOPHON_CANARY "\\n' | RUN save registry.example me",
                              "RUN entries", "RUN find registry.example"},
                             m_keyring->bareBus());
        QVERIFY(said.size() >= 3);
        QCOMPARE(said.first(), QStringLiteral("no"));
        QVERIFY2(said.at(1).contains(QStringLiteral("keychain")), qPrintable(said.at(1)));
        QVERIFY(!said.at(1).contains(QStringLiteral(COLOPHON_CANARY)));
        QCOMPARE(said.last(), QStringLiteral("nothing"));
        QFile settings(m_keyring->settings());
        if (settings.open(QIODevice::ReadOnly))
            QVERIFY(!settings.readAll().contains("registry.example"));
    }
};

QTEST_GUILESS_MAIN(TestKeychain)
#include "tst_keychain.moc"
