// SPDX-License-Identifier: Apache-2.0
#include "support/dockerregistry/dockerregistry.h"

#include <QFile>
#include <QProcess>
#include <QTcpSocket>
#include <QTest>

using colophon::test::DockerRegistry;

class TestDockerRegistry : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void listensAndIsGone()
    {
        COLOPHON_NEED_DOCKER_REGISTRY();
        quint16 port = 0;
        {
            DockerRegistry registry({.allowUrls = {QStringLiteral("^https?://.*")}, .withPassword = true});
            QVERIFY2(registry.isRunning(), qPrintable(registry.problem()));
            port = registry.port();
            QTcpSocket socket;
            socket.connectToHost(QStringLiteral("127.0.0.1"), port);
            QVERIFY(socket.waitForConnected(5'000));
            socket.write("GET /v2/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Basic " +
                         (DockerRegistry::user() + u':' + DockerRegistry::password()).toLatin1().toBase64() +
                         "\r\n\r\n");
            QVERIFY(socket.waitForDisconnected(5'000));
            QVERIFY(socket.readAll().startsWith("HTTP/1.1 200"));
        }
        QTcpSocket socket;
        socket.connectToHost(QStringLiteral("127.0.0.1"), port);
        QVERIFY(!socket.waitForConnected(1'000));
    }

    void comesUpWithTls()
    {
        COLOPHON_NEED_DOCKER_REGISTRY();
        DockerRegistry registry({.withTls = true});
        QVERIFY2(registry.isRunning(), qPrintable(registry.problem()));
        QVERIFY(QFile::exists(registry.caFile()));
    }
};

QTEST_GUILESS_MAIN(TestDockerRegistry)
#include "tst_dockerregistry.moc"
