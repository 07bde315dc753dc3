// SPDX-License-Identifier: Apache-2.0
// Our JSON reader beside an independent one (nlohmann's, event by event): what is JSON, and whether an object says a
// name twice, both say alike, for documents grown at random and then broken at random.
#include "oci/jsondocument.h"

#include <nlohmann/json.hpp>

#include <QRandomGenerator>
#include <QTest>

#include <set>
#include <vector>

using namespace colophon;

namespace {

// Names of the open objects, each once.
class Names final : public nlohmann::json_sax<nlohmann::json>
{
public:
    bool hasTwice() const { return m_twice; }

    bool null() override { return true; }
    bool boolean(bool) override { return true; }
    bool number_integer(number_integer_t) override { return true; }
    bool number_unsigned(number_unsigned_t) override { return true; }
    bool number_float(number_float_t, const string_t &) override { return true; }
    bool string(string_t &) override { return true; }
    bool binary(binary_t &) override { return true; }
    bool start_object(std::size_t) override
    {
        m_open.emplace_back();
        return true;
    }
    bool key(string_t &name) override
    {
        m_twice = !m_open.back().insert(name).second || m_twice;
        return true;
    }
    bool end_object() override
    {
        m_open.pop_back();
        return true;
    }
    bool start_array(std::size_t) override { return true; }
    bool end_array() override { return true; }
    bool parse_error(std::size_t, const std::string &, const nlohmann::detail::exception &error) override
    {
        m_isBeyond = error.id == 406; // a number that is no double, of which the grammar knows nothing
        return false;
    }
    bool isBeyond() const { return m_isBeyond; }

private:
    std::vector<std::set<std::string>> m_open;
    bool m_twice = false;
    bool m_isBeyond = false;
};

QByteArray oneOf(QRandomGenerator &random, const QList<QByteArray> &choices)
{
    return choices.at(random.bounded(static_cast<int>(choices.size())));
}

QByteArray value(QRandomGenerator &random, int depth)
{
    // Few names, some of them one name in two spellings.
    static const QList<QByteArray> names{R"("a")",      R"("b")",       R"("\u0061")", R"("A")",  R"("")",
                                         R"("\u00e9")", "\"\xc3\xa9\"", R"("a\/b")",   R"("a/b")"};
    static const QList<QByteArray> plain{
        "1", "-0", "0.5", "1e3", "18446744073709551616", "true", "{}", "null", R"("\ud83d\ude00")", "\"\\\\\\\"\\n\"",
        "[]"};
    static const QList<QByteArray> blanks{"", "", "", " ", "\t", "\r\n"};
    const int kind = depth > 4 ? 0 : random.bounded(3);
    if (kind == 0)
        return oneOf(random, plain);
    QByteArray made(kind == 1 ? "[" : "{");
    const int count = random.bounded(5);
    for (int i = 0; i < count; ++i) {
        if (i > 0)
            made += ',';
        made += oneOf(random, blanks);
        if (kind == 2)
            made += oneOf(random, names) + oneOf(random, blanks) + ':';
        made += value(random, depth + 1);
        made += oneOf(random, blanks);
    }
    return made + (kind == 1 ? ']' : '}');
}

} // namespace

class TestJsonDifferential : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void bothSayTheSame()
    {
        QRandomGenerator random(20'261'126);
        int accepted = 0;
        int refused = 0;
        int twice = 0;
        for (int round = 0; round < 20'000; ++round) {
            QByteArray text = value(random, 0);
            if (round % 2 == 1) { // broken, most of the time
                static const QByteArray bytes("{}[],:\"\\ua0-.e+ \x01\x80\xc3\xff");
                for (int changes = random.bounded(1, 3); changes > 0; --changes) {
                    const auto at = static_cast<qsizetype>(random.bounded(static_cast<int>(text.size() + 1)));
                    const char byte = bytes.at(random.bounded(static_cast<int>(bytes.size())));
                    if (random.bounded(2) == 0 && at < text.size())
                        text[at] = byte;
                    else
                        text.insert(at, byte);
                }
            }
            Names names;
            const bool isJson = nlohmann::json::sax_parse(text.begin(), text.end(), &names);
            if (names.isBeyond())
                continue;
            const auto ours = oci::JsonDocument::parse(text);
            QVERIFY2(ours.has_value() == isJson, text.toPercentEncoding().constData());
            (isJson ? accepted : refused) += 1;
            if (!isJson)
                continue;
            QVERIFY2(ours->duplicates().isEmpty() == !names.hasTwice(), text.toPercentEncoding().constData());
            twice += names.hasTwice() ? 1 : 0;
        }
        // Or nothing was compared.
        QVERIFY2(accepted > 5'000 && refused > 2'000 && twice > 1'000,
                 qPrintable(QStringLiteral("%1 %2 %3").arg(accepted).arg(refused).arg(twice)));
    }
};

QTEST_GUILESS_MAIN(TestJsonDifferential)
#include "tst_jsondifferential.moc"
