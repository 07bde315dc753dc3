// SPDX-License-Identifier: Apache-2.0
#include "widgets/signing/keyloader.h"

#include "widgets/common/aside.h"

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
    using Opened = base::Result<signing::SigningKey>;
    m_watcher = aside<Opened>(
        this, [path, passphrase] { return signing::SigningKey::fromFile(path, passphrase); },
        [this](const Opened &opened) {
            m_watcher = nullptr;
            if (opened)
                Q_EMIT loaded(m_path, *opened);
            else
                Q_EMIT failed(m_path, opened.error());
        });
}

} // namespace colophon::widgets
