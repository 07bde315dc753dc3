// SPDX-License-Identifier: Apache-2.0
#pragma once

// What is known of clients and registries, as it was loaded from resources/behaviour (its README and schema.json say
// what the fields mean). Values; nothing here knows a client by name.

#include "base/result.h"
#include "behaviour/layerkind.h"
#include "behaviour/version.h"
#include "behaviour/words.h"

#include <QList>
#include <QString>
#include <QStringList>

#include <memory>
#include <optional>

namespace colophon::behaviour {

struct Source
{
    QString repo;
    QString path;
    QString ref;
    QString inWords() const; // "moby/moby, distribution/push_v2.go, v27.5.1"
    bool operator==(const Source &) const = default;
};

struct VersionRange
{
    QString id;
    QString name; // product and range as a person reads them
    std::optional<Version> min;
    std::optional<Version> below;
    bool isPast = false; // so old that only who asks for it is told of it
    QString note;
    bool contains(const Version &version) const { return (!min || version >= *min) && (!below || version < *below); }
    // Whether a version that begins like this is in it: "4" is 4.3, too.
    bool meets(const Version &given) const { return (!min || *min < given.next()) && (!below || *below > given); }
};

struct Rule
{
    Decides decides = Decides::Nothing;
    Order order = Order::Unsaid;
    Fallback fallback = Fallback::Unsaid;
    QString inWords() const; // one or two sentences; empty where nothing is said
};

// What happens to layers of some kinds.
struct Row
{
    Operation operation = Operation::Push;
    QStringList ranges; // ids
    QString option;     // empty: as it comes
    Rule rule;
    std::optional<oci::Marking> marking; // nothing: any
    std::optional<oci::MediaType::Family> family;
    QStringList compressions; // empty: any
    Outcome outcome = Outcome::NotKnown;
    std::optional<bool> keepsManifest; // byte for byte
    std::optional<bool> needsBlob;     // a registry, or an archive that is loaded, must hold the layer
    QString sentence;
    Certainty certainty = Certainty::Unknown;
    QStringList executed; // the exact versions run
    QStringList ran;      // and the layers they were run with, by LayerKind::content()
    QString date;
    Certainty otherwise = Certainty::Unknown; // of layers that it was not run with
    QString otherwiseDate;
    QList<Source> sources;

    bool holdsFor(const LayerKind &kind) const;
    // As it is known of this kind: what was run with layers of other types only is no surer than what was read.
    Row ofLayer(const LayerKind &kind) const;
    // What a person must be told beside it: "inferred", "reported in August 2021"; empty where it was run or read.
    QString caveat() const;
};

// How a registry is told by a header field it answers with.
struct Recognition
{
    QString header; // in small letters
    QString pattern;
    Source source;
};

// A client or a registry.
struct Party
{
    enum class Kind { Client, Registry };
    QString id;
    QString name;
    Kind kind = Kind::Client;
    QString product;  // what several of them are called together; may be empty
    QString platform; // "linux", "windows", or empty
    bool isCommon = false;
    QString about;
    QString
        link; // where to read how a registry is told to allow addresses, or in what order a client asks; may be empty
    QList<Recognition> recognition;
    QList<VersionRange> ranges;
    QList<Row> rows;

    const VersionRange *range(const QString &id) const;
};

// What somebody who marks a layer anew should know besides.
struct Remark
{
    QString id;
    QString sentence;
    QString link; // http or https
    QString date;
};

class Knowledge
{
public:
    Knowledge() = default; // knows nobody
    explicit Knowledge(QList<Party> parties, QList<Remark> remarks = {});

    // Of every *.json in the folders below `folder`, and of its remarks.json. InvalidData names the file and the place
    // that is wrong.
    static base::Result<Knowledge> load(const QString &folder);
    // What is built in; it is tested, so it loads.
    static Knowledge shipped();

    // Clients first, in the order of their names.
    const QList<Party> &parties() const { return *m_parties; }
    const Party *party(const QString &id) const;
    const QList<Remark> &remarks() const { return m_remarks; }
    // Everything the two know; an id may occur once.
    base::Result<Knowledge> with(const Knowledge &other) const;

private:
    std::shared_ptr<const QList<Party>> m_parties = std::make_shared<QList<Party>>();
    QList<Remark> m_remarks;
};

// One file, strictly by the form: an unknown member or word, a range that overlaps, a version or date that is none, a
// kind of layer told of twice or never, are InvalidData.
base::Result<Party> readParty(const QByteArray &json, const QString &file);
base::Result<QList<Remark>> readRemarks(const QByteArray &json, const QString &file);

} // namespace colophon::behaviour
