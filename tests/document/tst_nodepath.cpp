// SPDX-License-Identifier: Apache-2.0
#include "document/nodepath.h"

#include <QSet>
#include <QTest>

#include <algorithm>

using colophon::document::NodePath;

class TestNodePath : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void textAndBack_data();
    void textAndBack();
    void whatIsNoPath_data();
    void whatIsNoPath();
    void ordersAsInTheDocument();
    void namesItsManifest();
};

void TestNodePath::textAndBack_data()
{
    QTest::addColumn<NodePath>("path");
    QTest::addColumn<QString>("text");
    QTest::newRow("root") << NodePath::root() << QStringLiteral("/");
    QTest::newRow("entry") << NodePath::root().child(0) << QStringLiteral("/manifests/0");
    QTest::newRow("config") << NodePath::root().child(0).config() << QStringLiteral("/manifests/0/config");
    QTest::newRow("root config") << NodePath::root().config() << QStringLiteral("/config");
    QTest::newRow("layer") << NodePath::root().layerAt(2) << QStringLiteral("/layers/2");
    QTest::newRow("nested") << NodePath::root().child(3).child(11).layerAt(0)
                            << QStringLiteral("/manifests/3/manifests/11/layers/0");
}

void TestNodePath::textAndBack()
{
    QFETCH(NodePath, path);
    QFETCH(QString, text);
    QCOMPARE(path.toString(), text);
    QCOMPARE(NodePath::parse(text), std::optional(path));
}

void TestNodePath::whatIsNoPath_data()
{
    QTest::addColumn<QString>("text");
    for (const char *text :
         {"", "layers/0", "/layers", "/layers/", "/layers/-1", "/layers/00", "/layers/x", "/manifests", "/config/0",
          "/config/layers/0", "/layers/0/config", "/layers/99999999999", "//", "/manifests/0/"})
        QTest::newRow(text) << QString::fromLatin1(text);
}

void TestNodePath::whatIsNoPath()
{
    QFETCH(QString, text);
    QCOMPARE(NodePath::parse(text), std::nullopt);
}

void TestNodePath::ordersAsInTheDocument()
{
    const QStringList inOrder{QStringLiteral("/"),
                              QStringLiteral("/config"),
                              QStringLiteral("/layers/0"),
                              QStringLiteral("/layers/2"),
                              QStringLiteral("/layers/10"),
                              QStringLiteral("/manifests/0"),
                              QStringLiteral("/manifests/0/config"),
                              QStringLiteral("/manifests/0/layers/1"),
                              QStringLiteral("/manifests/0/manifests/0/layers/0"),
                              QStringLiteral("/manifests/2"),
                              QStringLiteral("/manifests/10")};
    QList<NodePath> paths;
    for (const QString &text : inOrder)
        paths.append(*NodePath::parse(text));
    std::reverse(paths.begin(), paths.end());
    std::sort(paths.begin(), paths.end());
    QStringList sorted;
    for (const NodePath &path : paths)
        sorted.append(path.toString());
    QCOMPARE(sorted, inOrder);
    QCOMPARE(QSet<NodePath>(paths.begin(), paths.end()).size(), inOrder.size());
}

void TestNodePath::namesItsManifest()
{
    const NodePath manifest = NodePath::root().child(1);
    QCOMPARE(manifest.layerAt(4).manifest(), manifest);
    QCOMPARE(manifest.config().manifest(), manifest);
    QCOMPARE(manifest.manifest(), manifest);
    QVERIFY(manifest.layerAt(4).isLayer());
    QVERIFY(!manifest.config().isLayer());
}

QTEST_GUILESS_MAIN(TestNodePath)
#include "tst_nodepath.moc"
