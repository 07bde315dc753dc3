// SPDX-License-Identifier: Apache-2.0
// Looks for the secret of the tests in files, and in folders with all below them: says where it stands, and exits with
// 1 where it does.
//
//     canarysearch PATH...
//     canarysearch --plant N     prints it in its Nth form that can stand in a text, for who wants to see that it is
//                                found; exits with 2 where there are not so many
#include "support/canary/canary.h"

#include <cstdio>
#include <cstdlib>

int main(int argc, char **argv)
{
    using namespace colophon::test;
    if (argc == 3 && QByteArray(argv[1]) == "--plant") {
        auto forms = canaryForms();
        forms.removeIf([](const CanaryForm &form) { return form.text.contains('\0'); });
        const int wanted = std::atoi(argv[2]);
        if (wanted < 1 || wanted > forms.size())
            return 2;
        const QByteArray planted = "a log line with " + forms.at(wanted - 1).text + " in it\n";
        std::fwrite(planted.constData(), 1, static_cast<std::size_t>(planted.size()), stdout);
        return 0;
    }
    int status = argc < 2 ? 2 : 0;
    for (int i = 1; i < argc; ++i) {
        for (const QString &each : canariesBelow(QString::fromLocal8Bit(argv[i]))) {
            std::printf("A secret of the tests stands in %s.\n", qPrintable(each));
            status = 1;
        }
    }
    return status;
}
