// SPDX-License-Identifier: Apache-2.0
// Writes the whole table of what clients and registries do, for reading: matrix [--check] DATA FILE. With --check it
// writes nothing and fails where FILE is not what it would write.

#include "behaviour/knowledge.h"

#include <QFile>

#include <cstdio>

using namespace colophon::behaviour;

namespace {
QString cell(QString text) { return text.replace(u'|', QStringLiteral("\\|")).replace(u'\n', u' '); }

QString line(const QStringList &cells)
{
    QStringList safe;
    for (const QString &each : cells)
        safe.append(cell(each));
    return QStringLiteral("| ") + safe.join(QStringLiteral(" | ")) + QStringLiteral(" |\n");
}

QString versions(const Party &party, const Row &row)
{
    QStringList names;
    for (const QString &id : row.ranges) {
        const VersionRange *range = party.range(id);
        QString text;
        if (range->min && range->below)
            text = QStringLiteral("%1 to below %2").arg(range->min->toString(), range->below->toString());
        else if (range->min)
            text = QStringLiteral("from %1").arg(range->min->toString());
        else if (range->below)
            text = QStringLiteral("below %1").arg(range->below->toString());
        else
            text = QStringLiteral("any");
        names.append(text);
    }
    return names.join(QStringLiteral("; "));
}

QString kinds(const Row &row)
{
    QStringList words{row.marking ? colophon::oci::nameOf(*row.marking) : QStringLiteral("any")};
    if (row.family)
        words.append(*row.family == colophon::oci::MediaType::Family::Docker ? QStringLiteral("Docker")
                                                                             : QStringLiteral("OCI"));
    if (!row.compressions.isEmpty())
        words.append(row.compressions.join(u'/'));
    return words.join(QStringLiteral(", "));
}

QString outcome(const Row &row)
{
    QString text = nameOf(row.outcome);
    if (row.keepsManifest)
        text += *row.keepsManifest ? QStringLiteral(", manifest kept") : QStringLiteral(", manifest rewritten");
    if (row.needsBlob)
        text += *row.needsBlob ? QStringLiteral(", layer required") : QStringLiteral(", layer not required");
    return text;
}

// Whether it tells of layers that it was not run with. Docker has no marked type for zstd.
bool isPartlyRun(const Row &row)
{
    return row.certainty == Certainty::Executed && std::ranges::any_of(LayerKind::all(), [&](const LayerKind &kind) {
               const bool isType = kind.content() != QLatin1String("docker zstd") ||
                                   kind.marking == colophon::oci::Marking::Distributable ||
                                   kind.marking == colophon::oci::Marking::HalfMarked;
               return isType && row.holdsFor(kind) && !row.ran.contains(kind.content());
           });
}

QString certainty(const Row &row)
{
    QString text = nameOf(row.certainty);
    if (!row.executed.isEmpty())
        text +=
            QStringLiteral(": %1; %2").arg(row.executed.join(QStringLiteral(", ")), row.ran.join(QStringLiteral(", ")));
    if (isPartlyRun(row))
        return text +
               QStringLiteral(" (%1); of others %2 (%3)").arg(row.date, nameOf(row.otherwise), row.otherwiseDate);
    return text + QStringLiteral(" (%1)").arg(row.date);
}

QString tableOf(const Party &party)
{
    QString text = QStringLiteral("\n## %1\n\n").arg(party.name);
    if (!party.about.isEmpty())
        text += party.about + QStringLiteral("\n\n");
    for (const VersionRange &range : party.ranges) {
        if (!range.note.isEmpty())
            text += QStringLiteral("- %1: %2\n").arg(range.name.isEmpty() ? party.name : range.name, range.note);
    }
    text += u'\n';
    text += line({QStringLiteral("Operation"), QStringLiteral("Versions"), QStringLiteral("Layer"),
                  QStringLiteral("Outcome"), QStringLiteral("In words"), QStringLiteral("Certainty")});
    text += QStringLiteral("|---|---|---|---|---|---|\n");
    for (const Row &row : party.rows) {
        const QString operation =
            row.option.isEmpty() ? nameOf(row.operation) : nameOf(row.operation) + u' ' + row.option;
        text += line({operation, versions(party, row), kinds(row), outcome(row), row.sentence, certainty(row)});
    }
    return text;
}

QString summary(const Knowledge &knowledge)
{
    QMap<Certainty, int> counts;
    for (const Party &party : knowledge.parties()) {
        for (const Row &row : party.rows)
            ++counts[row.certainty];
    }
    QStringList words;
    int all = 0;
    for (auto each = counts.constBegin(); each != counts.constEnd(); ++each) {
        words.append(QStringLiteral("%1 %2").arg(each.value()).arg(nameOf(each.key())));
        all += each.value();
    }
    return QStringLiteral("%1 rows: %2.\n").arg(all).arg(words.join(QStringLiteral(", ")));
}
} // namespace

int main(int argc, char **argv)
{
    const bool isCheck = argc == 4 && qstrcmp(argv[1], "--check") == 0;
    if (argc != 3 && !isCheck) {
        std::fputs("matrix [--check] DATA FILE\n", stderr);
        return 2;
    }
    const auto knowledge = Knowledge::load(QString::fromLocal8Bit(argv[argc - 2]));
    if (!knowledge) {
        std::fprintf(stderr, "%s\n", qPrintable(knowledge.error().text()));
        return 1;
    }
    QString text = QStringLiteral("# What clients and registries do with each marking\n\n"
                                  "Made from the files beside this one by `cmake --build --preset dev --target "
                                  "behaviour_matrix`; not to be edited.\n"
                                  "Rows that were *executed* are run again by the tests (`ctest --preset dev -L "
                                  "behaviour`) and name the versions and the layers they were run with.\n\n");
    text += summary(*knowledge);
    for (const Party &party : knowledge->parties())
        text += tableOf(party);

    QFile file(QString::fromLocal8Bit(argv[argc - 1]));
    if (isCheck) {
        if (file.open(QIODevice::ReadOnly) && file.readAll() == text.toUtf8())
            return 0;
        std::fprintf(stderr, "%s is not what the data says: cmake --build --preset dev --target behaviour_matrix\n",
                     argv[argc - 1]);
        return 1;
    }
    if (!file.open(QIODevice::WriteOnly) || file.write(text.toUtf8()) < 0) {
        std::fprintf(stderr, "%s\n", qPrintable(file.errorString()));
        return 1;
    }
    return 0;
}
