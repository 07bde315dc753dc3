// SPDX-License-Identifier: Apache-2.0
#include "widgets/connect/signindialog.h"

#include <QLabel>
#include <QLineEdit>
#include <QPointer>
#include <QSignalSpy>
#include <QTest>

using namespace colophon;

class SignInDialogTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void givesTheCredentialOnceAndForgetsIt();
    void wantsBoth();
    void forgetsOnCancel();
    void showsTheHost();
    void keepsTheUser();
};

void SignInDialogTest::givesTheCredentialOnceAndForgetsIt()
{
    QPointer dialog = new widgets::SignInDialog(QStringLiteral("registry.example"), {}, false);
    dialog->setAttribute(Qt::WA_DeleteOnClose, false);
    QString user;
    QByteArray password;
    int given = 0;
    connect(dialog, &widgets::SignInDialog::credentialGiven, this,
            [&](const QString &registry, const content::Credential &credential) {
                QCOMPARE(registry, QStringLiteral("registry.example"));
                user = credential.user;
                password = credential.password.reveal();
                ++given;
            });
    QTest::keyClicks(dialog->userField(), QStringLiteral("vendor"));
    dialog->passwordField()->setText(QStringLiteral("pässword"));
    dialog->accept();
    QCOMPARE(given, 1);
    QCOMPARE(user, QStringLiteral("vendor"));
    QCOMPARE(password, QStringLiteral("pässword").toUtf8());
    QVERIFY(dialog->passwordField()->text().isEmpty());
    delete dialog;
}

void SignInDialogTest::wantsBoth()
{
    widgets::SignInDialog dialog(QStringLiteral("registry.example"), {}, false);
    dialog.setAttribute(Qt::WA_DeleteOnClose, false);
    QSignalSpy given(&dialog, &widgets::SignInDialog::credentialGiven);
    dialog.accept();
    dialog.userField()->setText(QStringLiteral("vendor"));
    dialog.accept();
    QCOMPARE(given.size(), 0);
}

void SignInDialogTest::forgetsOnCancel()
{
    widgets::SignInDialog dialog(QStringLiteral("registry.example"), {}, false);
    dialog.setAttribute(Qt::WA_DeleteOnClose, false);
    QSignalSpy given(&dialog, &widgets::SignInDialog::credentialGiven);
    dialog.passwordField()->setText(QStringLiteral("s3cret"));
    QCOMPARE(dialog.passwordField()->echoMode(), QLineEdit::Password);
    dialog.reject();
    QVERIFY(dialog.passwordField()->text().isEmpty());
    QCOMPARE(given.size(), 0);
}

void SignInDialogTest::showsTheHost()
{
    widgets::SignInDialog dialog(QStringLiteral("<b>registry.example</b>"), {}, false);
    dialog.setAttribute(Qt::WA_DeleteOnClose, false);
    auto *host = dialog.findChild<QLabel *>(QStringLiteral("registry"));
    QCOMPARE(host->text(), QStringLiteral("<b>registry.example</b>"));
    QCOMPARE(host->textFormat(), Qt::PlainText);
}

void SignInDialogTest::keepsTheUser()
{
    widgets::SignInDialog dialog(QStringLiteral("registry.example"), {}, true);
    dialog.setAttribute(Qt::WA_DeleteOnClose, false);
    dialog.setUser(QStringLiteral("vendor"));
    QCOMPARE(dialog.userField()->text(), QStringLiteral("vendor"));
    QCOMPARE(dialog.focusWidget(), dialog.passwordField());
    QVERIFY(dialog.passwordField()->text().isEmpty());
}

QTEST_MAIN(SignInDialogTest)
#include "tst_signindialog.moc"
