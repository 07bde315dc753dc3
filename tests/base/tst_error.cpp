// SPDX-License-Identifier: Apache-2.0
// The error value: its exit code, its line and its JSON are what scripts and people build on.
#include "base/error.h"

#include <QJsonDocument>
#include <QSet>
#include <QTest>

using namespace colophon;
using base::Error;
using base::ErrorKind;
using base::Side;

Q_DECLARE_METATYPE(colophon::base::ErrorKind)

class TestError : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyKindHasItsExitCodeAndName_data()
    {
        QTest::addColumn<ErrorKind>("kind");
        QTest::addColumn<int>("code");
        const auto row = [](const char *name, ErrorKind kind, int code) { QTest::newRow(name) << kind << code; };
        row("failed", ErrorKind::Failed, 1);
        row("usage", ErrorKind::Usage, 2);
        row("invalid-data", ErrorKind::InvalidData, 1);
        row("too-large", ErrorKind::TooLarge, 1);
        row("not-found", ErrorKind::NotFound, 3);
        row("conflict", ErrorKind::Conflict, 4);
        row("check-failed", ErrorKind::CheckFailed, 5);
        row("unauthorized", ErrorKind::Unauthorized, 6);
        row("denied", ErrorKind::Denied, 6);
        row("not-signed", ErrorKind::NotSigned, 7);
        row("network", ErrorKind::Network, 1);
        row("tls", ErrorKind::Tls, 1);
        row("timeout", ErrorKind::Timeout, 1);
        row("protocol", ErrorKind::Protocol, 1);
        row("cancelled", ErrorKind::Cancelled, 130);
    }
    void everyKindHasItsExitCodeAndName()
    {
        QFETCH(ErrorKind, kind);
        QFETCH(int, code);
        QCOMPARE(base::exitCode(kind), code);
        QCOMPARE(base::nameOf(kind), QString::fromLatin1(QTest::currentDataTag()));
    }

    void theLineIsMessageAndHint()
    {
        Error error;
        error.message = QStringLiteral("It broke.");
        QCOMPARE(error.text(), QStringLiteral("It broke."));
        error.hint = QStringLiteral("Try again.");
        QCOMPARE(error.text(), QStringLiteral("It broke. Try again."));
    }

    void jsonOfABareError()
    {
        Error error;
        error.message = QStringLiteral("It broke.");
        const QJsonObject expected{{QStringLiteral("kind"), QStringLiteral("failed")},
                                   {QStringLiteral("operation"), QJsonValue()},
                                   {QStringLiteral("side"), QJsonValue()},
                                   {QStringLiteral("message"), QStringLiteral("It broke.")},
                                   {QStringLiteral("hint"), QJsonValue()},
                                   {QStringLiteral("wireCode"), QJsonValue()},
                                   {QStringLiteral("httpStatus"), QJsonValue()}};
        QCOMPARE(error.toJson(), expected);
        error.operation = QLatin1String(""); // empty, but not null
        QCOMPARE(error.toJson(), expected);
    }

    void jsonOfAFullError()
    {
        const Error error{ErrorKind::NotFound,
                          QStringLiteral("open app:1"),
                          Side::Destination,
                          QStringLiteral("No such tag."),
                          QStringLiteral("List the tags."),
                          QStringLiteral("MANIFEST_UNKNOWN"),
                          404};
        const QJsonObject expected{{QStringLiteral("kind"), QStringLiteral("not-found")},
                                   {QStringLiteral("operation"), QStringLiteral("open app:1")},
                                   {QStringLiteral("side"), QStringLiteral("destination")},
                                   {QStringLiteral("message"), QStringLiteral("No such tag.")},
                                   {QStringLiteral("hint"), QStringLiteral("List the tags.")},
                                   {QStringLiteral("wireCode"), QStringLiteral("MANIFEST_UNKNOWN")},
                                   {QStringLiteral("httpStatus"), 404}};
        QCOMPARE(error.toJson(), expected);
        QCOMPARE(error.onSide(Side::Source).toJson().value(QStringLiteral("side")).toString(),
                 QStringLiteral("destination"));
        QCOMPARE(Error().onSide(Side::Source).toJson().value(QStringLiteral("side")).toString(),
                 QStringLiteral("source"));
    }

    // The innermost layer knows best: what it said stays.
    void outerLayersOnlyFillIn()
    {
        Error error;
        error = error.withOperation(QStringLiteral("inner")).onSide(Side::Source).withHint(QStringLiteral("First."));
        const Error again =
            error.withOperation(QStringLiteral("outer")).onSide(Side::Destination).withHint(QStringLiteral("Second."));
        QCOMPARE(again, error);
        QCOMPARE(again.operation, QStringLiteral("inner"));
        QCOMPARE(again.side, Side::Source);
        QCOMPARE(again.hint, QStringLiteral("First."));
    }

    // What must be said whatever else was said comes after it, once.
    void aHintCanBeAdded()
    {
        const QString unchanged = QStringLiteral("Nothing was changed.");
        QCOMPARE(Error().withHintAdded(unchanged).hint, unchanged);
        const Error both = Error().withHint(QStringLiteral("Try again.")).withHintAdded(unchanged);
        QCOMPARE(both.hint, QStringLiteral("Try again. Nothing was changed."));
        QCOMPARE(both.withHintAdded(unchanged), both);
        QCOMPARE(both.withHintAdded(QString()), both);
    }
};

QTEST_GUILESS_MAIN(TestError)
#include "tst_error.moc"
