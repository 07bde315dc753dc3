// SPDX-License-Identifier: Apache-2.0
// What the tests of the families saw, against the data that the program shows. Runs after them. Where they disagree the
// data is wrong, never what was seen.

#include "behaviour/runs/agreement.h"
#include "support/peers.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTemporaryDir>
#include <QTest>

using namespace colophon;
using behaviour::Knowledge;
using test::Observation;

class TestAgreement : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        const auto loaded = Knowledge::load(QStringLiteral(COLOPHON_BEHAVIOUR));
        QVERIFY2(loaded, loaded ? "" : qPrintable(loaded.error().text()));
        m_knowledge = *loaded;
        for (const QString &family : QStringLiteral(COLOPHON_FAMILIES).split(u' ')) {
            const auto seen = test::readObservations(QStringLiteral(COLOPHON_OBSERVATIONS "/%1.jsonl").arg(family));
            if (seen)
                m_seen += *seen;
            else if (seen.error().kind != base::ErrorKind::NotFound)
                QFAIL(qPrintable(seen.error().text()));
        }
        if (m_seen.isEmpty())
            QSKIP("no client was seen at work");
    }

    void dataSaysWhatWasSeen()
    {
        const QStringList found = test::disagreements(m_knowledge, m_seen);
        QVERIFY2(found.isEmpty(), qPrintable(u'\n' + found.join(u'\n')));
    }

    void everythingWasRun()
    {
        const QSet<QString> missing = test::notAtHand(m_knowledge, m_seen);
        const QString names = QStringList(missing.values()).join(QStringLiteral(", "));
#ifdef COLOPHON_REQUIRE_PEERS
        QVERIFY2(missing.isEmpty(), qPrintable(names));
#else
        if (!missing.isEmpty())
            QSKIP(qPrintable(QStringLiteral("not seen at work: ") + names));
#endif
        // Many, and most of them about marked layers and clients.
        QSet<QString> runs;
        QSet<QString> cells;
        QSet<QString> easy;
        for (const Observation &each : std::as_const(m_seen)) {
            runs.insert(each.cell());
            const QString cell = each.strictCell();
            if (cell.isEmpty())
                continue;
            cells.insert(cell);
            if (each.text("marking") == QLatin1String("distributable") ||
                each.text("operation") == QLatin1String("put-manifest"))
                easy.insert(cell);
        }
        qInfo("%lld runs; they are %lld cells of client, operation and marking (a to e), %lld of them ordinary layers "
              "or manifests sent to registries",
              static_cast<long long>(runs.size()), static_cast<long long>(cells.size()),
              static_cast<long long>(easy.size()));
        QCOMPARE(runs.size(), m_seen.size()); // none counts twice
        QVERIFY(cells.size() >= 150);
        QVERIFY(easy.size() * 3 <= cells.size());
    }

    // What is counted: neither a version nor an option, a compression or an address that fails makes a cell of its own.
    void countsStrictly()
    {
        const auto cellOf = [](const char *marking, const char *family, const char *more, const char *value) {
            QJsonObject facts{{QStringLiteral("client"), QStringLiteral("fetch")},
                              {QStringLiteral("operation"), QStringLiteral("pull")},
                              {QStringLiteral("marking"), QLatin1String(marking)},
                              {QStringLiteral("family"), QLatin1String(family)}};
            facts.insert(QLatin1String(more), QLatin1String(value));
            return Observation{facts}.strictCell();
        };
        QCOMPARE(cellOf("non-distributable", "docker", "version", "1"), QStringLiteral("fetch pull a"));
        QCOMPARE(cellOf("non-distributable", "oci", "version", "2"), QStringLiteral("fetch pull b"));
        QCOMPARE(cellOf("non-distributable", "oci", "compression", "zstd"), QStringLiteral("fetch pull b"));
        QCOMPARE(cellOf("unfetchable", "docker", "option", "--all"), QStringLiteral("fetch pull c"));
        QCOMPARE(cellOf("half-marked", "docker", "option", "--all"), QStringLiteral("fetch pull d"));
        QCOMPARE(cellOf("distributable", "oci", "option", ""), QStringLiteral("fetch pull e"));
        QCOMPARE(cellOf("half-marked", "oci", "address", "404"), QString());
    }

    // Nothing may be sent to an address but the question: no client's credentials for the registry.
    void credentialsStayAtTheRegistry()
    {
        for (const Observation &each : std::as_const(m_seen))
            QVERIFY2(!each.facts.value(QLatin1String("credentialsToAddresses")).toBool(), qPrintable(each.cell()));
    }

    // A comparison that cannot fail proves nothing: with one outcome turned into another, each family's is found.
    void oneOutcomeTurnedIsFound_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("from");
        QTest::addColumn<QString>("to");
        QTest::newRow("skopeo") << "clients/skopeo.json" << "leaves-behind" << "uploads";
        QTest::newRow("podman") << "clients/podman.json" << "uploads" << "leaves-behind";
        QTest::newRow("umoci") << "clients/umoci.json" << "unpacks" << "fails";
        QTest::newRow("containerd") << "clients/containerd.json" << "fetches-from-addresses" << "ignores-addresses";
        QTest::newRow("docker") << "clients/docker-containerd.json" << "uploads" << "leaves-behind";
        QTest::newRow("crane") << "clients/crane.json" << "registry-then-addresses" << "fetches-from-addresses";
        QTest::newRow("regctl") << "clients/regctl.json" << "removes-marking" << "keeps-marking";
        QTest::newRow("distribution") << "registries/distribution.json" << "refuses" << "accepts";
    }
    void oneOutcomeTurnedIsFound()
    {
        QFETCH(QString, file);
        QFETCH(QString, from);
        QFETCH(QString, to);
        const QJsonObject party = read(file);
        QJsonArray behaviours = party.value(QLatin1String("behaviours")).toArray();
        if (!hasSeen(party.value(QLatin1String("id")).toString()))
            QSKIP("it was not seen at work");
        const auto turned = [&] {
            for (qsizetype b = 0; b < behaviours.size(); ++b) {
                QJsonObject behaviour = behaviours.at(b).toObject();
                QJsonArray rows = behaviour.value(QLatin1String("rows")).toArray();
                for (qsizetype r = 0; r < rows.size(); ++r) {
                    QJsonObject row = rows.at(r).toObject();
                    if (row.value(QLatin1String("outcome")).toString() != from ||
                        row.value(QLatin1String("certainty")).toString() != QLatin1String("executed"))
                        continue;
                    row.insert(QLatin1String("outcome"), to);
                    rows.replace(r, row);
                    behaviour.insert(QLatin1String("rows"), rows);
                    behaviours.replace(b, behaviour);
                    return true;
                }
            }
            return false;
        };
        QVERIFY(turned());
        const QStringList found = disagreementsWith(file, party, behaviours);
        QVERIFY2(!found.isEmpty(), "The comparison does not see that an outcome was turned into another.");
        for (const QString &each : found)
            QVERIFY2(each.contains(from) && each.contains(to), qPrintable(each));
    }

    void ruleTurnedIsFound()
    {
        const QString file = QStringLiteral("clients/containerd.json");
        const QJsonObject party = read(file);
        if (!hasSeen(party.value(QLatin1String("id")).toString()))
            QSKIP("it was not seen at work");
        QJsonArray behaviours = party.value(QLatin1String("behaviours")).toArray();
        QJsonObject pull = behaviours.at(0).toObject();
        QCOMPARE(pull.value(QLatin1String("operation")).toString(), QStringLiteral("pull"));
        QJsonObject rule = pull.value(QLatin1String("rule")).toObject();
        rule.insert(QLatin1String("fallback"), QStringLiteral("never"));
        pull.insert(QLatin1String("rule"), rule);
        behaviours.replace(0, pull);
        QVERIFY(!disagreementsWith(file, party, behaviours).isEmpty());
    }

    // One version run does not speak for other ranges.
    void rangeThatWasNotRunIsFound()
    {
        const QString file = QStringLiteral("clients/skopeo.json");
        const QJsonObject party = read(file);
        if (!hasSeen(party.value(QLatin1String("id")).toString()))
            QSKIP("it was not seen at work");
        QJsonArray behaviours;
        for (const QJsonValue &each : party.value(QLatin1String("behaviours")).toArray()) {
            QJsonObject behaviour = each.toObject();
            const bool isCopy = behaviour.value(QLatin1String("operation")).toString() == QLatin1String("copy");
            const QJsonArray newer{QStringLiteral("from-1.15")};
            if (isCopy && behaviour.value(QLatin1String("versions")).toArray() == newer)
                continue;
            if (isCopy)
                behaviour.insert(QLatin1String("versions"),
                                 QJsonArray{QStringLiteral("to-1.14"), QStringLiteral("from-1.15")});
            behaviours.append(behaviour);
        }
        const QStringList found = disagreementsWith(file, party, behaviours);
        QVERIFY(!found.isEmpty());
        for (const QString &each : found)
            QVERIFY2(each.contains(QLatin1String("but of from-1.15 no version was")), qPrintable(each));
    }

    // A row that is called executed without having been, and one that was and is not called so.
    void wrongClaimsAreFound()
    {
        QList<Observation> fewer = m_seen;
        const Observation left = fewer.takeFirst();
        // The first row may hold for others too: all of its are left out.
        fewer.removeIf([&](const Observation &each) {
            return each.text("client") == left.text("client") && each.text("operation") == left.text("operation") &&
                   each.text("option") == left.text("option") && each.text("marking") == left.text("marking");
        });
        const QStringList found = test::disagreements(m_knowledge, fewer);
        QVERIFY(!found.isEmpty());
        for (const QString &each : found)
            QVERIFY2(each.contains(QLatin1String("is said to be executed with")), qPrintable(each));

        // With another layer it is another run, even of the same row.
        QList<Observation> other = m_seen;
        other.removeIf([&](const Observation &each) {
            return each.text("client") == QLatin1String("skopeo") && each.text("compression") == QLatin1String("zstd");
        });
        if (other.size() < m_seen.size()) {
            const QStringList unseen = test::disagreements(m_knowledge, other);
            QVERIFY(!unseen.isEmpty());
            for (const QString &each : unseen)
                QVERIFY2(each.contains(QLatin1String("executed with oci zstd and was not")), qPrintable(each));
        }

        QList<Observation> newer = m_seen;
        newer.first().facts.insert(QLatin1String("version"), left.text("version") + QStringLiteral(".99"));
        QVERIFY(test::disagreements(m_knowledge, newer)
                    .join(u'\n')
                    .contains(QLatin1String("the data does not say that it was executed")));
    }

