// SPDX-License-Identifier: Apache-2.0
#pragma once

// Signs an image that is in a registry, as it is. Nothing else is written, and no tag moves.

#include "content/signer.h"
#include "document/imagetree.h"
#include "transfer/operation.h"
#include "transfer/pushplan.h"

namespace colophon::transfer {

class SignImage final : public Operation
{
    Q_OBJECT
public:
    // These manifests of the image, in this order, each with every signer.
    SignImage(content::TargetPtr target, const oci::Reference &image, const document::ImageTree &tree,
              const QList<document::NodePath> &subjects, content::Signers signers, QObject *parent = nullptr);

    // What is signed where nobody chooses: every platform, then the indexes above them, the root last; the root alone
    // where that is wanted. Attestations in an index are about images and not signed themselves.
    static QList<document::NodePath> subjectsOf(const document::ImageTree &tree, bool rootOnly);

    // A step for each subject with its outcome so far; complete at finished(), also after a failure.
    const PushReport &report() const;

Q_SIGNALS:
    void stepChanged(int step);

protected:
    base::Task<base::Result<void>> run(std::stop_token stop) override;

private:
    struct State;
    std::shared_ptr<State> m_data;
};

} // namespace colophon::transfer
