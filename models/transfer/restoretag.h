// SPDX-License-Identifier: Apache-2.0
#pragma once

// The way back: lets a tag name an image again that the registry still has by its digest. For undoing a push, and for
// naming any image of a repository.

#include "content/target.h"
#include "transfer/operation.h"

#include <optional>

namespace colophon::transfer {

class RestoreTag final : public Operation
{
    Q_OBJECT
public:
    struct Request
    {
        oci::Reference tag; // registry/repository:tag
        oci::Digest to;     // what it is to name
        // What it names as far as the caller knows (null digest: nothing); without it, whatever it names when this
        // starts.
        std::optional<oci::Digest> expected = {};
        bool force = false; // also when it names something else by now
    };
    // What happened, also after a failure as far as it came.
    struct Outcome
    {
        oci::Digest before; // what the tag named; null: nothing
        oci::Descriptor now;
        bool changed = false; // false: it named it already
        QString note;         // where there is something to say
    };

    RestoreTag(content::TargetPtr target, Request request, QObject *parent = nullptr);
    const Outcome &outcome() const;

protected:
    base::Task<base::Result<void>> run(std::stop_token stop) override;

private:
    struct State;
    std::shared_ptr<State> m_data;
};

} // namespace colophon::transfer
