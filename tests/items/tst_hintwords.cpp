// SPDX-License-Identifier: Apache-2.0
// No hint names an option where there is none: every one that the models give is shown by the window in its own words.
#include "items/hintwords.h"

#include <QDirIterator>
#include <QFile>
#include <QRegularExpression>
#include <QTest>

using colophon::items::wordsInWindow;

class TestHintWords : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void ofTheModels_data();
    void ofTheModels();
    void theRestStays();
};

void TestHintWords::ofTheModels_data()
{
    QTest::addColumn<QString>("hint");
    static const QRegularExpression named(QStringLiteral(R"re(tr\(\s*"([^"]* --[a-z][^"]*)")re"));
    QDirIterator files(QStringLiteral(COLOPHON_MODELS), {QStringLiteral("*.cpp")}, QDir::Files,
                       QDirIterator::Subdirectories);
    while (files.hasNext()) {
        QFile file(files.next());
        QVERIFY(file.open(QIODevice::ReadOnly));
        auto hints = named.globalMatch(QString::fromUtf8(file.readAll()));
        while (hints.hasNext()) {
            const QString hint = hints.next().captured(1);
            QTest::newRow(qPrintable(hint)) << hint;
        }
    }
}

void TestHintWords::ofTheModels()
{
    QFETCH(const QString, hint);
    const QString shown = wordsInWindow(hint);
    QVERIFY2(!shown.contains(QStringLiteral("--")), qPrintable(shown));
    QVERIFY(shown.endsWith(QLatin1Char('.')) || shown.endsWith(QLatin1String("%1")));
}

void TestHintWords::theRestStays()
{
    QCOMPARE(wordsInWindow({}), QString());
    const QString other = QStringLiteral("Ask the owner of a.example. Or wait -- a day. Or use its --force.");
    QCOMPARE(wordsInWindow(other), other);
    QCOMPARE(wordsInWindow(QStringLiteral("It took 3.5 s. Try again, or allow more time with --timeout. It is near.")),
             QStringLiteral("It took 3.5 s. Check the network, and try again. It is near."));
    QCOMPARE(
        wordsInWindow(QStringLiteral("It cannot be had from a.example (No. Allow it with --allow-private-urls). So.")),
        QStringLiteral("It cannot be had from a.example (No. Such an address is asked only if you allow it). So."));
    QCOMPARE(wordsInWindow(QStringLiteral("If that is right, allow it with --allow-realm a.example.")),
             QStringLiteral("If that is meant to be, the command colophonctl can be told to allow it."));
}

QTEST_GUILESS_MAIN(TestHintWords)
#include "tst_hintwords.moc"
