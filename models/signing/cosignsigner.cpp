// SPDX-License-Identifier: Apache-2.0
#include "signing/cosignsigner.h"

#include <QCoreApplication>

namespace colophon::signing {

namespace {
using base::Result;
using base::Task;
using content::SignatureWritten;

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(signing)
};

Task<Result<QList<SignatureWritten>>> named(Task<Result<SignatureWritten>> writing, QString form, oci::Digest subject)
{
    Result<SignatureWritten> written = co_await std::move(writing);
    if (!written)
        co_return base::fail(written.error().withOperation(Text::tr("sign %1").arg(subject.toString())));
    written->form = form;
    written->subject = subject;
    QList<SignatureWritten> all{std::move(*written)};
    co_return all;
}
} // namespace

CosignSigner::CosignSigner(QString form, SigningKey key, Write write)
    : m_form(std::move(form))
    , m_key(std::move(key))
    , m_write(write)
{
}

Task<Result<QList<SignatureWritten>>> CosignSigner::sign(content::TargetPtr target, QString repository,
                                                         oci::Descriptor subject, std::stop_token stop)
{
    const oci::Digest digest = subject.digest;
    CosignWork work{m_key, std::move(target), std::move(repository), std::move(subject)};
    return named(m_write(std::move(work), std::move(stop)), m_form, digest);
}

} // namespace colophon::signing
