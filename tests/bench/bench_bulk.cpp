// SPDX-License-Identifier: Apache-2.0
// What the largest images cost: read, marked whole, undone, planned and compared in this process, and marked and copied
// by the command on docker-registry, beside other tools where they are installed. Arguments: layers, platforms, layers
// of each platform.
#include "document/selection.h"
#include "editing/imagedocument.h"
#include "items/bytediff.h"
#include "items/imagetreemodel.h"
#include "registry/client.h"
#include "support/bigimage/manyparts.h"
#include "support/dockerregistry/dockerregistry.h"
#include "support/measured/measured.h"
#include "transfer/openimage.h"
#include "transfer/pushcontent.h"

#include <QCoreApplication>
#include <QDir>
#include <QEventLoop>
#include <QTemporaryDir>

#include <cstdio>

using namespace colophon;
using document::EditSet;
using document::ImageTree;
using document::NodePath;
using test::ManyParts;
using test::Measured;

namespace {
void print(const char *what, const Measured &took)
{
    std::printf("  %-42s %8.3f s  %8.3f s CPU  peak %6.1f MiB%s\n", what, took.seconds, took.cpuSeconds, took.peakMiB,
                took.exitCode == 0 ? "" : "  FAILED");
    std::fflush(stdout);
}

void timed(const char *what, const std::function<void()> &work) { print(what, test::measured(work)); }

template <class T>
T taken(base::Result<T> result)
{
    if (!result)
        qFatal("%s", qPrintable(result.error().text()));
    return std::move(*result);
}

ImageTree opened(const content::TargetPtr &target, const oci::Reference &reference)
{
    transfer::OpenImage operation(target, reference);
    QEventLoop loop;
    QObject::connect(&operation, &transfer::OpenImage::finished, &loop, &QEventLoop::quit);
    operation.start();
    loop.exec();
    if (operation.error())
        qFatal("%s", qPrintable(operation.error()->text()));
    return operation.tree();
}

base::Result<QStringList> somewhere(const oci::Descriptor &layer)
{
    return QStringList{QStringLiteral("https://downloads.example/layers/") + layer.digest.hex()};
}

void inThisProcess(const ManyParts &image)
{
    const oci::Reference reference = taken(oci::Reference::parse(QStringLiteral("memory.example/image:1")));
    const auto store = std::make_shared<content::MemoryStore>();
    image.putInto(*store, reference.tag());
    ImageTree tree;
    timed("open: fetched, checked, parsed", [&] { tree = opened(store, reference); });
    document::Selection selection;
    timed("select all", [&] { selection = taken(document::selectLayers(tree, {QStringLiteral("all")}, {})); });
    EditSet edits;
    timed("edits of all layers",
          [&] { edits = EditSet().with(taken(document::markingEdits(tree, selection.layers, true, somewhere))); });
    document::DerivedImage derived;
    timed("apply", [&] { derived = taken(document::apply(tree, edits)); });
    timed("findings", [&] { (void)document::findingsOf(tree, derived); });
    const EditSet converted = edits.with(document::SetFamily{NodePath::root(), oci::MediaType::Family::Oci});
    timed("apply: and converted to OCI", [&] { (void)taken(document::apply(tree, converted)); });
    transfer::PushRequest request;
    request.source = request.destination = reference;
    request.original = tree;
    request.derived = derived;
    timed("plan", [&] {
        transfer::DestinationFacts facts;
        facts.sameRepository = facts.sameRegistry = true;
        facts.tagBefore = tree.root().descriptor.digest;
        for (const transfer::BlobNeed &need : transfer::contentOf(request).blobs)
            facts.present.insert(need.descriptor.digest);
        if (const transfer::PushPlan plan = transfer::planPush(request, facts); plan.isBlocked())
            qFatal("%s", qPrintable(plan.blockers.first()));
    });
    timed("byte diff of every changed document", [&] {
        for (const document::Change &change : std::as_const(derived.changes))
            (void)items::withContext(
                items::byteDiff(tree.node(change.path)->bytes(), derived.tree.node(change.path)->bytes()));
    });
    editing::ImageDocument document(reference, tree);
    items::ImageTreeModel model;
    timed("rows", [&] { model.setDocument(&document); });
    timed("marked whole: document and rows", [&] {
        if (!document.setMarking(selection.layers, true, somewhere))
            qFatal("It cannot be marked.");
    });
    timed("undo", [&] { document.undoStack()->undo(); });
    timed("redo", [&] { document.undoStack()->redo(); });
    if (document.derived().changes.isEmpty())
        qFatal("Nothing was marked.");
}

// Without its output. A tool that is not installed is left out.
void run(const char *what, const QString &program, const QStringList &arguments)
{
    const QString found = QDir::isAbsolutePath(program) ? program : test::programOnPath(program);
    if (found.isEmpty()) {
        std::printf("  %-42s is not installed\n", what);
        return;
    }
    const QStringList silently{QStringLiteral("-c"), QStringLiteral("exec \"$0\" \"$@\" >/dev/null"), found};
    print(what, test::measured(QStringLiteral("sh"), silently + arguments));
}

// Arguments in one string, as they would be typed.
QStringList words(const QString &line) { return line.split(QLatin1Char(' '), Qt::SkipEmptyParts); }

void byTheCommand(const ManyParts &image)
{
    test::DockerRegistryOptions allowing;
    allowing.allowUrls = {QStringLiteral("^https?://.*")};
    const test::DockerRegistry server(allowing);
    if (!server.problem().isEmpty())
        qFatal("%s", qPrintable(server.problem()));
    const QString reference = server.host() + QStringLiteral("/vendor/image:1");
    {
        registry::Client client;
        const QString failed =
            image.pushTo(client.target(taken(oci::Reference::parse(reference))), QStringLiteral("1"));
        if (!failed.isEmpty())
            qFatal("%s", qPrintable(failed));
    }
    const QTemporaryDir folder;
    qputenv("REGCTL_CONFIG", folder.filePath(QStringLiteral("regctl.json")).toUtf8());
    const QString copies = server.host() + QStringLiteral("/copies/");
    const QString plain = QStringLiteral(" --host reg=%1,tls=disabled ").arg(server.host());
    const auto ours = [](const char *what, const QString &line) {
        run(what, QStringLiteral(COLOPHONCTL), words(line));
    };

    ours("colophonctl inspect --raw", QStringLiteral("inspect --raw ") + reference);
    run("regctl manifest get", QStringLiteral("regctl"),
        words(QStringLiteral("manifest get --format raw-body ") + reference + plain));
    run("crane manifest", QStringLiteral("crane"), words(QStringLiteral("manifest ") + reference));
    run("oras manifest fetch", QStringLiteral("oras"),
        words(QStringLiteral("manifest fetch --plain-http ") + reference));
    ours("colophonctl inspect", QStringLiteral("inspect ") + reference);
    ours("colophonctl mark --dry-run --no-probe", QStringLiteral("mark --layer all --dry-run --no-probe ") + reference);
    ours("colophonctl mark --no-probe", QStringLiteral("mark --layer all --no-probe ") + reference);
    ours("colophonctl unmark --to, everything mounted",
         QStringLiteral("unmark --layer all --to %1ours:1 ").arg(copies) + reference);
    ours("colophonctl unmark, everything is there", QStringLiteral("unmark --layer all ") + reference);
    ours("colophonctl mark, every address probed", QStringLiteral("mark --layer all ") + reference);
    run("regctl image copy, everything mounted", QStringLiteral("regctl"),
        words(QStringLiteral("image copy %1ours:1 %1regctl:1").arg(copies) + plain));
    run("oras cp, everything mounted", QStringLiteral("oras"),
        words(QStringLiteral("cp --from-plain-http --to-plain-http %1ours:1 %1oras:1").arg(copies)));
}

void measure(const char *what, const ManyParts &image)
{
    std::printf("%s: %lld blobs, the document at the top has %lld bytes\n", what,
                static_cast<long long>(image.blobCount()), static_cast<long long>(image.rootBytes().size()));
    byTheCommand(image);
    inThisProcess(image);
}
} // namespace

int main(int argc, char *argv[])
{
    const QCoreApplication app(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    const auto number = [&](int i, int otherwise) { return arguments.value(i, QString::number(otherwise)).toInt(); };
    measure("One manifest of many layers", ManyParts::layers(number(1, 10'000)));
    measure("An index of many platforms", ManyParts::platforms(number(2, 200), number(3, 5)));
    return 0;
}
