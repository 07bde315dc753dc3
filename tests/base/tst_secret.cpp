// SPDX-License-Identifier: Apache-2.0
// A secret leaves no bytes behind. The one way it wipes is OPENSSL_cleanse; this program stands in for it and keeps
// account of what was wiped, which nothing else can see without reading freed memory.
#include "base/secret.h"

#include <openssl/crypto.h>

#include <QList>
#include <QTest>

#include <algorithm>
#include <cstring>
#include <memory>

namespace {
struct Wiped
{
    const void *at;
    QByteArray held;
};
QList<Wiped> wiped;

bool isWiped(const void *at, const QByteArray &held)
{
    return std::any_of(wiped.cbegin(), wiped.cend(),
                       [&](const Wiped &each) { return each.at == at && each.held == held; });
}
} // namespace

void OPENSSL_cleanse(void *bytes, size_t count)
{
    wiped.append({bytes, QByteArray(static_cast<const char *>(bytes), static_cast<qsizetype>(count))});
    std::memset(bytes, 0, count);
}

using colophon::base::Secret;

class TestSecret : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { wiped.clear(); }

    void itHoldsWhatItWasGiven()
    {
        QVERIFY(Secret().isEmpty());
        QVERIFY(Secret().reveal().isEmpty());
        const Secret secret(QByteArray("canary"));
        QVERIFY(!secret.isEmpty());
        QCOMPARE(secret.reveal(), QByteArray("canary"));
    }

    void itWipesWhenItGoes()
    {
        auto secret = std::make_unique<Secret>(QByteArray("canary"));
        const void *at = secret->reveal().constData();
        QVERIFY(!isWiped(at, "canary"));
        secret.reset();
        QVERIFY(isWiped(at, "canary"));
    }

    void itWipesWhatWasMovedIn()
    {
        QByteArray given("canary");
        const void *at = given.constData();
        const Secret secret(std::move(given));
        QVERIFY(isWiped(at, "canary"));
        QVERIFY(secret.reveal().constData() != at);
        QCOMPARE(secret.reveal(), QByteArray("canary"));
    }

    void aCallersOwnCopyStays()
    {
        const QByteArray kept("canary");
        const Secret secret{QByteArray(kept)};
        QCOMPARE(kept, QByteArray("canary"));
        QVERIFY(secret.reveal().constData() != kept.constData());
    }

    void copiesAreDeep()
    {
        auto first = std::make_unique<Secret>(QByteArray("canary"));
        const Secret second(*first);
        QVERIFY(second.reveal().constData() != first->reveal().constData());
        first.reset();
        QCOMPARE(second.reveal(), QByteArray("canary"));
    }

    void movingEmpties()
    {
        Secret first(QByteArray("canary"));
        const void *at = first.reveal().constData();
        const Secret second(std::move(first));
        QVERIFY(first.isEmpty()); // NOLINT(bugprone-use-after-move,clang-analyzer-cplusplus.Move)
        QCOMPARE(static_cast<const void *>(second.reveal().constData()), at);
    }

    void assigningWipesWhatWasThere()
    {
        Secret secret(QByteArray("old canary"));
        const void *at = secret.reveal().constData();
        secret = Secret(QByteArray("new"));
        QVERIFY(isWiped(at, "old canary"));
        QCOMPARE(secret.reveal(), QByteArray("new"));
        secret = *&secret; // a copy of itself
        QCOMPARE(secret.reveal(), QByteArray("new"));
    }
};

QTEST_GUILESS_MAIN(TestSecret)
#include "tst_secret.moc"
