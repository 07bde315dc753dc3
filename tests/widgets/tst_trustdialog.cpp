// SPDX-License-Identifier: Apache-2.0
// Whom to believe: what is taken is remembered as paths, and what cannot be read is said and not taken.
#include "session/settings.h"
#include "support/canary/canary.h"
#include "widgets/signing/publickeys.h"
#include "widgets/signing/trustdialog.h"

#include <QFile>
#include <QLineEdit>
#include <QListWidget>
#include <QPointer>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace colophon;
using widgets::TrustDialog;

namespace {
QString data(const char *name) { return QStringLiteral(COLOPHON_TEST_DATA "/signing/") + QLatin1String(name); }
} // namespace

class TestTrustDialog : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_settings = std::make_unique<session::Settings>(m_folder->filePath(QStringLiteral("c.conf")));
        open();
    }
    void cleanup()
    {
        delete m_dialog;
        m_settings.reset();
        QCOMPARE(test::canariesBelow(m_folder->path()), QStringList());
    }

    void keys()
    {
        QSignalSpy changed(m_dialog, &TrustDialog::changed);
        m_dialog->addKey(data("keys/cosign-v3.pub"));
        QCOMPARE(m_settings->keyFiles(), QStringList{data("keys/cosign-v3.pub")});
        QCOMPARE(m_dialog->keys()->count(), 1);
        QVERIFY(m_dialog->keys()->item(0)->text().startsWith(QStringLiteral("cosign-v3.pub")));
        QCOMPARE(changed.size(), 1);
        m_dialog->addKey(data("keys/chain-p384.pem")); // no key
        QCOMPARE(changed.size(), 1);
        QVERIFY(!m_dialog->said().isEmpty());
        QCOMPARE(m_dialog->keys()->count(), 1);
        m_dialog->keys()->setCurrentRow(0);
        QTest::keyClick(m_dialog->findChild<QPushButton *>(QStringLiteral("removeKey")), Qt::Key_Space);
        QVERIFY(m_settings->keyFiles().isEmpty());
        QCOMPARE(m_dialog->keys()->count(), 0);
        QCOMPARE(changed.size(), 2);
    }

    void roots()
    {
        m_dialog->addRoots({data("keys/chain-p384.pem")});
        QCOMPARE(m_settings->signatureTrust().rootFiles, QStringList{data("keys/chain-p384.pem")});
        QCOMPARE(m_dialog->roots()->count(), 1);
        m_dialog->addRoots({data("keys/cosign-v3.pub")});
        QVERIFY(m_dialog->said().contains(QStringLiteral("cosign-v3.pub")));
        QCOMPARE(m_settings->signatureTrust().rootFiles.size(), 1);
        open(); // remembered
        QCOMPARE(m_dialog->roots()->count(), 1);
        m_dialog->roots()->setCurrentRow(0);
        QTest::keyClick(m_dialog->findChild<QPushButton *>(QStringLiteral("removeRoot")), Qt::Key_Space);
        QVERIFY(m_settings->signatureTrust().rootFiles.isEmpty());
    }

    // What lies beside a private key may be anybody's: it is believed where it is known to be its other half.
    void whatLiesBesideAKey()
    {
        const QString key = m_folder->filePath(QStringLiteral("k.key"));
        const QString beside = m_folder->filePath(QStringLiteral("k.pub"));
        QVERIFY(QFile::copy(data("keys/cosign-v3.key"), key));
        QVERIFY(QFile::copy(data("keys/cosign-v2.pub"), beside)); // of another
        const auto own = signing::PublicKey::fromFile(data("keys/cosign-v3.pub"));
        const auto believed = [&] { return widgets::rememberedPublicKeys(*m_settings).size(); };
        const QString unknown = QStringLiteral("k.key: its public half is not known until the key is used again");
        m_settings->addKeyFile(key);
        QCOMPARE(believed(), 0);
        m_settings->addKeyFile(key, own->fingerprint());
        QCOMPARE(believed(), 0);
        open();
        QCOMPARE(m_dialog->keys()->item(0)->text(), unknown);
        QVERIFY(QFile::remove(beside) && QFile::copy(data("keys/cosign-v3.pub"), beside));
        QCOMPARE(believed(), 1);
        open();
        QVERIFY(m_dialog->keys()->item(0)->text().startsWith(QStringLiteral("k.pub · ECDSA P-256")));
        m_settings->forgetKeyFile(key);
        m_settings->addKeyFile(key); // not opened since
        QCOMPARE(believed(), 0);
        m_settings->addKeyFile(beside); // but who chooses the public one means it
        QCOMPARE(believed(), 1);
    }

    // Roots without anybody who may sign verify nothing, which is said.
    void whoMaySign()
    {
        QVERIFY(m_dialog->said().isEmpty());
        m_dialog->addRoots({data("keys/chain-p384.pem")});
        QVERIFY2(m_dialog->said().contains(QStringLiteral("nothing is verified by them")),
                 qPrintable(m_dialog->said()));
        QSignalSpy changed(m_dialog, &TrustDialog::changed);
        m_dialog->signersField()->setFocus();
        QTest::keyClicks(m_dialog->signersField(), QStringLiteral(" dev@example.org;; https://git.example/w.yml "));
        QTest::keyClick(m_dialog->signersField(), Qt::Key_Return);
        QVERIFY(m_dialog->isVisible());
        const QStringList signers{QStringLiteral("dev@example.org"), QStringLiteral("https://git.example/w.yml")};
        QCOMPARE(m_settings->signatureTrust().signers, signers);
        QVERIFY(m_settings->signatureTrust().vouchers.isEmpty());
        QCOMPARE(changed.size(), 1);
        QVERIFY(m_dialog->said().isEmpty());
        QTest::keyClicks(m_dialog->vouchersField(), QStringLiteral("https://accounts.example.org"));
        QTest::keyClick(m_dialog->vouchersField(), Qt::Key_Return);
        QCOMPARE(m_settings->signatureTrust().vouchers, QStringList{QStringLiteral("https://accounts.example.org")});
        QCOMPARE(changed.size(), 2);
        open(); // remembered
        QCOMPARE(m_dialog->signersField()->text(), signers.join(QStringLiteral("; ")));
        QCOMPARE(m_dialog->vouchersField()->text(), QStringLiteral("https://accounts.example.org"));
        m_dialog->signersField()->setText(QStringLiteral("*"));
        QTest::keyClick(m_dialog->signersField(), Qt::Key_Return);
        QCOMPARE(m_settings->signatureTrust().signers, QStringList{QStringLiteral("*")});
        QVERIFY2(m_dialog->said().contains(QStringLiteral("Whoever the roots vouch for is believed")),
                 qPrintable(m_dialog->said()));
        m_dialog->signersField()->clear();
        QTest::keyClick(m_dialog->signersField(), Qt::Key_Return);
        QVERIFY(m_settings->signatureTrust().signers.isEmpty());
    }

    void policy()
    {
        const QString good = data("notation-trust/trustpolicy.json");
        QSignalSpy changed(m_dialog, &TrustDialog::changed);
        m_dialog->policyField()->setText(good);
        QTest::keyClick(m_dialog->policyField(), Qt::Key_Return);
        QVERIFY(m_dialog->isVisible()); // Return ends the field, not the dialog
        QCOMPARE(m_settings->signatureTrust().trustPolicy, good);
        QCOMPARE(m_settings->signatureTrust().trustStore, data("notation-trust")); // beside it, as notation has it
        QCOMPARE(changed.size(), 1);
        // What worked before stays where the new one cannot be read.
        m_dialog->setPolicy(m_folder->path(), write("bad.json", R"({"version":"1.0","trustPolicies":[{"nmae":"x"}]})"));
        QVERIFY(!m_dialog->said().isEmpty());
        QCOMPARE(m_settings->signatureTrust().trustPolicy, good);
        QCOMPARE(changed.size(), 1);
        m_dialog->setPolicy({}, {});
        QVERIFY(m_settings->signatureTrust().trustPolicy.isEmpty());
        QCOMPARE(changed.size(), 2);
    }

private:
    void open()
    {
        delete m_dialog;
        m_dialog = new TrustDialog(*m_settings);
        m_dialog->show();
    }
    QString write(const char *name, const QByteArray &bytes) const
    {
        QFile file(m_folder->filePath(QLatin1String(name)));
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
            qFatal("A file of the test cannot be written.");
        return file.fileName();
    }
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<session::Settings> m_settings;
    QPointer<TrustDialog> m_dialog;
};

QTEST_MAIN(TestTrustDialog)
#include "tst_trustdialog.moc"
