// SPDX-License-Identifier: Apache-2.0
// The program itself, ended while edits are unsent: the next start offers and restores them. It is driven through a
// plugin of Qt's (driver/), and edits an image of a registry that lives here.
#include "demo/demoregistry.h"
#include "journeys/drivenprogram.h"
#include "session/draftstore.h"

#include <QTemporaryDir>
#include <QTest>

using namespace colophon;

using test::DrivenProgram;

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
        return QTest::qWaitFor([&] { return drafts().list().drafts.size() == count; }, DrivenProgram::longest);
    }
    bool mark(DrivenProgram &program, const QString &row)
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
        DrivenProgram program(*m_home, {image()});
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
    DrivenProgram program(*m_home);
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
    DrivenProgram first(*m_home, {image()});
    QVERIFY(mark(first, QStringLiteral("0 ADD")));
    QVERIFY(waitForDrafts(1));
    DrivenProgram second(*m_home, {image()});
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
    DrivenProgram third(*m_home);
    QVERIFY(third.shows(QStringLiteral("You have unsent edits of ") + image()));
    QCOMPARE(third.texts().count(QStringLiteral("You have unsent edits of ") + image()), 2);
}

QTEST_GUILESS_MAIN(CrashJourney)
#include "tst_crashjourney.moc"
