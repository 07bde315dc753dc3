// SPDX-License-Identifier: Apache-2.0
// The man page and the command say the same: every verb, option and exit code of the one is in the other.

#include "app/command.h"
#include "base/error.h"
#include "behaviour/words.h"
#include "document/findings.h"
#include "support/canary/canary.h"
#include "support/dockerregistry/dockerregistry.h"

#include <QFile>
#include <QRegularExpression>
#include <QSet>
#include <QTest>

using namespace colophon;
using test::Command;
using test::Ran;

class TestColophonctlManpage : public QObject
{
    Q_OBJECT

    static QSet<QString> optionsIn(const QString &text)
    {
        static const QRegularExpression option(QStringLiteral("--[a-z][a-z-]*[a-z]"));
        QSet<QString> found;
        auto matches = option.globalMatch(text);
        while (matches.hasNext())
            found.insert(matches.next().captured());
        return found;
    }

    QStringList verbs() const
    {
        QStringList found;
        const QString help = QString::fromUtf8(m_command({QStringLiteral("--help")}).out);
        const QStringList lines = help.section(QStringLiteral("Subcommands:\n"), 1).split(QLatin1Char('\n'));
        for (const QString &line : lines)
            if (line.startsWith(QLatin1String("  ")) && line.at(2).isLetter())
                found.append(line.trimmed().section(QLatin1Char(' '), 0, 0));
        return found;
    }

