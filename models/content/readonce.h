// SPDX-License-Identifier: Apache-2.0
#pragma once

// A Target for looking at what is attached to an image: what was read stays as it was read first, so that several who
// look at it see the same and ask once, and what each of them reads stays below limits::attached and
// limits::attachedParts. What is kept has a limit too; what was forgotten is asked for again. For reading; what is
// written goes through.

#include "content/passingtarget.h"

#include <optional>

namespace colophon::content {

class ReadOnce final : public PassingTarget
{
public:
    explicit ReadOnce(TargetPtr target);
    // For one look at it, whose limits are its own: what is read to be shown, or of another image, must not keep from
    // verifying. Where it is one already what was read is shared.
    static std::shared_ptr<ReadOnce> of(const TargetPtr &target);

    // Why something was not read: there is more than the limits allow. Nothing: they were kept.
    std::optional<base::Error> excess() const;

    base::Task<base::Result<oci::Descriptor>> resolve(QString identifier, std::stop_token stop) override;
    // TooLarge, without asking, beyond the limits; openBlob() likewise.
    base::Task<base::Result<QByteArray>> fetchManifest(oci::Descriptor wanted, std::stop_token stop) override;
    base::Task<base::Result<ReaderPtr>> openBlob(oci::Descriptor wanted, std::stop_token stop) override;
    base::Task<base::Result<Tail>> openBlobFrom(oci::Descriptor wanted, qint64, std::stop_token stop) override
    {
        return fromItsStart(openBlob(std::move(wanted), std::move(stop))); // so that it counts
    }
    base::Task<base::Result<Referrers>> referrers(oci::Digest subject, std::stop_token stop) override;

private:
    struct Known;
    struct State;
    std::shared_ptr<State> m_state;
};

} // namespace colophon::content
