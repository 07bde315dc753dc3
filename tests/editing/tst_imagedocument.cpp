// SPDX-License-Identifier: Apache-2.0
#include "editing/imagedocument.h"
#include "support/imagegen/imagebuilder.h"
#include "support/imagegen/jsontext.h"

#include <QSignalSpy>
#include <QTest>

using namespace colophon;
using document::Edit;
using document::ImageTree;
using document::NodePath;
using document::SetMarking;
using editing::ImageDocument;

namespace {
QString s(const char *text) { return QString::fromUtf8(text); }
NodePath at(const char *text) { return *NodePath::parse(s(text)); }
const QStringList x{QStringLiteral("https://x.example/x")};

// linux/amd64 [a b], linux/arm64 [a c(foreign)], an attestation.
ImageTree image()
{
    test::ImageBuilder builder;
    const oci::Descriptor amd = builder.manifest({test::ordinary("a"), test::ordinary("b")});
    const oci::Descriptor arm = builder.manifest({test::ordinary("a"), test::foreign("c", x)}, s("linux/arm64"));
    return builder.tree(builder.index({amd, arm, builder.attestation(amd)}));
}

oci::Reference reference() { return *oci::Reference::parse(s("registry.example/vendor/app:1.4")); }
} // namespace

class TestImageDocument : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void beginsUnedited();
    void marksEveryPlaceOfTheContent();
    void whatElseIsKnownStandsWithTheFindings();
    void undoesAndRedoes();
    void tellsOfEachChangeOnce();
    void whatChangesNothingIsNoCommand();
    void editingBackLeavesNoEdits();
    void refusalsChangeNothing();
    void namesItsCommands_data();
    void namesItsCommands();
    void severalLayersAreOneCommandWithAddressesOfTheirOwn();
    void repairsAreEdits();
    void commandsDoNotMerge();
    void undoingEverythingIsByteIdentical();
    void theOtherEditsAreCommandsToo();
};

void TestImageDocument::beginsUnedited()
{
    const ImageTree original = image();
    ImageDocument document(reference(), original);
    QCOMPARE(document.reference(), reference());
    QVERIFY(!document.isEdited());
    QVERIFY(document.edits().isEmpty());
    QVERIFY(!document.undoStack()->canUndo());
    QCOMPARE(&document.tree().root(), &original.root());
    QCOMPARE(document.findings(), document::findingsOf(original));
}

void TestImageDocument::marksEveryPlaceOfTheContent()
{
    ImageDocument document(reference(), image());
    QVERIFY(document.setMarking({at("/manifests/0/layers/0")}, true, x));
    QVERIFY(document.isEdited());
    for (const char *layer : {"/manifests/0/layers/0", "/manifests/1/layers/0"}) {
        QCOMPARE(document.tree().descriptor(at(layer))->marking(), oci::Marking::NonDistributable);
        QCOMPARE(document.tree().descriptor(at(layer))->urls, x);
        QVERIFY(document.isEdited(at(layer)));
    }
    for (const char *edited : {"/", "/manifests/0", "/manifests/1"})
        QVERIFY2(document.isEdited(at(edited)), edited);
    for (const char *untouched :
         {"/manifests/0/layers/1", "/manifests/0/config", "/manifests/2", "/manifests/1/layers/1"})
        QVERIFY2(!document.isEdited(at(untouched)), untouched);
    QCOMPARE(document.edits().edits().size(), 2);
    QCOMPARE(document.undoStack()->count(), 1);
    QCOMPARE(document.derived().changes.last().before.digest, document.original().root().descriptor.digest);
    QCOMPARE(document.findings(), document::findingsOf(document.original(), document.derived()));
}

void TestImageDocument::whatElseIsKnownStandsWithTheFindings()
{
    ImageDocument document(reference(), image());
    const auto remark = [](document::Finding::Severity severity) {
        document::Finding finding;
        finding.severity = severity;
        finding.message = QStringLiteral("known elsewhere");
        return finding;
    };
    int asked = 0;
    document.setAdviser([&](const ImageTree &tree) {
        ++asked;
        const bool marked = tree.descriptor(at("/manifests/0/layers/0"))->mediaType.isNonDistributable();
        return marked ? QList<document::Finding>{remark(document::Finding::Severity::Block)}
                      : QList<document::Finding>();
    });
    QCOMPARE(document.findings(), document::findingsOf(document.original()));
    QVERIFY(document.setMarking({at("/manifests/0/layers/0")}, true, x));
    QCOMPARE(document.findings().first().message, QStringLiteral("known elsewhere")); // what blocks comes first
    document.undoStack()->undo();
    QCOMPARE(document.findings(), document::findingsOf(document.original()));
    QCOMPARE(asked, 3);
}

