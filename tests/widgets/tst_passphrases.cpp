// SPDX-License-Identifier: Apache-2.0
// Passphrases of signing keys in a real keyring, GNOME's, on a bus of its own: remembered when asked to, found at the
// next start, asked for again where the key has another by now; and never elsewhere on the disk.
#include "signing/keypair.h"
#include "support/canary/canary.h"
#include "support/dockerregistry/dockerregistry.h"
#include "support/programs/keyring.h"

#include <QDirIterator>
#include <QTest>

using namespace colophon;

class TestPassphrases : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void areRememberedWhenAskedTo()
    {
        COLOPHON_NEED_PROGRAM("dbus-run-session");
        COLOPHON_NEED_PROGRAM("gnome-keyring-daemon");
        const test::Keyring keyring(PASSPHRASEWORKER);
        QVERIFY(signing::createKeyPair(keyring.in("k"), base::Secret(COLOPHON_CANARY)));
        const QByteArray key = '\'' + keyring.in("k.key").toUtf8() + '\'';
        const QByteArray type = "printf '" COLOPHON_CANARY "\\n' | ";
        const QStringList said = keyring.steps(test::Keyring::unlocked(), {
                                                                              type + "RUN once " + key,
                                                                              "RUN look " + key, // nothing was kept
                                                                              type + "RUN remember " + key,
                                                                              "RUN look " + key,
                                                                              "RUN spoil " + key,
                                                                              type + "RUN remember " + key,
                                                                              "RUN look " + key,
                                                                          });
        const QString asked = QStringLiteral("asked: This key has a passphrase.");
        QCOMPARE(said, QStringList({asked, QStringLiteral("opened"), asked, asked, QStringLiteral("opened"),
                                    QStringLiteral("opened by itself"), QStringLiteral("spoilt"),
                                    QStringLiteral("asked: The passphrase in the keychain does not open it."),
                                    QStringLiteral("opened"), QStringLiteral("opened by itself")}));
        QDirIterator files(keyring.home(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
        int looked = 0;
        while (files.hasNext()) {
            QFile file(files.next());
            if (file.open(QIODevice::ReadOnly)) {
                QVERIFY2(test::canaryIn(file.readAll()).isEmpty(), qPrintable(file.fileName()));
                ++looked;
            }
        }
        QVERIFY(looked >= 4); // the pair of keys, the settings and the keyring
    }

    void withoutAKeyringThereIsNothingToRememberThemIn()
    {
        COLOPHON_NEED_PROGRAM("dbus-run-session");
        const test::Keyring keyring(PASSPHRASEWORKER);
        QVERIFY(signing::createKeyPair(keyring.in("k"), base::Secret(COLOPHON_CANARY)));
        const QByteArray key = '\'' + keyring.in("k.key").toUtf8() + '\'';
        const QStringList said = keyring.steps(
            {}, {"printf '" COLOPHON_CANARY "\\n' | RUN once " + key, "RUN look " + key}, keyring.bareBus());
        const QString asked = QStringLiteral("asked: This key has a passphrase.; cannot remember");
        QCOMPARE(said, QStringList({asked, QStringLiteral("opened"), asked}));
    }
};

QTEST_GUILESS_MAIN(TestPassphrases)
#include "tst_passphrases.moc"
