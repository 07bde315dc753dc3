// SPDX-License-Identifier: Apache-2.0
#include "registry/addressclass.h"

#include <QTest>

using namespace colophon;
using registry::AddressClass;

Q_DECLARE_METATYPE(AddressClass)

class TestAddressClass : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void knowsEachClass_data()
    {
        QTest::addColumn<QString>("address");
        QTest::addColumn<AddressClass>("wanted");
        const auto row = [](const char *address, AddressClass wanted) {
            QTest::newRow(address) << QString::fromLatin1(address) << wanted;
        };
        row("8.8.8.8", AddressClass::Public);
        row("172.15.255.255", AddressClass::Public);
        row("172.32.0.0", AddressClass::Public);
        row("100.63.255.255", AddressClass::Public);
        row("100.128.0.0", AddressClass::Public);
        row("2606:4700::1", AddressClass::Public);
        row("10.0.0.1", AddressClass::Private);
        row("172.16.0.1", AddressClass::Private);
        row("172.31.255.255", AddressClass::Private);
        row("192.168.1.1", AddressClass::Private);
        row("100.64.0.1", AddressClass::Private);
        row("fd00::1", AddressClass::Private);
        row("fec0::1", AddressClass::Private);
        row("127.0.0.1", AddressClass::Loopback);
        row("127.255.255.254", AddressClass::Loopback);
        row("::1", AddressClass::Loopback);
        row("169.254.169.254", AddressClass::Special);
        row("0.0.0.0", AddressClass::Special);
        row("0.1.2.3", AddressClass::Special);
        row("::", AddressClass::Special);
        row("fe80::1", AddressClass::Special);
        row("224.0.0.1", AddressClass::Special);
        row("255.255.255.255", AddressClass::Special);
        row("ff02::1", AddressClass::Special);
        row("192.0.2.1", AddressClass::Special);
        row("2001:db8::1", AddressClass::Special);
        // IPv4 in IPv6 is judged by the IPv4 address.
        row("::ffff:127.0.0.1", AddressClass::Loopback);
        row("::ffff:169.254.169.254", AddressClass::Special);
        row("::ffff:10.1.2.3", AddressClass::Private);
        row("::ffff:8.8.8.8", AddressClass::Public);
        row("::127.0.0.1", AddressClass::Loopback);
        row("64:ff9b::a9fe:a9fe", AddressClass::Special);
        row("64:ff9b::808:808", AddressClass::Public);
        row("2002:7f00:1::", AddressClass::Loopback);
        row("2002:808:808::", AddressClass::Public);
    }

    void knowsEachClass()
    {
        QFETCH(QString, address);
        QFETCH(AddressClass, wanted);
        QCOMPARE(registry::classOf(QHostAddress(address)), wanted);
    }

    void namesOnlyItsOwnClassOrWider_data()
    {
        QTest::addColumn<AddressClass>("from");
        QTest::addColumn<QList<bool>>("to"); // special, loopback, private, public
        QTest::newRow("public") << AddressClass::Public << QList<bool>{false, false, false, true};
        QTest::newRow("private") << AddressClass::Private << QList<bool>{false, false, true, true};
        QTest::newRow("loopback") << AddressClass::Loopback << QList<bool>{false, true, true, true};
        QTest::newRow("link-local") << AddressClass::Special << QList<bool>{true, false, true, true};
    }

    void namesOnlyItsOwnClassOrWider()
    {
        QFETCH(AddressClass, from);
        QFETCH(QList<bool>, to);
        const QStringList examples{QStringLiteral("169.254.169.254"), QStringLiteral("127.0.0.1"),
                                   QStringLiteral("10.0.0.1"), QStringLiteral("8.8.8.8")};
        for (qsizetype i = 0; i < examples.size(); ++i) {
            const QHostAddress address(examples.at(i));
            QCOMPARE(registry::mayName(from, registry::classOf(address)), to.at(i));
            const auto strict = registry::checkNamedBy(from, {}, QStringLiteral("r.example"))(address);
            QCOMPARE(strict.has_value(), to.at(i));
            if (!strict) {
                QCOMPARE(strict.error().kind, base::ErrorKind::Denied);
                QVERIFY(strict.error().confined);
                QCOMPARE(strict.error().confined->registry, QStringLiteral("r.example"));
                QCOMPARE(QHostAddress(strict.error().confined->address), address);
                QVERIFY(!registry::checkNamedBy(from, {}, {})(address).error().confined);
            }
            QVERIFY(registry::checkNamedBy(from, {.addresses = {address}}, {})(address));
            QCOMPARE(
                registry::checkNamedBy(from, {.addresses = {QHostAddress(QStringLiteral("10.9.9.9"))}}, {})(address)
                    .has_value(),
                to.at(i));
            QVERIFY(registry::checkNamedBy(from, {.everything = true}, {})(address));
        }
    }

    void onlyLoopbackDoesWithoutEncryption()
    {
        const auto check = registry::checkLoopback();
        QVERIFY(check(QHostAddress(QStringLiteral("127.0.0.1"))));
        QVERIFY(check(QHostAddress(QStringLiteral("::1"))));
        QVERIFY(!check(QHostAddress(QStringLiteral("10.0.0.1"))));
        QVERIFY(!check(QHostAddress(QStringLiteral("8.8.8.8"))));
        QVERIFY(!check(QHostAddress(QStringLiteral("169.254.169.254"))));
    }

    void nothingIsNoAddress() { QCOMPARE(registry::classOf(QHostAddress()), AddressClass::Special); }
};

QTEST_GUILESS_MAIN(TestAddressClass)
#include "tst_addressclass.moc"
