// SPDX-License-Identifier: Apache-2.0
#include "items/annotationsmodel.h"
#include "support/sampletree/sampletree.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace colophon;
using document::NodePath;
using editing::ImageDocument;
using items::AnnotationsModel;
using Where = AnnotationsModel::Where;
using State = AnnotationsModel::State;
using Tester = QAbstractItemModelTester;

namespace {
const NodePath root = NodePath::root();
const QString title = QStringLiteral("org.opencontainers.image.title");
const QString vendor = QStringLiteral("org.opencontainers.image.vendor");
} // namespace

class TestAnnotationsModel : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void placesOfANode();
    void whatMayNotBeEditedIsOnlyShown();
    void addsByNameAndValue();
    void anEmptyValueIsAValue();
    void aNameIsThereOnce();
    void aDraftIsNoEdit();
    void changesAndGoesBack();
    void removedOnesStayInSight();
    void renamesInOneStep();
    void followsUndoAndRedo();
    void refusalsChangeNothing();
    void longTextIsWhole();
    void survivesItsDocument();

private:
    QString add(const QString &name, const QString &value);
    std::unique_ptr<ImageDocument> m_document;
    std::unique_ptr<AnnotationsModel> m_model;
    std::unique_ptr<Tester> m_tester;
};

void TestAnnotationsModel::init()
{
    m_document = std::make_unique<ImageDocument>(test::vendorReference(), test::vendorImage());
    m_model = std::make_unique<AnnotationsModel>();
    m_tester = std::make_unique<Tester>(m_model.get(), Tester::FailureReportingMode::QtTest);
    m_model->setPlace(m_document.get(), root, Where::Document);
}

void TestAnnotationsModel::cleanup()
{
    m_tester.reset();
    m_model.reset();
    m_document.reset();
}

QString TestAnnotationsModel::add(const QString &name, const QString &value)
{
    const QModelIndex draft = m_model->addDraft();
    if (!m_model->setData(draft, name) ||
        !m_model->setData(draft.siblingAtColumn(AnnotationsModel::ValueColumn), value))
        return QStringLiteral("not taken");
    return items::annotationsAt(m_document->tree(), root, Where::Document).value(name);
}

void TestAnnotationsModel::placesOfANode()
{
    const auto places = [&](const NodePath &path) { return items::annotationPlaces(*m_document, path); };
    QCOMPARE(places(root), QList{Where::Document});
    QCOMPARE(places(root.child(0)), (QList{Where::Document, Where::Descriptor}));
    QCOMPARE(places(root.child(0).layerAt(1)), QList{Where::Descriptor});
    QCOMPARE(places(root.child(0).config()), QList{Where::Descriptor});
    QCOMPARE(places(root.child(2)), QList{Where::Descriptor}); // an attestation is never touched, its entry may be
    QCOMPARE(places(root.child(2).layerAt(0)), QList<Where>());
    QVERIFY(m_document->removePlatforms({root.child(1)}));
    QCOMPARE(places(root.child(1)), QList<Where>());
}

void TestAnnotationsModel::whatMayNotBeEditedIsOnlyShown()
{
    m_model->setPlace(m_document.get(), root.child(2), Where::Document);
    QVERIFY(!m_model->isEditable());
    QVERIFY(!m_model->addDraft().isValid());
    QCOMPARE(m_model->rowCount(), 0);
}

void TestAnnotationsModel::addsByNameAndValue()
{
    QCOMPARE(add(vendor, QStringLiteral("Vendor GmbH")), QStringLiteral("Vendor GmbH"));
    QCOMPARE(add(title, QStringLiteral("App")), QStringLiteral("App"));
    QCOMPARE(m_model->rowCount(), 2);
    QCOMPARE(m_model->count(), 2);
    QVERIFY(!m_model->hasDraft());
    QCOMPARE(m_model->rowOf(title), 0); // by name
    QCOMPARE(m_model->stateOf(0), State::Added);
    QCOMPARE(m_model->index(0, 0).data(Qt::AccessibleTextRole).toString(), title + QStringLiteral(", added"));
    QVERIFY(m_model->index(0, 0).data(AnnotationsModel::EditedRole).toBool());
    QCOMPARE(m_document->undoStack()->count(), 2);
}

