// SPDX-License-Identifier: Apache-2.0
#pragma once

// A MemoryStore behind a wire that can be told what happens at its k-th request: an answer late, none at all, an error,
// or somebody else who moves the tag in the meantime.

#include "content/memorystore.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>

namespace colophon::test {

class FakeTarget final : public content::Target
{
public:
    explicit FakeTarget(std::shared_ptr<content::MemoryStore> store)
        : m_wire(std::make_shared<Wire>())
    {
        m_wire->store = std::move(store);
    }

    // Before the k-th request (from 1) is carried out; an error fails it instead.
    using Action = std::function<std::optional<base::Error>()>;
    void atCall(int k, Action action) { m_wire->actions[k] = std::move(action); }
    void failAt(int k, base::Error error);
    // The k-th request waits until it is stopped.
    void hangAt(int k) { m_wire->hangAt = k; }
    // Every answer comes from the event loop, as from a real wire.
    void setAsynchronous(bool asynchronous) { m_wire->isAsynchronous = asynchronous; }
    // What the registry says of itself; nothing until then.
    void setServerFields(content::ServerFields fields) { m_wire->serverFields = std::move(fields); }
    int calls() const { return m_wire->calls; }
    // From now on the registry keeps the list of referrers itself, and these are in it, whatever the subject.
    void keepList(QList<oci::Descriptor> list) { m_wire->listed = std::move(list); }
    // Requests that have begun and not ended.
    int open() const { return m_wire->open; }
    // The most that were open at once.
    int mostOpen() const { return m_wire->mostOpen; }
    content::MemoryStore &store() { return *m_wire->store; }

    QString registry() const override { return m_wire->store->registry(); }
    QString repository() const override { return m_wire->store->repository(); }
    base::Task<base::Result<oci::Descriptor>> resolve(QString identifier, std::stop_token stop) override;
    base::Task<base::Result<QByteArray>> fetchManifest(oci::Descriptor wanted, std::stop_token stop) override;
    base::Task<base::Result<content::ReaderPtr>> openBlob(oci::Descriptor wanted, std::stop_token stop) override;
    base::Task<base::Result<bool>> hasBlob(oci::Descriptor wanted, std::stop_token stop) override;
    base::Task<base::Result<void>> pushBlob(oci::Descriptor content, content::ReaderPtr bytes,
                                            content::Progress progress, std::stop_token stop) override;
    base::Task<base::Result<bool>> mountBlob(oci::Descriptor content, QString fromRepository,
                                             std::stop_token stop) override;
    base::Task<base::Result<void>> pushManifest(oci::Descriptor content, QByteArray bytes,
                                                std::stop_token stop) override;
    base::Task<base::Result<void>> tag(oci::Descriptor content, QByteArray bytes, QString tag,
                                       std::stop_token stop) override;
    base::Task<base::Result<QStringList>> tags(std::stop_token stop) override;
    base::Task<base::Result<content::ServerFields>> serverFields(std::stop_token stop) override;
    QString blobAddress(oci::Digest digest) const override { return m_wire->store->blobAddress(digest); }
    base::Task<base::Result<content::Referrers>> referrers(oci::Digest subject, std::stop_token stop) override;

private:
    struct Wire
    {
        std::shared_ptr<content::MemoryStore> store;
        content::ServerFields serverFields;
        std::map<int, Action> actions;
        std::optional<QList<oci::Descriptor>> listed;
        int hangAt = 0;
        bool isAsynchronous = false;
        int calls = 0;
        int open = 0;
        int mostOpen = 0;
    };
    using WirePtr = std::shared_ptr<Wire>;
    static base::Task<base::Result<void>> gate(WirePtr wire, std::stop_token stop);
    template <class T>
    static base::Task<base::Result<T>> through(WirePtr wire, std::function<base::Task<base::Result<T>>()> request,
                                               std::stop_token stop);

    WirePtr m_wire;
};

// Comes back from the event loop.
base::Task<void> nextTurn();
// Comes back when stopped.
base::Task<void> stopped(std::stop_token stop);

} // namespace colophon::test
