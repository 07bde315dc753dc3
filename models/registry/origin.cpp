// SPDX-License-Identifier: Apache-2.0
#include "registry/origin.h"

namespace colophon::registry {

namespace {
int defaultPort(const QString &scheme) { return scheme == QLatin1String("https") ? 443 : 80; }
} // namespace

Origin Origin::of(const QUrl &url)
{
    return {url.scheme().toLower(), url.host().toLower(), url.port(defaultPort(url.scheme().toLower()))};
}

QUrl Origin::url(const QString &encodedPath, const QString &encodedQuery) const
{
    QUrl url;
    url.setScheme(scheme);
    url.setHost(host);
    if (port != defaultPort(scheme))
        url.setPort(port);
    url.setPath(encodedPath, QUrl::StrictMode);
    if (!encodedQuery.isEmpty())
        url.setQuery(encodedQuery, QUrl::StrictMode);
    return url;
}

QString Origin::toString() const { return url(QString()).toString(QUrl::FullyEncoded); }

} // namespace colophon::registry
