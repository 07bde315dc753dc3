// SPDX-License-Identifier: Apache-2.0
#include "widgets/connect/referencebar.h"

#include <QComboBox>
#include <QCompleter>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTest>

using namespace colophon;

class ReferenceBarTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void opensWhatWasTyped_data();
    void opensWhatWasTyped();
    void offersRecents();
    void leavingTheFieldOpensNothing();
    void offersPlatforms();
    void saysWhereNothingIsEncrypted();
};

void ReferenceBarTest::opensWhatWasTyped_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("opened"); // empty: refused
    QTest::newRow("reference") << "registry.example/vendor/app:1.4" << "registry.example/vendor/app:1.4";
    QTest::newRow("pasted with space") << "  registry.example/app:1\n" << "registry.example/app:1";
    QTest::newRow("as skopeo writes it") << "docker://registry.example/app:1" << "registry.example/app:1";
    QTest::newRow("nothing") << "" << "";
    QTest::newRow("upper case") << "registry.example/App:1" << "";
    QTest::newRow("markup") << "<b>x</b>" << "";
}

void ReferenceBarTest::opensWhatWasTyped()
{
    QFETCH(QString, typed);
    QFETCH(QString, opened);
    widgets::ReferenceBar bar;
    QSignalSpy open(&bar, &widgets::ReferenceBar::openRequested);
    QSignalSpy refused(&bar, &widgets::ReferenceBar::refused);
    bar.field()->setText(typed);
    QTest::keyClick(bar.field(), Qt::Key_Return);
    QCOMPARE(open.size(), opened.isEmpty() ? 0 : 1);
    QCOMPARE(refused.size(), opened.isEmpty() ? 1 : 0);
    if (!opened.isEmpty()) {
        QCOMPARE(open.first().first().value<oci::Reference>().toString(), opened);
    } else {
        const auto error = refused.first().first().value<base::Error>();
        QCOMPARE(error.kind, base::ErrorKind::Usage);
        QVERIFY(!error.message.isEmpty());
    }
}

void ReferenceBarTest::saysWhereNothingIsEncrypted()
{
    widgets::ReferenceBar bar;
    QStringList inClear;
    bar.setInClear([&inClear](const QString &registry) { return inClear.contains(registry); });
    const auto badge = [&bar] { return bar.field()->actions().constFirst()->toolTip(); };
    bar.field()->setText(QStringLiteral("registry.example/app:1"));
    QVERIFY2(badge().startsWith(QStringLiteral("Encrypted")), qPrintable(badge()));
    inClear.append(QStringLiteral("registry.example"));
    bar.showBadge();
    QVERIFY2(badge().startsWith(QStringLiteral("Not encrypted")), qPrintable(badge()));
    bar.field()->setText(QStringLiteral("other.example/app:1"));
    QVERIFY2(badge().startsWith(QStringLiteral("Encrypted")), qPrintable(badge()));
    bar.field()->setText(QStringLiteral("127.0.0.1:5000/app:1"));
    QVERIFY2(badge().startsWith(QStringLiteral("This computer")), qPrintable(badge()));
}

void ReferenceBarTest::offersRecents()
{
    widgets::ReferenceBar bar;
    bar.field()->setText(QStringLiteral("half typ"));
    bar.setRecents({QStringLiteral("registry.example/app:1"), QStringLiteral("registry.example/other:2")});
    QCOMPARE(bar.text(), QStringLiteral("half typ")); // what is being typed stays
    auto *completer = bar.field()->completer();
    QVERIFY(completer);
    completer->setCompletionPrefix(QStringLiteral("OTHER"));
    QCOMPARE(completer->currentCompletion(), QStringLiteral("registry.example/other:2"));
}

// A reference of the list that came into the field by itself, as at a restored draft.
void ReferenceBarTest::leavingTheFieldOpensNothing()
{
    widgets::ReferenceBar bar;
    bar.show();
    bar.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&bar));
    const QString known = QStringLiteral("registry.example/app:1");
    const QSignalSpy opened(&bar, &widgets::ReferenceBar::openRequested);
    const auto leaves = [&] {
        bar.focusField();
        bar.platformChoice()->setEnabled(true);
        bar.platformChoice()->setFocus();
        return !bar.field()->hasFocus();
    };
    bar.focusField();
    bar.setRecents({QStringLiteral("registry.example/other:2"), known});
    bar.setReference(*oci::Reference::parse(known));
    QVERIFY(leaves());
    QCOMPARE(opened.size(), 0);
    bar.setRecents({known}); // the list anew, as after every opening
    QCOMPARE(bar.text(), known);
    QVERIFY(leaves());
    QCOMPARE(opened.size(), 0);
}

void ReferenceBarTest::offersPlatforms()
{
    widgets::ReferenceBar bar;
    QVERIFY(!bar.platformChoice()->isEnabled());
    const QList<oci::Platform> platforms{*oci::Platform::parse(u"linux/amd64"), *oci::Platform::parse(u"linux/arm64")};
    bar.setPlatforms(platforms);
    QVERIFY(bar.platformChoice()->isEnabled());
    QVERIFY(bar.chosenPlatforms().isEmpty()); // all
    bar.platformChoice()->setCurrentIndex(2);
    QCOMPARE(bar.chosenPlatforms(), QList<oci::Platform>{platforms.at(1)});
    bar.setPlatforms({platforms.at(1)}); // the next image: the choice stays where it can
    QVERIFY(bar.chosenPlatforms().size() == 1);
    bar.setPlatforms({platforms.at(0)});
    QVERIFY(bar.chosenPlatforms().isEmpty());
}

QTEST_MAIN(ReferenceBarTest)
#include "tst_referencebar.moc"
