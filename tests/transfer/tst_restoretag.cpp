// SPDX-License-Identifier: Apache-2.0
#include "transfer/restoretag.h"

#include "pushfixture.h"

using namespace colophon;
using namespace colophon::transfer;
using base::ErrorKind;

namespace {
const QString tag14 = QStringLiteral("1.4");
}

class TestRestoreTag : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        store = test::storeOf(QStringLiteral("registry.example"), QStringLiteral("vendor/app"));
        store->setDemandsContent(false);
        old = test::addIndex(*store, {}, tag14);
        pushed = test::addImage(*store, QStringLiteral("linux/amd64"), QStringList{QStringLiteral("base")});
        store->addManifest(store->manifestBytes(pushed.digest), pushed.mediaType, tag14);
        store->clearJournal();
    }

    void undoesAPush()
    {
        RestoreTag restoring(target(), request(pushed.digest));
        QVERIFY(test::finish(restoring));
        QVERIFY2(!restoring.error(), qPrintable(textOf(restoring)));
        QCOMPARE(store->tagged(tag14), old.digest);
        QVERIFY(restoring.outcome().changed);
        QCOMPARE(restoring.outcome().before, pushed.digest);
        QCOMPARE(restoring.outcome().now.digest, old.digest);
        // Verified from the registry itself before it gets the name, the tag read before and after.
        QCOMPARE(
            store->journal(),
            (QStringList{QLatin1String("HEAD manifest ") + old.digest.toString(),
                         QLatin1String("GET manifest ") + old.digest.toString(), QStringLiteral("HEAD manifest 1.4"),
                         QLatin1String("TAG 1.4 ") + old.digest.toString(), QStringLiteral("HEAD manifest 1.4")}));
    }
    void whateverItNames()
    {
        RestoreTag::Request any = request({});
        any.expected.reset();
        RestoreTag restoring(target(), any);
        QVERIFY(test::finish(restoring));
        QVERIFY2(!restoring.error(), qPrintable(textOf(restoring)));
        QCOMPARE(store->tagged(tag14), old.digest);
        QCOMPARE(restoring.outcome().before, pushed.digest);
    }
    void aNewTag()
    {
        RestoreTag::Request any = request({});
        any.expected.reset();
        any.tag = any.tag.withTag(QStringLiteral("stable"));
        RestoreTag restoring(target(), any);
        QVERIFY(test::finish(restoring));
        QVERIFY(!restoring.error());
        QCOMPARE(store->tagged(QStringLiteral("stable")), old.digest);
        QVERIFY(restoring.outcome().before.isNull());
    }
    void alreadyThere()
    {
        store->addManifest(store->manifestBytes(old.digest), old.mediaType, tag14);
        store->clearJournal();
        RestoreTag restoring(target(), request(pushed.digest));
        QVERIFY(test::finish(restoring));
        QVERIFY(!restoring.error());
        QVERIFY(!restoring.outcome().changed);
        QVERIFY(store->journal().filter(QStringLiteral("TAG ")).isEmpty());
    }
    void moved_data()
    {
        QTest::addColumn<bool>("force");
        QTest::addColumn<bool>("isGone");
        QTest::newRow("moved") << false << false;
        QTest::newRow("moved, forced") << true << false;
        QTest::newRow("gone") << false << true;
        QTest::newRow("gone, forced") << true << true;
    }
    void moved()
    {
        QFETCH(bool, force);
        QFETCH(bool, isGone);
        const oci::Descriptor theirs =
            test::addImage(*store, QStringLiteral("linux/arm64"), QStringList{QStringLiteral("theirs")});
        if (isGone)
            store->removeTag(tag14);
        else
            store->addManifest(store->manifestBytes(theirs.digest), theirs.mediaType, tag14);
        RestoreTag::Request wanted = request(pushed.digest);
        wanted.force = force;
        RestoreTag restoring(target(), wanted);
        QVERIFY(test::finish(restoring));
        QCOMPARE(!restoring.error(), force);
        if (force) {
            QCOMPARE(store->tagged(tag14), old.digest);
            return;
        }
        QCOMPARE(restoring.error()->kind, ErrorKind::Conflict);
        QCOMPARE(store->tagged(tag14), isGone ? oci::Digest() : theirs.digest);
        if (!isGone)
            QVERIFY(restoring.error()->message.contains(theirs.digest.toString()));
    }
    void overtaken()
    {
        int heads = 0;
        store->setObserver([&](const QString &line) {
            if (line == QStringLiteral("HEAD manifest 1.4") && ++heads == 2)
                store->addManifest(store->manifestBytes(pushed.digest), pushed.mediaType, tag14);
        });
        RestoreTag restoring(target(), request(pushed.digest));
        QVERIFY(test::finish(restoring));
        store->setObserver({});
        QCOMPARE(restoring.error()->kind, ErrorKind::Conflict);
        QVERIFY(restoring.error()->message.contains(pushed.digest.toString()));
    }
    void collected()
    {
        RestoreTag::Request wanted = request(pushed.digest);
        wanted.to = oci::Digest::of("collected");
        RestoreTag restoring(target(), wanted);
        QVERIFY(test::finish(restoring));
        QCOMPARE(restoring.error()->kind, ErrorKind::NotFound);
        QVERIFY(restoring.error()->hint.contains(QStringLiteral("backup")));
        QCOMPARE(store->tagged(tag14), pushed.digest);
    }
    void damaged()
    {
        store->replaceManifest(old.digest, "{}");
        RestoreTag restoring(target(), request(pushed.digest));
        QVERIFY(test::finish(restoring));
        QVERIFY(restoring.error());
        QCOMPARE(store->tagged(tag14), pushed.digest);
    }
    void immutable()
    {
        base::Error refusal;
        refusal.httpStatus = 412;
        refusal.message = QStringLiteral("No. It says: \"configured as immutable\" (PRECONDITION).");
        store->failNext(QStringLiteral("TAG 1.4"), refusal);
        RestoreTag restoring(target(), request(pushed.digest));
        QVERIFY(test::finish(restoring));
        QCOMPARE(restoring.error()->kind, ErrorKind::Denied);
        QCOMPARE(store->tagged(tag14), pushed.digest);
    }
    void nothingToName()
    {
        RestoreTag::Request wanted = request(pushed.digest);
        wanted.to = {};
        RestoreTag restoring(target(), wanted);
        QVERIFY(test::finish(restoring));
        QCOMPARE(restoring.error()->kind, ErrorKind::Usage);
        QVERIFY(store->journal().isEmpty());
    }

private:
    content::TargetPtr target() const { return std::make_shared<test::FakeTarget>(store); }
    RestoreTag::Request request(const oci::Digest &expected) const
    {
        RestoreTag::Request wanted;
        wanted.tag = test::referenceTo(*store, tag14);
        wanted.to = old.digest;
        wanted.expected = expected;
        return wanted;
    }
    static QString textOf(const RestoreTag &restoring)
    {
        return restoring.error() ? restoring.error()->text() : QString();
    }

    std::shared_ptr<content::MemoryStore> store;
    oci::Descriptor old;
    oci::Descriptor pushed;
};

QTEST_GUILESS_MAIN(TestRestoreTag)
#include "tst_restoretag.moc"
