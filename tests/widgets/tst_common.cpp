// SPDX-License-Identifier: Apache-2.0
#include "widgets/common/errorstrip.h"
#include "widgets/common/noticestrip.h"
#include "widgets/common/plain.h"
#include "widgets/common/statepane.h"
#include "widgets/common/symbols.h"
#include "widgets/common/tones.h"

#include <QApplication>
#include <QClipboard>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

using namespace colophon;
using items::Symbol;
using items::Tone;
using widgets::StatePane;

namespace {
QPalette palette(bool dark)
{
    return dark ? QPalette(QColor(0x30, 0x30, 0x30), QColor(0x28, 0x28, 0x28)) : QPalette(QColor(0xEF, 0xEF, 0xEF));
}
} // namespace

class TestCommon : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void colorsCanBeRead_data();
    void colorsCanBeRead();
    void everySymbolIsDrawn();
    void symbolsFollowThePalette();
    void digestsAreShortAndCopiedWhole();
    void labelsAreElided();
    void valuesWrapAnywhere();
    void errorsSayWhatWhyAndNext();
    void errorsMayHaveARemedy();
    void stripsFollowThePalette();
    void noticesTellAndOffer();
    void statesHaveOneButton();
    void loadingWaits();
};

void TestCommon::colorsCanBeRead_data()
{
    QTest::addColumn<int>("tone");
    QTest::addColumn<bool>("dark");
    for (const Tone tone :
         {Tone::NonDistributable, Tone::Warning, Tone::Error, Tone::Good, Tone::Edited, Tone::Muted}) {
        for (const bool dark : {false, true})
            QTest::addRow("%d %s", int(tone), dark ? "dark" : "light") << int(tone) << dark;
    }
}

void TestCommon::colorsCanBeRead()
{
    QFETCH(int, tone);
    QFETCH(bool, dark);
    const QPalette around = palette(dark);
    QCOMPARE(widgets::isDark(around), dark);
    const widgets::ToneColors colors = widgets::colorsOf(Tone(tone), around);
    const QColor background = colors.background.isValid() ? colors.background : around.color(QPalette::Base);
    QVERIFY2(widgets::contrast(colors.text, background) >= 4.5,
             qPrintable(QString::number(widgets::contrast(colors.text, background))));
}

void TestCommon::everySymbolIsDrawn()
{
    for (int i = int(Symbol::None) + 1; i <= int(Symbol::Forward); ++i) {
        const QImage drawn = widgets::symbolPixmap(Symbol(i), Qt::red, 24).toImage();
        QCOMPARE(drawn.size(), QSize(24, 24));
        int inked = 0;
        for (int y = 0; y < 24; ++y) {
            for (int x = 0; x < 24; ++x) {
                const QColor pixel = drawn.pixelColor(x, y);
                inked += pixel.alpha() > 128 && pixel.red() > 200 && pixel.blue() < 50 ? 1 : 0;
            }
        }
        QVERIFY2(inked > 10, qPrintable(widgets::symbolFile(Symbol(i))));
    }
    QVERIFY(widgets::symbolIcon(Symbol::None).isNull());
}

void TestCommon::symbolsFollowThePalette()
{
    const QPalette before = QApplication::palette();
    const QIcon icon = widgets::symbolIcon(Symbol::Remove);
    QApplication::setPalette(palette(true));
    const QColor dark = icon.pixmap(24).toImage().pixelColor(12, 12);
    QApplication::setPalette(palette(false));
    const QColor light = icon.pixmap(24).toImage().pixelColor(12, 12);
    QApplication::setPalette(before);
    QVERIFY(dark.lightness() > 128);
    QVERIFY(light.lightness() < 128);
}

void TestCommon::digestsAreShortAndCopiedWhole()
{
    widgets::DigestLabel label;
    const oci::Digest digest = oci::Digest::of("x");
    label.setDigest(digest);
    QCOMPARE(label.findChild<QLabel *>()->text(), digest.shortForm());
    QCOMPARE(label.findChild<QLabel *>()->accessibleName(), digest.toString());
    label.findChild<QToolButton *>()->click();
    QCOMPARE(QApplication::clipboard()->text(), digest.toString());
}

