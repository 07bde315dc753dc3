// SPDX-License-Identifier: Apache-2.0
// What a vendor reads about a marked layer: for customers with Docker 27 on Windows, with Docker 28, and with
// containerd behind a closed door; and the same pane on an image of ten thousand layers.
#include "items/consequencesmodel.h"
#include "journeys/fakeconnector.h"
#include "journeys/windowfixture.h"
#include "support/bigimage/manyparts.h"
#include "support/faketarget/sampleimage.h"
#include "widgets/common/wrappingtabs.h"
#include "widgets/inspector/clientsdialog.h"
#include "widgets/inspector/consequencespane.h"
#include "widgets/inspector/findingspane.h"
#include "widgets/inspector/inspector.h"
#include "widgets/push/noticelist.h"
#include "widgets/push/reviewsheet.h"
#include "widgets/tree/imagetreeview.h"

#include <QApplication>
#include <QDialogButtonBox>
#include <QElapsedTimer>
#include <QListWidget>
#include <QPushButton>
#include <QStyleOptionViewItem>
#include <QTest>
#include <QTimer>
#include <QToolButton>
#include <QTreeView>

#include <algorithm>

using namespace colophon;
using document::NodePath;
using items::ConsequencesModel;
using Push = widgets::PushController::State;

namespace {
const QString name = QStringLiteral("registry.example/vendor/app");
const QString reference = name + QStringLiteral(":1.4");
const QString onLinux = name + QStringLiteral(":1.4-linux"); // the same for Linux
const oci::MediaType foreign(QStringLiteral("application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"));
QString s(const char *text) { return QString::fromUtf8(text); }
} // namespace

class ConsequencesJourney : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void docker27OnWindows();
    void docker28();
    void docker28OnWindows();
    void airGappedContainerd();
    void whatIsNotSureSaysSo();
    void theRegistryIsRecognised();
    void theRegistryIsWhatAPersonSays();
    void theKeysOfThePane();
    void everyRepairIsOneStepThatIsUndone_data();
    void everyRepairIsOneStepThatIsUndone();
    void addressesLeftByAnEditGoInOneStep();
    void everyRowIsWholeInASmallWindow();
    void tenThousandLayers();

private:
    void nothingIsCutAt(const QSize &size);
    widgets::ConsequencesPane &pane() { return *m_fixture->window().inspector()->consequences(); }
    static NodePath layer(int number) { return NodePath::root().layerAt(number); }
    // Opens the image with the pane in front, for one layer or, below zero, the whole.
    void look(int number, const QString &image = reference);
    // Ticks these and no others in the dialog of the clients.
    void choose(const QStringList &lines);
    // "Docker … · Push: Leaves it behind (run by our tests). Docker …", of every open row; an edit's as "old → new".
    QStringList rows();
    // What stands at the top.
    QStringList tops()
    {
        QStringList all;
        for (int row = 0; row < pane().model()->rowCount(); ++row)
            all << pane().model()->index(row, 0).data(items::FullTextRole).toString();
        return all;
    }
    QString summary() { return pane().model()->summary().replace(u'\n', u' '); }
    QStringList notices();

    std::unique_ptr<test::FakeConnector> m_connector;
    std::unique_ptr<test::WindowFixture> m_fixture;
};

void ConsequencesJourney::init()
{
    m_connector = std::make_unique<test::FakeConnector>();
    content::MemoryStore &store = m_connector->store(name);
    const QStringList cdn{s("https://cdn.example/base")};
    const auto app = test::layerOf(s("app"), oci::MediaType::dockerLayerGzip());
    m_connector->urls().serve(cdn.first(), test::layerBytes(s("base")));
    for (const auto &[platform, tag] :
         {std::pair{s("windows(10.0.17763)/amd64"), s("1.4")}, std::pair{s("linux/amd64"), s("1.4-linux")}}) {
        const auto image = test::addImage(store, platform, {test::layerOf(s("base"), foreign, cdn), app});
        store.addManifest(store.manifestBytes(image.digest), image.mediaType, tag);
    }
    m_fixture = std::make_unique<test::WindowFixture>(*m_connector);
}

