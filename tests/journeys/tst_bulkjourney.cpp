// SPDX-License-Identifier: Apache-2.0
// Many layers at once in the window, by keys: over platforms, from a base image, addresses from templates; and what can
// be done to a whole image, to a platform of it, and with a single layer's blob.
#include "items/layersmodel.h"
#include "items/urlsmodel.h"
#include "journeys/fakeconnector.h"
#include "journeys/windowfixture.h"
#include "support/faketarget/sampleimage.h"
#include "widgets/common/errorstrip.h"
#include "widgets/connect/signindialog.h"
#include "widgets/inspector/addressesdialog.h"
#include "widgets/inspector/inspector.h"
#include "widgets/inspector/overviewpane.h"
#include "widgets/push/reviewsheet.h"
#include "widgets/tree/baselayersdialog.h"
#include "widgets/tree/imagetreeview.h"
#include "widgets/window/changebar.h"
#include "widgets/window/savestrip.h"
#include "widgets/window/selectionactions.h"
#include "widgets/window/statusline.h"
#include "widgets/window/windowactions.h"

#include <QApplication>
#include <QFile>
#include <QLineEdit>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QPointer>
#include <QPushButton>
#include <QTest>

using namespace colophon;
using document::NodePath;
using Push = widgets::PushController::State;

namespace {
const QString name = QStringLiteral("registry.example/vendor/app");
const QString reference = name + QStringLiteral(":1.4");
const QString baseReference = QStringLiteral("registry.example/vendor/base:1");
const NodePath amd = NodePath::root().child(0);
const NodePath arm = NodePath::root().child(1);
} // namespace

class BulkJourney : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void marksAPlatformUndoesRedoesPushes();
    void marksARangeOverPlatforms();
    void saysWhatItPassedBy();
    void unmarksWhateverItIs();
    void addressesOfManyByKeys();
    void layersFromABaseImage();
    void aBaseImageThatWantsAPassword();
    void noLayerFromThatBase();
    void stopsReadingABase();
    void removesAPlatformAndPutsItBack();
    void convertsTheWholeImage();
    void savesALayer();
    void savingStopsAndGoesOn();
    void savingFailsAndIsRetried();
    void verifiesContent();
    void stopsAskingAddresses();

private:
    oci::Descriptor layerAt(const NodePath &path) { return *m_fixture->document().tree().descriptor(path); }
    QString saveInto(const QString &file); // chooses it, whenever a file is asked for
    template <class Dialog>
    Dialog *dialog()
    {
        Dialog *found = nullptr;
        const bool is = QTest::qWaitFor([&] {
            found = m_fixture->window().findChild<Dialog *>();
            return found && found->isActiveWindow();
        });
        return is ? found : nullptr;
    }
    std::unique_ptr<test::FakeConnector> m_connector;
    std::unique_ptr<test::WindowFixture> m_fixture;
};

void BulkJourney::init()
{
    m_connector = std::make_unique<test::FakeConnector>();
    content::MemoryStore &store = m_connector->store(name);
    const auto one = test::addImage(store, QStringLiteral("linux/amd64"),
                                    {QStringLiteral("base"), QStringLiteral("shared"), QStringLiteral("app")});
    const auto other =
        test::addImage(store, QStringLiteral("linux/arm64"), {QStringLiteral("base-arm"), QStringLiteral("shared")});
    test::addIndex(store, {one, other, test::addAttestation(store, one)}, QStringLiteral("1.4"));
    for (const auto &each : {"base", "shared", "app", "base-arm"}) {
        const QByteArray bytes = test::layerBytes(QLatin1String(each));
        m_connector->urls().serve(store.blobAddress(oci::Digest::of(bytes)), bytes);
    }
    content::MemoryStore &base = m_connector->store(QStringLiteral("registry.example/vendor/base"));
    test::addIndex(base,
                   {test::addImage(base, QStringLiteral("linux/amd64"), QList<QString>{QStringLiteral("base")}),
                    test::addImage(base, QStringLiteral("linux/arm64"), QList<QString>{QStringLiteral("base-arm")})},
                   QStringLiteral("1"));
    m_fixture = std::make_unique<test::WindowFixture>(*m_connector);
    QVERIFY(m_fixture->open(reference));
}

void BulkJourney::cleanup()
{
    m_fixture.reset();
    m_connector.reset();
}

