// SPDX-License-Identifier: Apache-2.0

// `probe`: whether customers could fetch the layers from the addresses an image names.

#include "base/plaintext.h"
#include "colophonctl/verb.h"
#include "document/selection.h"
#include "transfer/openimage.h"
#include "transfer/probeurls.h"

#include <QCoreApplication>
#include <QJsonArray>

namespace colophon::ctl {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(Probe)
};

struct Options
{
    std::string reference;
    std::vector<std::string> layers;
    bool digest = false;
};

QJsonObject toJson(const transfer::ProbeUrls::Item &item, const content::UrlProbe &probe)
{
    using Verdict = content::UrlProbe::Verdict;
    const QString reach = content::nameOf(probe.reach);
    return {{QStringLiteral("layer"), item.layer.toString()},
            {QStringLiteral("url"), item.url},
            {QStringLiteral("verdict"), content::nameOf(probe.verdict)},
            {QStringLiteral("httpStatus"), probe.httpStatus == 0 ? QJsonValue() : QJsonValue(probe.httpStatus)},
            {QStringLiteral("size"), probe.size < 0 ? QJsonValue() : QJsonValue(probe.size)},
            {QStringLiteral("anonymous"), probe.verdict == Verdict::NeedsCredentials ? QJsonValue(false)
                                          : probe.httpStatus == 0                    ? QJsonValue()
                                                                                     : QJsonValue(true)},
            {QStringLiteral("redirects"), probe.redirects},
            {QStringLiteral("answeredBy"), probe.answeredBy.isEmpty() ? QJsonValue() : QJsonValue(probe.answeredBy)},
            {QStringLiteral("plainHttp"), probe.isPlain},
            {QStringLiteral("reach"), reach.isEmpty() ? QJsonValue() : QJsonValue(reach)},
            {QStringLiteral("digest"), probe.digest.isNull() ? QJsonValue() : QJsonValue(probe.digest.toString())},
            {QStringLiteral("reason"), probe.reason},
            {QStringLiteral("meaning"), QJsonArray::fromStringList(content::meaningOf(probe))}};
}

// The layers that are to be fetched from elsewhere and do not say from where: nobody can have them.
QList<document::NodePath> unfetchable(const document::ImageTree &tree, const QList<document::NodePath> &selected)
{
    QList<document::NodePath> found;
    const QList<document::NodePath> layers = selected.isEmpty() ? tree.layers() : selected;
    for (const document::NodePath &path : layers) {
        const auto layer = tree.descriptor(path);
        if (layer && layer->marking() == oci::Marking::Unfetchable)
            found.append(path);
    }
    return found;
}

base::Task<base::Result<int>> probe(SessionPtr session, Options options)
{
    const auto reference = session->reference(options.reference);
    if (!reference)
        co_return base::fail(reference.error());
    if (const auto signedIn = session->signIn(reference->registry()); !signedIn)
        co_return base::fail(signedIn.error());
    transfer::OpenImage open(session->readingTarget(*reference), *reference);
    const auto opened = co_await perform(session, &open);
    if (!opened)
        co_return base::fail(opened.error());
    document::Selection selection;
    if (!options.layers.empty()) {
        auto selected = document::selectLayers(open.tree(), toStrings(options.layers), {}, document::Purpose::Probe);
        if (!selected)
            co_return base::fail(selected.error());
        selection = std::move(*selected);
    }
    transfer::ProbeUrls ask(session->urlFetcher(*reference),
                            transfer::ProbeUrls::itemsOf(open.tree(), selection.layers), options.digest);
    const auto asked = co_await perform(session, &ask);
    if (!asked)
        co_return base::fail(asked.error());

    QJsonArray urls;
    QList<QStringList> rows;
    const QList<document::NodePath> lost = unfetchable(open.tree(), selection.layers);
    bool all = lost.isEmpty();
    for (qsizetype i = 0; i < ask.items().size(); ++i) {
        const auto &item = ask.items()[i];
        const content::UrlProbe &result = ask.results()[i];
        all = all && result.isReachable();
        urls.append(toJson(item, result));
        rows.append({content::nameOf(result.verdict), item.layer.toString(), base::visible(item.url),
                     base::visible(result.reason)});
    }
    QStringList lines;
    if (rows.isEmpty() && lost.isEmpty())
        lines.append(Text::tr("No layer names an address."));
    const QStringList answers = aligned(rows);
    for (qsizetype i = 0; i < answers.size(); ++i) {
        lines.append(answers[i]);
        for (const QString &sentence : content::meaningOf(ask.results()[i]))
            lines.append(QStringLiteral("  ") + base::visible(sentence));
    }
    QJsonArray lostPaths;
    for (const document::NodePath &path : lost) {
        lostPaths.append(path.toString());
        lines.append(Text::tr("The layer %1 is non-distributable and names no address: nobody knows where to fetch it.")
                         .arg(path.toString()));
    }
    Printer &printer = session->printer();
    if (printer.isJson())
        printer.json({{QStringLiteral("reference"), reference->toString()},
                      {QStringLiteral("urls"), urls},
                      {QStringLiteral("unfetchable"), lostPaths}});
    else if (!printer.isQuiet())
        for (const QString &line : std::as_const(lines))
            printer.text(line);
    co_return all ? exitDone : exitCheckSaysNo;
}

class ProbeVerb final : public Verb
{
public:
    CLI::App *addTo(CLI::App &app) override
    {
        CLI::App *verb = app.add_subcommand(
            "probe", "Ask whether the layers' urls are reachable without credentials, at the right size");
        addReference(*verb, m_options.reference);
        addLayers(*verb, m_options.layers, false);
        verb->add_flag("--digest", m_options.digest, "Read everything and check the digest too");
        return verb;
    }
    base::Task<base::Result<int>> run(SessionPtr session) override { return probe(std::move(session), m_options); }

private:
    Options m_options;
};

} // namespace

std::unique_ptr<Verb> makeProbe() { return std::make_unique<ProbeVerb>(); }

} // namespace colophon::ctl
