// SPDX-License-Identifier: Apache-2.0
// An image that arrives signed, through the window: what is attached to it, how far that reaches, what an edit leaves
// behind, and what is said where a policy lets something pass or the registry does not list it.
#include "content/referrerstag.h"
#include "demo/demoregistry.h"
#include "journeys/fakeconnector.h"
#include "journeys/windowfixture.h"
#include "registry/client.h"
#include "signing/notationfixtures.h"
#include "widgets/inspector/inspector.h"
#include "widgets/inspector/signaturedetails.h"
#include "widgets/inspector/signaturespane.h"
#include "widgets/push/reviewsheet.h"
#include "widgets/signing/signingchoice.h"
#include "widgets/window/changebar.h"
#include "widgets/window/statusline.h"
#include "widgets/window/windowactions.h"

#include <QTest>
#include <QTreeView>

using namespace colophon;
using document::NodePath;
using Kind = document::Attachment::Kind;
using Push = widgets::PushController::State;

class VendorJourney : public QObject
{
    Q_OBJECT

    // In the order they are to go: the window last.
    std::unique_ptr<demo::DemoRegistry> m_demo;
    std::unique_ptr<content::Connector> m_connector;
    std::unique_ptr<test::WindowFixture> m_fixture;

    void startDemo(const demo::Options &options = {})
    {
        m_demo = std::make_unique<demo::DemoRegistry>(options);
        QVERIFY2(m_demo->start(), qPrintable(m_demo->errorString()));
        m_connector = std::make_unique<registry::Client>();
        m_fixture = std::make_unique<test::WindowFixture>(*m_connector);
        window().setSampleSource([this] {
            widgets::MainWindow::Samples samples;
            samples.publicKeyFiles = {m_fixture->write(QStringLiteral("vendor.pub"), m_demo->vendorKey())};
            samples.references = {vendors()};
            return samples;
        });
        window().offerSamples();
    }
    QString vendors() const { return m_demo->host() + QStringLiteral("/demo/signed:1.0"); }
    widgets::MainWindow &window() const { return m_fixture->window(); }
    widgets::SignaturesPane &pane() const { return *window().inspector()->signatures(); }
    QString status() const { return window().status()->signatureText(); }
    bool openImage(const QString &reference)
    {
        if (!m_fixture->open(reference))
            return false;
        window().actions()->signatures->trigger();
        return QTest::qWaitFor([this] {
            return m_fixture->isSettled() && !window().controller()->isListingAttachments() &&
                   window().controller()->attachments();
        });
    }
    // "Signature · cosign tag: Verified", … of the root's rows.
    QStringList rows() const
    {
        QStringList all;
        items::SignaturesModel *model = pane().model();
        const QModelIndex parent = model->rowOf(NodePath::root());
        for (int row = 0; row < model->rowCount(parent); ++row) {
            const QModelIndex index = model->index(row, 0, parent);
            all.append(QStringLiteral("%1: %2").arg(index.data().toString(), model->verdict(index).word));
        }
        all.sort();
        return all;
    }
    // What is said of the first row with this name.
    QString details(const QString &name) const
    {
        items::SignaturesModel *model = pane().model();
        const QModelIndex parent = model->rowOf(NodePath::root());
        for (int row = 0; row < model->rowCount(parent); ++row)
            if (model->index(row, 0, parent).data().toString() == name) {
                pane().view()->setCurrentIndex(model->index(row, 0, parent));
                return pane().details()->text();
            }
        return {};
    }

private Q_SLOTS:
    void cleanup()
    {
        m_fixture.reset();
        m_connector.reset();
        m_demo.reset();
    }

