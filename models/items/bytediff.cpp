// SPDX-License-Identifier: Apache-2.0
#include "items/bytediff.h"

#include <QByteArrayView>
#include <QHash>

#include <algorithm>
#include <vector>

namespace colophon::items {

namespace {
// A word, a run of white space, or a single other character. Bytes of UTF-8 sequences belong to words: none is cut.
std::vector<QByteArrayView> tokensOf(QByteArrayView bytes)
{
    const auto classOf = [](char c) {
        const auto u = static_cast<unsigned char>(c);
        if (u >= 0x80 || (u >= '0' && u <= '9') || (u >= 'a' && u <= 'z') || (u >= 'A' && u <= 'Z') || u == '_')
            return 1;
        return u == ' ' || u == '\t' || u == '\r' || u == '\n' ? 2 : 0;
    };
    std::vector<QByteArrayView> tokens;
    for (qsizetype i = 0; i < bytes.size();) {
        const int kind = classOf(bytes[i]);
        qsizetype end = i + 1;
        while (kind != 0 && end < bytes.size() && classOf(bytes[end]) == kind)
            ++end;
        tokens.push_back(bytes.sliced(i, end - i));
        i = end;
    }
    return tokens;
}

// Aligns two token lists: by the tokens that occur just once on both sides ("patience"), so that a document with
// thousands of changes costs no more than sorting, and by Myers' algorithm in the small gaps that are left.
class Aligner
{
public:
    Aligner(std::vector<int> a, std::vector<int> b)
        : m_a(std::move(a))
        , m_b(std::move(b))
        , m_contextA(m_a)
        , m_contextB(m_b)
        , m_match(m_a.size(), -1)
    {
        int symbols = 0;
        for (const std::vector<int> *list : {&m_a, &m_b}) {
            for (const int symbol : *list)
                symbols = std::max(symbols, symbol + 1);
        }
        for (const int reach : {1, 2, 4}) // each doubles how many tokens count
            symbols = std::max(symbols, widen(reach));
        m_countA.resize(size_t(symbols));
        m_countB.resize(size_t(symbols));
        m_placeB.resize(size_t(symbols));
        std::vector<Gap> gaps{{0, int(m_a.size()), 0, int(m_b.size())}};
        while (!gaps.empty()) {
            const Gap gap = gaps.back();
            gaps.pop_back();
            align(gap, gaps);
        }
    }
    // For each token of a: its partner in b, or -1. Ascending.
    const std::vector<int> &match() const { return m_match; }

private:
    struct Gap
    {
        int a, aEnd, b, bEnd;
    };
    static constexpr int longestDistance = 600; // Myers' cost grows with its square; more is no small gap

    void align(Gap gap, std::vector<Gap> &gaps)
    {
        while (gap.a < gap.aEnd && gap.b < gap.bEnd && at(m_a, gap.a) == at(m_b, gap.b))
            m_match[size_t(gap.a++)] = gap.b++;
        while (gap.a < gap.aEnd && gap.b < gap.bEnd && at(m_a, gap.aEnd - 1) == at(m_b, gap.bEnd - 1))
            m_match[size_t(--gap.aEnd)] = --gap.bEnd;
        if (gap.a == gap.aEnd || gap.b == gap.bEnd)
            return;
        std::vector<std::pair<int, int>> anchors = anchorsIn(gap, m_contextA, m_contextB);
        if (anchors.empty())
            anchors = anchorsIn(gap, m_a, m_b);
        if (anchors.empty()) {
            myers(gap);
            return;
        }
        int a = gap.a;
        int b = gap.b;
        for (const auto &[anchorA, anchorB] : anchors) {
            gaps.push_back({a, anchorA, b, anchorB});
            m_match[size_t(anchorA)] = anchorB;
            a = anchorA + 1;
            b = anchorB + 1;
        }
        gaps.push_back({a, gap.aEnd, b, gap.bEnd});
    }

    // Numbers each place by its own number and that of the place `reach` before it; how many numbers there are.
    int widen(int reach)
    {
        QHash<std::pair<int, int>, int> numbers;
        for (std::vector<int> *list : {&m_contextA, &m_contextB}) {
            const std::vector<int> before = *list;
            for (size_t i = 0; i < before.size(); ++i) {
                const std::pair<int, int> both(i < size_t(reach) ? -1 : before[i - size_t(reach)], before[i]);
                auto it = numbers.find(both);
                if (it == numbers.end())
                    it = numbers.insert(both, int(numbers.size()));
                (*list)[i] = *it;
            }
        }
        return int(numbers.size());
    }

