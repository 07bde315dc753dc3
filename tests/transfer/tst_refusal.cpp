// SPDX-License-Identifier: Apache-2.0
#include "transfer/refusal.h"

#include "support/faketarget/sampleimage.h"

#include <QTest>

using namespace colophon;
using base::ErrorKind;
using oci::MediaType;

class TestRefusal : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void explained_data()
    {
        QTest::addColumn<QString>("layer"); // "plain", "foreign", "urls", "both"
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("code");
        QTest::addColumn<QString>("message"); // empty: unchanged
        const QString unknown = QStringLiteral("UNKNOWN");
        const QString urls = QStringLiteral("registry.example does not accept layer addresses (urls).");
        const QString address = QStringLiteral(
            "registry.example does not accept the image: layer 1 is non-distributable and needs an address.");
        QTest::newRow("docker-registry as it comes") << "both" << 500 << unknown << urls;
        QTest::newRow("ordinary type with urls") << "urls" << 500 << unknown << urls;
        QTest::newRow("says it is invalid") << "both" << 400 << "MANIFEST_INVALID" << urls;
        QTest::newRow("says it by 403") << "both" << 403 << "MANIFEST_INVALID" << urls;
        QTest::newRow("no code") << "both" << 500 << "" << urls;
        QTest::newRow("no address, blob unknown") << "foreign" << 400 << "MANIFEST_BLOB_UNKNOWN" << address;
        QTest::newRow("no address, 500") << "foreign" << 500 << unknown << address;
        QTest::newRow("no address and another with one") << "foreign and both" << 500 << unknown << address;
        const QString content =
            QStringLiteral("registry.example wants the content of layer 2 itself: it lets no layer of its type "
                           "(application/vnd.oci.image.layer.nondistributable.v1.tar+zstd) stay elsewhere.");
        QTest::newRow("zstd, on distribution 3") << "both and zstd" << 400 << "MANIFEST_BLOB_UNKNOWN" << content;
        QTest::newRow("zstd, where no address is allowed") << "both and zstd" << 500 << "MANIFEST_BLOB_UNKNOWN" << urls;
        QTest::newRow("nothing special") << "plain" << 500 << unknown << "";
        QTest::newRow("no permission") << "both" << 403 << "DENIED" << "";
        QTest::newRow("not signed in") << "both" << 401 << "UNAUTHORIZED" << "";
        QTest::newRow("too many requests") << "both" << 429 << "TOOMANYREQUESTS" << "";
        QTest::newRow("no such repository") << "both" << 404 << "NAME_UNKNOWN" << "";
        QTest::newRow("too large") << "both" << 413 << "" << "";
        QTest::newRow("down") << "both" << 503 << "" << "";
        QTest::newRow("no answer") << "both" << 0 << "" << "";
    }
    void explained()
    {
        QFETCH(QString, layer);
        QFETCH(int, status);
        QFETCH(QString, code);
        QFETCH(QString, message);
        base::Error refusal;
        refusal.kind = ErrorKind::Failed;
        refusal.message = QStringLiteral("unknown error");
        refusal.httpStatus = status;
        refusal.wireCode = code;
        const oci::Digest tagBefore = oci::Digest::of("old");
        const base::Error error = transfer::explained(refusal, manifestWith(layer), reference, tagBefore);
        if (message.isEmpty()) {
            QCOMPARE(error, refusal);
            return;
        }
        QCOMPARE(error.kind, ErrorKind::Denied);
        QCOMPARE(error.message, message);
        QCOMPARE(error.httpStatus, status);
        QVERIFY(error.hint.endsWith(
            QStringLiteral("Nothing was changed: `vendor/app:1.4` is still %1.").arg(tagBefore.toString())));
        QCOMPARE(error.hint.contains(QStringLiteral("`validation.manifests.urls.allow`")),
                 message.contains(QStringLiteral("(urls)")));
    }

private:
    static oci::Manifest manifestWith(const QString &what)
    {
        const QStringList urls{QStringLiteral("https://dl.example/a")};
        const MediaType plain = MediaType::dockerLayerGzip();
        const MediaType foreign = plain.pair().value();
        QList<oci::Descriptor> layers{test::layerOf(QStringLiteral("first"), plain)};
        if (what == QStringLiteral("urls"))
            layers.append(test::layerOf(QStringLiteral("second"), plain, urls));
        if (what.startsWith(QStringLiteral("foreign")))
            layers.append(test::layerOf(QStringLiteral("second"), foreign));
        if (what.contains(QStringLiteral("both")))
            layers.append(test::layerOf(QStringLiteral("third"), foreign, urls));
        if (what.endsWith(QStringLiteral("zstd")))
            layers.append(test::layerOf(
                QStringLiteral("fourth"),
                MediaType(QStringLiteral("application/vnd.oci.image.layer.nondistributable.v1.tar+zstd")), urls));
        const oci::Descriptor config = oci::Descriptor::of(MediaType::dockerConfig(), "{}");
        return oci::Manifest::parse(test::manifestJson(MediaType::dockerManifest(), config, layers)).value();
    }
    const oci::Reference reference = oci::Reference::parse(QStringLiteral("registry.example/vendor/app:1.4")).value();
};

QTEST_GUILESS_MAIN(TestRefusal)
#include "tst_refusal.moc"