void TestCommon::labelsAreElided()
{
    widgets::ElidedLabel label;
    label.setFullText(QString(500, QLatin1Char('x')) + QStringLiteral("\n<b>"));
    QVERIFY(label.minimumSizeHint().width() < 100);
    QVERIFY(label.toolTip().contains(QStringLiteral("&lt;b&gt;")));
    QVERIFY(!label.fullText().contains(QLatin1Char('\n')));
}

void TestCommon::valuesWrapAnywhere()
{
    const widgets::ValueLabel label(QStringLiteral("application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"));
    QVERIFY(label.minimumSizeHint().width() < 100);
    QVERIFY(label.heightForWidth(120) > label.heightForWidth(1000));
}

void TestCommon::errorsSayWhatWhyAndNext()
{
    widgets::ErrorStrip strip;
    base::Error error{base::ErrorKind::Denied,
                      QStringLiteral("push"),
                      base::Side::Destination,
                      QStringLiteral("It refused."),
                      QStringLiteral("Ask its operator."),
                      QStringLiteral("DENIED"),
                      403};
    strip.showError(error, QStringLiteral("PUT /v2/ 403"));
    QVERIFY(!strip.isHidden());
    const QString details = strip.detailsText();
    for (const char *part : {"It refused.", "Ask its operator.", "DENIED", "403", "destination", "PUT /v2/ 403"})
        QVERIFY2(details.contains(QString::fromLatin1(part)), part);
    const QSignalSpy retry(&strip, &widgets::ErrorStrip::retryRequested);
    for (auto *button : strip.findChildren<QPushButton *>()) {
        if (button->text() == QStringLiteral("&Retry"))
            button->click();
        if (button->text() == QStringLiteral("&Copy"))
            button->click();
    }
    QCOMPARE(retry.size(), 1);
    QCOMPARE(QApplication::clipboard()->text(), details);
    // What only the command can do is said in other words, shown and copied.
    error.message = QStringLiteral("It cannot be had (No. Allow it with --allow-private-urls).");
    error.hint = QStringLiteral("Try again, or allow more time with --timeout.");
    strip.showError(error);
    for (const auto *label : strip.findChildren<QLabel *>())
        QVERIFY2(!label->text().contains(QStringLiteral(" --")), qPrintable(label->text()));
    QVERIFY2(!strip.detailsText().contains(QStringLiteral(" --")), qPrintable(strip.detailsText()));
    QVERIFY(strip.detailsText().contains(QStringLiteral("Check the network, and try again.")));
    strip.clear();
    QVERIFY(strip.isHidden());
}

void TestCommon::errorsMayHaveARemedy()
{
    widgets::ErrorStrip strip;
    strip.setAdviser([](const base::Error &error) {
        return error.server.isEmpty() ? std::nullopt
                                      : std::optional(widgets::ErrorStrip::Remedy{QStringLiteral("&Mend it"),
                                                                                  QStringLiteral("By a button.")});
    });
    base::Error error{
        base::ErrorKind::Tls, {}, base::Side::None, QStringLiteral("Refused."), QStringLiteral("Say --option.")};
    strip.showError(error);
    QVERIFY(strip.remedyButton()->isHidden());
    QVERIFY(strip.detailsText().contains(QStringLiteral("--option")));
    error.server = QStringLiteral("registry.example:443");
    strip.showError(error);
    QVERIFY(!strip.remedyButton()->isHidden());
    QCOMPARE(strip.remedyButton()->text(), QStringLiteral("&Mend it"));
    QVERIFY(strip.detailsText().contains(QStringLiteral("By a button.")));
    QVERIFY(!strip.detailsText().contains(QStringLiteral("--option"))); // in its place
    QCOMPARE(strip.accessibleDescription(), QStringLiteral("Refused. By a button."));
    error.server.clear();
    strip.showError(error);
    QVERIFY(strip.remedyButton()->isHidden());
}

