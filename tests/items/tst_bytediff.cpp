// SPDX-License-Identifier: Apache-2.0
#include "items/bytediff.h"

#include <QRandomGenerator>
#include <QTest>

using namespace colophon;
using items::DiffBlock;
using Kind = DiffBlock::Kind;

namespace {
// "same[-removed-]{+added+}<skipped>": what a table can be read by.
QByteArray written(const QList<DiffBlock> &blocks)
{
    QByteArray text;
    for (const DiffBlock &block : blocks) {
        switch (block.kind) {
        case Kind::Same:
            text += block.bytes;
            break;
        case Kind::Skipped:
            text += "<" + block.bytes + ">";
            break;
        case Kind::Removed:
            text += "[-" + block.bytes + "-]";
            break;
        case Kind::Added:
            text += "{+" + block.bytes + "+}";
            break;
        }
    }
    return text;
}

QByteArray side(const QList<DiffBlock> &blocks, Kind own)
{
    QByteArray text;
    for (const DiffBlock &block : blocks) {
        if (block.kind == Kind::Same || block.kind == Kind::Skipped || block.kind == own)
            text += block.bytes;
    }
    return text;
}
} // namespace

class TestByteDiff : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void saysJustWhatChanged_data();
    void saysJustWhatChanged();
    void bothSidesAreExact();
    void tenThousandEditedLayers();
    void keepsContext_data();
    void keepsContext();
};

void TestByteDiff::saysJustWhatChanged_data()
{
    QTest::addColumn<QByteArray>("before");
    QTest::addColumn<QByteArray>("after");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char *name, const QByteArray &before, const QByteArray &after,
                        const QByteArray &expected) { QTest::newRow(name) << before << after << expected; };
    row("equal", "{}", "{}", "{}");
    row("both empty", "", "", "");
    row("from nothing", "", "{}", "{+{}+}");
    row("to nothing", "{}", "", "[-{}-]");
    row("the marking word, on one line", R"({"a":1,"mediaType":"x/vnd.rootfs.diff.tar.gzip","size":3})",
        R"({"a":1,"mediaType":"x/vnd.rootfs.foreign.diff.tar.gzip","size":3})",
        R"({"a":1,"mediaType":"x/vnd.rootfs.{+foreign.+}diff.tar.gzip","size":3})");
    row("a member, on one line", R"([{"digest":"sha256:aa"},{"digest":"sha256:bb"}])",
        R"([{"digest":"sha256:aa","urls":["https://x.example/y"]},{"digest":"sha256:bb"}])",
        R"([{"digest":"sha256:aa"{+,"urls":["https://x.example/y"]+}},{"digest":"sha256:bb"}])");
    row("a member, indented", "{\n  \"a\": 1\n}\n", "{\n  \"a\": 1,\n  \"b\": [\n    2\n  ]\n}\n",
        "{\n  \"a\": 1{+,\n  \"b\": [\n    2\n  ]+}\n}\n");
    row("a member taken away", "{\"a\":1,\"b\":2}", "{\"a\":1}", "{\"a\":1[-,\"b\":2-]}");
    row("a digest as a whole", R"("sha256:12ab34cd")", R"("sha256:12ff34cd")", R"("sha256:[-12ab34cd-]{+12ff34cd+}")");
    row("line ends", "{\r\n}", "{\n}", "{[-\r\n-]{+\n+}}");
    row("characters stay whole", "\"\xC3\xA4\"", "\"\xC3\xB6\"", "\"[-\xC3\xA4-]{+\xC3\xB6+}\"");
    row("both ends", "xaby", "zab", "[-xaby-]{+zab+}");
    row("many alike", "[1,1,1,1]", "[1,1,1,1,1]", "[1,1,1,1{+,1+}]");
}

void TestByteDiff::saysJustWhatChanged()
{
    QFETCH(QByteArray, before);
    QFETCH(QByteArray, after);
    QFETCH(QByteArray, expected);
    QCOMPARE(written(items::byteDiff(before, after)), expected);
}

