// SPDX-License-Identifier: Apache-2.0
// However large a layer is, unmarking it takes little memory: the blob goes from its url into the registry block by
// block. How long that takes is measured by bench_unmarklarge, not here.

#include "base/limits.h"
#include "registry/client.h"
#include "support/await.h"
#include "support/bigimage/bigimage.h"
#include "support/dockerregistry/dockerregistry.h"
#include "support/measured/measured.h"

#include <QTest>

using namespace colophon;
using test::BigImage;
using test::DockerRegistry;

class TestUnmarkLarge : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void inLittleMemory()
    {
        COLOPHON_NEED_DOCKER_REGISTRY();
#ifdef __SANITIZE_ADDRESS__
        const double most = 0; // the sanitizer's own memory says nothing about ours
#else
        const double most = 64;
#endif
        test::DockerRegistryOptions allowing;
        allowing.allowUrls = {QStringLiteral("^https?://.*")};
        const DockerRegistry vendor;
        const DockerRegistry destination(allowing);
        QVERIFY2(vendor.isRunning() && destination.isRunning(), qPrintable(vendor.problem() + destination.problem()));
        registry::Client client;
        const auto at = [](const DockerRegistry &registry, const char *name) {
            return *oci::Reference::parse(QString(registry.host() + QLatin1String(name)));
        };
        const oci::Reference layers = at(vendor, "/vendor/layers:none");
        const oci::Reference image = at(destination, "/vendor/image:1");
        const BigImage big(256 * base::limits::MiB);
        QCOMPARE(big.pushLayer(client, layers), QString());
        QCOMPARE(big.pushImage(client, image, layers), QString());
        QVERIFY(!*test::await(client.target(image)->hasBlob(big.layer(), {})));

        const test::Measured took = test::measured(
            QStringLiteral(COLOPHONCTL), {QStringLiteral("unmark"), image.toString(), QStringLiteral("--quiet"),
                                          QStringLiteral("--layer"), QStringLiteral("0")});
        QCOMPARE(took.exitCode, 0);
        QVERIFY(*test::await(client.target(image)->hasBlob(big.layer(), {})));
        qInfo("256 MiB: peak memory %.1f MiB", took.peakMiB);
        QVERIFY2(most <= 0 || took.peakMiB <= most, qPrintable(QStringLiteral("%1 MiB").arg(took.peakMiB)));
    }
};

QTEST_GUILESS_MAIN(TestUnmarkLarge)
#include "tst_unmarklarge.moc"
