// SPDX-License-Identifier: Apache-2.0
// Uploads in chunks: when they are, what each answer's Location and Range mean, and what is done when one breaks off.

#include "base/limits.h"
#include "registry/client.h"
#include "support/await.h"
#include "support/canary/canary.h"
#include "support/faultserver/faultserver.h"
#include "support/virtualclock.h"

#include <QMutex>
#include <QTest>
#include <QTimer>

#include <map>

using namespace colophon;
using base::ErrorKind;
using test::answer;
using test::await;
using test::FaultServer;
using test::RecordedRequest;
using test::TestAuthority;

namespace {

using base::limits::MiB;

QByteArray someBytes(qsizetype size)
{
    QByteArray bytes(size, Qt::Uninitialized);
    quint32 state = 1;
    for (char &each : bytes) {
        state = state * 1'664'525 + 1'013'904'223;
        each = static_cast<char>(state >> 24);
    }
    return bytes;
}

// Bytes that come once and not again.
class OnceOnly final : public content::Reader
{
public:
    explicit OnceOnly(const QByteArray &bytes)
        : m_inner(content::readerOf(bytes))
    {
    }
    base::Task<base::Result<QByteArray>> read() override { return m_inner->read(); }

private:
    content::ReaderPtr m_inner;
};

// The upload side of a registry as the specification has it: every answer moves the session on.
struct Session
{
    QMutex mutex;
    qint64 received = 0;
    int moves = 0;
    int patches = 0;
    bool saysRange = true;
    std::map<int, std::function<test::Answer(Session &, qint64 begin, qint64 end)>> faults; // at the n-th PATCH, from 1
    QByteArray prefix;                                                                      // of its locations
    QByteArray shortestChunk;

    QByteArray path() const { return "/up/" + QByteArray::number(moves) + "?state=a%2Bb" + QByteArray::number(moves); }
    QByteArray range() const { return "0-" + QByteArray::number(std::max<qint64>(0, received - 1)); }
    test::Answer moved(int status)
    {
        ++moves;
        const auto made = answer(status).with("Location", prefix + path());
        return saysRange ? made.with("Range", range()) : made;
    }

    test::Answer post()
    {
        const QMutexLocker lock(&mutex);
        received = 0;
        const auto made = moved(202);
        return shortestChunk.isEmpty() ? made : made.with("OCI-Chunk-Min-Length", shortestChunk);
    }
    test::Answer patch(const RecordedRequest &request)
    {
        const QMutexLocker lock(&mutex);
        const QList<QByteArray> ends = request.header("Content-Range").split('-');
        const qint64 begin = ends.value(0).toLongLong();
        const qint64 end = ends.value(1).toLongLong();
        const auto fault = faults.find(++patches);
        if (fault != faults.end())
            return fault->second(*this, begin, end);
        if (request.target != path())
            return answer(404, R"({"errors":[{"code":"BLOB_UPLOAD_UNKNOWN"}]})");
        if (begin != received || request.header("Content-Length").toLongLong() != end - begin + 1)
            return answer(416).with("Range", range());
        received = end + 1;
        return moved(202);
    }
    test::Answer status(const RecordedRequest &request)
    {
        const QMutexLocker lock(&mutex);
        return request.target == path() ? answer(204).with("Range", range()).with("Location", prefix + path())
                                        : answer(404);
    }
    test::Answer put(const RecordedRequest &request)
    {
        const QMutexLocker lock(&mutex);
        return request.target.startsWith(path() + "&digest=sha256%3A") ? answer(201) : answer(404);
    }
};

} // namespace

Q_DECLARE_METATYPE(colophon::test::Answer)

class TestChunkUpload : public QObject
{
    Q_OBJECT

private:
    TestAuthority m_authority;
    std::unique_ptr<FaultServer> m_registry;
    std::unique_ptr<FaultServer> m_other;
    std::shared_ptr<Session> m_session;
    std::unique_ptr<registry::Client> m_client;
    content::TargetPtr m_target;
    qint64 m_progress = 0;
    QList<QByteArray> m_ended; // requests

