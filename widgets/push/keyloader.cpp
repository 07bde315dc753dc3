// SPDX-License-Identifier: Apache-2.0
#include "widgets/push/keyloader.h"

#include <QPromise>
#include <QThreadPool>

namespace colophon::widgets {

KeyLoader::KeyLoader(QObject *parent)
    : QObject(parent)
{
}

void KeyLoader::forget()
{
    if (m_watcher) {
        m_watcher->disconnect(this);
        m_watcher->deleteLater();
        m_watcher = nullptr;
    }
}

void KeyLoader::load(const QString &path, const base::Secret &passphrase)
{
    forget();
    m_path = path;
    auto promise = std::make_shared<QPromise<Opened>>();
    m_watcher = new QFutureWatcher<Opened>(this);
    connect(m_watcher, &QFutureWatcherBase::finished, this, [this] {
        const Opened opened = m_watcher->result();
        forget();
        if (*opened)
            Q_EMIT loaded(m_path, **opened);
        else
            Q_EMIT failed(m_path, opened->error());
    });
    m_watcher->setFuture(promise->future());
    promise->start();
    QThreadPool::globalInstance()->start([promise, path, passphrase] {
        promise->addResult(
            std::make_shared<base::Result<signing::SigningKey>>(signing::SigningKey::fromFile(path, passphrase)));
        promise->finish();
    });
}

} // namespace colophon::widgets
