// SPDX-License-Identifier: Apache-2.0
#include "widgets/window/checksignatures.h"

namespace colophon::widgets {

namespace {
base::Task<base::Result<void>> checkAll(content::TargetPtr target, QList<oci::Descriptor> subjects,
                                        std::shared_ptr<content::Verifier> verifier,
                                        std::shared_ptr<QList<content::VerifyReport>> reports, std::stop_token stop)
{
    for (const oci::Descriptor &subject : subjects) {
        if (stop.stop_requested())
            co_return base::cancelled();
        auto report = co_await verifier->verify(target, subject, stop);
        if (!report)
            co_return base::fail(report.error());
        reports->append(*report);
    }
    co_return {};
}
} // namespace

CheckSignatures::CheckSignatures(content::TargetPtr target, QList<oci::Descriptor> subjects,
                                 std::shared_ptr<content::Verifier> verifier, QObject *parent)
    : Operation(parent)
    , m_target(std::move(target))
    , m_subjects(std::move(subjects))
    , m_verifier(std::move(verifier))
    , m_reports(std::make_shared<QList<content::VerifyReport>>())
{
}

base::Task<base::Result<void>> CheckSignatures::run(std::stop_token stop)
{
    return checkAll(m_target, m_subjects, m_verifier, m_reports, std::move(stop));
}

} // namespace colophon::widgets
