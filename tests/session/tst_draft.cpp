// SPDX-License-Identifier: Apache-2.0
#include "session/draft.h"

#include "session/draftedit.h"
#include "support/canary/canary.h"

#include "draftsample.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace colophon;
using document::Edit;
using document::EditSet;
using document::ImageTree;
using document::NodePath;
using document::RemovePlatform;
using document::SetAnnotation;
using document::SetFamily;
using document::SetMarking;
using session::Draft;
using session::Rebased;
using test::foreign;
using test::ImageBuilder;
using test::LayerSpec;
using test::ordinary;
using test::typed;

namespace {
using Layers = QList<LayerSpec>;

const QString one = QStringLiteral("https://dl.example/one");
const QString two = QStringLiteral("https://dl.example/two?a=b%20c&d=\u00e9\"\\");

NodePath at(const QString &text) { return NodePath::parse(text).value(); }

// One manifest, or an index of several.
ImageTree imageOf(const QList<Layers> &manifests)
{
    ImageBuilder builder;
    if (manifests.size() == 1)
        return builder.tree(builder.manifest(manifests.first()));
    QList<oci::Descriptor> entries;
    for (qsizetype i = 0; i < manifests.size(); ++i)
        entries << builder.manifest(manifests[i], QStringLiteral("linux/a%1").arg(i));
    return builder.tree(builder.index(entries));
}

// Every kind of edit, with everything it can say.
QList<Edit> oneOfEach()
{
    using Where = SetAnnotation::Where;
    using Family = oci::MediaType::Family;
    const NodePath place = at(QStringLiteral("/manifests/0"));
    return {SetMarking{place.layerAt(0), true, {one, two}},
            SetMarking{place.layerAt(0), false, {}},
            SetAnnotation{place, Where::Document, QStringLiteral("a"), two},
            SetAnnotation{place, Where::Descriptor, QStringLiteral("a"), QString()},
            SetAnnotation{place.config(), Where::Descriptor, QStringLiteral("a"), std::nullopt},
            SetFamily{place, Family::Docker},
            SetFamily{NodePath::root(), Family::Oci},
            RemovePlatform{place}};
}

// "/layers/0 + one two": marked with these; "/layers/0 -": unmarked.
EditSet editsOf(const QStringList &texts)
{
    EditSet edits;
    for (const QString &text : texts) {
        const QStringList words = text.split(u' ');
        QStringList urls;
        for (const QString &word : words.mid(2))
            urls << QStringLiteral("https://dl.example/") + word;
        edits = edits.with(SetMarking{at(words[0]), words[1] == u'+', urls});
    }
    return edits;
}

QStringList textsOf(const EditSet &edits)
{
    QStringList texts;
    for (const Edit &edit : edits.edits()) {
        const auto &marking = std::get<SetMarking>(edit);
        QString text =
            marking.layer.toString() + (marking.nonDistributable ? QStringLiteral(" +") : QStringLiteral(" -"));
        for (const QString &url : marking.urls)
            text += u' ' + url.section(u'/', -1);
        texts << text;
    }
    return texts;
}
} // namespace

class TestDraft : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void goesThroughJson();
    void isReadableText();
    void readsNoOtherJson_data();
    void readsNoOtherJson();
    void everyEditSaysItsPlace();
    void holdsNoSecret_data();
    void holdsNoSecret();
    void annotationsHoldNoSecretEither();
    void findsItsPlaces_data();
    void findsItsPlaces();
    void findsOnePlace_data();
    void findsOnePlace();
    void thousandsOfLayers();
};

void TestDraft::goesThroughJson()
{
    const ImageTree image = imageOf({{ordinary("a"), ordinary("b")}, {ordinary("a")}});
    EditSet edits = editsOf({QStringLiteral("/manifests/0/layers/0 +"), QStringLiteral("/manifests/1/layers/0 -")});
    edits = edits.with(SetMarking{at(QStringLiteral("/manifests/0/layers/1")), true, {one, two, {}}});
    const QDateTime when(QDate(2026, 3, 4), QTime(10, 42, 7, 89), Qt::UTC);
    const Draft draft = Draft::of(test::draftReference(), image, edits, when);
    QCOMPARE(draft.opened, image.root().descriptor.digest);
    QCOMPARE(draft.edits.size(), 3);
    QCOMPARE(draft.edits[2].content, test::digestOf("b"));
    QCOMPARE(draft.edits[2].title, QStringLiteral("layer 1 of linux/a0"));

    const base::Result<Draft> again = Draft::fromJson(draft.toJson());
    QVERIFY2(again, again ? "" : qPrintable(again.error().message));
    QVERIFY(*again == draft);
    QCOMPARE(again->editSet(), edits);
    QCOMPARE(again->changed, when);
    const auto byDigest = test::draftReference().withDigest(draft.opened);
    QCOMPARE(Draft::fromJson(Draft::of(byDigest, image, edits).toJson())->reference, byDigest);
}

