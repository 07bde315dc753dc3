// SPDX-License-Identifier: Apache-2.0

// `verify`: the signatures of one manifest or index, checked with the public keys and roots given.

#include "base/plaintext.h"
#include "colophonctl/verb.h"
#include "signing/allforms.h"
#include "signing/believed.h"
#include "signing/forms.h"

#include <QCoreApplication>
#include <QJsonArray>

namespace colophon::ctl {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(Verify)
};

struct Options
{
    std::string reference;
    std::vector<std::string> keys;
    std::vector<std::string> roots; // files
    std::vector<std::string> identities;
    std::vector<std::string> issuers;
    std::string trustStore;  // folder
    std::string trustPolicy; // file
};

QJsonValue toJson(const std::optional<content::SigningCertificate> &certificate)
{
    if (!certificate)
        return {};
    return QJsonObject{{QStringLiteral("identity"), certificate->identity},
                       {QStringLiteral("issuer"), certificate->issuer},
                       {QStringLiteral("thumbprint"), certificate->thumbprint},
                       {QStringLiteral("validFrom"), certificate->validFrom.toString(Qt::ISODate)},
                       {QStringLiteral("validUntil"), certificate->validUntil.toString(Qt::ISODate)}};
}

// One of the report, with where it is kept.
QJsonObject placed(QJsonObject check, const content::Kept &kept)
{
    check.insert(QStringLiteral("manifest"), orNull(kept.manifest.toString()));
    check.insert(QStringLiteral("layer"), kept.layer < 0 ? QJsonValue() : QJsonValue(kept.layer));
    check.insert(QStringLiteral("tag"), orNull(kept.tag));
    return check;
}

QJsonObject toJson(const oci::Reference &reference, const content::VerifyReport &report)
{
    QJsonArray signatures;
    for (const content::SignatureCheck &each : report.signatures)
        signatures.append(
            placed(QJsonObject{{QStringLiteral("form"), each.form},
                               {QStringLiteral("digest"), each.digest.toString()},
                               {QStringLiteral("key"), orNull(each.key)},
                               {QStringLiteral("certificate"), toJson(each.certificate)},
                               {QStringLiteral("algorithm"), orNull(each.algorithm)},
                               {QStringLiteral("identity"), orNull(each.identity)},
                               {QStringLiteral("boundTo"), signing::signsDigestAlone(each.form)
                                                               ? QStringLiteral("digest")
                                                               : QStringLiteral("repository")},
                               {QStringLiteral("signingTime"), orNull(each.signingTime.toString(Qt::ISODate))},
                               {QStringLiteral("verdict"), content::nameOf(each.verdict)},
                               {QStringLiteral("caveat"), orNull(each.caveat)},
                               {QStringLiteral("reason"), each.reason}},
                   each.kept));
    QJsonArray attestations;
    for (const content::AttestationCheck &each : report.attestations)
        attestations.append(placed(QJsonObject{{QStringLiteral("kind"), each.kind},
                                               {QStringLiteral("predicateType"), each.predicateType},
                                               {QStringLiteral("digest"), each.digest.toString()},
                                               {QStringLiteral("key"), orNull(each.key)},
                                               {QStringLiteral("verdict"), content::nameOf(each.verdict)},
                                               {QStringLiteral("reason"), each.reason}},
                                   each.kept));
    return {{QStringLiteral("reference"), reference.toString()},
            {QStringLiteral("digest"), report.subject.digest.toString()},
            {QStringLiteral("verdict"), content::nameOf(report.verdict)},
            {QStringLiteral("caveat"), orNull(report.caveat())},
            {QStringLiteral("reason"), report.reason},
            {QStringLiteral("signatures"), signatures},
            {QStringLiteral("attestations"), attestations}};
}

QStringList toText(const oci::Reference &reference, const content::VerifyReport &report)
{
    // What a policy only logs would be overlooked behind "verified".
    const QString caveat = report.verdict == content::VerifyReport::Verdict::Verified ? report.caveat() : QString();
    const QString verdict = caveat.isEmpty()
                                ? content::nameOf(report.verdict)
                                : Text::tr("valid, but %1 (the policy only logs this)").arg(base::visible(caveat));
    QStringList lines{
        Text::tr("%1: %2 (%3)").arg(verdict, base::visible(reference.toString()), report.subject.digest.toString())};
    if (!report.reason.isEmpty())
        lines.append(base::visible(report.reason));
    QList<QStringList> rows;
    for (const content::SignatureCheck &each : report.signatures)
        rows.append({content::nameOf(each.verdict), base::visible(each.form), base::visible(each.key),
                     base::visible(each.algorithm), base::visible(each.identity), base::visible(each.reason)});
    lines += aligned(rows, QStringLiteral("  "));
    rows.clear();
    for (const content::AttestationCheck &each : report.attestations)
        rows.append({content::nameOf(each.verdict), Text::tr("attestation"), base::visible(each.predicateType),
                     base::visible(each.key), base::visible(each.reason)});
    return lines + aligned(rows, QStringLiteral("  "));
}

