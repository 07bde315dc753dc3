// SPDX-License-Identifier: Apache-2.0
#include "widgets/common/listtags.h"

namespace colophon::widgets {

namespace {
// Holds no `this`: the pane may be gone before the registry answers.
base::Task<base::Result<void>> readTags(content::TargetPtr target, std::shared_ptr<QStringList> tags,
                                        std::stop_token stop)
{
    auto listed = co_await target->tags(stop);
    if (!listed)
        co_return base::fail(listed.error());
    *tags = std::move(*listed);
    co_return {};
}
} // namespace

ListTags::ListTags(content::TargetPtr target, QObject *parent)
    : Operation(parent)
    , m_target(std::move(target))
    , m_tags(std::make_shared<QStringList>())
{
}

base::Task<base::Result<void>> ListTags::run(std::stop_token stop)
{
    return readTags(m_target, m_tags, std::move(stop));
}

} // namespace colophon::widgets
