// SPDX-License-Identifier: Apache-2.0
#include "support/faketarget/fakesigner.h"

namespace colophon::test {

base::Task<base::Result<QList<content::SignatureWritten>>>
FakeSigner::sign(content::TargetPtr target, QString repository, oci::Descriptor subject, std::stop_token stop)
{
    m_journal.append(repository + QLatin1Char(' ') + subject.digest.toString());
    if (m_error)
        co_return base::fail(*m_error);
    const QByteArray bytes =
        R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":)"
        R"({"mediaType":"application/vnd.oci.empty.v1+json","size":2,"digest":)"
        R"("sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"},"layers":[],)"
        R"("annotations":{"subject":")" +
        subject.digest.toLatin1() + R"("}})";
    const oci::Descriptor manifest = oci::Descriptor::of(oci::MediaType::ociManifest(), bytes);
    const QString tag = QStringLiteral("sha256-%1.sig").arg(subject.digest.hex());
    const base::Result<void> written = co_await target->tag(manifest, bytes, tag, stop);
    if (!written)
        co_return base::fail(written.error());
    content::SignatureWritten one;
    one.form = QStringLiteral("fake");
    one.subject = subject.digest;
    one.manifest = manifest;
    one.tag = tag;
    co_return QList<content::SignatureWritten>{one};
}

} // namespace colophon::test
