// SPDX-License-Identifier: Apache-2.0
#include "widgets/connect/certificatedialog.h"

#include "widgets/connect/acceptedcertificates.h"

#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

using namespace colophon;

namespace {

content::ServerCertificate sample()
{
    content::ServerCertificate certificate;
    certificate.exception = {QStringLiteral("registry.example"), 5000, oci::Digest::of("certificate")};
    certificate.subject = QStringLiteral("<b>registry.example</b>");
    certificate.issuer = QStringLiteral("Somebody (Example Ltd)");
    certificate.names = {QStringLiteral("registry.example"), QStringLiteral("*.registry.example")};
    certificate.validFrom = QDateTime(QDate(2026, 1, 1), QTime(0, 0), Qt::UTC);
    certificate.validUntil = QDateTime(QDate(2027, 1, 1), QTime(0, 0), Qt::UTC);
    certificate.problems = {QStringLiteral("The certificate of registry.example is self-signed.")};
    return certificate;
}

// All that can be read in a dialog.
QString textOf(const QWidget &dialog)
{
    QStringList texts;
    for (const QLabel *label : dialog.findChildren<QLabel *>()) {
        if (label->textFormat() == Qt::PlainText)
            texts.append(label->text());
    }
    return texts.join(QLatin1Char('\n'));
}

} // namespace

class CertificateDialogTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void showsWhatIsToBeJudged()
    {
        widgets::CertificateDialog dialog(sample());
        dialog.setAttribute(Qt::WA_DeleteOnClose, false);
        const QString text = textOf(dialog);
        for (const QString &part : {QStringLiteral("registry.example:5000"), QStringLiteral("<b>registry.example</b>"),
                                    QStringLiteral("Somebody (Example Ltd)"), QStringLiteral("*.registry.example"),
                                    QStringLiteral("self-signed")})
            QVERIFY2(text.contains(part), qPrintable(text));
        // The whole fingerprint, in two lines.
        const QString joined = QString(text).replace(QLatin1Char('\n'), QLatin1Char(':'));
        QVERIFY2(joined.contains(content::fingerprintText(sample().exception.fingerprint).mid(7)), qPrintable(joined));
        QVERIFY(!text.contains(QStringLiteral("accepted for this server before")));
    }

    void returnAcceptsNothing()
    {
        widgets::CertificateDialog dialog(sample());
        dialog.setAttribute(Qt::WA_DeleteOnClose, false);
        QSignalSpy accepted(&dialog, &widgets::CertificateDialog::certificateAccepted);
        dialog.show();
        QTest::keyClick(&dialog, Qt::Key_Return);
        QCOMPARE(accepted.size(), 0);
        QVERIFY(!dialog.isVisible());
    }

    void acceptsWhenToldTo()
    {
        widgets::CertificateDialog dialog(sample());
        dialog.setAttribute(Qt::WA_DeleteOnClose, false);
        content::CertificateException given;
        connect(&dialog, &widgets::CertificateDialog::certificateAccepted, this,
                [&given](const content::ServerCertificate &certificate) { given = certificate.exception; });
        dialog.acceptButton()->click();
        QCOMPARE(given, sample().exception);
    }

    void saysThatItChanged()
    {
        content::ServerCertificate changed = sample();
        changed.expected = oci::Digest::of("the one before");
        widgets::CertificateDialog dialog(changed);
        dialog.setAttribute(Qt::WA_DeleteOnClose, false);
        QVERIFY(textOf(dialog).contains(QStringLiteral("accepted for this server before")));
        const QString joined = textOf(dialog).replace(QLatin1Char('\n'), QLatin1Char(':'));
        QVERIFY(joined.contains(content::fingerprintText(changed.expected).mid(7)));
    }

    void aRevokedOneIsNotAccepted()
    {
        content::ServerCertificate revoked = sample();
        revoked.canBeAccepted = false;
        widgets::CertificateDialog dialog(revoked);
        dialog.setAttribute(Qt::WA_DeleteOnClose, false);
        QSignalSpy accepted(&dialog, &widgets::CertificateDialog::certificateAccepted);
        QVERIFY(!dialog.acceptButton()->isEnabled());
        dialog.accept();
        QCOMPARE(accepted.size(), 0);
    }

    void listsAndRemoves()
    {
        const content::CertificateException first = sample().exception;
        const content::CertificateException second{QStringLiteral("other.example"), 443, oci::Digest::of("other")};
        widgets::AcceptedCertificates dialog({first, second});
        dialog.setAttribute(Qt::WA_DeleteOnClose, false);
        QList<content::CertificateException> removed;
        connect(&dialog, &widgets::AcceptedCertificates::removed, this,
                [&removed](const content::CertificateException &each) { removed.append(each); });
        dialog.show();
        QCOMPARE(dialog.list()->count(), 2);
        QVERIFY(dialog.list()->item(1)->text().contains(widgets::inTwoLines(second.fingerprint)));
        dialog.list()->setCurrentRow(1);
        dialog.removeButton()->click();
        QCOMPARE(removed, QList<content::CertificateException>{second});
        dialog.removeButton()->click();
        QCOMPARE(removed.last(), first);
        QVERIFY(!dialog.removeButton()->isEnabled());
        QVERIFY(dialog.findChild<QLabel *>(QStringLiteral("nothing"))->isVisible());
    }
};

QTEST_MAIN(CertificateDialogTest)
#include "tst_certificatedialog.moc"
