// SPDX-License-Identifier: Apache-2.0
// The way back from a push as a command: backup tags, `tag`, and the plan as commands of other programs.

#include "app/command.h"

#include <QTest>

using namespace colophon;
using test::Command;
using test::Ran;

class TestColophonctlTag : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_registry = std::make_unique<demo::DemoRegistry>();
        QVERIFY(m_registry->start());
        m_image = m_registry->host() + QStringLiteral("/demo/app:1.0");
        m_name = m_registry->host() + QStringLiteral("/demo/app");
    }
    void cleanup() { m_registry.reset(); }

    void undoesAPush()
    {
        const QString original = tagged(QStringLiteral("1.0"));
        const QJsonObject pushed = m_command.json(mark());
        const QJsonObject change = pushed[QLatin1String("tags")][0].toObject();
        QCOMPARE(change[QLatin1String("tag")].toString(), QStringLiteral("1.0"));
        QCOMPARE(change[QLatin1String("before")].toString(), original);
        const QString after = change[QLatin1String("after")].toString();
        QCOMPARE(after, tagged(QStringLiteral("1.0")));

        const QStringList undo{QStringLiteral("tag"), m_name + QLatin1Char('@') + original, QStringLiteral("1.0"),
                               QStringLiteral("--if-names")};
        const Ran refused = m_command(undo + QStringList{original}); // it is not that any more
        QCOMPARE(refused.exitCode, 4);
        QCOMPARE(tagged(QStringLiteral("1.0")), after);
        const QJsonObject undone = m_command.json(undo + QStringList{after});
        QCOMPARE(test::namesIn(undone), QStringLiteral("after before pushed reference").split(QLatin1Char(' ')));
        QCOMPARE(undone[QLatin1String("before")].toString(), after);
        QCOMPARE(undone[QLatin1String("after")].toString(), original);
        QCOMPARE(undone[QLatin1String("pushed")].toBool(), true);
        QCOMPARE(tagged(QStringLiteral("1.0")), original);
    }
    void newTag()
    {
        const QStringList stable{QStringLiteral("tag"), m_image, QStringLiteral("stable")};
        const QJsonObject made = m_command.json(stable);
        QVERIFY(made[QLatin1String("before")].isNull());
        QCOMPARE(tagged(QStringLiteral("stable")), tagged(QStringLiteral("1.0")));
        const QJsonObject again = m_command.json(stable);
        QCOMPARE(again[QLatin1String("pushed")].toBool(), false);
        QVERIFY(m_command(stable).out.startsWith("Nothing had to change: "));
    }
    void wrongWords_data()
    {
        QTest::addColumn<QString>("reference");
        QTest::addColumn<QString>("tag");
        QTest::addColumn<int>("exitCode");
        QTest::newRow("no tag") << "image" << "a b" << 2;
        QTest::newRow("a digest") << "image" << "x@sha256:00" << 2;
        QTest::newRow("no such image") << "missing" << "1.0" << 3;
    }
    void wrongWords()
    {
        QFETCH(QString, reference);
        QFETCH(QString, tag);
        const QString image = reference == QLatin1String("missing") ? m_name + QStringLiteral(":missing") : m_image;
        QTEST(m_command({QStringLiteral("tag"), image, tag}).exitCode, "exitCode");
    }
    void backup()
    {
        const QString original = tagged(QStringLiteral("1.0"));
        const QJsonObject pushed =
            m_command.json(mark() + QStringList{QStringLiteral("--backup-tag"), QStringLiteral("1.0-old")});
        QCOMPARE(pushed[QLatin1String("tags")].toArray().size(), 2);
        QCOMPARE(tagged(QStringLiteral("1.0-old")), original);
        QVERIFY(tagged(QStringLiteral("1.0")) != original);
    }
    void backupWithAName()
    {
        const QJsonObject pushed = m_command.json(mark() + QStringList{QStringLiteral("--backup")});
        const QString tag = pushed[QLatin1String("tags")][0][QLatin1String("tag")].toString();
        QVERIFY2(tag.startsWith(QStringLiteral("1.0-before-2")), qPrintable(tag));
        QCOMPARE(tagged(tag), pushed[QLatin1String("before")].toString());
    }
    void asCommands_data()
    {
        QTest::addColumn<QString>("program");
        QTest::addColumn<int>("exitCode");
        QTest::newRow("curl") << "curl" << 0;
        QTest::newRow("regctl") << "regctl" << 0;
        QTest::newRow("another") << "wget" << 2;
    }
    void asCommands()
    {
        QFETCH(QString, program);
        QFETCH(int, exitCode);
        const QString original = tagged(QStringLiteral("1.0"));
        const Ran ran = m_command(mark() + QStringList{QStringLiteral("--as-commands"), program});
        QCOMPARE(ran.exitCode, exitCode);
        QCOMPARE(tagged(QStringLiteral("1.0")), original);
        QCOMPARE(ran.out.contains(program.toLatin1() + ' '), exitCode == 0);
    }

    // What is printed goes to a shell: where there is nothing to do, that is a remark.
    void asCommandsOfNothing()
    {
        const QStringList commands{QStringLiteral("--as-commands"), QStringLiteral("curl")};
        QCOMPARE(m_command(mark()).exitCode, 0);
        const Ran ran = m_command(mark() + commands);
        QCOMPARE(ran.exitCode, 0);
        QVERIFY(!ran.out.trimmed().isEmpty());
        for (const QByteArray &line : ran.out.trimmed().split('\n'))
            QVERIFY2(line.startsWith("# "), line.constData());
    }
    void asCommandsIsNoJson()
    {
        const Ran ran = m_command(
            mark() + QStringList{QStringLiteral("--as-commands"), QStringLiteral("curl"), QStringLiteral("--json")});
        QCOMPARE(ran.exitCode, 2);
        QVERIFY(ran.out.isEmpty());
    }

private:
    QString tagged(const QString &tag) const { return m_registry->digestOfTag(QStringLiteral("demo/app"), tag); }
    QStringList mark() const
    {
        return {QStringLiteral("mark"), m_image, QStringLiteral("--layer"), QStringLiteral("2")};
    }

    Command m_command;
    std::unique_ptr<demo::DemoRegistry> m_registry;
    QString m_image;
    QString m_name;
};

QTEST_GUILESS_MAIN(TestColophonctlTag)
#include "tst_colophonctltag.moc"
