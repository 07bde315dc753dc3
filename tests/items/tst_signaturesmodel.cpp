// SPDX-License-Identifier: Apache-2.0
// What is attached joined with what checking it gave.
#include "document/edit.h"
#include "items/signaturesmodel.h"
#include "support/sampletree/sampletree.h"

#include <QAbstractItemModelTester>
#include <QTest>

using namespace colophon;
using document::Attachment;
using document::NodePath;
using items::SignaturesModel;
using items::Tone;
using Kind = document::Attachment::Kind;
using Verdict = content::CheckVerdict;

class TestSignaturesModel : public QObject
{
    Q_OBJECT

private:
    document::ImageTree m_tree;
    document::Attachments m_attachments;
    content::VerifyReport m_root;

    Attachment &add(const NodePath &path, Kind kind, const QString &form, const QByteArray &content, bool isSigned)
    {
        Attachment each;
        each.subject = path;
        each.about = m_tree.node(path)->descriptor.digest;
        each.kind = kind;
        each.source = Attachment::Source::Referrers;
        each.form = form;
        each.manifest.digest = oci::Digest::of(QByteArray::number(m_attachments.all.size()));
        each.content.digest = oci::Digest::of(content);
        each.layer = 0;
        each.isSigned = isSigned;
        each.summary = QStringLiteral("What it says.");
        m_attachments.all.append(each);
        return m_attachments.all.last();
    }
    // Of the attachment with this number, as its verifier finds it.
    content::SignatureCheck check(int number, Verdict verdict, const QString &reason) const
    {
        const Attachment &attachment = m_attachments.all.at(number);
        content::SignatureCheck made;
        made.form = attachment.form;
        made.digest = attachment.content.digest;
        made.kept = {attachment.manifest.digest, attachment.layer, attachment.tag};
        made.verdict = verdict;
        made.reason = reason;
        return made;
    }
    QModelIndex row(const SignaturesModel &model, int node, int row) const
    {
        return model.index(row, 0, model.index(node, 0));
    }

private Q_SLOTS:
    void init()
    {
        m_tree = test::vendorImage();
        m_attachments = {};
        m_root = {};
        m_root.subject = m_tree.root().descriptor;
        add(NodePath::root(), Kind::Signature, QStringLiteral("cosign-legacy"), "payload", true);
        add(NodePath::root(), Kind::Signature, QStringLiteral("cosign-legacy"), "payload", true);
        add(NodePath::root(), Kind::Attestation, QStringLiteral("dsse"), "statement", true);
        add(NodePath::root().child(0), Kind::Sbom, QStringLiteral("spdx"), "list", false);
    }

    // Signatures in several layers and in several forms may be over the very same bytes. Whatever the order in which
    // they are checked, no row gets the verdict of another.
    void sameBytesSwapNoVerdicts_data()
    {
        QTest::addColumn<QList<int>>("order");
        QTest::newRow("as listed") << QList<int>{0, 1, 2, 3};
        QTest::newRow("backwards") << QList<int>{3, 2, 1, 0};
        QTest::newRow("mixed") << QList<int>{2, 0, 3, 1};
    }
    void sameBytesSwapNoVerdicts()
    {
        QFETCH(QList<int>, order);
        m_attachments = {};
        const QString tag = QStringLiteral("sha256-0123.sig");
        for (int i = 0; i < 4; ++i)
            add(NodePath::root(), Kind::Signature, QStringLiteral("cosign-legacy"), "payload", true);
        // Two layers of the manifest under the tag; the same manifest listed as a referrer; and another manifest.
        m_attachments.all[1].layer = 1;
        for (const int i : {0, 1, 2})
            m_attachments.all[i].manifest = m_attachments.all.at(0).manifest;
        for (const int i : {0, 1}) {
            m_attachments.all[i].source = Attachment::Source::Tag;
            m_attachments.all[i].tag = tag;
        }
        for (const int i : order)
            m_root.signatures.append(
                check(i, i % 2 == 0 ? Verdict::Verified : Verdict::Failed, QStringLiteral("Number %1.").arg(i)));
        SignaturesModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setAttachments(m_tree, m_attachments);
        model.setReports({m_root}, false);
        for (int i = 0; i < 4; ++i) {
            QCOMPARE(model.verdict(row(model, 0, i)).help, QStringLiteral("Number %1.").arg(i));
            QCOMPARE(model.verdict(row(model, 0, i)).word,
                     i % 2 == 0 ? QStringLiteral("Verified") : QStringLiteral("Failed"));
        }
    }

