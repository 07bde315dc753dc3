// SPDX-License-Identifier: Apache-2.0
#include "pushfixture.h"

#include <QSignalSpy>

using namespace colophon;
using namespace colophon::transfer;
using base::ErrorKind;
using test::layerPath;
using test::Pushed;
using Verdict = content::UrlProbe::Verdict;

namespace {
const QString tag14 = QStringLiteral("1.4");

const PlanStep *stepOf(const PushReport &report, StepKind kind, const oci::Digest &digest = {})
{
    for (const PlanStep &step : report.plan.steps)
        if (step.kind == kind && (digest.isNull() || step.descriptor.digest == digest))
            return &step;
    return nullptr;
}

QStringList writesIn(const QStringList &journal)
{
    QStringList writes;
    for (const QString &line : journal)
        if (line.startsWith(QStringLiteral("PUT ")) || line.startsWith(QStringLiteral("TAG ")) ||
            line.startsWith(QStringLiteral("MOUNT ")))
            writes.append(line);
    return writes;
}

base::Error broken()
{
    base::Error error;
    error.kind = ErrorKind::Network;
    error.message = QStringLiteral("The connection broke.");
    return error;
}
} // namespace

class TestPushImage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { fixture = std::make_unique<test::PushFixture>(); }

    // Every mark and unmark, sign and tag, in one line each.
    void order()
    {
        prepareMarked(true);
        const Pushed pushed = fixture->push();
        QVERIFY2(!pushed.error, qPrintable(textOf(pushed)));
        QVERIFY(pushed.report.pushed);
        const QString index = fixture->after().toString();
        const QString amd = digestAt({0});
        const QString arm = digestAt({1});
        const QStringList expected{QLatin1String("PUT manifest ") + amd,
                                   QLatin1String("PUT manifest ") + arm,
                                   QLatin1String("PUT manifest ") + index,
                                   QLatin1String("TAG sha256-") + amd.mid(7) + QLatin1String(".sig"),
                                   QLatin1String("TAG sha256-") + arm.mid(7) + QLatin1String(".sig"),
                                   QLatin1String("TAG sha256-") + index.mid(7) + QLatin1String(".sig"),
                                   QLatin1String("TAG 1.4 ") + index};
        QStringList writes = writesIn(fixture->from->journal());
        for (QString &line : writes)
            if (line.contains(QStringLiteral(".sig")))
                line = line.section(QLatin1Char(' '), 0, 1);
        QCOMPARE(writes, expected);
        QCOMPARE(fixture->urls->journal(), QStringList{QLatin1String("PROBE ") + fixture->address});
        // Everything that has to be there was looked for right before the first manifest; the tag right before it was
        // set and once more after it.
        const QStringList journal = fixture->from->journal();
        const qsizetype firstPut = journal.indexOf(expected.first());
        QCOMPARE(journal.first(firstPut).filter(QStringLiteral("HEAD blob")).size(), 6);
        QCOMPARE(journal.at(journal.size() - 3), QStringLiteral("HEAD manifest 1.4"));
        QCOMPARE(journal.at(journal.size() - 2), expected.last());
        QCOMPARE(journal.last(), QStringLiteral("HEAD manifest 1.4"));
        QCOMPARE(pushed.report.notes,
                 QStringList{QStringLiteral("vendor/app:1.4 named %1 before.").arg(fixture->before().toString())});
        QCOMPARE(signerJournal(), (QStringList{QLatin1String("registry.example/vendor/app ") + amd,
                                               QLatin1String("registry.example/vendor/app ") + arm,
                                               QLatin1String("registry.example/vendor/app ") + index}));
        QCOMPARE(stepOf(pushed.report, StepKind::Tag)->outcomeName(), QStringLiteral("tagged"));
        QCOMPARE(stepOf(pushed.report, StepKind::Signature)->outcomeName(), QStringLiteral("signed"));
        const PushReport planned{pushed.plan, false, {}};
        QCOMPARE(stepOf(planned, StepKind::Signature)->reason, QStringLiteral("With k.key."));
        QCOMPARE(stepOf(pushed.report, StepKind::Signature)->reason, QStringLiteral("Signed with k.key."));
    }
    void signsOnlyTheIndex()
    {
        prepareMarked(true);
        fixture->request.indexOnly = true;
        QVERIFY(!fixture->push().error);
        QCOMPARE(signerJournal(),
                 QStringList{QLatin1String("registry.example/vendor/app ") + fixture->after().toString()});
    }
    void nothingToDo()
    {
        fixture->addIndexedImage();
        fixture->open();
        const Pushed pushed = fixture->push();
        QVERIFY(!pushed.error);
        QVERIFY(fixture->from->journal().isEmpty());
        QVERIFY(!pushed.report.notes.isEmpty());
    }
    void byDigestAlone()
    {
        prepareMarked(false);
        fixture->request.destination = test::referenceTo(*fixture->into, {});
        const Pushed pushed = fixture->push();
        QVERIFY(!pushed.error);
        QVERIFY(pushed.report.pushed);
        QVERIFY(fixture->from->journal().filter(QStringLiteral("TAG ")).isEmpty());
        QVERIFY(!fixture->from->manifestBytes(fixture->after()).isEmpty());
        QCOMPARE(fixture->from->tagged(tag14), fixture->before());
    }

    void toAnotherRegistry()
    {
        fixture->addIndexedImage();
        fixture->into = test::storeOf(QStringLiteral("other.example"), QStringLiteral("copy/app"));
        fixture->open();
        const Pushed pushed = fixture->push();
        QVERIFY2(!pushed.error, qPrintable(textOf(pushed)));
        QCOMPARE(fixture->into->tagged(tag14), fixture->before());
        QCOMPARE(fixture->into->manifestBytes(fixture->before()), fixture->request.original.root().bytes());
        // "base" stands in two platforms and goes once.
        const QString base = fixture->layerDigest(layerPath({0}, 0)).toString();
        QCOMPARE(fixture->into->journal().count(QLatin1String("PUT blob ") + base), 1);
        QCOMPARE(fixture->from->journal().count(QLatin1String("GET blob ") + base), 1);
        const PlanStep *blob = stepOf(pushed.report, StepKind::Blob);
        QCOMPARE(blob->outcome, Outcome::Copied);
        QCOMPARE(blob->done, blob->bytes);
        QVERIFY(pushed.report.notes.isEmpty());
    }
    void progress()
    {
        fixture->addIndexedImage();
        fixture->into = test::storeOf(QStringLiteral("other.example"), QStringLiteral("copy/app"));
        fixture->open();
        PushImage pushing(std::make_shared<test::FakeTarget>(fixture->from),
                          std::make_shared<test::FakeTarget>(fixture->into), fixture->urls, {}, fixture->prepare());
        QSignalSpy progress(&pushing, &Operation::progressChanged);
        QSignalSpy steps(&pushing, &PushImage::stepChanged);
        QVERIFY(test::finish(pushing));
        const qint64 total = pushing.report().plan.bytesToMove();
        QCOMPARE(progress.first(), (QVariantList{qint64(0), total}));
        QCOMPARE(progress.last(), (QVariantList{total, total}));
        QVERIFY(steps.size() >= pushing.report().plan.steps.size());
    }
    void mounts_data()
    {
        QTest::addColumn<bool>("isPossible");
        QTest::newRow("taken over") << true;
        QTest::newRow("not possible: copied") << false;
    }
    void mounts()
    {
        QFETCH(bool, isPossible);
        fixture->addIndexedImage();
        fixture->into = test::storeOf(QStringLiteral("registry.example"), QStringLiteral("copy/app"));
        if (isPossible)
            for (const QByteArray &bytes : fixture->from->blobs())
                fixture->into->addElsewhere(QStringLiteral("vendor/app"), bytes);
        fixture->open();
        const Pushed pushed = fixture->push();
        QVERIFY2(!pushed.error, qPrintable(textOf(pushed)));
        QCOMPARE(stepOf(pushed.report, StepKind::Blob)->outcome, isPossible ? Outcome::Mounted : Outcome::Copied);
        QCOMPARE(fixture->into->journal().filter(QStringLiteral("PUT blob")).isEmpty(), isPossible);
        QCOMPARE(fixture->into->tagged(tag14), fixture->before());
    }
    void foreignLayersStayBehind()
    {
        fixture->addForeignImage({fixture->address});
        fixture->into = test::storeOf(QStringLiteral("other.example"), QStringLiteral("copy/app"));
        fixture->open();
        QVERIFY(!fixture->push().error);
        QVERIFY(!fixture->into->blobs().contains(fixture->layerDigest(layerPath({}, 0))));
        QCOMPARE(fixture->into->tagged(tag14), fixture->before());
        QVERIFY(fixture->urls->journal().isEmpty());
    }

    // An unmarked layer that the registry does not hold comes from its addresses, the first that gives the right bytes.
    void unmarkFetches_data()
    {
        QTest::addColumn<QString>("firstServes"); // "", "wrong", "right"
        QTest::addColumn<bool>("secondServes");
        QTest::addColumn<bool>("succeeds");
        QTest::newRow("from the first") << "right" << false << true;
        QTest::newRow("from the second") << "" << true << true;
        QTest::newRow("the first lies") << "wrong" << true << true;
        QTest::newRow("only lies") << "wrong" << false << false;
        QTest::newRow("from none") << "" << false << false;
    }
    void unmarkFetches()
    {
        QFETCH(QString, firstServes);
        QFETCH(bool, secondServes);
        QFETCH(bool, succeeds);
        const QString mirror = QStringLiteral("https://mirror.example/b");
        const QByteArray bytes = test::layerBytes(QStringLiteral("base"), 1000);
        if (!firstServes.isEmpty())
            fixture->urls->serve(fixture->address,
                                 firstServes == QStringLiteral("right") ? bytes : QByteArray(1000, 'x'));
        if (secondServes)
            fixture->urls->serve(mirror, bytes);
        fixture->addForeignImage({fixture->address, mirror});
        fixture->open();
        fixture->mark(layerPath({}, 0), false, {});
        const Pushed pushed = fixture->push();
        const oci::Digest layer = fixture->layerDigest(layerPath({}, 0));
        QCOMPARE(!pushed.error, succeeds);
        QCOMPARE(fixture->from->blobs().value(layer) == bytes, succeeds);
        QCOMPARE(fixture->from->tagged(tag14), succeeds ? fixture->after() : fixture->before());
        QCOMPARE(stepOf(pushed.report, StepKind::Blob, layer)->outcome, succeeds ? Outcome::Copied : Outcome::Failed);
        if (!succeeds) {
            QCOMPARE(pushed.error->side, base::Side::Source);
            QVERIFY(writesIn(fixture->from->journal()).filter(QStringLiteral("manifest")).isEmpty());
        }
    }
    void uploadRefused()
    {
        fixture->urls->serve(fixture->address, test::layerBytes(QStringLiteral("base"), 1000));
        fixture->addForeignImage({fixture->address, QStringLiteral("https://mirror.example/b")});
        fixture->open();
        fixture->mark(layerPath({}, 0), false, {});
        base::Error denied = broken();
        denied.kind = ErrorKind::Denied;
        fixture->from->failNext(QStringLiteral("PUT blob"), denied);
        const Pushed pushed = fixture->push();
        QCOMPARE(pushed.error->kind, ErrorKind::Denied);
        QCOMPARE(pushed.error->side, base::Side::Destination);
        // It is the destination that says no: another address would not help.
        QCOMPARE(fixture->urls->journal().size(), 1);
    }

    void deadAddressStopsEverything_data()
    {
        QTest::addColumn<int>("verdict");
        QTest::addColumn<int>("status");
        QTest::newRow("401") << int(Verdict::NeedsCredentials) << 401;
        QTest::newRow("404") << int(Verdict::NotFound) << 404;
        QTest::newRow("wrong size") << int(Verdict::WrongSize) << 206;
        QTest::newRow("refused by us") << int(Verdict::Refused) << 0;
    }
    void deadAddressStopsEverything()
    {
        QFETCH(int, verdict);
        QFETCH(int, status);
        prepareMarked(true);
        // Two layers at one address: it is named once.
        const document::NodePath other = layerPath({0}, 1);
        fixture->request.derived =
            document::apply(fixture->request.original,
                            document::EditSet()
                                .with(document::SetMarking{layerPath({0}, 0), true, {fixture->address}})
                                .with(document::SetMarking{layerPath({1}, 0), true, {fixture->address}})
                                .with(document::SetMarking{other, true, {fixture->address}}))
                .value();
        fixture->urls->answer(fixture->address, Verdict(verdict), status);
        const Pushed pushed = fixture->push();
        QCOMPARE(pushed.error->message.count(fixture->address), 1);
        QVERIFY(!pushed.error->message.contains(QStringLiteral(".)")));
        QCOMPARE(pushed.error->kind, ErrorKind::Denied);
        QVERIFY(pushed.error->message.contains(fixture->address));
        QVERIFY(pushed.error->message.contains(QStringLiteral("containerd")));
        QVERIFY(pushed.error->hint.contains(QStringLiteral("--no-probe")));
        QVERIFY(fixture->from->journal().isEmpty());
        QCOMPARE(stepOf(pushed.report, StepKind::Probe)->outcome, Outcome::Failed);
        QVERIFY(!pushed.report.pushed);
    }
    void unprobed()
    {
        prepareMarked(false);
        fixture->request.probe = false;
        fixture->urls->answer(fixture->address, Verdict::NeedsCredentials, 401);
        QVERIFY(!fixture->push().error);
        QVERIFY(fixture->urls->journal().isEmpty());
    }

    // The registry would take it: it does not look.
    void blobGoneBeforeTheManifest()
    {
        prepareMarked(false);
        fixture->from->setDemandsContent(false);
        const oci::Digest gone = fixture->layerDigest(layerPath({1}, 1));
        fixture->urls->setObserver([this, gone](const QString &) { fixture->from->removeBlob(gone); });
        const Pushed pushed = fixture->push();
        QVERIFY(pushed.error);
        QVERIFY(pushed.error->message.contains(gone.toString()));
        QVERIFY(writesIn(fixture->from->journal()).isEmpty());
        QCOMPARE(fixture->from->tagged(tag14), fixture->before());
    }

    void refusedByPolicy()
    {
        prepareMarked(true);
        base::Error refusal;
        refusal.httpStatus = 500;
        refusal.wireCode = QStringLiteral("UNKNOWN");
        refusal.message = QStringLiteral("unknown error");
        fixture->from->failNext(QStringLiteral("PUT manifest"), refusal);
        const Pushed pushed = fixture->push();
        QCOMPARE(pushed.error->kind, ErrorKind::Denied);
        QCOMPARE(pushed.error->message, QStringLiteral("registry.example does not accept layer addresses (urls)."));
        QVERIFY(pushed.error->hint.endsWith(
            QStringLiteral("Nothing was changed: `vendor/app:1.4` is still %1.").arg(fixture->before().toString())));
        QCOMPARE(fixture->from->tagged(tag14), fixture->before());
        QVERIFY(signerJournal().isEmpty());
    }
    void notSigned()
    {
        prepareMarked(true);
        static_cast<test::FakeSigner &>(*fixture->signers.first()).fail(broken());
        const Pushed pushed = fixture->push();
        QCOMPARE(pushed.error->kind, ErrorKind::NotSigned);
        QVERIFY(pushed.error->message.contains(fixture->after().toString()));
        QVERIFY(pushed.error->hint.contains(QStringLiteral("The tag was not moved.")));
        QCOMPARE(fixture->from->tagged(tag14), fixture->before());
        QVERIFY(!fixture->from->manifestBytes(fixture->after()).isEmpty());
        QVERIFY(!pushed.report.pushed);
    }

    void tagMoves_data()
    {
        QTest::addColumn<bool>("force");
        QTest::addColumn<bool>("isGone");
        QTest::newRow("moved") << false << false;
        QTest::newRow("moved, forced") << true << false;
        QTest::newRow("gone") << false << true;
        QTest::newRow("gone, forced") << true << true;
    }
    void tagMoves()
    {
        QFETCH(bool, force);
        QFETCH(bool, isGone);
        prepareMarked(false);
        fixture->request.force = force;
        oci::Digest theirs;
        fixture->urls->setObserver([&](const QString &) {
            if (isGone)
                fixture->from->removeTag(tag14);
            else
                theirs = test::addIndex(*fixture->from, {}, tag14).digest;
        });
        const Pushed pushed = fixture->push();
        QCOMPARE(!pushed.error, force);
        QCOMPARE(fixture->from->tagged(tag14), force ? fixture->after() : theirs);
        if (!force) {
            QCOMPARE(pushed.error->kind, ErrorKind::Conflict);
            QCOMPARE(pushed.error->hint, QStringLiteral("Reopen it, or push to another tag."));
            if (!isGone)
                QCOMPARE(
                    pushed.error->message,
                    QStringLiteral("The tag moved while you were editing: someone pushed %1.").arg(theirs.toString()));
        } else if (!isGone) {
            QVERIFY(pushed.report.notes.first().contains(theirs.toString()));
        }
    }
    void tagMovesRightAfter()
    {
        prepareMarked(false);
        int heads = 0;
        oci::Digest theirs;
        fixture->urls->setObserver([&](const QString &) {
            fixture->from->setObserver([&](const QString &line) {
                if (line == QStringLiteral("HEAD manifest 1.4") && ++heads == 2)
                    theirs = test::addIndex(*fixture->from, {}, tag14).digest;
            });
        });
        const Pushed pushed = fixture->push();
        QCOMPARE(pushed.error->kind, ErrorKind::Conflict);
        QVERIFY(pushed.error->message.contains(theirs.toString()));
        QVERIFY(!pushed.report.pushed);
    }
    // The old image keeps a name before it loses the other.
    void backup()
    {
        prepareMarked(true);
        fixture->request.backupTag = QStringLiteral("1.4-old");
        const Pushed pushed = fixture->push();
        QVERIFY2(!pushed.error, qPrintable(textOf(pushed)));
        QCOMPARE(fixture->from->tagged(tag14), fixture->after());
        QCOMPARE(fixture->from->tagged(QStringLiteral("1.4-old")), fixture->before());
        const QStringList writes = writesIn(fixture->from->journal());
        QCOMPARE(writes.mid(writes.size() - 2),
                 (QStringList{QLatin1String("TAG 1.4-old ") + fixture->before().toString(),
                              QLatin1String("TAG 1.4 ") + fixture->after().toString()}));
        QVERIFY(pushed.report.notes.contains(
            QStringLiteral("vendor/app:1.4-old is kept as %1.").arg(fixture->before().toString())));
        QCOMPARE(pushed.report.plan.steps.at(pushed.report.plan.steps.size() - 2).outcomeName(),
                 QStringLiteral("tagged"));
    }
    void backupOfWhatIsThere()
    {
        prepareMarked(false);
        fixture->request.backupTag = QStringLiteral("1.4-old");
        fixture->request.force = true;
        oci::Digest theirs;
        fixture->urls->setObserver([&](const QString &) { theirs = test::addIndex(*fixture->from, {}, tag14).digest; });
        const Pushed pushed = fixture->push();
        QVERIFY2(!pushed.error, qPrintable(textOf(pushed)));
        QCOMPARE(fixture->from->tagged(QStringLiteral("1.4-old")), theirs);
    }
    void backupTakenMeanwhile()
    {
        prepareMarked(false);
        fixture->request.backupTag = QStringLiteral("1.4-old");
        oci::Digest theirs;
        fixture->urls->setObserver(
            [&](const QString &) { theirs = test::addIndex(*fixture->from, {}, QStringLiteral("1.4-old")).digest; });
        const Pushed pushed = fixture->push();
        QCOMPARE(pushed.error->kind, ErrorKind::Conflict);
        QVERIFY(pushed.error->message.contains(theirs.toString()));
        QCOMPARE(fixture->from->tagged(QStringLiteral("1.4-old")), theirs);
        QCOMPARE(fixture->from->tagged(tag14), fixture->before());
    }
    // What to do next is good to know; that nothing was changed is good to know, too.
    void saysWhatTheTagStillNames_data()
    {
        QTest::addColumn<QString>("request");
        QTest::addColumn<ErrorKind>("kind");
        QTest::addColumn<int>("status");
        for (const char *request : {"HEAD blob", "PUT blob", "PUT manifest", "TAG 1.4"}) {
            QTest::addRow("network, %s", request) << QString::fromLatin1(request) << ErrorKind::Network << 0;
            QTest::addRow("502, %s", request) << QString::fromLatin1(request) << ErrorKind::Failed << 502;
        }
    }
    void saysWhatTheTagStillNames()
    {
        QFETCH(QString, request);
        QFETCH(ErrorKind, kind);
        QFETCH(int, status);
        prepareScenario(QStringLiteral("unmark"));
        const transfer::PushPlan plan = fixture->prepare();
        const oci::Digest old = fixture->into->tagged(tag14);
        base::Error error = broken();
        error.kind = kind;
        error.httpStatus = status;
        error.hint = QStringLiteral("Try again later.");
        fixture->into->failNext(request, error);
        auto target = std::make_shared<test::FakeTarget>(fixture->from);
        transfer::PushImage pushing(target, target, fixture->urls, fixture->signers, plan, 1);
        QVERIFY(test::finish(pushing));
        QVERIFY(pushing.error());
        QCOMPARE(pushing.error()->message, error.message);
        QCOMPARE(
            pushing.error()->hint,
            QStringLiteral("Try again later. Nothing was changed: `vendor/app:1.4` is still %1.").arg(old.toString()));
        QCOMPARE(fixture->into->tagged(tag14), old);
    }

    // The registry's own rules, said in its own ways.
    void refusedByRule_data()
    {
        QTest::addColumn<QString>("request");
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("words");
        QTest::addColumn<QString>("message");
        QTest::newRow("immutable tag") << "TAG 1.4" << 412 << "'vendor/app:1.4' configured as immutable."
                                       << "does not let “vendor/app:1.4” name another image: its tags are immutable.";
        QTest::newRow("read-only") << "PUT manifest" << 405 << "Method not allowed"
                                   << "takes nothing at the moment: it is read-only.";
        QTest::newRow("quota") << "PUT blob" << 403 << "Quota has been exceeded on namespace"
                               << "has no room left for this: a quota is used up.";
    }
    void refusedByRule()
    {
        QFETCH(QString, request);
        QFETCH(int, status);
        QFETCH(QString, words);
        QFETCH(QString, message);
        prepareScenario(QStringLiteral("unmark"));
        const oci::Digest old = fixture->into->tagged(tag14);
        base::Error refusal;
        refusal.httpStatus = status;
        refusal.message = QStringLiteral("No. It says: \"%1\".").arg(words);
        fixture->into->failNext(request, refusal);
        const Pushed pushed = fixture->push();
        QCOMPARE(pushed.error->kind, ErrorKind::Denied);
        QVERIFY2(pushed.error->message.startsWith(QStringLiteral("registry.example ") + message),
                 qPrintable(pushed.error->message));
        QVERIFY(pushed.error->message.contains(words));
        QVERIFY(pushed.error->hint.endsWith(
            QStringLiteral("Nothing was changed: `vendor/app:1.4` is still %1.").arg(old.toString())));
        QCOMPARE(fixture->into->tagged(tag14), old);
    }
    // The answer to the tag's PUT got lost, the tag was set all the same.
    void tagAnswerLost()
    {
        prepareMarked(false);
        const QByteArray bytes = fixture->request.derived.tree.root().bytes();
        base::Error lost = broken();
        fixture->urls->setObserver([&](const QString &) {
            fixture->from->setObserver([&](const QString &line) {
                if (line.startsWith(QStringLiteral("TAG 1.4")))
                    fixture->from->addManifest(bytes, oci::MediaType::ociIndex(), tag14);
            });
            fixture->from->failNext(QStringLiteral("TAG 1.4"), lost);
        });
        const Pushed pushed = fixture->push();
        QVERIFY2(!pushed.error, qPrintable(textOf(pushed)));
        QVERIFY(pushed.report.pushed);
        fixture->from->setObserver({});
    }
    void blockedPlan()
    {
        fixture->addForeignImage({});
        fixture->open();
        fixture->mark(layerPath({}, 0), false, {});
        const Pushed pushed = fixture->push();
        QVERIFY(pushed.plan.isBlocked());
        QCOMPARE(pushed.error->message, pushed.plan.blockers.join(QLatin1Char(' ')));
        QVERIFY(fixture->from->journal().isEmpty());
    }

    // Whatever request breaks, the old tag stays on the old image, and the next push does only what is missing.
    void failsAnywhereAndGoesOn_data()
    {
        QTest::addColumn<QString>("what");
        for (const char *what : {"mark", "unmark", "copy", "backup"})
            QTest::newRow(what) << QString::fromLatin1(what);
    }
    void failsAnywhereAndGoesOn()
    {
        QFETCH(QString, what);
        int reached = 0;
        for (int k = 1;; ++k) {
            prepareScenario(what);
            const oci::Digest old = fixture->into->tagged(tag14);
            auto destination = std::make_shared<test::FakeTarget>(fixture->into);
            destination->failAt(k, broken());
            const Pushed failed = fixture->push({}, destination);
            if (destination->calls() < k) {
                QVERIFY(!failed.error);
                break;
            }
            reached = k;
            const QStringList firstWrites = writesIn(fixture->into->journal());
            if (failed.error) {
                QVERIFY2(failed.error->kind == ErrorKind::Network || failed.error->kind == ErrorKind::NotSigned,
                         qPrintable(textOf(failed)));
                QCOMPARE(fixture->into->tagged(tag14), old);
                QVERIFY(!failed.report.pushed);
            } else {
                // Only the last look at the tag, after it was set, may fail without harm.
                QCOMPARE(fixture->into->tagged(tag14), fixture->after());
            }
            const Pushed again = fixture->push();
            QVERIFY2(!again.error, qPrintable(textOf(again)));
            QCOMPARE(fixture->into->tagged(tag14), fixture->after());
            for (const QString &line : writesIn(fixture->into->journal()))
                QVERIFY2(line.contains(QStringLiteral(".sig")) || !firstWrites.contains(line), qPrintable(line));
        }
        QVERIFY(reached >= 8);
    }
    // As many blobs are on their way at once as there are lanes, and never more.
    void movesSeveralAtOnce_data()
    {
        QTest::addColumn<int>("lanes");
        for (const int lanes : {1, 3, 4})
            QTest::addRow("%d", lanes) << lanes;
    }
    void movesSeveralAtOnce()
    {
        QFETCH(int, lanes);
        fixture->into = test::storeOf(QStringLiteral("mirror.example"), QStringLiteral("vendor/app"));
        QStringList layers;
        for (int i = 0; i < 9; ++i)
            layers.append(QStringLiteral("layer %1").arg(i));
        const oci::Descriptor image = test::addImage(*fixture->from, QStringLiteral("linux/amd64"), layers);
        fixture->from->addManifest(fixture->from->manifestBytes(image.digest), image.mediaType, QStringLiteral("1.4"));
        fixture->open();
        const PushPlan plan = fixture->prepare();
        auto source = std::make_shared<test::FakeTarget>(fixture->from);
        source->setAsynchronous(true); // of the source only blobs are asked
        PushImage pushing(source, std::make_shared<test::FakeTarget>(fixture->into), fixture->urls, {}, plan, lanes);
        QVERIFY(test::finish(pushing));
        QVERIFY2(!pushing.error(), pushing.error() ? qPrintable(pushing.error()->text()) : "");
        QCOMPARE(source->mostOpen(), lanes);
        QCOMPARE(source->open(), 0);
    }

    // The same with Cancel, and with the end of the Operation, in the middle of every request.
    void endsAnywhere_data()
    {
        QTest::addColumn<QString>("what");
        QTest::addColumn<bool>("isDestroyed");
        for (const char *what : {"mark", "unmark", "copy", "backup"}) {
            QTest::addRow("%s cancelled", what) << QString::fromLatin1(what) << false;
            QTest::addRow("%s destroyed", what) << QString::fromLatin1(what) << true;
        }
    }
    void endsAnywhere()
    {
        QFETCH(QString, what);
        QFETCH(bool, isDestroyed);
        for (int k = 1;; ++k) {
            prepareScenario(what);
            const oci::Digest old = fixture->into->tagged(tag14);
            auto destination = std::make_shared<test::FakeTarget>(fixture->into);
            destination->setAsynchronous(true);
            destination->hangAt(k);
            auto pushing = std::make_unique<PushImage>(std::make_shared<test::FakeTarget>(fixture->from), destination,
                                                       fixture->urls, fixture->signers, fixture->prepare());
            QSignalSpy finished(pushing.get(), &Operation::finished);
            pushing->start();
            QVERIFY(QTest::qWaitFor([&] {
                test::settle();
                return destination->calls() >= k || !finished.isEmpty();
            }));
            if (destination->calls() < k) {
                QVERIFY(!pushing->error());
                break;
            }
            test::settle();
            const bool isTagSet = fixture->into->tagged(tag14) == fixture->after();
            if (isDestroyed) {
                pushing.reset();
                test::settle();
                QCOMPARE(finished.size(), 0);
            } else {
                pushing->cancel();
                QVERIFY(QTest::qWaitFor([&] { return finished.size() == 1; }));
                QCOMPARE(!pushing->error(), isTagSet);
                QCOMPARE(pushing->report().pushed, isTagSet);
                for (const PlanStep &step : pushing->report().plan.steps)
                    QVERIFY(step.outcome != Outcome::Running);
                if (pushing->error())
                    QCOMPARE(pushing->error()->kind, ErrorKind::Cancelled);
            }
            QCOMPARE(destination->open(), 0);
            QCOMPARE(fixture->into->tagged(tag14), isTagSet ? fixture->after() : old);
        }
    }
    void cancelledWhileProbing()
    {
        prepareMarked(false);
        fixture->urls->hang(fixture->address);
        auto target = std::make_shared<test::FakeTarget>(fixture->from);
        PushImage pushing(target, target, fixture->urls, {}, fixture->prepare());
        fixture->from->clearJournal();
        QSignalSpy finished(&pushing, &Operation::finished);
        pushing.start();
        test::settle();
        pushing.cancel();
        QVERIFY(QTest::qWaitFor([&] { return finished.size() == 1; }));
        QCOMPARE(pushing.error()->kind, ErrorKind::Cancelled);
        QVERIFY(fixture->from->journal().isEmpty());
    }
    void destroyedByItsOwnStep()
    {
        prepareScenario(QStringLiteral("copy"));
        auto *pushing =
            new PushImage(std::make_shared<test::FakeTarget>(fixture->from),
                          std::make_shared<test::FakeTarget>(fixture->into), fixture->urls, {}, fixture->prepare());
        QPointer<PushImage> alive = pushing;
        int changes = 0;
        connect(pushing, &PushImage::stepChanged, this, [&] {
            if (++changes == 4)
                delete alive.data();
        });
        pushing->start();
        QVERIFY(QTest::qWaitFor([&] { return alive.isNull(); }));
        test::settle();
        QVERIFY(fixture->into->tagged(tag14).isNull());
    }

