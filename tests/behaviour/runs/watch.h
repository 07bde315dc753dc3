// SPDX-License-Identifier: Apache-2.0
#pragma once

// Watches one family of clients at work and writes what each did as a line of JSON, in the words of the data it is
// compared with (resources/behaviour): client, version, operation, marking, outcome.

#include "behaviour/runs/stage.h"

#include <QFile>

#include <functional>

namespace colophon::test {

struct Cell
{
    QString client; // its id in the data
    QString version;
    QString operation;
    QString option = {}; // as the data writes it
    QString by = {};     // the client's command, where it is one of its own in the data: the same is seen of both
};

class Watch
{
public:
    // What the client is made to do. It may begin with steps that are not watched and end them with scene.since.
    using Work = std::function<Ran(Scene &scene)>;
    using LoadWork = std::function<Ran(const Scene &scene, const QString &archive)>;
    // Whether the layer is in what the work left behind, e.g. an archive.
    using Has = std::function<bool(const Scene &scene)>;

    // What an earlier run of the family saw: to be called first, since without its client there is nothing to see.
    static void forget(const QString &family);
    explicit Watch(const QString &family);
    QString problem() const { return m_problem; }
    Stage &stage() { return m_stage; }

    // A push or a copy to the target. Where that takes any manifest, what is seen is what the client makes of the
    // image, whatever a registry says of it.
    void copy(const Cell &cell, const Kind &kind, const Work &work, bool takesAnything = false);
    // A push of what is on disk and at no registry.
    void send(const Cell &cell, const Kind &kind, const Work &work);
    // A pull, or a copy to something local: which place the layer comes from. Done a second time with a layer that the
    // registry lacks where the first time does not tell.
    void fetch(const Cell &cell, const Kind &kind, const Work &work, const Has &has);
    // The same with an address that fails while the registry holds the layer: does the client turn to it?
    void fault(const Cell &cell, const Kind &kind, Address address, const Work &work);
    // The image is in the client's store: is the layer in what it writes?
    void save(const Cell &cell, const Kind &kind, const Work &work, const Has &has);
    // It writes an edited image to scene.edited: is the layer still marked as it was?
    void edit(const Cell &cell, const Kind &kind, const Work &work);
    // An OCI layout on disk is unpacked below `bundle` of its folder; the addresses are at hand.
    void unpack(const Cell &cell, const Kind &kind, const std::function<Ran(const QString &layout)> &work,
                const QString &bundle);
    // The same for an image in a layout that `work` edits in place, under the tag 1.
    void editLayout(const Cell &cell, const Kind &kind, const std::function<Ran(const QString &layout)> &work);
    // An archive of an OCI layout, which is at no registry, is loaded: where does the layer come from, and is the
    // archive taken without it?
    void load(const Cell &cell, const Kind &kind, const LoadWork &work, const Has &has);
    // The same with an address that fails while the archive holds the layer.
    void loadFault(const Cell &cell, const Kind &kind, Address address, const LoadWork &work);
    // Anything else.
    void add(const Cell &cell, const Kind &kind, const QString &outcome, QJsonObject facts);

    // A folder below the stage's, as an archive beside it.
    QString archiveOf(const QString &folder) const;

private:
    QString layoutOf(const Scene &scene, bool isWhole) const; // as an archive
    void judgeSent(const Cell &cell, const Kind &kind, const Scene &scene, const Ran &ran);
    void judgeEdited(const Cell &cell, const Kind &kind, const Scene &scene, const QByteArray &edited, const Ran &ran);

    Stage m_stage;
    QFile m_file;
    QString m_problem;
};

// Whether the marked layer's bytes, or what is in them, are in a file below this folder; archives are looked into.
bool holdsLayer(const QString &folder, const Scene &scene);
bool archiveHoldsLayer(const QString &file, const Scene &scene);

} // namespace colophon::test
