// SPDX-License-Identifier: Apache-2.0
#pragma once

// Layer urls over HTTP, asked as nobody: this type has no credential and nothing to get one from, so a host that a
// manifest names can never talk one out of us. A 401 is its answer, not a question.

#include "content/urlfetcher.h"
#include "registry/courier.h"

namespace colophon::registry {

class AnonymousUrls final : public content::UrlFetcher
{
public:
    // The registry whose image names the urls: they may be of its class or wider.
    struct NamedBy
    {
        QString registry;
        AddressClass from = AddressClass::Public;
        Lifted lifted = {}; // or what a person allows
    };
    // `namedBy` is asked each time: a registry's class is known once it was reached.
    AnonymousUrls(std::shared_ptr<Courier> courier, std::function<NamedBy()> namedBy);

    base::Task<base::Result<content::UrlProbe>> probe(QString url, oci::Descriptor layer, bool whole,
                                                      std::stop_token stop) override;
    base::Task<base::Result<content::ReaderPtr>> open(QString url, oci::Descriptor layer,
                                                      std::stop_token stop) override;

    base::Task<base::Result<content::Tail>> openFrom(QString url, oci::Descriptor layer, qint64 offset,
                                                     std::stop_token stop) override;

    // The address, if it is one that is ever asked: http or https, with a host, without user name and fragment. Denied
    // says what is wrong with it.
    static base::Result<QUrl> checkedAddress(const QString &url);

private:
    Terms terms() const;
    std::shared_ptr<Courier> m_courier;
    std::function<NamedBy()> m_namedBy;
};

} // namespace colophon::registry
