// SPDX-License-Identifier: Apache-2.0
// Several signers and several verifiers as one: the words for them, what is said when one fails, and the one verdict.
#include "content/memorystore.h"
#include "content/signer.h"
#include "support/await.h"

#include <QTest>

using namespace colophon;
using base::ErrorKind;
using content::AttestationCheck;
using content::CheckVerdict;
using content::SignatureCheck;
using content::VerifyReport;

namespace {
oci::Descriptor subject() { return oci::Descriptor::of(oci::MediaType::ociManifest(), "{}"); }

SignatureCheck check(CheckVerdict verdict, const QString &reason, const QString &key = {})
{
    SignatureCheck made;
    made.verdict = verdict;
    made.reason = reason;
    made.key = key;
    return made;
}

// Says what it was made with.
struct Saying final : content::Verifier
{
    explicit Saying(base::Result<VerifyReport> report)
        : says(std::move(report))
    {
    }
    static base::Task<base::Result<VerifyReport>> answer(base::Result<VerifyReport> says) { co_return says; }
    base::Task<base::Result<VerifyReport>> verify(content::TargetPtr, oci::Descriptor, std::stop_token) override
    {
        ++asked;
        return answer(says);
    }
    base::Result<VerifyReport> says;
    int asked = 0;
};

VerifyReport reportWith(const QList<SignatureCheck> &signatures, int attestations = 0, const QStringList &problems = {})
{
    VerifyReport report;
    report.subject = subject();
    report.signatures = signatures;
    report.attestations = QList<AttestationCheck>(attestations);
    for (AttestationCheck &each : report.attestations)
        each.kind = QStringLiteral("dsse");
    report.problems = problems;
    return report;
}

base::Result<VerifyReport> combined(const QList<base::Result<VerifyReport>> &reports)
{
    QList<std::shared_ptr<content::Verifier>> verifiers;
    for (const auto &each : reports)
        verifiers.append(std::make_shared<Saying>(each));
    content::CombinedVerifier verifier(verifiers);
    return test::await(verifier.verify(std::make_shared<content::MemoryStore>(), subject(), {}));
}

// A signer of some form that may fail.
struct Some final : content::Signer
{
    Some(QString form_, QString key_, std::optional<ErrorKind> fails_ = {})
        : name(std::move(form_))
        , key(std::move(key_))
        , fails(fails_)
    {
    }
    QString form() const override { return name; }
    QString keyDescription() const override { return key; }
    static base::Task<base::Result<QList<content::SignatureWritten>>> answer(std::optional<ErrorKind> fails)
    {
        if (fails)
            co_return base::fail(*fails, QStringLiteral("It is full."), QStringLiteral("Make room."));
        co_return QList<content::SignatureWritten>(1);
    }
    base::Task<base::Result<QList<content::SignatureWritten>>> sign(content::TargetPtr, QString, oci::Descriptor,
                                                                    std::stop_token) override
    {
        ++asked;
        return answer(fails);
    }
    QString name;
    QString key;
    std::optional<ErrorKind> fails;
    int asked = 0;
};
const QString legacy = QStringLiteral("legacy");
const QString bundle = QStringLiteral("bundle");
} // namespace

