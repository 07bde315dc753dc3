// SPDX-License-Identifier: Apache-2.0
#include "behaviour/runs/versions.h"

#include "support/programs/programs.h"

#include <QRegularExpression>
#include <QTest>

namespace colophon::test {

QString versionOf(const QString &program, const QStringList &arguments)
{
    static const QRegularExpression numbers(QStringLiteral("\\bv?(\\d+\\.\\d+\\.\\d+)"));
    const Ran ran = run(program, arguments, QProcessEnvironment::systemEnvironment());
    return numbers.match(QString::fromUtf8(ran.out)).captured(1);
}

QList<const Kind *> allKinds()
{
    QList<const Kind *> all;
    for (const Kind &each : kinds())
        all.append(&each);
    return all;
}

QList<const Kind *> packedKinds()
{
    QList<const Kind *> packed = allKinds();
    packed.removeIf([](const Kind *each) { return qstrcmp(each->compression, "none") == 0; });
    return packed;
}

void addKinds(const QList<const Kind *> &kinds)
{
    QTest::addColumn<const Kind *>("kind");
    for (const Kind *each : kinds)
        QTest::newRow(each->name) << each;
}

QList<std::pair<const Kind *, Address>> faults()
{
    QList<std::pair<const Kind *, Address>> all;
    for (const char *name : {"a", "b", "d"}) {
        for (const Address address :
             {Address::Missing, Address::Denied, Address::Broken, Address::Wrong, Address::Dead})
            all.append({&kind(name), address});
    }
    return all;
}

void addFaults()
{
    QTest::addColumn<const Kind *>("kind");
    QTest::addColumn<Address>("address");
    for (const auto &[kind, address] : faults())
        QTest::addRow("%s, %s", kind->name, word(address)) << kind << address;
}

} // namespace colophon::test
