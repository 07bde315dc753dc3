// SPDX-License-Identifier: Apache-2.0
#pragma once

// A signer without a key: it puts a small manifest and a tag where a signature would stand.

#include "content/signer.h"

namespace colophon::test {

class FakeSigner final : public content::Signer
{
public:
    explicit FakeSigner(QString key = QStringLiteral("k.key"))
        : m_key(std::move(key))
    {
    }
    void fail(base::Error error) { m_error = std::move(error); }
    // "registry/repository sha256:…", in the order they were signed
    const QStringList &journal() const { return m_journal; }

    QString form() const override { return QStringLiteral("fake"); }
    QString keyDescription() const override { return m_key; }
    base::Task<base::Result<QList<content::SignatureWritten>>>
    sign(content::TargetPtr target, QString repository, oci::Descriptor subject, std::stop_token stop) override;

private:
    QString m_key;
    std::optional<base::Error> m_error;
    QStringList m_journal;
};

} // namespace colophon::test
