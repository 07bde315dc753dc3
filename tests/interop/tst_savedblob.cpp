// SPDX-License-Identifier: Apache-2.0
// A layer saved from a real registry by a process that is killed in the middle, and the second one that goes on.

#include "base/limits.h"
#include "registry/client.h"
#include "support/await.h"
#include "support/dockerregistry/dockerregistry.h"
#include "transfer/saveblob.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

using namespace colophon;
using base::limits::MiB;
using test::await;

namespace {

constexpr qint64 size = 48 * MiB;

QByteArray layerBytes()
{
    QByteArray bytes(size, Qt::Uninitialized);
    quint32 state = 7;
    for (char &each : bytes) {
        state = state * 1'664'525 + 1'013'904'223;
        each = static_cast<char>(state >> 24);
    }
    return bytes;
}

// This program as the one that is killed: REGISTRY DIGEST FILE. It ends itself when half of the blob is there.
int saveAndDie(const QStringList &arguments)
{
    registry::Client client;
    transfer::SaveBlob::Request request;
    request.source = client.target(*oci::Reference::parse(arguments.at(0) + QStringLiteral("/app")));
    request.layer.digest = *oci::Digest::parse(arguments.at(1));
    request.layer.size = size;
    request.file = arguments.at(2);
    transfer::SaveBlob saving(request);
    QObject::connect(&saving, &transfer::SaveBlob::progressChanged, &saving, [](qint64 done, qint64 total) {
        if (done > total / 2)
            ::raise(SIGKILL);
    });
    QObject::connect(&saving, &transfer::SaveBlob::finished, QCoreApplication::instance(), &QCoreApplication::quit);
    saving.start();
    return QCoreApplication::exec();
}

} // namespace

class TestSavedBlob : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void killedInTheMiddleItGoesOn()
    {
        COLOPHON_NEED_DOCKER_REGISTRY();
        test::DockerRegistry server;
        QVERIFY2(server.isRunning(), qPrintable(server.problem()));
        registry::Client client;
        const auto target = client.target(*oci::Reference::parse(server.host() + QStringLiteral("/app")));
        const QByteArray bytes = layerBytes();
        const auto layer = oci::Descriptor::of(oci::MediaType::ociLayerTar(), bytes);
        const auto pushed = await(target->pushBlob(layer, content::readerOf(bytes), {}, {}));
        QVERIFY2(pushed, pushed ? "" : qPrintable(pushed.error().text()));

        const QTemporaryDir folder;
        const QString file = folder.filePath(QStringLiteral("layer.tar"));
        QProcess first;
        first.start(QCoreApplication::applicationFilePath(),
                    {QStringLiteral("--save"), server.host(), layer.digest.toString(), file});
        QVERIFY(first.waitForFinished(60'000));
        QCOMPARE(first.exitStatus(), QProcess::CrashExit);
        QVERIFY(!QFile::exists(file));
        const qint64 there = QFileInfo(transfer::SaveBlob::partOf(file)).size();
        QVERIFY(there > size / 2 && there < size);

        transfer::SaveBlob::Request request;
        request.source = target;
        request.layer = layer;
        request.file = file;
        transfer::SaveBlob second(request);
        bool isFinished = false;
        connect(&second, &transfer::SaveBlob::finished, this, [&isFinished] { isFinished = true; });
        second.start();
        QVERIFY(QTest::qWaitFor([&] { return isFinished; }, 60'000));
        QVERIFY2(!second.error(), second.error() ? qPrintable(second.error()->text()) : "");
        QCOMPARE(second.resumedAt(), there);
        QVERIFY(!QFile::exists(transfer::SaveBlob::partOf(file)));
        QFile saved(file);
        QVERIFY(saved.open(QIODevice::ReadOnly));
        QVERIFY(saved.readAll() == bytes);
    }
};

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.value(1) == QLatin1String("--save"))
        return saveAndDie(arguments.sliced(2));
    TestSavedBlob test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_savedblob.moc"
