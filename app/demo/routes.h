// SPDX-License-Identifier: Apache-2.0
#pragma once

// The registry's side of the distribution specification, and the vendor's files under /cdn/: which path and method does
// what with the Store.

#include "demo/demoregistry.h"
#include "demo/httpserver.h"
#include "demo/store.h"

#include <functional>

namespace colophon::demo {

class Routes
{
public:
    // `pause` is called with every block of bytes that moved; false: the server is stopping.
    Routes(const Options &options, Store &store, std::function<bool(qint64 bytes)> pause);

    // Answers one request. `body` reads its body, once.
    void answer(const httplib::Request &request, httplib::Response &response, const httplib::ContentReader *body) const;

private:
    struct Call; // one request under way

    void cdn(Call &call, const QString &path) const;
    void registry(Call &call, const QString &path) const;
    void tagsList(Call &call, const QString &repository) const;
    void blob(Call &call, const QString &repository, const QString &digest) const;
    void beginUpload(Call &call, const QString &repository) const;
    void upload(Call &call, const QString &repository, const QString &id) const;
    void receive(Call &call, const QString &repository, const QString &id, const std::shared_ptr<Upload> &upload) const;
    void finishUpload(Call &call, const QString &repository, const QString &id, Upload &upload) const;
    void getManifest(Call &call, const QString &repository, const QString &reference) const;
    void putManifest(Call &call, const QString &repository, const QString &reference) const;
    void referrers(Call &call, const QString &repository, const QString &subject) const;
    void serve(Call &call, const QByteArray &bytes, const char *type) const;
    bool mayEnter(const httplib::Request &request) const;

    Options m_options;
    Store &m_store;
    std::function<bool(qint64)> m_pause;
};

} // namespace colophon::demo
