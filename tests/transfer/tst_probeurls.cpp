// SPDX-License-Identifier: Apache-2.0
#include "operationrun.h"
#include "support/faketarget/faketarget.h"
#include "support/faketarget/fakeurls.h"
#include "support/faketarget/sampleimage.h"
#include "transfer/openimage.h"
#include "transfer/probeurls.h"

#include <QSignalSpy>

using namespace colophon;
using Verdict = content::UrlProbe::Verdict;

class TestProbeUrls : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void asksEachAddressOnce()
    {
        auto urls = std::make_shared<test::FakeUrls>();
        const QString good = QStringLiteral("https://dl.example/a");
        const QString locked = QStringLiteral("https://dl.example/locked");
        urls->serve(good, test::layerBytes(QStringLiteral("a")));
        urls->answer(locked, Verdict::NeedsCredentials, 401);
        const QList<transfer::ProbeUrls::Item> items{item(0, good), item(0, locked), item(1, good)};
        transfer::ProbeUrls probe(urls, items, false);
        QSignalSpy ready(&probe, &transfer::ProbeUrls::resultReady);
        QCOMPARE(probe.results().size(), 3);
        QVERIFY(test::finish(probe));
        QVERIFY(!probe.error());
        QCOMPARE(probe.results().at(0).verdict, Verdict::Reachable);
        QCOMPARE(probe.results().at(1).verdict, Verdict::NeedsCredentials);
        QCOMPARE(probe.results().at(2).verdict, Verdict::Reachable);
        QCOMPARE(urls->journal().size(), 2);
        QCOMPARE(ready.size(), 3);
    }
    void findsTheItemsOfATree()
    {
        auto store = std::make_shared<content::MemoryStore>(QStringLiteral("r.example"), QStringLiteral("a/b"));
        const oci::MediaType foreign = oci::MediaType::dockerLayerGzip().pair().value();
        const QList<oci::Descriptor> layers{
            test::layerOf(QStringLiteral("base"), foreign,
                          {QStringLiteral("https://dl.example/1"), QStringLiteral("https://dl.example/2")}),
            test::layerOf(QStringLiteral("app"), oci::MediaType::dockerLayerGzip())};
        const oci::Descriptor image = test::addImage(*store, QStringLiteral("windows/amd64"), layers);
        test::addIndex(*store, {image, image}, QStringLiteral("1"));
        transfer::OpenImage open(std::make_shared<test::FakeTarget>(store),
                                 oci::Reference::parse(QStringLiteral("r.example/a/b:1")).value());
        QVERIFY(test::finish(open));
        const auto all = transfer::ProbeUrls::itemsOf(open.tree());
        QCOMPARE(all.size(), 4);
        QCOMPARE(all.first().url, QStringLiteral("https://dl.example/1"));
        QCOMPARE(all.first().descriptor.digest, layers.first().digest);
        QCOMPARE(transfer::ProbeUrls::itemsOf(open.tree(), {all.last().layer}).size(), 2);
        QVERIFY(transfer::ProbeUrls::itemsOf({}).isEmpty());
    }
    void cancelled()
    {
        auto urls = std::make_shared<test::FakeUrls>();
        urls->hang(QStringLiteral("https://dl.example/slow"));
        transfer::ProbeUrls probe(urls, {item(0, QStringLiteral("https://dl.example/slow"))}, false);
        QSignalSpy finished(&probe, &transfer::Operation::finished);
        probe.start();
        test::settle();
        QCOMPARE(finished.size(), 0);
        probe.cancel();
        QVERIFY(QTest::qWaitFor([&] { return finished.size() == 1; }));
        QCOMPARE(probe.error()->kind, base::ErrorKind::Cancelled);
        QCOMPARE(probe.results().size(), 1);
    }
    void nothingToAsk()
    {
        transfer::ProbeUrls probe(std::make_shared<test::FakeUrls>(), {}, true);
        QVERIFY(test::finish(probe));
        QVERIFY(!probe.error());
    }

private:
    static transfer::ProbeUrls::Item item(int layer, const QString &url)
    {
        return {document::NodePath::root().layerAt(layer),
                test::layerOf(QStringLiteral("a"), oci::MediaType::ociLayerGzip(), {url}), url};
    }
};

QTEST_GUILESS_MAIN(TestProbeUrls)
#include "tst_probeurls.moc"
