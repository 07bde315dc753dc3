// SPDX-License-Identifier: Apache-2.0
#include "registry/http/proxysettings.h"
#include "support/canary/canary.h"

#include <QTest>

using colophon::registry::http::ProxySettings;

namespace {

ProxySettings settingsOf(const QStringList &variables)
{
    QProcessEnvironment environment;
    for (const QString &each : variables)
        environment.insert(each.section(u'=', 0, 0), each.section(u'=', 1));
    return ProxySettings::fromEnvironment(environment);
}

} // namespace

class TestProxySettings : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void chooses_data()
    {
        QTest::addColumn<QStringList>("variables");
        QTest::addColumn<bool>("isTls");
        QTest::addColumn<QString>("proxy"); // host:port; empty: none
        const auto row = [](const char *variables, bool isTls, const char *proxy) {
            QTest::newRow(qPrintable(QStringLiteral("%1 %2").arg(
                QLatin1String(variables), isTls ? QStringLiteral("https") : QStringLiteral("http"))))
                << QString::fromLatin1(variables).split(u' ', Qt::SkipEmptyParts) << isTls
                << QString::fromLatin1(proxy);
        };
        row("", true, "");
        row("HTTPS_PROXY=http://a:1 HTTP_PROXY=http://b:2", true, "a:1");
        row("HTTPS_PROXY=http://a:1 HTTP_PROXY=http://b:2", false, "b:2");
        row("https_proxy=http://a:1 http_proxy=http://b:2", true, "a:1");
        row("https_proxy=http://a:1 http_proxy=http://b:2", false, "b:2");
        row("HTTPS_PROXY=http://a:1", false, "");
        row("HTTP_PROXY=http://b:2", true, "");
        row("ALL_PROXY=http://c:3", true, "c:3");
        row("all_proxy=c:3", false, "c:3");
        row("HTTPS_PROXY=a:1 ALL_PROXY=http://c:3", true, "a:1");
        row("HTTPS_PROXY= ALL_PROXY=http://c:3", true, "c:3");
        row("HTTPS_PROXY=http://a", true, "a:80");
        row("HTTPS_PROXY=http://[::1]:8080/", true, "::1:8080");
    }

    void chooses()
    {
        QFETCH(QStringList, variables);
        QFETCH(bool, isTls);
        const auto proxy = settingsOf(variables).proxyFor(isTls, QStringLiteral("registry.example"), 443);
        QVERIFY(proxy);
        QTEST(*proxy ? (*proxy)->host + u':' + QString::number((*proxy)->port) : QString(), "proxy");
    }

    void leavesOut_data()
    {
        QTest::addColumn<QString>("exempt");
        QTest::addColumn<QString>("host");
        QTest::addColumn<int>("port");
        QTest::addColumn<bool>("isDirect");
        const auto row = [](const char *exempt, const char *host, int port, bool isDirect) {
            QTest::newRow(
                qPrintable(QStringLiteral("%1 %2:%3").arg(QLatin1String(exempt), QLatin1String(host)).arg(port)))
                << QString::fromLatin1(exempt) << QString::fromLatin1(host) << port << isDirect;
        };
        row("registry.example", "registry.example", 443, true);
        row("registry.example", "Registry.Example", 443, true);
        row("registry.example", "a.registry.example", 443, true);
        row("registry.example", "otherregistry.example", 443, false);
        row(".registry.example", "a.registry.example", 443, true);
        row(".registry.example", "registry.example", 443, false);
        row("*.registry.example", "a.registry.example", 443, true);
        row("other.example, registry.example", "registry.example", 443, true);
        row("other.example registry.example", "registry.example", 443, true);
        row("registry.example:5000", "registry.example", 5000, true);
        row("registry.example:5000", "registry.example", 443, false);
        row("10.0.0.0/8", "10.1.2.3", 443, true);
        row("10.0.0.0/8", "11.1.2.3", 443, false);
        row("10.0.0.0/8", "registry.example", 443, false);
        row("fd00::/8", "fd12::1", 443, true);
        row("10.1.2.3", "10.1.2.3", 443, true);
        row("10.1.2.3:443", "10.1.2.3", 80, false);
        row("[fd12::1]:443", "fd12::1", 443, true);
        row("fd12::1", "fd12::1", 443, true);
        row("*", "registry.example", 443, true);
        row(".", "registry.example", 443, false);
        row("*.", "registry.example", 443, false);
        row(",,", "registry.example", 443, false);
        row("x/y", "registry.example", 443, false);
        // This computer is not behind a proxy, whatever NO_PROXY says.
        for (const char *own : {"localhost", "registry.localhost", "127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"})
            row("", own, 5000, true);
        row("", "localhost.example", 443, false);
        row("", "10.0.0.1", 443, false);
    }

    void leavesOut()
    {
        QFETCH(QString, exempt);
        QFETCH(QString, host);
        QFETCH(int, port);
        for (const char *name : {"NO_PROXY=", "no_proxy="}) {
            const auto proxy = settingsOf({QStringLiteral("ALL_PROXY=http://a:1"), QLatin1String(name) + exempt})
                                   .proxyFor(true, host, static_cast<quint16>(port));
            QVERIFY(proxy);
            QTEST(!proxy->has_value(), "isDirect");
        }
    }

    void carriesThePassword()
    {
        const auto proxy = settingsOf({QStringLiteral("HTTPS_PROXY=http://user:p%40ss%3A@a:1")})
                               .proxyFor(true, QStringLiteral("registry.example"), 443);
        QVERIFY(proxy && *proxy);
        QCOMPARE((*proxy)->authorization.reveal(), "Basic " + QByteArray("user:p@ss:").toBase64());
    }

    void saysWhichVariableIsWrong_data()
    {
        QTest::addColumn<QString>("value");
        QTest::newRow("socks") << QStringLiteral("socks5://user:" COLOPHON_CANARY "@a:1");
        QTest::newRow("https") << QStringLiteral("https://user:" COLOPHON_CANARY "@a:1");
        QTest::newRow("no host") << QStringLiteral("http://");
        QTest::newRow("malformed") << QStringLiteral("http://user:" COLOPHON_CANARY "@a b:99999");
    }

    void saysWhichVariableIsWrong()
    {
        QFETCH(QString, value);
        const auto proxy =
            settingsOf({QStringLiteral("all_proxy=") + value}).proxyFor(true, QStringLiteral("registry.example"), 443);
        QVERIFY(!proxy);
        QVERIFY2(proxy.error().message.contains(QStringLiteral("all_proxy")), qPrintable(proxy.error().message));
        QVERIFY(colophon::test::canaryIn(proxy.error().text().toUtf8()).isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestProxySettings)
#include "tst_proxysettings.moc"
