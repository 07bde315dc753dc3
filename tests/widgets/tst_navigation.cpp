// SPDX-License-Identifier: Apache-2.0
#include "widgets/window/navigation.h"

#include <QTest>

using namespace colophon;

class NavigationTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void goesBackAndForward();
    void forgetsWhatLayAhead();
    void countsTheSameImageOnce();

private:
    static oci::Reference image(const char *tag)
    {
        return *oci::Reference::parse(QStringLiteral("registry.example/app:") + QLatin1String(tag));
    }
};

void NavigationTest::goesBackAndForward()
{
    widgets::Navigation navigation;
    QVERIFY(!navigation.canGoBack() && !navigation.canGoForward());
    navigation.visit(image("1"));
    QVERIFY(!navigation.canGoBack());
    navigation.visit(image("2"));
    QVERIFY(navigation.canGoBack());
    QCOMPARE(navigation.back(), image("1"));
    QVERIFY(!navigation.canGoBack() && navigation.canGoForward());
    navigation.visit(image("1")); // the image back() led to arrives
    QVERIFY(navigation.canGoForward());
    QCOMPARE(navigation.forward(), image("2"));
}

void NavigationTest::forgetsWhatLayAhead()
{
    widgets::Navigation navigation;
    for (const char *tag : {"1", "2", "3"})
        navigation.visit(image(tag));
    navigation.back();
    navigation.back();
    navigation.visit(image("4"));
    QVERIFY(!navigation.canGoForward());
    QCOMPARE(navigation.back(), image("1"));
}

void NavigationTest::countsTheSameImageOnce()
{
    widgets::Navigation navigation;
    navigation.visit(image("1"));
    navigation.visit(image("1"));
    QVERIFY(!navigation.canGoBack());
}

QTEST_GUILESS_MAIN(NavigationTest)
#include "tst_navigation.moc"
