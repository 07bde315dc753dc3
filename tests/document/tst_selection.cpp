// SPDX-License-Identifier: Apache-2.0
#include "document/selection.h"
#include "support/canary/canary.h"
#include "support/imagegen/imagebuilder.h"

#include <QTest>

using namespace colophon;
using document::ImageTree;
using document::NodePath;
using document::Selection;

namespace {
const QString zstd = QStringLiteral("application/vnd.docker.image.rootfs.diff.tar.zstd");

// Entry 0 linux/amd64 [a b c], 1 linux/arm64 [a d], 2 windows(10.0.17763.1) [f e], 3 windows(10.0.20348.2) [g e],
// 4 linux/arm/v7 [h z(no pair) p], 5 linux/arm/v6 [p as zstd, no pair], 6 an attestation.
struct Image
{
    test::ImageBuilder builder;
    ImageTree tree = [this] {
        const auto s = [](const char *text) { return QString::fromLatin1(text); };
        const oci::Descriptor amd = builder.manifest({test::ordinary("a"), test::ordinary("b"), test::ordinary("c")});
        return builder.tree(builder.index(
            {amd, builder.manifest({test::ordinary("a"), test::ordinary("d")}, s("linux/arm64")),
             builder.manifest({test::foreign("f", {s("https://x.example/f")}), test::ordinary("e")},
                              s("windows(10.0.17763.1)/amd64")),
             builder.manifest({test::foreign("g"), test::ordinary("e")}, s("windows(10.0.20348.2)/amd64")),
             builder.manifest({test::ordinary("h"), test::typed("z", zstd), test::ordinary("p")}, s("linux/arm/v7")),
             builder.manifest({test::typed("p", zstd)}, s("linux/arm/v6")), builder.attestation(amd)}));
    }();
};

QList<oci::Platform> platforms(const QString &texts)
{
    QList<oci::Platform> all;
    for (const QString &text : texts.split(u' ', Qt::SkipEmptyParts))
        all.append(*oci::Platform::parse(text));
    return all;
}

// "0:1 2:0" for /manifests/0/layers/1 and /manifests/2/layers/0.
QString brief(const QList<NodePath> &paths)
{
    QStringList texts;
    for (const NodePath &path : paths) {
        QString text = path.entries.isEmpty() ? QString() : QString::number(path.entries.first());
        if (path.isLayer())
            text += u':' + QString::number(path.layer);
        texts.append(text);
    }
    return texts.join(u' ');
}

QString digestText(const char *content) { return test::digestOf(content).toString(); }
} // namespace

class TestSelection : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void picksPlatforms_data();
    void picksPlatforms();
    void refusesPlatforms_data();
    void refusesPlatforms();
    void anIndexMayNameOnePlatformTwice();
    void picksLayers_data();
    void picksLayers();
    void refusesLayers_data();
    void refusesLayers();
    void saysWhatItPassesByAndTakesAlong();
    void singleManifest();
    void ambiguousDigestNamesCandidates();
    void fillsInTemplates_data();
    void fillsInTemplates();
    void checksAddresses_data();
    void checksAddresses();
    void addressesKeepTheirPasswords_data();
    void addressesKeepTheirPasswords();
};

void TestSelection::picksPlatforms_data()
{
    QTest::addColumn<QString>("wanted");
    QTest::addColumn<QString>("images");
    const auto row = [](const char *wanted, const char *images) {
        QTest::newRow(wanted) << QString::fromLatin1(wanted) << QString::fromLatin1(images);
    };
    row("", "0 1 2 3 4 5");
    row("linux/amd64", "0");
    row("linux/arm/v6 linux/amd64 linux/arm/v6", "0 5");
    row("windows(10.0.17763)/amd64", "2");
    row("windows(10.0.20348.2)/amd64", "3");
}

void TestSelection::picksPlatforms()
{
    QFETCH(QString, wanted);
    QFETCH(QString, images);
    const Image image;
    const auto picked = document::selectImages(image.tree, platforms(wanted));
    QVERIFY(picked);
    QCOMPARE(brief(*picked), images);
}

void TestSelection::refusesPlatforms_data()
{
    QTest::addColumn<QString>("wanted");
    QTest::addColumn<QString>("says");
    const auto row = [](const char *wanted, const char *says) {
        QTest::newRow(wanted) << QString::fromUtf8(wanted) << QString::fromUtf8(says);
    };
    row("linux/s390x", "The image has no platform “linux/s390x”. It has linux/amd64, linux/arm64, "
                       "windows(10.0.17763.1)/amd64, windows(10.0.20348.2)/amd64, linux/arm/v7, linux/arm/v6.");
    row("linux/arm", "The platform “linux/arm” is ambiguous. It may be linux/arm/v7, linux/arm/v6.");
    row("windows/amd64", "It may be windows(10.0.17763.1)/amd64, windows(10.0.20348.2)/amd64.");
    row("unknown/unknown", "The image has no platform “unknown/unknown”."); // attestations are no images
}

