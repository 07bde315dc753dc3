// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which proxy a connection goes through, by the environment's variables as other programs read them: HTTPS_PROXY,
// HTTP_PROXY, else ALL_PROXY, and NO_PROXY, each also in lower case. This computer itself is never behind a proxy.

#include "base/result.h"
#include "base/secret.h"

#include <QProcessEnvironment>
#include <QStringList>

#include <optional>

namespace colophon::registry::http {

struct Proxy
{
    QString host; // without brackets
    quint16 port = 0;
    base::Secret authorization = {}; // the whole Proxy-Authorization value; empty: none
};

class ProxySettings
{
public:
    ProxySettings() = default; // no proxy at all
    static ProxySettings
    fromEnvironment(const QProcessEnvironment &environment = QProcessEnvironment::systemEnvironment());

    // Nothing: straight there. An Error names the variable that cannot be used, and nothing of what it holds.
    base::Result<std::optional<Proxy>> proxyFor(bool isTls, const QString &host, quint16 port) const;

private:
    struct Setting
    {
        QString variable;
        QString value;
    };
    bool isExempt(const QString &host, quint16 port) const;

    Setting m_http;
    Setting m_https;
    QStringList m_exempt; // NO_PROXY, in pieces
};

} // namespace colophon::registry::http