private:
    void prepareMarked(bool isSigned)
    {
        fixture->addIndexedImage();
        fixture->urls->serve(fixture->address, test::layerBytes(QStringLiteral("base")));
        fixture->open();
        fixture->mark(layerPath({0}, 0), true, {fixture->address});
        if (isSigned)
            fixture->sign();
    }
    void prepareScenario(const QString &what)
    {
        init();
        if (what == QStringLiteral("mark")) {
            prepareMarked(true);
        } else if (what == QStringLiteral("backup")) {
            prepareMarked(false);
            fixture->request.backupTag = QStringLiteral("1.4-old");
        } else if (what == QStringLiteral("unmark")) {
            fixture->urls->serve(fixture->address, test::layerBytes(QStringLiteral("base"), 1000));
            fixture->addForeignImage({fixture->address});
            fixture->open();
            fixture->mark(layerPath({}, 0), false, {});
            fixture->sign();
        } else {
            fixture->addIndexedImage();
            fixture->into = test::storeOf(QStringLiteral("other.example"), QStringLiteral("copy/app"));
            fixture->open();
        }
    }
    QString digestAt(QList<int> entries) const
    {
        document::NodePath path;
        path.entries = std::move(entries);
        return fixture->request.derived.tree.node(path)->descriptor.digest.toString();
    }
    QStringList signerJournal() const { return static_cast<test::FakeSigner &>(*fixture->signers.first()).journal(); }
    static QString textOf(const Pushed &pushed) { return pushed.error ? pushed.error->text() : QString(); }

    std::unique_ptr<test::PushFixture> fixture;
};

QTEST_GUILESS_MAIN(TestPushImage)
#include "tst_pushimage.moc"
