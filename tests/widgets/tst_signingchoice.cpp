// SPDX-License-Identifier: Apache-2.0
// The choice of keys and forms: what it signs with, and everything that keeps it from signing.
#include "signing/forms.h"
#include "support/fakekeychain.h"
#include "widgets/signing/keychoice.h"
#include "widgets/signing/signingchoice.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

using namespace colophon;
using Form = widgets::SigningChoice::Form;

namespace {
QString data(const char *name) { return QStringLiteral(COLOPHON_TEST_DATA "/signing/") + QLatin1String(name); }
const QString withoutPassphrase = data("keys/cosign-nopass.key");
const QString withPassphrase = data("keys/cosign-v3.key");
const QString passphrase = QStringLiteral("testpass");
} // namespace

class TestSigningChoice : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_keychain = std::make_shared<test::FakeKeychain>();
        m_choice = std::make_unique<widgets::SigningChoice>();
        m_choice->setKeychain(m_keychain);
        m_choice->show();
    }
    void cleanup() { m_choice.reset(); }

    void signsInBothFormsUnlessToldOtherwise()
    {
        QVERIFY(m_choice->signers().isEmpty());
        QVERIFY(!m_choice->formChoice()->isVisible()); // nothing to choose yet
        choose(0, withoutPassphrase);
        QVERIFY(QTest::qWaitFor([&] { return !m_choice->isPending(); }));
        QCOMPARE(forms(), (QStringList{signing::cosignLegacyForm, signing::cosignBundleForm}));
        QVERIFY(m_choice->formChoice()->isVisible());
        m_choice->setForm(Form::CosignLegacy);
        QCOMPARE(forms(), QStringList{signing::cosignLegacyForm});
        m_choice->setForm(Form::CosignBundle);
        QCOMPARE(forms(), QStringList{signing::cosignBundleForm});
        QVERIFY(!m_choice->isIndexOnly());
        QTest::keyClick(m_choice->indexOnlyBox(), Qt::Key_Space);
        QVERIFY(m_choice->isIndexOnly());
        m_choice->setMultiPlatform(false); // one manifest: there is no index
        QVERIFY(!m_choice->isIndexOnly());
        QVERIFY(!m_choice->indexOnlyBox()->isVisible());
    }

    void severalKeys()
    {
        choose(0, withoutPassphrase);
        QVERIFY(QTest::qWaitFor([&] { return m_choice->signers().size() == 2; }));
        QVERIFY(!m_choice->row(0)->removeButton()->isVisible());
        QTest::keyClick(m_choice->addButton(), Qt::Key_Space);
        QCOMPARE(m_choice->rows(), 2);
        QCOMPARE(m_choice->signers().size(), 2); // the empty row stands in nobody's way
        choose(1, data("keys/imp-sec1-p256.pub"));
        QVERIFY(m_choice->isPending());
        QVERIFY(m_choice->signers().isEmpty()); // never with fewer keys than were chosen
        QVERIFY(
            QTest::qWaitFor([&] { return m_choice->row(1)->note().contains(QStringLiteral("imp-sec1-p256.pub")); }));
        QVERIFY(m_choice->isPending());
        choose(1, data("keys/raw-sec1-p256.pem"));
        QVERIFY(QTest::qWaitFor([&] { return m_choice->signers().size() == 4; }));
        QCOMPARE(m_choice->publicKeys().size(), 2);
        choose(1, withoutPassphrase); // the same again signs once
        QVERIFY(QTest::qWaitFor([&] { return !m_choice->isPending(); }));
        QCOMPARE(m_choice->signers().size(), 2);
        QTest::mouseClick(m_choice->row(1)->removeButton(), Qt::LeftButton);
        QCOMPARE(m_choice->rows(), 1);
    }

    void wrongPassphraseIsSaidInPlace()
    {
        QSignalSpy opened(m_choice.get(), &widgets::SigningChoice::keyOpened);
        choose(0, withPassphrase);
        QVERIFY(QTest::qWaitFor([&] { return field()->isVisible(); }));
        QVERIFY(!field()->text().contains(passphrase));
        type(QStringLiteral("not this"));
        QVERIFY(QTest::qWaitFor([&] { return note().contains(QStringLiteral("Wrong passphrase")); }));
        QVERIFY(field()->isVisible());
        QVERIFY(field()->text().isEmpty());
        QVERIFY(m_choice->isPending());
        QCOMPARE(opened.size(), 0);
        type(passphrase);
        QVERIFY(QTest::qWaitFor([&] { return !m_choice->isPending(); }));
        QVERIFY(!field()->isVisible());
        QCOMPARE(m_choice->signers().size(), 2);
        QCOMPARE(opened.size(), 1);
        QVERIFY(m_keychain->kept.isEmpty()); // nobody asked for it to be remembered
    }

    void remembersOnlyWhenAsked()
    {
        choose(0, withPassphrase);
        QVERIFY(QTest::qWaitFor([&] { return m_choice->row(0)->rememberBox()->isVisible(); }));
        QTest::keyClick(m_choice->row(0)->rememberBox(), Qt::Key_Space);
        type(QStringLiteral("not this")); // a wrong one is not kept
        QVERIFY(QTest::qWaitFor([&] { return note().contains(QStringLiteral("Wrong passphrase")); }));
        QVERIFY(m_keychain->kept.isEmpty());
        type(passphrase);
        QVERIFY(QTest::qWaitFor([&] { return m_keychain->kept.contains(withPassphrase); }));
        QCOMPARE(m_keychain->kept.value(withPassphrase).password.reveal(), passphrase.toUtf8());

        // The next time nobody is asked.
        m_choice = std::make_unique<widgets::SigningChoice>();
        m_choice->setKeychain(m_keychain);
        m_choice->show();
        QTest::qWait(0);
        choose(0, withPassphrase);
        QVERIFY(QTest::qWaitFor([&] { return m_choice->signers().size() == 2; }));
        QVERIFY(!field()->isVisible());

        // What the keychain has is wrong by now: it is said, and asked for.
        m_keychain->kept[withPassphrase].password = base::Secret("old");
        choose(0, withPassphrase);
        QVERIFY(QTest::qWaitFor([&] { return field()->isVisible(); }));
        QVERIFY(note().contains(QStringLiteral("keychain")));
        type(passphrase);
        QVERIFY(QTest::qWaitFor([&] { return !m_choice->isPending(); }));
    }

    void withoutAKeychainNothingIsOffered()
    {
        m_keychain->isThere = false;
        m_choice->setKeychain(m_keychain);
        choose(0, withPassphrase);
        QVERIFY(QTest::qWaitFor([&] { return field()->isVisible(); }));
        QVERIFY(!m_choice->row(0)->rememberBox()->isVisible());
    }

    // Notation wants certificates, and says what is wrong with them before anything moves.
    void certificatesOfNotation()
    {
        choose(0, data("keys/raw-sec1-p256.pem"));
        QVERIFY(QTest::qWaitFor([&] { return m_choice->signers().size() == 2; }));
        m_choice->setForm(Form::Notation);
        QVERIFY(m_choice->isCertificateWanting());
        QVERIFY(m_choice->signers().isEmpty());
        QVERIFY(certificateNote()->isVisible());
        m_choice->row(0)->chooseCertificates({data("keys/certificate.crt")}); // of another key
        QVERIFY(m_choice->isCertificateWanting());
        QVERIFY2(certificateNote()->text().contains(QStringLiteral("is not that of")),
                 qPrintable(certificateNote()->text()));
        m_choice->row(0)->chooseCertificates({withoutPassphrase}); // no certificate at all
        QVERIFY2(certificateNote()->text().contains(QStringLiteral("cosign-nopass.key")),
                 qPrintable(certificateNote()->text()));
        m_choice->setForm(Form::Cosign); // cosign's forms want none
        QVERIFY(!m_choice->isCertificateWanting());
        QCOMPARE(m_choice->signers().size(), 2);
        QVERIFY(!certificateNote()->isVisible());
    }

    void keysUsedBeforeAreOffered()
    {
        m_choice->setKeyFiles({withoutPassphrase, withPassphrase});
        QCOMPARE(m_choice->choice()->count(), 4);
        m_choice->choice()->setFocus();
        QTest::keyClick(m_choice->choice(), Qt::Key_Down);
        Q_EMIT m_choice->choice()->activated(m_choice->choice()->currentIndex());
        QVERIFY(QTest::qWaitFor([&] { return m_choice->signers().size() == 2; }));
        m_choice->setKeyFiles({withPassphrase, withoutPassphrase});
        QCOMPARE(m_choice->choice()->currentText(), QStringLiteral("cosign-nopass.key")); // what is chosen stays
    }

private:
    void choose(int row, const QString &path) { m_choice->row(row)->chooseKeyFile(path); }
    QLineEdit *field() const { return m_choice->passphraseField(); }
    QString note() const { return m_choice->row(0)->note(); }
    QLabel *certificateNote() const { return m_choice->findChild<QLabel *>(QStringLiteral("certificateNote")); }
    void type(const QString &text)
    {
        QTest::keyClicks(field(), text);
        QTest::keyClick(field(), Qt::Key_Return);
    }
    QStringList forms() const
    {
        QStringList all;
        for (const auto &signer : m_choice->signers())
            all.append(signer->form());
        return all;
    }

    std::shared_ptr<test::FakeKeychain> m_keychain;
    std::unique_ptr<widgets::SigningChoice> m_choice;
};

QTEST_MAIN(TestSigningChoice)
#include "tst_signingchoice.moc"