void TestByteDiff::bothSidesAreExact()
{
    QRandomGenerator random(7);
    for (int round = 0; round < 300; ++round) {
        const auto text = [&] {
            QByteArray bytes;
            const QByteArray letters("ab,{}\":\n \xC3\xA4\xFF", 13);
            const int length = random.bounded(120);
            for (int i = 0; i < length; ++i)
                bytes += letters.at(random.bounded(int(letters.size())));
            return bytes;
        };
        const QByteArray before = text();
        QByteArray after = text();
        if (round % 2 == 0) {
            after = before;
            after.insert(random.bounded(int(after.size()) + 1), text());
        }
        for (const QList<DiffBlock> &blocks :
             {items::byteDiff(before, after), items::withContext(items::byteDiff(before, after), 8)}) {
            QCOMPARE(side(blocks, Kind::Removed), before);
            QCOMPARE(side(blocks, Kind::Added), after);
            for (qsizetype i = 0; i < blocks.size(); ++i) {
                QVERIFY(!blocks.at(i).bytes.isEmpty());
                QVERIFY(i == 0 || blocks.at(i).kind != blocks.at(i - 1).kind);
                QVERIFY(i == 0 || blocks.at(i).kind != Kind::Removed || blocks.at(i - 1).kind != Kind::Added);
            }
        }
    }
}

void TestByteDiff::tenThousandEditedLayers()
{
    QByteArray before = "{\"layers\":[";
    QByteArray after = before;
    int expected = 0;
    for (int i = 0; i < 10'000; ++i) {
        const QByteArray digest = QByteArray::number(quint64(i) * 0x9E3779B97F4A7C15ULL, 16);
        before += "{\"mediaType\":\"layer.v1.tar\",\"digest\":\"sha256:" + digest + "\"},";
        after += "{\"mediaType\":\"layer.nondistributable.v1.tar\",\"digest\":\"sha256:" + digest +
                 "\",\"urls\":[\"https://x.example/" + digest + "\"]},";
        expected += 2;
    }
    const QList<DiffBlock> blocks = items::byteDiff(before, after);
    QCOMPARE(side(blocks, Kind::Removed), before);
    QCOMPARE(side(blocks, Kind::Added), after);
    int added = 0;
    for (const DiffBlock &block : blocks) {
        QVERIFY(block.kind != Kind::Removed);
        added += block.kind == Kind::Added ? 1 : 0;
    }
    QCOMPARE(added, expected);
}

void TestByteDiff::keepsContext_data()
{
    QTest::addColumn<QList<DiffBlock>>("blocks");
    QTest::addColumn<QByteArray>("expected");
    const QByteArray lines("111111\n222222\n333333\n444444\n555555\n666666\n");
    QTest::newRow("nothing changed") << QList<DiffBlock>{{Kind::Same, lines}} << QByteArray("<" + lines + ">");
    QTest::newRow("in the middle") << QList<DiffBlock>{{Kind::Same, lines}, {Kind::Added, "x"}, {Kind::Same, lines}}
                                   << QByteArray(
                                          "<111111\n222222\n333333\n444444\n>555555\n666666\n{+x+}111111\n222222\n"
                                          "<333333\n444444\n555555\n666666\n>");
    QTest::newRow("short ones stay") << QList<DiffBlock>{{Kind::Same, "{"}, {Kind::Removed, "x"}, {Kind::Same, "}"}}
                                     << QByteArray("{[-x-]}");
    QTest::newRow("on one line, before a member")
        << QList<DiffBlock>{{Kind::Same, QByteArray("{\"aaaaaaaaaaaaaaaaaaaaaaaaaa\":1,\"bbbbbbbbb\":2")},
                            {Kind::Added, ",x"}}
        << QByteArray("<{\"aaaaaaaaaaaaaaaaaaaaaaaaaa\":1,>\"bbbbbbbbb\":2{+,x+}");
}

void TestByteDiff::keepsContext()
{
    QFETCH(QList<DiffBlock>, blocks);
    QFETCH(QByteArray, expected);
    QCOMPARE(written(items::withContext(blocks, 14)), expected);
}

QTEST_GUILESS_MAIN(TestByteDiff)
#include "tst_bytediff.moc"