void ConsequencesJourney::cleanup()
{
    m_fixture.reset();
    m_connector.reset();
}

void ConsequencesJourney::look(int number, const QString &image)
{
    QVERIFY(m_fixture->open(image));
    m_fixture->select(number < 0 ? NodePath::root() : layer(number));
    m_fixture->window().inspector()->setCurrentTab(widgets::Inspector::Tab::Consequences);
    QVERIFY(pane().isVisible());
}

void ConsequencesJourney::choose(const QStringList &lines)
{
    QTest::mouseClick(pane().clientsButton(), Qt::LeftButton);
    auto *dialog = m_fixture->window().findChild<widgets::ClientsDialog *>();
    QVERIFY(dialog && dialog->isVisible());
    m_fixture->picture("consequences-clients");
    int found = 0;
    for (int row = 0; row < dialog->list()->count(); ++row) {
        QListWidgetItem *item = dialog->list()->item(row);
        const bool isWanted = lines.contains(item->text());
        found += isWanted;
        item->setCheckState(isWanted ? Qt::Checked : Qt::Unchecked);
    }
    QCOMPARE(found, lines.size());
    QTest::mouseClick(dialog->findChild<QDialogButtonBox *>()->button(QDialogButtonBox::Ok), Qt::LeftButton);
    QVERIFY(!dialog->isVisible());
}

QStringList ConsequencesJourney::rows()
{
    QStringList all;
    const ConsequencesModel *model = pane().model();
    for (int top = 0; top < model->rowCount(); ++top) {
        const QModelIndex group = model->index(top, 0);
        if (!pane().view()->isExpanded(group))
            continue;
        for (int row = 0; row < model->rowCount(group); ++row) {
            const QModelIndex index = model->index(row, 0, group);
            const QString before = index.data(ConsequencesModel::BeforeRole).toString();
            all << (before.isEmpty() ? QString() : before + s(" → ")) + index.data(items::FullTextRole).toString();
        }
    }
    return all;
}

QStringList ConsequencesJourney::notices()
{
    m_fixture->press(Qt::Key_Return, Qt::ControlModifier);
    if (!m_fixture->waitForPush(Push::Planned))
        return {s("no plan")};
    return m_fixture->window().review()->notices()->sentences();
}

void ConsequencesJourney::docker27OnWindows()
{
    look(0);
    choose({s("Docker 17.06 to 27 on Windows")});
    m_fixture->picture("consequences-docker27");
    QCOMPARE(summary(), s("The layer stays behind when this image is pushed with Docker 17.06 to 27 on Windows. "
                          "Docker 17.06 to 27 on Windows asks the registry first, then cdn.example."));
    QCOMPARE(rows(),
             (QStringList{
                 s("Docker 17.06 to 27 on Windows · Pull: Asks the registry first, then its addresses (read in its "
                   "source). Docker on Windows asks the registry first and then each address in turn, without "
                   "credentials."),
                 s("Docker 17.06 to 27 on Windows · Push: Leaves it behind (read in its source). Docker up to 27 on "
                   "Windows leaves the layer behind and keeps its type and addresses in the manifest it pushes."),
                 s("Docker 17.06 to 27 on Windows · Push · allow-nondistributable-artifacts names the registry: "
                   "Uploads it (read in its source). With this option Docker uploads the layer and describes it as an "
                   "ordinary one without addresses.")}));
    // The choice is remembered.
    QCOMPARE(m_fixture->settings().customersClients(), QStringList(s("docker-windows/to-27")));
    m_fixture->restart();
    look(0);
    QCOMPARE(rows().size(), 3);
}