// A golden draft: one that is out there is still read by the next version.
void TestDraft::isReadableText()
{
    const QByteArray digest = test::digestOf("a").toLatin1();
    const QByteArray json = R"({"changed":"2026-03-04T10:42:07.089Z","edits":[{"content":")" + digest +
                            R"(","kind":"set-marking","nonDistributable":true,"place":"/manifests/1/layers/0",)"
                            R"("title":"layer 0 of linux/arm64","urls":["https://dl.example/one"]}],"leftOut":[],)"
                            R"("opened":")" +
                            digest + R"(","reference":"registry.example/vendor/app:1.4","schema":1})";
    const base::Result<Draft> draft = Draft::fromJson(json);
    QVERIFY2(draft, draft ? "" : qPrintable(draft.error().message));
    QCOMPARE(textsOf(draft->editSet()), QStringList{QStringLiteral("/manifests/1/layers/0 + one")});
    QCOMPARE(draft->toJson(), json);
}

void TestDraft::readsNoOtherJson_data()
{
    QTest::addColumn<QString>("member");
    QTest::addColumn<QJsonValue>("value");
    QTest::addColumn<base::ErrorKind>("kind");
    using base::ErrorKind;
    const QJsonValue nothing(QJsonValue::Undefined);
    QTest::newRow("no schema") << "schema" << nothing << ErrorKind::InvalidData;
    QTest::newRow("a later schema") << "schema" << QJsonValue(2) << ErrorKind::Usage;
    QTest::newRow("no reference") << "reference" << nothing << ErrorKind::InvalidData;
    QTest::newRow("a bad reference") << "reference" << QJsonValue(QStringLiteral("http://x y"))
                                     << ErrorKind::InvalidData;
    QTest::newRow("a bad digest") << "opened" << QJsonValue(QStringLiteral("sha256:5")) << ErrorKind::InvalidData;
    QTest::newRow("no time") << "changed" << QJsonValue(QStringLiteral("soon")) << ErrorKind::InvalidData;
    QTest::newRow("no edits") << "edits" << QJsonValue(QJsonObject()) << ErrorKind::InvalidData;
    const auto edit = [](const QString &member, const QJsonValue &value) {
        QJsonObject object = session::toJson(SetMarking{NodePath::root().layerAt(0), true, {one}});
        object[member] = value;
        return QJsonValue(QJsonArray{object});
    };
    const auto wrongEdit = [&](const char *name, const char *member, const QJsonValue &value) {
        QTest::newRow(name) << "edits" << edit(QString::fromLatin1(member), value) << ErrorKind::Usage;
    };
    wrongEdit("an unknown kind of edit", "kind", QStringLiteral("set-colour"));
    wrongEdit("an edit nowhere", "place", QStringLiteral("layers/0"));
    wrongEdit("a marking that is none", "nonDistributable", QStringLiteral("yes"));
    wrongEdit("addresses that are none", "urls", QJsonArray{1});
    wrongEdit("addresses as text", "urls", QStringLiteral("https://dl.example/one"));
    wrongEdit("a family that is none", "kind", QStringLiteral("set-family"));
    wrongEdit("an annotation that is none", "kind", QStringLiteral("set-annotation"));
}

void TestDraft::readsNoOtherJson()
{
    QFETCH(const QString, member);
    QFETCH(const QJsonValue, value);
    QFETCH(const base::ErrorKind, kind);
    QJsonObject object = QJsonDocument::fromJson(test::draftOf(1).toJson()).object();
    object[member] = value;
    const base::Result<Draft> draft = Draft::fromJson(QJsonDocument(object).toJson());
    QVERIFY(!draft);
    QCOMPARE(draft.error().kind, kind);
    QVERIFY(!Draft::fromJson("[]") && !Draft::fromJson("") && !Draft::fromJson("{\"schema\":1"));
}

