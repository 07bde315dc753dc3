// SPDX-License-Identifier: Apache-2.0
// The window on a registry whose certificate nobody vouches for: shown, accepted, remembered, changed, taken back. And
// that an image that is opened sends nobody to the addresses of its layers.
#include "journeys/windowfixture.h"
#include "registry/client.h"
#include "support/await.h"
#include "support/dockerregistry/dockerregistry.h"
#include "support/faultserver/faultserver.h"
#include "widgets/common/errorstrip.h"
#include "widgets/connect/acceptedcertificates.h"
#include "widgets/connect/certificatedialog.h"
#include "widgets/connect/referencebar.h"
#include "widgets/push/destinationchoice.h"
#include "widgets/push/reviewsheet.h"
#include "widgets/window/savestrip.h"
#include "widgets/window/selectionactions.h"
#include "widgets/window/statusline.h"
#include "widgets/window/windowactions.h"

#include <QApplication>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMessageBox>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTest>

using namespace colophon;
using Image = widgets::ImageController::State;
using Kind = test::TestAuthority::Kind;

namespace {

QByteArray quoted(const QByteArray &text) { return '"' + text + '"'; }

QByteArray json(const oci::Descriptor &part, const QByteArray &more = {})
{
    return "{\"mediaType\":" + quoted(part.mediaType.toString().toLatin1()) +
           ",\"digest\":" + quoted(part.digest.toLatin1()) + ",\"size\":" + QByteArray::number(part.size) + more + '}';
}

// An image with a non-distributable layer at this address.
void push(registry::Client &client, const oci::Reference &image, const QByteArray &url)
{
    const content::TargetPtr target = client.target(image);
    const QByteArray config("{\"architecture\":\"amd64\",\"os\":\"linux\"}");
    const auto configured = oci::Descriptor::of(oci::MediaType::ociConfig(), config);
    const auto layer = oci::Descriptor::of(oci::MediaType::ociLayerTar().pair().value(), "elsewhere");
    const QByteArray manifest =
        "{\"schemaVersion\":2,\"mediaType\":" + quoted(oci::MediaType::ociManifest().toString().toLatin1()) +
        ",\"config\":" + json(configured) + ",\"layers\":[" + json(layer, ",\"urls\":[" + quoted(url) + ']') + "]}";
    const auto blob = test::await(target->pushBlob(configured, content::readerOf(config), {}, {}));
    const auto done = test::await(
        target->tag(oci::Descriptor::of(oci::MediaType::ociManifest(), manifest), manifest, image.tag(), {}));
    if (!blob || !done)
        qFatal("%s", qPrintable((!blob ? blob.error() : done.error()).text()));
}

} // namespace

class TrustJourney : public QObject
{
    Q_OBJECT

private:
    test::TestAuthority m_authority;
    QTemporaryDir m_folder;

    test::DockerRegistryOptions optionsWith(Kind kind) const
    {
        m_authority.write(kind, m_folder.path(), QStringLiteral("server"));
        test::DockerRegistryOptions options;
        options.allowUrls = {QStringLiteral(".*")};
        options.certificateFile = m_folder.filePath(QStringLiteral("server.cert"));
        options.keyFile = m_folder.filePath(QStringLiteral("server.key"));
        return options;
    }

    static test::DockerRegistryOptions allowing()
    {
        test::DockerRegistryOptions options;
        options.allowUrls = {QStringLiteral(".*")};
        return options;
    }

    // Every registry is out in the world, and cdn.lab in a private network.
    static registry::ClientOptions fromOutside()
    {
        registry::ClientOptions options;
        options.plainHttp = true;
        options.transport.connectTimeout = std::chrono::milliseconds(300); // for the TLS that nobody answers
        options.transport.network.lookUp = [](const QString &host) {
            const bool isInside = host == QLatin1String("cdn.lab");
            return QList<QHostAddress>{QHostAddress(QLatin1String(isInside ? "10.1.2.3" : "93.184.215.14"))};
        };
        options.transport.network.route = [](const QHostAddress &) { return QHostAddress(QHostAddress::LocalHost); };
        return options;
    }

    // An image in a registry out in the world whose layer lies in a private network.
    struct Outside
    {
        test::DockerRegistry server{allowing()};
        test::FaultServer inside;
        registry::Client client{fromOutside()};
        QString registry = QStringLiteral("registry.world:%1").arg(server.port());
        QString image = registry + QStringLiteral("/app:1");