void BulkJourney::marksAPlatformUndoesRedoesPushes()
{
    auto &window = m_fixture->window();
    const oci::Digest before = m_fixture->document().original().root().descriptor.digest;
    m_fixture->select(amd);
    m_fixture->press(Qt::Key_Space);
    for (const NodePath &path : {amd.layerAt(0), amd.layerAt(1), amd.layerAt(2), arm.layerAt(1)})
        QCOMPARE(m_fixture->markingOf(path), QStringLiteral("non-distributable"));
    QCOMPARE(m_fixture->markingOf(arm.layerAt(0)), QStringLiteral("distributable"));
    QVERIFY2(window.status()->said().contains(QStringLiteral("3 layers marked as non-distributable, in 4 places")),
             qPrintable(window.status()->said()));
    QVERIFY(window.changeBar()->text().contains(QStringLiteral("3 layers edited")));
    // Its attestation is kept, and flagged: it describes what is no longer so.
    auto *model = window.tree()->imageModel();
    const QModelIndex attestation = model->indexOf(NodePath::root().child(2));
    QCOMPARE(attestation.data(items::SeverityRole).toInt(), int(document::Finding::Severity::Warn));
    QVERIFY(!attestation.data(items::ImageTreeModel::EditedRole).toBool());
    m_fixture->picture("bulk-platform");

    m_fixture->press(Qt::Key_Z, Qt::ControlModifier); // one step
    QCOMPARE(m_fixture->document().tree().root().descriptor.digest, before);
    m_fixture->press(Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
    const oci::Digest after = m_fixture->document().tree().root().descriptor.digest;
    QVERIFY(after != before);

    m_fixture->press(Qt::Key_Return, Qt::ControlModifier);
    QVERIFY(m_fixture->waitForPush(Push::Planned));
    m_fixture->press(Qt::Key_Return, Qt::ControlModifier);
    QVERIFY(m_fixture->waitForPush(Push::Done));
    QCOMPARE(m_connector->store(name).tagged(QStringLiteral("1.4")), after);
}

void BulkJourney::marksARangeOverPlatforms()
{
    // From the last layer of one platform to the first of the next: the rows between are no layers.
    m_fixture->select(amd.layerAt(2));
    for (int i = 0; i < 3; ++i)
        m_fixture->press(Qt::Key_Down, Qt::ShiftModifier);
    QCOMPARE(m_fixture->window().tree()->selectedLayers(), (QList<NodePath>{amd.layerAt(2), arm.layerAt(0)}));
    m_fixture->press(Qt::Key_Space);
    QCOMPARE(m_fixture->markingOf(amd.layerAt(2)), QStringLiteral("non-distributable"));
    QCOMPARE(m_fixture->markingOf(arm.layerAt(0)), QStringLiteral("non-distributable"));
    QCOMPARE(m_fixture->markingOf(arm.layerAt(1)), QStringLiteral("distributable"));
    m_fixture->press(Qt::Key_Space);
    QCOMPARE(m_fixture->markingOf(amd.layerAt(2)), QStringLiteral("distributable"));
    QVERIFY(!m_fixture->document().isEdited());
}

void BulkJourney::saysWhatItPassedBy()
{
    m_fixture->window().tree()->expandAll();
    m_fixture->select(amd);
    m_fixture->press(Qt::Key_A, Qt::ControlModifier);
    m_fixture->press(Qt::Key_Space);
    for (const NodePath &path : {amd.layerAt(0), amd.layerAt(2), arm.layerAt(0)})
        QCOMPARE(m_fixture->markingOf(path), QStringLiteral("non-distributable"));
    const QString said = m_fixture->window().status()->said();
    QVERIFY2(said.contains(QStringLiteral("attestation is passed by")), qPrintable(said));
    m_fixture->picture("bulk-passed-by");
    // By itself it is refused, and the strip says why.
    m_fixture->select(NodePath::root().child(2).layerAt(0));
    m_fixture->press(Qt::Key_Space);
    QVERIFY(m_fixture->window().errors()->isVisible());
}

void BulkJourney::unmarksWhateverItIs()
{
    m_fixture->select(amd.layerAt(0));
    m_fixture->press(Qt::Key_Space);
    m_fixture->select(amd); // one of its three is marked: Space would mark the others
    m_fixture->press(Qt::Key_Space, Qt::ShiftModifier);
    QVERIFY(!m_fixture->document().isEdited());
    QCOMPARE(m_fixture->document().undoStack()->count(), 2);
}

void BulkJourney::addressesOfManyByKeys()
{
    auto &window = m_fixture->window();
    m_fixture->select(amd);
    m_fixture->press(Qt::Key_U, Qt::ControlModifier);
    auto *addresses = dialog<widgets::AddressesDialog>();
    QVERIFY(addresses);
    addresses->templates()->selectAll();
    QTest::keyClicks(addresses->templates(), QStringLiteral("https://dl.example/{repository}/{hex}.tar.gz"));
    QTest::keyClick(addresses->templates(), Qt::Key_Return);
    QTest::keyClicks(addresses->templates(), QStringLiteral("https://mirror.example/{tag}"));
    QVERIFY(!addresses->problem().isEmpty());
    m_fixture->picture("addresses-refused");
    for (int i = 0; i < 6; ++i)
        QTest::keyClick(addresses->templates(), Qt::Key_Backspace);
    QTest::keyClicks(addresses->templates(), QStringLiteral("/{digest}"));
    QVERIFY2(addresses->problem().isEmpty(), qPrintable(addresses->problem()));
    m_fixture->picture("addresses");
    QTest::mouseClick(addresses->setButton(), Qt::LeftButton);
    for (const NodePath &path : {amd.layerAt(0), amd.layerAt(1), amd.layerAt(2), arm.layerAt(1)}) {
        QCOMPARE(layerAt(path).urls.size(), 2);
        QCOMPARE(layerAt(path).urls.first(),
                 QStringLiteral("https://dl.example/vendor/app/%1.tar.gz").arg(layerAt(path).digest.hex()));
    }
    QCOMPARE(m_fixture->document().undoStack()->count(), 1);
    QCOMPARE(m_fixture->settings().addressTemplates().size(), 2);
    QVERIFY(window.status()->said().contains(QStringLiteral("3 layers")));
    // Offered again for other layers.
    m_fixture->select(arm.layerAt(0));
    window.inspector()->overview()->templateButton()->click();
    addresses = dialog<widgets::AddressesDialog>();
    QVERIFY(addresses);
    QCOMPARE(addresses->templates()->toPlainText(), m_fixture->settings().addressTemplates().join(QLatin1Char('\n')));
}

void BulkJourney::layersFromABaseImage()
{
    auto &window = m_fixture->window();
    const auto look = [&](const QString &text) {
        m_fixture->select(NodePath::root());
        m_fixture->press(Qt::Key_B, Qt::ControlModifier);
        auto *found = dialog<widgets::BaseLayersDialog>();
        if (!found)
            return found;
        QTest::keyClicks(found->field(), text);
        QTest::keyClick(found->field(), Qt::Key_Return);
        if (!QTest::qWaitFor([found] { return !found->isReading(); }))
            qWarning("It is still reading.");
        return found;
    };
    auto *found = look(baseReference);
    QVERIFY(found);
    QVERIFY2(found->markButton()->isEnabled(), qPrintable(found->errors()->error().text()));
    QCOMPARE(found->layers()->rowCount(), 2);
    QVERIFY2(found->notes().contains(QStringLiteral("digest")), qPrintable(found->notes()));
    m_fixture->picture("base-layers");
    found->selectButton()->click();
    QCOMPARE(window.tree()->selectedLayers(), (QList<NodePath>{amd.layerAt(0), arm.layerAt(0)}));
    QVERIFY(!m_fixture->document().isEdited());
    QVERIFY(QTest::qWaitFor([&] { return !window.findChild<widgets::BaseLayersDialog *>(); }));

    found = look(baseReference);
    QVERIFY(found);
    QTest::keyClick(found->markButton(), Qt::Key_Space);
    for (const NodePath &path : {amd.layerAt(0), arm.layerAt(0)})
        QCOMPARE(m_fixture->markingOf(path), QStringLiteral("non-distributable"));
    QCOMPARE(m_fixture->markingOf(amd.layerAt(1)), QStringLiteral("distributable"));
    QCOMPARE(m_fixture->document().undoStack()->count(), 1);
}

void BulkJourney::aBaseImageThatWantsAPassword()
{
    content::MemoryStore &store = m_connector->store(QStringLiteral("private.example/base"));
    test::addIndex(store,
                   {test::addImage(store, QStringLiteral("linux/amd64"), QList<QString>{QStringLiteral("base")})},
                   QStringLiteral("1"));
    m_connector->lock(QStringLiteral("private.example"), QStringLiteral("u"), QStringLiteral("p"));
    m_fixture->press(Qt::Key_B, Qt::ControlModifier);
    auto *found = dialog<widgets::BaseLayersDialog>();
    QVERIFY(found);
    QTest::keyClicks(found->field(), QStringLiteral("private.example/base:1"));
    QTest::keyClick(found->field(), Qt::Key_Return);
    auto *asked = dialog<widgets::SignInDialog>();
    QVERIFY(asked);
    QTest::keyClicks(asked->userField(), QStringLiteral("u"));
    QTest::keyClicks(asked->passwordField(), QStringLiteral("p"));
    QTest::keyClick(asked->passwordField(), Qt::Key_Return);
    QVERIFY(QTest::qWaitFor([&] { return found->markButton()->isEnabled(); }));
    QCOMPARE(found->layers()->rowCount(), 1);
}

void BulkJourney::noLayerFromThatBase()
{
    content::MemoryStore &store = m_connector->store(QStringLiteral("registry.example/other"));
    test::addIndex(store,
                   {test::addImage(store, QStringLiteral("linux/amd64"), QList<QString>{QStringLiteral("else")})},
                   QStringLiteral("1"));
    m_fixture->press(Qt::Key_B, Qt::ControlModifier);
    auto *found = dialog<widgets::BaseLayersDialog>();
    QVERIFY(found);
    for (const auto *text : {"registry.example/other:1", "registry.example/nothing:1", "no reference"}) {
        found->field()->selectAll();
        QTest::keyClicks(found->field(), QString::fromLatin1(text));
        QTest::keyClick(found->field(), Qt::Key_Return);
        QVERIFY(QTest::qWaitFor([&] { return !found->isReading() && found->errors()->isVisible(); }));
        QVERIFY(!found->errors()->error().message.isEmpty());
        QVERIFY(!found->selectButton()->isEnabled());
        QVERIFY(!found->markButton()->isEnabled());
    }
    m_fixture->picture("base-layers-refused");
    QTest::keyClick(found, Qt::Key_Escape);
    QVERIFY(QTest::qWaitFor([&] { return !m_fixture->window().findChild<widgets::BaseLayersDialog *>(); }));
}

void BulkJourney::stopsReadingABase()
{
    auto target = m_connector->repository(QStringLiteral("registry.example/vendor/base"));
    target->hangAt(target->calls() + 1);
    m_fixture->press(Qt::Key_B, Qt::ControlModifier);
    auto *found = dialog<widgets::BaseLayersDialog>();
    QVERIFY(found);
    QTest::keyClicks(found->field(), baseReference);
    QTest::keyClick(found->field(), Qt::Key_Return);
    QVERIFY(QTest::qWaitFor([&] { return target->open() == 1; }));
    QVERIFY(found->isReading());
    found->reject();
    QVERIFY(QTest::qWaitFor([&] { return target->open() == 0; }));
}

void BulkJourney::removesAPlatformAndPutsItBack()
{
    auto &window = m_fixture->window();
    m_fixture->select(amd);
    m_fixture->press(Qt::Key_Delete);
    QVERIFY(m_fixture->document().tree().isRemoved(amd));
    QVERIFY(m_fixture->document().tree().isRemoved(NodePath::root().child(2))); // its attestation
    QVERIFY2(window.status()->said().contains(QStringLiteral("linux/amd64 and what describes it")),
             qPrintable(window.status()->said()));
    QVERIFY(window.changeBar()->text().contains(QStringLiteral("2 entries removed")));
    QVERIFY(!window.actions()->removeEntry->isEnabled()); // it is gone
    m_fixture->picture("removed");
    // The last one stays.
    m_fixture->select(arm);
    m_fixture->press(Qt::Key_Delete);
    QVERIFY(window.errors()->isVisible());
    QVERIFY(!m_fixture->document().tree().isRemoved(arm));
    m_fixture->press(Qt::Key_Z, Qt::ControlModifier);
    QVERIFY(!m_fixture->document().isEdited());
    QVERIFY(!m_fixture->document().tree().isRemoved(amd));
}

void BulkJourney::convertsTheWholeImage()
{
    auto &window = m_fixture->window();
    window.actions()->toOci->trigger();
    QVERIFY(window.status()->said().contains(QStringLiteral("already"))); // nothing is asked
    m_fixture->select(NodePath::root().child(2)); // attestations have no counterpart: the refusal names them
    window.actions()->toDocker->trigger();
    QPointer<QMessageBox> box = dialog<QMessageBox>();
    QVERIFY(box);
    QVERIFY(box->informativeText().contains(QStringLiteral("byte for byte")));
    m_fixture->picture("convert");
    QTest::keyClick(box, Qt::Key_Return);
    QVERIFY(QTest::qWaitFor([&] { return window.errors()->isVisible(); }));
    QVERIFY2(window.errors()->error().text().contains(QStringLiteral("attestation")),
             qPrintable(window.errors()->error().text()));
    QVERIFY(!m_fixture->document().isEdited());

    m_fixture->select(NodePath::root().child(2));
    m_fixture->press(Qt::Key_Delete); // without it, it goes
    QVERIFY(m_fixture->document().tree().isRemoved(NodePath::root().child(2)));
    QVERIFY(QTest::qWaitFor([&] { return box.isNull(); }));
    window.actions()->toDocker->trigger();
    box = dialog<QMessageBox>();
    QVERIFY(box);
    QTest::keyClick(box, Qt::Key_Return);
    using Family = oci::MediaType::Family;
    QVERIFY(QTest::qWaitFor(
        [&] { return m_fixture->document().tree().root().descriptor.mediaType.family() == Family::Docker; }));
    QCOMPARE(layerAt(arm.layerAt(0)).mediaType.family(), Family::Docker);
    QVERIFY2(window.changeBar()->text().contains(QStringLiteral("Docker's format · 1 entry removed")),
             qPrintable(window.changeBar()->text()));
    m_fixture->picture("converted");
    m_fixture->select(arm);
    m_fixture->press(Qt::Key_Z, Qt::ControlModifier);
    m_fixture->press(Qt::Key_Z, Qt::ControlModifier);
    QVERIFY(!m_fixture->document().isEdited());
}

QString BulkJourney::saveInto(const QString &file)
{
    const QString path = m_fixture->folder() + QLatin1Char('/') + file;
    m_fixture->window().selection()->setFileChooser(
        [path](QWidget *, const QString &, const std::function<void(const QString &)> &chosen) { chosen(path); });
    return path;
}

void BulkJourney::savesALayer()
{
    auto &window = m_fixture->window();
    QString suggested;
    const QString path =
        m_fixture->write(QStringLiteral("there.tar.gz"), "something else"); // to be replaced: agreed to
    window.selection()->setFileChooser(
        [&](QWidget *, const QString &proposal, const std::function<void(const QString &)> &chosen) {
            suggested = proposal;
            chosen(path);
        });
    m_fixture->select(amd);
    QVERIFY(!window.actions()->saveLayer->isEnabled()); // no layer
    m_fixture->select(amd.layerAt(2));
    m_fixture->press(Qt::Key_S, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(suggested, QStringLiteral("app-1.4-layer2.tar.gz"));
    auto *strip = window.selection()->saveStrip();
    QVERIFY(strip->isVisible());
    QVERIFY(!window.actions()->saveLayer->isEnabled()); // one at a time
    QVERIFY(QTest::qWaitFor([&] { return !strip->isSaving(); }));
    QVERIFY2(strip->text().startsWith(QStringLiteral("Saved layer 2 of linux/amd64")), qPrintable(strip->text()));
    m_fixture->picture("saved");
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), test::layerBytes(QStringLiteral("app")));
    QVERIFY(window.actions()->saveLayer->isEnabled());
}