void TestDraft::everyEditSaysItsPlace()
{
    const Edit edit = SetMarking{at(QStringLiteral("/manifests/3/layers/2")), true, {one}};
    QCOMPARE(placeOf(edit).toString(), QStringLiteral("/manifests/3/layers/2"));
    const Edit moved = session::movedTo(edit, at(QStringLiteral("/layers/7")));
    QCOMPARE(placeOf(moved).toString(), QStringLiteral("/layers/7"));
    QVERIFY(session::isSameElsewhere(edit, moved));
    QVERIFY(!session::isSameElsewhere(edit, SetMarking{at(QStringLiteral("/layers/7")), true, {two}}));
    QVERIFY(session::isOfContent(edit));
    for (const Edit &each : oneOfEach()) {
        QVERIFY(session::editFromJson(session::toJson(each)) == each);
        QCOMPARE(placeOf(session::movedTo(each, at(QStringLiteral("/manifests/9")))).toString(),
                 QStringLiteral("/manifests/9"));
    }
}

void TestDraft::holdsNoSecret_data()
{
    QTest::addColumn<QString>("address");
    QTest::addColumn<bool>("isKept");
    const auto row = [](const char *address, bool isKept = false) {
        const QByteArray name = QByteArray(address).replace(COLOPHON_CANARY, "***"); // it is printed
        QTest::newRow(name.constData()) << QString::fromLatin1(address) << isKept;
    };
    row("https://vendor:" COLOPHON_CANARY "@dl.example/a");
    row("https://" COLOPHON_CANARY "@dl.example");
    row("https://vendor:" COLOPHON_CANARY "@dl.example?a");
    row("ftp://vendor:" COLOPHON_CANARY "@dl.example/a");
    row("https://vendor%3A" COLOPHON_CANARY "%40dl.example/a");
    row("vendor:" COLOPHON_CANARY "@dl.example/a");
    row("https:vendor:" COLOPHON_CANARY "@dl.example/a");
    row("https://vendor:" COLOPHON_CANARY "@dl.example#a");
    row("https://dl.example/a@b", true);
    row("https://dl.example?a@b", true);
}

// An edit may keep what the image came with; then a draft leaves it out, and says so.
void TestDraft::holdsNoSecret()
{
    QFETCH(const QString, address);
    QFETCH(const bool, isKept);
    const ImageTree image = imageOf({{ordinary("a"), ordinary("b")}});
    const EditSet edits = editsOf({QStringLiteral("/layers/0 + one")})
                              .with(SetMarking{at(QStringLiteral("/layers/1")), true, {one, address}});
    const Draft draft = Draft::of(test::draftReference(), image, edits);
    QVERIFY(!draft.toJson().contains(COLOPHON_CANARY));
    QCOMPARE(draft.edits.size(), isKept ? 2 : 1);
    QCOMPARE(draft.leftOut.size(), isKept ? 0 : 1);
    QCOMPARE(Draft::fromJson(draft.toJson())->leftOut, draft.leftOut);
    const Rebased rebase = rebased(draft, image);
    QCOMPARE(rebase.dropped, draft.leftOut);
    QCOMPARE(rebase.kept.edits().size(), isKept ? 2 : 1);
}

void TestDraft::annotationsHoldNoSecretEither()
{
    const auto holds = [](const QString &value) {
        return session::holdsCredentials(SetAnnotation{{}, SetAnnotation::Where::Document, QStringLiteral("a"), value});
    };
    QVERIFY(holds(QStringLiteral("see https://a.example and https://vendor:" COLOPHON_CANARY "@dl.example/a")));
    QVERIFY(holds(QStringLiteral("git+ssh://" COLOPHON_CANARY "@dl.example")));
    QVERIFY(!holds(QStringLiteral("Vendor <vendor@dl.example>, https://dl.example/a@b")));
    QVERIFY(!holds(QString()));
}

