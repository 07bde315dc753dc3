// SPDX-License-Identifier: Apache-2.0
// Bytes pulled through a stream are checked as they pass: size, digest and cap.
#include "base/limits.h"
#include "content/reader.h"
#include "support/await.h"

#include <QTest>

using namespace colophon;
using base::ErrorKind;
using base::limits::block;

namespace {
// Serves blocks of any size, then an error or the end, and counts how often it was asked.
class ScriptedReader final : public content::Reader
{
public:
    ScriptedReader(QList<QByteArray> blocks, std::shared_ptr<int> asked, std::optional<base::Error> end = {})
        : m_blocks(std::move(blocks))
        , m_asked(std::move(asked))
        , m_end(std::move(end))
    {
    }
    base::Task<base::Result<QByteArray>> read() override
    {
        ++*m_asked;
        if (!m_blocks.isEmpty())
            co_return m_blocks.takeFirst();
        if (m_end)
            co_return base::fail(*m_end);
        co_return QByteArray();
    }

private:
    QList<QByteArray> m_blocks;
    std::shared_ptr<int> m_asked;
    std::optional<base::Error> m_end;
};

oci::Descriptor descriptorOf(const QByteArray &bytes, oci::Digest::Algorithm algorithm = oci::Digest::Algorithm::Sha256)
{
    oci::Descriptor descriptor;
    descriptor.digest = oci::Digest::of(bytes, algorithm);
    descriptor.size = bytes.size();
    return descriptor;
}

QByteArray pattern(qsizetype size)
{
    QByteArray bytes(size, Qt::Uninitialized);
    for (qsizetype i = 0; i < size; ++i)
        bytes[i] = static_cast<char>(i * 131 + (i >> 8));
    return bytes;
}

base::Result<QByteArray> readVerified(const QByteArray &served, const oci::Descriptor &expected)
{
    content::ReaderPtr reader = content::verified(content::readerOf(served), expected, QStringLiteral("The layer"));
    return test::await(content::readAll(std::move(reader), base::limits::blob));
}
} // namespace

