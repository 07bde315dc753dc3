// SPDX-License-Identifier: Apache-2.0
// What is attached, as a tree: by what it is about, in words, and what becomes of it.
#include "items/attachmentsmodel.h"
#include "support/sampletree/sampletree.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace colophon;
using document::Attachment;
using document::NodePath;
using items::AttachmentsModel;
using Kind = document::Attachment::Kind;

class TestAttachmentsModel : public QObject
{
    Q_OBJECT

private:
    document::ImageTree m_tree;
    document::Attachments m_attachments;

    void add(const NodePath &path, Kind kind, Attachment::Source source, const QString &form = {})
    {
        Attachment each;
        each.subject = path;
        each.about = m_tree.node(path)->descriptor.digest;
        each.kind = kind;
        each.source = source;
        each.form = form;
        each.manifest.digest = oci::Digest::of(QByteArray::number(m_attachments.all.size()));
        each.artifactType = QStringLiteral("application/x");
        each.signer = QStringLiteral("a <b>key</b>\nof mine");
        each.created = QStringLiteral("2026-11-23T04:22:55Z");
        each.size = 2048;
        m_attachments.all.append(each);
    }
    QModelIndex attachment(const AttachmentsModel &model, int node, int row, int column = 0) const
    {
        return model.index(row, column, model.index(node, 0));
    }

private Q_SLOTS:
    void init()
    {
        m_tree = test::vendorImage();
        m_attachments = {};
        add(NodePath::root(), Kind::Signature, Attachment::Source::Tag, QStringLiteral("cosign-legacy"));
        add(NodePath::root().child(0), Kind::Sbom, Attachment::Source::Referrers);
        add(NodePath::root().child(0), Kind::Provenance, Attachment::Source::Index);
        add(NodePath::root().child(0), Kind::Signature, Attachment::Source::Tag, QStringLiteral("cosign-legacy"));
    }

    void isATree()
    {
        AttachmentsModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QCOMPARE(model.rowCount(), 0);
        model.setAttachments(m_tree, m_attachments);
        QCOMPARE(model.rowCount(), 2);
        QCOMPARE(model.rowCount(model.index(0, 0)), 1);
        QCOMPARE(model.rowCount(model.index(1, 0)), 3);
        QCOMPARE(model.index(0, 0).data().toString(), QStringLiteral("The index"));
        QCOMPARE(model.index(0, AttachmentsModel::WhatColumn).data().toString(), QStringLiteral("1 signature"));
        QCOMPARE(model.summary(), QStringLiteral("2 signatures, 1 SBOM, 1 provenance statement"));
        QCOMPARE(model.summary(attachment(model, 0, 0)), QStringLiteral("1 signature"));
        QVERIFY(!model.attachment(model.index(0, 0)));
        QCOMPARE(model.attachment(attachment(model, 1, 1))->kind, Kind::Provenance);
        QCOMPARE(model.path(attachment(model, 1, 1)), NodePath::root().child(0));
        QCOMPARE(model.path(model.index(1, 0)), NodePath::root().child(0));
        model.setAttachments(m_tree, {});
        QCOMPARE(model.rowCount(), 0);
        model.setAttachments({}, {});
        QCOMPARE(model.summary(), QString());
    }

    void cells()
    {
        AttachmentsModel model;
        m_attachments.all[1].summary = QStringLiteral("SPDX 2.3 of app: 2 packages.");
        m_attachments.all[2].problem = QStringLiteral("It is broken.");
        model.setAttachments(m_tree, m_attachments);
        using Model = AttachmentsModel;
        const auto text = [&](int node, int row, int column) {
            return attachment(model, node, row, column).data().toString();
        };
        QCOMPARE(text(1, 0, Model::KindColumn), QStringLiteral("SBOM"));
        QCOMPARE(text(1, 0, Model::WhatColumn), QStringLiteral("SPDX 2.3 of app: 2 packages."));
        QCOMPARE(text(1, 1, Model::WhatColumn), QStringLiteral("It is broken."));
        QCOMPARE(attachment(model, 1, 1, Model::WhatColumn).data(items::ToneRole).toInt(), int(items::Tone::Warning));
        QCOMPARE(text(1, 2, Model::WhatColumn), QStringLiteral("application/x"));
        QVERIFY(!text(1, 0, Model::SignerColumn).contains(u'\n'));
        QCOMPARE(text(1, 0, Model::SizeColumn), QStringLiteral("2 kB"));
        QVERIFY(!text(1, 0, Model::DateColumn).isEmpty());
        QVERIFY(text(1, 0, Model::DateColumn) != m_attachments.all[1].created);
        QVERIFY(text(1, 0, Model::FateColumn).isEmpty());
        // Text from outside is plain text.
        QVERIFY(attachment(model, 1, 0, Model::SignerColumn)
                    .data(Qt::ToolTipRole)
                    .toString()
                    .contains(QStringLiteral("&lt;b&gt;")));
        for (int column = 0; column < Model::ColumnCount; ++column)
            QVERIFY(!model.headerData(column, Qt::Horizontal).toString().isEmpty());
        m_attachments.all[1].created = QStringLiteral("yesterday");
        model.setAttachments(m_tree, m_attachments);
        QCOMPARE(text(1, 0, Model::DateColumn), QStringLiteral("yesterday"));
    }

    void afterTheEdit()
    {
        AttachmentsModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setAttachments(m_tree, m_attachments);
        const auto fate = [&](int node, int row) {
            return attachment(model, node, row, AttachmentsModel::FateColumn).data().toString();
        };
        const QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        const auto derived =
            document::apply(m_tree, document::EditSet().with(document::SetAnnotation{
                                        NodePath::root().child(0), document::SetAnnotation::Where::Document,
                                        QStringLiteral("a"), QStringLiteral("b")}));
        QVERIFY2(derived, derived ? "" : qPrintable(derived.error().text()));
        document::Aftermath aftermath;
        aftermath.signedNodes = {NodePath::root()};
        aftermath.forms = {QStringLiteral("cosign-legacy")};
        model.setEdited(*derived, aftermath);
        QVERIFY(!changed.isEmpty());
        const QString old = m_tree.node(NodePath::root().child(0))->descriptor.digest.shortForm();
        QCOMPARE(fate(0, 0), QStringLiteral("Made anew by the push"));
        QCOMPARE(fate(1, 0), QStringLiteral("Stays with ") + old);
        QCOMPARE(fate(1, 1), QStringLiteral("Becomes stale: it names ") + old);
        QCOMPARE(fate(1, 2), QStringLiteral("Stays with ") + old);
        QVERIFY(!attachment(model, 1, 0, AttachmentsModel::FateColumn).data(Qt::ToolTipRole).toString().isEmpty());
        model.setEdited({}, {});
        QVERIFY(fate(1, 0).isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestAttachmentsModel)
#include "tst_attachmentsmodel.moc"
