// SPDX-License-Identifier: Apache-2.0
// Several changes at once, in every combination, as an independent parser reads them.
#include "oci/descriptoredit.h"
#include "oci/jsonedit.h"

#include <nlohmann/json.hpp>

#include <QTest>

using namespace colophon;
using oci::JsonDocument;
using oci::MemberChange;

namespace {
using Independent = nlohmann::ordered_json;

Independent read(const QByteArray &bytes) { return Independent::parse(bytes.constBegin(), bytes.constEnd()); }
} // namespace

class TestJsonEdit : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void members_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("compact") << QByteArray(R"({"a":1,"b":2,"c":3,"d":4})");
        QTest::newRow("airy") << QByteArray(R"({ "a" : 1, "b" : 2, "c" : 3, "d" : 4 })");
        QTest::newRow("lines") << QByteArray("{\n  \"a\": 1,\n  \"b\": 2,\n  \"c\": 3,\n  \"d\": 4\n}\n");
        QTest::newRow("odd") << QByteArray("{\r\n\"a\":1 ,\t\"b\" :2\n\n,\"c\":  3,\"d\":4}");
        QTest::newRow("one") << QByteArray("{\"a\": 1}");
        QTest::newRow("none") << QByteArray("{ }");
    }
    // Every member kept, replaced or removed, with none, one or two new ones.
    void members()
    {
        QFETCH(QByteArray, text);
        const auto document = JsonDocument::parse(text);
        const QList<oci::JsonValue> members = document->root().children();
        int combinations = 3;
        for (qsizetype i = 0; i < members.size(); ++i)
            combinations *= 3;
        for (int combination = 0; combination < combinations; ++combination) {
            Independent expected = read(text);
            QList<MemberChange> changes;
            int digits = combination;
            for (const oci::JsonValue &member : members) {
                const QString name = member.key();
                if (digits % 3 == 1) {
                    changes.append({name, QByteArray("[7]")});
                    expected[name.toStdString()] = Independent::array({7});
                } else if (digits % 3 == 2) {
                    changes.append({name, std::nullopt});
                    expected.erase(name.toStdString());
                }
                digits /= 3;
            }
            for (int i = 0; i < digits; ++i) {
                changes.append({QStringLiteral("new%1").arg(i), QByteArray::number(i)});
                expected["new" + std::to_string(i)] = i;
            }
            const QByteArray after = oci::spliced(text, oci::membersChanged(document->root(), changes));
            QVERIFY2(read(after) == expected, after);
            if (changes.isEmpty())
                QCOMPARE(after, text);
        }
    }

    void elements()
    {
        for (const QByteArray &text : {QByteArray("[1,2,3,4]"), QByteArray("[\n 1 ,\n 2,\n 3\n,\n 4\n]"),
                                       QByteArray("[ {\"a\":1}, [], \"x\", null ]")}) {
            const auto document = JsonDocument::parse(text);
            for (int mask = 0; mask < 16; ++mask) {
                QSet<qsizetype> positions;
                const Independent before = read(text);
                Independent expected = Independent::array();
                for (int i = 0; i < 4; ++i) {
                    if (mask & (1 << i))
                        positions.insert(i);
                    else
                        expected.push_back(before[static_cast<std::size_t>(i)]);
                }
                const QByteArray after = oci::spliced(text, oci::elementsRemoved(document->root(), positions));
                QVERIFY2(read(after) == expected, after);
            }
        }
    }

    void oneElementMore_data()
    {
        QTest::addColumn<QByteArray>("before");
        QTest::addColumn<QByteArray>("after");
        QTest::newRow("empty") << QByteArray(R"({"a":[]})") << QByteArray(R"({"a":[9]})");
        QTest::newRow("empty, wide") << QByteArray("{\"a\":[ ]}") << QByteArray("{\"a\":[9 ]}");
        QTest::newRow("tight") << QByteArray(R"({"a":[1,{"b":2}]})") << QByteArray(R"({"a":[1,{"b":2},9]})");
        QTest::newRow("airy") << QByteArray(R"({"a": [1, 2 ]})") << QByteArray(R"({"a": [1, 2, 9 ]})");
        QTest::newRow("lines") << QByteArray("{\"a\":[\n  1,\n  2\n]}") << QByteArray("{\"a\":[\n  1,\n  2,\n  9\n]}");
    }
    void oneElementMore()
    {
        QFETCH(QByteArray, before);
        QFETCH(QByteArray, after);
        const auto json = JsonDocument::parse(before);
        QVERIFY(json);
        const QByteArray now = oci::spliced(before, oci::elementAdded(json->root()["a"], "9"));
        QCOMPARE(now, after);
        // Taking it out again gives what was there.
        const auto longer = JsonDocument::parse(now);
        QVERIFY(longer);
        const oci::JsonValue array = longer->root()["a"];
        QCOMPARE(oci::spliced(now, oci::elementsRemoved(array, {array.size() - 1})), before);
    }

    void strings_data()
    {
        QTest::addColumn<QByteArray>("literal");
        QTest::addColumn<QString>("now");
        QTest::addColumn<QByteArray>("after");
        QTest::newRow("same") << QByteArray(R"("a\/b")") << QStringLiteral("a/b") << QByteArray(R"("a\/b")");
        QTest::newRow("middle") << QByteArray(R"("a\/b.c\u0064")") << QStringLiteral("a/xy.cd")
                                << QByteArray(R"("a\/xy.c\u0064")");
        QTest::newRow("inserted") << QByteArray(R"("rootfs.diff")") << QStringLiteral("rootfs.foreign.diff")
                                  << QByteArray(R"("rootfs.foreign.diff")");
        QTest::newRow("doubled") << QByteArray(R"("aa")") << QStringLiteral("aaa") << QByteArray(R"("aaa")");
        QTest::newRow("emptied") << QByteArray(R"("aa")") << QString() << QByteArray(R"("")");
        QTest::newRow("half a pair") << QByteArray("\"\xf0\x9f\x98\x80\"") << QString::fromUtf8("\xf0\x9f\x98\x81")
                                     << QByteArray("\"\xf0\x9f\x98\x81\"");
    }
    void strings()
    {
        QFETCH(QByteArray, literal);
        QFETCH(QString, now);
        const auto document = JsonDocument::parse(literal);
        QTEST(oci::spliced(literal, oci::stringChanged(document->root(), now)), "after");
    }

    void annotations_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("after");
        QTest::newRow("compact") << QByteArray(R"({"mediaType":"x"})")
                                 << QByteArray(R"({"mediaType":"x","annotations":{"n":"v","m":"w"}})");
        QTest::newRow("lines")
            << QByteArray("{\n   \"mediaType\": \"x\"\n}")
            << QByteArray("{\n   \"mediaType\": \"x\",\n   \"annotations\": {\n      \"n\": \"v\",\n      \"m\": "
                          "\"w\"\n   }\n}");
        QTest::newRow("one there")
            << QByteArray("{ \"annotations\": {\"o\": \"1\"}, \"mediaType\": \"x\" }")
            << QByteArray("{ \"annotations\": {\"o\": \"1\",\"n\": \"v\",\"m\": \"w\"}, \"mediaType\": \"x\" }");
    }
    // Set in one process and removed in another: the bytes it was before.
    void annotations()
    {
        QFETCH(QByteArray, text);
        const auto document = JsonDocument::parse(text);
        oci::DescriptorEdit set;
        set.annotations = {{QStringLiteral("n"), QStringLiteral("v")}, {QStringLiteral("m"), QStringLiteral("w")}};
        const QByteArray after = oci::spliced(text, oci::splicesOf(document->root(), set));
        QTEST(after, "after");
        const auto edited = JsonDocument::parse(after);
        QVERIFY(oci::splicesOf(edited->root(), set).isEmpty()); // says so already
        oci::DescriptorEdit removed;
        removed.annotations = {{QStringLiteral("m"), std::nullopt},
                               {QStringLiteral("n"), std::nullopt},
                               {QStringLiteral("never there"), std::nullopt}};
        QCOMPARE(oci::spliced(after, oci::splicesOf(edited->root(), removed)), text);
    }
    void annotationsOfOddForms()
    {
        oci::DescriptorEdit set;
        set.annotations = {{QStringLiteral("n"), QStringLiteral("v")}};
        for (const QByteArray &text : {QByteArray(R"({"annotations":null})"), QByteArray(R"({"annotations":{ }})")}) {
            const auto document = JsonDocument::parse(text);
            QCOMPARE(oci::spliced(text, oci::splicesOf(document->root(), set)),
                     QByteArray(R"({"annotations":{"n":"v"}})"));
        }
    }
};

QTEST_GUILESS_MAIN(TestJsonEdit)
#include "tst_jsonedit.moc"
