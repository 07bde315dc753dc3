// SPDX-License-Identifier: Apache-2.0
#include "support/faketarget/faketarget.h"

#include <QObject>

namespace colophon::test {

base::Task<void> nextTurn()
{
    QObject context;
    base::Event event;
    bool isReady = false;
    QMetaObject::invokeMethod(
        &context,
        [&] {
            isReady = true;
            event.notify();
        },
        Qt::QueuedConnection);
    while (!isReady)
        co_await event;
}

base::Task<void> stopped(std::stop_token stop)
{
    QObject context;
    base::Event event;
    const std::stop_callback<std::function<void()>> wake(
        stop, [&] { QMetaObject::invokeMethod(&context, [&] { event.notify(); }, Qt::QueuedConnection); });
    while (!stop.stop_requested())
        co_await event;
}

void FakeTarget::failAt(int k, base::Error error)
{
    atCall(k, [error] { return error; });
}

base::Task<base::Result<void>> FakeTarget::gate(WirePtr wire, std::stop_token stop)
{
    const int call = ++wire->calls;
    if (wire->isAsynchronous)
        co_await nextTurn();
    if (wire->hangAt == call)
        co_await stopped(stop);
    if (stop.stop_requested())
        co_return base::cancelled();
    if (const auto found = wire->actions.find(call); found != wire->actions.end()) {
        const std::optional<base::Error> error = found->second();
        if (error)
            co_return base::fail(*error);
    }
    if (stop.stop_requested())
        co_return base::cancelled();
    co_return base::Result<void>();
}

template <class T>
base::Task<base::Result<T>> FakeTarget::through(WirePtr wire, std::function<base::Task<base::Result<T>>()> request,
                                                std::stop_token stop)
{
    wire->mostOpen = std::max(wire->mostOpen, ++wire->open);
    const base::Result<void> go = co_await gate(wire, stop);
    if (!go) {
        --wire->open;
        co_return base::fail(go.error());
    }
    base::Task<base::Result<T>> asked = request();
    base::Result<T> answer = co_await asked;
    --wire->open;
    co_return answer;
}

base::Task<base::Result<oci::Descriptor>> FakeTarget::resolve(QString identifier, std::stop_token stop)
{
    return through<oci::Descriptor>(m_wire, [=, w = m_wire] { return w->store->resolve(identifier, stop); }, stop);
}

base::Task<base::Result<QByteArray>> FakeTarget::fetchManifest(oci::Descriptor wanted, std::stop_token stop)
{
    return through<QByteArray>(m_wire, [=, w = m_wire] { return w->store->fetchManifest(wanted, stop); }, stop);
}

base::Task<base::Result<content::ReaderPtr>> FakeTarget::openBlob(oci::Descriptor wanted, std::stop_token stop)
{
    return through<content::ReaderPtr>(m_wire, [=, w = m_wire] { return w->store->openBlob(wanted, stop); }, stop);
}

base::Task<base::Result<bool>> FakeTarget::hasBlob(oci::Descriptor wanted, std::stop_token stop)
{
    return through<bool>(m_wire, [=, w = m_wire] { return w->store->hasBlob(wanted, stop); }, stop);
}

base::Task<base::Result<void>> FakeTarget::pushBlob(oci::Descriptor content, content::ReaderPtr bytes,
                                                    content::Progress progress, std::stop_token stop)
{
    auto held = std::make_shared<content::ReaderPtr>(std::move(bytes));
    return through<void>(
        m_wire, [=, w = m_wire] { return w->store->pushBlob(content, std::move(*held), progress, stop); }, stop);
}

base::Task<base::Result<bool>> FakeTarget::mountBlob(oci::Descriptor content, QString fromRepository,
                                                     std::stop_token stop)
{
    return through<bool>(m_wire, [=, w = m_wire] { return w->store->mountBlob(content, fromRepository, stop); }, stop);
}

base::Task<base::Result<void>> FakeTarget::pushManifest(oci::Descriptor content, QByteArray bytes, std::stop_token stop)
{
    return through<void>(m_wire, [=, w = m_wire] { return w->store->pushManifest(content, bytes, stop); }, stop);
}

base::Task<base::Result<void>> FakeTarget::tag(oci::Descriptor content, QByteArray bytes, QString tag,
                                               std::stop_token stop)
{
    return through<void>(m_wire, [=, w = m_wire] { return w->store->tag(content, bytes, tag, stop); }, stop);
}

base::Task<base::Result<QStringList>> FakeTarget::tags(std::stop_token stop)
{
    return through<QStringList>(m_wire, [=, w = m_wire] { return w->store->tags(stop); }, stop);
}

namespace {
base::Task<base::Result<content::ServerFields>> given(content::ServerFields fields) { co_return fields; }
} // namespace

// Known since the first request: no request of its own.
base::Task<base::Result<content::ServerFields>> FakeTarget::serverFields(std::stop_token /*stop*/)
{
    return given(m_wire->serverFields);
}

base::Task<base::Result<content::Referrers>> FakeTarget::referrers(oci::Digest subject, std::stop_token stop)
{
    if (!m_wire->listed)
        return content::Target::referrers(subject, stop);
    return through<content::Referrers>(
        m_wire,
        [w = m_wire] {
            const auto answer = [](content::Referrers list) -> base::Task<base::Result<content::Referrers>> {
                co_return list;
            };
            return answer({*w->listed, content::Referrers::Source::Api});
        },
        stop);
}

} // namespace colophon::test