void TestSelection::refusesPlatforms()
{
    QFETCH(QString, wanted);
    QFETCH(QString, says);
    const Image image;
    const auto picked = document::selectImages(image.tree, platforms(wanted));
    QVERIFY(!picked);
    QCOMPARE(picked.error().kind, base::ErrorKind::Usage);
    QVERIFY2(picked.error().text().contains(says), qPrintable(picked.error().text()));
}

void TestSelection::anIndexMayNameOnePlatformTwice()
{
    test::ImageBuilder builder;
    const QString arm = QStringLiteral("linux/arm");
    const oci::Descriptor plain = builder.manifest({test::ordinary("a")}, arm);
    const oci::Descriptor v7 = builder.manifest({test::ordinary("a")}, QStringLiteral("linux/arm/v7"));
    const oci::Descriptor other = builder.manifest({test::ordinary("b")}, arm);
    // Written in full it is that one, though it is also the beginning of another.
    QCOMPARE(brief(*document::selectImages(builder.tree(builder.index({v7, plain})), platforms(arm))),
             QStringLiteral("1"));
    // The same manifest twice is one image in two places.
    QCOMPARE(brief(*document::selectImages(builder.tree(builder.index({plain, plain})), platforms(arm))),
             QStringLiteral("0 1"));
    const auto picked = document::selectImages(builder.tree(builder.index({plain, other})), platforms(arm));
    QVERIFY(!picked);
    QVERIFY2(picked.error().text().contains(QStringLiteral("2 different images")), qPrintable(picked.error().text()));
}

void TestSelection::picksLayers_data()
{
    QTest::addColumn<QStringList>("selectors");
    QTest::addColumn<QString>("wanted");
    QTest::addColumn<QString>("layers");
    const auto row = [](const QString &selectors, const char *wanted, const char *layers) {
        QTest::newRow(qPrintable(selectors + u' ' + QLatin1String(wanted)))
            << selectors.split(u' ') << QString::fromLatin1(wanted) << QString::fromLatin1(layers);
    };
    const auto s = [](const char *text) { return QString::fromLatin1(text); };
    row(s("0"), "linux/amd64", "0:0 1:0"); // the same content in arm64 comes along
    row(s("1"), "linux/amd64", "0:1");
    row(s("1"), "linux/amd64 linux/arm64", "0:1 1:1");
    row(s("1-2"), "linux/amd64", "0:1 0:2");
    row(s("2-2"), "linux/amd64", "0:2");
    row(s("1 2"), "linux/amd64", "0:1 0:2");
    row(s("2 1-2 2"), "linux/amd64", "0:1 0:2");
    row(s("all"), "linux/amd64", "0:0 0:1 0:2 1:0");
    row(s("all"), "", "0:0 0:1 0:2 1:0 1:1 2:0 2:1 3:0 3:1 4:0");
    row(s("foreign"), "", "2:0 3:0");
    row(s("foreign"), "windows(10.0.20348)/amd64", "3:0");
    row(digestText("e"), "", "2:1 3:1");
    row(digestText("e"), "windows(10.0.20348)/amd64", "2:1 3:1"); // everywhere, also outside
    row(digestText("b").left(15), "", "0:1");
    row(s("foreign ") + digestText("b").left(15), "", "0:1 2:0 3:0");
}

void TestSelection::picksLayers()
{
    QFETCH(QStringList, selectors);
    QFETCH(QString, wanted);
    QFETCH(QString, layers);
    const Image image;
    const auto selection = document::selectLayers(image.tree, selectors, platforms(wanted));
    QVERIFY2(selection, selection ? "" : qPrintable(selection.error().text()));
    QCOMPARE(brief(selection->layers), layers);
}

