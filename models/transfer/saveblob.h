// SPDX-License-Identifier: Apache-2.0
#pragma once

// Saves a layer's blob into a file, e.g. to put it on one's own server: verified, resumable, and there at once or not
// at all. What has come so far stands in FILE.part beside it; the next attempt checks it and goes on behind it.

#include "content/target.h"
#include "content/urlfetcher.h"
#include "transfer/operation.h"

namespace colophon::transfer {

class SaveBlob final : public Operation
{
    Q_OBJECT
public:
    struct Request
    {
        content::TargetPtr source;
        std::shared_ptr<content::UrlFetcher> urls; // for layers that are not in the registry; none: only the registry
        oci::Descriptor layer;
        QString file;
        bool replace = false; // an existing file; otherwise it stays, and this fails
    };

    explicit SaveBlob(Request request, QObject *parent = nullptr);

    // Where the unfinished blob stands.
    static QString partOf(const QString &file) { return file + QLatin1String(".part"); }

    // Bytes that were there from an earlier attempt and did not have to come again.
    qint64 resumedAt() const;
    // Where the last of it came from: the repository, or the host of an address. Empty where all was there.
    QString cameFrom() const;

protected:
    base::Task<base::Result<void>> run(std::stop_token stop) override;

private:
    struct State;
    std::shared_ptr<State> m_data;
};

} // namespace colophon::transfer
