// SPDX-License-Identifier: Apache-2.0
#include "behaviour/runs/watch.h"

#include <QDir>
#include <QDirIterator>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

namespace colophon::test {

namespace {
QJsonObject factsOf(const Seen &seen, const Ran &ran)
{
    QJsonObject facts = seen.toJson();
    facts.insert(QStringLiteral("exit"), ran.exitCode);
    return facts;
}

QString fileOf(const QString &family) { return QStringLiteral(COLOPHON_OBSERVATIONS "/%1.jsonl").arg(family); }

// What the client said is shown where a test fails, and never looked at.
bool succeeded(const Ran &ran)
{
    if (ran.exitCode != 0)
        qInfo("%s\n%s", qPrintable(ran.command), (ran.out.right(600) + ran.err.right(900)).constData());
    return ran.exitCode == 0;
}
} // namespace

void Watch::forget(const QString &family) { QFile::remove(fileOf(family)); }

Watch::Watch(const QString &family)
    : m_file(fileOf(family))
    , m_problem(m_stage.problem())
{
    QDir().mkpath(QStringLiteral(COLOPHON_OBSERVATIONS));
    if (!m_file.open(QIODevice::WriteOnly | QIODevice::Truncate))
        m_problem = m_file.errorString();
}

void Watch::add(const Cell &cell, const Kind &kind, const QString &outcome, QJsonObject facts)
{
    const std::pair<const char *, QString> words[] = {{"client", cell.client},
                                                      {"version", cell.version},
                                                      {"operation", cell.operation},
                                                      {"option", cell.option},
                                                      {"marking", QLatin1String(kind.marking)},
                                                      {"family", QLatin1String(kind.family)},
                                                      {"compression", QLatin1String(kind.compression)},
                                                      {"outcome", outcome}};
    for (const auto &[name, value] : words)
        facts.insert(QLatin1String(name), value);
    m_file.write(QJsonDocument(facts).toJson(QJsonDocument::Compact) + '\n');
    if (!cell.by.isEmpty()) {
        facts.insert(QStringLiteral("client"), cell.by);
        m_file.write(QJsonDocument(facts).toJson(QJsonDocument::Compact) + '\n');
    }
    m_file.flush();
}

void Watch::copy(const Cell &cell, const Kind &kind, const Work &work, bool takesAnything)
{
    Scene scene = m_stage.scene(kind);
    if (takesAnything)
        m_stage.takeAnything(scene);
    judgeSent(cell, kind, scene, work(scene));
}

void Watch::send(const Cell &cell, const Kind &kind, const Work &work)
{
    Scene scene = m_stage.laidNowhere(kind);
    judgeSent(cell, kind, scene, work(scene));
}

void Watch::judgeSent(const Cell &cell, const Kind &kind, const Scene &scene, const Ran &ran)
{
    const Seen seen = m_stage.seen(scene);
    QJsonObject facts = factsOf(seen, ran);
    facts.insert(QStringLiteral("manifest"), seen.isKept ? QStringLiteral("kept") : QStringLiteral("rewritten"));
    const bool went = succeeded(ran);
    QVERIFY(!seen.credentialsToAddresses);
    if (seen.manifestStatus == 0) {
        QVERIFY2(!went, "It says that it pushed, and sent no manifest.");
        add(cell, kind, QStringLiteral("fails"), facts);
        return;
    }
    QVERIFY2(went == (seen.manifestStatus < 300), qPrintable(ran.text()));
    QVERIFY2(seen.ordinaryArrived, "The other layer is not there either: nothing is known.");
    // A registry that refuses an image whose layer it lacks is the client's doing; one that refuses a whole image was
    // sent a manifest that is none.
    add(cell, kind,
        !seen.isUploaded ? QStringLiteral("leaves-behind")
        : went           ? QStringLiteral("uploads")
                         : QStringLiteral("fails"),
        facts);
}

void Watch::fetch(const Cell &cell, const Kind &kind, const Work &work, const Has &has)
{
    Scene scene = m_stage.scene(kind);
    const Ran ran = work(scene);
    const Seen seen = m_stage.seen(scene);
    const QJsonObject facts = factsOf(seen, ran);
    QVERIFY(!seen.credentialsToAddresses);
    if (!succeeded(ran)) {
        add(cell, kind, QStringLiteral("fails"), facts);
        return;
    }
    const bool isThere = has(scene);
    if (!isThere || seen.asked.isEmpty()) {
        QVERIFY2(!isThere && seen.asked.isEmpty(), "The layer came from nowhere, or was fetched and lost.");
        add(cell, kind, QStringLiteral("leaves-behind"), facts);
        return;
    }
    QCOMPARE(seen.asked.size(), 1);
    if (seen.asked.first() == Side::Addresses) {
        add(cell, kind, QStringLiteral("fetches-from-addresses"), facts);
    } else if (!kind.hasUrls) {
        add(cell, kind, QStringLiteral("fetches-from-registry"), facts);
    } else {
        // The registry was asked first. Is an address, when the registry lacks the layer?
        Scene lacking = m_stage.scene(kind, Address::Good, false);
        const Ran again = work(lacking);
        const Seen then = m_stage.seen(lacking);
        QVERIFY(!then.credentialsToAddresses);
        QVERIFY2(then.hasAsked(Side::Addresses) == (again.exitCode == 0), qPrintable(again.text()));
        QJsonObject both = facts;
        both.insert(QStringLiteral("lacking"), factsOf(then, again));
        add(cell, kind,
            then.hasAsked(Side::Addresses) ? QStringLiteral("registry-then-addresses")
                                           : QStringLiteral("ignores-addresses"),
            both);
    }
}

void Watch::fault(const Cell &cell, const Kind &kind, Address address, const Work &work)
{
    Scene scene = m_stage.scene(kind, address);
    const Ran ran = work(scene);
    const Seen seen = m_stage.seen(scene);
    QJsonObject facts = factsOf(seen, ran);
    facts.insert(QStringLiteral("address"), QLatin1String(word(address)));
    QVERIFY(!seen.credentialsToAddresses);
    QVERIFY2(!seen.asked.isEmpty() && seen.asked.first() == Side::Addresses,
             "The address was not asked first: there is nothing to fall back from.");
    const bool fellBack = seen.hasAsked(Side::Source);
    QVERIFY2(fellBack == (ran.exitCode == 0), qPrintable(ran.text()));
    add(cell, kind, fellBack ? QStringLiteral("falls-back") : QStringLiteral("fails"), facts);
}

void Watch::save(const Cell &cell, const Kind &kind, const Work &work, const Has &has)
{
    Scene scene = m_stage.scene(kind);
    const Ran ran = work(scene);
    const bool went = succeeded(ran);
    add(cell, kind,
        !went        ? QStringLiteral("fails")
        : has(scene) ? QStringLiteral("includes")
                     : QStringLiteral("leaves-behind"),
        {{QStringLiteral("exit"), ran.exitCode}});
}

void Watch::edit(const Cell &cell, const Kind &kind, const Work &work)
{
    Scene scene = m_stage.scene(kind);
    const Ran ran = work(scene);
    QVERIFY2(succeeded(ran), "Nothing was edited.");
    const QByteArray edited = m_stage.manifestOf(scene.edited);
    // Else there was nothing to change.
    judgeEdited(cell, kind, scene, edited.isEmpty() ? m_stage.manifestOf(scene.source) : edited, ran);
}

void Watch::editLayout(const Cell &cell, const Kind &kind, const std::function<Ran(const QString &layout)> &work)
{
    const Scene scene = m_stage.laidNowhere(kind);
    const QString layout = m_stage.folder(scene.name);
    writeLayout(scene.image, layout, true);
    const Ran ran = work(layout);
    if (!succeeded(ran)) {
        add(cell, kind, QStringLiteral("fails"), {{QStringLiteral("exit"), ran.exitCode}});
        return;
    }
    const auto read = [&layout](const QString &name) {
        QFile file(layout + u'/' + name);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    };
    const QJsonValue index = QJsonDocument::fromJson(read(QStringLiteral("index.json")))[QStringLiteral("manifests")];
    const QString digest = index[0][QStringLiteral("digest")].toString();
    judgeEdited(cell, kind, scene, read(QStringLiteral("blobs/") + QString(digest).replace(u':', u'/')), ran);
}

void Watch::judgeEdited(const Cell &cell, const Kind &kind, const Scene &scene, const QByteArray &edited,
                        const Ran &ran)
{
    const QJsonObject layer = QJsonDocument::fromJson(edited)[QStringLiteral("layers")][0].toObject();
    const oci::MediaType type(layer.value(QStringLiteral("mediaType")).toString());
    QVERIFY2(type.isLayer(), edited.constData());
    const bool hasUrls = !layer.value(QStringLiteral("urls")).toArray().isEmpty();
    const bool isKept = edited == scene.image.image.bytesOf(scene.image.image.root.digest);
    add(cell, kind,
        type.isNonDistributable() == kind.isMarked && hasUrls == kind.hasUrls ? QStringLiteral("keeps-marking")
                                                                              : QStringLiteral("removes-marking"),
        {{QStringLiteral("exit"), ran.exitCode},
         {QStringLiteral("manifest"), isKept ? QStringLiteral("kept") : QStringLiteral("rewritten")},
         {QStringLiteral("type"), type.toString()},
         {QStringLiteral("urls"), hasUrls}});
}

void Watch::unpack(const Cell &cell, const Kind &kind, const std::function<Ran(const QString &layout)> &work,
                   const QString &bundle)
{
    const auto unpacked = [&](bool isWhole, Scene &scene) {
        scene = m_stage.laidNowhere(kind);
        const QString layout = m_stage.folder(scene.name);
        writeLayout(scene.image, layout, isWhole);
        const Ran ran = work(layout);
        return ran.exitCode == 0 && holdsLayer(layout + bundle, scene);
    };
    Scene scene;
    const bool isThere = unpacked(true, scene);
    QVERIFY2(m_stage.seen(scene).asked.isEmpty(), "The addresses were asked.");
    Scene lacking;
    QVERIFY2(!unpacked(false, lacking), "The layer came from nowhere.");
    QVERIFY2(m_stage.seen(lacking).asked.isEmpty(), "The addresses were asked.");
    add(cell, kind, isThere ? QStringLiteral("unpacks") : QStringLiteral("fails"), {});
}

QString Watch::archiveOf(const QString &folder) const
{
    const QString archive = folder + QStringLiteral(".tar");
    const Ran ran = run(QStringLiteral("tar"),
                        {QStringLiteral("-cf"), archive, QStringLiteral("-C"), folder, QStringLiteral(".")}, {});
    if (ran.exitCode != 0)
        qFatal("%s", qPrintable(ran.text()));
    return archive;
}

QString Watch::layoutOf(const Scene &scene, bool isWhole) const
{
    const QString layout = m_stage.folder(scene.name + QStringLiteral("-layout"));
    writeLayout(scene.image, layout, isWhole);
    return archiveOf(layout);
}

void Watch::load(const Cell &cell, const Kind &kind, const LoadWork &work, const Has &has)
{
    const Scene whole = m_stage.laidNowhere(kind);
    const Ran ran = work(whole, layoutOf(whole, true));
    const Seen seen = m_stage.seen(whole);
    const bool went = succeeded(ran);
    QVERIFY2(!went || has(whole), "It says that it loaded the image, and has no such layer.");
    const Scene lacking = m_stage.laidNowhere(kind);
    const Ran without = work(lacking, layoutOf(lacking, false));
    const Seen then = m_stage.seen(lacking);
    QVERIFY2(went || without.exitCode != 0, "It loads the image only without the layer.");
    for (const Seen &each : {seen, then})
        QVERIFY(!each.credentialsToAddresses && !each.hasAsked(Side::Source));
    QVERIFY2(seen.asked == then.asked, "Where it asks depends on what the archive holds.");
    QJsonObject facts = factsOf(seen, ran);
    facts.insert(QStringLiteral("lacking"), factsOf(then, without));
    if (went)
        facts.insert(QStringLiteral("blob"),
                     without.exitCode == 0 ? QStringLiteral("not required") : QStringLiteral("required"));
    add(cell, kind,
        !went                ? QStringLiteral("fails")
        : seen.asked.empty() ? QStringLiteral("unpacks")
                             : QStringLiteral("fetches-from-addresses"),
        facts);
}

void Watch::loadFault(const Cell &cell, const Kind &kind, Address address, const LoadWork &work)
{
    const Scene scene = m_stage.laidNowhere(kind, address);
    const Ran ran = work(scene, layoutOf(scene, true));
    const Seen seen = m_stage.seen(scene);
    QVERIFY(!seen.credentialsToAddresses);
    QVERIFY2(seen.hasAsked(Side::Addresses), "The address was not asked: there is nothing to fall back from.");
    QJsonObject facts = factsOf(seen, ran);
    facts.insert(QStringLiteral("address"), QLatin1String(word(address)));
    add(cell, kind, ran.exitCode == 0 ? QStringLiteral("falls-back") : QStringLiteral("fails"), facts);
}

bool holdsLayer(const QString &folder, const Scene &scene)
{
    const QByteArray bytes = scene.image.image.bytesOf(scene.image.marked.digest);
    QDirIterator files(folder, QDir::Files, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        QFile file(files.next());
        if (!file.open(QIODevice::ReadOnly))
            continue;
        QByteArray found = file.readAll();
        if (found == bytes || found.contains(scene.image.content))
            return true;
        // Clients that keep layers unpacked compress them anew.
        if (found.startsWith("\x1f\x8b"))
            found = run(QStringLiteral("gzip"), {QStringLiteral("-dc"), file.fileName()}, {}).out;
        if (found.contains(scene.image.content))
            return true;
    }
    return false;
}

bool archiveHoldsLayer(const QString &file, const Scene &scene)
{
    const QTemporaryDir unpacked;
    const Ran ran =
        run(QStringLiteral("tar"), {QStringLiteral("-xf"), file, QStringLiteral("-C"), unpacked.path()}, {});
    if (ran.exitCode != 0)
        qWarning("%s", qPrintable(ran.text()));
    return holdsLayer(unpacked.path(), scene);
}

} // namespace colophon::test
