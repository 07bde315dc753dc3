// SPDX-License-Identifier: Apache-2.0
// Which requests are sent again by themselves, after which answers, and after how long: on a scripted server, by a
// clock on which waiting takes no time.

#include "registry/client.h"
#include "support/await.h"
#include "support/faultserver/faultserver.h"
#include "support/virtualclock.h"

#include <QTest>

using namespace colophon;
using namespace std::chrono_literals;
using base::ErrorKind;
using test::answer;
using test::await;
using test::FaultServer;
using test::TestAuthority;
using Waits = QList<std::chrono::milliseconds>;

namespace {

const QByteArray bytes = "a blob of some bytes";
const QString blobs = QStringLiteral("/v2/app/blobs/.*");
const QString manifests = QStringLiteral("/v2/app/manifests/.*");
const QByteArray coded = R"({"errors":[{"code":"MANIFEST_INVALID","message":"no"}]})";

oci::Descriptor blob() { return oci::Descriptor::of({}, bytes); }

} // namespace

Q_DECLARE_METATYPE(colophon::test::Answer)

class TestPatientSend : public QObject
{
    Q_OBJECT

private:
    TestAuthority m_authority;
    std::unique_ptr<FaultServer> m_registry;
    std::shared_ptr<test::VirtualClock> m_clock;
    QList<registry::retry::Waiting> m_told;
    std::function<void()> m_onWaiting; // when somebody begins or ends to wait
    std::unique_ptr<registry::Client> m_client;
    content::TargetPtr m_target;

    int asked(const QByteArray &method, const QString &target) const
    {
        return static_cast<int>(m_registry->requests(method, target).size());
    }
    std::shared_ptr<content::UrlFetcher> urls()
    {
        return m_client->urlFetcher(*oci::Reference::parse(m_registry->authority() + QStringLiteral("/app")));
    }
    base::Result<bool> hasBlob(std::stop_token stop = {}) { return await(m_target->hasBlob(blob(), stop)); }

private Q_SLOTS:
    void init()
    {
        m_told.clear();
        m_onWaiting = {};
        m_registry = std::make_unique<FaultServer>(m_authority, TestAuthority::Kind::Good);
        m_registry->always("GET", QStringLiteral("/v2/"), answer(200, "{}"));
        m_clock = std::make_shared<test::VirtualClock>();
        registry::ClientOptions options;
        options.transport.caFile = m_authority.caFile();
        options.patience.clock = m_clock;
        options.patience.waiting = [this](const registry::retry::Waiting &waiting) {
            m_told.append(waiting);
            if (m_onWaiting)
                m_onWaiting();
        };
        m_client = std::make_unique<registry::Client>(options);
        m_target = m_client->target(*oci::Reference::parse(m_registry->authority() + QStringLiteral("/app")));
    }

    void waitsAsLongAsItIsAsked_data()
    {
        QTest::addColumn<QByteArray>("retryAfter");
        QTest::addColumn<Waits>("expected");
        QTest::newRow("seconds") << QByteArray("7") << Waits{7s};
        QTest::newRow("date") << QByteArray("Wed, 25 Nov 2026 12:01:30 GMT") << Waits{90s}; // it is 12:00 by the clock
        QTest::newRow("a date that has passed") << QByteArray("Wed, 25 Nov 2026 11:00:00 GMT") << Waits{0s};
        QTest::newRow("garbage") << QByteArray("soon") << Waits{500ms};
        QTest::newRow("nothing") << QByteArray() << Waits{500ms};
        QTest::newRow("five minutes") << QByteArray("300") << Waits{300s};
    }

