// SPDX-License-Identifier: Apache-2.0
// Referrers without a registry's help: the index under the tag, who is in it, and what becomes of it when several
// people write it or somebody put something else there.
#include "base/limits.h"
#include "content/memorystore.h"
#include "content/referrerstag.h"
#include "support/await.h"

#include <QTest>

using namespace colophon;
using base::ErrorKind;
using content::MemoryStore;
using content::Referrers;
using test::await;

namespace {

oci::Descriptor subject() { return oci::Descriptor::of(oci::MediaType::ociManifest(), "the image"); }
const QString tag = content::referrersTag(oci::Digest::of("the image"));

QByteArray referrer(const QByteArray &members, const oci::Descriptor &of = subject())
{
    return R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"application/vnd.example.config","digest":")" +
           oci::Digest::of("{}").toLatin1() + R"(","size":2},"layers":[],)" + members + R"("subject":)" + of.toJson() +
           '}';
}

oci::Descriptor described(const QByteArray &bytes) { return oci::Descriptor::of(oci::MediaType::ociManifest(), bytes); }

QByteArray list(const QByteArray &entries)
{
    return R"({ "schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": [)" + entries +
           "] }";
}

QByteArray anyEntries(int count)
{
    QByteArrayList entries;
    for (int i = 0; i < count; ++i)
        entries.append(described(QByteArray::number(i)).toJson());
    return entries.join(',');
}

base::Result<Referrers::Source> push(MemoryStore &store, const QByteArray &bytes)
{
    return await(store.pushReferrer(described(bytes), bytes, subject(), {}));
}

QByteArray listed(const MemoryStore &store) { return store.manifestBytes(store.tagged(tag)); }

} // namespace