    void connectWith(qint64 chunkSize)
    {
        registry::ClientOptions options;
        options.transport.caFile = m_authority.caFile();
        options.chunkSize = chunkSize;
        options.patience.clock = std::make_shared<test::VirtualClock>();
        m_ended.clear();
        options.log = [this](const content::RequestRecord &record) {
            if (record.stage == content::RequestRecord::Stage::Over)
                m_ended.append(record.method);
        };
        m_client = std::make_unique<registry::Client>(options);
        m_client->signIn(m_registry->authority(), {QStringLiteral("user"), base::Secret(COLOPHON_CANARY)});
        m_target = m_client->target(*oci::Reference::parse(m_registry->authority() + QStringLiteral("/app")));
    }

    void serve(FaultServer &server)
    {
        const auto session = m_session;
        server.always("PATCH", QStringLiteral("/up/.*"),
                      [session](const auto &request) { return session->patch(request); });
        server.always("GET", QStringLiteral("/up/.*"),
                      [session](const auto &request) { return session->status(request); });
        server.always("PUT", QStringLiteral("/up/.*"),
                      [session](const auto &request) { return session->put(request); });
        server.always("DELETE", QStringLiteral("/up/.*"), answer(204));
    }

    base::Result<void> push(const QByteArray &bytes, content::ReaderPtr reader = {}, std::stop_token stop = {})
    {
        if (!reader)
            reader = content::readerOf(bytes);
        m_progress = 0;
        const content::Progress progress = [this](qint64 done) { m_progress = done; };
        auto done = await(m_target->pushBlob(oci::Descriptor::of({}, bytes), std::move(reader), progress, stop));
        await(m_client->settle());
        return done;
    }

    QList<QByteArray> ranges() const
    {
        QList<QByteArray> all;
        for (const auto &each : m_registry->requests("PATCH"))
            all.append(each.header("Content-Range"));
        return all;
    }

