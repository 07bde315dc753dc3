// SPDX-License-Identifier: Apache-2.0
// A test program whose outcome is chosen by the variable PLANTED, to see what ctest makes of it.
#include <QTest>

#include <cstdio>

class PlantedOutcomes : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void first() { act(QStringLiteral("skips"), QStringLiteral("fails")); }
    void second() { act(QStringLiteral("fails_skips"), QStringLiteral("skips_fails")); }

private:
    // `skipping` skips where it begins the outcome or is all of it; so does `failing` fail.
    static void act(const QString &skipping, const QString &failing)
    {
        const QString outcome = qEnvironmentVariable("PLANTED");
        if (outcome == skipping || outcome.startsWith(skipping + QLatin1Char('_')))
            QSKIP("as planted");
        if (outcome == failing || outcome.startsWith(failing + QLatin1Char('_')))
            QFAIL("as planted");
    }
};

int main(int argc, char *argv[])
{
    PlantedOutcomes object;
    int failed = QTest::qExec(&object, argc, argv);
    if (qEnvironmentVariable("PLANTED") == QLatin1String("skips_late")) { // as a sanitizer does, after the last test
        std::fputs("found at the end\n", stderr);
        failed = 1;
    }
    return failed;
}
#include "planted_outcomes.moc"
