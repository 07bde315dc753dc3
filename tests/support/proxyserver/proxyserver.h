// SPDX-License-Identifier: Apache-2.0
#pragma once

// An http proxy on a free port of 127.0.0.1: tunnels for CONNECT, plain requests passed on. Whatever name it is asked
// for, it connects with that port of 127.0.0.1: so tests may use names that lead nowhere. It runs in a thread of its
// own, so that tests may block and run other programs on it.

#include <QByteArray>
#include <QList>
#include <QString>

#include <memory>

class QThread;

namespace colophon::test {

class ProxyServer
{
public:
    struct Request
    {
        QByteArray method;
        QByteArray target;        // "registry.example:443", or the whole address of a plain request
        QByteArray authorization; // of Proxy-Authorization; empty: none
    };

    ProxyServer();
    ~ProxyServer();
    ProxyServer(const ProxyServer &) = delete;
    ProxyServer &operator=(const ProxyServer &) = delete;

    quint16 port() const { return m_port; }
    // For the environment: "http://127.0.0.1:PORT", with "user:password@" where that is given, encoded as it stands.
    QString address(const QString &credentials = {}) const;

    void requirePassword(const QByteArray &pair); // "user:password"; else 407
    void answerWith(const QByteArray &bytes);     // this in place of anything else, then silence
    QList<Request> requests() const;

private:
    class Listener;
    struct Shared;
    std::shared_ptr<Shared> m_shared;
    std::unique_ptr<QThread> m_thread;
    Listener *m_listener = nullptr; // lives in the thread
    quint16 m_port = 0;
};

} // namespace colophon::test
