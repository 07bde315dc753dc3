// SPDX-License-Identifier: Apache-2.0
#include "items/urlsmodel.h"
#include "support/sampletree/sampletree.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace colophon;
using document::NodePath;
using editing::ImageDocument;
using items::UrlsModel;
using Tester = QAbstractItemModelTester;

namespace {
const NodePath baseLayer = NodePath::root().child(0).layerAt(0);
const NodePath other = NodePath::root().child(1).layerAt(0); // the same digest
const QString first = QStringLiteral("https://dl.vendor.example/base/4612.tar.gz");
const QString second = QStringLiteral("https://mirror.example/b");
} // namespace

class TestUrlsModel : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void showsTheAddressesOfALayer();
    void editsGoEverywhereAndBack();
    void addsRemovesAndMoves();
    void aBadAddressIsNotTaken_data();
    void aBadAddressIsNotTaken();
    void aDraftIsNoEdit();
    void showsWhatAddressesAnswered();
    void whatIsStoppedWasNotAsked();
    void survivesItsDocument();

private:
    std::unique_ptr<ImageDocument> m_document;
    std::unique_ptr<UrlsModel> m_model;
    std::unique_ptr<Tester> m_tester;
};

void TestUrlsModel::init()
{
    m_document = std::make_unique<ImageDocument>(test::vendorReference(), test::vendorImage());
    m_model = std::make_unique<UrlsModel>();
    m_tester = std::make_unique<Tester>(m_model.get(), Tester::FailureReportingMode::QtTest);
    m_model->setLayer(m_document.get(), baseLayer);
}

void TestUrlsModel::cleanup()
{
    m_tester.reset();
    m_model.reset();
    m_document.reset();
}

void TestUrlsModel::showsTheAddressesOfALayer()
{
    QCOMPARE(m_model->addresses(), QStringList{first});
    QVERIFY(m_model->flags(m_model->index(0, 0)).testFlag(Qt::ItemIsEditable));
    m_model->setLayer(m_document.get(), NodePath::root().child(0).config());
    QVERIFY(!m_model->hasLayer());
    QCOMPARE(m_model->rowCount(), 0);
    QVERIFY(!m_model->addDraft().isValid());
}

void TestUrlsModel::editsGoEverywhereAndBack()
{
    QVERIFY(m_model->setData(m_model->index(0, 0), second));
    QCOMPARE(m_document->tree().descriptor(other)->urls, QStringList{second});
    QVERIFY(m_document->tree().descriptor(baseLayer)->mediaType.isNonDistributable());
    m_document->undoStack()->undo();
    QCOMPARE(m_model->addresses(), QStringList{first});
    m_document->undoStack()->redo();
    QCOMPARE(m_model->addresses(), QStringList{second});
}

void TestUrlsModel::addsRemovesAndMoves()
{
    QVERIFY(m_model->add(second));
    QCOMPARE(m_document->tree().descriptor(baseLayer)->urls, (QStringList{first, second}));
    QVERIFY(m_model->move(1, 0));
    QCOMPARE(m_document->tree().descriptor(baseLayer)->urls, (QStringList{second, first}));
    QVERIFY(!m_model->move(0, 2));
    QVERIFY(m_model->remove(0));
    QCOMPARE(m_model->addresses(), QStringList{first});
    QVERIFY(!m_model->remove(5));
    while (m_document->undoStack()->canUndo())
        m_document->undoStack()->undo();
    QCOMPARE(m_model->addresses(), QStringList{first});
    QVERIFY(!m_document->isEdited());
}

void TestUrlsModel::aBadAddressIsNotTaken_data()
{
    QTest::addColumn<QString>("address");
    for (const char *each : {"ftp://x.example/y", "https://user:pw@x.example/y", "nonsense", "https://x.example/#f",
                             "https://dl.vendor.example/base/4612.tar.gz"})
        QTest::newRow(each) << QString::fromLatin1(each);
}

