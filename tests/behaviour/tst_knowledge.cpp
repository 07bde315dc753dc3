// SPDX-License-Identifier: Apache-2.0
#include "behaviour/consequences.h"
#include "behaviour/knowledge.h"

#include <QDate>
#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

using namespace colophon;
using namespace colophon::behaviour;

namespace {
// A client of one's own, as somebody would add it.
QJsonObject smallClient()
{
    return QJsonDocument::fromJson(R"({
        "schema": 1, "id": "fetch", "name": "fetch", "kind": "client", "common": true,
        "versions": [{"id": "all", "min": "1.2"}],
        "behaviours": [{
            "operation": "copy", "versions": ["all"], "rule": {"decides": "both"},
            "sources": [{"repo": "vendor/fetch", "path": "main.c", "ref": "v1"}],
            "certainty": "read in source", "date": "2026-11-23",
            "rows": [
                {"marking": "non-distributable", "outcome": "leaves-behind", "sentence": "It stays."},
                {"marking": "unfetchable", "outcome": "uploads", "sentence": "It goes along."},
                {"marking": "half-marked", "outcome": "uploads", "sentence": "It goes along."},
                {"marking": "distributable", "outcome": "uploads", "sentence": "It goes along."}]
        }]})")
        .object();
}

// A JSON value by its text; of no text, none.
QJsonValue valueOf(const char *text)
{
    const QJsonArray array = QJsonDocument::fromJson(QByteArray("[") + text + "]").array();
    return array.isEmpty() ? QJsonValue(QJsonValue::Undefined) : array.first();
}

QString errorOf(const QJsonObject &object)
{
    const auto party = readParty(QJsonDocument(object).toJson(), QStringLiteral("fetch.json"));
    return party ? QString() : party.error().message;
}

// The same with something else at a path such as "behaviours/0/rows/0/outcome".
QJsonValue changed(const QJsonValue &value, QStringList path, const QJsonValue &to)
{
    if (path.isEmpty())
        return to;
    const QString step = path.takeFirst();
    if (value.isArray()) {
        QJsonArray array = value.toArray();
        const int at = step.toInt();
        if (at >= array.size())
            array.append(to);
        else
            array[at] = changed(array[at], path, to);
        return array;
    }
    QJsonObject object = value.toObject();
    const QJsonValue inner = changed(object.value(step), path, to);
    if (inner.isUndefined())
        object.remove(step);
    else
        object[step] = inner;
    return object;
}

QStringList enumAt(const QJsonObject &schema, const QString &path)
{
    QJsonValue value = schema;
    for (const QString &step : path.split(u'/'))
        value = value.toObject().value(step);
    QStringList words;
    for (const QJsonValue &word : value.toArray())
        words << word.toString();
    words.sort();
    return words;
}
template <class T>
QStringList sortedWords()
{
    QStringList words = wordsOf<T>();
    words.sort();
    return words;
}
} // namespace

