// SPDX-License-Identifier: Apache-2.0
#pragma once

// One request and its answer, for the log: made of parts that are no secrets to begin with. A credential appears as its
// kind and where it came from, never as itself; of an address only such query values as cannot be secret.

#include <QByteArray>
#include <QDateTime>
#include <QList>
#include <QString>

#include <functional>
#include <utility>

namespace colophon::content {

struct RequestRecord
{
    enum class Authorization { None, Basic, Bearer };
    enum class Stage {
        Begun,    // on its way
        Answered, // the head of the answer is there
        Over,     // the last byte of it has come, or there is no answer
    };

    qint64 id = 0; // of the request; a later record with the same id says what has become of it
    Stage stage = Stage::Begun;
    QDateTime started;
    QByteArray method;
    QString url;                                      // query values that may be secret are "***"
    QList<std::pair<QByteArray, QByteArray>> headers; // of the request; none that carries a secret
    int hop = 0;                                      // 0: the request itself, 1: the first redirect of it, …
    Authorization authorization = Authorization::None;
    QString credential; // in words: "none", "Basic, given by hand", "token for repository:app:pull"
    int status = 0;     // 0: no answer
    QString failure;    // why there is none, or why it broke off
    qint64 bytesSent = 0;
    qint64 bytesReceived = 0; // of the answer's body: as declared, and once it is over as it came
    qint64 milliseconds = 0;  // until the answer, and when it is over until its end

    // Said once of every request: what was answered, or that nothing was.
    bool isOutcome() const { return stage == Stage::Answered || (stage == Stage::Over && status == 0); }
    bool operator==(const RequestRecord &) const = default;
};

using RequestLog = std::function<void(const RequestRecord &)>;

// The same as a command for sh, with $TOKEN, or $REGISTRY_USER and $REGISTRY_PASSWORD to set; what is masked stays so.
QString asCurl(const RequestRecord &record);

} // namespace colophon::content