void BulkJourney::savingStopsAndGoesOn()
{
    auto &window = m_fixture->window();
    const QString path = saveInto(QStringLiteral("stopped.tar.gz"));
    auto target = m_connector->repository(name);
    target->hangAt(target->calls() + 1);
    m_fixture->select(amd.layerAt(2));
    window.actions()->saveLayer->trigger();
    auto *strip = window.selection()->saveStrip();
    QVERIFY(QTest::qWaitFor([&] { return target->open() == 1; }));
    m_fixture->picture("saving");
    QVERIFY(strip->isSaving());
    strip->button()->setFocus();
    m_fixture->press(Qt::Key_Space);
    QVERIFY(QTest::qWaitFor([&] { return !strip->isSaving(); }));
    QVERIFY2(strip->text().startsWith(QStringLiteral("Stopped saving")), qPrintable(strip->text()));
    QVERIFY(!strip->errors()->isVisible()); // it was asked for
    QVERIFY(!QFile::exists(path));
    target->hangAt(0);
    strip->button()->setFocus();
    m_fixture->press(Qt::Key_Space);
    QVERIFY(QTest::qWaitFor([&] { return QFile::exists(path); }));
}

void BulkJourney::savingFailsAndIsRetried()
{
    auto &window = m_fixture->window();
    const QString path = saveInto(QStringLiteral("failed.tar.gz"));
    auto target = m_connector->repository(name);
    target->failAt(target->calls() + 1,
                   base::fail(base::ErrorKind::Network, QStringLiteral("registry.example went away."),
                              QStringLiteral("Try again."))
                       .error());
    m_fixture->select(amd.layerAt(2));
    window.actions()->saveLayer->trigger();
    auto *strip = window.selection()->saveStrip();
    QVERIFY(QTest::qWaitFor([&] { return strip->errors()->isVisible(); }));
    QVERIFY(strip->errors()->error().message.contains(QStringLiteral("went away")));
    m_fixture->picture("save-failed");
    QVERIFY(!QFile::exists(path));
    Q_EMIT strip->errors()->retryRequested();
    QVERIFY(QTest::qWaitFor([&] { return QFile::exists(path); }));
    QVERIFY(!strip->errors()->isVisible());
}

