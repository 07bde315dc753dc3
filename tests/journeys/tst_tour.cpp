// SPDX-License-Identifier: Apache-2.0
// The tour of the real program, as app/run does it without a display: it comes to its end, says what it did and leaves
// a picture of each step.

#include <QDir>
#include <QImage>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

class TestTour : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void comesToItsEnd()
    {
        QTemporaryDir folder;
        QProcess tour;
        tour.setProgram(QStringLiteral(COLOPHON_PROGRAM));
        tour.setArguments({QStringLiteral("--tour"), folder.path()});
        tour.start();
        QVERIFY(tour.waitForFinished(100'000));
        const QString said = QString::fromUtf8(tour.readAllStandardOutput());
        QVERIFY2(tour.exitCode() == 0, qPrintable(said + QString::fromUtf8(tour.readAllStandardError())));
        for (const char *step : {"marks it as non-distributable", "Undo: the original digest again",
                                 "Pushed and signed", "Verified with", "no tag 9.9"})
            QVERIFY2(said.contains(QLatin1String(step)), step);
        const QStringList pictures = QDir(folder.path()).entryList({QStringLiteral("*.png")});
        const auto steps =
            said.count(QRegularExpression(QStringLiteral("^\\d+\\. "), QRegularExpression::MultilineOption));
        QCOMPARE(pictures.size(), steps);
        QVERIFY(steps >= 16);
        for (const QString &picture : pictures)
            QVERIFY2(QImage(folder.filePath(picture)).width() >= 1024, qPrintable(picture));
    }
};

QTEST_GUILESS_MAIN(TestTour)
#include "tst_tour.moc"