void TestSelection::refusesLayers_data()
{
    QTest::addColumn<QString>("selector");
    QTest::addColumn<QString>("wanted");
    QTest::addColumn<QString>("says");
    const auto row = [](const QString &selector, const char *wanted, const char *says) {
        QTest::newRow(qPrintable(selector + u' ' + QLatin1String(wanted)))
            << selector << QString::fromLatin1(wanted) << QString::fromUtf8(says);
    };
    const auto s = [](const char *text) { return QString::fromUtf8(text); };
    row(s(""), "", "“” does not name layers. A layer is selected by its number (0)");
    row(s("first"), "", "“first” does not name layers.");
    row(s("-1"), "", "does not name layers");
    row(s("1-"), "", "does not name layers");
    row(s("sha256:"), "", "does not name layers");
    row(s("sha256:AB"), "", "does not name layers");
    row(s("md5:ab"), "", "does not name layers");
    row(s("Ｏ\x1b[31m"), "", "\\u001b[31m");
    row(s("3"), "", "No image has a layer 3. Layers are counted from 0; the last is 2.");
    row(s("0-3"), "", "No image has a layer 3.");
    row(s("0-99999999999"), "", "No image has a layer 99999999999.");
    row(s("2-1"), "", "The range “2-1” runs backwards. Write 1-2.");
    row(s("0"), "linux/s390x", "no platform “linux/s390x”");
    row(s("foreign"), "linux/amd64", "“foreign” selects nothing");
    row(s("all"), "linux/arm/v6",
        "No layer of the image can be toggled. Layer 0 of linux/arm/v6 is passed by: its type");
    row(s("1"), "linux/arm/v7",
        "Layer 1 of linux/arm/v7, selected by “1”, cannot be toggled: its type "
        "application/vnd.docker.image.rootfs.diff.tar.zstd has no non-distributable counterpart.");
    row(s("2"), "linux/arm/v7",
        "Layer 2 of linux/arm/v7 cannot be toggled: the same content is layer 0 of linux/arm/v6, and");
    row(s("sha256:0000000000"), "linux/amd64", "There are sha256:");
    row(digestText("d"), "linux/amd64", "It belongs to another platform of this image.");
    row(digestText("statement"), "", "No layer has the digest");
}

void TestSelection::refusesLayers()
{
    QFETCH(QString, selector);
    QFETCH(QString, wanted);
    QFETCH(QString, says);
    const Image image;
    const auto selection = document::selectLayers(image.tree, {selector}, platforms(wanted));
    QVERIFY(!selection);
    QCOMPARE(selection.error().kind, base::ErrorKind::Usage);
    QVERIFY2(selection.error().text().contains(says), qPrintable(selection.error().text()));
}

void TestSelection::saysWhatItPassesByAndTakesAlong()
{
    const Image image;
    const auto all = document::selectLayers(image.tree, {QStringLiteral("all")}, {});
    QVERIFY(all);
    const QString why = QStringLiteral("its type ") + zstd + QStringLiteral(" has no non-distributable counterpart.");
    QCOMPARE(
        all->passedBy,
        (QStringList{
            QStringLiteral("Layer 1 of linux/arm/v7 is passed by: ") + why,
            QStringLiteral("Layer 2 of linux/arm/v7 is passed by: the same content is layer 0 of linux/arm/v6, and ") +
                why,
            QStringLiteral("Layer 0 of linux/arm/v6 is passed by: ") + why}));
    QVERIFY(all->notes.isEmpty());

    const auto one =
        document::selectLayers(image.tree, {QStringLiteral("0")}, platforms(QStringLiteral("linux/arm64")));
    QVERIFY(one);
    QVERIFY(one->passedBy.isEmpty());
    QCOMPARE(one->notes,
             QStringList(QStringLiteral("Layer 0 of linux/amd64 is taken along: it is the same content as layer 0 of "
                                        "linux/arm64 (%1), which is marked everywhere or nowhere.")
                             .arg(test::digestOf("a").shortForm())));

    const auto shorter =
        document::selectLayers(image.tree, {QStringLiteral("2")}, platforms(QStringLiteral("linux/amd64 linux/arm64")));
    QVERIFY(shorter);
    QCOMPARE(brief(shorter->layers), QStringLiteral("0:2"));
    QCOMPARE(shorter->notes, QStringList(QStringLiteral("linux/arm64 has no layer 2: its last is 1.")));
}

void TestSelection::singleManifest()
{
    test::ImageBuilder builder;
    const ImageTree tree =
        builder.tree(builder.manifest({test::ordinary("a"), test::ordinary("a"), test::ordinary("b")}));
    const auto selection =
        document::selectLayers(tree, {QStringLiteral("0")}, platforms(QStringLiteral("linux/amd64")));
    QVERIFY(selection);
    QCOMPARE(brief(selection->layers), QStringLiteral(":0 :1"));
    QVERIFY(!document::selectLayers(tree, {QStringLiteral("0")}, platforms(QStringLiteral("linux/arm64"))));
    QVERIFY(!document::selectLayers(tree, {}, {}));

    const ImageTree empty = builder.tree(builder.manifest({}));
    const auto nothing = document::selectLayers(empty, {QStringLiteral("0")}, {});
    QVERIFY(!nothing);
    QCOMPARE(nothing.error().hint, QStringLiteral("The image has no layers."));

    oci::Descriptor strange = oci::Descriptor::of(oci::MediaType(QStringLiteral("application/x-thing")), "thing");
    const auto none = document::selectLayers(builder.tree(strange), {QStringLiteral("all")}, {});
    QVERIFY(!none);
    QCOMPARE(none.error().kind, base::ErrorKind::Usage);
}