    std::vector<std::pair<int, int>> anchorsIn(const Gap &gap, const std::vector<int> &inA, const std::vector<int> &inB)
    {
        for (int i = gap.a; i < gap.aEnd; ++i)
            ++m_countA[size_t(at(inA, i))];
        for (int i = gap.b; i < gap.bEnd; ++i) {
            ++m_countB[size_t(at(inB, i))];
            m_placeB[size_t(at(inB, i))] = i;
        }
        // Longest ascending sequence of partners.
        struct Candidate
        {
            int a, b, previous;
        };
        std::vector<Candidate> candidates;
        std::vector<int> tails; // the candidate with the smallest b that ends a sequence of this length
        for (int i = gap.a; i < gap.aEnd; ++i) {
            const auto symbol = size_t(at(inA, i));
            if (m_countA[symbol] != 1 || m_countB[symbol] != 1)
                continue;
            const int b = m_placeB[symbol];
            const auto place = std::ranges::lower_bound(tails, b, {}, [&](int c) { return candidates[size_t(c)].b; });
            candidates.push_back({i, b, place == tails.begin() ? -1 : *(place - 1)});
            const int number = int(candidates.size()) - 1;
            if (place == tails.end())
                tails.push_back(number);
            else
                *place = number;
        }
        for (int i = gap.a; i < gap.aEnd; ++i)
            m_countA[size_t(at(inA, i))] = 0;
        for (int i = gap.b; i < gap.bEnd; ++i)
            m_countB[size_t(at(inB, i))] = 0;
        std::vector<std::pair<int, int>> anchors;
        for (int c = tails.empty() ? -1 : tails.back(); c >= 0; c = candidates[size_t(c)].previous)
            anchors.emplace_back(candidates[size_t(c)].a, candidates[size_t(c)].b);
        std::ranges::reverse(anchors);
        return anchors;
    }

    // Myers, "An O(ND) difference algorithm", with the whole trace kept. Gives up (all is replaced) where too much
    // differs.
    void myers(const Gap &gap)
    {
        const int n = gap.aEnd - gap.a;
        const int m = gap.bEnd - gap.b;
        const int longest = std::min(n + m, longestDistance);
        std::vector<int> furthest(2 * size_t(longest) + 3, 0);
        const int middle = longest + 1;
        std::vector<std::vector<int>> trace;
        for (int d = 0; d <= longest; ++d) {
            trace.emplace_back(furthest.begin() + (middle - d - 1), furthest.begin() + (middle + d + 2));
            for (int k = -d; k <= d; k += 2) {
                const bool down = k == -d || (k != d && at(furthest, middle + k - 1) < at(furthest, middle + k + 1));
                int x = down ? at(furthest, middle + k + 1) : at(furthest, middle + k - 1) + 1;
                int y = x - k;
                while (x < n && y < m && at(m_a, gap.a + x) == at(m_b, gap.b + y)) {
                    ++x;
                    ++y;
                }
                const int diagonal = middle + k;
                furthest[size_t(diagonal)] = x;
                if (x >= n && y >= m) {
                    walkBack(gap, trace, d);
                    return;
                }
            }
        }
    }

    void walkBack(const Gap &gap, const std::vector<std::vector<int>> &trace, int distance)
    {
        int x = gap.aEnd - gap.a;
        int y = gap.bEnd - gap.b;
        for (int d = distance; d >= 0; --d) {
            const std::vector<int> &before = trace[size_t(d)]; // before round d: diagonals -d-1 … d+1
            const auto value = [&](int k) { return at(before, k + d + 1); };
            const int k = x - y;
            const bool down = k == -d || (k != d && value(k - 1) < value(k + 1));
            const int fromK = down ? k + 1 : k - 1;
            const int fromX = d == 0 ? 0 : value(fromK);
            const int fromY = d == 0 ? 0 : fromX - fromK;
            while (x > fromX && y > fromY && x > 0 && y > 0) {
                --x;
                --y;
                const int place = gap.a + x;
                m_match[size_t(place)] = gap.b + y;
            }
            x = fromX;
            y = fromY;
        }
    }

    static int at(const std::vector<int> &list, int i) { return list[size_t(i)]; }