void TestDraft::findsItsPlaces_data()
{
    QTest::addColumn<QList<Layers>>("before");
    QTest::addColumn<QStringList>("drafted");
    QTest::addColumn<QList<Layers>>("now");
    QTest::addColumn<QStringList>("kept");
    QTest::addColumn<QStringList>("dropped"); // what each begins with
    const auto row = [](const char *name, const QList<Layers> &before, const QString &drafted, const QList<Layers> &now,
                        const QString &kept, const QString &dropped = {}) {
        const auto list = [](const QString &text) { return text.split(u';', Qt::SkipEmptyParts); };
        QTest::newRow(name) << before << list(drafted) << now << list(kept) << list(dropped);
    };
    const LayerSpec a = ordinary("a");
    const LayerSpec b = ordinary("b");
    const LayerSpec c = ordinary("c");
    const QString first = QStringLiteral("/layers/0 + one");
    const QString m0 = QStringLiteral("/manifests/0");
    const QString m1 = QStringLiteral("/manifests/1");
    const QString both = m0 + first + u';' + m1 + first;

    row("the same image", {{a, b}}, first, {{a, b}}, first);
    row("the same image, partly edited", {{a}, {a}}, m1 + first, {{a}, {a}}, m1 + first);
    row("the layer where it was", {{a, b}}, first, {{a, c}}, first);
    row("the layer elsewhere", {{a, b}}, first, {{c, a}}, QStringLiteral("/layers/1 + one"));
    row("the layer gone", {{a, b}}, first, {{b, c}}, {}, QStringLiteral("Layer 0: the image no longer has"));
    row("one gone of two", {{a, b}}, first + QStringLiteral(";/layers/1 + two"), {{c, b}},
        QStringLiteral("/layers/1 + two"), QStringLiteral("Layer 0: the image no longer has"));
    row("swapped", {{a, b}}, first + QStringLiteral(";/layers/1 + two"), {{b, a}},
        QStringLiteral("/layers/1 + one;/layers/0 + two"));
    row("a platform more", {{a, b}}, first, {{a, b}, {a, c}}, both);
    row("a platform less", {{a, b}, {a, c}}, both, {{a, c}}, first);
    row("twice in a manifest now", {{a, b}}, first, {{a, b, a}}, first + QStringLiteral(";/layers/2 + one"));
    row("different things of one content, in place", {{a}, {a}},
        m0 + first + u';' + m1 + QStringLiteral("/layers/0 + two"), {{a}, {a}, {b}},
        m0 + first + u';' + m1 + QStringLiteral("/layers/0 + two"));
    row("different things of one content, moved", {{a}, {a}},
        m0 + first + u';' + m1 + QStringLiteral("/layers/0 + two"), {{a}, {b, a}}, m0 + first,
        QStringLiteral("Layer 0 of linux/a1: its content moved"));
    row("somebody did the same", {{a, b}}, first, {{foreign("a", {one}), b}}, {},
        QStringLiteral("Layer 0: the image is so already"));
    row("somebody did it in one place", {{a}, {a}}, both, {{foreign("a", {one})}, {a}}, both);
    row("somebody marked it otherwise", {{a, b}}, first, {{foreign("a", {one, one}), b}}, first);
    row("a type without a pair", {{a, b}}, first + QStringLiteral(";/layers/1 + two"),
        {{typed("a", QStringLiteral("application/x-strange")), b}}, QStringLiteral("/layers/1 + two"),
        QStringLiteral("Layer 0: "));
    row("all of it gone", {{a, b}}, first, {{c}}, {}, QStringLiteral("Layer 0: the image no longer has"));
}

void TestDraft::findsItsPlaces()
{
    QFETCH(const QList<Layers>, before);
    QFETCH(const QStringList, drafted);
    QFETCH(const QList<Layers>, now);
    QFETCH(const QStringList, kept);
    QFETCH(const QStringList, dropped);
    const ImageTree then = imageOf(before);
    const ImageTree image = imageOf(now);
    const Draft draft = Draft::fromJson(Draft::of(test::draftReference(), then, editsOf(drafted)).toJson()).value();
    const Rebased rebase = rebased(draft, image);
    QCOMPARE(textsOf(rebase.kept), kept);
    QCOMPARE(rebase.dropped.size(), dropped.size());
    for (qsizetype i = 0; i < dropped.size(); ++i)
        QVERIFY2(rebase.dropped[i].startsWith(dropped[i]), qPrintable(rebase.dropped[i]));
    QCOMPARE(rebase.isImageChanged, then.root().descriptor.digest != image.root().descriptor.digest);
    QVERIFY(document::apply(image, rebase.kept));
}