base::Result<signing::Believed> believedBy(const Options &options)
{
    if (options.trustStore.empty() != options.trustPolicy.empty())
        return base::fail(base::ErrorKind::Usage, Text::tr("--trust-store and --trust-policy need each other."));
    if (options.roots.empty() && !(options.identities.empty() && options.issuers.empty()))
        return base::fail(base::ErrorKind::Usage, Text::tr("--cert-identity and --cert-issuer need --cert-roots."));
    // As cosign does: roots alone say that somebody signed. Whoever means just that has to say it.
    if (!options.roots.empty() && options.identities.empty())
        return base::fail(base::ErrorKind::Usage,
                          Text::tr("--cert-roots needs --cert-identity: who may have signed, of "
                                   "all those that the roots vouch for."),
                          Text::tr("Give a mail address, URI or host name as it stands in the certificate; “*” lets "
                                   "anybody pass whom the roots vouch for."));
    auto keys = signing::keysIn(toStrings(options.keys));
    if (!keys)
        return base::fail(keys.error());
    auto roots = signing::rootsIn(toStrings(options.roots));
    if (!roots)
        return base::fail(roots.error());
    auto notation = signing::notationTrustIn(QString::fromStdString(options.trustStore),
                                             QString::fromStdString(options.trustPolicy));
    if (!notation)
        return base::fail(notation.error());
    signing::Believed believed;
    believed.cosign.keys = std::move(*keys);
    believed.cosign.roots = std::move(*roots);
    believed.cosign.terms = {toStrings(options.identities), toStrings(options.issuers)};
    believed.notation = std::move(*notation);
    return believed;
}

base::Task<base::Result<int>> verify(SessionPtr session, Options options)
{
    const auto reference = session->reference(options.reference);
    if (!reference)
        co_return base::fail(reference.error());
    const auto believed = believedBy(options);
    if (!believed)
        co_return base::fail(believed.error());
    if (const auto signedIn = session->signIn(reference->registry()); !signedIn)
        co_return base::fail(signedIn.error());
    const content::TargetPtr target = session->target(*reference);
    const auto subject = co_await target->resolve(reference->identifier(), session->stopToken());
    if (!subject)
        co_return base::fail(subject.error());
    const auto verifier = signing::verifierOf(believed->cosign, believed->notation);
    const auto report = co_await verifier->verify(target, *subject, session->stopToken());
    if (!report)
        co_return base::fail(report.error());
    Printer &printer = session->printer();
    if (printer.isJson()) {
        printer.json(toJson(*reference, *report));
    } else if (!printer.isQuiet()) {
        const QStringList lines = toText(*reference, *report);
        for (const QString &line : lines)
            printer.text(line);
    }
    co_return report->verdict == content::VerifyReport::Verdict::Verified ? exitDone : exitCheckSaysNo;
}

class VerifyVerb final : public Verb
{
public:
    CLI::App *addTo(CLI::App &app) override
    {
        CLI::App *verb = app.add_subcommand("verify", "Check the signatures of an image");
        addReference(*verb, m_options.reference);
        verb->add_option("--key", m_options.keys, "A public key (PEM) that may have signed; may be given again")
            ->type_name("PUB")
            ->allow_extra_args(false);
        verb->add_option("--cert-roots", m_options.roots,
                         "Roots (PEM) to which the certificates of signatures may lead; may be given again")
            ->type_name("FILE")
            ->allow_extra_args(false);
        verb->add_option(
                "--cert-identity", m_options.identities,
                "Whom such a certificate must name, exactly: a mail address, URI or host name, else its subject "
                "or common name; “*”: anybody. May be given again")
            ->type_name("ID")
            ->allow_extra_args(false);
        verb->add_option(
                "--cert-issuer", m_options.issuers,
                "Who must have vouched for that, exactly: the OpenID provider, else the issuing authority; may "
                "be given again")
            ->type_name("ISSUER")
            ->allow_extra_args(false);
        verb->add_option("--trust-store", m_options.trustStore,
                         "notation's configuration folder, in which truststore/x509/ca/NAME holds certificates")
            ->type_name("DIR");
        verb->add_option("--trust-policy", m_options.trustPolicy, "notation's trust policy document (trustpolicy.json)")
            ->type_name("FILE");
        return verb;
    }
    base::Task<base::Result<int>> run(SessionPtr session) override { return verify(std::move(session), m_options); }

private:
    Options m_options;
};

} // namespace

std::unique_ptr<Verb> makeVerify() { return std::make_unique<VerifyVerb>(); }

} // namespace colophon::ctl
