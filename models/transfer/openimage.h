// SPDX-License-Identifier: Apache-2.0
#pragma once

// Reads a whole image: resolve, then index → manifests → configs, several at a time, every byte checked.

#include "content/target.h"
#include "document/imagetree.h"
#include "transfer/operation.h"

namespace colophon::transfer {

class OpenImage final : public Operation
{
    Q_OBJECT
public:
    OpenImage(content::TargetPtr target, oci::Reference reference, QObject *parent = nullptr);
    // The image; empty until finished() without an error.
    const document::ImageTree &tree() const;
    // The reference with the digest the tag had when it was read.
    const oci::Reference &reference() const;
    // What the registry said of itself; empty where it did not answer that.
    const content::ServerFields &serverFields() const;

protected:
    base::Task<base::Result<void>> run(std::stop_token stop) override;

private:
    struct State;
    std::shared_ptr<State> m_data;
};

} // namespace colophon::transfer
