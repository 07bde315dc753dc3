// SPDX-License-Identifier: Apache-2.0
#pragma once

// The work of PushImage, in the order of the plan. It lives on its own: the PushImage may be gone before it ends.

#include "transfer/pushcontent.h"
#include "transfer/pushimage.h"

namespace colophon::transfer {

struct PushImage::State
{
    using Shared = std::shared_ptr<State>;
    using Done = base::Task<base::Result<void>>;

    content::TargetPtr source;
    content::TargetPtr destination;
    std::shared_ptr<content::UrlFetcher> urls;
    content::Signers signers;
    PushReport report;
    int lanes = 3;
    PushContent content;
    VoicePtr voice;
    qint64 moved = 0;
    qint64 toMove = 0;
    std::optional<base::Error::Confined> confined; // an address that was not asked
    bool isTagAsked = false;                       // from here on the old image may have lost its name
    bool isTagKnown = false;                       // and we have seen whether it has

    static Done push(Shared s, std::stop_token stop);

    // One phase each; steps that are not planned are passed by.
    static Done doAll(Shared s, std::stop_token stop);
    static Done probeAll(Shared s, std::stop_token stop);
    static Done moveAll(Shared s, StepKind kind, std::stop_token stop);
    static Done checkBlobs(Shared s, std::stop_token stop);
    static Done putAll(Shared s, StepKind kind, std::stop_token stop);
    static Done attachAll(Shared s, std::stop_token stop);
    static Done signAll(Shared s, std::stop_token stop);
    static Done setTags(Shared s, std::stop_token stop);

    // One step each.
    static Done probe(Shared s, int step, std::stop_token stop);
    static Done move(Shared s, int step, std::stop_token stop);
    static Done copyFromSource(Shared s, int step, std::stop_token stop);
    static Done copyFromUrls(Shared s, int step, std::stop_token stop);
    static Done checkBlob(Shared s, int need, std::stop_token stop);
    static Done put(Shared s, int step, std::stop_token stop);
    static Done attach(Shared s, int step, std::stop_token stop);
    static Done bring(Shared s, oci::Descriptor blob, std::stop_token stop);
    static Done sign(Shared s, int step, std::stop_token stop);
    static Done backUp(Shared s, int step, std::stop_token stop);
    static Done setTag(Shared s, int step, std::stop_token stop);

    struct Upload
    {
        base::Result<void> done;
        bool isSourceAtFault = false;
    };
    static base::Task<Upload> upload(Shared s, int step, std::shared_ptr<content::ReaderPtr> bytes,
                                     std::stop_token stop);

    PlanStep &step(int number) { return report.plan.steps[number]; }
    QList<int> planned(StepKind kind) const;
    const oci::Reference &to() const { return report.plan.request.destination; }
    void begin(int number, const QString &activity);
    void end(int number, Outcome outcome, const QString &reason);
    void setDone(int number, qint64 bytes);
};

} // namespace colophon::transfer