void TestAnnotationsModel::anEmptyValueIsAValue()
{
    QCOMPARE(add(title, QString()), QString());
    QVERIFY(items::annotationsAt(m_document->tree(), root, Where::Document).contains(title));
    QCOMPARE(m_model->count(), 1);
}

void TestAnnotationsModel::aNameIsThereOnce()
{
    add(title, QStringLiteral("App"));
    const QSignalSpy refused(m_model.get(), &AnnotationsModel::refused);
    const QModelIndex draft = m_model->addDraft();
    QVERIFY(!m_model->setData(draft, title));
    QCOMPARE(refused.size(), 1);
    QVERIFY(!m_model->setData(draft.siblingAtColumn(1), QStringLiteral("Other")));
    QCOMPARE(refused.size(), 2);
    QVERIFY(m_model->hasDraft()); // what was typed is not lost
    QCOMPARE(m_model->draftName(), title);
    QCOMPARE(items::annotationsAt(m_document->tree(), root, Where::Document).value(title), QStringLiteral("App"));
}

void TestAnnotationsModel::aDraftIsNoEdit()
{
    const QModelIndex draft = m_model->addDraft();
    QVERIFY(m_model->setData(draft, title));
    QVERIFY(!m_document->isEdited());
    QCOMPARE(m_model->count(), 0);
    QCOMPARE(m_model->stateOf(0), State::Draft);
    // An edit elsewhere leaves it where it is: the last.
    QVERIFY(m_document->setAnnotation(root, Where::Document, QStringLiteral("z.last"), QStringLiteral("1")));
    QCOMPARE(m_model->rowCount(), 2);
    QCOMPARE(m_model->stateOf(1), State::Draft);
    QVERIFY(m_model->setData(m_model->index(1, 0), QString()));
    QVERIFY(!m_model->hasDraft());
}

void TestAnnotationsModel::changesAndGoesBack()
{
    ImageDocument saying(test::vendorReference(), test::imageSaying(QStringLiteral("text")));
    m_model->setPlace(&saying, root, Where::Document);
    QVERIFY(m_model->rowCount() > 0);
    const QModelIndex value = m_model->index(0, AnnotationsModel::ValueColumn);
    const QString before = value.data().toString();
    QVERIFY(m_model->setData(value, QStringLiteral("new\nlines")));
    QCOMPARE(m_model->stateOf(0), State::Changed);
    QCOMPARE(value.data(Qt::EditRole).toString(), QStringLiteral("new\nlines"));
    QCOMPARE(value.data(AnnotationsModel::OldValueRole).toString(), before);
    QVERIFY(value.data(Qt::ToolTipRole).toString().contains(QStringLiteral("Was: ") + before));
    QVERIFY(m_model->restore(0));
    QCOMPARE(m_model->stateOf(0), State::AsOpened);
    QVERIFY(!saying.isEdited());
    QVERIFY(!m_model->restore(0)); // nothing to go back to
    m_model->setPlace(nullptr, {}, Where::Document);
}

