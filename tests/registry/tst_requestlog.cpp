// SPDX-License-Identifier: Apache-2.0
// What the log is told of each request: its stages, its hops, its bytes, and no secret.

#include "registry/client.h"
#include "support/await.h"
#include "support/canary/canary.h"
#include "support/faultserver/faultserver.h"

#include <QTest>

using namespace colophon;
using content::RequestRecord;
using test::answer;
using test::await;
using test::FaultServer;
using test::TestAuthority;
using Stage = RequestRecord::Stage;

class TestRequestLog : public QObject
{
    Q_OBJECT

private:
    TestAuthority m_authority;
    std::unique_ptr<FaultServer> m_registry;
    std::unique_ptr<FaultServer> m_other;
    QList<RequestRecord> m_log;
    std::unique_ptr<registry::Client> m_client;
    content::TargetPtr m_target;
    const QByteArray m_bytes = "a blob of some bytes";

    QList<RequestRecord> of(const QString &path) const
    {
        QList<RequestRecord> found;
        for (const RequestRecord &record : m_log)
            if (record.url.contains(path))
                found.append(record);
        return found;
    }

private Q_SLOTS:
    void init()
    {
        m_log.clear();
        m_registry = std::make_unique<FaultServer>(m_authority, TestAuthority::Kind::Good);
        m_other = std::make_unique<FaultServer>(m_authority, TestAuthority::Kind::Good);
        m_registry->always("GET", QStringLiteral("/v2/"), answer(401).with("WWW-Authenticate", "Basic realm=\"r\""));
        registry::ClientOptions options;
        options.transport.caFile = m_authority.caFile();
        options.log = [this](const RequestRecord &record) { m_log.append(record); };
        m_client = std::make_unique<registry::Client>(options);
        m_client->signIn(m_registry->authority(), {QStringLiteral("user"), base::Secret(COLOPHON_CANARY)});
        m_target = m_client->target(*oci::Reference::parse(m_registry->authority() + QStringLiteral("/app")));
    }

    void aRedirectedBlobIsTwoRequestsOfThreeStages()
    {
        m_registry->always(
            "GET", QStringLiteral("/v2/app/blobs/.*"),
            answer(307).with("Location", m_other->url(QStringLiteral("/signed?key=" COLOPHON_CANARY)).toEncoded()));
        m_other->always("GET", QStringLiteral("/signed.*"), answer(200, m_bytes));
        {
            auto opened = await(m_target->openBlob(oci::Descriptor::of({}, m_bytes), {}));
            QVERIFY2(opened, opened ? "" : qPrintable(opened.error().text()));
            QVERIFY(await(content::readAll(std::move(*opened), 1000)).has_value());
        }
        const auto first = of(QStringLiteral("/blobs/"));
        const auto second = of(QStringLiteral("/signed"));
        for (const auto &stages : {first, second}) {
            QCOMPARE(stages.size(), 3);
            QCOMPARE(stages.at(0).stage, Stage::Begun);
            QCOMPARE(stages.at(1).stage, Stage::Answered);
            QCOMPARE(stages.at(2).stage, Stage::Over);
            QCOMPARE(stages.at(0).id, stages.at(2).id);
        }
        QVERIFY(first.first().id != second.first().id);
        QCOMPARE(first.last().status, 307);
        QCOMPARE(first.last().hop, 0);
        QCOMPARE(first.last().authorization, RequestRecord::Authorization::Basic);
        QCOMPARE(second.last().hop, 1);
        QCOMPARE(second.last().authorization, RequestRecord::Authorization::None);
        QCOMPARE(second.last().bytesReceived, m_bytes.size());
        QVERIFY(second.last().url.contains(QStringLiteral("key=***")));
    }

    void aStreamThatBreaksOffSaysSo()
    {
        m_registry->always("GET", QStringLiteral("/v2/app/tags/.*"), answer(200, "{").declaring(50).thenClose());
        QVERIFY(!await(m_target->tags({})));
        const auto stages = of(QStringLiteral("/tags/"));
        QCOMPARE(stages.last().stage, Stage::Over);
        QCOMPARE(stages.last().status, 200);
        QVERIFY(!stages.last().failure.isEmpty());
        QCOMPARE(stages.last().bytesReceived, 1);
    }

    void noSecretIsInIt()
    {
        m_registry->always("", QStringLiteral(".*"), answer(200, "{}"));
        (void)await(m_target->tags({}));
        QVERIFY(!m_log.isEmpty());
        const QByteArray secret = QByteArray("user:" COLOPHON_CANARY).toBase64();
        // The search finds what it looks for.
        QVERIFY(m_registry->requests().last().header("Authorization").contains(secret));
        for (const RequestRecord &record : m_log) {
            QString all = record.url + record.credential + record.failure + content::asCurl(record);
            for (const auto &[name, value] : record.headers)
                all += QString::fromLatin1(name + value);
            QVERIFY2(!all.contains(QStringLiteral(COLOPHON_CANARY)) && !all.contains(QString::fromLatin1(secret)),
                     qPrintable(all));
        }
    }
};

QTEST_GUILESS_MAIN(TestRequestLog)
#include "tst_requestlog.moc"
