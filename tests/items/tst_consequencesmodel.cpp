// SPDX-License-Identifier: Apache-2.0
#include "items/consequencesmodel.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace colophon;
using behaviour::Knowledge;
using behaviour::LayerGroup;
using behaviour::LayerKind;
using behaviour::Party;
using items::ConsequencesModel;
using RowKind = ConsequencesModel::RowKind;
using Family = oci::MediaType::Family;
using oci::Marking;

namespace {
const LayerKind ordinary{Marking::Distributable, Family::Docker, QStringLiteral("gzip")};
const LayerKind marked{Marking::NonDistributable, Family::Docker, QStringLiteral("gzip")};
const QStringList cdn{QStringLiteral("cdn.example")};

LayerGroup layersOf(const LayerKind &before, const LayerKind &after, int layers, const QStringList &hosts)
{
    QSet<oci::Digest> contents;
    for (int i = 0; i < layers; ++i)
        contents.insert(oci::Digest::of((after.inWords() + QString::number(i)).toUtf8()));
    return {before, after, contents, hosts};
}
QList<behaviour::Line> named(Party::Kind kind, const char *names)
{
    const QStringList all = QString::fromLatin1(names).split(QLatin1Char(' '));
    return behaviour::linesNamed(Knowledge::shipped(), kind, all).value_or(QList<behaviour::Line>());
}
QList<behaviour::Line> clients(const char *names) { return named(Party::Kind::Client, names); }
} // namespace

class TestConsequencesModel : public QObject
{
    Q_OBJECT

    ConsequencesModel m_model;
    QAbstractItemModelTester m_tester{&m_model, QAbstractItemModelTester::FailureReportingMode::QtTest};

    QModelIndex group(int row) const { return m_model.index(row, 0); }
    QStringList titles(const QModelIndex &parent) const
    {
        QStringList all;
        for (int row = 0; row < m_model.rowCount(parent); ++row)
            all << m_model.index(row, 0, parent).data().toString();
        return all;
    }

private Q_SLOTS:
    void init() { m_model.setQuestion(Knowledge::shipped(), {}, {}); }

