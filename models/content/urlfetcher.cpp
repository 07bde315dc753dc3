// SPDX-License-Identifier: Apache-2.0
#include "content/urlfetcher.h"

#include <QCoreApplication>

namespace colophon::content {

namespace {
struct Text
{
    Q_DECLARE_TR_FUNCTIONS(colophon::content::UrlProbe)
};

QString verdictInWords(const UrlProbe &probe)
{
    switch (probe.verdict) {
    case UrlProbe::Verdict::Reachable:
        return probe.reach == UrlProbe::Reach::Public ? Text::tr("Customers can fetch the layer here.") : QString();
    case UrlProbe::Verdict::NeedsCredentials:
        return Text::tr("Pulls fail here: customers have no credentials for this address, and containerd and skopeo "
                        "do not try another.");
    case UrlProbe::Verdict::WrongSize:
    case UrlProbe::Verdict::WrongDigest:
        return Text::tr("Pulls fail here: clients check what comes, and refuse other content.");
    case UrlProbe::Verdict::NotFound:
    case UrlProbe::Verdict::Failed:
        return Text::tr("Pulls fail here: containerd and skopeo do not try another address.");
    case UrlProbe::Verdict::Refused:
        return Text::tr("It was not asked: whether customers get the layer here is not known.");
    }
    return {};
}
} // namespace

QString nameOf(UrlProbe::Verdict verdict)
{
    switch (verdict) {
    case UrlProbe::Verdict::Reachable:
        return QStringLiteral("reachable");
    case UrlProbe::Verdict::NeedsCredentials:
        return QStringLiteral("needs-credentials");
    case UrlProbe::Verdict::WrongSize:
        return QStringLiteral("wrong-size");
    case UrlProbe::Verdict::WrongDigest:
        return QStringLiteral("wrong-digest");
    case UrlProbe::Verdict::NotFound:
        return QStringLiteral("not-found");
    case UrlProbe::Verdict::Refused:
        return QStringLiteral("refused");
    case UrlProbe::Verdict::Failed:
        return QStringLiteral("failed");
    }
    return QStringLiteral("failed");
}

QString nameOf(UrlProbe::Reach reach)
{
    switch (reach) {
    case UrlProbe::Reach::Unknown:
        return {};
    case UrlProbe::Reach::Loopback:
        return QStringLiteral("loopback");
    case UrlProbe::Reach::Private:
        return QStringLiteral("private");
    case UrlProbe::Reach::Public:
        return QStringLiteral("public");
    }
    return {};
}

QStringList meaningOf(const UrlProbe &probe)
{
    QStringList sentences{verdictInWords(probe)};
    if (!probe.answeredBy.isEmpty())
        sentences.append(Text::tr("It redirects to %1: customers must reach that server, too.").arg(probe.answeredBy));
    if (probe.isPlain)
        sentences.append(Text::tr("It is plain http: who is on the way sees the download and can stop it, and "
                                  "networks that let only https out do not reach it."));
    if (probe.reach == UrlProbe::Reach::Loopback)
        sentences.append(
            Text::tr("It is on this machine: from elsewhere this address is another machine, or nothing."));
    if (probe.reach == UrlProbe::Reach::Private)
        sentences.append(Text::tr("It is in a private network: customers outside of it do not reach it."));
    sentences.removeAll(QString());
    return sentences;
}

base::Task<base::Result<Tail>> UrlFetcher::openFrom(QString url, oci::Descriptor layer, qint64 /*offset*/,
                                                    std::stop_token stop)
{
    return fromItsStart(open(std::move(url), std::move(layer), std::move(stop)));
}

} // namespace colophon::content
