// SPDX-License-Identifier: Apache-2.0
// A stream that breaks off goes on where it was, and gives up where it does not get on.

#include "base/limits.h"
#include "content/resumingreader.h"
#include "support/await.h"

#include <QTest>

using namespace colophon;
using content::ReaderPtr;
using test::await;

namespace {

base::Error failure(base::ErrorKind kind)
{
    base::Error error;
    error.kind = kind;
    error.message = QStringLiteral("It broke off.");
    return error;
}

// These bytes in small blocks, then the failure.
class Breaking final : public content::Reader
{
public:
    Breaking(QByteArray bytes, base::ErrorKind kind)
        : m_bytes(std::move(bytes))
        , m_kind(kind)
    {
    }
    base::Task<base::Result<QByteArray>> read() override
    {
        if (m_bytes.isEmpty())
            co_return base::fail(failure(m_kind));
        QByteArray block = m_bytes.left(7);
        m_bytes = m_bytes.sliced(block.size());
        co_return block;
    }

private:
    QByteArray m_bytes;
    base::ErrorKind m_kind;
};

ReaderPtr breaking(const QByteArray &bytes, base::ErrorKind kind = base::ErrorKind::Network)
{
    return std::make_unique<Breaking>(bytes, kind);
}

const QByteArray whole = "0123456789abcdefghijklmnopqrstuvwxyz";

// Gives the rest from where it is asked to, as far as `last` the first times.
struct Source
{
    QList<qint64> lasts;
    bool hasRanges = true;
    QList<qint64> asked = {};

    content::OpenRest rest()
    {
        return [this](qint64 offset, std::stop_token) { return open(this, offset); };
    }
    static base::Task<base::Result<content::Tail>> open(Source *self, qint64 offset)
    {
        self->asked.append(offset);
        const qint64 from = self->hasRanges ? offset : 0;
        content::Tail tail;
        tail.startsAt = from;
        if (self->lasts.isEmpty())
            tail.bytes = content::readerOf(whole.mid(from));
        else
            tail.bytes = breaking(whole.mid(from, self->lasts.takeFirst() - from));
        co_return std::move(tail);
    }
};

} // namespace

class TestResumingReader : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void goesOn_data()
    {
        QTest::addColumn<qint64>("first");
        QTest::addColumn<QList<qint64>>("lasts");
        QTest::addColumn<bool>("hasRanges");
        QTest::newRow("at its start") << qint64(0) << QList<qint64>{} << true;
        QTest::newRow("after a byte") << qint64(1) << QList<qint64>{} << true;
        QTest::newRow("in the middle") << qint64(20) << QList<qint64>{} << true;
        QTest::newRow("before the last byte") << qint64(35) << QList<qint64>{} << true;
        QTest::newRow("after the last byte") << qint64(36) << QList<qint64>{} << true;
        QTest::newRow("several times") << qint64(3) << QList<qint64>{9, 21, 30} << true;
        QTest::newRow("without ranges") << qint64(20) << QList<qint64>{} << false;
        QTest::newRow("without ranges, and shorter") << qint64(20) << QList<qint64>{5, 25} << false;
    }
    void goesOn()
    {
        QFETCH(qint64, first);
        QFETCH(QList<qint64>, lasts);
        QFETCH(bool, hasRanges);
        Source source{lasts, hasRanges};
        auto all = await(content::readAll(content::resuming(breaking(whole.left(first)), source.rest(), {}), 1000));
        QVERIFY(all.has_value());
        QCOMPARE(*all, whole);
        QCOMPARE(source.asked.first(), first);
        QCOMPARE(source.asked.size(), lasts.size() + 1);
    }

    void givesUpWhereItDoesNotGetOn()
    {
        Source source{QList<qint64>(20, 10)};
        auto all = await(content::readAll(content::resuming(breaking(whole.left(10)), source.rest(), {}, 3), 1000));
        QVERIFY(!all);
        QCOMPARE(all.error().message, QStringLiteral("It broke off."));
        QCOMPARE(source.asked.size(), 3);
    }

    void doesNotGiveUpWhileItGetsOn()
    {
        const QByteArray block(base::limits::block, 'x');
        int opened = 0;
        content::OpenRest rest = [&opened, block](qint64 offset, std::stop_token) {
            auto open = [](ReaderPtr bytes, qint64 at) -> base::Task<base::Result<content::Tail>> {
                content::Tail tail;
                tail.startsAt = at;
                tail.bytes = std::move(bytes);
                co_return std::move(tail);
            };
            return open(++opened < 12 ? breaking(block) : content::readerOf("end"), offset);
        };
        auto all = await(content::readAll(content::resuming(breaking(block), rest, {}, 2), 100 * block.size()));
        QVERIFY(all.has_value());
        QCOMPARE(all->size(), 12 * block.size() + 3);
    }

    void otherFailuresAreFinal()
    {
        Source source{};
        auto all = await(content::readAll(
            content::resuming(breaking(whole.left(9), base::ErrorKind::InvalidData), source.rest(), {}), 1000));
        QVERIFY(!all && all.error().kind == base::ErrorKind::InvalidData);
        QVERIFY(source.asked.isEmpty());
    }

    void stopsWhenStopped()
    {
        Source source{};
        std::stop_source stop;
        stop.request_stop();
        auto all =
            await(content::readAll(content::resuming(breaking(whole.left(9)), source.rest(), stop.get_token()), 1000));
        QVERIFY(!all);
        QVERIFY(source.asked.isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestResumingReader)
#include "tst_resumingreader.moc"
