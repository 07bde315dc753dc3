// SPDX-License-Identifier: Apache-2.0
// Signing an image as it is: what is signed in which order, and what is said where that ends early.
#include "content/memorystore.h"
#include "support/faketarget/fakesigner.h"
#include "support/faketarget/sampleimage.h"
#include "transfer/openimage.h"
#include "transfer/operationrun.h"
#include "transfer/signimage.h"

#include <QSignalSpy>
#include <QTest>

using namespace colophon;
using document::NodePath;
using transfer::Outcome;
using transfer::SignImage;

class TestSignImage : public QObject
{
    Q_OBJECT

private:
    std::shared_ptr<content::MemoryStore> m_store;
    oci::Reference m_reference;
    document::ImageTree m_tree;
    std::shared_ptr<test::FakeSigner> m_signer;

    QStringList journalOf(const QList<NodePath> &paths) const
    {
        QStringList lines;
        for (const NodePath &path : paths)
            lines.append(m_reference.name() + QLatin1Char(' ') + m_tree.node(path)->descriptor.digest.toString());
        return lines;
    }
    SignImage *signing(const QList<NodePath> &subjects)
    {
        return new SignImage(m_store, m_reference, m_tree, subjects, {m_signer}, this);
    }

private Q_SLOTS:
    void init()
    {
        m_reference = *oci::Reference::parse(QStringLiteral("registry.example/vendor/app:1"));
        m_store =
            std::make_shared<content::MemoryStore>(QStringLiteral("registry.example"), QStringLiteral("vendor/app"));
        const auto amd64 = test::addImage(*m_store, QStringLiteral("linux/amd64"), QStringList{QStringLiteral("base")});
        const auto arm64 = test::addImage(*m_store, QStringLiteral("linux/arm64"), QStringList{QStringLiteral("arm")});
        test::addIndex(*m_store, {amd64, arm64, test::addAttestation(*m_store, amd64)}, QStringLiteral("1"));
        transfer::OpenImage open(m_store, m_reference);
        QVERIFY(test::finish(open));
        m_tree = open.tree();
        m_signer = std::make_shared<test::FakeSigner>();
    }

    // Platforms before their index; attestations not at all.
    void childrenFirst()
    {
        const QList<NodePath> all = SignImage::subjectsOf(m_tree, false);
        QCOMPARE(all, (QList<NodePath>{NodePath::root().child(0), NodePath::root().child(1), NodePath::root()}));
        QCOMPARE(SignImage::subjectsOf(m_tree, true), QList<NodePath>{NodePath::root()});
        SignImage &sign = *signing(all);
        QCOMPARE(sign.report().plan.steps.size(), 3);
        QCOMPARE(sign.report().plan.steps.at(0).outcome, Outcome::Planned);
        QSignalSpy changed(&sign, &SignImage::stepChanged);
        QVERIFY(test::finish(sign));
        QVERIFY2(!sign.error(), qPrintable(sign.error().value_or(base::Error{}).text()));
        QCOMPARE(m_signer->journal(), journalOf(all));
        for (const auto &step : sign.report().plan.steps)
            QCOMPARE(step.outcomeName(), QStringLiteral("signed"));
        QCOMPARE(changed.size(), 6); // each begins and ends
        QVERIFY(sign.report().pushed);
        QCOMPARE(sign.report().plan.before, sign.report().plan.after);
    }

    void whatStandsTwiceIsSignedOnce()
    {
        SignImage &sign = *signing({NodePath::root(), NodePath::root().child(0), NodePath::root()});
        QVERIFY(test::finish(sign));
        QCOMPARE(m_signer->journal(), journalOf({NodePath::root(), NodePath::root().child(0)}));
    }

    void saysWhatFailed()
    {
        m_signer->fail({base::ErrorKind::Denied, {}, base::Side::None, QStringLiteral("No permission to push.")});
        SignImage &sign = *signing(SignImage::subjectsOf(m_tree, false));
        QVERIFY(test::finish(sign));
        QVERIFY(sign.error().has_value());
        QCOMPARE(sign.error()->kind, base::ErrorKind::Denied);
        QVERIFY(sign.error()->operation.contains(QStringLiteral("registry.example/vendor/app:1")));
        QCOMPARE(sign.report().plan.steps.at(0).outcome, Outcome::Failed);
        QCOMPARE(sign.report().plan.steps.at(1).outcome, Outcome::Planned);
        QVERIFY(!sign.report().pushed);
    }

    // Stopped after the first: that one stays signed, and it is said that it is.
    void stoppedInBetween()
    {
        SignImage &sign = *signing(SignImage::subjectsOf(m_tree, false));
        connect(&sign, &SignImage::stepChanged, &sign, [&](int step) {
            if (sign.report().plan.steps.at(step).outcome == Outcome::Copied)
                m_signer->fail(base::cancelled().error());
        });
        QVERIFY(test::finish(sign));
        QCOMPARE(sign.error()->kind, base::ErrorKind::Cancelled);
        QVERIFY2(sign.error()->hint.contains(QStringLiteral("1 of 3")), qPrintable(sign.error()->hint));
        QCOMPARE(sign.report().plan.steps.at(0).outcome, Outcome::Copied);
    }
};

QTEST_GUILESS_MAIN(TestSignImage)
#include "tst_signimage.moc"
