// SPDX-License-Identifier: Apache-2.0
#pragma once

// Opens a signing key off the window's thread: scrypt takes its time on purpose.

#include "base/secret.h"
#include "signing/keys.h"

#include <QObject>

class QFutureWatcherBase;

namespace colophon::widgets {

class KeyLoader final : public QObject
{
    Q_OBJECT
public:
    explicit KeyLoader(QObject *parent = nullptr);
    // The last call counts; what an earlier one finds is not told.
    void load(const QString &path, const base::Secret &passphrase);
    void forget();
    bool isLoading() const { return m_watcher != nullptr; }
    QString path() const { return m_path; }

Q_SIGNALS:
    void loaded(const QString &path, const colophon::signing::SigningKey &key);
    // CheckFailed: the passphrase is wrong, or one is needed.
    void failed(const QString &path, const colophon::base::Error &error);

private:
    QFutureWatcherBase *m_watcher = nullptr;
    QString m_path;
};

} // namespace colophon::widgets
