// SPDX-License-Identifier: Apache-2.0
#include "transfer/pushcommands.h"

#include "pushfixture.h"

#include <QFile>

using namespace colophon;
using namespace colophon::transfer;
using test::layerPath;

class TestPushCommands : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { fixture = std::make_unique<test::PushFixture>(); }

    // Compared with tests/data/plans; COLOPHON_WRITE_GOLDEN=1 writes them anew. tst_dockerregistrypush runs such
    // scripts.
    void text_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<CommandTool>("tool");
        QTest::newRow("curl") << "commands-curl" << CommandTool::Curl;
        QTest::newRow("regctl") << "commands-regctl" << CommandTool::Regctl;
    }
    void text()
    {
        QFETCH(QString, name);
        QFETCH(CommandTool, tool);
        fixture->addForeignImage({fixture->address});
        fixture->into = test::storeOf(QStringLiteral("registry.example"), QStringLiteral("copy/app"));
        test::addIndex(*fixture->into, {}, QStringLiteral("1.4"));
        fixture->open();
        fixture->mark(layerPath({}, 0), false, {});
        fixture->sign();
        fixture->request.backupTag = QStringLiteral("1.4-old");
        const QString script = commandsOf(fixture->prepare(), tool).join(QLatin1Char('\n')) + QLatin1Char('\n');
        QFile file(QStringLiteral(COLOPHON_TEST_DATA "/plans/%1.txt").arg(name));
        if (qEnvironmentVariableIsSet("COLOPHON_WRITE_GOLDEN")) {
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(script.toUtf8());
            return;
        }
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(script, QString::fromUtf8(file.readAll()));
    }
    // No address can end its quotes and become a command.
    void quoting()
    {
        fixture->addIndexedImage();
        fixture->open();
        fixture->mark(layerPath({0}, 0), true, {fixture->address});
        PushPlan plan = fixture->prepare();
        QCOMPARE(plan.steps.first().kind, StepKind::Probe);
        plan.steps.first().url = QStringLiteral("-K'$(id)`id`\nid");
        const QStringList lines = commandsOf(plan, CommandTool::Curl);
        QVERIFY(!lines.filter(QStringLiteral(" --url '-K'\\''$(id)`id`\nid'")).isEmpty());
    }
    // What a terminal would take for a key press goes as base64.
    void oddBytes()
    {
        const oci::Descriptor image =
            test::addImage(*fixture->from, QStringLiteral("linux/amd64"), QStringList{QStringLiteral("base")});
        const QByteArray odd = fixture->from->manifestBytes(image.digest).replace("\n", "\r\n\t");
        fixture->from->addManifest(odd, image.mediaType, QStringLiteral("1.4"));
        fixture->into = test::storeOf(QStringLiteral("other.example"), QStringLiteral("copy/app"));
        fixture->open();
        const QString script = commandsOf(fixture->prepare(), CommandTool::Curl).join(QLatin1Char('\n'));
        QVERIFY(script.contains(QString::fromLatin1(odd.toBase64())));
        QVERIFY(!script.contains(QLatin1Char('\t')));
        QVERIFY(script.contains(QStringLiteral("base64 -d")));
    }
    void blocked()
    {
        fixture->addForeignImage({});
        fixture->open();
        fixture->mark(layerPath({}, 0), false, {});
        const PushPlan plan = fixture->prepare();
        QVERIFY(plan.isBlocked());
        for (const QString &line : commandsOf(plan, CommandTool::Curl))
            QVERIFY2(line.startsWith(QLatin1Char('#')), qPrintable(line));
    }

private:
    std::unique_ptr<test::PushFixture> fixture;
};

QTEST_GUILESS_MAIN(TestPushCommands)
#include "tst_pushcommands.moc"
