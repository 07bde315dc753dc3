// SPDX-License-Identifier: Apache-2.0
#pragma once

// Layer addresses that answer as scripted.

#include "content/urlfetcher.h"

#include <QHash>

#include <functional>

namespace colophon::test {

class FakeUrls final : public content::UrlFetcher
{
public:
    // What is served at an address; anything else is not found.
    void serve(const QString &url, const QByteArray &bytes) { m_served.insert(url, bytes); }
    // What a probe of an address finds, whatever is served there.
    void answer(const QString &url, content::UrlProbe::Verdict verdict, int httpStatus);
    // A probe of this address waits until it is stopped.
    void hang(const QString &url) { m_hanging = url; }
    // "PROBE https://…", "GET https://…"
    const QStringList &journal() const { return m_journal; }
    void setObserver(std::function<void(const QString &)> observer) { m_observer = std::move(observer); }

    base::Task<base::Result<content::UrlProbe>> probe(QString url, oci::Descriptor layer, bool whole,
                                                      std::stop_token stop) override;
    base::Task<base::Result<content::ReaderPtr>> open(QString url, oci::Descriptor layer,
                                                      std::stop_token stop) override;

private:
    void asked(const QString &line);
    QHash<QString, QByteArray> m_served;
    QHash<QString, content::UrlProbe> m_answers;
    QString m_hanging;
    QStringList m_journal;
    std::function<void(const QString &)> m_observer;
};

} // namespace colophon::test