    std::vector<int> m_a;
    std::vector<int> m_b;
    std::vector<int> m_contextA;
    std::vector<int> m_contextB;
    std::vector<int> m_countA;
    std::vector<int> m_countB;
    std::vector<int> m_placeB;
    std::vector<int> m_match;
};

void append(QList<DiffBlock> &blocks, DiffBlock::Kind kind, QByteArrayView bytes)
{
    if (bytes.isEmpty())
        return;
    if (!blocks.isEmpty() && blocks.last().kind == kind)
        blocks.last().bytes.append(bytes);
    else
        blocks.append({kind, bytes.toByteArray()});
}

bool isContinuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// Where to cut near `wanted`, reaching back or forward by no more than `reach`: behind a line end, else before a member
// or element, else between two characters.
qsizetype cutNear(const QByteArray &bytes, qsizetype wanted, qsizetype reach)
{
    for (const QByteArrayView ends : {QByteArrayView("\n"), QByteArrayView(",{[")}) {
        for (qsizetype off = 0; off <= reach; ++off) {
            for (const qsizetype place : {wanted - off, wanted + off}) {
                if (place > 0 && place < bytes.size() && ends.contains(bytes.at(place - 1)))
                    return place;
            }
        }
    }
    while (wanted > 0 && wanted < bytes.size() && isContinuation(bytes.at(wanted)))
        --wanted;
    return wanted;
}
} // namespace

QList<DiffBlock> byteDiff(const QByteArray &before, const QByteArray &after)
{
    QList<DiffBlock> blocks;
    if (before == after) {
        append(blocks, DiffBlock::Kind::Same, before);
        return blocks;
    }
    const std::vector<QByteArrayView> a = tokensOf(before);
    const std::vector<QByteArrayView> b = tokensOf(after);
    QHash<QByteArrayView, int> symbols;
    const auto numbered = [&](const std::vector<QByteArrayView> &tokens) {
        std::vector<int> numbers;
        numbers.reserve(tokens.size());
        for (const QByteArrayView token : tokens) {
            auto it = symbols.find(token);
            if (it == symbols.end())
                it = symbols.insert(token, int(symbols.size()));
            numbers.push_back(*it);
        }
        return numbers;
    };
    std::vector<int> numbersA = numbered(a);
    std::vector<int> numbersB = numbered(b);
    const Aligner aligner(std::move(numbersA), std::move(numbersB));

    size_t nextB = 0;
    for (size_t i = 0; i < a.size(); ++i) {
        const int partner = aligner.match()[i];
        if (partner < 0) {
            append(blocks, DiffBlock::Kind::Removed, a[i]);
            continue;
        }
        for (; nextB < size_t(partner); ++nextB)
            append(blocks, DiffBlock::Kind::Added, b[nextB]);
        append(blocks, DiffBlock::Kind::Same, a[i]);
        ++nextB;
    }
    for (; nextB < b.size(); ++nextB)
        append(blocks, DiffBlock::Kind::Added, b[nextB]);
    return blocks;
}

QList<DiffBlock> withContext(const QList<DiffBlock> &blocks, qsizetype context)
{
    QList<DiffBlock> shown;
    for (qsizetype i = 0; i < blocks.size(); ++i) {
        const DiffBlock &block = blocks.at(i);
        if (block.kind != DiffBlock::Kind::Same) {
            shown << block;
            continue;
        }
        const bool first = i == 0;
        const bool last = i == blocks.size() - 1;
        const qsizetype size = block.bytes.size();
        const qsizetype wanted = (first ? 0 : context) + (last ? 0 : context);
        if (size <= wanted + context) { // hiding less than that is no gain
            if (first && last && size > 0)
                shown << DiffBlock{DiffBlock::Kind::Skipped, block.bytes};
            else
                shown << block;
            continue;
        }
        const qsizetype headEnd = first ? 0 : cutNear(block.bytes, context, context / 2);
        const qsizetype tailBegin = last ? size : cutNear(block.bytes, size - context, context / 2);
        append(shown, DiffBlock::Kind::Same, QByteArrayView(block.bytes).first(headEnd));
        append(shown, DiffBlock::Kind::Skipped, QByteArrayView(block.bytes).sliced(headEnd, tailBegin - headEnd));
        append(shown, DiffBlock::Kind::Same, QByteArrayView(block.bytes).sliced(tailBegin));
    }
    return shown;
}

} // namespace colophon::items
