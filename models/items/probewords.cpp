// SPDX-License-Identifier: Apache-2.0
#include "items/probewords.h"

#include <QCoreApplication>
#include <QUrl>

namespace colophon::items {

namespace {
struct Words
{
    Q_DECLARE_TR_FUNCTIONS(colophon::items::ProbeWords)
};

using Verdict = content::UrlProbe::Verdict;

// The four numbers of an IPv4 address; empty for anything else.
QList<int> numbersOf(const QString &host)
{
    QList<int> numbers;
    for (const QString &part : host.split(QLatin1Char('.'))) {
        bool isNumber = false;
        const int number = part.toInt(&isNumber);
        if (!isNumber || number < 0 || number > 255)
            return {};
        numbers << number;
    }
    return numbers.size() == 4 ? numbers : QList<int>();
}

// What a good answer does not say by itself.
QStringList caveatsOf(const content::UrlProbe &probe)
{
    const QUrl url(probe.url);
    QStringList caveats;
    if (probe.size < 0 && probe.digest.isNull())
        caveats << Words::tr("Only “Verify content” can say whether it is the layer.");
    if (url.scheme().compare(QLatin1String("http"), Qt::CaseInsensitive) == 0) {
        caveats << Words::tr("It is plain http: whoever stands on the way sees what is fetched, and some clients "
                             "refuse it. What the layer holds is still checked by its digest.");
    }
    if (isPrivateHost(url.host()))
        caveats << Words::tr("Only machines in the same network reach this host.");
    return caveats;
}
} // namespace

bool isPrivateHost(const QString &host)
{
    const QString name = host.toLower();
    if (name.contains(QLatin1Char(':'))) { // IPv6: loopback, link-local, unique local
        const QString first = name.section(QLatin1Char(':'), 0, 0);
        return name == QLatin1String("::1") || first.startsWith(QLatin1String("fe8")) ||
               (first.size() == 4 && (first.startsWith(QLatin1String("fc")) || first.startsWith(QLatin1String("fd"))));
    }
    const QList<int> ip = numbersOf(name);
    if (!ip.isEmpty()) {
        return ip[0] == 10 || ip[0] == 127 || (ip[0] == 172 && ip[1] >= 16 && ip[1] <= 31) ||
               (ip[0] == 192 && ip[1] == 168) || (ip[0] == 169 && ip[1] == 254);
    }
    return !name.isEmpty() && (!name.contains(QLatin1Char('.')) || name.endsWith(QLatin1String(".localhost")) ||
                               name.endsWith(QLatin1String(".local")) || name.endsWith(QLatin1String(".internal")));
}

Appearance appearanceOf(const content::UrlProbe &probe)
{
    Appearance look = appearanceOf(probe.verdict);
    look.help = meaningOf(probe);
    if (!probe.isReachable())
        return look;
    if (!probe.digest.isNull())
        look.word = Words::tr("Content verified");
    if (!caveatsOf(probe).isEmpty()) {
        look.tone = Tone::Warning;
        look.symbol = Symbol::Warning;
    }
    return look;
}

QString meaningOf(const content::UrlProbe &probe)
{
    QStringList sentences{probe.reason};
    switch (probe.verdict) {
    case Verdict::Reachable:
        break;
    case Verdict::NeedsCredentials:
        sentences << Words::tr("Pulling the image fails there. Let its server give the layer to everybody, or take "
                               "another address.");
        break;
    case Verdict::WrongSize:
    case Verdict::WrongDigest:
        sentences << Words::tr("Clients refuse it: it is not what the manifest names. Put the layer's own blob there; "
                               "“Save layer…” writes it into a file.");
        break;
    case Verdict::NotFound:
        sentences << Words::tr("Pulling the image fails there until the layer's blob is put at this address; “Save "
                               "layer…” writes it into a file.");
        break;
    case Verdict::Refused:
        sentences << Words::tr("Colophon did not ask it, so it cannot say whether customers reach it.");
        break;
    case Verdict::Failed:
        sentences << Words::tr("Pulling the image fails there for as long as that is so.");
        break;
    }
    if (probe.redirects > 0)
        sentences << Words::tr("It redirects %n time(s); clients follow.", nullptr, probe.redirects);
    if (probe.isReachable())
        sentences += caveatsOf(probe);
    sentences.removeAll(QString());
    return sentences.join(QLatin1Char(' '));
}

} // namespace colophon::items