private:
    static QJsonObject read(const QString &name)
    {
        QFile file(QStringLiteral(COLOPHON_BEHAVIOUR "/") + name);
        return file.open(QIODevice::ReadOnly) ? QJsonDocument::fromJson(file.readAll()).object() : QJsonObject();
    }
    bool hasSeen(const QString &client) const
    {
        return std::ranges::any_of(m_seen, [&](const Observation &each) { return each.text("client") == client; });
    }
    // With all of the data, but these behaviours of one party.
    QStringList disagreementsWith(const QString &name, QJsonObject party, const QJsonArray &behaviours) const
    {
        QTemporaryDir copy;
        for (const QString &folder : {QStringLiteral("clients"), QStringLiteral("registries")}) {
            QDir(copy.path()).mkpath(folder);
            const QDir from(QStringLiteral(COLOPHON_BEHAVIOUR "/") + folder);
            for (const QString &each : from.entryList(QDir::Files))
                QFile::copy(from.filePath(each), copy.filePath(folder + u'/' + each));
        }
        party.insert(QLatin1String("behaviours"), behaviours);
        QFile file(copy.filePath(name));
        file.remove();
        if (!file.open(QIODevice::WriteOnly) || file.write(QJsonDocument(party).toJson()) <= 0)
            qFatal("The turned data cannot be written.");
        file.close();
        const auto turned = Knowledge::load(copy.path());
        if (!turned)
            qFatal("The turned data does not load: %s", qPrintable(turned.error().text()));
        return test::disagreements(*turned, m_seen);
    }

    Knowledge m_knowledge;
    QList<Observation> m_seen;
};

QTEST_GUILESS_MAIN(TestAgreement)
#include "tst_agreement.moc"