    void waitsAsLongAsItIsAsked()
    {
        QFETCH(QByteArray, retryAfter);
        QFETCH(Waits, expected);
        auto busy = answer(429);
        if (!retryAfter.isEmpty())
            busy = busy.with("Retry-After", retryAfter);
        m_registry->once("HEAD", blobs, busy);
        m_registry->always("HEAD", blobs, answer(200).declaring(bytes.size()));
        const auto there = hasBlob();
        QVERIFY2(there, there ? "" : qPrintable(there.error().text()));
        QVERIFY(*there);
        QCOMPARE(m_clock->slept, expected);
        QCOMPARE(m_told.first().reason, QStringLiteral("127.0.0.1 gets too many requests (429)"));
    }

    void longerThanFiveMinutesIsSaid()
    {
        m_registry->always("HEAD", blobs, answer(503).with("Retry-After", "3600"));
        const auto there = hasBlob();
        QVERIFY(!there);
        QVERIFY2(there.error().hint.contains(QStringLiteral("60 minutes")), qPrintable(there.error().text()));
        QCOMPARE(asked("HEAD", blobs), 1);
        QVERIFY(m_clock->slept.isEmpty());
    }

    // Whoever leaves does not wait for the gate that his own request shut.
    void cancelledWhileItWaitsAnUploadIsDeleted()
    {
        m_registry->always("POST", QStringLiteral(".*/uploads/"), answer(202).with("Location", "/up/1"));
        m_registry->always("PATCH", QStringLiteral("/up/1"), answer(202));
        m_registry->always("PUT", QStringLiteral("/up/1.*"), answer(429).with("Retry-After", "300"));
        m_registry->always("DELETE", QStringLiteral("/up/1"), answer(204));
        std::stop_source stop;
        m_onWaiting = [&stop] { stop.request_stop(); };
        const QByteArray large(2'000'000, 'x'); // so that what waits is the end of an upload
        const auto done =
            await(m_target->pushBlob(oci::Descriptor::of({}, large), content::readerOf(large), {}, stop.get_token()));
        QVERIFY(!done);
        await(m_client->settle());
        QCOMPARE(asked("DELETE", QStringLiteral("/up/1")), 1);
        QCOMPARE(m_clock->slept, Waits{300s}); // cut short, and nobody else's
    }

    void readingIsRepeated_data()
    {
        QTest::addColumn<test::Answer>("failure");
        QTest::addColumn<int>("asked");
        QTest::newRow("429") << answer(429) << 6;
        QTest::newRow("500 of a page") << answer(500, "<html>") << 6;
        QTest::newRow("500 with a code") << answer(500, coded) << 1;
        QTest::newRow("502") << answer(502) << 6;
        QTest::newRow("503") << answer(503) << 6;
        QTest::newRow("504") << answer(504) << 6;
        QTest::newRow("408") << answer(408) << 6;
        // Three times; a connection kept from before that turns out to be closed is replaced without counting.
        QTest::newRow("the connection ends") << test::hangUp() << 4;
        QTest::newRow("404") << answer(404) << 1;
        QTest::newRow("401") << answer(401) << 1;
        QTest::newRow("501") << answer(501) << 1;
    }

    void readingIsRepeated()
    {
        QFETCH(test::Answer, failure);
        QFETCH(int, asked);
        m_registry->always("GET", blobs, failure);
        const auto opened = await(m_target->openBlob(blob(), {}));
        QVERIFY(!opened);
        QCOMPARE(this->asked("GET", blobs), asked);
        m_registry->forget();
        m_registry->always("GET", blobs, answer(200, bytes)); // and afterwards it goes on as if nothing had been
        QVERIFY(await(m_target->openBlob(blob(), {})).has_value());
        QCOMPARE(this->asked("GET", blobs), 1);
    }

    void writingIsRepeatedWhereItIsSafe_data()
    {
        QTest::addColumn<bool>("byTag");
        QTest::addColumn<test::Answer>("failure");
        QTest::addColumn<int>("asked");
        QTest::newRow("by digest, 502") << false << answer(502) << 6;
        QTest::newRow("by digest, the connection ends") << false << test::hangUp() << 3;
        QTest::newRow("by digest, 500 with a code") << false << answer(500, coded) << 1;
        QTest::newRow("by tag, 503") << true << answer(503) << 6;
        QTest::newRow("by tag, 502") << true << answer(502) << 1;
        QTest::newRow("by tag, the connection ends") << true << test::hangUp() << 1;
    }

