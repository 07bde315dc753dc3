// SPDX-License-Identifier: Apache-2.0
// What was typed is overwritten where it stood, not only taken out of sight.
#include "widgets/common/secretfield.h"

#include <QSignalSpy>
#include <QTest>

using colophon::base::Secret;
using colophon::widgets::SecretField;

class TestSecretField : public QObject
{
    Q_OBJECT

    // Typed, with a look at the field's own buffer.
    static QString typed(SecretField &field)
    {
        field.show();
        field.insert(QStringLiteral("pass "));
        field.insert(QStringLiteral("wörd"));
        return field.text();
    }
    static bool isOverwritten(const QString &buffer) { return buffer == QString(9, QChar(u'\0')); }

private Q_SLOTS:
    void nothingIsShown()
    {
        SecretField field;
        typed(field);
        QCOMPARE(field.echoMode(), QLineEdit::Password);
        QVERIFY(field.inputMethodHints().testFlag(Qt::ImhSensitiveData));
        QVERIFY(!field.displayText().contains(QStringLiteral("pass")));
    }

    void takenOnce()
    {
        SecretField field;
        const QString buffer = typed(field);
        QCOMPARE(buffer, QStringLiteral("pass wörd"));
        const Secret secret = field.take();
        QCOMPARE(secret.reveal(), QByteArray("pass wörd"));
        QVERIFY(isOverwritten(buffer));
        QVERIFY(field.text().isEmpty());
        field.undo();
        QVERIFY(field.text().isEmpty());
        QVERIFY(field.take().isEmpty());
    }

    void aLiteralIsLeftAlone()
    {
        SecretField field;
        field.setText(QStringLiteral("from a test"));
        QCOMPARE(field.take().reveal(), QByteArray("from a test"));
        QVERIFY(field.text().isEmpty());
    }

    void whenHidden()
    {
        SecretField field;
        const QString buffer = typed(field);
        QSignalSpy changed(&field, &QLineEdit::textChanged);
        field.hide();
        QVERIFY(isOverwritten(buffer));
        QVERIFY(field.text().isEmpty());
        field.show(); // whoever asked for it sees that it is gone
        QCOMPARE(changed.size(), 1);
        QCOMPARE(changed.constFirst().constFirst().toString(), QString());
        field.hide();
        field.show();
        QCOMPARE(changed.size(), 1);
    }

    void whenGone()
    {
        auto field = std::make_unique<SecretField>();
        const QString buffer = typed(*field);
        field.reset();
        QVERIFY(isOverwritten(buffer));
    }
};

QTEST_MAIN(TestSecretField)
#include "tst_secretfield.moc"
