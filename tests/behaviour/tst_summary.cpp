// SPDX-License-Identifier: Apache-2.0
#include "behaviour/summary.h"

#include <QHash>
#include <QRegularExpression>
#include <QTest>

#include <algorithm>

Q_DECLARE_METATYPE(colophon::behaviour::LayerKind)

using namespace colophon;
using namespace colophon::behaviour;
using Family = oci::MediaType::Family;
using oci::Marking;

namespace {
QStringList words(const char *text) { return QString::fromUtf8(text).split(u' ', Qt::SkipEmptyParts); }
LayerGroup group(const LayerKind &kind, int layers, const QStringList &hosts = {})
{
    QSet<oci::Digest> contents;
    for (int i = 0; i < layers; ++i)
        contents.insert(oci::Digest::of((kind.inWords() + QString::number(i)).toUtf8()));
    return {kind, kind, contents, hosts};
}
LayerGroup group(Marking marking, int layers, const QStringList &hosts = {}, Family family = Family::Docker,
                 const char *compression = "gzip")
{
    return group(LayerKind{marking, family, QLatin1String(compression)}, layers, hosts);
}
const ImageName amd64{QStringLiteral("linux/amd64"), QStringLiteral("linux")};
const ImageName arm64{QStringLiteral("linux/arm64"), QStringLiteral("linux")};
const ImageName windows{QStringLiteral("windows/amd64"), QStringLiteral("windows")};
LayerGroup of(LayerGroup group, const QList<ImageName> &images)
{
    group.images = images;
    return group;
}
QStringList summary(const QStringList &clients, const QList<LayerGroup> &groups)
{
    const auto lines = linesNamed(Knowledge::shipped(), Party::Kind::Client, clients);
    return summaryOf(Knowledge::shipped(), lines.value_or(QList<Line>()), groups);
}
const QStringList cdn{QStringLiteral("cdn.example")};
QStringList hostsFor(const LayerKind &kind, const char *host)
{
    const bool hasUrls = kind.marking == Marking::NonDistributable || kind.marking == Marking::HalfMarked;
    return hasUrls ? QStringList(QLatin1String(host)) : QStringList();
}

const QList<std::pair<Operation, const char *>> verbs{{Operation::Copy, "copied"},    {Operation::Push, "pushed"},
                                                      {Operation::Build, "built on"}, {Operation::Save, "saved"},
                                                      {Operation::Pull, "pulled"},    {Operation::Unpack, "unpacked"}};

const QRegularExpression &compiled(const QString &pattern)
{
    static QHash<QString, QRegularExpression> all;
    auto found = all.find(pattern);
    if (found == all.end())
        found = all.insert(pattern, QRegularExpression(pattern));
    return *found;
}

// What the sentences of a summary claim of one client.
struct Said
{
    QStringList claims; // "leaves 2 copied", "uploads", "cannot pushed", "a.example addresses first", …; sorted
    Said() = default;
    Said(const QStringList &sentences, const Line &line, const Party &party)
    {
        for (const QString &sentence : sentences) {
            for (const auto &[operation, verb] : verbs)
                if (const QString what = ofWays(sentence); !what.isEmpty() && isNamed(sentence, verb, line, party))
                    claims << what + u' ' + QLatin1String(verb);
            if (!isNamed(sentence, "", line, party))
                continue;
            if (sentence.contains(u" upload") || sentence.startsWith(u"The layer goes along with"))
                claims << QStringLiteral("uploads");
            for (const char *host : {"a.example", "b.example"})
                if (sentence.contains(QLatin1String(host)))
                    claims << QString(QLatin1String(host)) +
                                  (sentence.contains(u" before the registry")  ? QLatin1String(" addresses first")
                                   : sentence.contains(u" the registry first") ? QLatin1String(" registry first")
                                                                               : QLatin1String(" never"));
        }
        claims.sort();
    }
    static QString ofWays(const QString &sentence)
    {
        static const QRegularExpression stays(
            QStringLiteral("^(The|Both|(All )?([0-9]+)).* stays? behind when this image is "));
        if (const auto match = stays.match(sentence); match.hasMatch())
            return QStringLiteral("leaves ") + (match.captured(1) == u"The"    ? QStringLiteral("1")
                                                : match.captured(1) == u"Both" ? QStringLiteral("2")
                                                                               : match.captured(3));
        if (sentence.startsWith(u"This image cannot be "))
            return QStringLiteral("cannot");
        return sentence.startsWith(u"What happens ") ? QStringLiteral("unknown") : QString();
    }
    // Whether the sentence says this of the client or of all its versions; with a verb, in the part that has it.
    static bool isNamed(const QString &sentence, const char *verb, const Line &line, const Party &party)
    {
        QString part = sentence;
        if (*verb) {
            const QString way(
                QStringLiteral("\\b%1\\b(?:,? (?:or )?(?:pushed|built on|saved|pulled|unpacked))* with (.*?)(?=, "
                               "(?:or )?(?:copied|pushed|built on|saved|pulled|unpacked)\\b|\\.$| is not known| "
                               "because of )")
                    .arg(QLatin1String(verb)));
            part = compiled(way).match(sentence).captured(1);
        } else if (!ofWays(sentence).isEmpty()) {
            return false;
        }
        const auto has = [&part](const QString &name) {
            return !name.isEmpty() && part.contains(name) &&
                   compiled(
                       QStringLiteral("(^|with |, | and | or )%1($|,|\\.$| \\(| uploads? | asks? | never | or | and "
                                      "(?!later|earlier))")
                           .arg(QRegularExpression::escape(name)))
                       .match(part)
                       .hasMatch();
        };
        return has(line.name) || has(party.name);
    }
    QByteArray inWords() const { return claims.join(u", ").toUtf8(); }
    bool operator==(const Said &) const = default;
};

// What the data has to say.
struct Truth
{
    Said said;
    Truth(const Knowledge &knowledge, const Line &line, const QList<LayerGroup> &groups)
    {
        bool isSending = false;
        QList<bool> uploads; // in each way of sending
        for (const auto &[operation, verb] : verbs) {
            if (operation == Operation::Build && isSending)
                continue;
            QList<Outcome> outcomes;
            for (const LayerGroup &each : groups) {
                const auto found = consequenceOf(knowledge, line, each.after, operation);
                outcomes << (found ? found->row.outcome : Outcome::NotKnown);
            }
            const auto any = consequencesOf(knowledge, {line}, groups.constFirst().after);
            const bool has = std::ranges::any_of(any, [&](const Consequence &each) {
                return each.row.operation == operation && each.row.option.isEmpty();
            });
            if (!has)
                continue;
            isSending = isSending || operation == Operation::Copy || operation == Operation::Push;
            const auto claim = [&, verb = verb](const QString &what) {
                said.claims << what + u' ' + QLatin1String(verb);
            };
            if (outcomes.contains(Outcome::Fails)) {
                claim(QStringLiteral("cannot"));
                if (operation == Operation::Copy || operation == Operation::Push || operation == Operation::Build)
                    uploads.append(false);
                continue;
            }
            int staying = 0;
            for (qsizetype i = 0; i < groups.size(); ++i)
                staying += outcomes[i] == Outcome::LeavesBehind ? groups[i].layers() : 0;
            if (staying > 0)
                claim(QStringLiteral("leaves %1").arg(staying));
            if (outcomes.contains(Outcome::NotKnown))
                claim(QStringLiteral("unknown"));
            const bool isAll = outcomes.count(Outcome::Uploads) == outcomes.size();
            if (operation == Operation::Copy || operation == Operation::Push || operation == Operation::Build)
                uploads.append(isAll);
            if (operation != Operation::Pull)
                continue;
            for (qsizetype i = 0; i < groups.size(); ++i)
                for (const QString &host : groups[i].hosts)
                    said.claims << (outcomes[i] == Outcome::FetchesFromAddresses
                                        ? QStringList(host + QLatin1String(" addresses first"))
                                    : outcomes[i] == Outcome::RegistryThenAddresses
                                        ? QStringList(host + QLatin1String(" registry first"))
                                    : outcomes[i] == Outcome::IgnoresAddresses
                                        ? QStringList(host + QLatin1String(" never"))
                                        : QStringList());
        }
        if (!uploads.isEmpty() && !uploads.contains(false))
            said.claims << QStringLiteral("uploads");
        said.claims.sort();
    }
};
} // namespace

