// SPDX-License-Identifier: Apache-2.0
// One start of the program, as far as the keychain is concerned: says what it finds, keeps and forgets.

#include "session/keychain.h"
#include "support/await.h"

#include <QCoreApplication>
#include <QTextStream>

#include <iostream>

using namespace colophon;
using test::await;

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    const QStringList words = QCoreApplication::arguments();
    session::Settings settings(words.value(1));
    session::Keychain keychain(settings, QStringLiteral("colophon-test"));
    const QString what = words.value(2);
    const QString registry = words.value(3);
    QTextStream out(stdout);
    const auto said = [&out](const base::Result<void> &outcome) {
        out << (outcome ? QStringLiteral("done") : outcome.error().text()) << '\n';
    };
    if (what == QLatin1String("available")) {
        out << (await(keychain.isAvailable()) ? "yes" : "no") << '\n';
    } else if (what == QLatin1String("save")) {
        std::string password; // never on a command line, in tests neither
        std::getline(std::cin, password);
        said(await(keychain.save(registry, {words.value(4), base::Secret(QByteArray::fromStdString(password))})));
    } else if (what == QLatin1String("find")) {
        const auto found = await(keychain.find(registry, {}));
        if (!found)
            out << found.error().text() << '\n';
        else if (!*found)
            out << "nothing\n";
        else
            out << (*found)->user << ' ' << QString::fromUtf8((*found)->password.reveal()) << '\n';
    } else if (what == QLatin1String("remove")) {
        said(await(keychain.remove(registry)));
    } else if (what == QLatin1String("entries")) {
        for (const auto &entry : keychain.entries())
            out << entry.registry << ' ' << entry.user << ';';
        out << '\n';
    }
    return 0;
}