    void arrivesSigned()
    {
        startDemo();
        QVERIFY(openImage(vendors()));
        QCOMPARE(status(), QStringLiteral("Verified with vendor.pub"));
        QCOMPARE(rows(), (QStringList{QStringLiteral("Provenance · cosign bundle: Verified"),
                                      QStringLiteral("SBOM · SPDX: Unsigned"),
                                      QStringLiteral("Signature · cosign bundle: Verified"),
                                      QStringLiteral("Signature · cosign tag: Verified")}));
        const QString tag = details(QStringLiteral("Signature · cosign tag"));
        QVERIFY2(tag.contains(QStringLiteral("Made for: ") + m_demo->host() + QStringLiteral("/demo/signed")),
                 qPrintable(tag));
        const QString bundle = details(QStringLiteral("Signature · cosign bundle"));
        QVERIFY2(bundle.contains(QStringLiteral("Made for: this digest, in any repository")), qPrintable(bundle));
        QVERIFY2(bundle.contains(QStringLiteral("as good in any other repository")), qPrintable(bundle));
        m_fixture->picture("vendor-signed");
    }

    // Checking and showing are two who look; the registry is asked by one.
    void nothingIsReadTwice()
    {
        startDemo();
        QVERIFY(openImage(vendors()));
        QStringList asked;
        for (const demo::RequestSeen &each : m_demo->requests())
            if (each.target.contains(QLatin1String("referrers/")) || each.target.contains(QLatin1String("sha256-")) ||
                (each.target.contains(QLatin1String("sha256:")) && each.method == QLatin1String("GET")))
                asked.append(each.method + QLatin1Char(' ') + each.target);
        QVERIFY(asked.size() > 8);
        QCOMPARE(asked.removeDuplicates(), 0);
    }

