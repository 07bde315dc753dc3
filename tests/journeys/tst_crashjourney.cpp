// SPDX-License-Identifier: Apache-2.0
// The program itself, ended while edits are unsent: the next start offers and restores them. It is driven through a
// plugin of Qt's (driver/), and edits an image of a registry that lives here.
#include "demo/demoregistry.h"
#include "session/draftstore.h"

#include <QElapsedTimer>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace colophon;

namespace {
constexpr int longest = 30'000; // ms; for a start of the program on a busy machine

class Program
{
public:
    Program(const QTemporaryDir &home, const QStringList &arguments = {})
    {
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("XDG_CONFIG_HOME"), home.filePath(QStringLiteral("config")));
        environment.insert(QStringLiteral("XDG_DATA_HOME"), home.filePath(QStringLiteral("data")));
        environment.insert(QStringLiteral("HOME"), home.path());
        environment.insert(QStringLiteral("QT_QPA_PLATFORM"), QStringLiteral("offscreen"));
        environment.insert(QStringLiteral("QT_PLUGIN_PATH"), QStringLiteral(COLOPHON_DRIVER));
        environment.insert(QStringLiteral("QT_QPA_GENERIC_PLUGINS"), QStringLiteral("colophondriver"));
        m_process.setProcessEnvironment(environment);
        m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        m_process.start(QStringLiteral(COLOPHON_PROGRAM), arguments);
    }
    ~Program()
    {
        m_process.kill();
        m_process.waitForFinished();
    }
    Program(const Program &) = delete;
    Program &operator=(const Program &) = delete;

    // Whether it was done; `answer` is what was said.
    bool tell(const QString &line, QStringList *answer = nullptr)
    {
        m_process.write(line.toUtf8() + '\n');
        for (;;) {
            while (!m_process.canReadLine())
                if (!m_process.waitForReadyRead(longest))
                    return false;
            const QString said = QString::fromUtf8(m_process.readLine()).trimmed();
            if (said == QLatin1String("ok") || said == QLatin1String("no"))
                return said == QLatin1String("ok");
            if (answer)
                answer->append(said);
        }
    }
    // Again until it can be done.
    bool bring(const QString &line)
    {
        return QTest::qWaitFor([&] { return tell(line); }, longest);
    }
    QString texts()
    {
        QStringList all;
        tell(QStringLiteral("texts"), &all);
        return all.join(QLatin1Char('\n'));
    }
    bool shows(const QString &text)
    {
        return QTest::qWaitFor([&] { return texts().contains(text); }, longest);
    }
    // As the kernel does when memory runs out: SIGKILL.
    bool end()
    {
        m_process.kill();
        return m_process.waitForFinished() && m_process.exitStatus() == QProcess::CrashExit;
    }

private:
    QProcess m_process;
};
} // namespace

class CrashJourney : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void restoresWhatWasUnsent();
    void twoProcessesKeepTheirOwn();

private:
    QString image() const { return m_registry->host() + QStringLiteral("/demo/app:1.0"); }
    session::DraftStore drafts() const
    {
        return session::DraftStore(m_home->filePath(QStringLiteral("data/colophon/drafts")));
    }
    bool waitForDrafts(qsizetype count) const
    {
        return QTest::qWaitFor([&] { return drafts().list().drafts.size() == count; }, longest);
    }
    bool mark(Program &program, const QString &row)
    {
        return program.bring(QStringLiteral("row imageTree ") + row) &&
               program.tell(QStringLiteral("key imageTree Space"));
    }

    std::unique_ptr<QTemporaryDir> m_home;
    std::unique_ptr<demo::DemoRegistry> m_registry;
};

void CrashJourney::init()
{
    m_home = std::make_unique<QTemporaryDir>();
    m_registry = std::make_unique<demo::DemoRegistry>(demo::Options());
    QVERIFY2(m_registry->start(), qPrintable(m_registry->errorString()));
}

void CrashJourney::restoresWhatWasUnsent()
{
    const QString before = m_registry->digestOfTag(QStringLiteral("demo/app"), QStringLiteral("1.0"));
    QString edited;
    {
        Program program(*m_home, {image()});
        QVERIFY(mark(program, QStringLiteral("0 ADD")));
        QVERIFY(program.shows(QStringLiteral("1 layer edited")));
        for (const QString &line : program.texts().split(QLatin1Char('\n')))
            if (line.contains(QStringLiteral(" → ")))
                edited = line;
        QVERIFY(edited.startsWith(before.left(19)));
        QVERIFY(waitForDrafts(1));
        QVERIFY(program.end());
    }
    // The tag is where it was, and the edits are not lost.
    QCOMPARE(m_registry->digestOfTag(QStringLiteral("demo/app"), QStringLiteral("1.0")), before);
    QCOMPARE(drafts().list().drafts.size(), 1);
    QVERIFY(!drafts().list().drafts.first().isOpen);
    Program program(*m_home);
    QVERIFY(program.shows(QStringLiteral("You have unsent edits of ") + image()));
    QVERIFY2(program.texts().contains(QStringLiteral("(1 edit)")), qPrintable(program.texts()));
    QVERIFY(program.tell(QStringLiteral("press restoreDraft")));
    QVERIFY(program.shows(QStringLiteral("are back (1 edit)")));
    QVERIFY2(program.texts().contains(edited), qPrintable(program.texts())); // the same bytes
    QVERIFY2(!program.texts().contains(QStringLiteral("You have unsent edits")), qPrintable(program.texts()));
    // Ended once more, without a touch: they are still there.
    QVERIFY(program.end());
    QCOMPARE(drafts().list().drafts.size(), 1);
}

void CrashJourney::twoProcessesKeepTheirOwn()
{
    Program first(*m_home, {image()});
    QVERIFY(mark(first, QStringLiteral("0 ADD")));
    QVERIFY(waitForDrafts(1));
    Program second(*m_home, {image()});
    QVERIFY(second.shows(QStringLiteral("Another window is editing ") + image()));
    QVERIFY2(!second.texts().contains(QStringLiteral("You have unsent edits")), qPrintable(second.texts()));
    QVERIFY(mark(second, QStringLiteral("1 COPY")));
    QVERIFY(waitForDrafts(2));
    QVERIFY(first.end());
    QVERIFY(second.end());
    QSet<oci::Digest> contents;
    for (const session::StoredDraft &each : drafts().list().drafts)
        contents.insert(each.draft.edits.first().content);
    QCOMPARE(contents.size(), 2);
    // Both are offered.
    Program third(*m_home);
    QVERIFY(third.shows(QStringLiteral("You have unsent edits of ") + image()));
    QCOMPARE(third.texts().count(QStringLiteral("You have unsent edits of ") + image()), 2);
}

QTEST_GUILESS_MAIN(CrashJourney)
#include "tst_crashjourney.moc"
