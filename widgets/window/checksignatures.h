// SPDX-License-Identifier: Apache-2.0
#pragma once

// Looks for the signatures of an image's index and manifests and checks them, for the status line and the report.

#include "content/signer.h"
#include "content/target.h"
#include "transfer/operation.h"

namespace colophon::widgets {

class CheckSignatures final : public transfer::Operation
{
    Q_OBJECT
public:
    CheckSignatures(content::TargetPtr target, QList<oci::Descriptor> subjects,
                    std::shared_ptr<content::Verifier> verifier, QObject *parent = nullptr);
    // One for each subject, in their order; the image's root is the first subject.
    const QList<content::VerifyReport> &reports() const { return *m_reports; }

protected:
    base::Task<base::Result<void>> run(std::stop_token stop) override;

private:
    content::TargetPtr m_target;
    QList<oci::Descriptor> m_subjects;
    std::shared_ptr<content::Verifier> m_verifier;
    std::shared_ptr<QList<content::VerifyReport>> m_reports;
};

} // namespace colophon::widgets
