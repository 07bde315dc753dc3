// SPDX-License-Identifier: Apache-2.0
#include "signing/certificatechain.h"

#include "base/limits.h"
#include "base/plaintext.h"
#include "signing/pem.h"
#include "signing/smallfile.h"

#include <QCoreApplication>
#include <QFileInfo>

#include <algorithm>

namespace colophon::signing {

namespace {
namespace limits = base::limits;

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(signing)
};

constexpr char certificateLabel[] = "CERTIFICATE";
constexpr char begin[] = "-----BEGIN ";

QString shown(const QString &name) { return base::visible(name, 200); }

base::Result<CertificateChain> fromText(const QByteArray &text, const QString &name)
{
    if (text.contains(begin))
        return CertificateChain::fromPem(text, name);
    return CertificateChain::fromDer({text}, name);
}
} // namespace

base::Result<CertificateChain> CertificateChain::fromPem(const QByteArray &text, const QString &name)
{
    const qsizetype count = pemLabels(text).count(certificateLabel);
    if (count > limits::certificates)
        return base::fail(
            base::ErrorKind::TooLarge,
            Text::tr("There are more than %1 certificates in %2.").arg(limits::certificates).arg(shown(name)));
    QList<QByteArray> found;
    for (const PemBlock &block : pemBlocks(text))
        if (block.label == certificateLabel)
            found.append(block.bytes.reveal());
    if (found.size() != count)
        return base::fail(base::ErrorKind::InvalidData,
                          Text::tr("%1 is damaged: a PEM block in it cannot be read.").arg(shown(name)));
    if (found.isEmpty())
        return base::fail(base::ErrorKind::InvalidData, Text::tr("There is no certificate in %1.").arg(shown(name)),
                          Text::tr("It should have a block that starts with “-----BEGIN CERTIFICATE-----”."));
    return fromDer(found, name);
}

base::Result<CertificateChain> CertificateChain::fromFiles(const QStringList &paths)
{
    QList<Certificate> all;
    for (const QString &path : paths) {
        const base::Result<QByteArray> text = readSmallFile(path, limits::certificateFile);
        if (!text)
            return base::fail(text.error());
        const base::Result<CertificateChain> some = fromText(*text, QFileInfo(path).fileName());
        if (!some)
            return base::fail(some.error());
        all += some->certificates();
    }
    return CertificateChain(all);
}

base::Result<CertificateChain> CertificateChain::fromDer(const QList<QByteArray> &certificates, const QString &name)
{
    QList<Certificate> all;
    for (const QByteArray &der : certificates) {
        const QString which =
            certificates.size() == 1 ? name : Text::tr("Certificate %1 in %2").arg(all.size() + 1).arg(name);
        base::Result<Certificate> certificate = Certificate::fromDer(der, which);
        if (!certificate)
            return base::fail(certificate.error());
        all.append(std::move(*certificate));
    }
    return CertificateChain(std::move(all));
}

CertificateChain CertificateChain::inOrder() const
{
    QList<Certificate> ordered = m_certificates.mid(0, 1);
    while (!ordered.isEmpty() && !ordered.constLast().isSelfSigned()) {
        const auto issuer = std::ranges::find_if(m_certificates, [&ordered](const Certificate &each) {
            return !ordered.contains(each) && ordered.constLast().isIssuedBy(each);
        });
        if (issuer == m_certificates.cend())
            break;
        ordered.append(*issuer);
    }
    return CertificateChain(std::move(ordered));
}

QByteArray CertificateChain::toPem() const
{
    QByteArray text;
    for (const Certificate &each : m_certificates)
        text += signing::toPem(certificateLabel, each.der());
    return text;
}

} // namespace colophon::signing