    void writingIsRepeatedWhereItIsSafe()
    {
        QFETCH(bool, byTag);
        QFETCH(test::Answer, failure);
        QFETCH(int, asked);
        m_registry->always("PUT", manifests, failure);
        const QByteArray manifest = R"({"schemaVersion":2})";
        const auto content = oci::Descriptor::of(oci::MediaType::ociManifest(), manifest);
        const auto done = byTag ? await(m_target->tag(content, manifest, QStringLiteral("1"), {}))
                                : await(m_target->pushManifest(content, manifest, {}));
        QVERIFY(!done);
        QCOMPARE(this->asked("PUT", manifests), asked);
    }

    void whoeverNeverAnsweredIsNotAskedAgain()
    {
        const quint16 port = m_registry->port();
        m_target = m_client->target(*oci::Reference::parse(QStringLiteral("127.0.0.1:%1/app").arg(port)));
        m_registry.reset(); // nobody listens there
        const auto there = hasBlob();
        QVERIFY(!there);
        QCOMPARE(there.error().kind, ErrorKind::Network);
        QVERIFY(m_clock->slept.isEmpty());
    }

    void tenTogetherComeBackAsOne()
    {
        for (int i = 0; i < 10; ++i)
            m_registry->once("HEAD", blobs, answer(429).with("Retry-After", "3"));
        m_registry->always("HEAD", blobs, answer(200).declaring(bytes.size()));
        auto all = base::forEachLimited(
            10, 10,
            [target = m_target](int, std::stop_token stop) -> base::Task<base::Result<void>> {
                return [](content::TargetPtr asked, std::stop_token stopped) -> base::Task<base::Result<void>> {
                    auto there = co_await asked->hasBlob(blob(), stopped);
                    if (!there)
                        co_return base::fail(there.error());
                    co_return base::Result<void>();
                }(target, stop);
            },
            {});
        const auto done = await(std::move(all));
        QVERIFY2(done, done ? "" : qPrintable(done.error().text()));
        QCOMPARE(asked("HEAD", blobs), 20); // one burst of refusals, and each of them once more
    }

    // A host that is busy is busy for those who ask it for a layer's address too, and the other way round.
    void oneGateForAHost()
    {
        m_registry->once("HEAD", blobs, answer(429).with("Retry-After", "42"));
        m_registry->always("HEAD", blobs, answer(200).declaring(bytes.size()));
        m_registry->always("GET", QStringLiteral("/layer"), answer(200, bytes));
        std::optional<base::Task<base::Result<content::UrlProbe>>> probing;
        m_onWaiting = [&] {
            if (!probing)
                probing = urls()->probe(m_registry->url(QStringLiteral("/layer")).toString(), blob(), false, {});
        };
        const auto there = hasBlob();
        QVERIFY2(there, there ? "" : qPrintable(there.error().text()));
        QVERIFY(probing);
        const auto probe = await(std::move(*probing));
        QVERIFY(probe && probe->isReachable());
        QCOMPARE(m_clock->slept, (Waits{42s, 42s}));
    }

    void aLayersAddressIsAskedOnce()
    {
        m_registry->always("GET", QStringLiteral("/layer"), answer(503));
        const auto probe =
            await(urls()->probe(m_registry->url(QStringLiteral("/layer")).toString(), blob(), false, {}));
        QVERIFY(probe && !probe->isReachable());
        QCOMPARE(asked("GET", QStringLiteral("/layer")), 1);
    }
};

QTEST_GUILESS_MAIN(TestPatientSend)
#include "tst_patientsend.moc"
