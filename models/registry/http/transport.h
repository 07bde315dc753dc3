// SPDX-License-Identifier: Apache-2.0
#pragma once

// One HTTP/1.1 exchange over a socket of ours (RFC 9112), plain or TLS, on kept-alive connections pooled by origin. It
// follows no redirect, knows no credential and decodes nothing: what is sent and what came is what the caller sees.
// An early answer during an upload is read and returned. Why not QNetworkAccessManager: it loses such answers, forwards
// Authorization on redirects, gunzips, hides the connected peer and costs twice the CPU.

#include "base/result.h"
#include "base/task.h"
#include "content/reader.h"
#include "registry/http/headers.h"
#include "registry/http/knowncertificates.h"
#include "registry/http/network.h"
#include "registry/http/proxysettings.h"
#include "registry/http/tls.h"

#include <QByteArray>
#include <QHostAddress>
#include <QUrl>

#include <chrono>
#include <functional>
#include <memory>
#include <stop_token>

namespace colophon::registry::http {

// Whether a connection to this address is allowed: asked with the address really about to be connected to, after name
// resolution; through a proxy, which resolves by itself, with every address the name has here, or with a null one where
// it has none. An Error refuses it.
using AddressCheck = std::function<base::Result<void>(const QHostAddress &address)>;

struct Request
{
    QByteArray method = "GET";
    QUrl url;                        // http or https, absolute, already encoded; user info and fragment are never sent
    Headers headers = {};            // Host, Content-Length, Connection and User-Agent are added
    content::ReaderPtr body = {};    // none: no body
    qint64 bodyLength = 0;           // bytes; sent as Content-Length; -1: not known before the end, sent in chunks
    content::Progress progress = {}; // body bytes written to the socket so far
    AddressCheck allowed = {};       // none: any address
    TlsMaterialPtr tls = {};         // of the host it goes to; null: nothing beside what everybody trusts
};

struct Response
{
    int status = 0;
    Headers headers;
    QHostAddress peer;    // the connected address; null where a proxy connects us
    bool bodySent = true; // false: the answer came before the whole request body was written
    // The body as it comes; empty stream for HEAD, 204, 304. Dropping it unread closes the connection. It fails with
    // Network where the connection ends early, and never gives more than Content-Length says.
    content::ReaderPtr body;
    qint64 contentLength = -1; // as declared; -1: not declared (chunked, or to the end of the connection)
};

struct TransportOptions
{
    std::chrono::milliseconds connectTimeout{10'000};
    std::chrono::milliseconds firstByteTimeout{30'000}; // from the end of the request to the head of the answer
    std::chrono::milliseconds idleTimeout{30'000};      // without a byte moving, within a body
    std::chrono::milliseconds slowTimeout{30'000};      // of waiting for less than 1 KiB a second, within a body
    // Who holds an answer whose body is not read to its end holds one: copying within a registry takes two at a time.
    int connectionsPerOrigin = 8;
    QByteArray userAgent = "colophon";
    QString caFile = {};                                  // PEM; added to the system's authorities
    std::shared_ptr<KnownCertificates> certificates = {}; // null: authorities alone decide
    ProxySettings proxies = {};
    Network network = {};
};

class Transport
{
public:
    explicit Transport(TransportOptions options = {});
    ~Transport(); // kills open connections silently; exchanges in flight end with Cancelled
    Transport(const Transport &) = delete;
    Transport &operator=(const Transport &) = delete;

    // One exchange. Network, Tls, Timeout, Protocol (the answer is no HTTP), TooLarge (head beyond its limit),
    // Cancelled. A kept-alive connection that turns out to be closed is replaced once by a fresh one, when nothing of
    // the body was read.
    base::Task<base::Result<Response>> send(Request request, std::stop_token stop);

private:
    class Pool;
    std::shared_ptr<Pool> m_pool;
};

} // namespace colophon::registry::http
