// SPDX-License-Identifier: Apache-2.0
#pragma once

// Work that takes its time on purpose, such as scrypt, off the window's thread.

#include <QFutureWatcher>
#include <QPromise>
#include <QThreadPool>

#include <functional>
#include <memory>

namespace colophon::widgets {

// Does `work` on a thread of the pool and tells what came of it, from the event loop, as long as `listener` is there.
// Destroying the returned watcher, a child of the listener's, lets nobody hear of it.
template <class T>
QFutureWatcherBase *aside(QObject *listener, std::function<T()> work, std::function<void(const T &)> done)
{
    using Answer = std::shared_ptr<T>; // a result need not have a state without a value
    auto promise = std::make_shared<QPromise<Answer>>();
    auto *watcher = new QFutureWatcher<Answer>(listener);
    QObject::connect(watcher, &QFutureWatcherBase::finished, listener, [watcher, done = std::move(done)] {
        const Answer answer = watcher->result();
        watcher->deleteLater();
        done(*answer);
    });
    watcher->setFuture(promise->future());
    promise->start();
    QThreadPool::globalInstance()->start([promise, work = std::move(work)] {
        promise->addResult(std::make_shared<T>(work()));
        promise->finish();
    });
    return watcher;
}

} // namespace colophon::widgets