        void fill()
        {
            inside.always("", QStringLiteral(".*"), test::answer(200, "elsewhere"));
            push(client, *oci::Reference::parse(image),
                 inside.url(QStringLiteral("/layer"), QStringLiteral("cdn.lab")).toEncoded());
        }
    };

    // The button where it was refused, and yes to what it asks.
    static bool allow(const test::WindowFixture &fixture, QPushButton *remedy)
    {
        remedy->click();
        auto *box = waitFor<QMessageBox>(fixture);
        if (!box)
            return false;
        box->findChild<QPushButton *>(QStringLiteral("use"))->click();
        return true;
    }

    template <class Dialog>
    static Dialog *waitFor(const test::WindowFixture &)
    {
        Dialog *dialog = nullptr;
        const bool came = QTest::qWaitFor([&dialog] {
            dialog = qobject_cast<Dialog *>(QApplication::activeModalWidget());
            return dialog != nullptr;
        });
        return came ? dialog : nullptr;
    }

    // An error strip with its button, pressed; the dialog that comes.
    static widgets::CertificateDialog *showCertificate(test::WindowFixture &fixture, const QString &reference)
    {
        fixture.type(reference);
        QPushButton *remedy = fixture.window().errors()->remedyButton();
        if (!QTest::qWaitFor([remedy] { return remedy->isVisible(); }))
            return nullptr;
        remedy->click();
        return waitFor<widgets::CertificateDialog>(fixture);
    }

private Q_SLOTS:
    void initTestCase() { COLOPHON_NEED_DOCKER_REGISTRY(); }

    void aCertificateIsAcceptedAndTakenBack()
    {
        const test::DockerRegistry server(optionsWith(Kind::SelfSigned));
        QVERIFY2(server.isRunning(), qPrintable(server.problem()));
        const QString reference = server.host() + QStringLiteral("/app:1");
        registry::Client client;
        test::WindowFixture fixture(client);
        auto *dialog = showCertificate(fixture, reference);
        QVERIFY(dialog);
        fixture.picture("certificate");
        QCOMPARE(dialog->findChild<QLabel *>(QStringLiteral("server"))->text(), server.host());
        QVERIFY(!fixture.settings().acceptedCertificates().size());
        dialog->reject();
        QVERIFY(QTest::qWaitFor([] { return !QApplication::activeModalWidget(); }));
        QCOMPARE(fixture.window().controller()->state(), Image::Failed);
        QVERIFY(!fixture.window().errors()->error().text().contains(QStringLiteral("--"))); // no options of the command
        fixture.picture("certificate-refused");

        fixture.window().errors()->remedyButton()->click();
        dialog = waitFor<widgets::CertificateDialog>(fixture);
        QVERIFY(dialog);
        dialog->acceptButton()->click();
        // Believed now; there is no such image.
        QVERIFY(QTest::qWaitFor([&] {
            const auto error = fixture.window().controller()->error();
            return error && error->kind == base::ErrorKind::NotFound;
        }));
        QVERIFY(!fixture.window().errors()->remedyButton()->isVisible());
        const auto accepted = fixture.settings().acceptedCertificates();
        QCOMPARE(accepted.size(), 1);
        QCOMPARE(accepted.constFirst().server(), server.host());

        // It is remembered by the next run.
        registry::Client later;
        widgets::MainWindow next(later, fixture.settings(), fixture.drafts());
        next.open(*oci::Reference::parse(reference));
        QVERIFY(QTest::qWaitFor([&] { return next.controller()->state() == Image::Failed; }));
        QCOMPARE(next.controller()->error()->kind, base::ErrorKind::NotFound);

        // And taken back, also for connections that are open.
        fixture.window().actions()->certificates->trigger();
        auto *list = waitFor<widgets::AcceptedCertificates>(fixture);
        QVERIFY(list);
        fixture.picture("certificates");
        QCOMPARE(list->list()->count(), 1);
        list->removeButton()->click();
        fixture.picture("certificates-none");
        list->reject();
        QVERIFY(fixture.settings().acceptedCertificates().isEmpty());
        fixture.type(reference);
        QVERIFY(QTest::qWaitFor([&] {
            const auto error = fixture.window().controller()->error();
            return error && error->kind == base::ErrorKind::Tls;
        }));
    }

