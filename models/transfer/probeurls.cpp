// SPDX-License-Identifier: Apache-2.0
#include "transfer/probeurls.h"

namespace colophon::transfer {

namespace {
constexpr int probeLanes = 6;
}

struct ProbeUrls::State
{
    std::shared_ptr<content::UrlFetcher> fetcher;
    QList<Item> items;
    QList<QList<int>> questions; // items that ask the same thing of the same address
    QList<content::UrlProbe> results;
    bool whole = false;
    int begun = 0;
    VoicePtr voice;

    static base::Task<base::Result<void>> probeAll(std::shared_ptr<State> s, std::stop_token stop);
    static base::Task<base::Result<void>> probeOne(std::shared_ptr<State> s, int question, std::stop_token stop);
};

QList<ProbeUrls::Item> ProbeUrls::itemsOf(const document::ImageTree &tree, const QList<document::NodePath> &layers)
{
    QList<Item> items;
    if (tree.isEmpty())
        return items;
    const QList<document::NodePath> paths = layers.isEmpty() ? tree.layers() : layers;
    for (const document::NodePath &path : paths) {
        const std::optional<oci::Descriptor> descriptor = tree.descriptor(path);
        if (!descriptor)
            continue;
        for (const QString &url : descriptor->urls)
            items.append({path, *descriptor, url});
    }
    return items;
}

ProbeUrls::ProbeUrls(std::shared_ptr<content::UrlFetcher> fetcher, QList<Item> items, bool whole, QObject *parent)
    : Operation(parent)
    , m_data(std::make_shared<State>())
{
    m_data->fetcher = std::move(fetcher);
    m_data->whole = whole;
    m_data->voice = voice();
    QMap<std::tuple<QString, oci::Digest, qint64>, int> known;
    for (int i = 0; i < items.size(); ++i) {
        const Item &item = items.at(i);
        content::UrlProbe unasked;
        unasked.url = item.url;
        unasked.reason = tr("Not asked.");
        m_data->results.append(unasked);
        const std::tuple key(item.url, item.descriptor.digest, item.descriptor.size);
        const auto found = known.constFind(key);
        if (found != known.cend()) {
            m_data->questions[*found].append(i);
            continue;
        }
        known.insert(key, static_cast<int>(m_data->questions.size()));
        m_data->questions.append(QList<int>{i});
    }
    m_data->items = std::move(items);
}

const QList<ProbeUrls::Item> &ProbeUrls::items() const { return m_data->items; }
const QList<content::UrlProbe> &ProbeUrls::results() const { return m_data->results; }

base::Task<base::Result<void>> ProbeUrls::run(std::stop_token stop) { return State::probeAll(m_data, std::move(stop)); }

base::Task<base::Result<void>> ProbeUrls::State::probeAll(std::shared_ptr<State> s, std::stop_token stop)
{
    const int count = static_cast<int>(s->questions.size());
    const auto job = [s](int i, std::stop_token each) { return probeOne(s, i, std::move(each)); };
    base::Result<void> done = co_await base::forEachLimited(count, probeLanes, job, stop);
    if (!done)
        co_return base::fail(done.error().withOperation(ProbeUrls::tr("probe the layers' addresses")));
    co_return done;
}

base::Task<base::Result<void>> ProbeUrls::State::probeOne(std::shared_ptr<State> s, int question, std::stop_token stop)
{
    const QList<int> asking = s->questions.at(question);
    const Item item = s->items.at(asking.first());
    s->voice->activity(ProbeUrls::tr("Asking addresses (%1 of %2)…").arg(++s->begun).arg(s->questions.size()));
    base::Result<content::UrlProbe> answer = co_await s->fetcher->probe(item.url, item.descriptor, s->whole, stop);
    if (!answer)
        co_return base::fail(answer.error());
    for (const int i : asking) {
        s->results[i] = *answer;
        s->voice->emitOf(&ProbeUrls::resultReady, i);
    }
    co_return base::Result<void>();
}

} // namespace colophon::transfer
