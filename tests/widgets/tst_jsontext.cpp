// SPDX-License-Identifier: Apache-2.0
#include "oci/jsondocument.h"
#include "widgets/inspector/jsontext.h"

#include <QTest>

using namespace colophon;
using widgets::JsonText;
using Layout = JsonText::Layout;

class TestJsonText : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void writes_data();
    void writes();
    void findsSpans_data();
    void findsSpans();
    void longLinesAreBroken();
    void everyByteHasItsPlace();
    void tellsMinified();
};

void TestJsonText::writes_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("asWritten");
    QTest::addColumn<QString>("indented");
    const auto row = [](const char *name, const QByteArray &bytes, const char *asWritten, const char *indented) {
        QTest::newRow(name) << bytes << QString::fromUtf8(asWritten) << QString::fromUtf8(indented);
    };
    row("one line", "{\"a\":[1,2],\"b\":{}}", "{\"a\":[1,2],\"b\":{}}",
        "{\n  \"a\": [\n    1,\n    2\n  ],\n  \"b\": {}\n}");
    row("line ends", "{\r\n\t\"a\" : 1\n}\n", "{\n\t\"a\" : 1\n}\n", "{\n  \"a\": 1\n}");
    row("strings are left alone", "[\"a, b: {\\\"}\"]", "[\"a, b: {\\\"}\"]", "[\n  \"a, b: {\\\"}\"\n]");
    row("hidden characters show", "[\"\xE2\x80\xAE\x07\"]", "[\"\u27E8U+202E\u27E9\\u0007\"]",
        "[\n  \"\u27E8U+202E\u27E9\\u0007\"\n]");
    row("not UTF-8", "[\"\xFF\"]", "[\"\uFFFD\"]", "[\n  \"\uFFFD\"\n]");
    row("cut short", "{\"a\":[", "{\"a\":[", "{\n  \"a\": [\n    ");
    row("empty", "", "", "");
}

void TestJsonText::writes()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, asWritten);
    QFETCH(QString, indented);
    QCOMPARE(JsonText(bytes, Layout::AsWritten).text(), asWritten);
    QCOMPARE(JsonText(bytes, Layout::Indented).text(), indented);
}

void TestJsonText::findsSpans_data()
{
    QTest::addColumn<int>("layout");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("expected");
    const QByteArray minified =
        "{\"x\":\"\xC3\xA4\xF0\x9F\x98\x80\xE2\x80\xAE\",\"layers\":[{\"a\":1},{\"b\":2,\"c\":[]}]}";
    const QByteArray windows = "{\r\n  \"layers\": [\r\n    {},\r\n    {\r\n      \"b\": 2\r\n    }\r\n  ]\r\n}";
    QTest::newRow("as written, behind wide characters")
        << int(Layout::AsWritten) << minified << QStringLiteral("{\"b\":2,\"c\":[]}");
    QTest::newRow("indented, behind wide characters")
        << int(Layout::Indented) << minified << QStringLiteral("{\n      \"b\": 2,\n      \"c\": []\n    }");
    QTest::newRow("as written, CRLF") << int(Layout::AsWritten) << windows
                                      << QStringLiteral("{\n      \"b\": 2\n    }");
    QTest::newRow("indented, CRLF") << int(Layout::Indented) << windows << QStringLiteral("{\n      \"b\": 2\n    }");
}

void TestJsonText::findsSpans()
{
    QFETCH(int, layout);
    QFETCH(QByteArray, bytes);
    QFETCH(QString, expected);
    const auto document = oci::JsonDocument::parse(bytes);
    QVERIFY(document);
    const JsonText text(bytes, Layout(layout));
    const auto [from, to] = text.rangeOf(document->root()["layers"].at(1).span());
    QCOMPARE(text.shown(from, to), expected);
}

void TestJsonText::longLinesAreBroken()
{
    const QByteArray bytes = "[\"" + QByteArray(5000, 'x') + "\"]\n[]";
    const JsonText text(bytes, Layout::AsWritten);
    const QStringList lines = text.text().split(QLatin1Char('\n'));
    QCOMPARE(lines.size(), 4);
    QVERIFY(!text.isContinuation(0));
    QVERIFY(text.isContinuation(1) && text.isContinuation(2));
    QVERIFY(text.beginsInString(1));
    QCOMPARE(text.numberOf(2), 1);
    QCOMPARE(text.numberOf(3), 2);
    QCOMPARE(text.shown(0, int(text.text().size())), QString::fromLatin1(bytes)); // what is copied has one line again
}

void TestJsonText::everyByteHasItsPlace()
{
    const QByteArray bytes = "{ \"k\" : [ 1 , \"\xC3\xA4\" ] }";
    for (const Layout layout : {Layout::AsWritten, Layout::Indented}) {
        const JsonText text(bytes, layout);
        int before = 0;
        for (qsizetype i = 0; i < bytes.size(); ++i) {
            const int position = text.positionOf(i);
            QVERIFY(position >= before && position <= text.text().size());
            before = position;
            if (bytes.at(i) > 0x20)
                QCOMPARE(text.text().at(position), QLatin1Char(bytes.at(i)));
        }
        QCOMPARE(text.positionOf(9999), int(text.text().size()));
    }
}

void TestJsonText::tellsMinified()
{
    QVERIFY(!JsonText::isMinified("{\n  \"a\": 1\n}"));
    QVERIFY(JsonText::isMinified("{\"a\":\"" + QByteArray(500, 'x') + "\"}"));
}

QTEST_GUILESS_MAIN(TestJsonText)
#include "tst_jsontext.moc"