class TestReader : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anArrayComesInBlocksAndEnds_data()
    {
        QTest::addColumn<qsizetype>("size");
        for (const qsizetype size : {qsizetype(0), qsizetype(1), qsizetype(block - 1), qsizetype(block),
                                     qsizetype(block + 1), qsizetype(3 * block)})
            QTest::addRow("%lld bytes", static_cast<long long>(size)) << size;
    }
    void anArrayComesInBlocksAndEnds()
    {
        QFETCH(qsizetype, size);
        const QByteArray bytes = pattern(size);
        const content::ReaderPtr reader = content::readerOf(bytes);
        QByteArray all;
        for (;;) {
            const base::Result<QByteArray> one = test::await(reader->read());
            QVERIFY(one);
            QVERIFY(one->size() <= block);
            if (one->isEmpty())
                break;
            all += *one;
        }
        QCOMPARE(all, bytes);
        QVERIFY(test::await(reader->read())->isEmpty());
    }

    void whatMatchesPasses_data() { anArrayComesInBlocksAndEnds_data(); }
    void whatMatchesPasses()
    {
        QFETCH(qsizetype, size);
        const QByteArray bytes = pattern(size);
        QCOMPARE(readVerified(bytes, descriptorOf(bytes)).value(), bytes);
        QCOMPARE(readVerified(bytes, descriptorOf(bytes, oci::Digest::Algorithm::Sha512)).value(), bytes);
    }

    void oneChangedByteFails_data()
    {
        QTest::addColumn<qsizetype>("where");
        QTest::newRow("first") << qsizetype(0);
        QTest::newRow("at the end of a block") << qsizetype(block - 1);
        QTest::newRow("at the start of a block") << qsizetype(block);
        QTest::newRow("last") << qsizetype(2 * block + 6);
    }
    void oneChangedByteFails()
    {
        QFETCH(qsizetype, where);
        const QByteArray bytes = pattern(2 * block + 7);
        QByteArray served = bytes;
        served[where] = static_cast<char>(served.at(where) ^ 1);
        const auto read = readVerified(served, descriptorOf(bytes));
        QVERIFY(!read);
        QCOMPARE(read.error().kind, ErrorKind::InvalidData);
        QVERIFY2(read.error().message.contains(oci::Digest::of(served).toString()), qPrintable(read.error().message));
    }

    void wrongLengthsFail_data()
    {
        QTest::addColumn<QByteArray>("served");
        QTest::addColumn<QString>("says");
        QTest::newRow("empty") << QByteArray() << QStringLiteral("ends after 0 of 10");
        QTest::newRow("one short") << pattern(9) << QStringLiteral("ends after 9 of 10");
        QTest::newRow("one long") << pattern(11) << QStringLiteral("longer than the 10 bytes");
    }
    void wrongLengthsFail()
    {
        QFETCH(QByteArray, served);
        QFETCH(QString, says);
        const auto read = readVerified(served, descriptorOf(pattern(10)));
        QVERIFY(!read);
        QCOMPARE(read.error().kind, ErrorKind::InvalidData);
        QVERIFY2(read.error().message.startsWith(QLatin1String("The layer ")), qPrintable(read.error().message));
        QVERIFY2(read.error().message.contains(says), qPrintable(read.error().message));
    }

    void nothingIsReadBehindTheFirstByteTooMany()
    {
        auto asked = std::make_shared<int>(0);
        QList<QByteArray> endless(1000, pattern(4));
        content::ReaderPtr inner = std::make_unique<ScriptedReader>(endless, asked);
        content::ReaderPtr reader =
            content::verified(std::move(inner), descriptorOf(pattern(10)), QStringLiteral("The layer"));
        QVERIFY(test::await(reader->read()));
        QVERIFY(test::await(reader->read()));
        QCOMPARE(test::await(reader->read()).error().kind, ErrorKind::InvalidData);
        QCOMPARE(test::await(reader->read()).error().kind, ErrorKind::InvalidData); // and it stays so
        QCOMPARE(*asked, 3);
    }

    void theLastBlockIsNotHandedOnBeforeTheDigestIsRight()
    {
        // A consumer that stops after the expected number of bytes must not have got all of a wrong content.
        const QByteArray bytes = pattern(10);
        QByteArray served = bytes;
        served[0] = static_cast<char>(served.at(0) ^ 1);
        auto asked = std::make_shared<int>(0);
        content::ReaderPtr inner =
            std::make_unique<ScriptedReader>(QList<QByteArray>{served.left(6), served.mid(6)}, asked);
        content::ReaderPtr reader =
            content::verified(std::move(inner), descriptorOf(bytes), QStringLiteral("The layer"));
        QVERIFY(test::await(reader->read()));
        QVERIFY(!test::await(reader->read()));
    }

    void aDigestThatIsMissingVerifiesNothing()
    {
        oci::Descriptor unknown;
        unknown.size = 3;
        QVERIFY(!readVerified("abc", unknown));
    }

    void anUnknownSizeIsCheckedByDigestAlone()
    {
        oci::Descriptor expected = descriptorOf(pattern(10));
        expected.size = -1;
        QCOMPARE(readVerified(pattern(10), expected).value(), pattern(10));
        QVERIFY(!readVerified(pattern(9), expected));
    }

    void anErrorOfTheSourcePasses()
    {
        auto asked = std::make_shared<int>(0);
        const base::Error broken = base::fail(ErrorKind::Network, QStringLiteral("gone")).error();
        content::ReaderPtr inner = std::make_unique<ScriptedReader>(QList<QByteArray>{pattern(4)}, asked, broken);
        content::ReaderPtr reader =
            content::verified(std::move(inner), descriptorOf(pattern(10)), QStringLiteral("The layer"));
        QCOMPARE(test::await(content::readAll(std::move(reader), 100)).error(), broken);
    }

    void anArrayIsReadAgainAndStillChecked()
    {
        const QByteArray bytes = QByteArray(block + 7, 'a');
        const content::ReaderPtr reader =
            content::verified(content::readerOf(bytes), descriptorOf(bytes), QStringLiteral("It"));
        QVERIFY(test::await(reader->read()));
        auto again = test::await(reader->reopened({}));
        QVERIFY(again && *again);
        QCOMPARE(test::await(content::readAll(std::move(*again), bytes.size())).value(), bytes);
        const content::ReaderPtr wrong =
            content::verified(content::readerOf(bytes), descriptorOf("other"), QStringLiteral("It"));
        auto stillWrong = test::await(wrong->reopened({}));
        QVERIFY(stillWrong && *stillWrong);
        const auto failed = test::await(content::readAll(std::move(*stillWrong), bytes.size()));
        QCOMPARE(failed.error().kind, ErrorKind::InvalidData);
    }

    void whatComesOnceIsNotReadAgain()
    {
        const auto asked = std::make_shared<int>(0);
        const content::ReaderPtr reader = content::verified(
            std::make_unique<ScriptedReader>(QList<QByteArray>{"x"}, asked), descriptorOf("x"), QStringLiteral("It"));
        const auto again = test::await(reader->reopened({}));
        QVERIFY(again);
        QVERIFY(!*again);
    }

    void whatIsOpenedAnewAsOftenAsAsked()
    {
        int opened = 0;
        const auto open = [&opened](std::stop_token) -> base::Task<base::Result<content::ReaderPtr>> {
            ++opened;
            return [](QByteArray bytes) -> base::Task<base::Result<content::ReaderPtr>> {
                co_return content::readerOf(bytes);
            }(QByteArray::number(opened));
        };
        const content::ReaderPtr reader = content::reopenable(content::readerOf("0"), open);
        QCOMPARE(test::await(reader->read()).value(), QByteArray("0"));
        auto first = test::await(reader->reopened({}));
        QCOMPARE(test::await((*first)->read()).value(), QByteArray("1"));
        auto second = test::await(reader->reopened({}));
        QCOMPARE(test::await((*second)->read()).value(), QByteArray("2"));
    }

    void readingAllIsCapped()
    {
        QCOMPARE(test::await(content::readAll(content::readerOf(pattern(100)), 100)).value(), pattern(100));
        const auto tooMuch = test::await(content::readAll(content::readerOf(pattern(101)), 100));
        QCOMPARE(tooMuch.error().kind, ErrorKind::TooLarge);
        auto asked = std::make_shared<int>(0);
        content::ReaderPtr endless = std::make_unique<ScriptedReader>(QList<QByteArray>(1000, pattern(40)), asked);
        QCOMPARE(test::await(content::readAll(std::move(endless), 100)).error().kind, ErrorKind::TooLarge);
        QCOMPARE(*asked, 3);
    }
};

QTEST_GUILESS_MAIN(TestReader)
#include "tst_reader.moc"
