// SPDX-License-Identifier: Apache-2.0
#pragma once

// Plans and does a push: PreparePush finds out what the destination has and plans; PushImage does what the plan says.
// Order: addresses probed → blobs → config → manifests → index → attachments → signatures → tag last. Whatever stops it
// leaves the old tag on the old image.

#include "content/signer.h"
#include "content/target.h"
#include "content/urlfetcher.h"
#include "transfer/operation.h"
#include "transfer/pushplan.h"

#include <memory>

namespace colophon::transfer {

class PreparePush final : public Operation
{
    Q_OBJECT
public:
    PreparePush(content::TargetPtr source, content::TargetPtr destination, PushRequest request,
                QObject *parent = nullptr);
    const PushPlan &plan() const;

protected:
    base::Task<base::Result<void>> run(std::stop_token stop) override;

private:
    struct State;
    std::shared_ptr<State> m_data;
};

class PushImage final : public Operation
{
    Q_OBJECT
public:
    PushImage(content::TargetPtr source, content::TargetPtr destination, std::shared_ptr<content::UrlFetcher> urls,
              content::Signers signers, PushPlan plan, int lanes = 3, QObject *parent = nullptr);
    // The plan with the outcomes so far; complete at finished(), also after a failure.
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