void TestSelection::ambiguousDigestNamesCandidates()
{
    // Seventeen contents: two of them begin with the same digit.
    QList<test::LayerSpec> layers;
    for (int i = 0; i < 17; ++i)
        layers.append(test::ordinary("layer " + QByteArray::number(i)));
    test::ImageBuilder builder;
    const ImageTree tree = builder.tree(builder.manifest(layers));
    int ambiguous = 0;
    for (const char digit : QByteArray("0123456789abcdef")) {
        const QString selector = QStringLiteral("sha256:") + QLatin1Char(digit);
        QStringList matching;
        for (const test::LayerSpec &layer : layers) {
            const QString digest = test::digestOf(layer.content).toString();
            if (digest.startsWith(selector))
                matching.append(digest.left(19));
        }
        const auto selection = document::selectLayers(tree, {selector}, {});
        QCOMPARE(selection.has_value(), matching.size() == 1);
        if (matching.size() < 2)
            continue;
        ++ambiguous;
        QCOMPARE(selection.error().message, QStringLiteral("“%1” is the beginning of several digests.").arg(selector));
        QCOMPARE(selection.error().hint,
                 QStringLiteral("Write more of one of them: %1.").arg(matching.join(QStringLiteral(", "))));
    }
    QVERIFY(ambiguous > 0);
}

void TestSelection::fillsInTemplates_data()
{
    QTest::addColumn<QString>("urlTemplate");
    QTest::addColumn<QString>("address"); // empty: refused
    const auto row = [](const char *urlTemplate, const QString &address) {
        QTest::newRow(urlTemplate) << QString::fromLatin1(urlTemplate) << address;
    };
    const oci::Digest digest = test::digestOf("a");
    const QString hex = digest.hex();
    row("https://{registry}/v2/{repository}/blobs/{digest}",
        QStringLiteral("https://reg.example:5000/v2/vendor/app/blobs/sha256:") + hex);
    row("http://dl.example/{algorithm}/{hex}?x={hex}", QStringLiteral("http://dl.example/sha256/%1?x=%1").arg(hex));
    row("https://dl.example/fixed", QStringLiteral("https://dl.example/fixed"));
    row("{registry}/x", QString());
    row("ftp://dl.example/{digest}", QString());
    row("https://dl.example/{hex", QString());
    row("https://dl.example/hex}", QString());
    row("https://dl.example/{}", QString());
    row("https://dl.example/{tag}", QString());
    row("https://dl.example/{Hex}", QString());
    row("https://dl.example/{{hex}}", QString());
}

void TestSelection::fillsInTemplates()
{
    QFETCH(QString, urlTemplate);
    QFETCH(QString, address);
    const auto filled = document::filledIn(urlTemplate, QStringLiteral("reg.example:5000"),
                                           QStringLiteral("vendor/app"), test::digestOf("a"));
    QCOMPARE(filled.value_or(QString()), address);
    if (!filled)
        QCOMPARE(filled.error().kind, base::ErrorKind::Usage);
    if (!filled)
        QVERIFY2(filled.error().message.contains(urlTemplate), qPrintable(filled.error().message));
    if (urlTemplate == QStringLiteral("https://dl.example/{hex"))
        QVERIFY2(filled.error().message.contains(QStringLiteral("not closed")), qPrintable(filled.error().message));
    if (urlTemplate.contains(QStringLiteral("{tag}")))
        QCOMPARE(filled.error().hint,
                 QStringLiteral("The names are {registry}, {repository}, {digest}, {algorithm} and {hex}."));
}

