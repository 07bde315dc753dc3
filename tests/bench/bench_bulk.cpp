// SPDX-License-Identifier: Apache-2.0
// How long the largest images take to be read, marked whole, and undone, and in how much memory.
#include "document/baselayers.h"
#include "document/edit.h"
#include "document/findings.h"
#include "editing/imagedocument.h"

#include <QElapsedTimer>

#include <sys/resource.h>

#include <cstdio>

using namespace colophon;
using document::Edit;
using document::EditSet;
using document::ImageNode;
using document::ImageTree;
using document::NodePath;

namespace {
const QStringList address{QStringLiteral("https://downloads.example/layers/blob")};

double peakMiB()
{
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) / 1024.0;
}

template <class Work>
void timed(const char *what, const Work &work)
{
    QElapsedTimer timer;
    timer.start();
    work();
    std::printf("  %-34s %8.3f s   peak %6.1f MiB\n", what, static_cast<double>(timer.nsecsElapsed()) / 1e9, peakMiB());
}

QByteArray manifest(int layers, int first)
{
    QByteArray list;
    for (int i = 0; i < layers; ++i) {
        list += (i > 0 ? ",\n      " : "\n      ") +
                QByteArray("{\n         \"mediaType\": \"application/vnd.docker.image.rootfs.diff.tar.gzip\",\n"
                           "         \"size\": 1234567,\n         \"digest\": \"") +
                oci::Digest::of(QByteArray::number(first + i)).toLatin1() + "\"\n      }";
    }
    return "{\n   \"schemaVersion\": 2,\n   \"mediaType\": \"application/vnd.docker.distribution.manifest.v2+json\",\n"
           "   \"config\": {\n      \"mediaType\": \"application/vnd.docker.container.image.v1+json\",\n"
           "      \"size\": 7023,\n      \"digest\": \"" +
           oci::Digest::of(QByteArray::number(-first)).toLatin1() + "\"\n   },\n   \"layers\": [" + list +
           "\n   ]\n}\n";
}

ImageNode read(const oci::Descriptor &named, const QByteArray &bytes)
{
    auto node = ImageNode::read(named, bytes);
    if (!node)
        qFatal("%s", qPrintable(node.error().text()));
    return std::move(*node);
}

ImageTree single(int layers)
{
    const QByteArray bytes = manifest(layers, 0);
    std::printf("one manifest of %d layers, %lld bytes\n", layers, static_cast<long long>(bytes.size()));
    return ImageTree(read(oci::Descriptor::of(oci::MediaType::dockerManifest(), bytes), bytes));
}

// Half the layers of each platform are the same everywhere.
ImageTree index(int platforms, int layers)
{
    QByteArray list;
    QList<QByteArray> all;
    for (int i = 0; i < platforms; ++i) {
        QByteArray own = manifest(layers / 2, 0);
        const QByteArray more = manifest(layers - layers / 2, 1000 + i * layers);
        const qsizetype begin = more.indexOf("\"layers\": [") + 11;
        own.insert(own.lastIndexOf("\n   ]"), "," + more.mid(begin, more.lastIndexOf("\n   ]") - begin));
        all.append(own);
        list += (i > 0 ? "," : "") +
                QByteArray(R"({"mediaType":"application/vnd.docker.distribution.manifest.v2+json","size":)") +
                QByteArray::number(own.size()) + R"(,"digest":")" + oci::Digest::of(own).toLatin1() +
                R"(","platform":{"os":"windows","architecture":"amd64","os.version":"10.0.)" + QByteArray::number(i) +
                R"("}})";
    }
    const QByteArray bytes =
        R"({"schemaVersion":2,"mediaType":"application/vnd.docker.distribution.manifest.list.v2+json","manifests":[)" +
        list + "]}";
    std::printf("an index of %d platforms with %d layers each, %lld bytes\n", platforms, layers,
                static_cast<long long>(bytes.size()));
    ImageNode root = read(oci::Descriptor::of(oci::MediaType::dockerManifestList(), bytes), bytes);
    for (int i = 0; i < platforms; ++i)
        root.children[i] = read(root.children[i].descriptor, all[i]);
    return ImageTree(std::move(root));
}

void measure(const std::function<ImageTree()> &make)
{
    ImageTree tree;
    timed("read", [&] { tree = make(); });
    document::Selection selection;
    timed("select all", [&] { selection = *document::selectLayers(tree, {QStringLiteral("all")}, {}); });
    timed("select what comes from itself", [&] { selection = *document::layersFromBase(tree, tree); });
    EditSet edits;
    timed("edits", [&] {
        edits = EditSet().with(*document::markingEdits(
            tree, selection.layers, true, [](const oci::Descriptor &) { return base::Result<QStringList>(address); }));
    });
    document::DerivedImage derived;
    timed("apply: marked whole", [&] { derived = *document::apply(tree, edits); });
    timed("findings", [&] { (void)document::findingsOf(tree, derived); });
    const EditSet converted = edits.with(document::SetFamily{NodePath::root(), oci::MediaType::Family::Oci});
    timed("apply: and converted to OCI", [&] { derived = *document::apply(tree, converted); });
    editing::ImageDocument document(*oci::Reference::parse(QStringLiteral("registry.example/big:1")), tree);
    timed("document: marked whole", [&] { (void)document.setMarking(selection.layers, true, address); });
    timed("document: undo", [&] { document.undoStack()->undo(); });
    timed("document: redo", [&] { document.undoStack()->redo(); });
    if (document.derived().changes.isEmpty())
        qFatal("nothing was marked");
}
} // namespace

int main()
{
    measure([] { return single(10'000); });
    measure([] { return index(200, 50); });
    return 0;
}
