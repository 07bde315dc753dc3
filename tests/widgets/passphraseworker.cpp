// SPDX-License-Identifier: Apache-2.0
// One start of the program, as far as the passphrase of a signing key is concerned: chooses the key, types the
// passphrase of standard input where it is asked for, and says what came of it.

#include "session/keychain.h"
#include "support/await.h"
#include "widgets/signing/keychoice.h"

#include <QApplication>
#include <QCheckBox>
#include <QLineEdit>
#include <QTest>
#include <QTextStream>

#include <iostream>

using namespace colophon;

int main(int argc, char **argv)
{
    const QApplication application(argc, argv);
    const QStringList words = QApplication::arguments();
    session::Settings settings(words.value(1));
    const auto keychain = std::make_shared<session::Keychain>(settings, QStringLiteral("colophon-test"));
    QTextStream out(stdout);
    const QString what = words.value(2);
    const QString path = words.value(3);
    if (what == QLatin1String("spoil")) { // as if the key had got another passphrase since
        const content::Credential other{QStringLiteral("passphrase"), base::Secret("another")};
        out << (test::await(keychain->save(path, other)) ? "spoilt\n" : "not spoilt\n");
        return 0;
    }
    widgets::KeyChoice choice;
    choice.setKeychain(keychain);
    choice.setVisible(true);
    (void)test::await(keychain->isAvailable()); // asked after the choice did, so answered after it knows
    choice.chooseKeyFile(path);
    const auto isAsked = [&choice] { return !choice.passphraseField()->isHidden(); };
    if (!QTest::qWaitFor([&] { return choice.key() || isAsked(); }, 20'000)) {
        out << "stuck: " << choice.note() << '\n';
        return 1;
    }
    if (choice.key()) {
        out << "opened by itself\n";
        return 0;
    }
    out << "asked: " << choice.note() << (choice.rememberBox()->isHidden() ? "; cannot remember\n" : "\n");
    if (what == QLatin1String("look"))
        return 0;
    std::string passphrase; // never on a command line, in tests neither
    std::getline(std::cin, passphrase);
    choice.rememberBox()->setChecked(what == QLatin1String("remember"));
    choice.passphraseField()->setText(QString::fromStdString(passphrase));
    QTest::keyClick(choice.passphraseField(), Qt::Key_Return);
    const auto isKept = [&] {
        const auto kept = test::await(keychain->find(path, {}));
        return what != QLatin1String("remember") ||
               (kept && *kept && (*kept)->password.reveal() == QByteArray::fromStdString(passphrase));
    };
    const bool isOpen = QTest::qWaitFor([&] { return choice.key() && isKept(); }, 20'000);
    out << (isOpen ? "opened\n" : "not opened\n");
    return 0;
}