void ConsequencesJourney::docker28()
{
    m_fixture->settings().setCustomersClients({s("docker-windows/from-28"), s("docker-linux/from-23")});
    m_fixture->restart();
    look(1, onLinux); // the ordinary layer, to be marked
    QCOMPARE(summary(), s("The layer goes along with Docker 23 and later on Linux."));
    m_fixture->select(layer(1));
    m_fixture->press(Qt::Key_Space);
    m_fixture->picture("consequences-docker28");
    QVERIFY2(tops().contains(s("1 layer, non-distributable (Docker type); before: distributable (Docker type)")),
             qPrintable(tops().join(u'\n')));
    const QString cutOff =
        s("Customers with Docker 23 and later on Linux cannot pull this image from a registry that lacks the layers "
          "which stay behind, such as one it is copied to: their addresses are never asked. If you have such "
          "customers, make the layers distributable, or put them into every registry these pull from. See "
          "https://github.com/moby/moby/pull/27961");
    QCOMPARE(tops()[1], s("Warning: ") + cutOff);
    QCOMPARE(
        rows(),
        (QStringList{
            s("Fetches it from the registry → Docker 23 and later on Linux · Pull: Ignores the addresses (run with 29 "
              "(moby/v2 2.0.0-beta.24)). Docker on Linux asks only the registry for the layer, so the pull fails where "
              "the registry does "
              "not "
              "hold it."),
            s("Docker 23 and later on Linux · Push: Uploads it (run with 29 (moby/v2 2.0.0-beta.24)). Docker on Linux "
              "packs the layer "
              "anew, uploads it and describes it as an ordinary one without addresses: the marking is lost and the "
              "image gets a "
              "new digest."),
            s("Docker 23 and later on Linux · Save: Takes it along (run with 29 (moby/v2 2.0.0-beta.24)). Docker on "
              "Linux takes the layer "
              "into the archive, unpacked."),
            s("Docker 23 and later on Linux · Build: Uploads it (run with 29 (moby/v2 2.0.0-beta.24)). The builder "
              "inside Docker on Linux "
              "keeps nothing of the marking: the layer of a base image is uploaded as an ordinary one without "
              "addresses.")}));
    // What is said before it is pushed: what is thought of marking anew, with a page each.
    const QStringList said = notices();
    m_fixture->picture("consequences-docker28-review");
    QVERIFY2(said.contains(s("Docker 28 and later uploads every layer, whatever its marking: the option that decided "
                             "about it is deprecated and ignored. See https://docs.docker.com/engine/deprecated/"
                             "#configuration-for-pushing-non-distributable-artifacts")),
             qPrintable(said.join(u'\n')));
    QVERIFY(said.contains(
        s("The OCI image specification 1.1 has deprecated non-distributable layers and asks tools to make no new ones; "
          "images that have them stay supported. See "
          "https://github.com/opencontainers/image-spec/blob/v1.1.0/layer.md#non-distributable-layers")));
    QVERIFY(said.contains(s("Marking a layer is a request to tools, not a lock: anyone who knows the address can "
                            "download it. Use permissions on the registry, or encryption, to keep it private. See "
                            "https://github.com/containers/ocicrypt")));
    QVERIFY2(said.contains(cutOff), qPrintable(said.join(u'\n')));
    // Nobody of these asks the addresses first.
    QVERIFY(!said.join(u'\n').contains(s("Customers who cannot reach")));
}

// The same layer in an image for Windows: what Docker on Linux does is of no matter.
void ConsequencesJourney::docker28OnWindows()
{
    m_fixture->settings().setCustomersClients({s("docker-windows/from-28"), s("docker-linux/from-23")});
    m_fixture->restart();
    look(1);
    QCOMPARE(summary(), s("The layer goes along with Docker 28 and later on Windows."));
    m_fixture->select(layer(1));
    m_fixture->press(Qt::Key_Space);
    m_fixture->picture("consequences-docker28-windows");
    QCOMPARE(summary(), s("The layer goes along with Docker 28 and later on Windows. Docker 28 and later on Windows "
                          "asks the registry first, then registry.example."));
    QCOMPARE(
        rows(),
        (QStringList{
            s("Fetches it from the registry → Docker 28 and later on Windows · Pull: Asks the registry first, then "
              "its addresses (read in its source). Docker on Windows asks the registry first and then each address "
              "in turn, without credentials."),
            s("Docker 28 and later on Windows · Push: Uploads it (read in its source). Docker 28 and later on "
              "Windows leaves no layer behind: it uploads it as an ordinary one without addresses, and the marking "
              "is lost.")}));
    QVERIFY(!tops().join(u'\n').contains(s("Customers")));
}

