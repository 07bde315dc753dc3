// SPDX-License-Identifier: Apache-2.0
// What a challenge may add to the scopes we ask for, and what not.

#include "registry/auth/scope.h"

#include <QTest>

using namespace colophon::registry::auth;

class TestScope : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void widens_data()
    {
        QTest::addColumn<QString>("ours");
        QTest::addColumn<QString>("theirs");
        QTest::addColumn<QString>("asked");
        QTest::addColumn<QString>("refused");
        const auto row = [](const char *name, const char *ours, const char *theirs, const char *asked,
                            const char *refused = "") {
            QTest::newRow(name) << QString::fromLatin1(ours) << QString::fromLatin1(theirs)
                                << QString::fromLatin1(asked) << QString::fromLatin1(refused);
        };
        row("the same", "repository:a:pull", "repository:a:pull", "repository:a:pull");
        row("less", "repository:a:pull,push", "repository:a:pull", "repository:a:pull,push");
        row("more", "repository:a:pull", "repository:a:pull,push", "repository:a:pull,push");
        row("delete", "repository:a:pull", "repository:a:delete", "repository:a:pull", "delete");
        row("everything", "repository:a:pull", "repository:a:*", "repository:a:pull", "*");
        row("more than we may", "repository:a:pull,push", "repository:a:pull,push,delete,x", "repository:a:pull,push",
            "delete x");
        row("another repository", "repository:a:pull", "repository:b:pull,push", "repository:a:pull");
        row("the registry", "repository:a:pull", "registry:catalog:*", "repository:a:pull");
        row("another type", "repository:a:pull", "plugin:a:push", "repository:a:pull");
        row("an injection", "repository:a:pull", "a&x=y#", "repository:a:pull");
        row("nothing", "repository:a:pull", "", "repository:a:pull");
        row("of two the second", "repository:a:pull,push repository:b:pull", "repository:b:pull,push",
            "repository:a:pull,push repository:b:pull,push");
        row("several", "repository:a:pull", "repository:b:push repository:a:push", "repository:a:pull,push");
        row("a port in the name", "repository:h:5/a:pull", "repository:h:5/a:push", "repository:h:5/a:pull,push");
    }

    void widens()
    {
        QFETCH(QString, ours);
        QFETCH(QString, theirs);
        QFETCH(QString, asked);
        const Widened result = widened(ours.split(u' '), theirs, false);
        QCOMPARE(result.scopes.join(u' '), asked);
        QTEST(result.refused.join(u' '), "refused");
    }

    void deletesWhereThatIsWhatWeCameFor()
    {
        const Widened result = widened({pushScope(QStringLiteral("a"))}, QStringLiteral("repository:a:delete,*"), true);
        QCOMPARE(result.scopes, QStringList{QStringLiteral("repository:a:pull,push,delete")});
        QCOMPARE(result.refused, QStringList{QStringLiteral("*")});
    }

    void names()
    {
        QCOMPARE(pullScope(QStringLiteral("a/b")), QStringLiteral("repository:a/b:pull"));
        QCOMPARE(pushScope(QStringLiteral("a/b")), QStringLiteral("repository:a/b:pull,push"));
    }
};

QTEST_APPLESS_MAIN(TestScope)
#include "tst_scope.moc"
