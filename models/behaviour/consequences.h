// SPDX-License-Identifier: Apache-2.0
#pragma once

// Asking the data: which clients somebody means, and what each does with a layer of some kind. Pure.

#include "behaviour/knowledge.h"

#include <QList>
#include <QSet>
#include <QStringList>

#include <optional>

namespace colophon::behaviour {

// A client or registry in one range of its versions: what a person picks ("Docker 28 and later on Windows").
struct Line
{
    QString party; // its id
    QString range; // the range's id; empty: a version nobody has looked at
    QString name;
    Party::Kind kind = Party::Kind::Client;
    QString id() const { return party + QLatin1Char('/') + range; }
    bool operator==(const Line &) const = default;
};

// All lines of that kind, in the order of the data.
QList<Line> linesOf(const Knowledge &knowledge, Party::Kind kind);
// Those for somebody who has chosen none.
QList<Line> commonLines(const Knowledge &knowledge, Party::Kind kind);
// Those of one client or registry: all, or all that have versions that begin like this ("4" is every 4); where none
// has, the one nobody has looked at.
QList<Line> linesOf(const Party &party, const std::optional<Version> &version);
// NAME[@VERSION]...: an id ("docker-windows"), a name, a product that stands for several ("docker"), in any case of
// letters; or the id of a line ("docker-windows/to-27"). With a version, its lines as above. Usage names who is known
// where one is not. Never empty where names are given.
base::Result<QList<Line>> linesNamed(const Knowledge &knowledge, Party::Kind kind, const QStringList &names);
// Those of these ids that still exist: what was remembered may be older than the data.
QList<Line> linesWithIds(const Knowledge &knowledge, Party::Kind kind, const QStringList &ids);

// What one client or registry does with one kind of layer in one operation.
struct Consequence
{
    Line line;
    LayerKind layer;
    Row row; // its outcome, sentence, rule, source, certainty and date; of what was run, the versions of this line
};

// For each line, its operations as they come, then those with an option; in the order of the data.
QList<Consequence> consequencesOf(const Knowledge &knowledge, const QList<Line> &lines, const LayerKind &layer);
// One of them; nothing where the line has no such operation.
std::optional<Consequence> consequenceOf(const Knowledge &knowledge, const Line &line, const LayerKind &layer,
                                         Operation operation, const QString &option = {});

// How well it is known: "run with 1.9.3", "read in its source".
QString certaintyInWords(const Row &row);
// What was run, and with which layers: "1.9.3, with layers of Docker type (gzip) and OCI type (uncompressed, zstd)".
// Empty where nothing was.
QString runInWords(const Row &row);

// One image of those a tag names.
struct ImageName
{
    QString name; // "linux/arm64"; empty where there is one alone
    QString os;   // "windows"; empty where it is not said
    bool operator==(const ImageName &) const = default;
};

// The layers of one kind, and where they are to be fetched. A content that occurs twice counts once.
struct LayerGroup
{
    LayerKind before; // as the image was opened; equal to `after` where no edit changed it
    LayerKind after;
    QSet<oci::Digest> contents;
    QStringList hosts;            // of the addresses they have now, none twice, in their order
    QList<ImageName> images = {}; // they are layers of; none where that was not asked
    int layers() const { return static_cast<int>(contents.size()); }
    bool isChanged() const { return before != after; }
    bool operator==(const LayerGroup &) const = default;
};
// `before` and `after` are the same layers, place by place; `images` says which image each is of, or nothing.
QList<LayerGroup> groupsOf(const QList<oci::Descriptor> &before, const QList<oci::Descriptor> &after,
                           const QList<ImageName> &images = {});

// Whether it has to do with images for that system: Docker on Windows runs none for Linux. Where one of the two is not
// said it has.
bool concerns(const Party &party, const QString &os);
// The lines that have to do with any of these layers.
QList<Line> linesFor(const Knowledge &knowledge, const QList<Line> &lines, const QList<LayerGroup> &groups);

} // namespace colophon::behaviour