class TestSummary : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void saysWhatBecomesOfAnImage_data()
    {
        QTest::addColumn<QStringList>("clients");
        QTest::addColumn<QList<LayerGroup>>("groups");
        QTest::addColumn<QString>("text");
        const LayerGroup two = group(Marking::NonDistributable, 2, cdn);
        const LayerGroup seven = group(Marking::Distributable, 7);
        QTest::newRow("the usual ones")
            << words("skopeo regctl crane@0.22 oras nerdctl docker-windows@28 containerd") << QList{two, seven}
            << "2 of 9 layers stay behind when this image is copied with skopeo, regctl, crane 0.21.6 and later or "
               "oras, pushed with nerdctl, or pulled with oras. Docker 28 and later on Windows uploads all 9 layers. "
               "nerdctl (inferred) and containerd ask cdn.example before the registry and do not fall back when it "
               "answers an error other "
               "than 404. crane 0.21.6 and later and Docker 28 and later on Windows ask the registry first, then "
               "cdn.example.";
        QTest::newRow("one of one") << words("skopeo") << QList{group(Marking::NonDistributable, 1, cdn)}
                                    << "The layer stays behind when this image is copied with skopeo.";
        QTest::newRow("all of them") << words("oras") << QList{group(Marking::NonDistributable, 3, cdn)}
                                     << "All 3 layers stay behind when this image is copied or pulled with oras.";
        QTest::newRow("one of many") << words("oras") << QList{group(Marking::NonDistributable, 1, cdn), seven}
                                     << "1 of 8 layers stays behind when this image is copied or pulled with oras.";
        QTest::newRow("nothing marked") << words("skopeo oras") << QList{seven}
                                        << "skopeo and oras upload all 7 layers.";
        QTest::newRow("nothing marked, one layer") << words("skopeo oras") << QList{group(Marking::Distributable, 1)}
                                                   << "The layer goes along with skopeo and oras.";
        QTest::newRow("half-marked") << words("skopeo oras") << QList{group(Marking::HalfMarked, 1, cdn), seven}
                                     << "1 of 8 layers stays behind when this image is copied with skopeo. oras "
                                        "uploads all 8 layers. oras never asks cdn.example and needs a registry that "
                                        "holds everything.";
        QTest::newRow("both versions of one client are the client")
            << words("containerd") << QList{two}
            << "containerd asks cdn.example before the registry and does not fall back when it answers an error other "
               "than 404.";
        QTest::newRow("the command of containerd") << words("ctr") << QList{two, seven}
                                                   << "2 of 9 layers stay behind when this image is pushed with ctr 1. "
                                                      "ctr 2 uploads all 9 layers. ctr asks cdn.example before the "
                                                      "registry and does not fall back when it answers an error other "
                                                      "than 404.";
        QTest::newRow("inferred is said")
            << words("podman@5.7") << QList{group(Marking::NonDistributable, 1, {}, Family::Oci)}
            << "The layer stays behind when this image is pushed with podman 5.7 and later (inferred). podman 5.7 and "
               "later asks the addresses before the registry and never turns to the registry when that fails. What "
               "happens when "
               "this image is saved with podman 5.7 and later is not known.";
        QTest::newRow("never falls back")
            << words("podman@5.7") << QList{two}
            << "Both layers stay behind when this image is pushed with podman 5.7 and later (inferred). podman 5.7 "
               "and "
               "later asks cdn.example before the registry and never turns to the registry when that fails. What "
               "happens "
               "when this image is saved with podman 5.7 and later is not known.";
        QTest::newRow("falls back where nothing answers")
            << words("podman@4.9") << QList{group(Marking::NonDistributable, 2, cdn, Family::Oci)}
            << "podman 4 uploads both layers. podman 4 asks cdn.example before the registry and turns to the registry "
               "only where nothing answers there.";
        QTest::newRow("two hosts") << words("docker-linux")
                                   << QList{group(Marking::NonDistributable, 1, words("a.example b.example"))}
                                   << "The layer goes along with Docker on Linux. Docker on Linux never asks a.example "
                                      "and b.example and needs a registry that holds everything.";
        QTest::newRow("three hosts")
            << words("docker-linux")
            << QList{group(Marking::NonDistributable, 1, words("a.example b.example c.example"))}
            << "The layer goes along with Docker on Linux. Docker on Linux never asks a.example and 2 other hosts and "
               "needs a registry that holds everything.";
        QTest::newRow("not known") << words("skopeo@0.1") << QList{two}
                                   << "What happens when this image is copied or saved with skopeo 0.1 is not known.";
        QTest::newRow("not known of some of them")
            << words("crane@0.20")
            << QList{group(Marking::NonDistributable, 1, {}, Family::Docker),
                     group(Marking::NonDistributable, 2, {}, Family::Oci, "zstd"), seven}
            << "1 of 10 layers, non-distributable (Docker type), stays behind when this image is copied with crane "
               "0.21.5 and earlier (inferred). crane 0.21.5 and earlier asks the registry first, then the addresses. "
               "What "
               "happens to 2 of 10 layers, non-distributable (OCI type, zstd), when this image is copied with crane "
               "0.21.5 and earlier is not known.";
        QTest::newRow("not known of pulls alone")
            << words("docker-windows@1.13") << QList{two}
            << "Both layers stay behind when this image is pushed with Docker on Windows before 17.06 (inferred). What "
               "happens "
               "when this image is pulled with Docker on Windows before 17.06 is not known.";
        QTest::newRow("who fails uploads nothing")
            << words("umoci@0.4 skopeo") << QList{two, group(Marking::Distributable, 7, {}, Family::Oci, "zstd")}
            << "2 of 9 layers stay behind when this image is copied with skopeo. This image cannot be unpacked with "
               "umoci 0.4 because of all 9 layers, non-distributable (Docker type) and distributable (OCI type, "
               "zstd).";
        QTest::newRow("what a registry makes of it is the registry's")
            << words("podman@4.9") << QList{two, seven}
            << "podman 4 uploads all 9 layers. podman 4 asks cdn.example before the registry and turns to the registry "
               "only where nothing answers there.";
        QTest::newRow("who cannot read one layer has nothing of the image")
            << words("docker-linux@20.10 docker-linux@27")
            << QList{group(Marking::NonDistributable, 2, cdn),
                     group(Marking::Distributable, 1, {}, Family::Oci, "zstd")}
            << "Docker 23 and later on Linux uploads all 3 layers. This image cannot be pushed, saved or pulled with "
               "Docker 20.10 on Linux because of 1 of 3 layers, distributable (OCI type, zstd). Docker 23 and later on "
               "Linux never asks cdn.example and needs a registry that holds "
               "everything.";
        QTest::newRow("one platform that cannot be read")
            << words("docker-linux@20.10")
            << QList{of(group(Marking::NonDistributable, 2, cdn), {amd64, arm64}),
                     of(group(Marking::Distributable, 1, {}, Family::Oci, "zstd"), {arm64})}
            << "linux/arm64 of this image cannot be pushed, saved or pulled with Docker 20.10 on Linux because of 1 of "
               "3 layers, distributable (OCI type, zstd). Docker 20.10 on Linux never asks cdn.example and needs a "
               "registry that holds everything.";
        QTest::newRow("both platforms cannot be read")
            << words("docker-linux@20.10")
            << QList{of(group(Marking::Distributable, 1, {}, Family::Oci, "zstd"), {amd64, arm64})}
            << "This image cannot be pushed, saved or pulled with Docker 20.10 on Linux because of its layer, "
               "distributable (OCI type, zstd).";
        QTest::newRow("for Windows")
            << words("docker-linux docker-windows@27") << QList{of(two, {windows})}
            << "Both layers stay behind when this image is pushed with Docker 17.06 to 27 on Windows. Docker 17.06 to "
               "27 on Windows asks the registry first, then cdn.example.";
        QTest::newRow("for Linux") << words("docker-linux@27 docker-windows@27") << QList{of(two, {amd64})}
                                   << "Docker 23 and later on Linux uploads both layers. Docker 23 and later on Linux "
                                      "never asks cdn.example and needs a registry that holds everything.";
        QTest::newRow("for nobody asked about") << words("docker-windows@27") << QList{of(two, {amd64, arm64})}
                                                << "This image is for linux: Docker 17.06 to 27 on Windows cannot run "
                                                   "it.";
        // Of an image for both it is said what is done with the part it has to do with.
        QTest::newRow("for both")
            << words("docker-windows@27 docker-linux@27")
            << QList{of(two, {windows}), of(group(Marking::Distributable, 3), {amd64})}
            << "2 of 5 layers stay behind when this image is pushed with Docker 17.06 to 27 on Windows. Docker 17.06 "
               "to 27 on Windows asks the registry first, then cdn.example.";
        QTest::newRow("saved without the layer")
            << words("docker-containerd") << QList{two, seven}
            << "2 of 9 layers stay behind when this image is saved with Docker with the containerd image store. Docker "
               "with the containerd image store uploads all 9 layers. Docker with the containerd image store asks "
               "cdn.example before the registry and does not fall back when it answers an error other than 404.";
        QTest::newRow("which of several marked ones")
            << words("skopeo oras crane@0.22")
            << QList{group(Marking::NonDistributable, 2, cdn),
                     group(Marking::HalfMarked, 1, words("b.example"), Family::Docker), seven}
            << "2 of 10 layers, non-distributable (Docker type), stay behind when this image is copied with oras or "
               "crane 0.21.6 and later, or pulled with oras. 3 of 10 layers stay behind when this image is copied "
               "with skopeo. crane 0.21.6 and later asks the registry first, then cdn.example and b.example. For 1 of "
               "10 layers, half-marked (Docker type), oras never asks b.example and needs a registry that holds "
               "everything.";
        QTest::newRow("who only builds")
            << words("ko") << QList{group(Marking::NonDistributable, 1, cdn), seven}
            << "1 of 8 layers stays behind when this image is built on with ko (inferred).";
        QTest::newRow("edited and unedited layers of one kind are one")
            << words("oras") << QList{LayerGroup{seven.after, two.after, two.contents, cdn}, two, seven}
            << "2 of 9 layers stay behind when this image is copied or pulled with oras.";
        QTest::newRow("marked here and not there")
            << words("skopeo oras crane containerd")
            << QList{two, LayerGroup{seven.after, seven.after, seven.contents + two.contents, {}}}
            << "2 of 9 layers are non-distributable in one place and distributable in another: some clients upload "
               "them all the same, others fail. Mark them everywhere or nowhere.";
        QTest::newRow("nobody") << QStringList() << QList{two} << "";
        QTest::newRow("nothing") << words("skopeo") << QList<LayerGroup>() << "";
    }
    void saysWhatBecomesOfAnImage()
    {
        QFETCH(QStringList, clients);
        QFETCH(QList<LayerGroup>, groups);
        QFETCH(QString, text);
        QCOMPARE(summary(clients, groups).join(u' '), text);
    }

    void everySentenceIsTrueOfEveryClient_data()
    {
        QTest::addColumn<LayerKind>("first");
        QTest::addColumn<LayerKind>("second");
        const QList<LayerKind> kinds = LayerKind::all();
        for (qsizetype a = 0; a < kinds.size(); ++a)
            for (qsizetype b = a; b < kinds.size(); ++b)
                QTest::addRow("%s + %s", qPrintable(kinds[a].inWords()), qPrintable(kinds[b].inWords()))
                    << kinds[a] << kinds[b];
    }
    // Of an image with two layers of one kind and three of another, what is said of each client alone and of all
    // together, against what the data has for each of the kinds.
    void everySentenceIsTrueOfEveryClient()
    {
        QFETCH(LayerKind, first);
        QFETCH(LayerKind, second);
        QList<LayerGroup> groups{group(first, 2, hostsFor(first, "a.example"))};
        if (second != first)
            groups.append(group(second, 3, hostsFor(second, "b.example")));
        const Knowledge knowledge = Knowledge::shipped();
        const QList<Line> lines = linesOf(knowledge, Party::Kind::Client);
        const QStringList ofAll = summaryOf(knowledge, lines, groups);
        for (const Line &line : lines) {
            const QStringList alone = summaryOf(knowledge, {line}, groups);
            const Said said(alone, line, {});
            const Said together(ofAll, line, *knowledge.party(line.party));
            const Truth truth(knowledge, line, groups);
            const QByteArray context = (line.name + QLatin1String(": ") + alone.join(u' ')).toUtf8();
            QVERIFY2(said == truth.said, context + "\n" + said.inWords() + "\n" + truth.said.inWords());
            QVERIFY2(together == said, context + "\n" + ofAll.join(u'\n').toUtf8() + "\n" + together.inWords());
        }
    }
};

QTEST_GUILESS_MAIN(TestSummary)
#include "tst_summary.moc"
