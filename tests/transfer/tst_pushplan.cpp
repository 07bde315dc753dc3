// SPDX-License-Identifier: Apache-2.0
#include "pushfixture.h"

#include <QFile>
#include <QJsonArray>

using namespace colophon;
using namespace colophon::transfer;
using test::layerPath;

class TestPushPlan : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { fixture = std::make_unique<test::PushFixture>(); }

    // What --dry-run prints, compared with tests/data/plans; COLOPHON_WRITE_GOLDEN=1 writes them anew.
    void text_data()
    {
        QTest::addColumn<QString>("name");
        for (const char *name : {"mark",
                                 "mark-and-sign",
                                 "mark-unprobed",
                                 "unmark-from-urls",
                                 "unmark-nowhere",
                                 "nothing",
                                 "same-registry",
                                 "other-registry",
                                 "other-registry-foreign",
                                 "by-digest",
                                 "tag-moved",
                                 "tag-moved-forced",
                                 "partial",
                                 "mark-with-backup",
                                 "mark-backup-taken",
                                 "mark-backup-kept",
                                 "nothing-with-backup",
                                 "new-tag-with-backup",
                                 "family",
                                 "removed-platform",
                                 "annotations",
                                 "done-mounted",
                                 "done-copied-and-signed",
                                 "done-failed"})
            QTest::newRow(name) << QString::fromLatin1(name);
    }
    void text()
    {
        QFETCH(QString, name);
        const PushPlan plan = planOf(name);
        const QString path = QStringLiteral(COLOPHON_TEST_DATA "/plans/%1.txt").arg(name);
        QFile file(path);
        if (qEnvironmentVariableIsSet("COLOPHON_WRITE_GOLDEN")) {
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(plan.toText().toUtf8());
            return;
        }
        QVERIFY2(file.open(QIODevice::ReadOnly), qPrintable(path));
        QCOMPARE(plan.toText(), QString::fromUtf8(file.readAll()));
    }

    // Every size a step can have stands in its own column, so that what comes behind it is aligned.
    void columns()
    {
        PushPlan plan;
        for (const qint64 bytes : {qint64(0), qint64(7), qint64(493), qint64(999'999), qint64(430'000'000)}) {
            PlanStep step;
            step.kind = StepKind::Probe;
            step.url = QStringLiteral("https://x.example/");
            step.bytes = bytes;
            plan.steps.append(step);
        }
        const QStringList lines = plan.toText().trimmed().split(QLatin1Char('\n'));
        for (const QString &line : lines)
            QCOMPARE(line.indexOf(QStringLiteral("https://")), lines.first().indexOf(QStringLiteral("https://")));
    }

    void order()
    {
        fixture->addIndexedImage();
        fixture->into = test::storeOf(QStringLiteral("other.example"), QStringLiteral("copy/app"));
        fixture->open();
        fixture->mark(layerPath({0}, 0), true, {fixture->address});
        fixture->sign();
        const PushPlan plan = fixture->prepare();
        QVERIFY(std::ranges::is_sorted(plan.steps, {}, &PlanStep::kind));
        QCOMPARE(plan.steps.first().kind, StepKind::Probe);
        QCOMPARE(plan.steps.last().kind, StepKind::Tag);
        QCOMPARE(plan.before, fixture->before());
        QCOMPARE(plan.after, fixture->after());
        QVERIFY(plan.before != plan.after);
    }
    void eachDigestOnce()
    {
        fixture->addIndexedImage();
        fixture->into = test::storeOf(QStringLiteral("other.example"), QStringLiteral("copy/app"));
        fixture->open();
        QSet<oci::Digest> seen;
        const PushPlan plan = fixture->prepare();
        for (const PlanStep &step : plan.steps)
            if (step.kind != StepKind::Tag) {
                QVERIFY(!seen.contains(step.descriptor.digest));
                seen.insert(step.descriptor.digest);
            }
        // base, amd64, arm64, statement; three configs; three manifests; the index
        QCOMPARE(seen.size(), 4 + 3 + 3 + 1);
    }
    void changesNothing()
    {
        QVERIFY(planOf(QStringLiteral("nothing")).changesNothing());
        init();
        QVERIFY(!planOf(QStringLiteral("mark")).changesNothing());
        init();
        QVERIFY(planOf(QStringLiteral("nothing")).bytesToMove() == 0);
    }
    void refusal()
    {
        const PushPlan moved = planOf(QStringLiteral("tag-moved"));
        QVERIFY(moved.isBlocked());
        QCOMPARE(moved.refusal()->kind, base::ErrorKind::Conflict);
        QVERIFY(moved.refusal()->message.startsWith(
            QStringLiteral("The tag moved while you were editing: someone pushed ")));
        init();
        QVERIFY(!planOf(QStringLiteral("tag-moved-forced")).isBlocked());
        init();
        QCOMPARE(planOf(QStringLiteral("partial")).refusal()->kind, base::ErrorKind::Usage);
        init();
        QCOMPARE(planOf(QStringLiteral("unmark-nowhere")).refusal()->kind, base::ErrorKind::Failed);
        QVERIFY(!planPush({}, {}).blockers.isEmpty());
    }
    void unreadChild_data()
    {
        QTest::addColumn<bool>("sameRepository");
        QTest::newRow("stays missing where it was") << true;
        QTest::newRow("cannot be taken elsewhere") << false;
    }
    void unreadChild()
    {
        QFETCH(bool, sameRepository);
        fixture->from->setDemandsContent(false);
        const oci::Descriptor absent = oci::Descriptor::of(oci::MediaType::ociManifest(), "absent");
        test::addIndex(*fixture->from, {absent}, QStringLiteral("1.4"));
        if (!sameRepository)
            fixture->into = test::storeOf(QStringLiteral("other.example"), QStringLiteral("copy/app"));
        fixture->open();
        const PushPlan plan = fixture->prepare();
        QCOMPARE(plan.isBlocked(), !sameRepository);
        QCOMPARE(plan.steps.first().outcome, sameRepository ? Outcome::Skipped : Outcome::Failed);
    }
    void json()
    {
        PushReport report;
        report.plan = planOf(QStringLiteral("mark-and-sign"));
        const QJsonObject json = report.toJson();
        QCOMPARE(json.keys(),
                 (QStringList{QStringLiteral("after"), QStringLiteral("before"), QStringLiteral("destination"),
                              QStringLiteral("findings"), QStringLiteral("nodes"), QStringLiteral("pushed"),
                              QStringLiteral("reference"), QStringLiteral("steps"), QStringLiteral("tags")}));
        QCOMPARE(json[QStringLiteral("tags")].toArray(),
                 (QJsonArray{QJsonObject{{QStringLiteral("tag"), QStringLiteral("1.4")},
                                         {QStringLiteral("before"), fixture->before().toString()},
                                         {QStringLiteral("after"), fixture->after().toString()}}}));
        QCOMPARE(report.plan.toJson(), json); // what --dry-run --json prints
        QCOMPARE(json[QStringLiteral("before")].toString(), fixture->before().toString());
        QCOMPARE(json[QStringLiteral("pushed")].toBool(), false);
        QCOMPARE(json[QStringLiteral("nodes")].toArray().size(), 3);
        const QJsonObject probe = json[QStringLiteral("steps")].toArray().first().toObject();
        QCOMPARE(probe.keys(),
                 (QStringList{QStringLiteral("bytes"), QStringLiteral("digest"), QStringLiteral("kind"),
                              QStringLiteral("mediaType"), QStringLiteral("outcome"), QStringLiteral("reason")}));
        QCOMPARE(probe[QStringLiteral("kind")].toString(), QStringLiteral("probe"));
    }
    void backupTag_data()
    {
        QTest::addColumn<QString>("tag");
        QTest::addColumn<bool>("isBlocked");
        QTest::newRow("a tag") << "old" << false;
        QTest::newRow("the very tag") << "1.4" << true;
        QTest::newRow("not a tag") << "a b" << true;
        QTest::newRow("nor a digest") << "x@sha256:00" << true;
    }
    void backupTag()
    {
        QFETCH(QString, tag);
        QFETCH(bool, isBlocked);
        fixture->addIndexedImage();
        fixture->open();
        fixture->mark(layerPath({0}, 0), true, {fixture->address});
        DestinationFacts facts;
        facts.sameRepository = true;
        facts.sameRegistry = true;
        facts.tagBefore = fixture->before();
        fixture->request.backupTag = tag;
        const PushPlan plan = planPush(fixture->request, facts);
        QCOMPARE(plan.blockers.filter(QStringLiteral("backup")).isEmpty(), !isBlocked);
    }
    void backupTagFor_data()
    {
        QTest::addColumn<QString>("tag");
        QTest::addColumn<QString>("backup");
        QTest::newRow("short") << "1.4" << "1.4-before-20261123-101500";
        QTest::newRow("longest") << QString(128, QLatin1Char('x'))
                                 << QString(105, QLatin1Char('x')) + QStringLiteral("-before-20261123-101500");
    }
    void backupTagFor()
    {
        QFETCH(QString, tag);
        QTEST(transfer::backupTagFor(tag, when), "backup");
    }
    void outcomeNames_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<int>("outcome");
        QTest::addColumn<QString>("name");
        QTest::newRow("blob") << int(StepKind::Blob) << int(Outcome::Copied) << "copied";
        QTest::newRow("mounted") << int(StepKind::Blob) << int(Outcome::Mounted) << "mounted";
        QTest::newRow("probe") << int(StepKind::Probe) << int(Outcome::Copied) << "reachable";
        QTest::newRow("dead probe") << int(StepKind::Probe) << int(Outcome::Failed) << "failed";
        QTest::newRow("signature") << int(StepKind::Signature) << int(Outcome::Copied) << "signed";
        QTest::newRow("tag") << int(StepKind::Tag) << int(Outcome::Copied) << "tagged";
        QTest::newRow("skipped tag") << int(StepKind::Tag) << int(Outcome::Skipped) << "skipped";
    }
    void outcomeNames()
    {
        QFETCH(int, kind);
        QFETCH(int, outcome);
        PlanStep step;
        step.kind = StepKind(kind);
        step.outcome = Outcome(outcome);
        QTEST(step.outcomeName(), "name");
    }

private:
    // Edits that are not about markings.
    PushPlan planOfOtherEdit(const QString &name)
    {
        using document::SetAnnotation;
        const document::NodePath arm = document::NodePath::root().child(1);
        QList<document::Edit> edits;
        if (name == QStringLiteral("family")) {
            fixture->addForeignImage({fixture->address});
            edits = {document::SetFamily{{}, oci::MediaType::Family::Oci}};
        } else {
            fixture->addIndexedImage();
            if (name == QStringLiteral("removed-platform"))
                edits = {document::RemovePlatform{document::NodePath::root().child(0)}};
            else
                edits = {SetAnnotation{{}, SetAnnotation::Where::Document, QStringLiteral("a"), QStringLiteral("1")},
                         SetAnnotation{arm, SetAnnotation::Where::Descriptor, QStringLiteral("b"), QString()}};
        }
        fixture->open();
        fixture->request.derived = document::apply(fixture->request.original, document::EditSet().with(edits)).value();
        return fixture->prepare();
    }
    // Plans with what became of them.
    PushPlan planOfPushed(const QString &name)
    {
        fixture->addIndexedImage();
        fixture->into = name == QStringLiteral("done-mounted")
                            ? test::storeOf(QStringLiteral("registry.example"), QStringLiteral("copy/app"))
                            : test::storeOf(QStringLiteral("other.example"), QStringLiteral("copy/app"));
        fixture->open();
        if (name == QStringLiteral("done-mounted"))
            for (const QByteArray &bytes : fixture->from->blobs())
                fixture->into->addElsewhere(QStringLiteral("vendor/app"), bytes);
        if (name == QStringLiteral("done-copied-and-signed")) {
            fixture->mark(layerPath({0}, 0), true, {fixture->address});
            fixture->urls->serve(fixture->address, test::layerBytes(QStringLiteral("base"), 64));
            fixture->sign();
        }
        if (name == QStringLiteral("done-failed"))
            fixture->into->failNext(QStringLiteral("PUT manifest"),
                                    base::fail(base::ErrorKind::Network, QStringLiteral("The line broke.")).error());
        return fixture->push().report.plan;
    }
    PushPlan planOf(const QString &name)
    {
        if (name.startsWith(QStringLiteral("done")))
            return planOfPushed(name);
        if (name == QStringLiteral("family") || name == QStringLiteral("removed-platform") ||
            name == QStringLiteral("annotations"))
            return planOfOtherEdit(name);
        const document::NodePath base = layerPath({0}, 0);
        if (name.startsWith(QStringLiteral("unmark")) || name.endsWith(QStringLiteral("foreign"))) {
            fixture->addForeignImage({fixture->address, QStringLiteral("https://mirror.example/b")});
            if (name == QStringLiteral("unmark-nowhere")) {
                init();
                fixture->addForeignImage({});
            }
            if (name.endsWith(QStringLiteral("foreign")))
                fixture->into = test::storeOf(QStringLiteral("other.example"), QStringLiteral("copy/app"));
            fixture->open();
            if (name.startsWith(QStringLiteral("unmark")))
                fixture->mark(layerPath({}, 0), false, {});
            return fixture->prepare();
        }
        fixture->addIndexedImage();
        if (name == QStringLiteral("same-registry"))
            fixture->into = test::storeOf(QStringLiteral("registry.example"), QStringLiteral("copy/app"));
        if (name == QStringLiteral("other-registry"))
            fixture->into = test::storeOf(QStringLiteral("other.example"), QStringLiteral("copy/app"));
        fixture->open();
        if (name.startsWith(QStringLiteral("mark")) || name.startsWith(QStringLiteral("tag-moved")) ||
            name == QStringLiteral("by-digest"))
            fixture->mark(base, true, {fixture->address});
        if (name == QStringLiteral("partial"))
            fixture->request.derived =
                document::apply(fixture->request.original,
                                document::EditSet().with(document::SetMarking{base, true, {fixture->address}}))
                    .value();
        if (name == QStringLiteral("mark-and-sign"))
            fixture->sign();
        if (name == QStringLiteral("mark-unprobed"))
            fixture->request.probe = false;
        if (name.contains(QStringLiteral("backup"))) {
            fixture->request.backupTag = transfer::backupTagFor(QStringLiteral("1.4"), when);
            fixture->request.probe = false;
        }
        if (name == QStringLiteral("mark-backup-taken"))
            test::addIndex(*fixture->from, {}, fixture->request.backupTag);
        if (name == QStringLiteral("mark-backup-kept"))
            fixture->from->addManifest(fixture->request.original.root().bytes(), oci::MediaType::ociIndex(),
                                       fixture->request.backupTag);
        if (name == QStringLiteral("new-tag-with-backup"))
            fixture->request.destination = test::referenceTo(*fixture->into, QStringLiteral("2.0"));
        if (name == QStringLiteral("by-digest"))
            fixture->request.destination = test::referenceTo(*fixture->into, {});
        if (name.startsWith(QStringLiteral("tag-moved"))) {
            test::addIndex(*fixture->from, {}, QStringLiteral("1.4"));
            fixture->request.force = name.endsWith(QStringLiteral("forced"));
        }
        return fixture->prepare();
    }

    const QDateTime when = QDateTime(QDate(2026, 11, 23), QTime(10, 15), Qt::UTC);
    std::unique_ptr<test::PushFixture> fixture;
};

QTEST_GUILESS_MAIN(TestPushPlan)
#include "tst_pushplan.moc"
