// SPDX-License-Identifier: Apache-2.0
#pragma once

// Reads the content of something that is attached to an image, for the person who wants to see it.

#include "document/attachments.h"
#include "transfer/operation.h"

#include "content/target.h"

namespace colophon::widgets {

class ReadContent final : public transfer::Operation
{
    Q_OBJECT
public:
    ReadContent(content::TargetPtr target, document::Attachment attachment, QObject *parent = nullptr);
    const QByteArray &bytes() const { return *m_bytes; } // verified

protected:
    base::Task<base::Result<void>> run(std::stop_token stop) override;

private:
    content::TargetPtr m_target;
    document::Attachment m_attachment;
    std::shared_ptr<QByteArray> m_bytes;
};

} // namespace colophon::widgets