void ConsequencesJourney::airGappedContainerd()
{
    m_fixture->settings().setCustomersClients({s("containerd/1"), s("containerd/2")});
    m_fixture->restart();
    look(-1);
    QCOMPARE(summary(),
             s("containerd asks cdn.example before the registry and does not fall back when it answers an error other "
               "than 404."));
    const QString pull =
        s("containerd 2 · Pull: Fetches it from its addresses (run with 2.4.2). containerd asks the "
          "addresses before the registry, past any mirror, and goes on to the next place only where one "
          "answers 404: any other failure ends the pull.");
    QVERIFY2(rows().contains(pull), qPrintable(rows().join(u'\n')));
    m_fixture->picture("consequences-containerd");
    // An edit that has nothing to do with it is warned of the customers all the same.
    m_fixture->document().setAnnotation(NodePath::root().layerAt(1), document::SetAnnotation::Where::Descriptor, s("a"),
                                        s("b"));
    const QString warning =
        s("Customers who cannot reach cdn.example cannot pull this image with containerd, even from "
          "a registry or mirror that holds everything: the addresses are asked first. If you have "
          "such customers, make the layers distributable. See "
          "https://github.com/containerd/containerd/issues/7676");
    QStringList said = notices();
    m_fixture->picture("consequences-containerd-review");
    QVERIFY2(said.contains(warning), qPrintable(said.join(u'\n')));
    QVERIFY2(
        said.join(u'\n').contains(s("registry.example is not recognised: it sends nothing that tells which registry "
                                    "it is.")),
        qPrintable(said.join(u'\n')));
    m_fixture->press(Qt::Key_Escape);
    // The layer is made distributable: the warning goes, and the pane says what it was.
    m_fixture->select(layer(0));
    m_fixture->press(Qt::Key_Space);
    QCOMPARE(m_fixture->markingOf(layer(0)), s("distributable"));
    QVERIFY2(rows().contains(s("Fetches it from its addresses → containerd 2 · Pull: Fetches it from the registry (run "
                               "with 2.4.2). containerd pulls the layer from the registry.")),
             qPrintable(rows().join(u'\n')));
    said = notices();
    QVERIFY2(!said.contains(warning), qPrintable(said.join(u'\n')));
}

void ConsequencesJourney::whatIsNotSureSaysSo()
{
    m_fixture->settings().setCustomersClients({s("docker-hub/all"), s("ko/all"), s("ghcr/all")});
    m_fixture->restart();
    look(0);
    m_fixture->picture("consequences-not-sure");
    QCOMPARE(
        rows(),
        (QStringList{
            s("ko · Build: Leaves it behind (inferred). ko pushes with go-containerregistry, which leaves the layer "
              "of a base image behind because of its type."),
            s("Docker Hub · Receive: Refuses the image (reported in August 2021). Docker Hub was reported to refuse "
              "the image where it does not hold the layer, and to make exceptions only for layers of Windows."),
            s("GitHub Container Registry · Receive: Not known (not known). Whether GitHub Container Registry "
              "accepts such an image is not known: no report or source was found.")}));
}

void ConsequencesJourney::theRegistryIsRecognised()
{
    m_fixture->settings().setCustomersClients({s("skopeo/from-1.15")});
    m_fixture->restart();
    look(-1);
    QCOMPARE(tops()[1],
             s("This registry: registry.example is not recognised: it sends nothing that tells which "
               "registry it is. Should you know which it is, choose it, and no other registry, under Clients."));
    m_connector->repository(name)->setServerFields(
        {{s("www-authenticate"), s("Bearer realm=\"x\",service=\"harbor-registry\"")}});
    m_fixture->press(Qt::Key_F5);
    QTRY_COMPARE(tops()[1], s("This registry: registry.example is Harbor, by its WWW-Authenticate header."));
    m_fixture->picture("consequences-registry");
    QCOMPARE(rows().first(), s("Harbor · Receive: Accepts it (read in its source). Harbor accepts any http or https "
                               "address, need not hold the layer and does not count it against the quota."));
    QCOMPARE(rows().filter(s("Harbor · Proxy: Fails (inferred).")).size(), 1);
}

