// SPDX-License-Identifier: Apache-2.0
#include "widgets/inspector/readcontent.h"

#include "transfer/listattachments.h"

namespace colophon::widgets {

namespace {
// Holds no `this`: the pane may be gone before the registry answers.
base::Task<base::Result<void>> readInto(content::TargetPtr target, document::Attachment attachment,
                                        std::shared_ptr<QByteArray> bytes, std::stop_token stop)
{
    auto read = co_await transfer::readAttachment(target, attachment, stop);
    if (!read)
        co_return base::fail(read.error());
    *bytes = std::move(*read);
    co_return {};
}
} // namespace

ReadContent::ReadContent(content::TargetPtr target, document::Attachment attachment, QObject *parent)
    : Operation(parent)
    , m_target(std::move(target))
    , m_attachment(std::move(attachment))
    , m_bytes(std::make_shared<QByteArray>())
{
}

base::Task<base::Result<void>> ReadContent::run(std::stop_token stop)
{
    return readInto(m_target, m_attachment, m_bytes, std::move(stop));
}

} // namespace colophon::widgets