    // The change bar says that a signature is missing where there was one, until the edits are taken back or pushed.
    void editedItIsNotSignedYet()
    {
        startDemo();
        QVERIFY(openImage(vendors()));
        auto *bar = window().changeBar();
        QCOMPARE(bar->signatureText(), QString());
        m_fixture->select(NodePath::root().layerAt(2));
        m_fixture->press(Qt::Key_Space);
        QVERIFY(bar->isVisible());
        QCOMPARE(bar->signatureText(), QStringLiteral("Not signed yet"));
        m_fixture->picture("vendor-edited");
        m_fixture->press(Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(bar->signatureText(), QString());
        m_fixture->press(Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(bar->signatureText(), QStringLiteral("Not signed yet"));

        const QString key = m_fixture->write(QStringLiteral("demo.key"), demo::demoPrivateKey());
        m_fixture->press(Qt::Key_Return, Qt::ControlModifier);
        window().review()->signing()->chooseKeyFile(key);
        QVERIFY(QTest::qWaitFor([&] { return window().review()->signing()->signers().size() == 2; }));
        QVERIFY(m_fixture->waitForPush(Push::Planned));
        m_fixture->press(Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(m_fixture->waitForPush(Push::Done));
        m_fixture->press(Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(QTest::qWaitFor([&] { return status().startsWith(QStringLiteral("Verified with demo")); }));
        QCOMPARE(bar->signatureText(), QString());
    }

    // Of an image that nobody signed it says nothing, before somebody chooses a key.
    void anUnsignedImageIsNotAskedFor()
    {
        startDemo();
        QVERIFY(openImage(m_demo->host() + QStringLiteral("/demo/half-marked:1")));
        m_fixture->select(NodePath::root().layerAt(0));
        m_fixture->press(Qt::Key_Space);
        auto *bar = window().changeBar();
        QVERIFY(bar->isVisible());
        QCOMPARE(bar->signatureText(), QString());
        m_fixture->press(Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(m_fixture->waitForPush(Push::Planned));
        window().review()->signing()->chooseKeyFile(
            m_fixture->write(QStringLiteral("demo.key"), demo::demoPrivateKey()));
        QVERIFY(QTest::qWaitFor([&] { return window().review()->signing()->signers().size() == 2; }));
        m_fixture->press(Qt::Key_Escape);
        QVERIFY(!window().isReviewing());
        QCOMPARE(bar->signatureText(), QStringLiteral("Not signed yet"));
        m_fixture->picture("vendor-key-chosen");
    }

    void underTheTagAlone()
    {
        demo::Options options;
        options.takesOverReferrers = false;
        startDemo(options);
        const auto target = m_connector->target(*oci::Reference::parse(vendors()));
        const auto image = test::await(target->resolve(QStringLiteral("1.0"), {})).value();
        const auto listed = test::await(target->referrers(image.digest, {})).value();
        QByteArrayList entries;
        for (const oci::Descriptor &each : listed.manifests)
            entries.append(each.toJson());
        const QByteArray list =
            R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[)" +
            entries.join(',') + "]}";
        QVERIFY(test::await(target->tag(oci::Descriptor::of(oci::MediaType::ociIndex(), list), list,
                                        content::referrersTag(image.digest), {})));
        QVERIFY(openImage(vendors()));
        QVERIFY(rows().contains(QStringLiteral("Signature · cosign bundle: Verified")));
        const QString bundle = details(QStringLiteral("Signature · cosign bundle"));
        QVERIFY2(bundle.contains(QStringLiteral("most tools will not find it")), qPrintable(bundle));
        QVERIFY2(bundle.contains(QStringLiteral("alone; the registry's own list")), qPrintable(bundle));
        const QString packages = details(QStringLiteral("SBOM · SPDX"));
        QVERIFY2(packages.contains(QStringLiteral("alone; the registry's own list")), qPrintable(packages));
        QVERIFY(!details(QStringLiteral("Signature · cosign tag")).contains(QStringLiteral("own list")));
        (void)details(QStringLiteral("Signature · cosign bundle"));
        m_fixture->picture("vendor-unlisted");
    }

    // A policy that only logs calls it valid, and the headline says what it let pass.
    void whatThePolicyOnlyLogs()
    {
        const QString repository = QStringLiteral("r.example/app");
        auto connector = std::make_unique<test::FakeConnector>();
        content::MemoryStore &store = connector->store(repository);
        store.addManifest(test::imageBytes(), oci::MediaType::ociManifest(), QStringLiteral("1"));
        const auto leaf = test::makeCertificate({});
        const auto chain = test::chainOf({leaf});
        const auto utc = [](int seconds) {
            return QDateTime::currentDateTimeUtc()
                .addSecs(seconds)
                .toString(QStringLiteral("\"yyyy-MM-ddTHH:mm:ssZ\""))
                .toLatin1();
        };
        test::EnvelopeWish wish;
        wish.critical = "[\"io.cncf.notary.signingScheme\",\"io.cncf.notary.expiry\"]";
        wish.more = ",\"io.cncf.notary.expiry\":" + utc(-60);
        wish.time = utc(-1800);
        test::attachEnvelope(std::shared_ptr<content::MemoryStore>(std::shared_ptr<void>(), &store),
                             test::envelopeOf(wish, leaf, chain), chain);
        const test::TrustFolder permissive({leaf.pem}, {.level = "permissive"});
        m_connector = std::move(connector);
        m_fixture = std::make_unique<test::WindowFixture>(*m_connector);
        m_fixture->settings().setSignatureTrust({{}, permissive.path(), permissive.policyFile()});
        m_fixture->restart();
        QVERIFY(openImage(repository + QStringLiteral(":1")));
        QVERIFY2(status().startsWith(QStringLiteral("Valid, but expired on 20")), qPrintable(status()));
        QCOMPARE(pane().verdict(), status());
        QCOMPARE(rows(), QStringList{QStringLiteral("Signature · notation: Valid, but…")});
        const QString said = details(QStringLiteral("Signature · notation"));
        QVERIFY2(said.contains(QStringLiteral("It only logs: The signature expired on")), qPrintable(said));
        QVERIFY2(said.contains(QStringLiteral("Made for: this digest, in any repository")), qPrintable(said));
        m_fixture->picture("vendor-only-logged");
    }
};

QTEST_MAIN(VendorJourney)
#include "tst_vendorjourney.moc"