    void emptyHasNoRows() { QCOMPARE(m_model.rowCount(), 0); }
    void summaryThenGroupsThenWhoDoesWhat()
    {
        m_model.setQuestion(Knowledge::shipped(), clients("skopeo@1.9.3 docker-windows@28"),
                            {layersOf(marked, marked, 2, cdn), layersOf(ordinary, ordinary, 7, {})});
        QCOMPARE(m_model.rowCount(), 3);
        QCOMPARE(group(0).data(ConsequencesModel::RowKindRole).toInt(), int(RowKind::Summary));
        QVERIFY(m_model.summary().startsWith(
            u"2 of 9 layers stay behind when this image is copied with skopeo 1.14 and earlier.\n"));
        QCOMPARE(group(0).data().toString(), m_model.summary());
        QCOMPARE(group(1).data().toString(), QStringLiteral("2 layers, non-distributable (Docker type)"));
        QCOMPARE(titles(group(1)), (QStringList{QStringLiteral("skopeo 1.14 and earlier · Copy"),
                                                QStringLiteral("skopeo 1.14 and earlier · Save"),
                                                QStringLiteral("skopeo 1.14 and earlier · Replicate"),
                                                QStringLiteral("skopeo 1.14 and earlier · Push · of a directory"),
                                                QStringLiteral("Docker 28 and later on Windows · Pull"),
                                                QStringLiteral("Docker 28 and later on Windows · Push")}));
        const QModelIndex copy = m_model.index(0, 0, group(1));
        QCOMPARE(copy.data(ConsequencesModel::OutcomeRole).toString(), QStringLiteral("Leaves it behind"));
        QCOMPARE(copy.data(ConsequencesModel::BeforeRole).toString(), QString());
        QCOMPARE(copy.data(ConsequencesModel::CertaintyRole).toString(), QStringLiteral("run with 1.9.3"));
        QVERIFY(!copy.data(ConsequencesModel::CaveatRole).toBool());
        QVERIFY(copy.data(ConsequencesModel::SentenceRole).toString().startsWith(u"skopeo leaves the layer behind"));
        QVERIFY(copy.data(items::FullTextRole)
                    .toString()
                    .startsWith(u"skopeo 1.14 and earlier · Copy: Leaves it behind (run with 1.9.3). skopeo leaves"));
        const QString why = copy.data(ConsequencesModel::WhyRole).toString();
        QVERIFY2(why.startsWith(u"Looks only at whether a layer has addresses.\nRun by our tests on "),
                 qPrintable(why));
        QVERIFY2(why.contains(u": 1.9.3, with layers of Docker type ("), qPrintable(why));
        QVERIFY2(why.contains(u"containers/image, copy/single.go:copyLayers"), qPrintable(why));
    }
    void whoIsCutOffIsSaidBesides()
    {
        m_model.setQuestion(Knowledge::shipped(), clients("docker-linux@27 containerd"),
                            {layersOf(marked, marked, 1, cdn)});
        QCOMPARE(m_model.rowCount(), 4);
        for (int row : {1, 2}) {
            QCOMPARE(group(row).data(ConsequencesModel::RowKindRole).toInt(), int(RowKind::Notice));
            QCOMPARE(group(row).data(items::ToneRole).toInt(), int(items::Tone::Warning));
            QCOMPARE(m_model.rowCount(group(row)), 0);
        }
        const QString said = group(2).data(items::FullTextRole).toString();
        QVERIFY2(said.startsWith(u"Warning: Customers with Docker 23 and later on Linux cannot pull this image") &&
                     said.contains(u" See https://github.com/moby/"),
                 qPrintable(said));
    }
    void theRegistryItIsIn()
    {
        const auto harbor =
            behaviour::recognise(Knowledge::shipped(),
                                 {{QStringLiteral("www-authenticate"), QStringLiteral("service=\"harbor-registry\"")}});
        const QList<LayerGroup> groups{layersOf(marked, marked, 1, cdn), layersOf(ordinary, ordinary, 1, {})};
        m_model.setQuestion(Knowledge::shipped(), clients("skopeo"), groups, {QStringLiteral("r.example"), harbor});
        QCOMPARE(group(1).data(ConsequencesModel::RowKindRole).toInt(), int(RowKind::Registry));
        QCOMPARE(group(1).data().toString(),
                 QStringLiteral("This registry: r.example is Harbor, by its WWW-Authenticate header."));
        QCOMPARE(titles(group(1)),
                 (QStringList{QStringLiteral("Harbor · Receive"), QStringLiteral("Harbor · Replicate"),
                              QStringLiteral("Harbor · Proxy")}));
        QCOMPARE(m_model.index(0, 0, group(1)).data(ConsequencesModel::OutcomeRole).toString(),
                 QStringLiteral("Accepts it"));
        // Which layers is said where there are several kinds that are marked, and what an edit changes.
        const LayerKind half{Marking::HalfMarked, Family::Docker, QStringLiteral("gzip")};
        m_model.setQuestion(Knowledge::shipped(), clients("skopeo"),
                            {layersOf(half, marked, 1, cdn), layersOf(half, half, 1, cdn)},
                            {QStringLiteral("r.example"), harbor});
        QCOMPARE(titles(group(1)).size(), 6);
        QCOMPARE(titles(group(1))[1], QStringLiteral("Harbor · Replicate · non-distributable (Docker type)"));
        QCOMPARE(m_model.index(1, 0, group(1)).data(ConsequencesModel::BeforeRole).toString(),
                 QStringLiteral("Uploads it"));
        // One that somebody has chosen too is told of once.
        m_model.setQuestion(Knowledge::shipped(), clients("skopeo") + named(Party::Kind::Registry, "harbor quay"),
                            groups, {QStringLiteral("r.example"), harbor});
        QCOMPARE(titles(group(2)).filter(QStringLiteral("Harbor")).size(), 0);
        QCOMPARE(titles(group(2)).filter(QStringLiteral("Quay")).size(), 1);
    }
    void aRegistryThatIsNotRecognisedIsSaidToBeNone()
    {
        m_model.setQuestion(Knowledge::shipped(), clients("skopeo"), {layersOf(marked, marked, 1, cdn)},
                            {QStringLiteral("r.example"), {}});
        QCOMPARE(
            group(1).data().toString(),
            QStringLiteral("This registry: r.example is not recognised: it sends nothing that tells which registry "
                           "it is. Should you know which it is, choose it, and no other registry, under Clients."));
        QCOMPARE(m_model.rowCount(group(1)), 0);
        // Then it is what somebody says.
        m_model.setQuestion(Knowledge::shipped(), clients("skopeo") + named(Party::Kind::Registry, "distribution@2.8"),
                            {layersOf(marked, marked, 1, cdn)}, {QStringLiteral("r.example"), {}});
        QCOMPARE(group(1).data().toString(),
                 QStringLiteral("This registry: r.example is CNCF Distribution 2.8, as you say."));
        QCOMPARE(m_model.index(0, 0, group(1)).data(ConsequencesModel::OutcomeRole).toString(),
                 QStringLiteral("Refuses the image"));
        QVERIFY(titles(group(2)).filter(QStringLiteral("CNCF")).isEmpty());
        // Of two it may be either.
        m_model.setQuestion(Knowledge::shipped(), clients("skopeo") + named(Party::Kind::Registry, "zot quay"),
                            {layersOf(marked, marked, 1, cdn)}, {QStringLiteral("r.example"), {}});
        QVERIFY(group(1).data().toString().contains(u"is not recognised"));
        m_model.setQuestion(Knowledge::shipped(), clients("skopeo"), {}, {QStringLiteral("r.example"), {}});
        QCOMPARE(m_model.rowCount(), 0);
    }
    void whoRunsImagesForAnotherSystemHasNoRows()
    {
        LayerGroup group = layersOf(marked, marked, 1, cdn);
        group.images = {{QString(), QStringLiteral("windows")}};
        m_model.setQuestion(Knowledge::shipped(), clients("docker-linux@27 docker-windows@27 skopeo@1.9"), {group});
        const QStringList shown = titles(m_model.index(m_model.rowCount() - 1, 0));
        QVERIFY(shown.filter(QStringLiteral("on Linux")).isEmpty());
        QVERIFY(!shown.filter(QStringLiteral("on Windows")).isEmpty() &&
                !shown.filter(QStringLiteral("skopeo")).isEmpty());
    }
    void anEditShowsBoth()
    {
        m_model.setQuestion(Knowledge::shipped(), clients("skopeo"), {layersOf(ordinary, marked, 1, cdn)});
        QCOMPARE(group(1).data().toString(),
                 QStringLiteral("1 layer, non-distributable (Docker type); before: distributable (Docker type)"));
        const QModelIndex copy = m_model.index(0, 0, group(1));
        QCOMPARE(copy.data(ConsequencesModel::BeforeRole).toString(), QStringLiteral("Uploads it"));
        QCOMPARE(copy.data(ConsequencesModel::OutcomeRole).toString(), QStringLiteral("Leaves it behind"));
    }
    void whatIsLessThanReadSaysSo()
    {
        const LayerKind oci{Marking::NonDistributable, Family::Oci, QStringLiteral("gzip")};
        m_model.setQuestion(Knowledge::shipped(), clients("podman") + named(Party::Kind::Registry, "docker-hub ghcr"),
                            {layersOf(oci, oci, 1, cdn)});
        QHash<QString, QString> certainties;
        const QModelIndex kind = group(m_model.rowCount() - 1);
        for (int row = 0; row < m_model.rowCount(kind); ++row) {
            const QModelIndex index = m_model.index(row, 0, kind);
            if (index.data(ConsequencesModel::CaveatRole).toBool())
                certainties[index.data().toString()] = index.data(ConsequencesModel::CertaintyRole).toString();
        }
        QCOMPARE(certainties.value(QStringLiteral("podman 5.7 and later · Push")), QStringLiteral("inferred"));
        QCOMPARE(certainties.value(QStringLiteral("Docker Hub · Receive")), QStringLiteral("reported in August 2021"));
        QCOMPARE(certainties.value(QStringLiteral("GitHub Container Registry · Receive")), QStringLiteral("not known"));
    }
    void theSameQuestionKeepsTheRows()
    {
        const QList<LayerGroup> groups{layersOf(marked, marked, 1, cdn)};
        m_model.setQuestion(Knowledge::shipped(), clients("skopeo"), groups);
        QSignalSpy reset(&m_model, &QAbstractItemModel::modelReset);
        m_model.setQuestion(Knowledge::shipped(), clients("skopeo"), groups);
        QCOMPARE(reset.size(), 0);
        m_model.setQuestion(Knowledge::shipped(), clients("oras"), groups);
        QCOMPARE(reset.size(), 1);
    }
    void everyOutcomeHasALook()
    {
        for (const QString &name : behaviour::wordsOf<behaviour::Outcome>()) {
            const items::Appearance look = items::appearanceOf(*behaviour::readWord<behaviour::Outcome>(name));
            QVERIFY2(!look.word.isEmpty() && look.symbol != items::Symbol::None, qPrintable(name));
        }
    }
};

QTEST_GUILESS_MAIN(TestConsequencesModel)
#include "tst_consequencesmodel.moc"