void TestAnnotationsModel::removedOnesStayInSight()
{
    ImageDocument saying(test::vendorReference(), test::imageSaying(QStringLiteral("text")));
    m_model->setPlace(&saying, root, Where::Document);
    const int count = m_model->count();
    const QString name = m_model->index(0, 0).data(Qt::EditRole).toString();
    QVERIFY(m_model->remove(0));
    QCOMPARE(m_model->count(), count - 1);
    QCOMPARE(m_model->stateOf(0), State::Removed);
    QVERIFY(m_model->index(0, 0).data(items::GoneRole).toBool());
    QVERIFY(m_model->index(0, 0).data(Qt::AccessibleTextRole).toString().endsWith(QStringLiteral("removed")));
    QVERIFY(!m_model->flags(m_model->index(0, 0)).testFlag(Qt::ItemIsEditable));
    QVERIFY(!m_model->remove(0)); // only once
    QVERIFY(m_model->restore(0));
    QVERIFY(items::annotationsAt(saying.tree(), root, Where::Document).contains(name));
    QVERIFY(!saying.isEdited());
    m_model->setPlace(nullptr, {}, Where::Document);
}

void TestAnnotationsModel::renamesInOneStep()
{
    add(title, QStringLiteral("App"));
    add(vendor, QStringLiteral("V"));
    const QSignalSpy refused(m_model.get(), &AnnotationsModel::refused);
    QVERIFY(!m_model->setData(m_model->index(0, 0), vendor));
    QVERIFY(!m_model->setData(m_model->index(0, 0), QStringLiteral("  ")));
    QCOMPARE(refused.size(), 2);
    const int steps = m_document->undoStack()->count();
    QVERIFY(m_model->setData(m_model->index(0, 0), QStringLiteral("com.example.name")));
    QCOMPARE(m_document->undoStack()->count(), steps + 1);
    const auto now = items::annotationsAt(m_document->tree(), root, Where::Document);
    QCOMPARE(now.value(QStringLiteral("com.example.name")), QStringLiteral("App"));
    QVERIFY(!now.contains(title));
    m_document->undoStack()->undo();
    QCOMPARE(m_model->rowOf(title), 0);
}

void TestAnnotationsModel::followsUndoAndRedo()
{
    add(title, QStringLiteral("App"));
    add(vendor, QStringLiteral("V"));
    m_document->undoStack()->undo();
    QCOMPARE(m_model->rowCount(), 1);
    m_document->undoStack()->undo();
    QCOMPARE(m_model->rowCount(), 0);
    m_document->undoStack()->redo();
    QCOMPARE(m_model->rowCount(), 1);
    QCOMPARE(m_model->index(0, 1).data().toString(), QStringLiteral("App"));
}

void TestAnnotationsModel::refusalsChangeNothing()
{
    m_model->setPlace(m_document.get(), root.child(2), Where::Descriptor);
    const QSignalSpy refused(m_model.get(), &AnnotationsModel::refused);
    const QModelIndex draft = m_model->addDraft();
    QVERIFY(m_model->setData(draft, QStringLiteral("vnd.docker.reference.digest")));
    QVERIFY(!m_model->setData(draft.siblingAtColumn(1), QStringLiteral("sha256:0")));
    QCOMPARE(refused.size(), 1);
    QVERIFY(refused.at(0).at(0).value<base::Error>().message.contains(QStringLiteral("attestations")));
    QVERIFY(m_model->hasDraft());
    QVERIFY(!m_document->isEdited());
}

void TestAnnotationsModel::longTextIsWhole()
{
    const QString longValue = QString(5000, QLatin1Char('x')) + QStringLiteral("\nend\u202E");
    add(title, longValue);
    const QModelIndex value = m_model->index(0, 1);
    QCOMPARE(value.data(Qt::EditRole).toString(), longValue);
    QCOMPARE(value.data(items::FullTextRole).toString(), longValue);
    QVERIFY(value.data().toString().size() < 600);
    QVERIFY(!value.data(Qt::ToolTipRole).toString().contains(QChar(0x202E)));
}

void TestAnnotationsModel::survivesItsDocument()
{
    add(title, QStringLiteral("App"));
    m_document.reset();
    QCOMPARE(m_model->rowCount(), 0);
    QVERIFY(!m_model->addDraft().isValid());
}

QTEST_GUILESS_MAIN(TestAnnotationsModel)
#include "tst_annotationsmodel.moc"