    Command m_command;
    QString m_page;

private Q_SLOTS:
    void initTestCase()
    {
        QFile file(QStringLiteral(COLOPHON_RESOURCES "/man/colophonctl.1"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        m_page = QString::fromUtf8(file.readAll());
        m_page.replace(QLatin1String("\\-"), QLatin1String("-"));
    }

    void everyVerbAndOptionIsExplained()
    {
        QCOMPARE(verbs(),
                 QStringLiteral("inspect tag tags mark unmark edit probe consequences blob sign verify key demo")
                     .split(QLatin1Char(' ')));
        QSet<QString> all = optionsIn(QString::fromUtf8(m_command({QStringLiteral("--help")}).out));
        for (const QString &verb : verbs()) {
            QVERIFY2(m_page.contains(QStringLiteral("\n.B ") + verb), qPrintable(verb));
            all += optionsIn(QString::fromUtf8(m_command({verb, QStringLiteral("--help")}).out));
        }
        all += optionsIn(QString::fromUtf8(
            m_command({QStringLiteral("key"), QStringLiteral("create"), QStringLiteral("--help")}).out));
        QVERIFY(all.size() > 20);
        const QSet<QString> explained = optionsIn(m_page);
        QVERIFY2((all - explained).isEmpty(),
                 qPrintable(QStringList((all - explained).values()).join(QLatin1Char(' '))));
        QVERIFY2((explained - all).isEmpty(),
                 qPrintable(QStringList((explained - all).values()).join(QLatin1Char(' '))));
    }

    void everyExitCodeIsExplained()
    {
        const QString section =
            m_page.section(QStringLiteral(".SH EXIT STATUS"), 1).section(QStringLiteral("\n.SH "), 0, 0);
        for (const char *code : {"0", "1", "2", "3", "4", "5", "6", "7", "130"})
            QVERIFY2(section.contains(QStringLiteral(".TP\n.B %1\n").arg(QLatin1String(code))), code);
    }

    void everyMemberOfTheJsonIsExplained()
    {
        demo::DemoRegistry registry;
        QVERIFY(registry.start());
        const QString image = registry.host() + QStringLiteral("/demo/windows:ltsc");
        QSet<QString> members;
        std::function<void(const QJsonValue &)> collect = [&](const QJsonValue &value) {
            for (const QJsonValue each : value.toArray())
                collect(each);
            const QJsonObject object = value.toObject();
            for (auto it = object.begin(); it != object.end(); ++it) {
                members.insert(it.key());
                collect(it.value());
            }
        };
        const QString key = QStringLiteral("--key");
        Command making;
        making.setVariable(QStringLiteral("COSIGN_PASSWORD"), QStringLiteral(COLOPHON_CANARY));
        collect(making.json({QStringLiteral("key"), QStringLiteral("create"), making.home() + QStringLiteral("/k")}));
        collect(m_command.json({QStringLiteral("sign"), image, key, test::demoKey()}));
        collect(m_command.json({QStringLiteral("inspect"), image}));
        collect(m_command.json({QStringLiteral("probe"), image}));
        collect(m_command.json({QStringLiteral("consequences"), image, QStringLiteral("--client"),
                                QStringLiteral("all"), QStringLiteral("--registry"), QStringLiteral("harbor")}));
        collect(m_command.json({QStringLiteral("verify"), image, key, test::demoPublicKey()}));
        collect(m_command.json({QStringLiteral("unmark"), image, QStringLiteral("--layer"), QStringLiteral("all")}));
        collect(m_command.json({QStringLiteral("blob"), image, QStringLiteral("--layer"), QStringLiteral("1"),
                                QStringLiteral("--platform"), QStringLiteral("windows(10.0.17763.6414)/amd64"),
                                QStringLiteral("-o"), m_command.home() + QStringLiteral("/layer")}));
        collect(m_command.json({QStringLiteral("edit"), image, QStringLiteral("--family"), QStringLiteral("oci")}));
        collect(m_command.json({QStringLiteral("tags"), image.section(QLatin1Char(':'), 0, -2)}));
        const Ran failed = m_command({QStringLiteral("--json"), QStringLiteral("frob")});
        collect(test::objectIn(failed.err));
        QVERIFY(members.size() > 30);
        for (const QString &member : std::as_const(members))
            QVERIFY2(
                m_page.contains(QRegularExpression(QStringLiteral("\\b%1\\b").arg(QRegularExpression::escape(member)))),
                qPrintable(member));
    }

    // Who reads the JSON compares with these words.
    void everyWordOfTheJsonIsExplained()
    {
        for (const char *word : {"probe",
                                 "blob",
                                 "config",
                                 "manifest",
                                 "index",
                                 "signature",
                                 "tag",
                                 "planned",
                                 "running",
                                 "copied",
                                 "mounted",
                                 "skipped",
                                 "failed",
                                 "reachable",
                                 "signed",
                                 "tagged",
                                 "needs-credentials",
                                 "wrong-size",
                                 "wrong-digest",
                                 "not-found",
                                 "refused",
                                 "loopback",
                                 "private",
                                 "public"})
            QVERIFY2(m_page.contains(QStringLiteral("\"%1\"").arg(QLatin1String(word))), word);
        for (const QStringList &words :
             {behaviour::wordsOf<behaviour::Operation>(), behaviour::wordsOf<behaviour::Outcome>(),
              behaviour::wordsOf<behaviour::Certainty>()})
            for (const QString &word : words)
                QVERIFY2(m_page.contains(QStringLiteral("\"%1\"").arg(word)), qPrintable(word));
        using document::Finding;
        for (int code = 0; code <= static_cast<int>(Finding::Code::Background); ++code) {
            const QString word = document::nameOf(static_cast<Finding::Code>(code));
            QVERIFY2(m_page.contains(QStringLiteral("\"%1\"").arg(word)), qPrintable(word));
        }
        for (int severity = 0; severity <= static_cast<int>(Finding::Severity::Block); ++severity) {
            const QString word = document::nameOf(static_cast<Finding::Severity>(severity));
            QVERIFY2(m_page.contains(QStringLiteral("\"%1\"").arg(word)), qPrintable(word));
        }
        for (int kind = 0; kind <= static_cast<int>(base::ErrorKind::Cancelled); ++kind) {
            const QString word = base::nameOf(static_cast<base::ErrorKind>(kind));
            QVERIFY2(m_page.contains(QStringLiteral("\"%1\"").arg(word)), qPrintable(word));
        }
    }

    void everySectionStandsOnce()
    {
        QFile page(QStringLiteral(COLOPHON_RESOURCES "/man/colophonctl.1"));
        QVERIFY(page.open(QIODevice::ReadOnly));
        QStringList sections;
        for (const QByteArray &line : page.readAll().split('\n'))
            if (line.startsWith(".SH "))
                sections.append(QString::fromLatin1(line));
        QVERIFY(sections.size() > 5);
        QCOMPARE(QSet<QString>(sections.cbegin(), sections.cend()).size(), sections.size());
    }

    void itIsWellFormed()
    {
        COLOPHON_NEED_PROGRAM("groff");
        const Ran ran = test::run(QStringLiteral("groff"),
                                  {QStringLiteral("-man"), QStringLiteral("-Tutf8"), QStringLiteral("-ww"),
                                   QStringLiteral("-z"), QStringLiteral(COLOPHON_RESOURCES "/man/colophonctl.1")},
                                  m_command.environment());
        QCOMPARE(ran.exitCode, 0);
        QVERIFY2(ran.err.isEmpty(), ran.err.constData());
    }
};

QTEST_GUILESS_MAIN(TestColophonctlManpage)
#include "tst_colophonctlmanpage.moc"