    // What the chunks that were accepted make together; each is shorter than what the server remembers.
    QByteArray stored() const
    {
        QByteArray all;
        for (const auto &each : m_registry->requests("PATCH")) {
            const qint64 begin = each.header("Content-Range").split('-').value(0).toLongLong();
            if (each.isComplete)
                all = all.left(begin) + each.body;
        }
        return all;
    }

private Q_SLOTS:
    void init()
    {
        m_registry = std::make_unique<FaultServer>(m_authority, TestAuthority::Kind::Good);
        m_other = std::make_unique<FaultServer>(m_authority, TestAuthority::Kind::Good);
        m_session = std::make_shared<Session>();
        m_registry->always("GET", QStringLiteral("/v2/"), answer(401).with("WWW-Authenticate", "Basic realm=\"r\""));
        const auto session = m_session;
        m_registry->always("POST", QStringLiteral("/v2/app/blobs/uploads/"),
                           [session](const auto &) { return session->post(); });
        connectWith(300'000);
    }

    void inChunksOfTheSizeThatWasAskedFor()
    {
        serve(*m_registry);
        const QByteArray bytes = someBytes(1'000'000);
        const auto done = push(bytes);
        QVERIFY2(done, done ? "" : qPrintable(done.error().text()));
        QCOMPARE(ranges(), (QList<QByteArray>{"0-299999", "300000-599999", "600000-899999", "900000-999999"}));
        QCOMPARE(stored(), bytes);
        QCOMPARE(m_progress, bytes.size());
        const auto put = m_registry->requests("PUT").first();
        QCOMPARE(put.bodySize, 0);
        QCOMPARE(put.header("Content-Length"), QByteArray("0"));
        for (const auto &each : m_registry->requests("PATCH")) {
            QVERIFY(each.has("Authorization"));
            QCOMPARE(each.header("Content-Type"), QByteArray("application/octet-stream"));
        }
        QCOMPARE(m_registry->requests("DELETE").size(), 0);
    }

    void whatFitsIntoOneChunkGoesWhole()
    {
        m_registry->always("PUT", QStringLiteral("/up/.*"), answer(201));
        QVERIFY(push(someBytes(300'000)));
        QCOMPARE(m_registry->requests("PATCH").size(), 0);
        QVERIFY(push(QByteArray()));
        QCOMPARE(m_registry->requests("PATCH").size(), 0);
    }

    void aRegistryMayAskForChunks()
    {
        connectWith(0);
        m_session->shortestChunk = "17825792";
        serve(*m_registry);
        const QByteArray bytes = someBytes(20 * MiB);
        const auto done = push(bytes);
        QVERIFY2(done, done ? "" : qPrintable(done.error().text()));
        QCOMPARE(ranges(), (QList<QByteArray>{"0-17825791", "17825792-20971519"}));
        QCOMPARE(m_registry->requests("PATCH").first().bodySha256,
                 oci::Digest::of(bytes.left(17825792)).hex().toLatin1());
        QCOMPARE(m_registry->requests("PATCH").last().bodySha256,
                 oci::Digest::of(bytes.mid(17825792)).hex().toLatin1());
    }

    void aRangeThatIsNotSaidIsAskedFor()
    {
        m_session->saysRange = false;
        serve(*m_registry);
        const QByteArray bytes = someBytes(500'000);
        QVERIFY(push(bytes));
        QCOMPARE(stored(), bytes);
        QCOMPARE(m_registry->requests("GET", QStringLiteral("/up/.*")).size(), 2);
    }

    void aProxyWithALimit_data()
    {
        QTest::addColumn<test::Answer>("refusal");
        QTest::addColumn<bool>(
            "mayBeLost"); // closing with bytes unread resets: the answer may be gone before it is read
        const auto page = answer(413, "<html>413 Request Entity Too Large</html>").with("Content-Type", "text/html");
        QTest::newRow("early") << page.early() << false;
        QTest::newRow("early and closed") << page.earlyUnread().thenClose() << true;
        QTest::newRow("late") << page << false;
        QTest::newRow("never read") << page.early().resetAfter(0) << true;
    }

    void aProxyWithALimit()
    {
        QFETCH(test::Answer, refusal);
        QFETCH(bool, mayBeLost);
        connectWith(0);
        const auto isTooLong = [](const RecordedRequest &request) {
            return request.header("Transfer-Encoding") == "chunked" ||
                   request.header("Content-Length").toLongLong() > 2 * MiB;
        };
        const auto session = m_session;
        m_registry->always("PATCH", QStringLiteral("/up/.*"), [session, isTooLong, refusal](const auto &request) {
            return isTooLong(request) ? refusal : session->patch(request);
        });
        serve(*m_registry);
        const QByteArray bytes = someBytes(5 * MiB + 5);
        const auto done = push(bytes);
        QVERIFY2(done, done ? "" : qPrintable(done.error().text()));
        // The whole as a stream, one of 4 MiB, each once more where its answer was lost, and then those that pass.
        auto patches = m_registry->requests("PATCH");
        const auto firstTaken = std::ranges::find_if_not(patches, isTooLong);
        const auto refused = std::distance(patches.begin(), firstTaken);
        QVERIFY2(refused == 2 || (mayBeLost && refused > 2), qPrintable(QString::number(refused)));
        QVERIFY(std::ranges::none_of(firstTaken, patches.end(), isTooLong));
        QCOMPARE(patches.size(), refused + 6);
        QCOMPARE(ranges().last(), QByteArray("5242880-5242884"));
        QByteArray all;
        for (const auto &each : patches.mid(refused))
            all += each.body;
        QCOMPARE(all, bytes);
        QCOMPARE(m_registry->requests("PUT").size(), 1);
        QTRY_VERIFY(m_registry->requests("DELETE").size() >= 2); // which nobody waits for
        // It is remembered.
        QVERIFY(push(someBytes(2 * MiB)));
        QCOMPARE(m_registry->requests("PUT").size(), 2);
        QCOMPARE(m_registry->requests("PATCH").size(), refused + 6 + 2);
    }

    // A limit that is only a suspicion is remembered once it went well, also at the first size that was tried.
    void aSuspectedLimitIsRemembered()
    {
        connectWith(0);
        const auto session = m_session;
        m_registry->always("PATCH", QStringLiteral("/up/.*"), [session](const RecordedRequest &request) {
            return request.header("Transfer-Encoding") == "chunked" ? answer(413).early().resetAfter(0)
                                                                    : session->patch(request);
        });
        serve(*m_registry);
        QVERIFY(push(someBytes(2 * MiB)));
        QCOMPARE(m_registry->requests("PATCH").size(), 2 + 2);
        QVERIFY(push(someBytes(2 * MiB)));
        QCOMPARE(m_registry->requests("PATCH").size(), 2 + 2 + 2);
    }

    void aRegistryThatWantsRanges()
    {
        connectWith(0);
        serve(*m_registry); // answers 416 to a PATCH that does not say which part it is
        const QByteArray bytes = someBytes(3 * MiB);
        const auto done = push(bytes);
        QVERIFY2(done, done ? "" : qPrintable(done.error().text()));
        QCOMPARE(ranges(), (QList<QByteArray>{"", "0-3145727"}));
        QCOMPARE(m_registry->requests("PATCH").last().bodySha256, oci::Digest::of(bytes).hex().toLatin1());
    }

    void aLimitBelowAllThatIsWorthWhile()
    {
        connectWith(0);
        m_registry->always("PUT", QStringLiteral("/up/.*"), answer(413));
        m_registry->always("PATCH", QStringLiteral("/up/.*"), answer(413));
        m_registry->always("DELETE", QStringLiteral("/up/.*"), answer(204));
        const auto done = push(someBytes(5 * MiB));
        QVERIFY(!done);
        QCOMPARE(done.error().kind, ErrorKind::TooLarge);
        QCOMPARE(ranges(), (QList<QByteArray>{"", "0-4194303", "0-1048575"}));
        QCOMPARE(m_registry->requests("DELETE").size(), m_registry->requests("POST").size());
    }

    void aRegistryThatTakesNothingWhole_data()
    {
        QTest::addColumn<int>("status");
        QTest::newRow("400") << 400;
        QTest::newRow("405") << 405;
        QTest::newRow("411") << 411;
    }

    void aRegistryThatTakesNothingWhole()
    {
        QFETCH(int, status);
        connectWith(0);
        const auto session = m_session;
        m_registry->always("PUT", QStringLiteral("/up/.*"), [session, status](const auto &request) {
            return request.header("Content-Length") == "0" ? session->put(request) : answer(status);
        });
        serve(*m_registry);
        const QByteArray bytes = someBytes(1000);
        const auto done = push(bytes);
        QVERIFY2(done, done ? "" : qPrintable(done.error().text()));
        QCOMPARE(stored(), bytes);
        QCOMPARE(m_registry->requests("PUT").size(), 2);
        QVERIFY(push(bytes)); // remembered
        QCOMPARE(m_registry->requests("PUT").size(), 3);
    }

    void whatIsWrongWithTheBlobIsNoMatterOfChunks()
    {
        connectWith(0);
        m_registry->always("PUT", QStringLiteral("/up/.*"), answer(400, R"({"errors":[{"code":"DIGEST_INVALID"}]})"));
        m_registry->always("DELETE", QStringLiteral("/up/.*"), answer(204));
        const auto done = push(someBytes(1000));
        QVERIFY(!done);
        QCOMPARE(done.error().wireCode, QStringLiteral("DIGEST_INVALID"));
        QCOMPARE(m_registry->requests("PATCH").size(), 0);
        QCOMPARE(m_registry->requests("POST").size(), 1);
    }

    void aChunkThatBreaksOff_data()
    {
        QTest::addColumn<int>("fault");
        QTest::addColumn<QList<QByteArray>>("expected");
        const QList<QByteArray> same{"0-299999", "300000-599999", "300000-599999", "600000-699999"};
        QTest::newRow("the connection ends") << 0 << same;
        QTest::newRow("the connection ends in the middle") << 1 << same;
        QTest::newRow("500") << 2 << same;
        QTest::newRow("416") << 3 << same;
        QTest::newRow("it kept a part") << 4 << QList<QByteArray>{"0-299999", "300000-599999", "400000-699999"};
        QTest::newRow("it kept a part and says so")
            << 5 << QList<QByteArray>{"0-299999", "300000-599999", "400000-699999"};
        QTest::newRow("the session is gone")
            << 6 << QList<QByteArray>{"0-299999", "300000-599999", "0-299999", "300000-599999", "600000-699999"};
        QTest::newRow("it has more than was sent")
            << 7 << QList<QByteArray>{"0-299999", "300000-599999", "0-299999", "300000-599999", "600000-699999"};
    }

    void aChunkThatBreaksOff()
    {
        QFETCH(int, fault);
        QFETCH(QList<QByteArray>, expected);
        m_session->faults[2] = [fault](Session &session, qint64, qint64) {
            switch (fault) {
            case 0:
                return test::hangUp();
            case 1:
                return answer(200).resetAfter(0).whenRead(100'000);
            case 2:
                return answer(500);
            case 3:
                return answer(416).with("Range", session.range());
            case 4:
                session.received = 400'000;
                return answer(502);
            case 5:
                session.received = 400'000;
                return session.moved(202);
            case 6:
                ++session.moves;
                return answer(404);
            default:
                session.received = 900'000;
                return session.moved(202);
            }
        };
        serve(*m_registry);
        const QByteArray bytes = someBytes(700'000);
        const auto done = push(bytes);
        QVERIFY2(done, done ? "" : qPrintable(done.error().text()));
        QCOMPARE(ranges(), expected);
        QCOMPARE(stored(), bytes);
        QCOMPARE(m_progress, bytes.size());
    }

    void aStreamThatBreaksOff_data()
    {
        QTest::addColumn<int>("kept"); // bytes that the registry has of it; -1: it knows nothing of the session
        QTest::newRow("it kept a part") << 600'000;
        QTest::newRow("it kept nothing") << 0;
        QTest::newRow("the session is gone") << -1;
    }

    void aStreamThatBreaksOff()
    {
        QFETCH(int, kept);
        connectWith(0);
        m_session->faults[1] = [kept](Session &session, qint64, qint64) {
            session.received = std::max(0, kept);
            if (kept < 0)
                ++session.moves;
            return answer(200).resetAfter(0).whenRead(800'000);
        };
        const QByteArray bytes = someBytes(1'500'000);
        if (kept <= 0)
            m_session->faults[2] = [size = bytes.size()](Session &session, qint64, qint64) {
                session.received = size;
                return session.moved(202);
            };
        serve(*m_registry);
        const auto done = push(bytes);
        QVERIFY2(done, done ? "" : qPrintable(done.error().text()));
        QCOMPARE(m_progress, bytes.size());
        const auto patches = m_registry->requests("PATCH");
        QCOMPARE(patches.size(), 2);
        QCOMPARE(m_registry->requests("POST").size(), kept > 0 ? 1 : 2);
        QCOMPARE(patches.last().header("Content-Range"), kept > 0 ? QByteArray("600000-1499999") : QByteArray());
        const QByteArray sent = kept > 0 ? bytes.mid(kept) : bytes;
        QCOMPARE(patches.last().bodySha256, oci::Digest::of(sent).hex().toLatin1());
    }

    // Twice as a stream, then in chunks that get smaller, each size twice; there is an end to it.
    void aStreamThatBreaksAgainGoesUpInChunks_data()
    {
        QTest::addColumn<int>("breaks");
        QTest::addColumn<bool>("arrives");
        QTest::newRow("as a stream") << 2 << true;
        QTest::newRow("large chunks, too") << 4 << true;
        QTest::newRow("all") << 6 << false;
    }

    void aStreamThatBreaksAgainGoesUpInChunks()
    {
        QFETCH(int, breaks);
        QFETCH(bool, arrives);
        connectWith(0);
        for (int patch = 1; patch <= breaks; ++patch)
            m_session->faults[patch] = [](Session &, qint64, qint64) {
                return answer(200).resetAfter(0).whenRead(500'000);
            };
        serve(*m_registry);
        const QByteArray bytes = someBytes(5 * MiB);
        const auto done = push(bytes);
        QCOMPARE(done.has_value(), arrives);
        const auto patches = m_registry->requests("PATCH");
        if (!arrives) {
            QCOMPARE(done.error().kind, ErrorKind::Network);
            QCOMPARE(patches.size(), 6);
        } else {
            QByteArray all;
            for (const auto &each : patches.mid(breaks))
                all += each.body;
            QCOMPARE(oci::Digest::of(breaks == 2 ? bytes.first(MiB) : bytes),
                     oci::Digest::of(breaks == 2 ? all.first(MiB) : all)); // of a body its first MiB is kept
        }
        // Every session that was left is closed, but for the one that was finished.
        QTRY_COMPARE(m_registry->requests("DELETE").size(), m_registry->requests("POST").size() - (arrives ? 1 : 0));
    }

    // As long as something arrives in between, it goes on where it was.
    void everyBreakIsGoneOnWith()
    {
        for (const int k : {2, 4, 6})
            m_session->faults[k] = [](Session &, qint64, qint64) { return answer(200).resetAfter(0); };
        serve(*m_registry);
        const QByteArray bytes = someBytes(1'100'000);
        const auto done = push(bytes);
        QVERIFY2(done, done ? "" : qPrintable(done.error().text()));
        QCOMPARE(m_registry->requests("POST").size(), 1);
        QCOMPARE(m_progress, bytes.size());
    }

    void asOftenAsThat()
    {
        for (const int k : {2, 3})
            m_session->faults[k] = [](Session &, qint64, qint64) { return answer(500); };
        serve(*m_registry);
        const auto done = push(someBytes(700'000));
        QVERIFY(!done);
        QCOMPARE(done.error().httpStatus, 500);
        QCOMPARE(m_registry->requests("PATCH").size(), 3);
        QCOMPARE(m_registry->requests("PUT").size(), 0);
        QCOMPARE(m_registry->requests("DELETE").size(), 1);
    }

    void whatIsForbiddenIsNotRepeated()
    {
        m_session->faults[2] = [](Session &, qint64, qint64) { return answer(403); };
        serve(*m_registry);
        const auto done = push(someBytes(700'000));
        QVERIFY(!done);
        QCOMPARE(done.error().kind, ErrorKind::Denied);
        QCOMPARE(m_registry->requests("PATCH").size(), 2);
        QCOMPARE(m_registry->requests("DELETE").size(), 1);
    }

    void aSourceThatComesOnce()
    {
        serve(*m_registry);
        const QByteArray bytes = someBytes(700'000);
        QVERIFY(push(bytes, std::make_unique<OnceOnly>(bytes)));
        m_session->patches = 0;
        m_session->faults[2] = [](Session &, qint64, qint64) { return answer(500); };
        const auto done = push(bytes, std::make_unique<OnceOnly>(bytes));
        QVERIFY(!done);
        QVERIFY2(done.error().message.contains(QStringLiteral("only once")), qPrintable(done.error().text()));
        QCOMPARE(m_registry->requests("DELETE").size(), 1);
    }

    void aSourceThatIsWrong()
    {
        serve(*m_registry);
        const QByteArray bytes = someBytes(700'000);
        QByteArray other = bytes;
        other[699'999] = static_cast<char>(other[699'999] + 1);
        const auto done = push(bytes, content::readerOf(other));
        QVERIFY(!done);
        QCOMPARE(done.error().kind, ErrorKind::InvalidData);
        QCOMPARE(m_registry->requests("PUT").size(), 0);
        QCOMPARE(m_registry->requests("DELETE").size(), 1);
    }

    void putTogetherWronglyItBeginsAnewOnce()
    {
        const QByteArray wrong(R"({"errors":[{"code":"DIGEST_INVALID"}]})");
        m_registry->once("PUT", QStringLiteral("/up/.*"), answer(400, wrong));
        serve(*m_registry);
        const QByteArray bytes = someBytes(400'000);
        const auto done = push(bytes);
        QVERIFY2(done, done ? "" : qPrintable(done.error().text()));
        QCOMPARE(m_registry->requests("POST").size(), 2);
        QCOMPARE(ranges(), (QList<QByteArray>{"0-299999", "300000-399999", "0-299999", "300000-399999"}));
        QCOMPARE(stored(), bytes);
        m_registry->forget();
        init();
        m_registry->always("PUT", QStringLiteral("/up/.*"), answer(400, wrong));
        serve(*m_registry);
        const auto failed = push(bytes);
        QVERIFY(!failed);
        QCOMPARE(failed.error().wireCode, QStringLiteral("DIGEST_INVALID"));
        QCOMPARE(m_registry->requests("POST").size(), 2);
    }

    void elsewhereWithoutCredentials()
    {
        m_session->prefix = m_other->url(QString(), QStringLiteral("localhost")).toEncoded();
        serve(*m_other);
        const QByteArray bytes = someBytes(700'000);
        const auto done = push(bytes);
        QVERIFY2(done, done ? "" : qPrintable(done.error().text()));
        QCOMPARE(m_other->requests("PATCH").size(), 3);
        for (const auto &each : m_other->requests())
            QVERIFY(!each.has("Authorization"));
    }

    void aLocationThatIsRefusedOnTheWay()
    {
        m_session->faults[1] = [this](Session &session, qint64, qint64 end) {
            session.received = end + 1;
            return answer(202)
                .with("Range", session.range())
                .with("Location", "http://localhost:" + QByteArray::number(m_other->port()) + "/up/1");
        };
        serve(*m_registry);
        const auto done = push(someBytes(700'000));
        QVERIFY(!done);
        QCOMPARE(done.error().kind, ErrorKind::Denied);
        QCOMPARE(m_other->connections(), 0);
        QCOMPARE(m_registry->requests("DELETE").size(), 1);
    }

    // The session is deleted after whoever cancelled has left.
    void cancelWaitsForNobody_data()
    {
        QTest::addColumn<int>("chunk");
        QTest::addColumn<int>("size");
        QTest::newRow("at once") << 0 << 1000;
        QTest::newRow("as a stream") << 0 << 3'000'000;
        QTest::newRow("in chunks") << 262'144 << 700'000;
    }
    void cancelWaitsForNobody()
    {
        QFETCH(int, chunk);
        QFETCH(int, size);
        connectWith(chunk);
        for (const char *method : {"PUT", "PATCH"})
            m_registry->always(method, QStringLiteral("/up/.*"), test::silence());
        m_registry->always("DELETE", QStringLiteral("/up/.*"), answer(204).after(std::chrono::milliseconds(300)));
        std::stop_source stop;
        QTimer poll;
        connect(&poll, &QTimer::timeout, this, [&] {
            if (!m_registry->requests("PUT").isEmpty() || !m_registry->requests("PATCH").isEmpty())
                stop.request_stop();
        });
        poll.start(5);
        const QByteArray bytes = someBytes(size);
        const auto done =
            await(m_target->pushBlob(oci::Descriptor::of({}, bytes), content::readerOf(bytes), {}, stop.get_token()));
        QVERIFY(!done);
        QCOMPARE(done.error().kind, ErrorKind::Cancelled);
        QVERIFY(!m_ended.contains("DELETE")); // it is still waiting for its answer, and we are not
        await(m_client->settle());
        QCOMPARE(m_registry->requests("DELETE").size(), 1);
        QVERIFY(m_ended.contains("DELETE"));
    }

    void cancelledInTheMiddle()
    {
        m_session->faults[2] = [](Session &, qint64, qint64) { return test::silence(); };
        serve(*m_registry);
        std::stop_source stop;
        QTimer poll;
        connect(&poll, &QTimer::timeout, this, [&] {
            if (m_registry->requests("PATCH").size() == 2)
                stop.request_stop();
        });
        poll.start(5);
        const auto done = push(someBytes(700'000), {}, stop.get_token());
        QVERIFY(!done);
        QCOMPARE(done.error().kind, ErrorKind::Cancelled);
        QCOMPARE(m_registry->requests("DELETE").size(), 1);
        QCOMPARE(m_registry->requests("PATCH").size(), 2);
    }
};

QTEST_GUILESS_MAIN(TestChunkUpload)
#include "tst_chunkupload.moc"
