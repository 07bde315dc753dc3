// SPDX-License-Identifier: Apache-2.0
#include "registry/http/knowncertificates.h"

#include "base/plaintext.h"
#include "registry/http/tls.h"

namespace colophon::registry::http {

namespace {

oci::Digest fingerprintOf(const QSslCertificate &leaf) { return oci::Digest::of(leaf.toDer()); }

QString nameIn(const QSslCertificate &certificate, bool ofIssuer)
{
    const QString shown = ofIssuer ? certificate.issuerDisplayName() : certificate.subjectDisplayName();
    const QStringList organizations = ofIssuer ? certificate.issuerInfo(QSslCertificate::Organization)
                                               : certificate.subjectInfo(QSslCertificate::Organization);
    const QString organization = organizations.value(0);
    const QString whole =
        organization.isEmpty() || organization == shown ? shown : QStringLiteral("%1 (%2)").arg(shown, organization);
    return base::visible(whole, 300);
}

} // namespace

void KnownCertificates::accept(const content::CertificateException &exception)
{
    QList<oci::Digest> &accepted = m_accepted[exception.server()];
    if (!accepted.contains(exception.fingerprint))
        accepted.append(exception.fingerprint);
    m_refused.remove(exception.server());
}

void KnownCertificates::forget(const content::CertificateException &exception)
{
    m_accepted[exception.server()].removeAll(exception.fingerprint);
}

KnownCertificates::Verdict KnownCertificates::judge(const QString &host, int port, const QSslCertificate &leaf,
                                                    const QList<QSslError> &errors) const
{
    const QList<oci::Digest> accepted = m_accepted.value(content::serverName(host.toLower(), port));
    if (isRevoked(errors) || leaf.isNull())
        return Verdict::Refused;
    if (accepted.isEmpty())
        return errors.isEmpty() ? Verdict::Verified : Verdict::Refused;
    return accepted.contains(fingerprintOf(leaf)) ? Verdict::Accepted : Verdict::Changed;
}

void KnownCertificates::noteRefused(const content::ServerCertificate &certificate)
{
    content::ServerCertificate noted = certificate;
    noted.expected = m_accepted.value(certificate.exception.server()).value(0);
    m_refused.insert(certificate.exception.server(), noted);
}

std::optional<content::ServerCertificate> KnownCertificates::refused(const QString &server) const
{
    const auto found = m_refused.constFind(server);
    return found == m_refused.cend() ? std::nullopt : std::optional(*found);
}

content::ServerCertificate describe(const QString &host, int port, const QSslCertificate &leaf,
                                    const QList<QSslError> &errors)
{
    content::ServerCertificate shown;
    shown.exception = {host.toLower(), port, fingerprintOf(leaf)};
    shown.subject = nameIn(leaf, false);
    shown.issuer = nameIn(leaf, true);
    const QMultiMap<QSsl::AlternativeNameEntryType, QString> names = leaf.subjectAlternativeNames();
    for (const QString &name : names)
        shown.names.append(base::visible(name, 255));
    shown.validFrom = leaf.effectiveDate();
    shown.validUntil = leaf.expiryDate();
    shown.problems = problemsOf(host, errors);
    shown.canBeAccepted = !isRevoked(errors);
    return shown;
}

} // namespace colophon::registry::http