void ConsequencesJourney::theRegistryIsWhatAPersonSays()
{
    m_fixture->settings().setCustomersClients({s("skopeo/from-1.15"), s("distribution/2.8")});
    m_fixture->restart();
    look(-1);
    QCOMPARE(tops()[1], s("This registry: registry.example is CNCF Distribution 2.8, as you say."));
    QVERIFY2(rows().first().startsWith(s("CNCF Distribution 2.8 · Receive: Refuses the image (run with 2.8.2).")),
             qPrintable(rows().first()));
    // So the review warns.
    m_fixture->document().setAnnotation(NodePath::root().layerAt(1), document::SetAnnotation::Where::Descriptor, s("a"),
                                        s("b"));
    const QStringList said = notices();
    QVERIFY2(
        !said.filter(s("registry.example is CNCF Distribution 2.8, as you say. CNCF Distribution as it comes allows "
                       "no addresses and refuses the image"))
             .isEmpty(),
        qPrintable(said.join(u'\n')));
    // It is said of where the image is, and of no other registry.
    widgets::ReviewSheet *review = m_fixture->window().review();
    review->controller()->setDestination(oci::Reference::parse(s("other.example/vendor/app:1.4")).value(), {});
    QVERIFY(m_fixture->waitForPush(Push::Planned));
    const QString elsewhere = review->notices()->sentences().join(u'\n');
    QVERIFY2(elsewhere.contains(s("other.example is not recognised")) && !elsewhere.contains(s("as you say")),
             qPrintable(elsewhere));
}

void ConsequencesJourney::theKeysOfThePane()
{
    look(0);
    QTreeView *view = pane().view();
    view->setFocus();
    // Down to the first client, and why.
    const auto isConsequence = [view] {
        return view->currentIndex().data(ConsequencesModel::RowKindRole).toInt() ==
               int(ConsequencesModel::RowKind::Consequence);
    };
    for (int row = 0; row < pane().model()->rowCount() && !isConsequence(); ++row)
        m_fixture->press(Qt::Key_Down);
    QVERIFY(isConsequence());
    const int before = view->visualRect(view->currentIndex()).height();
    m_fixture->press(Qt::Key_Return);
    QVERIFY(pane().whyButton()->isChecked());
    m_fixture->picture("consequences-why");
    QVERIFY(view->visualRect(view->currentIndex()).height() > before);
    m_fixture->press(Qt::Key_Return);
    QCOMPARE(view->visualRect(view->currentIndex()).height(), before);
    // From tab to tab with the arrows.
    widgets::WrappingTabs *tabs = m_fixture->window().inspector()->tabs();
    tabs->setFocus();
    QCOMPARE(m_fixture->window().inspector()->currentTab(), widgets::Inspector::Tab::Consequences);
    m_fixture->press(Qt::Key_Right);
    QCOMPARE(m_fixture->window().inspector()->currentTab(), widgets::Inspector::Tab::Findings);
    m_fixture->press(Qt::Key_Left);
    QCOMPARE(m_fixture->window().inspector()->currentTab(), widgets::Inspector::Tab::Consequences);
}

