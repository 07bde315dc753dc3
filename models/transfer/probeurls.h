// SPDX-License-Identifier: Apache-2.0
#pragma once

// Asks layer addresses, without credentials, whether customers could fetch from them.

#include "content/urlfetcher.h"
#include "document/imagetree.h"
#include "transfer/operation.h"

namespace colophon::transfer {

class ProbeUrls final : public Operation
{
    Q_OBJECT
public:
    struct Item
    {
        document::NodePath layer;
        oci::Descriptor descriptor;
        QString url;
    };
    // Every url of these layers, or of all layers where `layers` is empty.
    static QList<Item> itemsOf(const document::ImageTree &tree, const QList<document::NodePath> &layers = {});

    ProbeUrls(std::shared_ptr<content::UrlFetcher> fetcher, QList<Item> items, bool whole, QObject *parent = nullptr);
    const QList<Item> &items() const;
    // As many as items(), in their order; complete at finished().
    const QList<content::UrlProbe> &results() const;

Q_SIGNALS:
    void resultReady(int item);

protected:
    base::Task<base::Result<void>> run(std::stop_token stop) override;

private:
    struct State;
    std::shared_ptr<State> m_data;
};

} // namespace colophon::transfer
