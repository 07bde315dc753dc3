// SPDX-License-Identifier: Apache-2.0
#include "registry/http/proxysettings.h"

#include "base/plaintext.h"
#include "registry/addressclass.h"

#include <QCoreApplication>
#include <QRegularExpression>
#include <QUrl>

namespace colophon::registry::http {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(colophon::registry::http::ProxySettings)
};

bool isThisComputer(const QString &host)
{
    const QHostAddress literal(host);
    if (!literal.isNull())
        return classOf(literal) == AddressClass::Loopback;
    return host == QLatin1String("localhost") || host.endsWith(QLatin1String(".localhost"));
}

base::Result<Proxy> proxyIn(const QString &variable, const QString &value)
{
    const auto refused = [&](const QString &why) {
        return base::fail(base::ErrorKind::Network, Text::tr("The proxy in %1 cannot be used: %2.").arg(variable, why),
                          Text::tr("Write http://HOST:PORT, or put the registry into NO_PROXY."));
    };
    const QUrl url(value.contains(QLatin1String("://")) ? value : QStringLiteral("http://") + value);
    if (!url.isValid() || url.host().isEmpty())
        return refused(Text::tr("it is no address"));
    if (url.scheme() != QLatin1String("http"))
        return refused(
            Text::tr("only http proxies are spoken to, and this one is %1").arg(base::visible(url.scheme(), 20)));
    Proxy proxy;
    proxy.host = url.host(QUrl::FullyEncoded);
    proxy.port = static_cast<quint16>(url.port(80));
    if (!url.userName().isEmpty()) {
        QByteArray pair = url.userName(QUrl::FullyDecoded).toUtf8() + ':' + url.password(QUrl::FullyDecoded).toUtf8();
        proxy.authorization = base::Secret("Basic " + pair.toBase64());
        const base::Secret wiped(std::move(pair));
    }
    return proxy;
}

// "host", ".suffix", "*.suffix", "address", "network/bits", each with an optional port.
bool matches(QString entry, const QString &host, quint16 port)
{
    if (entry == QLatin1String("*"))
        return true;
    if (entry.contains(u'/')) {
        const QHostAddress literal(host);
        const auto [network, bits] = QHostAddress::parseSubnet(entry);
        return !literal.isNull() && bits >= 0 && literal.isInSubnet(network, bits);
    }
    static const QRegularExpression withPort(QStringLiteral("^(\\[[^\\]]*\\]|[^:]*):([0-9]+)$"));
    if (const auto match = withPort.match(entry); match.hasMatch()) {
        if (match.captured(2).toInt() != port)
            return false;
        entry = match.captured(1);
    }
    if (entry.startsWith(u'[') && entry.endsWith(u']'))
        entry = entry.mid(1, entry.size() - 2);
    if (const QHostAddress literal(entry); !literal.isNull())
        return literal == QHostAddress(host);
    if (entry.startsWith(u'*'))
        entry = entry.mid(1);
    if (entry.startsWith(u'.'))
        return entry.size() > 1 && host.endsWith(entry);
    return !entry.isEmpty() && (host == entry || host.endsWith(u'.' + entry));
}

} // namespace

ProxySettings ProxySettings::fromEnvironment(const QProcessEnvironment &environment)
{
    const auto find = [&environment](std::initializer_list<const char *> names) {
        for (const char *name : names) {
            for (const QString &variable : {QString::fromLatin1(name), QString::fromLatin1(name).toLower()}) {
                if (const QString value = environment.value(variable).trimmed(); !value.isEmpty())
                    return Setting{variable, value};
            }
        }
        return Setting();
    };
    ProxySettings settings;
    settings.m_http = find({"HTTP_PROXY", "ALL_PROXY"});
    settings.m_https = find({"HTTPS_PROXY", "ALL_PROXY"});
    static const QRegularExpression between(QStringLiteral("[,\\s]+"));
    settings.m_exempt = find({"NO_PROXY"}).value.toLower().split(between, Qt::SkipEmptyParts);
    return settings;
}

bool ProxySettings::isExempt(const QString &host, quint16 port) const
{
    return std::any_of(m_exempt.cbegin(), m_exempt.cend(),
                       [&](const QString &entry) { return matches(entry, host, port); });
}

base::Result<std::optional<Proxy>> ProxySettings::proxyFor(bool isTls, const QString &host, quint16 port) const
{
    const Setting &setting = isTls ? m_https : m_http;
    const QString name = host.toLower();
    if (setting.value.isEmpty() || isThisComputer(name) || isExempt(name, port))
        return std::optional<Proxy>();
    auto proxy = proxyIn(setting.variable, setting.value);
    if (!proxy)
        return base::fail(proxy.error());
    return std::optional(std::move(*proxy));
}

} // namespace colophon::registry::http