void TestUrlsModel::aBadAddressIsNotTaken()
{
    QFETCH(QString, address);
    const QSignalSpy refused(m_model.get(), &UrlsModel::refused);
    QVERIFY(!m_model->add(address));
    QCOMPARE(refused.size(), 1);
    QCOMPARE(m_model->addresses(), QStringList{first});
    QVERIFY(!m_document->undoStack()->canUndo());
    // Typed into a row it stays there, and says so.
    const QModelIndex draft = m_model->addDraft();
    QVERIFY(!m_model->setData(draft, address));
    QCOMPARE(draft.data().toString(), address);
    QCOMPARE(draft.siblingAtColumn(1).data(items::ToneRole).toInt(), int(items::Tone::Error));
    QVERIFY(!draft.siblingAtColumn(1).data(Qt::ToolTipRole).toString().isEmpty());
    QVERIFY(m_model->setData(draft, second));
    QCOMPARE(m_document->tree().descriptor(baseLayer)->urls, (QStringList{first, second}));
    QCOMPARE(draft.siblingAtColumn(1).data().toString(), QStringLiteral("Not asked yet"));
}

void TestUrlsModel::aDraftIsNoEdit()
{
    const QModelIndex draft = m_model->addDraft();
    QCOMPARE(m_model->rowCount(), 2);
    QCOMPARE(m_model->addDraft(), draft); // one at a time
    QVERIFY(m_model->hasEmptyDraft());
    QVERIFY(!m_document->isEdited());
    QVERIFY(m_model->setData(m_model->index(0, 0), second)); // an edit elsewhere leaves it
    QCOMPARE(m_model->rowCount(), 2);
    m_document->undoStack()->undo();
    QCOMPARE(m_model->rowCount(), 2);
    QVERIFY(m_model->setData(m_model->index(1, 0), QString()));
    QCOMPARE(m_model->rowCount(), 1);
}

void TestUrlsModel::showsWhatAddressesAnswered()
{
    const oci::Digest digest = m_document->tree().descriptor(baseLayer)->digest;
    const QModelIndex answer = m_model->index(0, UrlsModel::AnswerColumn);
    QCOMPARE(answer.data(UrlsModel::VerdictRole).toInt(), -1);
    m_model->setProbing(digest, first);
    QCOMPARE(answer.data(UrlsModel::VerdictRole).toInt(), -2);
    content::UrlProbe probe;
    probe.url = first;
    probe.verdict = content::UrlProbe::Verdict::NeedsCredentials;
    probe.reason = QStringLiteral("It answered 401 <b>.");
    m_model->setProbe(digest, probe);
    QCOMPARE(answer.data().toString(), QStringLiteral("Needs credentials"));
    QVERIFY(answer.data(Qt::ToolTipRole).toString().contains(QStringLiteral("&lt;b&gt;")));
    QVERIFY(answer.data(UrlsModel::MeaningRole).toString().contains(QStringLiteral("Pulls fail here")));
    m_model->setLayer(m_document.get(), other); // by digest, so that it is known here too
    QCOMPARE(m_model->index(0, 1).data().toString(), QStringLiteral("Needs credentials"));
    m_model->setProbe(oci::Digest::of("another"), probe);
    m_model->clearProbes();
    QCOMPARE(m_model->index(0, 1).data(UrlsModel::VerdictRole).toInt(), -1);
}

void TestUrlsModel::whatIsStoppedWasNotAsked()
{
    const oci::Digest digest = m_document->tree().descriptor(baseLayer)->digest;
    QVERIFY(!m_model->isProbing());
    m_model->setProbing(digest, first);
    QVERIFY(m_model->isProbing());
    m_model->stopProbing();
    QVERIFY(!m_model->isProbing());
    QCOMPARE(m_model->index(0, UrlsModel::AnswerColumn).data(UrlsModel::VerdictRole).toInt(), -1);
}

void TestUrlsModel::survivesItsDocument()
{
    m_document.reset();
    QCOMPARE(m_model->rowCount(), 0);
    QVERIFY(!m_model->add(second));
}

QTEST_GUILESS_MAIN(TestUrlsModel)
#include "tst_urlsmodel.moc"