void TestImageDocument::undoesAndRedoes()
{
    const ImageTree original = image();
    ImageDocument document(reference(), original);
    QVERIFY(document.setMarking({at("/manifests/0/layers/1")}, true, x));
    const oci::Digest first = document.tree().root().descriptor.digest;
    QVERIFY(document.setMarking({at("/manifests/1/layers/1")}, false, QStringList()));
    const oci::Digest second = document.tree().root().descriptor.digest;
    QVERIFY(first != second);

    document.undoStack()->undo();
    QCOMPARE(document.tree().root().descriptor.digest, first);
    document.undoStack()->undo();
    QVERIFY(!document.isEdited());
    QCOMPARE(document.tree().root().bytes(), original.root().bytes());
    QCOMPARE(document.findings(), document::findingsOf(original));
    document.undoStack()->redo();
    document.undoStack()->redo();
    QCOMPARE(document.tree().root().descriptor.digest, second);
}

void TestImageDocument::tellsOfEachChangeOnce()
{
    ImageDocument document(reference(), image());
    QSignalSpy changed(&document, &ImageDocument::changed);
    // What a view reads in the slot is the new state.
    QList<bool> edited;
    connect(&document, &ImageDocument::changed, &document, [&] { edited.append(document.isEdited()); });
    QVERIFY(document.setMarking({at("/manifests/0/layers/0")}, true, x));
    QCOMPARE(changed.count(), 1);
    document.undoStack()->undo();
    QCOMPARE(changed.count(), 2);
    document.undoStack()->redo();
    QCOMPARE(changed.count(), 3);
    document.undoStack()->undo();
    document.undoStack()->undo(); // nothing left
    QCOMPARE(changed.count(), 4);
    QCOMPARE(edited, (QList<bool>{true, false, true, false}));
}

void TestImageDocument::whatChangesNothingIsNoCommand()
{
    ImageDocument document(reference(), image());
    QSignalSpy changed(&document, &ImageDocument::changed);
    QVERIFY(document.setMarking({at("/manifests/0/layers/0")}, false, QStringList()));
    QVERIFY(document.edit({}, s("nothing")));
    QCOMPARE(document.undoStack()->count(), 0);
    QVERIFY(document.setMarking({at("/manifests/0/layers/0")}, true, x));
    QVERIFY(document.setMarking({at("/manifests/1/layers/0")}, true, x)); // the same content, already so
    QCOMPARE(document.undoStack()->count(), 1);
    QCOMPARE(changed.count(), 1);
}

void TestImageDocument::editingBackLeavesNoEdits()
{
    const ImageTree original = image();
    ImageDocument document(reference(), original);
    QVERIFY(document.setMarking({at("/manifests/0/layers/0")}, true, x));
    QVERIFY(document.setMarking({at("/manifests/0/layers/0")}, false, QStringList()));
    QVERIFY(!document.isEdited());
    QVERIFY(document.edits().isEmpty());
    QCOMPARE(document.tree().root().bytes(), original.root().bytes());
    QCOMPARE(document.undoStack()->count(), 2);
    document.undoStack()->undo();
    QVERIFY(document.isEdited());
}

