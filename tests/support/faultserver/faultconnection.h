// SPDX-License-Identifier: Apache-2.0
#pragma once

// One connection of the fault server: reads requests, looks up what to say, says it.

#include "support/faultserver/faultserver.h"

#include <QMutex>
#include <QObject>
#include <QRegularExpression>
#include <QTcpSocket>
#include <QTimer>

struct evp_md_ctx_st;

namespace colophon::test {

// What the test's thread and the server's share.
struct FaultServer::Shared
{
    struct Rule
    {
        QByteArray method;
        QRegularExpression target;
        Script script;
        bool isOnce = false;
        bool wantsBody = false;
    };

    mutable QMutex mutex;
    QList<Rule> rules;
    QList<RecordedRequest> requests;
    int unexpected = 0;
    int connections = 0;
    int open = 0;
    int generation = 0; // of `requests`: forget() begins a new one
    std::optional<TlsIdentity> identity;

    // The answer, or the script that makes it once the body is there.
    Answer answerFor(const RecordedRequest &request, FaultServer::Script &later);
};

class FaultConnection final : public QObject
{
public:
    FaultConnection(std::shared_ptr<FaultServer::Shared> shared, QTcpSocket *socket, int number, QObject *parent);
    ~FaultConnection() override;

    void close();

private:
    enum class State { Head, Body, Answering, Silent };

    void onReadyRead();
    void readHead();
    void readBody();
    void readChunks();
    void take(const QByteArray &piece);
    void endBody();
    void beginAnswer();
    void pump();
    qint64 unsent() const;
    QByteArray nextBytes(qsizetype most);
    void endAnswer();
    void record();

    std::shared_ptr<FaultServer::Shared> m_shared;
    QTcpSocket *m_socket;
    int m_number;
    State m_state = State::Head;
    QByteArray m_input;
    RecordedRequest m_request;
    int m_index = -1; // of m_request among the records
    int m_generation = 0;
    qint64 m_bodyLeft = 0; // of the request; while it comes in chunks: 1 until the last one is there
    bool m_isChunked = false;
    qint64 m_chunkLeft = -1; // of the chunk's data; -1: its size is awaited
    evp_md_ctx_st *m_hash;
    Answer m_answer;
    FaultServer::Script m_later; // makes m_answer at the end of the body
    bool m_isAnswered = false;   // early, while the body is still being read
    bool m_isSending = false;
    QByteArray m_output; // what is ready to be sent
    qsizetype m_outputAt = 0;
    qint64 m_fillerLeft = 0;
    qint64 m_sent = 0;
    QTimer m_timer;
};

} // namespace colophon::test