void BulkJourney::verifiesContent()
{
    auto &window = m_fixture->window();
    m_fixture->select(amd.layerAt(0));
    m_fixture->press(Qt::Key_Space);
    const QString url = layerAt(amd.layerAt(0)).urls.constFirst();
    // The right size, and not the layer: only reading the whole tells.
    QByteArray wrong = test::layerBytes(QStringLiteral("base"));
    wrong[0] = '?';
    m_connector->urls().serve(url, wrong);
    m_fixture->press(Qt::Key_P, Qt::ControlModifier);
    QVERIFY(QTest::qWaitFor([&] { return m_fixture->isSettled(); }));
    QVERIFY(window.status()->said().contains(QStringLiteral("1 of 1")));
    m_fixture->press(Qt::Key_P, Qt::ControlModifier | Qt::ShiftModifier);
    QVERIFY(QTest::qWaitFor([&] { return m_fixture->isSettled(); }));
    QVERIFY2(window.status()->said().contains(QStringLiteral("digest: 0 of 1")), qPrintable(window.status()->said()));
    auto *overview = window.inspector()->overview();
    QVERIFY2(overview->addressText().contains(QStringLiteral("Pulls fail here")), qPrintable(overview->addressText()));
    QVERIFY(overview->addressText().startsWith(url)); // whole
    m_fixture->picture("wrong-content");
    m_connector->urls().serve(url, test::layerBytes(QStringLiteral("base")));
    m_fixture->press(Qt::Key_P, Qt::ControlModifier | Qt::ShiftModifier);
    QVERIFY(QTest::qWaitFor([&] { return m_fixture->isSettled(); }));
    QCOMPARE(overview->urls()->index(0, 1).data().toString(), QStringLiteral("Content verified"));
}

void BulkJourney::stopsAskingAddresses()
{
    auto &window = m_fixture->window();
    m_fixture->select(amd.layerAt(0));
    m_fixture->press(Qt::Key_Space);
    m_connector->urls().hang(layerAt(amd.layerAt(0)).urls.constFirst());
    m_fixture->press(Qt::Key_P, Qt::ControlModifier);
    QVERIFY(window.controller()->isProbing());
    QVERIFY(window.actions()->stopProbing->isEnabled());
    m_fixture->picture("probing");
    auto *overview = window.inspector()->overview();
    QVERIFY(overview->probeButton()->text().contains(QStringLiteral("Stop")));
    overview->probeButton()->click();
    QVERIFY(QTest::qWaitFor([&] { return !window.controller()->isProbing(); }));
    QVERIFY(!overview->probeButton()->text().contains(QStringLiteral("Stop")));
    QVERIFY(!window.actions()->stopProbing->isEnabled());
    QCOMPARE(overview->urls()->index(0, 1).data(items::UrlsModel::VerdictRole).toInt(), -1);
}

QTEST_MAIN(BulkJourney)
#include "tst_bulkjourney.moc"