    // What is wrong with a manifest as a whole is said of each of its layers, and of no other's.
    void aWholeManifestsCheckIsOfEachLayer()
    {
        m_attachments.all[1].manifest = m_attachments.all.at(0).manifest;
        m_attachments.all[1].layer = 1;
        content::SignatureCheck whole = check(0, Verdict::Failed, QStringLiteral("It has 2 layers."));
        whole.kept.layer = -1;
        m_root.signatures = {whole};
        SignaturesModel model;
        model.setAttachments(m_tree, m_attachments);
        model.setReports({m_root}, false);
        for (const int i : {0, 1})
            QCOMPARE(model.verdict(row(model, 0, i)).help, QStringLiteral("It has 2 layers."));
        QCOMPARE(model.verdict(row(model, 0, 2)).word, QStringLiteral("Not checked"));
    }

    void whatIsOnlyLoggedIsSaid()
    {
        content::SignatureCheck expired = check(0, Verdict::Verified, QStringLiteral("It only logs."));
        expired.caveat = QStringLiteral("expired on 2026-01-01");
        m_root.signatures = {expired};
        m_root.conclude();
        SignaturesModel model;
        model.setAttachments(m_tree, m_attachments);
        model.setReports({m_root}, false);
        for (const QModelIndex &each : {row(model, 0, 0), model.index(0, 0)}) {
            QCOMPARE(model.verdict(each).word, QStringLiteral("Valid, but…"));
            QCOMPARE(model.verdict(each).tone, Tone::Warning);
        }
    }

    void eachRowGetsItsCheck()
    {
        SignaturesModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setAttachments(m_tree, m_attachments);
        content::SignatureCheck good = check(0, Verdict::Verified, QStringLiteral("Made by k.pub."));
        good.key = QStringLiteral("k.pub · ECDSA P-256 · SHA256:12345678…");
        m_root.signatures = {good, check(1, Verdict::Failed, QStringLiteral("Made by another."))};
        content::AttestationCheck statement;
        statement.digest = oci::Digest::of("statement");
        statement.kept = {m_attachments.all.at(2).manifest.digest, 0, {}};
        statement.verdict = Verdict::Verified;
        m_root.attestations = {statement};
        m_root.verdict = content::VerifyReport::Verdict::Verified;
        model.setReports({m_root}, false);

        QCOMPARE(model.verdict(row(model, 0, 0)).word, QStringLiteral("Verified"));
        QCOMPARE(model.verdict(row(model, 0, 1)).word, QStringLiteral("Failed"));
        QCOMPARE(model.verdict(row(model, 0, 1)).help, QStringLiteral("Made by another."));
        QCOMPARE(model.verdict(row(model, 0, 2)).word, QStringLiteral("Verified"));
        QVERIFY(model.attestationCheck(row(model, 0, 2)));
        QVERIFY(!model.signatureCheck(row(model, 0, 2)));
        QCOMPARE(model.verdict(row(model, 1, 0)).word, QStringLiteral("Unsigned"));
        QCOMPARE(model.verdict(model.index(0, 0)).word, QStringLiteral("Verified"));
        const QModelIndex cell = row(model, 0, 1).siblingAtColumn(SignaturesModel::VerdictColumn);
        QCOMPARE(cell.data().toString(), QStringLiteral("Failed"));
        QCOMPARE(cell.data(items::ToneRole).toInt(), int(Tone::Error));
        QCOMPARE(row(model, 0, 0).data().toString(), QStringLiteral("Signature · cosign tag"));
        QCOMPARE(row(model, 0, 0).data(SignaturesModel::SecondLineRole).toString(), QStringLiteral("k.pub"));
        QCOMPARE(row(model, 0, 1).data(SignaturesModel::SecondLineRole).toString(), QStringLiteral("Made by another."));
        QCOMPARE(row(model, 1, 0).data(SignaturesModel::SecondLineRole).toString(), QStringLiteral("What it says."));
        QCOMPARE(model.headerData(SignaturesModel::VerdictColumn, Qt::Horizontal).toString(),
                 QStringLiteral("Checked"));
        QCOMPARE(model.rowOf(NodePath::root().child(0)), model.index(1, 0));
        QVERIFY(!model.rowOf(NodePath::root().child(1)).isValid());
        // Said whole to a screen reader.
        QCOMPARE(row(model, 0, 0).data(Qt::AccessibleTextRole).toString(),
                 QStringLiteral("Signature · cosign tag, Verified, k.pub"));
    }

