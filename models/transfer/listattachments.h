// SPDX-License-Identifier: Apache-2.0
#pragma once

// Finds what is attached to an image and its platforms: by the referrers API or its tag, by cosign's tags, and in the
// index itself. Every manifest is read: what a list says of it is not taken for true. And reads one's content.

#include "content/target.h"
#include "document/attachments.h"
#include "transfer/operation.h"

namespace colophon::transfer {

class ListAttachments final : public Operation
{
    Q_OBJECT
public:
    // Of these manifests of the tree; without any of all. What stands in the index itself is always listed.
    ListAttachments(content::TargetPtr target, document::ImageTree tree, QList<document::NodePath> of = {},
                    QObject *parent = nullptr);
    // Complete at finished() without an error. What could not be asked or read is among the remarks; only where the
    // registry cannot be reached at all this fails.
    const document::Attachments &attachments() const;

protected:
    base::Task<base::Result<void>> run(std::stop_token stop) override;

private:
    struct State;
    std::shared_ptr<State> m_data;
};

// The content of an attachment, whole and checked. TooLarge beyond limits::attachment; Usage where it is not one blob.
base::Task<base::Result<QByteArray>> readAttachment(content::TargetPtr target, document::Attachment attachment,
                                                    std::stop_token stop);

} // namespace colophon::transfer
