// SPDX-License-Identifier: Apache-2.0
#pragma once

// Reads the tags of one repository: for the pane at the left, and for a tag that is free.

#include "content/target.h"
#include "transfer/operation.h"

namespace colophon::widgets {

class ListTags final : public transfer::Operation
{
    Q_OBJECT
public:
    explicit ListTags(content::TargetPtr target, QObject *parent = nullptr);
    const QStringList &tags() const { return *m_tags; }

protected:
    base::Task<base::Result<void>> run(std::stop_token stop) override;

private:
    content::TargetPtr m_target;
    std::shared_ptr<QStringList> m_tags;
};

} // namespace colophon::widgets