class TestKnowledge : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everyFileIsAsItShouldBe()
    {
        const auto loaded = Knowledge::load(QStringLiteral(COLOPHON_BEHAVIOUR));
        QVERIFY2(loaded, loaded ? "" : qPrintable(loaded.error().message));
        int files = 0;
        for (const char *folder : {"/clients", "/registries"}) {
            const QDir dir(QStringLiteral(COLOPHON_BEHAVIOUR) + QLatin1String(folder));
            for (const QString &file : dir.entryList({QStringLiteral("*.json")})) {
                ++files;
                const Party *party = loaded->party(QFileInfo(file).completeBaseName());
                QVERIFY2(party, qPrintable(file)); // the id is the name of the file
                QCOMPARE(party->kind == Party::Kind::Client, QLatin1String(folder) == QLatin1String("/clients"));
            }
        }
        QCOMPARE(loaded->parties().size(), files);
        QVERIFY(files >= 29);
        for (const Party &party : loaded->parties()) {
            for (const Row &row : party.rows) {
                const QString date = row.date.size() == 7 ? row.date + QStringLiteral("-01") : row.date;
                QVERIFY(QDate::fromString(date, Qt::ISODate).isValid());
                QVERIFY2(!row.sentence.contains(QLatin1String("  ")) && row.sentence.size() < 220,
                         qPrintable(row.sentence));
                QVERIFY2(!row.sentence.contains(QLatin1String("urls ")), qPrintable(row.sentence));
            }
        }
    }
    void whatIsBuiltInIsWhatIsInTheFolder()
    {
        const auto loaded = Knowledge::load(QStringLiteral(COLOPHON_BEHAVIOUR));
        QVERIFY(loaded);
        const Knowledge shipped = Knowledge::shipped();
        QCOMPARE(shipped.parties().size(), loaded->parties().size());
        for (qsizetype i = 0; i < shipped.parties().size(); ++i) {
            QCOMPARE(shipped.parties()[i].id, loaded->parties()[i].id);
            QCOMPARE(shipped.parties()[i].rows.size(), loaded->parties()[i].rows.size());
        }
    }
    void theFormAllowsTheWordsThatAreRead()
    {
        QFile file(QStringLiteral(COLOPHON_BEHAVIOUR "/schema.json"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QJsonObject schema = QJsonDocument::fromJson(file.readAll()).object();
        const QString behaviour = QStringLiteral("properties/behaviours/items/properties/");
        QCOMPARE(enumAt(schema, behaviour + QStringLiteral("operation/enum")), sortedWords<Operation>());
        QCOMPARE(enumAt(schema, QStringLiteral("$defs/row/properties/outcome/enum")), sortedWords<Outcome>());
        QCOMPARE(enumAt(schema, QStringLiteral("$defs/certainty/enum")), sortedWords<Certainty>());
        const QString rule = behaviour + QStringLiteral("rule/properties/");
        QCOMPARE(enumAt(schema, rule + QStringLiteral("decides/enum")), sortedWords<Decides>());
        QCOMPARE(enumAt(schema, rule + QStringLiteral("order/enum")), sortedWords<Order>());
        QCOMPARE(enumAt(schema, rule + QStringLiteral("fallback/enum")), sortedWords<Fallback>());
    }
    void everyWordIsReadable()
    {
        for (const QString &word : wordsOf<Outcome>())
            QVERIFY2(!inWords(*readWord<Outcome>(word)).isEmpty(), qPrintable(word));
        for (const QString &word : wordsOf<Operation>())
            QVERIFY2(!inWords(*readWord<Operation>(word)).isEmpty(), qPrintable(word));
        for (const QString &word : wordsOf<Certainty>())
            QVERIFY2(!inWords(*readWord<Certainty>(word)).isEmpty(), qPrintable(word));
    }

    void aClientIsAddedByAddingAFile()
    {
        QTemporaryDir folder;
        QVERIFY(QDir(folder.path()).mkdir(QStringLiteral("clients")));
        QFile file(folder.filePath(QStringLiteral("clients/fetch.json")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QJsonDocument(smallClient()).toJson());
        file.close();
        const auto added = Knowledge::load(folder.path());
        QVERIFY2(added, added ? "" : qPrintable(added.error().message));
        const auto all = Knowledge::shipped().with(*added);
        QVERIFY(all);
        const auto lines = linesNamed(*all, Party::Kind::Client, {QStringLiteral("Fetch@1.3")});
        QVERIFY(lines);
        QCOMPARE(lines->size(), 1);
        const LayerKind marked{oci::Marking::NonDistributable, oci::MediaType::Family::Docker, QStringLiteral("gzip")};
        const auto consequences = consequencesOf(*all, *lines, marked);
        QCOMPARE(consequences.size(), 1);
        QCOMPARE(consequences.first().row.sentence, QStringLiteral("It stays."));
        QCOMPARE(consequences.first().row.outcome, Outcome::LeavesBehind);
        // A second one of that name is none too many to be noticed.
        QVERIFY(!all->with(*added));
    }

    void badFilesAreRefused_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QJsonValue>("value");
        QTest::addColumn<QString>("says");
        const auto row = [](const char *name, const char *path, const char *value, const char *says) {
            QTest::newRow(name) << QString::fromLatin1(path) << valueOf(value) << QString::fromUtf8(says);
        };
        row("another form", "schema", "2", "schema");
        row("a member nobody knows", "colour", R"("red")", "“colour” is not known");
        row("no name", "name", "", "“name” is missing");
        row("an unknown kind", "kind", R"("person")", "“kind” may not be “person”");
        row("an unknown operation", "behaviours/0/operation", R"("dance")", "“operation” may not be “dance”");
        row("an unknown outcome", "behaviours/0/rows/0/outcome", R"("stays")", "“outcome” may not be “stays”");
        row("an unknown marking", "behaviours/0/rows/0/marking", R"("foreign")", "“foreign” is no marking");
        row("an unknown certainty", "behaviours/0/certainty", R"("sure")", "“certainty” may not be “sure”");
        row("an unknown rule", "behaviours/0/rule/decides", R"("the moon")", "“decides” may not be");
        row("no source", "behaviours/0/sources", "[]", "has a source");
        row("half a source", "behaviours/0/sources/0/ref", "", "“ref” is missing");
        row("no date", "behaviours/0/date", R"("yesterday")", "is no date");
        row("a day that never was", "behaviours/0/date", R"("2026-02-30")", "is no date");
        row("an unfinished sentence", "behaviours/0/rows/0/sentence", R"("It stays")", "does not end");
        row("no version", "versions/0/min", R"("one")", "is no version");
        row("ranges that overlap", "versions/1", R"({"id": "new", "name": "new", "min": "1.1"})", "overlaps");
        row("versions of nobody", "behaviours/0/versions/0", R"("none")", "there are no versions “none”");
        row("run, but not said so", "behaviours/0/rows/0/executed", R"(["1.3"])", "“executed” is the certainty");
        row("said to be run", "behaviours/0/rows/0/certainty", R"("executed")", "“executed” is the certainty");
        row("a layer told of twice", "behaviours/0/rows/4",
            R"({"marking": "distributable", "outcome": "uploads", "sentence": "Twice."})", "2 rows tell of");
        row("a layer not told of", "behaviours/0/rows/1/family", R"("docker")", "0 rows tell of");
    }
    void badFilesAreRefused()
    {
        QFETCH(QString, path);
        QFETCH(QJsonValue, value);
        QFETCH(QString, says);
        QCOMPARE(errorOf(smallClient()), QString());
        const QString error = errorOf(changed(smallClient(), path.split(u'/'), value).toObject());
        QVERIFY2(error.contains(says), qPrintable(error));
        QVERIFY(error.startsWith(QLatin1String("fetch.json")));
    }
    void whatWasRunIsInTheRange()
    {
        QJsonValue client = smallClient();
        client = changed(client, QStringLiteral("behaviours/0/rows/0/certainty").split(u'/'), valueOf(R"("executed")"));
        const QStringList executed = QStringLiteral("behaviours/0/rows/0/executed").split(u'/');
        const QStringList ran = QStringLiteral("behaviours/0/rows/0/ran").split(u'/');
        client = changed(client, executed, valueOf(R"(["1.3 Debian"])"));
        // Which layers it was run with is a part of what is claimed.
        QVERIFY(errorOf(client.toObject()).contains(u"“ran” the layers"));
        client = changed(client, ran, valueOf(R"(["docker gzip", "oci none"])"));
        QCOMPARE(errorOf(client.toObject()), QString());
        QVERIFY(
            errorOf(changed(client, executed, valueOf(R"(["1.1"])")).toObject()).contains(u"in none of the ranges"));
        QVERIFY(errorOf(changed(client, ran, valueOf(R"(["helm gzip"])")).toObject()).contains(u"does not tell of"));
        QVERIFY(errorOf(changed(smallClient(), ran, valueOf(R"(["oci gzip"])")).toObject())
                    .contains(u"“executed” is the certainty"));
        // Of the others something else must be known, or they need rows of their own.
        QJsonObject half =
            changed(client, QStringLiteral("behaviours/0/certainty").split(u'/'), QStringLiteral("unknown")).toObject();
        QVERIFY(errorOf(half).contains(u"nothing is known of the layers"));
    }
    void whatDoesNotArriveIsNotKept()
    {
        QJsonValue client =
            changed(smallClient(), QStringLiteral("behaviours/0/rows/0/manifest").split(u'/'), QStringLiteral("kept"));
        QCOMPARE(errorOf(client.toObject()), QString());
        for (const char *outcome : {"fails", "refuses"}) {
            const QJsonValue failing =
                changed(client, QStringLiteral("behaviours/0/rows/0/outcome").split(u'/'), QLatin1String(outcome));
            QVERIFY(errorOf(failing.toObject()).contains(u"“manifest” is said of a manifest that arrives"));
        }
    }
    // A row is as sure as it was run, and for no other layer.
    void aRunIsOfTheLayersItWasRunWith()
    {
        Row row;
        row.outcome = Outcome::Uploads;
        row.certainty = Certainty::Executed;
        row.executed = {QStringLiteral("1.3")};
        row.ran = {QStringLiteral("docker gzip"), QStringLiteral("oci zstd")};
        row.date = QStringLiteral("2026-11-26");
        row.otherwise = Certainty::Inferred;
        row.otherwiseDate = QStringLiteral("2026-11-23");
        using Family = oci::MediaType::Family;
        const auto of = [&row](Family family, const char *compression) {
            return row.ofLayer({oci::Marking::NonDistributable, family, QString::fromLatin1(compression)});
        };
        QCOMPARE(of(Family::Docker, "gzip").certainty, Certainty::Executed);
        QCOMPARE(of(Family::Docker, "gzip").executed, row.executed);
        QCOMPARE(of(Family::Oci, "zstd").caveat(), QString());
        for (const Row &other : {of(Family::Docker, "none"), of(Family::Oci, "gzip"), of(Family::Other, "gzip")}) {
            QCOMPARE(other.certainty, Certainty::Inferred);
            QCOMPARE(other.caveat(), QStringLiteral("inferred"));
            QCOMPARE(other.date, row.otherwiseDate);
            QVERIFY(other.executed.isEmpty());
            QCOMPARE(other.outcome, Outcome::Uploads);
        }
    }
    void everyRunSaysWithWhichLayers()
    {
        int runs = 0;
        for (const Party &party : Knowledge::shipped().parties()) {
            for (const Row &row : party.rows) {
                runs += row.certainty == Certainty::Executed;
                QCOMPARE(row.ran.isEmpty(), row.certainty != Certainty::Executed);
            }
        }
        QVERIFY(runs > 200);
    }
    void whatIsNoJsonIsRefused()
    {
        const auto party = readParty("{", QStringLiteral("half.json"));
        QVERIFY(!party);
        QCOMPARE(party.error().kind, base::ErrorKind::InvalidData);
    }
};

QTEST_GUILESS_MAIN(TestKnowledge)
#include "tst_knowledge.moc"
