// SPDX-License-Identifier: Apache-2.0
#include "widgets/common/slices.h"

#include <QTest>

using colophon::widgets::Slices;

class TestSlices : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void oneATurn()
    {
        Slices slices;
        int done = 0;
        slices.run([&] { return ++done < 4; });
        QCOMPARE(done, 1);
        QVERIFY(slices.isRunning());
        int turns = 0;
        while (slices.isRunning()) {
            const int before = done;
            QCoreApplication::processEvents();
            QVERIFY(done <= before + 1);
            QVERIFY(++turns < 100);
        }
        QCOMPARE(done, 4);
    }
    void finishesNow()
    {
        Slices slices;
        int done = 0;
        slices.run([&] { return ++done < 1000; });
        slices.finish();
        QCOMPARE(done, 1000);
        QVERIFY(!slices.isRunning());
    }
    void stops()
    {
        Slices slices;
        int done = 0;
        slices.run([&] {
            ++done;
            return true;
        });
        slices.stop();
        QCoreApplication::processEvents();
        QCOMPARE(done, 1);
    }
    void theNextDropsTheLast()
    {
        Slices slices;
        QList<int> done;
        slices.run([&] {
            done << 1;
            return true;
        });
        slices.run([&] {
            done << 2;
            return done.size() < 4;
        });
        QTRY_VERIFY(!slices.isRunning());
        QCOMPARE(done, (QList<int>{1, 2, 2, 2}));
    }
    void aSliceMayBeginAnother()
    {
        Slices slices;
        QList<int> done;
        slices.run([&] {
            done << 1;
            slices.run([&] {
                done << 2;
                return done.size() < 4;
            });
            return false;
        });
        QTRY_VERIFY(!slices.isRunning());
        QCOMPARE(done, (QList<int>{1, 2, 2, 2}));
    }
    void remembersWhereItWas()
    {
        Slices slices;
        int last = 0;
        slices.run([&last, next = 0]() mutable {
            last = ++next;
            return next < 5;
        });
        slices.finish();
        QCOMPARE(last, 5);
    }
};

QTEST_GUILESS_MAIN(TestSlices)
#include "tst_slices.moc"
