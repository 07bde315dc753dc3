// SPDX-License-Identifier: Apache-2.0
// More than markings, on Debian's docker-registry: annotations, a platform removed, the whole image in Docker's format,
// pushed and read back; and a large layer saved into a file, stopped in the middle and gone on with.
#include "base/limits.h"
#include "items/annotationsmodel.h"
#include "journeys/windowfixture.h"
#include "registry/client.h"
#include "support/bigimage/bigimage.h"
#include "support/dockerregistry/dockerregistry.h"
#include "support/programs/programs.h"
#include "widgets/common/errorstrip.h"
#include "widgets/inspector/annotationspane.h"
#include "widgets/inspector/inspector.h"
#include "widgets/push/reviewsheet.h"
#include "widgets/tree/imagetreeview.h"
#include "widgets/window/changebar.h"
#include "widgets/window/savestrip.h"
#include "widgets/window/selectionactions.h"
#include "widgets/window/windowactions.h"

#include <QApplication>
#include <QFile>
#include <QLineEdit>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QProgressBar>
#include <QTest>
#include <QTreeView>

using namespace colophon;
using document::NodePath;
using test::DockerRegistry;
using test::ImageKit;
using Push = widgets::PushController::State;
using Where = document::SetAnnotation::Where;

class EditingJourney : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void annotatesRemovesConvertsPushesReadsBack();
    void savesALargeLayerInTwoParts();

private:
    QString image() const { return m_registry->host() + QStringLiteral("/vendor/app:1"); }
    // Opens the annotations of the selected row by their key, and types one.
    bool annotate(const QString &name, const QString &value);

    // In the order they are to go: the window last.
    std::unique_ptr<DockerRegistry> m_registry;
    std::unique_ptr<registry::Client> m_client;
    std::unique_ptr<test::WindowFixture> m_fixture;
};

void EditingJourney::init() { m_client = std::make_unique<registry::Client>(); }

void EditingJourney::cleanup()
{
    m_fixture.reset();
    m_client.reset();
    m_registry.reset();
}

bool EditingJourney::annotate(const QString &name, const QString &value)
{
    m_fixture->press(Qt::Key_A, Qt::ControlModifier | Qt::ShiftModifier);
    widgets::AnnotationsPane *pane = m_fixture->window().inspector()->annotations();
    pane->add();
    auto *line = pane->view()->findChild<QLineEdit *>();
    if (!line)
        return false;
    QTest::keyClicks(line, name);
    QTest::keyClick(line, Qt::Key_Return);
    const auto edit = [&] { return pane->view()->viewport()->findChild<QPlainTextEdit *>(); };
    if (!QTest::qWaitFor([&] { return edit() != nullptr; }))
        return false;
    edit()->insertPlainText(value); // keys of every language
    QTest::keyClick(edit(), Qt::Key_Return);
    return QTest::qWaitFor([&] { return pane->model()->rowOf(name) >= 0 && !pane->model()->hasDraft(); });
}

