// SPDX-License-Identifier: Apache-2.0
#include "widgets/common/wrappingtabs.h"

#include <QApplication>
#include <QLabel>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

using colophon::widgets::WrappingTabs;

class TestWrappingTabs : public QObject
{
    Q_OBJECT
    std::unique_ptr<WrappingTabs> m_tabs;
    QList<QLabel *> m_pages;

private Q_SLOTS:
    void init()
    {
        m_tabs = std::make_unique<WrappingTabs>();
        m_pages.clear();
        for (const char *label : {"&Overview", "&JSON", "Annota&tions", "Conse&quences", "&Findings"}) {
            m_pages << new QLabel(QLatin1String(label));
            m_tabs->addTab(m_pages.last(), QLatin1String(label));
        }
        m_tabs->resize(800, 300);
        m_tabs->show();
        QVERIFY(QTest::qWaitForWindowActive(m_tabs.get()));
    }
    void theFirstIsCurrent()
    {
        QCOMPARE(m_tabs->currentIndex(), 0);
        QVERIFY(m_tabs->tab(0)->isChecked());
        QVERIFY(m_pages[0]->isVisible());
    }
    void allAreSeenAtAnyWidth()
    {
        for (const int width : {800, 330, 200, 120}) {
            m_tabs->resize(width, 300);
            QRect above;
            for (int i = 0; i < m_tabs->count(); ++i) {
                const QRect place = m_tabs->tab(i)->geometry();
                QVERIFY2(place.right() <= width, qPrintable(QString::number(width)));
                QVERIFY(place.size() == m_tabs->tab(i)->sizeHint());
                QVERIFY(!place.intersects(above));
                above = place;
            }
            // The pages begin below the last line of tabs.
            const int bottom = m_tabs->tab(4)->mapTo(m_tabs.get(), QPoint(0, m_tabs->tab(4)->height())).y();
            QTRY_VERIFY(m_tabs->currentWidget()->mapTo(m_tabs.get(), QPoint()).y() >= bottom);
        }
        m_tabs->resize(800, 300);
        QCOMPARE(m_tabs->tab(0)->y(), m_tabs->tab(4)->y()); // one line where there is room
        m_tabs->resize(330, 300);
        QVERIFY(m_tabs->tab(0)->y() < m_tabs->tab(4)->y());
    }
    void aLongerNameMakesRoom()
    {
        const int before = m_tabs->tab(4)->width();
        m_tabs->setTabText(4, QStringLiteral("&Findings (12)"));
        QVERIFY(m_tabs->tab(4)->width() > before);
        QCOMPARE(m_tabs->tabText(4), QStringLiteral("&Findings (12)"));
    }
    void clicksAndArrowsChangeThePage()
    {
        QSignalSpy changed(m_tabs.get(), &WrappingTabs::currentChanged);
        QTest::mouseClick(m_tabs->tab(3), Qt::LeftButton);
        QCOMPARE(m_tabs->currentWidget(), m_pages[3]);
        QCOMPARE(changed.size(), 1);
        m_tabs->setFocus();
        QCOMPARE(QApplication::focusWidget(), m_tabs->tab(3));
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Right);
        QCOMPARE(m_tabs->currentIndex(), 4);
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Right); // there it ends
        QCOMPARE(m_tabs->currentIndex(), 4);
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Up);
        QCOMPARE(m_tabs->currentIndex(), 3);
        m_tabs->setCurrentWidget(m_pages[1]);
        QVERIFY(m_pages[1]->isVisible());
        m_tabs->setCurrentIndex(7); // no such page
        QCOMPARE(m_tabs->currentIndex(), 1);
        // One stop for the Tab key.
        int stops = 0;
        for (int i = 0; i < m_tabs->count(); ++i)
            stops += m_tabs->tab(i)->focusPolicy() & Qt::TabFocus ? 1 : 0;
        QCOMPARE(stops, 1);
    }
};

QTEST_MAIN(TestWrappingTabs)
#include "tst_wrappingtabs.moc"