void TestImageDocument::refusalsChangeNothing()
{
    ImageDocument document(reference(), image());
    QVERIFY(document.setMarking({at("/manifests/0/layers/1")}, true, x));
    QSignalSpy changed(&document, &ImageDocument::changed);
    const document::EditSet before = document.edits();
    for (const auto &refused :
         {document.setMarking({}, true, x), document.setMarking({at("/manifests/9/layers/0")}, true, x),
          document.setMarking({at("/manifests/2/layers/0")}, true, x), // an attestation
          document.setMarking({at("/manifests/0")}, true, x),
          document.setMarking({at("/manifests/0/layers/0")}, true, {s("ftp://x.example/a")}),
          document.setMarking({at("/manifests/0/layers/0"), at("/manifests/2/layers/0")}, true, x),
          document.edit({SetMarking{at("/manifests/2/layers/0"), false, {}}}, s("touch"))}) {
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, base::ErrorKind::Usage);
        QVERIFY(!refused.error().message.isEmpty());
    }
    QCOMPARE(changed.count(), 0);
    QCOMPARE(document.edits(), before);
    QCOMPARE(document.undoStack()->count(), 1);
}

void TestImageDocument::namesItsCommands_data()
{
    QTest::addColumn<QStringList>("layers");
    QTest::addColumn<bool>("nonDistributable");
    QTest::addColumn<QString>("text");
    const QString a = s("/manifests/0/layers/0");
    const QString c = s("/manifests/1/layers/1");
    QTest::newRow("mark") << QStringList{a} << true << s("Mark layer 0 of linux/amd64 as non-distributable");
    QTest::newRow("unmark") << QStringList{c} << false << s("Mark layer 1 of linux/arm64 as distributable");
    QTest::newRow("address") << QStringList{c} << true << s("Change the addresses of layer 1 of linux/arm64");
    QTest::newRow("several") << QStringList{a, c} << true << s("Mark 2 layers as non-distributable");
}

void TestImageDocument::namesItsCommands()
{
    QFETCH(QStringList, layers);
    QFETCH(bool, nonDistributable);
    QFETCH(QString, text);
    ImageDocument document(reference(), image());
    QList<NodePath> paths;
    for (const QString &layer : layers)
        paths.append(*NodePath::parse(layer));
    const QStringList urls = nonDistributable ? QStringList(s("https://new.example/")) : QStringList();
    QVERIFY(document.setMarking(paths, nonDistributable, urls));
    QCOMPARE(document.undoStack()->undoText(), text);
}

void TestImageDocument::severalLayersAreOneCommandWithAddressesOfTheirOwn()
{
    ImageDocument document(reference(), image());
    const auto own = [](const oci::Descriptor &layer) {
        return base::Result<QStringList>(QStringList(s("https://own.example/") + layer.digest.hex()));
    };
    QVERIFY(document.setMarking({at("/manifests/0/layers/0"), at("/manifests/0/layers/1")}, true, own));
    QCOMPARE(document.undoStack()->count(), 1);
    for (const char *layer : {"/manifests/0/layers/0", "/manifests/0/layers/1", "/manifests/1/layers/0"}) {
        const oci::Descriptor descriptor = *document.tree().descriptor(at(layer));
        QCOMPARE(descriptor.urls, QStringList(s("https://own.example/") + descriptor.digest.hex()));
    }
}

void TestImageDocument::repairsAreEdits()
{
    test::ImageBuilder builder;
    ImageDocument document(reference(), builder.tree(builder.manifest({test::foreign("a"), test::ordinary("b")})));
    QCOMPARE(document.findings().size(), 1);
    QVERIFY(document.edit(document.findings().first().repair, s("Repair")));
    QCOMPARE(document.undoStack()->undoText(), s("Repair"));
    QCOMPARE(document.findings().size(), 1);
    QCOMPARE(document.findings().first().code, document::Finding::Code::SignaturesStale);
}

void TestImageDocument::commandsDoNotMerge()
{
    ImageDocument document(reference(), image());
    for (int i = 0; i < 3; ++i)
        QVERIFY(document.setMarking({at("/manifests/0/layers/1")}, true, {s("https://x.example/%1").arg(i)}));
    QCOMPARE(document.undoStack()->count(), 3);
}