void TestSelection::checksAddresses_data()
{
    QTest::addColumn<QString>("address");
    QTest::addColumn<QString>("result");
    const auto good = [](const char *address, const char *result = nullptr) {
        QTest::newRow(address) << QString::fromUtf8(address) << QString::fromUtf8(result ? result : address);
    };
    const auto bad = [](const char *address) { QTest::newRow(address) << QString::fromUtf8(address) << QString(); };
    good("https://x.example");
    good("http://x.example/");
    good("HTTPS://X.example/A");
    good("https://x.example:8443/a/b.tar.gz?sig=a%2Fb&c=%7E");
    good("https://127.0.0.1/a");
    good("https://[::1]:5000/a");
    good("https://x.example/a%7eb/../c//d");
    good("https://x.example/sha256:ab@cd");
    good("https://x.example/a'b(c)*!$&,;=[x]");
    good("https://x.example/\xc3\xa4?q=\xe2\x82\xac", "https://x.example/%C3%A4?q=%E2%82%AC");
    good("https://b\xc3\xbc"
         "cher.example/a",
         "https://xn--bcher-kva.example/a");
    bad("");
    bad("x.example/a");
    bad("ftp://x.example/a");
    bad("file:///etc/passwd");
    bad("data:text/plain,a");
    bad("javascript:alert(1)");
    bad("https:");
    bad("https:/x.example/a");
    bad("https:x.example/a");
    bad("https://");
    bad("https:///a");
    bad("https://?a");
    bad("https://:80/a");
    bad("https://x.example:99999/");
    bad("https://x.example:a/");
    bad("https://user@x.example/");
    bad("https://user:secret@x.example/");
    bad("https://@x.example/");
    bad("https://x.example\\@y.example/");
    bad("https://x.example/#a");
    bad("https://x.example/a b");
    bad(" https://x.example/a");
    bad("https://x.example/a\n");
    bad("https://x.example/\ta");
    bad("https://x.example/a\x7f");
    bad("https://x.example/\xc2\x85");
    bad("https://x.example/\xe2\x80\xae"
        "gpj.exe");
    bad("https://x.example/\xe2\x80\x8b");
    bad("https://x.example/{hex}");
    bad("https://x.example/<a>");
    bad("https://x.example/\"");
    bad("https://x.example/%");
    bad("https://x.example/%4");
    bad("https://x.example/%zz");
    bad("https://%65xample/");
    bad("https://exa mple/");
    bad("https://[::1/");
    bad("https://x..example/");
}

void TestSelection::checksAddresses()
{
    QFETCH(QString, address);
    QFETCH(QString, result);
    const auto checked = document::checkedAddress(address);
    QCOMPARE(checked.value_or(QString()), result);
    if (!checked) {
        QCOMPARE(checked.error().kind, base::ErrorKind::Usage);
        QVERIFY(checked.error().message.contains(QStringLiteral("cannot be a layer's address: ")));
    }
}

// A password in an address is refused, and not printed back either.
void TestSelection::addressesKeepTheirPasswords_data()
{
    QTest::addColumn<QString>("address");
    QTest::addColumn<QString>("shown");
    const auto row = [](const char *address, const char *shown) {
        // A name is printed.
        const QByteArray name = QByteArray(address).replace("S3CR3T", "***");
        QTest::newRow(name.constData()) << QString::fromUtf8(address) << QString::fromUtf8(shown);
    };
    row("http://user:" COLOPHON_CANARY "@x.example/a", "http://…@x.example/a");
    row("https://" COLOPHON_CANARY "@x.example:8443/a?b", "https://…@x.example:8443/a?b");
    row("https://user:S3CR3T@-canary@x.example/a@1", "https://…@x.example/a@1");
    row("HTTPS://user:" COLOPHON_CANARY "@x.example", "HTTPS://…@x.example");
    row("ftp://user:" COLOPHON_CANARY "@x.example/a", "ftp://…@x.example/a");
    row("https://user:" COLOPHON_CANARY " @x.example/", "https://…@x.example/");
    row("https://user:S3CR3T/-canary@x.example/", "https://…@x.example/");
    row("https://user:S3CR3T#-canary@x.example/", "https://…@x.example/");
    row("https:///user:" COLOPHON_CANARY "@x.example/", "https:///…@x.example/");
    row("https:user:" COLOPHON_CANARY "@x.example/", "…@x.example/");
    row("user:" COLOPHON_CANARY "@x.example/", "…@x.example/");
    row("https://x.example/a b", "https://x.example/a b");
}

void TestSelection::addressesKeepTheirPasswords()
{
    QFETCH(QString, address);
    QFETCH(QString, shown);
    const auto checked = document::checkedAddress(address);
    QVERIFY(!checked);
    QVERIFY2(checked.error().message.startsWith(shown + QStringLiteral(" cannot be a layer's address: ")),
             qPrintable(checked.error().message));
    for (const char *part : {"S3CR3T", "canary"})
        QVERIFY2(!checked.error().text().contains(QLatin1String(part)), qPrintable(checked.error().text()));
}

QTEST_GUILESS_MAIN(TestSelection)
#include "tst_selection.moc"