    void aCertificateIsAcceptedWhereAPushGoes()
    {
        const test::DockerRegistry from(allowing());
        const test::DockerRegistry to(optionsWith(Kind::SelfSigned));
        QVERIFY2(from.isRunning(), qPrintable(from.problem()));
        QVERIFY2(to.isRunning(), qPrintable(to.problem()));
        registry::Client client;
        const auto image = oci::Reference::parse(from.host() + QStringLiteral("/app:1"));
        push(client, *image, "https://dl.example/layer");
        test::WindowFixture fixture(client);
        QVERIFY(fixture.open(image->toString()));
        const document::SetAnnotation note{document::NodePath::root(), document::SetAnnotation::Where::Document,
                                           QStringLiteral("note"), QStringLiteral("for the other registry")};
        QVERIFY(fixture.document().edit({note}, QStringLiteral("Add a note")));
        auto *review = fixture.window().review();
        fixture.window().actions()->review->trigger();
        QVERIFY(fixture.waitForPush(widgets::PushController::State::Planned));
        QLineEdit *where = review->destination()->repositoryField();
        where->setFocus();
        where->selectAll();
        QTest::keyClicks(where, to.host() + QStringLiteral("/app"));
        QTest::keyClick(where, Qt::Key_Return);
        QPushButton *remedy = review->errors()->remedyButton();
        QVERIFY(QTest::qWaitFor([&] { return remedy->isVisible(); }));
        QCOMPARE(fixture.window().errors()->isVisible(), false); // it is said where it matters
        fixture.picture("certificate-of-destination");
        remedy->click();
        auto *dialog = waitFor<widgets::CertificateDialog>(fixture);
        QVERIFY(dialog);
        QCOMPARE(dialog->findChild<QLabel *>(QStringLiteral("server"))->text(), to.host());
        dialog->acceptButton()->click();
        QVERIFY(fixture.waitForPush(widgets::PushController::State::Planned));
        QVERIFY(!review->errors()->isVisible());
        QVERIFY(!review->controller()->plan().isBlocked());
        QCOMPARE(review->controller()->plan().request.destination.registry(), to.host());
    }

    void withoutEncryptionOnlyOnceAgreed()
    {
        test::DockerRegistryOptions locked = allowing();
        locked.withPassword = true;
        const test::DockerRegistry server(locked);
        QVERIFY2(server.isRunning(), qPrintable(server.problem()));
        const QString registry = QStringLiteral("registry.lab:%1").arg(server.port());
        registry::ClientOptions options;
        options.transport.network.lookUp = [](const QString &) {
            return QList<QHostAddress>{QHostAddress(QStringLiteral("10.1.2.3"))};
        };
        options.transport.network.route = [](const QHostAddress &) { return QHostAddress(QHostAddress::LocalHost); };
        const auto inClear = std::make_shared<QStringList>(); // where a credential went; requests may outlive us
        options.log = [inClear](const content::RequestRecord &record) {
            if (record.authorization != content::RequestRecord::Authorization::None &&
                record.url.startsWith(QStringLiteral("http:")))
                inClear->append(record.url);
        };
        registry::Client client(options);
        client.signIn(registry,
                      {test::DockerRegistry::user(), base::Secret(test::DockerRegistry::password().toUtf8())});
        test::WindowFixture fixture(client);
        fixture.type(registry + QStringLiteral("/app:1"));
        QPushButton *remedy = fixture.window().errors()->remedyButton();
        QVERIFY(QTest::qWaitFor([remedy] { return remedy->isVisible(); }));
        QCOMPARE(fixture.window().controller()->error()->kind, base::ErrorKind::Tls);
        QVERIFY(!fixture.window().errors()->error().text().contains(QStringLiteral("--")));
        const auto badge = [&fixture] {
            return fixture.window().referenceBar()->field()->actions().constFirst()->toolTip();
        };
        QVERIFY2(badge().startsWith(QStringLiteral("Encrypted")), qPrintable(badge()));
        fixture.picture("no-encryption");
        remedy->click();
        auto *box = waitFor<QMessageBox>(fixture);
        QVERIFY(box);
        fixture.picture("no-encryption-question");
        QTest::keyClick(box, Qt::Key_Return); // no
        QVERIFY(QTest::qWaitFor([] { return !QApplication::activeModalWidget(); }));
        QVERIFY(inClear->isEmpty());
        QVERIFY(!client.allowsPlainHttp(registry));

        remedy->click();
        box = waitFor<QMessageBox>(fixture);
        QVERIFY(box);
        box->findChild<QPushButton *>(QStringLiteral("use"))->click();
        // Let in, and there is no such image.
        QVERIFY(QTest::qWaitFor([&] {
            const auto error = fixture.window().controller()->error();
            return error && error->kind == base::ErrorKind::NotFound;
        }));
        QVERIFY(!inClear->isEmpty());
        QVERIFY2(badge().startsWith(QStringLiteral("Not encrypted")), qPrintable(badge()));
        fixture.picture("no-encryption-agreed");
    }