class TestReferrersTag : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theTagIsCutByTheSpecification()
    {
        QCOMPARE(content::referrersTag(oci::Digest::of("x")), QStringLiteral("sha256-") + oci::Digest::of("x").hex());
        const auto longer = oci::Digest::of("x", oci::Digest::Algorithm::Sha512);
        QCOMPARE(content::referrersTag(longer), QStringLiteral("sha512-") + longer.hex().left(64));
    }

    void noneAtFirst()
    {
        MemoryStore store;
        const auto found = await(store.referrers(subject().digest, {}));
        QVERIFY2(found, found ? "" : qPrintable(found.error().text()));
        QVERIFY(found->manifests.isEmpty());
        QCOMPARE(found->source, Referrers::Source::Tag);
    }

    void entriesSayWhatTheManifestsAre_data()
    {
        QTest::addColumn<QByteArray>("members");
        QTest::addColumn<QString>("artifactType");
        QTest::addColumn<oci::Annotations>("annotations");
        QTest::newRow("artifactType") << QByteArray(R"("artifactType":"application/x",)")
                                      << QStringLiteral("application/x") << oci::Annotations();
        QTest::newRow("config's type") << QByteArray() << QStringLiteral("application/vnd.example.config")
                                       << oci::Annotations();
        QTest::newRow("empty artifactType") << QByteArray(R"("artifactType":"",)")
                                            << QStringLiteral("application/vnd.example.config") << oci::Annotations();
        QTest::newRow("annotations") << QByteArray(
                                            R"("artifactType":"application/x","annotations":{"b":"\tü","a":""},)")
                                     << QStringLiteral("application/x")
                                     << oci::Annotations{{QStringLiteral("a"), QString()},
                                                         {QStringLiteral("b"), QStringLiteral("\tü")}};
    }
    void entriesSayWhatTheManifestsAre()
    {
        QFETCH(QByteArray, members);
        QFETCH(QString, artifactType);
        QFETCH(oci::Annotations, annotations);
        MemoryStore store;
        const QByteArray bytes = referrer(members);
        const auto pushed = push(store, bytes);
        QVERIFY2(pushed, pushed ? "" : qPrintable(pushed.error().text()));
        QCOMPARE(*pushed, Referrers::Source::Tag);
        const auto found = await(store.referrers(subject().digest, {}));
        QVERIFY(found);
        oci::Descriptor expected = described(bytes);
        expected.artifactType = artifactType;
        expected.annotations = annotations;
        QCOMPARE(found->manifests, QList{expected});
    }

    void anIndexCanBeAReferrer()
    {
        MemoryStore store;
        const QByteArray bytes =
            R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","artifactType":"application/x","manifests":[],"subject":)" +
            subject().toJson() + '}';
        const oci::Descriptor content = oci::Descriptor::of(oci::MediaType::ociIndex(), bytes);
        QVERIFY(await(store.pushReferrer(content, bytes, subject(), {})));
        const auto found = await(store.referrers(subject().digest, {}));
        QVERIFY(found);
        QCOMPARE(found->manifests.size(), 1);
        QCOMPARE(found->manifests.first().mediaType, oci::MediaType::ociIndex());
        QCOMPARE(found->manifests.first().artifactType, QStringLiteral("application/x"));
    }

    void othersStayByteForByte_data()
    {
        QTest::addColumn<QByteArray>("before");
        QTest::addColumn<QByteArray>("after"); // NEW: our entry
        const QByteArray strange = "{\"digest\" : \"sha256:" + QByteArray(64, 'a') +
                                   "\",\"size\":7, \"mediaType\":\"x\\/y\",\"unknown\":1.50e3}";
        QTest::newRow("empty") << list("") << list("NEW");
        QTest::newRow("one line") << list(strange) << list(strange + ",NEW");
        QTest::newRow("airy") << list(strange + ", " + anyEntries(1)) << list(strange + ", " + anyEntries(1) + ", NEW");
        QTest::newRow("indented") << list("\n    " + strange + "\n  ") << list("\n    " + strange + ",\n    NEW\n  ");
        QTest::newRow("nearly full") << list(anyEntries(999)) << list(anyEntries(999) + ",NEW");
    }
    void othersStayByteForByte()
    {
        QFETCH(QByteArray, before);
        QFETCH(QByteArray, after);
        MemoryStore store;
        store.addManifest(before, oci::MediaType::ociIndex(), tag);
        const QByteArray bytes = referrer({});
        const auto pushed = push(store, bytes);
        QVERIFY2(pushed, pushed ? "" : qPrintable(pushed.error().text()));
        oci::Descriptor entry = described(bytes);
        entry.artifactType = QStringLiteral("application/vnd.example.config");
        QCOMPARE(listed(store), after.replace("NEW", entry.toJson()));
    }

    void onceIsEnough()
    {
        MemoryStore store;
        const QByteArray bytes = referrer({});
        QVERIFY(push(store, bytes));
        const QByteArray before = listed(store);
        store.clearJournal();
        QVERIFY(push(store, bytes));
        QCOMPARE(listed(store), before);
        QCOMPARE(store.journal().filter(QStringLiteral("TAG")).size(), 0);
    }

    void whatIsListedTwiceIsOne()
    {
        MemoryStore store;
        store.addManifest(list(anyEntries(1) + ',' + anyEntries(2)), oci::MediaType::ociIndex(), tag);
        const auto found = await(store.referrers(subject().digest, {}));
        QVERIFY(found);
        QCOMPARE(found->manifests.size(), 2);
    }

    // What stands there is left alone, and said.
    void aTagThatIsNoList_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<oci::MediaType>("type");
        QTest::addColumn<int>("reading"); // -1: it can be read
        QTest::addColumn<int>("writing");
        const int invalid = int(ErrorKind::InvalidData);
        const int large = int(ErrorKind::TooLarge);
        const auto index = oci::MediaType::ociIndex();
        QTest::newRow("an image") << referrer({}) << oci::MediaType::ociManifest() << invalid << invalid;
        QTest::newRow("no JSON") << QByteArray("hello") << index << invalid << invalid;
        QTest::newRow("no entries") << QByteArray(R"({"schemaVersion":2})") << index << invalid << invalid;
        QTest::newRow("a bad digest") << list(R"({"mediaType":"x","digest":"sha256:../x","size":1})") << index
                                      << invalid << invalid;
        QTest::newRow("two meanings") << QByteArray(R"({"schemaVersion":2,"manifests":[],"manifests":[]})") << index
                                      << -1 << invalid;
        QTest::newRow("full") << list(anyEntries(1000)) << index << -1 << large;
        QTest::newRow("more than full") << list(anyEntries(1001)) << index << large << large;
        const QByteArray large4MiB(4 * base::limits::MiB - 300, ' ');
        QTest::newRow("no room") << list(anyEntries(1) + large4MiB) << index << -1 << large;
    }
    void aTagThatIsNoList()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(oci::MediaType, type);
        QFETCH(int, reading);
        QFETCH(int, writing);
        MemoryStore store;
        store.addManifest(bytes, type, tag);
        const auto found = await(store.referrers(subject().digest, {}));
        QCOMPARE(found ? -1 : int(found.error().kind), reading);
        const auto pushed = push(store, referrer({}));
        QVERIFY(!pushed);
        QCOMPARE(int(pushed.error().kind), writing);
        QVERIFY(!pushed.error().operation.isEmpty());
        QCOMPARE(listed(store), bytes);
    }

    void anotherSubjectIsRefused()
    {
        MemoryStore store;
        oci::Descriptor other = subject();
        other.size += 1;
        for (const QByteArray &bytes : {referrer({}, described("another image")), referrer({}, other),
                                        QByteArray(R"({"schemaVersion":2,"config":{"mediaType":"x","digest":"sha256:)" +
                                                   QByteArray(64, 'a') + R"(","size":1},"layers":[]})")}) {
            const auto pushed = push(store, bytes);
            QVERIFY(!pushed);
            QCOMPARE(pushed.error().kind, ErrorKind::Usage);
        }
        QCOMPARE(store.journal(), QStringList());
    }

    // Between our reading and our writing somebody adds another: both are there in the end.
    void whatOthersAddMeanwhileStays_data()
    {
        QTest::addColumn<int>("when"); // how-manieth look at the tag
        QTest::newRow("before we look again") << 2;
        QTest::newRow("after we have written") << 3;
    }
    void whatOthersAddMeanwhileStays()
    {
        QFETCH(int, when);
        MemoryStore store;
        const QByteArray theirs = list(anyEntries(3));
        int looks = 0;
        store.setObserver([&](const QString &line) {
            if (line == QLatin1String("HEAD manifest ") + tag && ++looks == when)
                store.addManifest(theirs, oci::MediaType::ociIndex(), tag); // they had not seen ours
        });
        const QByteArray bytes = referrer({});
        const auto pushed = push(store, bytes);
        QVERIFY2(pushed, pushed ? "" : qPrintable(pushed.error().text()));
        const auto found = await(store.referrers(subject().digest, {}));
        QVERIFY(found);
        QCOMPARE(found->manifests.size(), 4);
        QCOMPARE(found->manifests.last().digest, described(bytes).digest);
        QVERIFY(listed(store).startsWith(theirs.chopped(3)));
    }

    void whoAlwaysLosesSaysSo()
    {
        MemoryStore store;
        int count = 0;
        store.setObserver([&](const QString &line) {
            if (line == QLatin1String("HEAD manifest ") + tag)
                store.addManifest(list(anyEntries(++count)), oci::MediaType::ociIndex(), tag);
        });
        const auto pushed = push(store, referrer({}));
        QVERIFY(!pushed);
        QCOMPARE(pushed.error().kind, ErrorKind::Conflict);
        QVERIFY(!pushed.error().hint.isEmpty());
        QVERIFY(count < 10);
    }

    void everyRequestCanFail()
    {
        MemoryStore first;
        first.addManifest(list(anyEntries(1)), oci::MediaType::ociIndex(), tag);
        const QByteArray bytes = referrer({});
        QVERIFY(push(first, bytes));
        const QStringList journal = first.journal();
        QVERIFY(journal.size() >= 5);
        for (const QString &line : journal) {
            MemoryStore store;
            store.addManifest(list(anyEntries(1)), oci::MediaType::ociIndex(), tag);
            store.failNext(line, base::fail(ErrorKind::Network, QStringLiteral("It broke.")).error());
            const auto pushed = push(store, bytes);
            QVERIFY2(!pushed, qPrintable(line));
            QCOMPARE(pushed.error().kind, ErrorKind::Network);
        }
    }

    void itCanBeStopped()
    {
        MemoryStore store;
        std::stop_source stop;
        store.setObserver([&](const QString &line) {
            if (line.startsWith(QLatin1String("HEAD")))
                stop.request_stop();
        });
        const QByteArray bytes = referrer({});
        const auto pushed = await(store.pushReferrer(described(bytes), bytes, subject(), stop.get_token()));
        QVERIFY(!pushed);
        QCOMPARE(pushed.error().kind, ErrorKind::Cancelled);
        QVERIFY(store.tagged(tag).isNull());
        QVERIFY(!await(store.referrers(subject().digest, stop.get_token())));
    }
};

QTEST_GUILESS_MAIN(TestReferrersTag)
#include "tst_referrerstag.moc"
