// SPDX-License-Identifier: Apache-2.0

// `mark` and `unmark`: give layers of an image a marking, push the edited image and, with a key, sign it. The one keeps
// a layer where it is and names an address, the other takes it into the registry.

#include "colophonctl/changeflow.h"
#include "document/baselayers.h"
#include "document/selection.h"
#include "transfer/openimage.h"

#include <QCoreApplication>

namespace colophon::ctl {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(Mark)
};

struct Options
{
    bool mark = true; // or unmark
    std::vector<std::string> layers;
    std::string base;
    std::vector<std::string> urls;
    ChangeOptions change;
};

// What is wrong with the words of this verb, before anything is fetched.
base::Result<void> checked(const SessionPtr &session, const Options &options)
{
    if (options.layers.empty() && options.base.empty())
        return base::fail(base::ErrorKind::Usage, Text::tr("Neither --layer nor --base says which layers are meant."),
                          Text::tr("Give --layer SEL, --base REF, or both, which add up."));
    if (!options.base.empty()) {
        const auto base = session->reference(options.base);
        if (!base)
            return base::fail(base.error());
    }
    const auto source = session->reference(options.change.reference);
    if (!source)
        return base::fail(source.error());
    for (const std::string &address : options.urls) {
        const auto filled = document::filledIn(QString::fromStdString(address), source->registry(),
                                               source->repository(), oci::Digest::of(QByteArrayView()));
        if (!filled)
            return base::fail(filled.error());
    }
    return {};
}

// What a layer is marked with without --url: the addresses it has, else those of the same content elsewhere in the
// image, else the blob's own.
QStringList knownAddressesOf(const oci::Descriptor &layer, const Opened &opened)
{
    if (!layer.urls.isEmpty())
        return layer.urls;
    const QList<document::NodePath> places = opened.tree.layersWithDigest(layer.digest);
    for (const document::NodePath &place : places)
        if (const QStringList urls = opened.tree.descriptor(place)->urls; !urls.isEmpty())
            return urls;
    return {opened.source->blobAddress(layer.digest)};
}

// The addresses of a layer that is marked: the templates filled in, else those that are known.
base::Result<QStringList> addressesOf(const oci::Descriptor &layer, const std::vector<std::string> &templates,
                                      const Opened &opened)
{
    if (templates.empty())
        return knownAddressesOf(layer, opened);
    const content::Target &source = *opened.source;
    QStringList addresses;
    for (const std::string &each : templates) {
        auto address =
            document::filledIn(QString::fromStdString(each), source.registry(), source.repository(), layer.digest);
        if (!address)
            return base::fail(address.error());
        addresses.append(std::move(*address));
    }
    return addresses;
}

base::Task<base::Result<document::Selection>> selectionOf(SessionPtr session, Options options, Opened opened)
{
    document::Selection selection;
    if (!options.layers.empty()) {
        auto selected = document::selectLayers(opened.tree, toStrings(options.layers), opened.platforms);
        if (!selected)
            co_return base::fail(selected.error());
        selection = std::move(*selected);
    }
    if (options.base.empty())
        co_return selection;
    const auto reference = session->reference(options.base);
    if (!reference)
        co_return base::fail(reference.error());
    transfer::OpenImage base(session->target(*reference), *reference);
    const auto read = co_await perform(session, &base);
    if (!read)
        co_return base::fail(read.error());
    const auto inherited = document::layersFromBase(opened.tree, base.tree(), opened.platforms);
    if (!inherited)
        co_return base::fail(inherited.error());
    co_return document::united(selection, *inherited);
}

base::Task<base::Result<Edits>> editsOf(SessionPtr session, Options options, Opened opened)
{
    const auto selection = co_await selectionOf(session, options, opened);
    if (!selection)
        co_return base::fail(selection.error());
    QList<document::Edit> edits;
    for (const document::NodePath &path : selection->layers) {
        document::SetMarking edit{path, options.mark, {}};
        const auto layer = opened.tree.descriptor(path);
        if (options.mark && layer) {
            auto addresses = addressesOf(*layer, options.urls, opened);
            if (!addresses)
                co_return base::fail(addresses.error());
            edit.urls = std::move(*addresses);
        }
        edits.append(edit);
    }
    co_return Edits{document::EditSet().with(edits), selection->passedBy + selection->notes};
}

base::Task<base::Result<int>> mark(SessionPtr session, Options options)
{
    if (const auto fine = checked(session, options); !fine)
        co_return base::fail(fine.error());
    const EditsOf edits = [session, options](Opened opened) { return editsOf(session, options, std::move(opened)); };
    auto done = co_await change(session, options.change, edits);
    co_return done;
}

class MarkVerb final : public Verb
{
public:
    explicit MarkVerb(bool mark) { m_options.mark = mark; }

    CLI::App *addTo(CLI::App &app) override
    {
        CLI::App *verb =
            m_options.mark
                ? app.add_subcommand("mark", "Make layers non-distributable: they stay where they are, at an address")
                : app.add_subcommand("unmark", "Make layers distributable: they are taken into the registry");
        addReference(*verb, m_options.change.reference);
        addLayers(*verb, m_options.layers, false);
        verb->add_option("--base", m_options.base, "All layers that come from this base image, beside those of --layer")
            ->type_name("REF");
        if (m_options.mark)
            verb->add_option(
                    "--url", m_options.urls,
                    "Where the layers are to be fetched, with {registry} {repository} {digest} {algorithm} {hex} "
                    "filled in; may be given again. Without it a layer keeps its urls, or gets the blob's own "
                    "address in its registry")
                ->type_name("TEMPLATE")
                ->allow_extra_args(false);
        addChangeOptions(*verb, m_options.change);
        return verb;
    }
    base::Task<base::Result<int>> run(SessionPtr session) override { return mark(std::move(session), m_options); }

private:
    Options m_options;
};

} // namespace

std::unique_ptr<Verb> makeMark() { return std::make_unique<MarkVerb>(true); }
std::unique_ptr<Verb> makeUnmark() { return std::make_unique<MarkVerb>(false); }

} // namespace colophon::ctl
