// SPDX-License-Identifier: Apache-2.0
// What text from outside looks like before it enters a message.
#include "base/plaintext.h"

#include <QTest>

using namespace colophon;

class TestPlainText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void ordinaryTextStaysAsItIs()
    {
        const QString text = QStringLiteral("Grüße, 世界 \U0001F433 <b>&amp;</b> %1 \u00A0\u0627\u05D0");
        QCOMPARE(base::visible(text), text);
        QCOMPARE(base::visible(QString()), QString());
    }

    void controlsAreEscaped_data()
    {
        QTest::addColumn<char16_t>("control");
        QTest::addColumn<QString>("shown");
        QTest::newRow("NUL") << u'\0' << QStringLiteral("a\\u0000b");
        QTest::newRow("newline") << u'\n' << QStringLiteral("a\\u000ab");
        QTest::newRow("escape") << char16_t(0x1B) << QStringLiteral("a\\u001bb");
        QTest::newRow("last of C0") << char16_t(0x1F) << QStringLiteral("a\\u001fb");
        QTest::newRow("DEL") << char16_t(0x7F) << QStringLiteral("a\\u007fb");
        QTest::newRow("CSI") << char16_t(0x9B) << QStringLiteral("a\\u009bb");
    }
    void controlsAreEscaped()
    {
        QFETCH(char16_t, control);
        QFETCH(QString, shown);
        QCOMPARE(base::visible(QLatin1Char('a') + QString(QChar(control)) + QLatin1Char('b')), shown);
    }

    void hiddenMarksAreNamed_data()
    {
        QTest::addColumn<char16_t>("mark");
        const auto range = [](char16_t first, char16_t last) {
            for (char32_t c = first; c <= last; ++c)
                QTest::addRow("U+%04X", static_cast<unsigned>(c)) << static_cast<char16_t>(c);
        };
        range(0x061C, 0x061C); // Arabic letter mark
        range(0x200B, 0x200F); // zero width, left-to-right and right-to-left mark
        range(0x2028, 0x2029); // line and paragraph separator
        range(0x202A, 0x202E); // embeddings and overrides
        range(0x2060, 0x2064); // word joiner, invisible operators
        range(0x2066, 0x2069); // isolates
        range(0xFEFF, 0xFEFF); // byte order mark
    }
    void hiddenMarksAreNamed()
    {
        QFETCH(char16_t, mark);
        QVERIFY(base::isHidden(mark));
        const QString number = QStringLiteral("%1").arg(mark, 4, 16, QLatin1Char('0')).toUpper();
        QCOMPARE(base::visible(QStringLiteral("a") + QChar(mark) + QStringLiteral("b")),
                 QStringLiteral("a\u27E8U+%1\u27E9b").arg(number));
    }

    void neighboursOfHiddenMarksAreNotHidden()
    {
        for (const char16_t c : {u'a', u'\n', u'\u00A0', u'\u061B', u'\u061D', u'\u200A', u'\u2010', u'\u2027',
                                 u'\u202F', u'\u205F', u'\u206A', u'\uFEFE'})
            QVERIFY2(!base::isHidden(c), qPrintable(QString::number(c, 16)));
    }

    void longTextIsCut()
    {
        QCOMPARE(base::visible(QStringLiteral("abcdef"), 6), QStringLiteral("abcdef"));
        QCOMPARE(base::visible(QStringLiteral("abcdefg"), 6), QStringLiteral("abcdef\u2026"));
        QVERIFY(base::visible(QString(100'000, QLatin1Char('x'))).size() <= 4097);
        // What is longer when shown counts as shown.
        QVERIFY(base::visible(QString(100'000, QChar(1))).size() < 4200);
    }
};

QTEST_GUILESS_MAIN(TestPlainText)
#include "tst_plaintext.moc"