    // An image in a public registry whose layer lies in the customer's own network: asked only once that was agreed to.
    void privateAddressesOnlyOnceAgreed()
    {
        Outside outside;
        QVERIFY2(outside.server.isRunning(), qPrintable(outside.server.problem()));
        outside.fill();
        test::WindowFixture fixture(outside.client);
        QVERIFY(fixture.open(outside.image));
        widgets::ErrorStrip *strip = fixture.window().errors();

        fixture.window().actions()->probe->trigger();
        QPushButton *remedy = strip->remedyButton();
        QVERIFY(QTest::qWaitFor([remedy] { return remedy->isVisible(); }));
        QVERIFY2(strip->error().message.contains(QStringLiteral("10.1.2.3")), qPrintable(strip->error().message));
        fixture.picture("private-address");
        remedy->click();
        auto *box = waitFor<QMessageBox>(fixture);
        QVERIFY(box);
        QCOMPARE(box->text(), outside.registry + QStringLiteral(" leads to 10.1.2.3."));
        fixture.picture("private-address-question");
        QTest::keyClick(box, Qt::Key_Return); // no
        QVERIFY(QTest::qWaitFor([] { return !QApplication::activeModalWidget(); }));
        QCOMPARE(outside.inside.connections(), 0);

        QVERIFY(allow(fixture, remedy));
        QVERIFY(QTest::qWaitFor([&] { return fixture.window().controller()->reachable() == 1; }));
        QVERIFY(!strip->isVisible());
        QCOMPARE(outside.inside.requests().size(), 1);
        QVERIFY(!outside.inside.requests().first().has("Authorization"));
    }

    // Whoever saves the layer is asked, too, and it goes on.
    void savingAsksBeforeItFetchesFromPrivateAddresses()
    {
        Outside outside;
        QVERIFY2(outside.server.isRunning(), qPrintable(outside.server.problem()));
        outside.fill();
        test::WindowFixture fixture(outside.client);
        QVERIFY(fixture.open(outside.image));
        const QString path = fixture.folder() + QStringLiteral("/layer.tar");
        widgets::SelectionActions *selection = fixture.window().selection();
        selection->setFileChooser(
            [path](QWidget *, const QString &, const std::function<void(const QString &)> &chosen) { chosen(path); });
        fixture.select(fixture.document().tree().layers().constFirst());
        fixture.window().actions()->saveLayer->trigger();
        QPushButton *remedy = selection->saveStrip()->errors()->remedyButton();
        QVERIFY(QTest::qWaitFor([remedy] { return remedy->isVisible(); }));
        QCOMPARE(outside.inside.connections(), 0);
        QVERIFY(allow(fixture, remedy));
        QVERIFY(QTest::qWaitFor([&] { return QFile::exists(path); }));
        QFile saved(path);
        QVERIFY(saved.open(QIODevice::ReadOnly));
        QCOMPARE(saved.readAll(), QByteArray("elsewhere"));
    }