// What is not about a content: annotations, families, entries.
void TestDraft::findsOnePlace_data()
{
    QTest::addColumn<Edit>("edit");
    QTest::addColumn<QString>("now");  // the place it is for now; empty: none
    QTest::addColumn<QString>("word"); // in what is said where there is none
    const auto annotation = [](const char *place) {
        return Edit(SetAnnotation{at(QString::fromLatin1(place)), SetAnnotation::Where::Descriptor, QStringLiteral("a"),
                                  QStringLiteral("b")});
    };
    const auto family = [](const char *place) {
        return Edit(SetFamily{at(QString::fromLatin1(place)), oci::MediaType::Family::Docker});
    };
    const auto removal = [](const char *place) { return Edit(RemovePlatform{at(QString::fromLatin1(place))}); };
    const auto row = [](const char *name, const Edit &edit, const char *now, const char *word = "") {
        QTest::newRow(name) << edit << QString::fromLatin1(now) << QString::fromLatin1(word);
    };
    row("the whole image", family("/"), "/");
    row("an entry that stayed", removal("/manifests/0"), "/manifests/0");
    row("an entry that moved", removal("/manifests/1"), "/manifests/2");
    row("an entry that changed", removal("/manifests/2"), "", "has changed since");
    row("an entry that stands there twice", removal("/manifests/3"), "", "several other places");
    row("an entry's annotation", annotation("/manifests/1"), "/manifests/2");
    row("a layer that stayed", annotation("/manifests/0/layers/0"), "/manifests/0/layers/0");
    row("a layer that moved", annotation("/manifests/1/layers/0"), "/manifests/2/layers/0");
    row("a layer that is gone", annotation("/manifests/2/layers/0"), "", "no longer has this layer");
    row("a layer that is in several places", annotation("/manifests/3/layers/0"), "", "several other places");
    row("a config that stayed", annotation("/manifests/0/config"), "/manifests/0/config");
    row("a config elsewhere", annotation("/manifests/1/config"), "", "has changed since");
}

void TestDraft::findsOnePlace()
{
    QFETCH(const Edit, edit);
    QFETCH(const QString, now);
    QFETCH(const QString, word);
    ImageBuilder builder;
    const auto manifest = [&](const char *content, const char *platform) {
        return builder.manifest({ordinary(content)}, QString::fromLatin1(platform));
    };
    const oci::Descriptor a = manifest("a", "linux/a0");
    const oci::Descriptor b = manifest("b", "linux/a1");
    const oci::Descriptor c = manifest("c", "linux/a2");
    const oci::Descriptor changed = manifest("new", "linux/a3");
    const oci::Descriptor d = manifest("d", "linux/a4");
    const ImageTree then = builder.tree(builder.index({a, b, c, d}));
    const ImageTree image = builder.tree(builder.index({a, d, b, changed, d}));
    const Draft draft = Draft::of(test::draftReference(), then, EditSet().with(edit));
    QVERIFY(Draft::fromJson(draft.toJson()).value() == draft);
    const Rebased rebase = rebased(draft, image);
    if (now.isEmpty()) {
        QVERIFY(rebase.kept.isEmpty());
        QCOMPARE(rebase.dropped.size(), 1);
        QVERIFY2(rebase.dropped[0].contains(word), qPrintable(rebase.dropped[0]));
    } else {
        QVERIFY2(rebase.dropped.isEmpty(), qPrintable(rebase.dropped.join(u' ')));
        QCOMPARE(rebase.kept, EditSet().with(session::movedTo(edit, at(now))));
    }
    QVERIFY(rebased(draft, ImageTree()).kept.isEmpty());
}

void TestDraft::thousandsOfLayers()
{
    Layers layers;
    QList<Edit> edits;
    for (int i = 0; i < 3'000; ++i) {
        layers << ordinary(QByteArray::number(i));
        edits << SetMarking{NodePath::root().layerAt(i), true, {one}};
    }
    const ImageTree then = imageOf({layers});
    layers.prepend(ordinary("base"));
    layers.removeLast();
    const ImageTree now = imageOf({layers});
    const Draft draft = Draft::of(test::draftReference(), then, EditSet().with(edits));
    QVERIFY(Draft::fromJson(draft.toJson()).value() == draft);
    const Rebased rebase = rebased(draft, now);
    QCOMPARE(rebase.kept.edits().size(), 2'999);
    QCOMPARE(rebase.dropped.size(), 1);
}

QTEST_GUILESS_MAIN(TestDraft)
#include "tst_draft.moc"
