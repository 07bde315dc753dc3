// SPDX-License-Identifier: Apache-2.0
#include "items/signaturewords.h"

#include "signing/forms.h"

#include <QCoreApplication>

#include <algorithm>

namespace colophon::items {

namespace {
struct Words
{
    Q_DECLARE_TR_FUNCTIONS(colophon::items::SignatureWords)
};

using Check = content::CheckVerdict;

Appearance of(Check verdict, const QString &reason)
{
    const QString help = readable(oneLine(reason));
    switch (verdict) {
    case Check::Verified:
        return {Words::tr("Verified"), help, Tone::Good, Symbol::Ok};
    case Check::Failed:
        return {Words::tr("Failed"), help, Tone::Error, Symbol::Failed};
    case Check::NotChecked:
        break;
    }
    return {Words::tr("Not checked"), help, Tone::Warning, Symbol::Unknown};
}

constexpr int longestSigner = 40; // in a badge

constexpr int longestCaveat = 60;

// Of signatures of which none was checked the one that it takes least to check.
const content::SignatureCheck &mostHelpable(const QList<content::SignatureCheck> &signatures)
{
    using Lack = content::SignatureCheck::Lack;
    for (const Lack lack : {Lack::Key, Lack::Roots, Lack::Policy})
        for (const content::SignatureCheck &each : signatures)
            if (each.lack == lack)
                return each;
    return signatures.constFirst();
}

// What a person can do about it; empty where nothing helps.
QString hintFor(content::SignatureCheck::Lack lack)
{
    using Lack = content::SignatureCheck::Lack;
    switch (lack) {
    case Lack::Key:
        return Words::tr("Choose a public key to check the signatures with.");
    case Lack::Roots:
        return Words::tr("Choose whose certificates to believe under “Whom to believe”.");
    case Lack::Policy:
        return Words::tr("Choose a trust policy for it under “Whom to believe”.");
    case Lack::Reader:
    case Lack::Nothing:
        break;
    }
    return {};
}

// The name in front of a key's description.
QString nameOf(const QString &key) { return oneLine(key.section(QStringLiteral(" · "), 0, 0), 120); }
} // namespace

Appearance appearanceOf(const content::SignatureCheck &check)
{
    Appearance look = of(check.verdict, check.reason);
    if (check.verdict == Check::Verified && !check.caveat.isEmpty())
        look = {Words::tr("Valid, but…"), look.help, Tone::Warning, Symbol::Warning};
    if (check.verdict == Check::NotChecked && check.certificate)
        look.word = Words::tr("Not verified"); // looked at, but nobody here vouches for that certificate
    return look;
}

Appearance appearanceOf(const content::AttestationCheck &check) { return of(check.verdict, check.reason); }

Appearance appearanceOf(const content::VerifyReport &report)
{
    using Verdict = content::VerifyReport::Verdict;
    const auto first = [&report](Check verdict) {
        return std::ranges::find(report.signatures, verdict, &content::SignatureCheck::verdict);
    };
    const auto none = report.signatures.end();
    if (const QString caveat = report.caveat(); report.verdict == Verdict::Verified && !caveat.isEmpty())
        return {Words::tr("Valid, but %1").arg(oneLine(caveat, longestCaveat)), readable(oneLine(report.reason)),
                Tone::Warning, Symbol::Warning};
    if (report.verdict == Verdict::Verified) {
        const auto good = first(Check::Verified);
        const QString who = good == none ? QString() : oneLine(signerInWords(*good), longestSigner);
        return {who.isEmpty() ? Words::tr("Verified") : Words::tr("Verified with %1").arg(who),
                readable(oneLine(good == none || good->key.isEmpty() ? report.reason : good->key)), Tone::Good,
                Symbol::Ok};
    }
    if (report.signatures.isEmpty() && report.problems.isEmpty())
        return {Words::tr("Not signed"), readable(oneLine(report.reason)), Tone::Muted, Symbol::Sign};
    if (first(Check::Failed) == none && report.problems.isEmpty()) {
        const content::SignatureCheck &open = mostHelpable(report.signatures);
        const QString hint = hintFor(open.lack);
        if (open.certificate)
            return {Words::tr("Signed, not verified"),
                    readable(oneLine(hint.isEmpty() ? open.reason : open.reason + QLatin1Char(' ') + hint)),
                    Tone::Warning, Symbol::Sign};
        return {Words::tr("Signed, not checked"), hint.isEmpty() ? readable(oneLine(open.reason)) : hint, Tone::Warning,
                Symbol::Sign};
    }
    return {Words::tr("Not verified"), readable(oneLine(report.reason)), Tone::Error, Symbol::Failed};
}

Appearance briefAppearanceOf(const content::VerifyReport &report)
{
    Appearance look = appearanceOf(report);
    if (report.verdict == content::VerifyReport::Verdict::Verified)
        look.word = look.tone == Tone::Good ? Words::tr("Verified") : Words::tr("Valid, but…");
    else if (look.symbol == Symbol::Sign && look.tone == Tone::Warning)
        look = appearanceOf(report.signatures.constFirst()); // none of them was checked to its end
    return look;
}

QString signerInWords(const content::SignatureCheck &check)
{
    return check.certificate ? oneLine(check.certificate->identity, 120) : nameOf(check.key);
}

QString boundToInWords(const content::SignatureCheck &check)
{
    if (signing::signsDigestAlone(check.form))
        return Words::tr("this digest, in any repository");
    return oneLine(check.identity, 400);
}

QString formInWords(const QString &form)
{
    if (form == signing::cosignLegacyForm)
        return Words::tr("cosign tag");
    if (form == signing::cosignReferrerForm)
        return Words::tr("cosign, attached");
    if (form == signing::cosignBundleForm)
        return Words::tr("cosign bundle");
    if (form == signing::notationForm)
        return Words::tr("notation");
    if (form == signing::attestationForm)
        return Words::tr("signed statement");
    if (form == QLatin1String("in-toto"))
        return Words::tr("in-toto");
    if (form == QLatin1String("spdx"))
        return Words::tr("SPDX");
    if (form == QLatin1String("cyclonedx"))
        return Words::tr("CycloneDX");
    if (form == QLatin1String("syft"))
        return Words::tr("syft");
    return oneLine(form, 80);
}

} // namespace colophon::items