    // And where a push wants the blob from there.
    void aPushAsksBeforeItFetchesFromPrivateAddresses()
    {
        Outside outside;
        QVERIFY2(outside.server.isRunning(), qPrintable(outside.server.problem()));
        outside.fill();
        test::WindowFixture fixture(outside.client);
        QVERIFY(fixture.open(outside.image));
        const document::SetMarking ordinary{fixture.document().tree().layers().constFirst(), false, {}};
        QVERIFY(fixture.document().edit({ordinary}, QStringLiteral("Make it distributable")));
        auto *review = fixture.window().review();
        fixture.window().actions()->review->trigger();
        QVERIFY(fixture.waitForPush(widgets::PushController::State::Planned));
        QVERIFY(fixture.click("push"));
        QPushButton *remedy = review->errors()->remedyButton();
        QVERIFY(QTest::qWaitFor([remedy] { return remedy->isVisible(); }));
        QCOMPARE(outside.inside.connections(), 0);
        fixture.picture("private-address-push");
        QVERIFY(allow(fixture, remedy));
        QVERIFY(fixture.waitForPush(widgets::PushController::State::Planned)); // to be looked at again
        QVERIFY(fixture.click("push"));
        QVERIFY(fixture.waitForPush(widgets::PushController::State::Done));
        QCOMPARE(outside.inside.requests().size(), 1);
        QVERIFY(!outside.inside.requests().first().has("Authorization"));
    }

    void aChangedCertificateIsSaid()
    {
        const test::DockerRegistry server(optionsWith(Kind::SelfSigned));
        QVERIFY2(server.isRunning(), qPrintable(server.problem()));
        registry::Client client;
        const content::CertificateException before{QStringLiteral("127.0.0.1"), server.port(), oci::Digest::of("old")};
        client.accept(before);
        test::WindowFixture fixture(client);
        fixture.settings().acceptCertificate(before);
        auto *dialog = showCertificate(fixture, server.host() + QStringLiteral("/app:1"));
        QVERIFY(dialog);
        QVERIFY(fixture.window().errors()->error().message.contains(QStringLiteral("changed")));
        QVERIFY(dialog->findChild<QLabel *>(QStringLiteral("problems"))->text().contains(QStringLiteral("before")));
        fixture.picture("certificate-changed");
        dialog->acceptButton()->click();
        QVERIFY(QTest::qWaitFor([&] {
            const auto error = fixture.window().controller()->error();
            return error && error->kind == base::ErrorKind::NotFound;
        }));
        QCOMPARE(fixture.settings().acceptedCertificates().size(), 1);
        QVERIFY(fixture.settings().acceptedCertificates().constFirst() != before);
    }

    void openingSendsNobodyToTheAddresses()
    {
        const test::DockerRegistry server(optionsWith(Kind::Good));
        QVERIFY2(server.isRunning(), qPrintable(server.problem()));
        test::FaultServer collector;
        collector.always("", QStringLiteral(".*"), test::answer(200, "elsewhere"));
        registry::ClientOptions options;
        options.transport.caFile = m_authority.caFile();
        registry::Client client(options);
        const auto image = oci::Reference::parse(server.host() + QStringLiteral("/app:1"));
        push(client, *image, collector.url(QStringLiteral("/layer")).toEncoded());
        test::WindowFixture fixture(client);
        QVERIFY(fixture.open(image->toString()));
        QCOMPARE(collector.connections(), 0);
        // Only when asked to.
        fixture.window().actions()->probe->trigger();
        QVERIFY(QTest::qWaitFor([&] { return collector.requests().size() == 1; }));
    }

    void shortNamesAreSaid()
    {
        const test::DockerRegistry server(allowing());
        QVERIFY2(server.isRunning(), qPrintable(server.problem()));
        const QString conf = m_folder.filePath(QStringLiteral("registries.conf"));
        QFile file(conf);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("[aliases]\nours = '" + server.host().toUtf8() + "/team/app'\n");
        file.close();
        registry::ClientOptions options;
        options.registries = *registry::trust::RegistriesConf::read({conf});
        registry::Client client(options);
        const auto image = oci::Reference::parse(server.host() + QStringLiteral("/team/app:1"));
        push(client, *image, "https://dl.example/layer");
        test::WindowFixture fixture(client);
        QVERIFY(fixture.open(QStringLiteral("docker pull ours:1")));
        QCOMPARE(fixture.window().referenceBar()->field()->text(), image->toString());
        QVERIFY2(fixture.window().status()->said().contains(QStringLiteral("is short for")),
                 qPrintable(fixture.window().status()->said()));
    }
};

QTEST_MAIN(TrustJourney)
#include "tst_trustjourney.moc"
