// SPDX-License-Identifier: Apache-2.0
#include "widgets/common/statepane.h"
#include "widgets/window/tagspane.h"

#include <QLineEdit>
#include <QListView>
#include <QSignalSpy>
#include <QTest>

using namespace colophon;

class TagsPaneTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void ordersAsPeopleCount();
    void hidesAttachments();
    void filters();
    void opensATag();
    void saysWhenThereIsNothing();

private:
    QStringList shown() const
    {
        QStringList tags;
        for (int row = 0; row < m_pane->view()->model()->rowCount(); ++row)
            tags.append(m_pane->view()->model()->index(row, 0).data().toString());
        return tags;
    }
    std::unique_ptr<widgets::TagsPane> m_pane;
};

void TagsPaneTest::init()
{
    m_pane = std::make_unique<widgets::TagsPane>();
    m_pane->setRepository(*oci::Reference::parse(u"registry.example/app:1.9"));
}

void TagsPaneTest::ordersAsPeopleCount()
{
    m_pane->showTags({QStringLiteral("1.10"), QStringLiteral("latest"), QStringLiteral("1.9"), QStringLiteral("1.1")});
    QCOMPARE(shown(), (QStringList{QStringLiteral("1.1"), QStringLiteral("1.9"), QStringLiteral("1.10"),
                                   QStringLiteral("latest")}));
    QCOMPARE(m_pane->view()->currentIndex().data().toString(), QStringLiteral("1.9")); // the open one
}

void TagsPaneTest::hidesAttachments()
{
    const QString signature = QStringLiteral("sha256-") + QString(64, QLatin1Char('a')) + QStringLiteral(".sig");
    m_pane->showTags({signature, QStringLiteral("1"), QStringLiteral("sha256-is-not-enough")});
    QCOMPARE(shown(), (QStringList{QStringLiteral("1"), QStringLiteral("sha256-is-not-enough")}));
    m_pane->filter()->setText(QStringLiteral("sha256-a"));
    QCOMPARE(shown(), QStringList{signature});
}

void TagsPaneTest::filters()
{
    m_pane->showTags({QStringLiteral("1.9"), QStringLiteral("Nightly"), QStringLiteral("nightly-2")});
    m_pane->filter()->setText(QStringLiteral("NIGHT"));
    QCOMPARE(shown().size(), 2);
    m_pane->filter()->setText(QStringLiteral("."));
    QCOMPARE(shown(), QStringList{QStringLiteral("1.9")}); // text, no pattern
}

void TagsPaneTest::opensATag()
{
    QSignalSpy opened(m_pane.get(), &widgets::TagsPane::tagActivated);
    m_pane->showTags({QStringLiteral("1.9"), QStringLiteral("2.0")});
    m_pane->filter()->setText(QStringLiteral("2.0"));
    QTest::keyClick(m_pane->filter(), Qt::Key_Return);
    QCOMPARE(opened.size(), 1);
    QCOMPARE(opened.first().first().value<oci::Reference>().toString(), QStringLiteral("registry.example/app:2.0"));
    m_pane->filter()->setText(QStringLiteral("1.9")); // open already
    QTest::keyClick(m_pane->filter(), Qt::Key_Return);
    QCOMPARE(opened.size(), 1);
}

void TagsPaneTest::saysWhenThereIsNothing()
{
    auto *pane = m_pane->findChild<widgets::StatePane *>();
    m_pane->showTags({QStringLiteral("1")});
    QCOMPARE(pane->state(), widgets::StatePane::State::Content);
    m_pane->filter()->setText(QStringLiteral("x"));
    QCOMPARE(pane->state(), widgets::StatePane::State::Empty);
    m_pane->showError(base::fail(base::ErrorKind::Denied, QStringLiteral("You may not list tags.")).error());
    QCOMPARE(pane->state(), widgets::StatePane::State::Failed);
}

QTEST_MAIN(TagsPaneTest)
#include "tst_tagspane.moc"
