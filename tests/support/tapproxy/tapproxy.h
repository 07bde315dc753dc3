// SPDX-License-Identifier: Apache-2.0
#pragma once

// A plain TCP proxy before one registry on loopback that reads along: it knows each request and the status of its
// answer, and calls back when a chosen request arrives, or when it has been answered. What passes is not changed.

#include <QHash>
#include <QList>
#include <QObject>
#include <QString>
#include <QTcpServer>

#include <functional>

class QTcpSocket;

namespace colophon::test {

struct TappedRequest
{
    QByteArray method;
    QByteArray path; // with the query
    int status = 0;  // what the registry answered, also where that was not passed on; 0: nothing
    bool isWrite() const { return method != "GET" && method != "HEAD"; }
};

class TapProxy final : public QObject
{
    Q_OBJECT
public:
    explicit TapProxy(quint16 registryPort, QObject *parent = nullptr);
    ~TapProxy() override;
    QString host() const; // "127.0.0.1:PORT", as in a reference

    enum class Moment {
        Arrived,  // its head is here, nothing of it has been passed on
        Answered, // the registry has answered, nothing of it has been passed back
    };
    // Calls `act` at this moment of the k-th request (from 1) that `counts`, and cuts every connection then. Counts
    // from the last clear().
    void tripAt(int k, Moment moment, std::function<bool(const TappedRequest &)> counts, std::function<void()> act);
    bool hasTripped() const { return m_tripped; }
    // What passed since clear(), in the order it arrived.
    const QList<TappedRequest> &requests() const { return m_requests; }
    // Forgets the requests and what was to happen; connections that are open still are cut.
    void clear();

private:
    struct Connection;
    void accept();
    void fromClient(Connection &connection);
    void fromRegistry(Connection &connection);
    void takeHead(Connection &connection, const QByteArray &head);
    bool trips(int request, Moment moment);
    void cutAll();

    QTcpServer m_server;
    quint16 m_registryPort;
    QList<Connection *> m_connections;
    QList<TappedRequest> m_requests;
    QList<int> m_counted; // of the requests, those that count
    int m_tripAt = 0;
    Moment m_moment = Moment::Arrived;
    std::function<bool(const TappedRequest &)> m_counts;
    std::function<void()> m_act;
    bool m_tripped = false;
};

} // namespace colophon::test
