// SPDX-License-Identifier: Apache-2.0
// `consequences` from outside, on the demo registry: the table, the JSON, whose they are and what is not known.

#include "app/command.h"

#include <QRegularExpression>
#include <QSet>
#include <QTest>

using namespace colophon;
using test::Command;
using test::Ran;

class TestColophonctlConsequences : public QObject
{
    Q_OBJECT

    Ran ask(const QStringList &more) const { return m_command(QStringList{QStringLiteral("consequences")} + more); }
    static QStringList lines(const Ran &ran) { return QString::fromUtf8(ran.out).split(QLatin1Char('\n')); }
    static QStringList words(const char *text) { return QString::fromLatin1(text).split(QLatin1Char(' ')); }

    demo::DemoRegistry m_registry;
    Command m_command;
    QString m_windows; // its base layers are foreign
    QString m_linux;   // nothing is marked

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY2(m_registry.start(), qPrintable(m_registry.errorString()));
        m_windows = m_registry.host() + QStringLiteral("/demo/windows:ltsc");
        m_linux = m_registry.host() + QStringLiteral("/demo/app:1.0");
    }

    void theTable()
    {
        const Ran ran = ask(QStringList{m_windows} + words("--client skopeo@1.9.3 --client docker-windows@28"));
        QVERIFY2(ran.exitCode == 0, qPrintable(ran.text()));
        const QStringList said = lines(ran);
        QCOMPARE(said[0], m_windows);
        QCOMPARE(said[1],
                 QStringLiteral("2 of 4 layers stay behind when this image is copied with skopeo 1.14 and earlier."));
        QCOMPARE(said[2], QStringLiteral("Docker 28 and later on Windows uploads all 4 layers."));
        QVERIFY(said.contains(QStringLiteral("2 layers, non-distributable (Docker type)")));
        const qsizetype copy = said.indexOf(QRegularExpression(
            QStringLiteral("^  skopeo 1\\.14 and earlier +Copy +Leaves it behind +run with 1\\.9\\.3, \\d+ .*$")));
        QVERIFY2(copy > 0, ran.out.constData());
        QVERIFY(
            said[copy + 1].startsWith(QLatin1String("    skopeo leaves the layer behind because it has addresses")));
        // What is not marked stands aside, and nothing is said of why.
        QVERIFY(said.contains(
            QStringLiteral("2 layers, distributable (Docker type); --layer shows what is done with them.")));
        QVERIFY(!ran.out.contains("copy/single.go"));
        QVERIFY(
            said.contains(m_registry.host() +
                          QStringLiteral(" is not recognised: it sends nothing that tells which registry it is. Say "
                                         "what it is with --registry.")));
    }
    void whoIsCutOff()
    {
        const Ran ran = ask(QStringList{m_windows} + words("--client containerd"));
        QVERIFY2(lines(ran)[2].startsWith(QLatin1String("Warning: Customers who cannot reach ")) &&
                     lines(ran)[2].endsWith(QLatin1String("issues/7676")),
                 ran.out.constData());
        // Nobody is cut off from what is not marked.
        QVERIFY(!ask(QStringList{m_linux} + words("--client containerd")).out.contains("Customers"));
        // Docker on Linux runs nothing for Windows: neither its ways nor its customers are of any matter.
        const Ran other = ask(QStringList{m_windows} + words("--client docker-linux@27"));
        QCOMPARE(lines(other)[1],
                 QStringLiteral("This image is for windows: Docker 23 and later on Linux cannot run it."));
        QVERIFY2(!other.out.contains("Customers") && !other.out.contains("Push"), other.out.constData());
    }
    void onePlatformThatFails()
    {
        const Ran ran = ask(QStringList{m_linux} + words("--client docker-linux@20.10"));
        QVERIFY2(ran.out.contains("linux/arm64 of this image cannot be pushed, saved or pulled with Docker 20.10 on "
                                  "Linux because of 1 of "),
                 ran.out.constData());
    }
    void whyOnDemand()
    {
        const Ran ran = ask(QStringList{m_windows} + words("--client skopeo --why"));
        QVERIFY(ran.out.contains("    Looks only at whether a layer has addresses.\n"));
        QVERIFY2(ran.out.contains("    Run: 1.9.3, with layers of Docker type ("), ran.out.constData());
        QVERIFY(ran.out.contains("    containers/image, copy/single.go:copyLayers, v5.42.0\n"));
    }
    void theRegistryAsSomebodySays()
    {
        const Ran ran = ask(QStringList{m_windows} + words("--client skopeo --registry distribution@2.8.3"));
        QVERIFY(lines(ran).contains(m_registry.host() + QStringLiteral(" is CNCF Distribution 2.8, as you say.")));
        QVERIFY2(QString::fromUtf8(ran.out).contains(
                     QRegularExpression(QStringLiteral("CNCF Distribution 2\\.8 +Receive +Refuses the image"))),
                 ran.out.constData());
    }
    void oneLayer()
    {
        const Ran ran = ask(QStringList{m_windows} + words("--client oras --layer 1"));
        QVERIFY2(ran.exitCode == 0, qPrintable(ran.text()));
        QVERIFY(!ran.out.contains("non-distributable"));
        QVERIFY(ran.out.contains("oras uploads the layer."));
        QCOMPARE(ask(QStringList{m_windows} + words("--layer 99")).exitCode, 2);
    }
    void anImageWithoutMarksIsShownWhole()
    {
        const Ran ran = ask(QStringList{m_linux} + words("--client oras"));
        QVERIFY(lines(ran)[1].startsWith(QLatin1String("oras uploads all ")));
        QVERIFY(ran.out.contains("oras uploads the layer."));
    }
    void asJson()
    {
        const QJsonObject answer =
            m_command.json(QStringList{QStringLiteral("consequences"), m_windows} + words("--client all"));
        QCOMPARE(test::namesIn(answer), words("findings reference registry rows summary"));
        QVERIFY(answer[QLatin1String("summary")].toString().startsWith(QLatin1String("2 of 4 layers stay behind")));
        QStringList codes;
        for (const QJsonValue finding : answer[QLatin1String("findings")].toArray()) {
            codes << finding[QLatin1String("code")].toString();
            QCOMPARE(finding[QLatin1String("severity")].toString(), QLatin1String("warn"));
        }
        QCOMPARE(codes, words("disconnected disconnected"));
        const QJsonArray rows = answer[QLatin1String("rows")].toArray();
        QVERIFY(rows.size() > 100);
        QSet<QString> kinds;
        for (const QJsonValue row : rows) {
            QCOMPARE(test::namesIn(row.toObject()),
                     words("certainty client date executed layer layers marking operation "
                           "option outcome ran rule sentence source versions"));
            kinds.insert(row[QLatin1String("marking")].toString());
            const bool isRun = row[QLatin1String("certainty")].toString() == QLatin1String("executed");
            QCOMPARE(row[QLatin1String("executed")].toArray().isEmpty(), !isRun);
            QCOMPARE(row[QLatin1String("ran")].toArray().isEmpty(), !isRun);
        }
        QCOMPARE(kinds, (QSet<QString>{QStringLiteral("non-distributable"), QStringLiteral("distributable")}));
    }
    void whoIsNotKnownIsNotGuessed()
    {
        const Ran client = ask(QStringList{m_windows} + words("--client docker --client wget"));
        QCOMPARE(client.exitCode, 2);
        QVERIFY2(client.err.contains("Nothing is known of a client “wget”.") && client.err.contains("skopeo"),
                 client.err.constData());
        QCOMPARE(ask(QStringList{m_windows} + words("--registry skopeo")).exitCode, 2);
        // A version nobody has looked at is said to be one.
        const Ran old = ask(QStringList{m_windows} + words("--client skopeo@0.1"));
        QCOMPARE(old.exitCode, 0);
        QVERIFY2(
            lines(old).indexOf(QRegularExpression(QStringLiteral("^  skopeo 0\\.1 +Copy +Not known +not known$"))) > 0,
            old.out.constData());
        QVERIFY2(old.out.contains("What happens when this image is copied or saved with skopeo 0.1 is not known."),
                 old.out.constData());
    }
    void whatIsLessThanReadSaysSo()
    {
        const Ran ran = ask(QStringList{m_windows} + words("--client ko --registry docker-hub"));
        QVERIFY2(ran.out.contains("inferred, ") && ran.out.contains("documented, August 2021"), ran.out.constData());
    }
};

QTEST_GUILESS_MAIN(TestColophonctlConsequences)
#include "tst_colophonctlconsequences.moc"
