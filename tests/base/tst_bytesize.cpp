// SPDX-License-Identifier: Apache-2.0
// Sizes as registries quote them: decimal units, the same in every locale.
#include "base/bytesize.h"

#include <QLocale>
#include <QTest>

#include <limits>

using namespace colophon;

class TestByteSize : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void humanSize_data()
    {
        QTest::addColumn<qint64>("bytes");
        QTest::addColumn<QString>("text");
        QTest::newRow("nothing") << qint64(0) << QStringLiteral("0 bytes");
        QTest::newRow("a small manifest") << qint64(493) << QStringLiteral("493 bytes");
        QTest::newRow("last bytes") << qint64(999) << QStringLiteral("999 bytes");
        QTest::newRow("a thousand") << qint64(1000) << QStringLiteral("1 kB");
        QTest::newRow("without decimals") << qint64(4'400) << QStringLiteral("4 kB");
        QTest::newRow("with decimals") << qint64(10'240) << QStringLiteral("10.2 kB");
        QTest::newRow("a layer") << qint64(430'000'000) << QStringLiteral("430.0 MB");
        QTest::newRow("a large layer") << qint64(12'345'678'901) << QStringLiteral("12.3 GB");
        QTest::newRow("the largest") << std::numeric_limits<qint64>::max() << QStringLiteral("9.2 EB");
    }
    void humanSize()
    {
        QFETCH(qint64, bytes);
        QFETCH(QString, text);
        const QLocale before;
        QLocale::setDefault(QLocale(QLocale::German));
        const QString shown = base::humanSize(bytes);
        QLocale::setDefault(before);
        QCOMPARE(shown, text);
    }
};

QTEST_GUILESS_MAIN(TestByteSize)
#include "tst_bytesize.moc"
