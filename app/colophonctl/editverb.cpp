// SPDX-License-Identifier: Apache-2.0

// `edit`: what goes with a change of markings, in one push: annotations of the documents and of what names them, the
// family of the whole image, platforms that are left out, and what findings can be mended.

#include "base/plaintext.h"
#include "behaviour/outlook.h"
#include "colophonctl/changeflow.h"
#include "document/findings.h"
#include "document/selection.h"

#include <QCoreApplication>
#include <QSet>

namespace colophon::ctl {

namespace {

using document::NodePath;
using document::SetAnnotation;

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(Edit)
};

struct Options
{
    std::vector<std::string> annotations;
    std::vector<std::string> annotationsGone;
    std::vector<std::string> layers;
    std::vector<std::string> platformsGone;
    bool mend = false;
    std::string family; // "docker", "oci"; empty: it stays
    ChangeOptions change;
};

// PLACE:NAME=VALUE or PLACE:NAME, taken apart.
struct Annotation
{
    enum class Place { Index, Manifest, Entry, Config, Layer };
    Place place = Place::Index;
    QString name;
    std::optional<QString> value;
};

QString grammar()
{
    return Text::tr("Write PLACE:NAME=VALUE, or PLACE:NAME to remove it; PLACE is index, manifest, entry, config or "
                    "layer.");
}

base::Result<Annotation> annotationOf(const std::string &given, bool isRemoved)
{
    using Place = Annotation::Place;
    const QString text = QString::fromStdString(given);
    const QString word = text.section(QLatin1Char(':'), 0, 0);
    const QString rest = text.section(QLatin1Char(':'), 1);
    const QHash<QString, Place> places{{QStringLiteral("index"), Place::Index},
                                       {QStringLiteral("manifest"), Place::Manifest},
                                       {QStringLiteral("entry"), Place::Entry},
                                       {QStringLiteral("config"), Place::Config},
                                       {QStringLiteral("layer"), Place::Layer}};
    Annotation annotation;
    annotation.name = isRemoved ? rest : rest.section(QLatin1Char('='), 0, 0);
    if (!places.contains(word) || annotation.name.isEmpty() || (!isRemoved && !rest.contains(QLatin1Char('='))))
        return base::fail(base::ErrorKind::Usage,
                          Text::tr("“%1” does not say an annotation.").arg(base::visible(text, 200)), grammar());
    annotation.place = places.value(word);
    if (!isRemoved)
        annotation.value = rest.section(QLatin1Char('='), 1);
    return annotation;
}

base::Result<QList<Annotation>> annotationsOf(const Options &options)
{
    QList<Annotation> annotations;
    QSet<std::pair<int, QString>> named;
    const auto take = [&](const std::vector<std::string> &texts, bool isRemoved) -> base::Result<void> {
        for (const std::string &text : texts) {
            auto annotation = annotationOf(text, isRemoved);
            if (!annotation)
                return base::fail(annotation.error());
            const std::pair key(static_cast<int>(annotation->place), annotation->name);
            if (named.contains(key))
                return base::fail(base::ErrorKind::Usage,
                                  Text::tr("The annotation %1 is named twice for the same place.")
                                      .arg(base::visible(annotation->name, 200)));
            named.insert(key);
            annotations.append(std::move(*annotation));
        }
        return {};
    };
    if (const auto set = take(options.annotations, false); !set)
        return base::fail(set.error());
    if (const auto gone = take(options.annotationsGone, true); !gone)
        return base::fail(gone.error());
    return annotations;
}

bool asksFor(const QList<Annotation> &annotations, Annotation::Place place)
{
    return std::ranges::any_of(annotations, [place](const Annotation &each) { return each.place == place; });
}

// What the command line says, before anything is fetched. An option that nothing uses was meant for something.
base::Result<QList<Annotation>> checked(const Options &options)
{
    auto annotations = annotationsOf(options);
    if (!annotations)
        return annotations;
    if (annotations->isEmpty() && options.family.empty() && options.platformsGone.empty() && !options.mend)
        return base::fail(base::ErrorKind::Usage, Text::tr("Nothing is said that should change."),
                          Text::tr("Give --annotate, --remove-annotation, --family, --remove-platform or --mend."));
    const bool hasLayers = asksFor(*annotations, Annotation::Place::Layer);
    if (hasLayers && options.layers.empty())
        return base::fail(base::ErrorKind::Usage, Text::tr("Which layers are to be annotated is not said."),
                          Text::tr("Give --layer SEL."));
    if (!hasLayers && !options.layers.empty())
        return base::fail(base::ErrorKind::Usage, Text::tr("--layer is there for annotations of layers alone."),
                          Text::tr("To change the marking of layers use mark or unmark."));
    const bool hasParts = std::ranges::any_of(
        *annotations, [](const Annotation &each) { return each.place != Annotation::Place::Index; });
    if (!hasParts && !options.change.platforms.empty())
        return base::fail(base::ErrorKind::Usage,
                          Text::tr("--platform says whose manifest, entry, config or layers are annotated, and none "
                                   "is."),
                          Text::tr("--family is for the whole image; --remove-platform names its platform itself."));
    if (const auto gone = platformsOf(options.platformsGone); !gone)
        return base::fail(gone.error());
    return annotations;
}

// The places an annotation is for.
base::Result<QList<NodePath>> placesOf(Annotation::Place place, const Options &options, const Opened &opened)
{
    using Place = Annotation::Place;
    if (place == Place::Index || place == Place::Entry) {
        if (!opened.tree.isIndex())
            return base::fail(base::ErrorKind::Usage,
                              Text::tr("The image is one manifest: it has no index and stands in none."),
                              Text::tr("Annotate the manifest itself: manifest:NAME=VALUE."));
        if (place == Place::Index)
            return QList<NodePath>{NodePath::root()};
    }
    if (place == Place::Layer) {
        const auto selected = document::selectLayers(opened.tree, toStrings(options.layers), opened.platforms,
                                                     document::Purpose::Probe); // any type, and no other place of it
        if (!selected)
            return base::fail(selected.error());
        return selected->layers;
    }
    auto images = document::selectImages(opened.tree, opened.platforms);
    if (!images)
        return images;
    if (images->isEmpty())
        return base::fail(base::ErrorKind::Usage, Text::tr("There is no image manifest that could be annotated."));
    if (place == Place::Config)
        for (NodePath &path : *images)
            path = path.config();
    return images;
}

base::Result<Edits> collected(const Options &options, const QList<Annotation> &annotations, const Opened &opened)
{
    QList<document::Edit> edits;
    const auto gone = platformsOf(options.platformsGone);
    if (!gone)
        return base::fail(gone.error());
    if (!gone->isEmpty()) {
        const auto images = document::selectImages(opened.tree, *gone);
        if (!images)
            return base::fail(images.error());
        for (const NodePath &path : *images)
            edits.append(document::RemovePlatform{path});
    }
    if (!options.family.empty())
        edits.append(document::SetFamily{NodePath::root(), options.family == "docker" ? oci::MediaType::Family::Docker
                                                                                      : oci::MediaType::Family::Oci});
    for (const Annotation &annotation : annotations) {
        const auto places = placesOf(annotation.place, options, opened);
        if (!places)
            return base::fail(places.error());
        const bool isDocument =
            annotation.place == Annotation::Place::Index || annotation.place == Annotation::Place::Manifest;
        for (const NodePath &path : *places)
            edits.append(SetAnnotation{path,
                                       isDocument ? SetAnnotation::Where::Document : SetAnnotation::Where::Descriptor,
                                       annotation.name, annotation.value});
    }
    const auto behaviourFindings = [knowledge = behaviour::Knowledge::shipped()](const document::ImageTree &tree) {
        return behaviour::findingsOf(knowledge, tree);
    };
    const document::EditSet all =
        options.mend ? document::repairsOf(opened.tree, behaviourFindings) : document::EditSet();
    return Edits{all.with(edits), {}};
}

base::Task<base::Result<Edits>> editsOf(Options options, QList<Annotation> annotations, Opened opened)
{
    co_return collected(options, annotations, opened);
}

base::Task<base::Result<int>> edit(SessionPtr session, Options options)
{
    const auto annotations = checked(options);
    if (!annotations)
        co_return base::fail(annotations.error());
    const EditsOf edits = [options, wanted = *annotations](Opened opened) {
        return editsOf(options, wanted, std::move(opened));
    };
    auto done = co_await change(session, options.change, edits);
    co_return done;
}

class EditVerb final : public Verb
{
public:
    CLI::App *addTo(CLI::App &app) override
    {
        CLI::App *verb = app.add_subcommand("edit", "Change annotations, the format, or which platforms there are");
        addReference(*verb, m_options.change.reference);
        verb->add_option("--annotate", m_options.annotations,
                         "Set an annotation: PLACE:NAME=VALUE, where PLACE is index, manifest, entry (of a platform in "
                         "its index), config or layer; may be given again")
            ->type_name("ANNOTATION")
            ->allow_extra_args(false);
        verb->add_option("--remove-annotation", m_options.annotationsGone, "Remove one: PLACE:NAME")
            ->type_name("ANNOTATION")
            ->allow_extra_args(false);
        addLayers(*verb, m_options.layers, false);
        verb->add_option("--family", m_options.family, "Make the whole image one of Docker's format or of OCI's")
            ->type_name("docker|oci")
            ->check(CLI::IsMember({"docker", "oci"}).description(""));
        verb->add_option("--remove-platform", m_options.platformsGone,
                         "Take this platform out of the index, with its attestations; may be given again")
            ->type_name("P")
            ->allow_extra_args(false);
        verb->add_flag(
            "--mend", m_options.mend,
            "Mend what inspect finds and one step can mend: half-marked, unfetchable and partly marked layers, "
            "marked ones of a type that some take for an ordinary one, types of two formats in one manifest");
        addChangeOptions(*verb, m_options.change);
        return verb;
    }
    base::Task<base::Result<int>> run(SessionPtr session) override { return edit(std::move(session), m_options); }

private:
    Options m_options;
};

} // namespace

std::unique_ptr<Verb> makeEdit() { return std::make_unique<EditVerb>(); }

} // namespace colophon::ctl