    void nothingIsClaimedBeforeItIsChecked()
    {
        SignaturesModel model;
        model.setAttachments(m_tree, m_attachments);
        model.setReports({}, true);
        QCOMPARE(model.verdict(row(model, 0, 0)).word, QStringLiteral("Checking"));
        QCOMPARE(model.verdict(model.index(0, 0)).word, QStringLiteral("Checking"));
        QCOMPARE(model.verdict(row(model, 1, 0)).word, QStringLiteral("Unsigned"));
        model.setReports({}, false);
        QCOMPARE(model.verdict(row(model, 0, 0)).word, QStringLiteral("Not checked"));
        m_attachments.all[0].problem = QStringLiteral("It is too large.");
        model.setAttachments(m_tree, m_attachments);
        QCOMPARE(model.verdict(row(model, 0, 0)).word, QStringLiteral("Not read"));
    }

    void saysWhatTheEditsDo()
    {
        SignaturesModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setAttachments(m_tree, m_attachments);
        QCOMPARE(model.fate(row(model, 0, 0)).word, QString());
        const auto marked =
            document::markingEdits(m_tree, {NodePath::root().child(0).layerAt(1)}, true, [](const oci::Descriptor &) {
                return QStringList{QStringLiteral("https://vendor.example/l")};
            });
        QVERIFY(marked.has_value());
        const auto derived = document::apply(m_tree, document::EditSet().with(*marked));
        QVERIFY(derived.has_value());
        model.setEdited(*derived, {});
        const items::Appearance after = model.fate(row(model, 0, 0));
        QVERIFY2(after.word.contains(m_tree.root().descriptor.digest.shortForm()), qPrintable(after.word));
        QCOMPARE(after.tone, Tone::Warning);
        QCOMPARE(row(model, 0, 0).data(SignaturesModel::SecondLineRole).toString(), after.word);
        QCOMPARE(row(model, 0, 0).data(SignaturesModel::SecondToneRole).toInt(), int(Tone::Warning));
        document::Aftermath aftermath;
        aftermath.signedNodes = {NodePath::root()};
        aftermath.forms = {QStringLiteral("cosign-legacy")};
        model.setEdited(*derived, aftermath);
        QCOMPARE(model.fate(row(model, 0, 0)).tone, Tone::Good); // made anew
        QCOMPARE(model.fate(row(model, 0, 2)).tone, Tone::Warning);
        model.setEdited({}, {});
        QCOMPARE(model.fate(row(model, 0, 0)).word, QString());
    }
};

QTEST_GUILESS_MAIN(TestSignaturesModel)
#include "tst_signaturesmodel.moc"