void EditingJourney::annotatesRemovesConvertsPushesReadsBack()
{
    COLOPHON_NEED_DOCKER_REGISTRY();
    COLOPHON_NEED_PROGRAM("skopeo");
    COLOPHON_NEED_PROGRAM("umoci");
    m_registry = std::make_unique<DockerRegistry>();
    QVERIFY2(m_registry->isRunning(), qPrintable(m_registry->problem()));
    ImageKit kit;
    QVERIFY2(kit.isReady(), qPrintable(kit.problem()));
    const QString failed = kit.push(ImageKit::Kind::OciIndex, image());
    QVERIFY2(failed.isEmpty(), qPrintable(failed));
    m_fixture = std::make_unique<test::WindowFixture>(*m_client);
    auto &window = m_fixture->window();
    QVERIFY(m_fixture->open(image()));
    const QString before = m_fixture->document().tree().root().descriptor.digest.toString();
    const NodePath root = NodePath::root();
    QCOMPARE(m_fixture->document().tree().images().size(), 2);

    m_fixture->select(root);
    QVERIFY(annotate(QStringLiteral("org.opencontainers.image.vendor"), QStringLiteral("Vendor \u00FC \"quoted\"")));
    m_fixture->select(root.child(0).layerAt(0));
    QVERIFY(annotate(QStringLiteral("com.example.base"), QStringLiteral("yes")));
    m_fixture->picture("docker-annotated");
    QCOMPARE(m_fixture->document().undoStack()->count(), 2);
    m_fixture->select(root.child(1));
    m_fixture->press(Qt::Key_Delete);
    QVERIFY(m_fixture->document().tree().isRemoved(root.child(1)));
    window.actions()->toDocker->trigger();
    QMessageBox *box = nullptr;
    QVERIFY(QTest::qWaitFor([&] {
        box = window.findChild<QMessageBox *>();
        return box && box->isActiveWindow();
    }));
    QTest::keyClick(box, Qt::Key_Return);
    QVERIFY(QTest::qWaitFor([&] { return m_fixture->document().undoStack()->count() == 4; }));
    QVERIFY2(window.changeBar()->text().contains(QStringLiteral("2 annotations · Docker's format · 1 entry removed")),
             qPrintable(window.changeBar()->text()));
    bool warned = false; // Docker's format has no annotations
    for (const document::Finding &finding : m_fixture->document().findings())
        warned = warned || finding.code == document::Finding::Code::AnnotationsIgnored;
    QVERIFY(warned);
    m_fixture->select(root);
    m_fixture->picture("docker-converted");
    const QString after = m_fixture->document().tree().root().descriptor.digest.toString();

    m_fixture->press(Qt::Key_Return, Qt::ControlModifier);
    QVERIFY(m_fixture->waitForPush(Push::Planned));
    m_fixture->picture("docker-converted-review");
    m_fixture->press(Qt::Key_Return, Qt::ControlModifier);
    const bool pushed = m_fixture->waitForPush(Push::Done);
    QVERIFY2(pushed, qPrintable(window.review()->errors()->error().text() + m_registry->log().right(700)));

    m_fixture->press(Qt::Key_Return, Qt::ControlModifier); // opens what was pushed
    QVERIFY(QTest::qWaitFor([&] { return m_fixture->isSettled() && !window.isWindowModified(); }));
    QVERIFY(m_fixture->open(image())); // and read once more from its beginning
    const document::ImageTree &tree = m_fixture->document().tree();
    QCOMPARE(tree.root().descriptor.digest.toString(), after);
    QVERIFY(after != before);
    QCOMPARE(tree.images().size(), 1);
    QCOMPARE(tree.root().descriptor.mediaType, oci::MediaType::dockerManifestList());
    QCOMPARE(tree.descriptor(root.child(0))->mediaType, oci::MediaType::dockerManifest());
    QCOMPARE(tree.descriptor(root.child(0).layerAt(0))->mediaType, oci::MediaType::dockerLayerGzip());
    QCOMPARE(items::annotationsAt(tree, root, Where::Document).value(QStringLiteral("org.opencontainers.image.vendor")),
             QStringLiteral("Vendor \u00FC \"quoted\""));
    QCOMPARE(items::annotationsAt(tree, root.child(0).layerAt(0), Where::Descriptor)
                 .value(QStringLiteral("com.example.base")),
             QStringLiteral("yes"));
    QVERIFY(!m_fixture->document().isEdited());
}

void EditingJourney::savesALargeLayerInTwoParts()
{
    COLOPHON_NEED_DOCKER_REGISTRY();
    test::DockerRegistryOptions options;
    options.allowUrls = {QStringLiteral("^https?://.*")};
    m_registry = std::make_unique<DockerRegistry>(options);
    QVERIFY2(m_registry->isRunning(), qPrintable(m_registry->problem()));
    const auto reference = *oci::Reference::parse(image());
    const test::BigImage big(64 * base::limits::MiB);
    QCOMPARE(big.pushLayer(*m_client, reference), QString());
    QCOMPARE(big.pushImage(*m_client, reference, reference), QString());
    m_fixture = std::make_unique<test::WindowFixture>(*m_client);
    auto &window = m_fixture->window();
    QVERIFY(m_fixture->open(image()));
    const QString path = m_fixture->folder() + QStringLiteral("/layer.tar.gz");
    const QString part = transfer::SaveBlob::partOf(path);
    window.selection()->setFileChooser(
        [path](QWidget *, const QString &, const std::function<void(const QString &)> &chosen) { chosen(path); });
    auto *strip = window.selection()->saveStrip();
    bool stops = true;
    connect(strip->progress(), &QProgressBar::valueChanged, strip, [&](int value) {
        if (stops && value > 250) {
            stops = false;
            m_fixture->picture("docker-saving");
            strip->cancel();
        }
    });
    m_fixture->select(NodePath::root().layerAt(0));
    window.actions()->saveLayer->trigger();
    QVERIFY(QTest::qWaitFor([&] { return !strip->isSaving(); }, 20'000));
    QVERIFY(!stops);
    QVERIFY(!QFile::exists(path));
    const qint64 kept = QFile(part).size();
    QVERIFY2(kept > big.layer().size / 5 && kept < big.layer().size, qPrintable(QString::number(kept)));
    QVERIFY2(strip->text().contains(part), qPrintable(strip->text()));
    m_fixture->picture("docker-saving-stopped");

    strip->goOn();
    QVERIFY(QTest::qWaitFor([&] { return !strip->isSaving(); }, 20'000));
    QVERIFY2(QFile::exists(path), qPrintable(strip->errors()->error().text()));
    QVERIFY(!QFile::exists(part));
    QVERIFY2(strip->text().contains(QStringLiteral("went on after")), qPrintable(strip->text()));
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.size(), big.layer().size);
    oci::Hasher hasher(big.layer().digest.algorithm());
    while (!file.atEnd())
        hasher.add(file.read(base::limits::MiB));
    QCOMPARE(hasher.finish(), big.layer().digest);
}

QTEST_MAIN(EditingJourney)
#include "tst_editingjourney.moc"
