// SPDX-License-Identifier: Apache-2.0
// A new pair of keys through its dialog: what keeps it from being made, and what is there afterwards.
#include "signing/keys.h"
#include "support/canary/canary.h"
#include "widgets/signing/newkeydialog.h"

#include <QClipboard>
#include <QFile>
#include <QGuiApplication>
#include <QLineEdit>
#include <QPointer>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace colophon;
using widgets::NewKeyDialog;

class TestNewKeyDialog : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_dialog = new NewKeyDialog;
        m_dialog->show();
        m_dialog->pathField()->setText(prefix());
    }
    void cleanup() { delete m_dialog; }

    void makesThePair()
    {
        QSignalSpy created(m_dialog, &NewKeyDialog::created);
        QVERIFY(!m_dialog->createButton()->isEnabled());
        QTest::keyClicks(m_dialog->passphraseField(), QStringLiteral(COLOPHON_CANARY));
        QTest::keyClicks(m_dialog->againField(), QStringLiteral(COLOPHON_CANARY).chopped(1));
        QVERIFY(!m_dialog->createButton()->isEnabled());
        QVERIFY(m_dialog->said().contains(QStringLiteral("differ")));
        QTest::keyClicks(m_dialog->againField(), QStringLiteral(COLOPHON_CANARY).last(1));
        QVERIFY(m_dialog->createButton()->isEnabled());
        QTest::keyClick(m_dialog->againField(), Qt::Key_Return);
        QVERIFY(QTest::qWaitFor([&] { return m_dialog->isDone(); }, 20'000));
        QCOMPARE(created.size(), 1);
        QVERIFY(signing::SigningKey::fromFile(prefix() + QStringLiteral(".key"), base::Secret(COLOPHON_CANARY))
                    .has_value());
        QVERIFY(!signing::SigningKey::fromFile(prefix() + QStringLiteral(".key"), base::Secret("other")).has_value());
        QVERIFY(signing::PublicKey::fromFile(prefix() + QStringLiteral(".pub")).has_value());
        QVERIFY(m_dialog->passphraseField()->text().isEmpty());
        auto *copy = m_dialog->findChild<QPushButton *>(QStringLiteral("copyPublicPath"));
        QTest::keyClick(copy, Qt::Key_Space);
        QCOMPARE(QGuiApplication::clipboard()->text(), prefix() + QStringLiteral(".pub"));
    }

    void overwritesNothing()
    {
        QFile there(prefix() + QStringLiteral(".pub"));
        QVERIFY(there.open(QIODevice::WriteOnly));
        there.write("mine");
        there.close();
        QTest::keyClicks(m_dialog->passphraseField(), QStringLiteral("s"));
        QTest::keyClicks(m_dialog->againField(), QStringLiteral("s"));
        QVERIFY(!m_dialog->createButton()->isEnabled());
        QVERIFY2(m_dialog->said().contains(QStringLiteral("k.pub")), qPrintable(m_dialog->said()));
        QVERIFY(there.open(QIODevice::ReadOnly));
        QCOMPARE(there.readAll(), QByteArray("mine"));
        QVERIFY(!QFile::exists(prefix() + QStringLiteral(".key")));
    }

    // It appeared while the passphrase was typed: said, nothing lost.
    void failsInPlace()
    {
        QTest::keyClicks(m_dialog->passphraseField(), QStringLiteral("s"));
        QTest::keyClicks(m_dialog->againField(), QStringLiteral("s"));
        QFile there(prefix() + QStringLiteral(".key"));
        QVERIFY(there.open(QIODevice::WriteOnly));
        there.close();
        QTest::keyClick(m_dialog->againField(), Qt::Key_Return);
        QVERIFY(QTest::qWaitFor([&] { return m_dialog->said().contains(QStringLiteral("k.key")); }, 20'000));
        QVERIFY(!m_dialog->isDone());
        QVERIFY(!QFile::exists(prefix() + QStringLiteral(".pub")));
    }

    void folderThatIsNotThere()
    {
        m_dialog->pathField()->setText(m_folder->filePath(QStringLiteral("nowhere/k")));
        QVERIFY(!m_dialog->createButton()->isEnabled());
        QVERIFY2(m_dialog->said().contains(QStringLiteral("nowhere")), qPrintable(m_dialog->said()));
    }

private:
    QString prefix() const { return m_folder->filePath(QStringLiteral("k")); }
    std::unique_ptr<QTemporaryDir> m_folder;
    QPointer<NewKeyDialog> m_dialog;
};

QTEST_MAIN(TestNewKeyDialog)
#include "tst_newkeydialog.moc"
