// SPDX-License-Identifier: Apache-2.0
// What is read from standard input is whole, ends with its line, and is left nowhere on the way.

#include "colophonctl/secrets.h"

#include <QFile>
#include <QTest>

#include <cstdlib>

#include <unistd.h>

using namespace colophon;

namespace {
// Never one piece in this program's memory but where it is read to.
char letter(int i) { return static_cast<char>('a' + (i * 7 + i / 26) % 26); }

bool isTyped(const QByteArray &bytes, int from)
{
    for (int i = 0; i < bytes.size(); ++i)
        if (bytes.at(i) != letter(from + i))
            return false;
    return true;
}

// A pipe in place of standard input.
class Typing
{
public:
    Typing()
    {
        int ends[2];
        if (::pipe(ends) != 0 || ::dup2(ends[0], STDIN_FILENO) < 0)
            qFatal("no pipe");
        ::close(ends[0]);
        m_writing = ends[1];
    }
    ~Typing() { end(); }
    void letters(int count, int from = 0) const
    {
        for (int i = 0; i < count; ++i)
            text(QByteArray(1, letter(from + i)));
    }
    void text(const QByteArray &bytes) const
    {
        if (::write(m_writing, bytes.constData(), static_cast<size_t>(bytes.size())) != bytes.size())
            qFatal("cannot write");
    }
    void end()
    {
        if (m_writing >= 0)
            ::close(std::exchange(m_writing, -1));
    }

private:
    int m_writing = -1;
};
} // namespace

class TestSecrets : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aLineEndsWithIt()
    {
        Typing typing;
        typing.text("one\r\n\ntwo");
        typing.end();
        QCOMPARE(ctl::lineFromStdin(QStringLiteral("it"))->reveal(), QByteArray("one"));
        QCOMPARE(ctl::lineFromStdin(QStringLiteral("it"))->reveal(), QByteArray());
        QCOMPARE(ctl::lineFromStdin(QStringLiteral("it"))->reveal(), QByteArray("two"));
        const auto none = ctl::lineFromStdin(QStringLiteral("it"));
        QCOMPARE(none.error().kind, base::ErrorKind::Usage);
        QVERIFY(none.error().message.contains(QLatin1String("ended before it came")));
    }

    void aLongLineIsReadWhole()
    {
        Typing typing;
        typing.letters(5000);
        typing.end();
        const auto secret = ctl::lineFromStdin(QStringLiteral("it"));
        QCOMPARE(secret->reveal().size(), 5000);
        QVERIFY(isTyped(secret->reveal(), 0));
    }

    void oneThatIsTooLongIsNotCut()
    {
        QFile file(QStringLiteral("/dev/zero"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QVERIFY(::dup2(file.handle(), STDIN_FILENO) >= 0);
        const auto secret = ctl::lineFromStdin(QStringLiteral("the passphrase"));
        QVERIFY(!secret);
        QCOMPARE(secret.error().kind, base::ErrorKind::Usage);
        QCOMPARE(secret.error().message, QStringLiteral("What came for the passphrase is longer than 64 KiB."));
    }

    // Wherever a line may have been put on its way, between other things so that it cannot grow in place, nothing of it
    // is left.
    void nothingIsLeftBehind()
    {
        Typing typing;
        typing.letters(40'000);
        typing.end();
        struct Hole
        {
            quintptr place;
            qsizetype size;
        };
        QList<Hole> holes;
        QList<void *> walls;
        QList<void *> filled;
        for (qsizetype size = 1024; size < 66'000; size += size / 16)
            for (int i = 0; i < 4; ++i) {
                filled.append(std::malloc(static_cast<size_t>(size)));
                holes.append({reinterpret_cast<quintptr>(filled.constLast()), size});
                walls.append(std::malloc(64));
            }
        for (void *each : std::as_const(filled))
            std::free(each);
        QFile memory(QStringLiteral("/proc/self/mem"));
        QVERIFY(memory.open(QIODevice::ReadOnly | QIODevice::Unbuffered));
        constexpr int from = 300; // what a list of free memory writes at its beginning does not matter
        constexpr int length = 200;
        QByteArray look(length, '\0');
        const auto secret = ctl::lineFromStdin(QStringLiteral("it"));
        int left = 0;
        for (const Hole &hole : std::as_const(holes)) {
            const auto place = static_cast<qint64>(hole.place);
            // The secret itself may have moved in.
            if (hole.place <= reinterpret_cast<quintptr>(secret->reveal().constData()) &&
                reinterpret_cast<quintptr>(secret->reveal().constData()) <
                    hole.place + static_cast<quintptr>(hole.size))
                continue;
            for (int shift = -32; shift <= 32; ++shift)
                if (memory.seek(place + from + shift) && memory.read(look.data(), length) == length &&
                    isTyped(look, from))
                    ++left;
        }
        QCOMPARE(left, 0);
        QCOMPARE(secret->reveal().size(), 40'000);
        for (void *each : std::as_const(walls))
            std::free(each);
    }
};

QTEST_GUILESS_MAIN(TestSecrets)
#include "tst_secrets.moc"
