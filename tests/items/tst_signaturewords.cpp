// SPDX-License-Identifier: Apache-2.0
// What checking signatures is called: never more than what was checked.
#include "items/signaturewords.h"

#include <QTest>

using namespace colophon;
using content::SignatureCheck;
using content::VerifyReport;
using Verdict = content::CheckVerdict;

namespace {
SignatureCheck keyless(Verdict verdict)
{
    SignatureCheck check;
    check.verdict = verdict;
    check.reason = QStringLiteral("Its certificate names a@b.example, which was not verified against a log.");
    check.certificate = content::SigningCertificate{
        QStringLiteral("a@b.example"), QStringLiteral("https://issuer"), QStringLiteral("00"), {}, {}};
    return check;
}
SignatureCheck byKey(Verdict verdict, const QString &key)
{
    SignatureCheck check;
    check.verdict = verdict;
    check.key = key;
    return check;
}
VerifyReport reportOf(VerifyReport::Verdict verdict, const QList<SignatureCheck> &checks, const QString &reason = {})
{
    VerifyReport report;
    report.verdict = verdict;
    report.signatures = checks;
    report.reason = reason;
    return report;
}
} // namespace

class TestSignatureWords : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void ofOne()
    {
        QCOMPARE(items::appearanceOf(byKey(Verdict::Verified, QStringLiteral("k.pub"))).word,
                 QStringLiteral("Verified"));
        QCOMPARE(items::appearanceOf(byKey(Verdict::Failed, {})).word, QStringLiteral("Failed"));
        QCOMPARE(items::appearanceOf(byKey(Verdict::NotChecked, {})).word, QStringLiteral("Not checked"));
        const items::Appearance look = items::appearanceOf(keyless(Verdict::NotChecked));
        QCOMPARE(look.word, QStringLiteral("Not verified"));
        QVERIFY(look.help.contains(QStringLiteral("not verified against a log")));
        QVERIFY(look.tone != items::Tone::Good);
    }

    void ofAnImage_data()
    {
        QTest::addColumn<VerifyReport>("report");
        QTest::addColumn<QString>("word");
        QTest::addColumn<int>("tone");
        using V = VerifyReport::Verdict;
        const QString key = QStringLiteral("k.pub · ECDSA P-256 · SHA256:12345678…");
        QTest::newRow("verified") << reportOf(V::Verified, {byKey(Verdict::Verified, key)})
                                  << QStringLiteral("Verified with k.pub") << int(items::Tone::Good);
        QTest::newRow("one of two") << reportOf(V::Verified,
                                                {byKey(Verdict::Failed, {}), byKey(Verdict::Verified, key)})
                                    << QStringLiteral("Verified with k.pub") << int(items::Tone::Good);
        QTest::newRow("certificate") << reportOf(V::Verified, {keyless(Verdict::Verified)})
                                     << QStringLiteral("Verified with a@b.example") << int(items::Tone::Good);
        QTest::newRow("unsigned") << reportOf(V::Unsigned, {}) << QStringLiteral("Not signed")
                                  << int(items::Tone::Muted);
        QTest::newRow("not checked") << reportOf(V::Failed, {byKey(Verdict::NotChecked, {})})
                                     << QStringLiteral("Signed, not checked") << int(items::Tone::Warning);
        QTest::newRow("keyless") << reportOf(V::Failed, {keyless(Verdict::NotChecked)})
                                 << QStringLiteral("Signed, not verified") << int(items::Tone::Warning);
        QTest::newRow("another key") << reportOf(V::Failed, {byKey(Verdict::Failed, {})})
                                     << QStringLiteral("Not verified") << int(items::Tone::Error);
        SignatureCheck expired = byKey(Verdict::Verified, key);
        expired.caveat = QStringLiteral("expired on 2026-01-01 12:00:00 UTC");
        QTest::newRow("expired, which is only logged")
            << reportOf(V::Verified, {expired}) << QStringLiteral("Valid, but expired on 2026-01-01 12:00:00 UTC")
            << int(items::Tone::Warning);
        QTest::newRow("the same beside a good one") << reportOf(V::Verified, {expired, byKey(Verdict::Verified, key)})
                                                    << QStringLiteral("Verified with k.pub") << int(items::Tone::Good);
        VerifyReport damaged = reportOf(V::Failed, {});
        damaged.problems = {QStringLiteral("The list of signatures is damaged.")};
        QTest::newRow("damaged") << damaged << QStringLiteral("Not verified") << int(items::Tone::Error);
    }

    void ofAnImage()
    {
        QFETCH(VerifyReport, report);
        const items::Appearance look = items::appearanceOf(report);
        QTEST(look.word, "word");
        QTEST(int(look.tone), "tone");
        QVERIFY(look.symbol != items::Symbol::None);
        const items::Appearance brief = items::briefAppearanceOf(report);
        QVERIFY(brief.word.size() <= 12);
        QCOMPARE(int(brief.tone), int(look.tone));
    }

    // A key is offered only where a key would help.
    void whatItTakes_data()
    {
        QTest::addColumn<QList<SignatureCheck>>("checks");
        QTest::addColumn<QString>("help");
        using Lack = SignatureCheck::Lack;
        const auto lacking = [](Lack lack, const QString &reason) {
            SignatureCheck check = byKey(Verdict::NotChecked, {});
            check.lack = lack;
            check.reason = reason;
            return check;
        };
        const SignatureCheck key = lacking(Lack::Key, QStringLiteral("Not checked: no key was given."));
        const SignatureCheck cose = lacking(Lack::Reader, QStringLiteral("A COSE envelope: present, not verified."));
        const SignatureCheck old =
            lacking(Lack::Reader, QStringLiteral("Not checked: bundles of type “x” are not read."));
        SignatureCheck notation = keyless(Verdict::NotChecked);
        notation.lack = Lack::Policy;
        SignatureCheck certified = keyless(Verdict::NotChecked);
        certified.lack = Lack::Roots;
        const QString chooseKey = QStringLiteral("Choose a public key to check the signatures with.");
        QTest::newRow("a key") << QList<SignatureCheck>{key} << chooseKey;
        QTest::newRow("COSE") << QList<SignatureCheck>{cose} << cose.reason;
        QTest::newRow("an old bundle") << QList<SignatureCheck>{old} << old.reason;
        QTest::newRow("COSE, and one for a key") << QList<SignatureCheck>{cose, key} << chooseKey;
        QTest::newRow("notation") << QList<SignatureCheck>{cose, notation}
                                  << notation.reason +
                                         QStringLiteral(" Choose a trust policy for it under “Whom to believe”.");
        QTest::newRow("a certificate") << QList<SignatureCheck>{certified}
                                       << certified.reason +
                                              QStringLiteral(
                                                  " Choose whose certificates to believe under “Whom to believe”.");
    }
    void whatItTakes()
    {
        QFETCH(QList<SignatureCheck>, checks);
        QTEST(items::appearanceOf(reportOf(VerifyReport::Verdict::Failed, checks)).help, "help");
    }

    void whatItIsGoodFor()
    {
        SignatureCheck check = byKey(Verdict::Verified, QStringLiteral("k.pub"));
        check.form = QStringLiteral("cosign-legacy");
        check.identity = QStringLiteral("r.example/app");
        QCOMPARE(items::boundToInWords(check), QStringLiteral("r.example/app"));
        for (const char *form : {"cosign-bundle", "notation"}) {
            check.form = QString::fromLatin1(form);
            check.identity = QStringLiteral("CN=somebody");
            QCOMPARE(items::boundToInWords(check), QStringLiteral("this digest, in any repository"));
        }
    }

    void fromOutside()
    {
        const QString nasty = QStringLiteral("<b>k</b>\nx.pub · ECDSA");
        const QString word = items::signerInWords(byKey(Verdict::Verified, nasty));
        QVERIFY(!word.contains(QLatin1Char('\n')));
        QCOMPARE(items::formInWords(QStringLiteral("cosign-bundle")), QStringLiteral("cosign bundle"));
        QCOMPARE(items::formInWords(QStringLiteral("x\ny")).contains(QLatin1Char('\n')), false);
        QCOMPARE(items::formInWords({}), QString());
    }
};

QTEST_GUILESS_MAIN(TestSignatureWords)
#include "tst_signaturewords.moc"