void TestCommon::stripsFollowThePalette()
{
    const QPalette before = QApplication::palette();
    QApplication::setPalette(palette(false));
    widgets::ErrorStrip error;
    error.showError(base::fail(base::ErrorKind::Failed, QStringLiteral("It failed.")).error());
    widgets::NoticeStrip notice;
    notice.say({{}, {}, Tone::Warning, items::Symbol::Warning}, QStringLiteral("It moved."),
               {{QStringLiteral("Now"), QStringLiteral("sha256:1")}});
    for (QWidget *strip : {static_cast<QWidget *>(&error), static_cast<QWidget *>(&notice)})
        QVERIFY(strip->palette().color(QPalette::Window).lightness() > 200);
    QApplication::setPalette(palette(true));
    QCoreApplication::processEvents();
    for (QWidget *strip : {static_cast<QWidget *>(&error), static_cast<QWidget *>(&notice)}) {
        QVERIFY(strip->palette().color(QPalette::Window).lightness() < 80);
        for (const QLabel *label : strip->findChildren<QLabel *>()) {
            if (label->text().isEmpty())
                continue;
            QVERIFY2(label->palette().color(QPalette::WindowText).lightness() > 100, qPrintable(label->text()));
        }
    }
    QApplication::setPalette(before);
}

void TestCommon::noticesTellAndOffer()
{
    widgets::NoticeStrip strip;
    QVERIFY(strip.isHidden());
    strip.say({{}, {}, Tone::Edited, items::Symbol::Information}, QStringLiteral("<b>Something</b> is left."),
              {{QStringLiteral("Now"), QStringLiteral("sha256:1"), QStringLiteral("sha256:123")},
               {{}, QStringLiteral("– a layer")}});
    QVERIFY(!strip.isHidden());
    QCOMPARE(strip.text(), QStringLiteral("<b>Something</b> is left.\nNow sha256:1\n– a layer"));
    for (const QLabel *label : strip.findChildren<QLabel *>())
        QCOMPARE(label->textFormat(), Qt::PlainText);
    QPushButton *button = strip.addButton(QStringLiteral("restore"), QStringLiteral("&Restore"));
    const QSignalSpy clicked(button, &QPushButton::clicked);
    button->click();
    QCOMPARE(clicked.size(), 1);
    // Said from the click of its own button: that is gone only afterwards.
    connect(button, &QPushButton::clicked, this, [&] { strip.say({}, QStringLiteral("Restored.")); });
    const QPointer<QPushButton> old = button;
    button->click();
    QCOMPARE(strip.text(), QStringLiteral("Restored."));
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    QVERIFY(old.isNull());
    const QSignalSpy dismissed(&strip, &widgets::NoticeStrip::dismissed);
    strip.findChild<QToolButton *>()->click();
    QCOMPARE(dismissed.size(), 1);
    QVERIFY(strip.isHidden());
}

void TestCommon::statesHaveOneButton()
{
    StatePane pane;
    auto *content = new QWidget;
    pane.setContent(content);
    const auto *button = pane.findChild<QPushButton *>();
    QSignalSpy action(&pane, &StatePane::actionTriggered);
    QSignalSpy retry(&pane, &StatePane::retryRequested);
    pane.showEmpty(Symbol::Image, QStringLiteral("Nothing."), QStringLiteral("Open"));
    QCOMPARE(button->text(), QStringLiteral("Open"));
    const_cast<QPushButton *>(button)->click();
    QCOMPARE(action.size(), 1);
    base::Error error;
    error.message = QStringLiteral("No.");
    error.hint = QStringLiteral("Try again, or allow more time with --timeout.");
    pane.showFailure(error);
    for (const auto *label : pane.findChildren<QLabel *>())
        QVERIFY2(!label->text().contains(QStringLiteral(" --")), qPrintable(label->text()));
    const_cast<QPushButton *>(button)->click();
    QCOMPARE(retry.size(), 1);
    pane.showContent();
    QCOMPARE(pane.currentWidget(), content);
    QCOMPARE(pane.state(), StatePane::State::Content);
}

void TestCommon::loadingWaits()
{
    StatePane pane;
    auto *content = new QWidget;
    pane.setContent(content);
    pane.showContent();
    pane.showLoading(QStringLiteral("Reading"));
    QCOMPARE(pane.state(), StatePane::State::Loading);
    QCOMPARE(pane.currentWidget(), content); // what was there stays for now
    pane.showContent();
    pane.showLoading(QStringLiteral("Reading"));
    QTRY_VERIFY(pane.currentWidget() != content);
    const QSignalSpy cancel(&pane, &StatePane::cancelRequested);
    pane.findChild<QPushButton *>()->click();
    QCOMPARE(cancel.size(), 1);
}

QTEST_MAIN(TestCommon)
#include "tst_common.moc"