class TestSigner : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void eachKeyIsNamedOnceWithItsForms()
    {
        const QString a = QStringLiteral("a.key");
        const QString b = QStringLiteral("b.key");
        const content::Signers signers{std::make_shared<Some>(legacy, a), std::make_shared<Some>(legacy, b),
                                       std::make_shared<Some>(bundle, a)};
        QCOMPARE(content::inWords(signers),
                 (QStringList{QStringLiteral("a.key (legacy, bundle)"), QStringLiteral("b.key (legacy)")}));
        QCOMPARE(content::inWords({}), QStringList());
    }

    void theFirstThatFailsEndsIt()
    {
        const auto run = [](const content::Signers &signers) {
            return test::await(content::signWith(signers, std::make_shared<content::MemoryStore>(),
                                                 QStringLiteral("r.example/app"), subject(), {}));
        };
        const auto good = std::make_shared<Some>(legacy, QString());
        const auto bad = std::make_shared<Some>(bundle, QString(), ErrorKind::Denied);
        const auto never = std::make_shared<Some>(QStringLiteral("other"), QString());
        QVERIFY(run({good, never}));
        auto done = run({bad, never});
        QCOMPARE(done.error().message, QStringLiteral("It is full."));
        done = run({good, bad, never});
        QCOMPARE(done.error().kind, ErrorKind::Denied);
        QCOMPARE(done.error().message, QStringLiteral("Written as legacy, but not as bundle: It is full."));
        QCOMPARE(done.error().hint, QStringLiteral("Make room."));
        QCOMPARE(never->asked, 1);
        QCOMPARE(run({good, std::make_shared<Some>(bundle, QString(), ErrorKind::Cancelled)}).error().kind,
                 ErrorKind::Cancelled);
    }

    void oneVerdictIsFound_data()
    {
        QTest::addColumn<VerifyReport>("report");
        QTest::addColumn<VerifyReport::Verdict>("verdict");
        QTest::addColumn<QString>("reason");
        const auto row = [](const char *name, const VerifyReport &report, VerifyReport::Verdict verdict,
                            const QString &reason) { QTest::newRow(name) << report << verdict << reason; };
        using Verdict = VerifyReport::Verdict;
        const QString k = QStringLiteral("k.pub");
        const QString no = QStringLiteral("Wrong key.");
        const QString unread = QStringLiteral("There are 1001 signatures.");
        const SignatureCheck good = check(CheckVerdict::Verified, QStringLiteral("Right."), k);
        const SignatureCheck bad = check(CheckVerdict::Failed, no);
        const SignatureCheck open = check(CheckVerdict::NotChecked, QStringLiteral("Not checked."));
        const QString nothing = QStringLiteral("There is no signature for %1.").arg(subject().digest.toString());
        row("nothing", reportWith({}), Verdict::Unsigned, nothing);
        row("attestations alone", reportWith({}, 2), Verdict::Unsigned,
            nothing +
                QStringLiteral(" Attestations are attached to it (dsse), and an attestation is not a signature."));
        VerifyReport named = reportWith({}, 5);
        for (int i = 0; i < 5; ++i)
            named.attestations[i].predicateType = QStringLiteral("https://x.example/%1").arg(i);
        row("attestations by their names", named, Verdict::Unsigned,
            nothing + QStringLiteral(" Attestations are attached to it (https://x.example/0, https://x.example/1, "
                                     "https://x.example/2, …), and an attestation is not a signature."));
        row("one attestation", reportWith({}, 1), Verdict::Unsigned,
            nothing +
                QStringLiteral(" An attestation is attached to it (dsse), and an attestation is not a signature."));
        row("one", reportWith({good}), Verdict::Verified, QStringLiteral("Verified with k.pub."));
        row("two of one key", reportWith({good, good}), Verdict::Verified, QStringLiteral("Verified with k.pub."));
        row("two keys", reportWith({good, check(CheckVerdict::Verified, {}, QStringLiteral("l.pub"))}),
            Verdict::Verified, QStringLiteral("Verified with k.pub, l.pub."));
        row("one of three", reportWith({bad, good, open}), Verdict::Verified,
            QStringLiteral("Verified with k.pub: 1 of 3 signatures."));
        row("one, and some that cannot be read", reportWith({good}, 0, {unread}), Verdict::Verified,
            QStringLiteral("Verified with k.pub. There are 1001 signatures."));
        VerifyReport cut = reportWith({good});
        cut.addProblem(base::fail(ErrorKind::TooLarge, unread).error());
        row("one, and more than is read", cut, Verdict::Failed,
            QStringLiteral("Too much is attached to it to say whether it is signed. There are 1001 signatures."));
        VerifyReport damaged = reportWith({good});
        damaged.addProblem(base::fail(ErrorKind::InvalidData, unread).error());
        row("one, and something unreadable", damaged, Verdict::Verified,
            QStringLiteral("Verified with k.pub. There are 1001 signatures."));
        SignatureCheck expired = good;
        expired.caveat = QStringLiteral("expired on 2026-01-01");
        row("one that expired, which is only logged", reportWith({expired}), Verdict::Verified,
            QStringLiteral("Valid by k.pub, but expired on 2026-01-01: the policy only logs this."));
        row("and another that did not", reportWith({expired, good}), Verdict::Verified,
            QStringLiteral("Verified with k.pub."));
        row("a bad one", reportWith({bad}), Verdict::Failed, no);
        row("bad ones", reportWith({bad, bad}), Verdict::Failed, QStringLiteral("There are 2 signatures. Wrong key."));
        row("bad in different ways", reportWith({bad, open}), Verdict::Failed,
            QStringLiteral("None of the 2 signatures verifies."));
        row("not checked", reportWith({open, open}), Verdict::Failed,
            QStringLiteral("There are 2 signatures. Not checked."));
        row("only some that cannot be read", reportWith({}, 1, {unread}), Verdict::Failed, unread);
    }
    void oneVerdictIsFound()
    {
        QFETCH(VerifyReport, report);
        QFETCH(VerifyReport::Verdict, verdict);
        QFETCH(QString, reason);
        report.conclude();
        QCOMPARE(report.verdict, verdict);
        QCOMPARE(report.reason, reason);
    }

    void aCaveatIsOneOfAllThatVerify()
    {
        const SignatureCheck good = check(CheckVerdict::Verified, {}, QStringLiteral("k.pub"));
        SignatureCheck expired = good;
        expired.caveat = QStringLiteral("expired");
        SignatureCheck failed = check(CheckVerdict::Failed, QStringLiteral("no"));
        QCOMPARE(reportWith({failed, expired}).caveat(), QStringLiteral("expired"));
        QCOMPARE(reportWith({expired, good}).caveat(), QString());
        QCOMPARE(reportWith({failed}).caveat(), QString());
    }

    void severalVerifiersAreOne()
    {
        const SignatureCheck good = check(CheckVerdict::Verified, QStringLiteral("Right."), QStringLiteral("k.pub"));
        const SignatureCheck bad = check(CheckVerdict::Failed, QStringLiteral("Wrong key."));
        const auto report =
            combined({reportWith({bad}, 1), reportWith({}, 0, {QStringLiteral("Unreadable.")}), reportWith({good}, 2)});
        QCOMPARE(report->subject, subject());
        QCOMPARE(report->signatures.size(), 2);
        QCOMPARE(report->signatures.constLast().key, QStringLiteral("k.pub"));
        QCOMPARE(report->attestations.size(), 3);
        QCOMPARE(report->verdict, VerifyReport::Verdict::Verified);
        QCOMPARE(report->reason, QStringLiteral("Verified with k.pub: 1 of 2 signatures. Unreadable."));
        QCOMPARE(combined({reportWith({}), reportWith({})})->verdict, VerifyReport::Verdict::Unsigned);
        QCOMPARE(combined({reportWith({}), reportWith({bad})})->verdict, VerifyReport::Verdict::Failed);
    }

    void whatOneCannotSayNobodySays()
    {
        const auto report =
            combined({reportWith({check(CheckVerdict::Verified, {}, QStringLiteral("k.pub"))}),
                      base::Result<VerifyReport>(base::fail(ErrorKind::Network, QStringLiteral("No connection.")))});
        QCOMPARE(report.error().kind, ErrorKind::Network);
    }
};

QTEST_GUILESS_MAIN(TestSigner)
#include "tst_signer.moc"