void ConsequencesJourney::everyRepairIsOneStepThatIsUndone_data()
{
    QTest::addColumn<QList<oci::Descriptor>>("layers");
    QTest::addColumn<QStringList>("buttons");
    QTest::addColumn<QStringList>("markings"); // of the first layer, with the first button and with the second
    const auto docker = oci::MediaType::dockerLayerGzip();
    const oci::MediaType ociForeign(s("application/vnd.oci.image.layer.nondistributable.v1.tar+gzip"));
    const oci::MediaType zstd(s("application/vnd.oci.image.layer.nondistributable.v1.tar+zstd"));
    const QStringList cdn{s("https://cdn.example/a")};
    const auto a = [](const oci::MediaType &type, const QStringList &urls = {}) {
        return test::layerOf(s("a"), type, urls);
    };
    const auto b = [](const oci::MediaType &type, const QStringList &urls = {}) {
        return test::layerOf(s("b"), type, urls);
    };
    const QString marked = s("non-distributable");
    const QString plain = s("distributable");
    QTest::newRow("half-marked") << QList{a(docker, cdn)}
                                 << QStringList{s("Make it non-distributable"), s("Remove its addresses")}
                                 << QStringList{marked, plain};
    QTest::newRow("unfetchable") << QList{a(foreign), b(docker)} << QStringList{s("Make it distributable")}
                                 << QStringList{plain};
    QTest::newRow("partial") << QList{a(docker), b(docker), a(foreign, cdn)}
                             << QStringList{s("Make it non-distributable")} << QStringList{marked};
    QTest::newRow("partial in three places")
        << QList{a(docker), a(docker), a(foreign, cdn)} << QStringList{s("Mark it everywhere")} << QStringList{marked};
    QTest::newRow("mixed families") << QList{b(docker), a(ociForeign, cdn)}
                                    << QStringList{s("Bring it into one format")} << QStringList{plain};
    QTest::newRow("zstd") << QList{a(zstd, cdn), b(zstd, cdn)} << QStringList{s("Make them distributable")}
                          << QStringList{plain};
}
// Mended with the button of the pane, and back with one undo.
void ConsequencesJourney::everyRepairIsOneStepThatIsUndone()
{
    QFETCH(QList<oci::Descriptor>, layers);
    QFETCH(QStringList, buttons);
    QFETCH(QStringList, markings);
    content::MemoryStore &store = m_connector->store(name);
    const auto image = test::addImage(store, s("linux/amd64"), layers);
    store.addManifest(store.manifestBytes(image.digest), image.mediaType, s("broken"));
    QVERIFY(m_fixture->open(name + s(":broken")));
    widgets::Inspector *inspector = m_fixture->window().inspector();
    inspector->setCurrentTab(widgets::Inspector::Tab::Findings);
    widgets::FindingsPane *findings = inspector->findings();
    QCOMPARE(m_fixture->document().findings().size(), 1);
    m_fixture->picture(qPrintable(s("findings-") + QString::fromLatin1(QTest::currentDataTag()).replace(u' ', u'-')));
    const QByteArray original = m_fixture->document().tree().root().bytes();
    const QList<QPushButton *> all{findings->mendButton(), findings->otherButton()};
    for (qsizetype i = 0; i < all.size(); ++i) {
        QCOMPARE(all[i]->isVisible(), i < buttons.size());
        if (i >= buttons.size())
            continue;
        QCOMPARE(all[i]->text().remove(u'&'), buttons[i]);
        QTest::mouseClick(all[i], Qt::LeftButton);
        QCOMPARE(m_fixture->markingOf(layer(0)), markings[i]);
        for (const document::Finding &finding : m_fixture->document().findings())
            QVERIFY2(finding.repair.isEmpty(), qPrintable(finding.message));
        QCOMPARE(m_fixture->document().undoStack()->count(), 1);
        m_fixture->select(NodePath::root());
        m_fixture->press(Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(m_fixture->document().tree().root().bytes(), original);
        QCOMPARE(m_fixture->document().findings().size(), 1);
    }
}

void ConsequencesJourney::addressesLeftByAnEditGoInOneStep()
{
    QVERIFY(m_fixture->open(reference));
    m_fixture->select(layer(0));
    QVERIFY(m_fixture->document().edit({document::SetMarking{layer(0), false, {s("https://cdn.example/base")}}},
                                       s("by hand")));
    widgets::Inspector *inspector = m_fixture->window().inspector();
    inspector->setCurrentTab(widgets::Inspector::Tab::Findings);
    widgets::FindingsPane *findings = inspector->findings();
    QCOMPARE(findings->model()->finding(0).code, document::Finding::Code::UrlsLeft);
    QCOMPARE(findings->mendButton()->text().remove(u'&'), s("Remove its addresses"));
    QCOMPARE(findings->otherButton()->text().remove(u'&'), s("Make it non-distributable"));
    m_fixture->picture("findings-urls-left");
    findings->mendButton()->setFocus();
    m_fixture->press(Qt::Key_Space);
    QCOMPARE(m_fixture->markingOf(layer(0)), s("distributable"));
    m_fixture->select(layer(0));
    m_fixture->press(Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(m_fixture->markingOf(layer(0)), s("half-marked"));
}

// What is to be read is whole: no row is wider than the pane, and each is as high as its text.
void ConsequencesJourney::nothingIsCutAt(const QSize &size)
{
    m_fixture->window().resize(size);
    QApplication::processEvents();
    const QTreeView *view = pane().view();
    QVERIFY(view->viewport()->width() > 200 && view->viewport()->height() > 100);
    QCOMPARE(m_fixture->window().size(), size);
    for (QModelIndex index = view->model()->index(0, 0); index.isValid(); index = view->indexBelow(index)) {
        const QRect row = view->visualRect(index);
        QVERIFY(row.left() >= 0 && row.right() <= view->viewport()->width());
        QStyleOptionViewItem option;
        option.initFrom(view);
        option.widget = view;
        option.font = view->font();
        option.rect = row;
        QVERIFY2(row.height() >= view->itemDelegate()->sizeHint(option, index).height(),
                 qPrintable(index.data(items::FullTextRole).toString()));
    }
}

void ConsequencesJourney::everyRowIsWholeInASmallWindow()
{
    look(-1);
    nothingIsCutAt({1280, 800});
    nothingIsCutAt({1024, 700});
    pane().whyButton()->setChecked(true);
    nothingIsCutAt({1024, 700});
}

void ConsequencesJourney::tenThousandLayers()
{
    test::ManyParts::layers(10'000).putInto(m_connector->store(name), s("many"));
    QVERIFY(m_fixture->open(name + s(":many")));
    // How long the window shows nothing new: what a person does here takes milliseconds, and a work that grows with the
    // square of the layers takes many seconds.
    QTimer beat;
    QElapsedTimer since;
    qint64 longest = 0;
    connect(&beat, &QTimer::timeout, this, [&] { longest = std::max(longest, since.restart()); });
    since.start();
    beat.start(5);
    const auto isAlive = [&] {
        const qint64 beats = longest;
        longest = 0;
        QTest::qWait(20);
        return std::max({beats, longest, since.elapsed()}) < 3'000;
    };
    m_fixture->select(NodePath::root());
    m_fixture->window().inspector()->setCurrentTab(widgets::Inspector::Tab::Consequences);
    QVERIFY2(isAlive(), qPrintable(QString::number(longest)));
    nothingIsCutAt({1024, 700});
    m_fixture->picture("consequences-many");
    QCOMPARE(pane().model()->rowCount(), 3); // the summary, the registry, and one kind of layer
    QVERIFY(summary().contains(s("all 10000 layers")));
    QVERIFY(isAlive());
    m_fixture->select(layer(17));
    QVERIFY2(isAlive(), "selecting a layer");
    m_fixture->press(Qt::Key_Space);
    QVERIFY2(isAlive(), "marking a layer");
    m_fixture->select(NodePath::root());
    QVERIFY2(isAlive(), "selecting the whole image");
    QVERIFY2(tops().size() < 10 && tops().last().startsWith(s("9999 layers, distributable")),
             qPrintable(tops().join(u'\n')));
    QVERIFY2(summary().startsWith(s("1 of 10000 layers stays behind")), qPrintable(summary()));
    QVERIFY(rows().size() < 100);
}

QTEST_MAIN(ConsequencesJourney)
#include "tst_consequencesjourney.moc"
