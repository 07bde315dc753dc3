// SPDX-License-Identifier: Apache-2.0
#include "oci/jsondocument.h"

#include <QJsonDocument>
#include <QTest>

using namespace colophon;
using oci::JsonDocument;
using oci::JsonValue;

class TestJsonDocument : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void accepts_data()
    {
        QTest::addColumn<QByteArray>("text");
        for (const char *text : {"{}", "[]", " \t\r\n{} ", "0", "-0", "-1.5e+10", "1E-2", "\"\"",
                                 "\"\\u00e9\\ud83d\\ude00\\/\"", "true", "false", "null", "[1,[2,[3]]]",
                                 "{\"a\":{\"b\":[]}}", "\"\xF0\x9F\x98\x80\"", "\"\x7F\"", "18446744073709551615"})
            QTest::newRow(text) << QByteArray(text);
    }
    void accepts()
    {
        QFETCH(QByteArray, text);
        const auto document = JsonDocument::parse(text);
        QVERIFY2(document, document ? "" : qPrintable(document.error().text()));
        QCOMPARE(document->bytes(), text);
        QCOMPARE(document->root().raw(), QByteArrayView(text.trimmed()));
    }

    void refuses_data()
    {
        QTest::addColumn<QByteArray>("text");
        const auto row = [](const char *name, const QByteArray &text) { QTest::newRow(name) << text; };
        row("empty", "");
        row("space", "  ");
        row("byte order mark", "\xEF\xBB\xBF{}");
        row("two values", "{} {}");
        row("trailing comma in object", "{\"a\":1,}");
        row("trailing comma in array", "[1,]");
        row("no comma", "[1 2]");
        row("no colon", "{\"a\" 1}");
        row("name without quotes", "{a:1}");
        row("single quotes", "{'a':1}");
        row("comment", "{}//");
        row("leading zero", "01");
        row("plus", "+1");
        row("lone minus", "-");
        row("point without digits", "1.");
        row("point first", ".5");
        row("exponent without digits", "1e");
        row("hex", "0x10");
        row("NaN", "NaN");
        row("upper case", "True");
        row("cut literal", "tru");
        row("cut string", "\"abc");
        row("cut escape", "\"\\");
        row("bad escape", "\"\\x41\"");
        row("short \\u", "\"\\u12\"");
        row("lone high surrogate", "\"\\ud800\"");
        row("lone low surrogate", "\"\\udc00\"");
        row("high and no low", "\"\\ud800\\u0041\"");
        row("control character", "\"a\nb\"");
        row("NUL in string", QByteArray("\"a\0b\"", 5));
        row("NUL behind", QByteArray("{}\0", 3));
        row("overlong UTF-8", "\"\xC0\xAF\"");
        row("surrogate in UTF-8", "\"\xED\xA0\x80\"");
        row("beyond Unicode", "\"\xF4\x90\x80\x80\"");
        row("cut UTF-8", "\"\xE2\x82\"");
        row("lone continuation", "\"\x80\"");
        row("no-break space outside", "\xC2\xA0{}");
        row("65 levels", QByteArray(66, '[') + QByteArray(66, ']'));
        row("100,000 levels", QByteArray(100'000, '['));
    }
    void refuses()
    {
        QFETCH(QByteArray, text);
        const auto document = JsonDocument::parse(text);
        QVERIFY(!document);
        QCOMPARE(document.error().kind, base::ErrorKind::InvalidData);
        QVERIFY(document.error().message.contains(QLatin1String("line ")));
    }

    void acceptsItsDepth() { QVERIFY(JsonDocument::parse(QByteArray(65, '[') + QByteArray(65, ']'))); }

    void saysWhere()
    {
        const auto document = JsonDocument::parse("{\n  \"a\": 1,\n  \"b\" 2\n}");
        QVERIFY(document.error().message.contains(QLatin1String("line 3, column 7")));
    }

    void capsItsLength()
    {
        QCOMPARE(JsonDocument::parse("[1,2,3]", 6).error().kind, base::ErrorKind::TooLarge);
        QVERIFY(JsonDocument::parse("[1,2,3]", 7));
    }

    void findsDuplicates()
    {
        const auto document = JsonDocument::parse(R"({"a":1,"b":[{"x/y":1,"\u0078\/y":2}],"a":3})");
        QVERIFY(document);
        QCOMPARE(document->duplicates(), QStringList({QStringLiteral("/b/0/x~1y"), QStringLiteral("/a")}));
        QCOMPARE(document->root()["a"].integer(), std::optional<qint64>(3)); // the last one, as most programs read it
    }

    void walks()
    {
        const auto document = JsonDocument::parse(R"({"a":{"b":[10,20,30]},"c":"d"})");
        const JsonValue root = document->root();
        QCOMPARE(root["a"]["b"].at(2).integer(), std::optional<qint64>(30));
        QCOMPARE(root["a"]["b"].at(2).pointer(), QStringLiteral("/a/b/2"));
        QVERIFY(root["a"]["b"].at(3).isAbsent());
        QVERIFY(root["x"]["y"].at(1)["z"].isAbsent());
        QCOMPARE(root["c"].string(), std::optional(QStringLiteral("d")));
        QCOMPARE(root.size(), 2);
        QCOMPARE(root.children().size(), 2);
    }

    void integers_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("whole");
        QTest::newRow("max") << QByteArray("9223372036854775807") << true;
        QTest::newRow("beyond 2^53") << QByteArray("9007199254740993") << true;
        QTest::newRow("2^63") << QByteArray("9223372036854775808") << false;
        QTest::newRow("1.0") << QByteArray("1.0") << false;
        QTest::newRow("1e3") << QByteArray("1e3") << false;
        QTest::newRow("string") << QByteArray("\"12\"") << false;
        QTest::newRow("-1") << QByteArray("-1") << true;
    }
    void integers()
    {
        QFETCH(QByteArray, text);
        const auto document = JsonDocument::parse(text);
        QTEST(document->root().integer().has_value(), "whole");
        if (document->root().integer())
            QCOMPARE(QByteArray::number(*document->root().integer()), text);
    }

    void unescapes()
    {
        const auto document = JsonDocument::parse("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00\xC3\xA9\"");
        QCOMPARE(*document->root().string(), QStringLiteral("\"\\/\b\f\n\r\t\u00e9\U0001F600\u00e9"));
    }

    void mapsPositions()
    {
        const QByteArray text = R"(["a\/b\u00e9\ud83d\ude00é\tz"])";
        const auto document = JsonDocument::parse(text);
        const JsonValue value = document->root().at(0);
        const QString decoded = *value.string();
        QCOMPARE(text.mid(value.byteOffsetOf(0), 1), QByteArray("a"));
        QCOMPARE(text.mid(value.byteOffsetOf(1), 2), QByteArray("\\/"));
        QCOMPARE(text.mid(value.byteOffsetOf(2), 1), QByteArray("b"));
        QCOMPARE(text.mid(value.byteOffsetOf(3), 6), QByteArray("\\u00e9"));
        QCOMPARE(text.mid(value.byteOffsetOf(4), 12), QByteArray("\\ud83d\\ude00"));
        QCOMPARE(text.mid(value.byteOffsetOf(decoded.indexOf(u'z')), 2), QByteArray("z\""));
        QCOMPARE(text.mid(value.byteOffsetOf(decoded.size()), 1), QByteArray("\""));
    }

    void findsByOffset()
    {
        const QByteArray text = R"({"a": {"b": [1, 22]}})";
        const auto document = JsonDocument::parse(text);
        QCOMPARE(document->at(text.indexOf("22") + 1).pointer(), QStringLiteral("/a/b/1"));
        QCOMPARE(document->at(text.indexOf("\"b\"")).pointer(), QStringLiteral("/a/b"));
        QCOMPARE(document->at(0).pointer(), QString());
    }

    void splices()
    {
        QCOMPARE(oci::spliced("abcdef", {{{4, 5}, "E"}, {{0, 0}, "<"}, {{1, 3}, ""}, {{6, 6}, ">"}}),
                 QByteArray("<adEf>"));
        QCOMPARE(oci::spliced("ab", {{{1, 1}, "1"}, {{1, 1}, "2"}}), QByteArray("a12b"));
        QCOMPARE(oci::spliced("ab", {}), QByteArray("ab"));
    }

    void insertsAndRemoves_data()
    {
        QTest::addColumn<QByteArray>("before");
        QTest::addColumn<QByteArray>("after");
        QTest::newRow("minified") << QByteArray(R"({"a":1,"b":2})") << QByteArray(R"({"a":1,"b":2,"urls":["x","y"]})");
        QTest::newRow("spaces") << QByteArray(R"({ "a" : 1, "b" : 2 })")
                                << QByteArray(R"({ "a" : 1, "b" : 2, "urls" : ["x", "y"] })");
        QTest::newRow("lines")
            << QByteArray("{\n   \"a\": 1,\n   \"b\": 2\n}")
            << QByteArray("{\n   \"a\": 1,\n   \"b\": 2,\n   \"urls\": [\n      \"x\",\n      \"y\"\n   ]\n}");
        QTest::newRow("CRLF and tabs")
            << QByteArray("{\r\n\t\"a\": 1,\r\n\t\"b\": 2\r\n}")
            << QByteArray("{\r\n\t\"a\": 1,\r\n\t\"b\": 2,\r\n\t\"urls\": [\r\n\t\t\"x\",\r\n\t\t\"y\"\r\n\t]\r\n}");
        QTest::newRow("comma first") << QByteArray("{\"a\":1\n,\"b\":2}")
                                     << QByteArray("{\"a\":1\n,\"b\":2,\"urls\":[\"x\",\"y\"]}");
        QTest::newRow("one member") << QByteArray(R"({"a":1})") << QByteArray(R"({"a":1,"urls":["x","y"]})");
        QTest::newRow("none") << QByteArray(R"({ })") << QByteArray(R"({"urls":["x","y"] })");
        QTest::newRow("space behind the last")
            << QByteArray("{\"a\":1 \n }") << QByteArray("{\"a\":1,\"urls\":[\"x\",\"y\"] \n }");
    }
    void insertsAndRemoves()
    {
        QFETCH(QByteArray, before);
        const auto document = JsonDocument::parse(before);
        const JsonValue root = document->root();
        const QByteArray raw = oci::rawStringArray(root, {QStringLiteral("x"), QStringLiteral("y")});
        const QByteArray after = oci::spliced(before, oci::memberInserted(root, QLatin1String("urls"), raw));
        QTEST(after, "after");
        QVERIFY(!QJsonDocument::fromJson(after).isNull());
        const auto edited = JsonDocument::parse(after);
        QCOMPARE(oci::spliced(after, oci::memberRemoved(edited->root()["urls"])), before);
    }

    void removesAnyMember()
    {
        const QByteArray text = R"({ "a" : 1 , "b":2, "c":3 })";
        for (const char *name : {"a", "b", "c"}) {
            const auto document = JsonDocument::parse(text);
            const QByteArray after = oci::spliced(text, oci::memberRemoved(document->root()[name]));
            const auto left = JsonDocument::parse(after);
            QVERIFY2(left, after.constData());
            QCOMPARE(left->root().size(), 2);
            QVERIFY(left->root()[name].isAbsent());
        }
    }

    void writesStrings()
    {
        const QString odd = QStringLiteral("a\"b\\c\n\x01/\u00e9\U0001F600");
        const QByteArray literal = oci::jsonString(odd);
        QCOMPARE(*JsonDocument::parse(literal)->root().string(), odd);
        QCOMPARE(oci::jsonString(u"https://x/y"), QByteArray("\"https://x/y\""));
    }
};

QTEST_GUILESS_MAIN(TestJsonDocument)
#include "tst_jsondocument.moc"