// Random edits, undos and redos over generated images; afterwards everything is undone.
void TestImageDocument::undoingEverythingIsByteIdentical()
{
    int commands = 0;
    for (std::uint32_t seed = 0; seed < 250; ++seed) {
        test::Dice dice(seed + 3'000'000);
        const ImageTree original = test::treeOf(test::generatedImage(seed));
        ImageDocument document(reference(), original);
        QSignalSpy changed(&document, &ImageDocument::changed);
        const QList<NodePath> layers = original.layers();
        QList<oci::Digest> digests{original.root().descriptor.digest}; // by undo position
        int expected = 0;
        for (int step = 0; step < 12 && !layers.isEmpty(); ++step) {
            const int position = document.undoStack()->index();
            switch (dice.below(4)) {
            case 0:
                expected += document.undoStack()->canUndo();
                document.undoStack()->undo();
                break;
            case 1:
                expected += document.undoStack()->canRedo();
                document.undoStack()->redo();
                break;
            default: {
                const bool mark = dice.chance(60);
                const QStringList urls =
                    dice.chance(70) == mark ? QStringList(s("https://x.example/%1").arg(step)) : QStringList();
                const bool isDone = document.setMarking({dice.of(layers)}, mark, urls).has_value();
                if (document.undoStack()->index() > position) {
                    QVERIFY(isDone);
                    ++expected;
                    ++commands;
                    digests = digests.mid(0, position + 1) << document.tree().root().descriptor.digest;
                }
            }
            }
            QCOMPARE(changed.count(), expected);
            QCOMPARE(document.tree().root().descriptor.digest, digests[document.undoStack()->index()]);
        }
        document.undoStack()->setIndex(0);
        QVERIFY(!document.isEdited());
        for (const NodePath &path : original.manifests())
            QCOMPARE(document.tree().node(path)->bytes(), original.node(path)->bytes());
        QCOMPARE(document.tree().root().descriptor, original.root().descriptor);
    }
    QVERIFY2(commands > 500, qPrintable(QString::number(commands)));
}

void TestImageDocument::theOtherEditsAreCommandsToo()
{
    const ImageTree original = image();
    ImageDocument document(reference(), original);
    QSignalSpy changed(&document, &ImageDocument::changed);
    using Where = document::SetAnnotation::Where;
    QVERIFY(document.setAnnotation(NodePath::root(), Where::Document, s("org.example.n"), s("v")));
    QCOMPARE(document.undoStack()->undoText(), s("Set the annotation org.example.n of the index"));
    QVERIFY(document.setAnnotation(at("/manifests/0/layers/1"), Where::Descriptor, s("n"), s("v")));
    QVERIFY(document.isEdited(at("/manifests/0/layers/1")));
    QVERIFY(document.setAnnotation(NodePath::root(), Where::Document, s("org.example.n"), std::nullopt));
    QCOMPARE(document.undoStack()->undoText(), s("Remove the annotation org.example.n of the index"));
    QCOMPARE(document.edits().edits().size(), 1); // taken back, it is no edit

    QVERIFY(!document.setFamily(oci::MediaType::Family::Docker)); // the attestation
    QVERIFY(document.removePlatforms({at("/manifests/0")}));
    QCOMPARE(document.undoStack()->undoText(), s("Remove linux/amd64"));
    QVERIFY(document.isEdited(at("/manifests/0")) && document.isEdited(at("/manifests/0/layers/0")));
    QVERIFY(document.isEdited(at("/manifests/2"))); // its attestation
    QVERIFY(!document.isEdited(at("/manifests/1")));
    QVERIFY(!document.removePlatforms({at("/manifests/1")})); // the last
    QVERIFY(document.setFamily(oci::MediaType::Family::Docker));
    QCOMPARE(document.undoStack()->undoText(), s("Convert the image to Docker's format"));
    QVERIFY(document.setMarking({at("/manifests/1/layers/0")}, true, x));
    QCOMPARE(document.tree().descriptor(at("/manifests/1/layers/0"))->mediaType.toString(),
             s("application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"));

    const int commands = document.undoStack()->count();
    QCOMPARE(changed.count(), commands);
    const QByteArray edited = document.tree().root().bytes();
    document.undoStack()->setIndex(0);
    QVERIFY(!document.isEdited());
    QCOMPARE(document.tree().places(), original.places());
    for (const NodePath &path : original.manifests())
        QCOMPARE(document.tree().node(path)->bytes(), original.node(path)->bytes());
    document.undoStack()->setIndex(commands);
    QCOMPARE(document.tree().root().bytes(), edited);
}

QTEST_GUILESS_MAIN(TestImageDocument)
#include "tst_imagedocument.moc"
