// SPDX-License-Identifier: Apache-2.0
#include "registry/links.h"

#include <QTest>

using colophon::registry::nextPage;

class TestLinks : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void findsTheNextPage_data()
    {
        QTest::addColumn<QList<QByteArray>>("fields");
        QTest::addColumn<QString>("wanted"); // empty: none
        const QString page = QStringLiteral("https://r.example/v2/a/tags/list?n=2&last=b");
        QTest::newRow("relative") << QList<QByteArray>{R"(</v2/a/tags/list?n=2&last=b>; rel="next")"} << page;
        QTest::newRow("absolute") << QList<QByteArray>{R"(<https://r.example/v2/a/tags/list?n=2&last=b>;rel=next)"}
                                  << page;
        QTest::newRow("query alone") << QList<QByteArray>{R"(<?n=2&last=b>; rel="next")"} << page;
        QTest::newRow("case") << QList<QByteArray>{R"(</v2/a/tags/list?n=2&last=b>; REL="Next")"} << page;
        QTest::newRow("one of several")
            << QList<QByteArray>{R"(</x>; rel="prev", </v2/a/tags/list?n=2&last=b>; rel="next")"} << page;
        QTest::newRow("two lines") << QList<QByteArray>{R"(</x>; rel=first)",
                                                        R"(</v2/a/tags/list?n=2&last=b>; rel=next)"}
                                   << page;
        QTest::newRow("several relations")
            << QList<QByteArray>{R"(</v2/a/tags/list?n=2&last=b>; rel="last next")"} << page;
        QTest::newRow("other parameters")
            << QList<QByteArray>{R"(</v2/a/tags/list?n=2&last=b>; title="a; rel=prev, <b>"; rel="next")"} << page;
        QTest::newRow("other relation") << QList<QByteArray>{R"(</x>; rel="prev")"} << QString();
        QTest::newRow("relation in a title") << QList<QByteArray>{R"(</x>; title="rel=next")"} << QString();
        QTest::newRow("no brackets") << QList<QByteArray>{"/x; rel=next"} << QString();
        QTest::newRow("open bracket") << QList<QByteArray>{"</x; rel=next"} << QString();
        QTest::newRow("none") << QList<QByteArray>{} << QString();
    }

    void findsTheNextPage()
    {
        QFETCH(QList<QByteArray>, fields);
        QFETCH(QString, wanted);
        const auto next = nextPage(fields, QUrl(QStringLiteral("https://r.example/v2/a/tags/list?n=2")));
        QCOMPARE(next ? next->toString(QUrl::FullyEncoded) : QString(), wanted);
    }
};

QTEST_GUILESS_MAIN(TestLinks)
#include "tst_links.moc"
