// SPDX-License-Identifier: Apache-2.0
#include "items/probewords.h"

#include "items/hintwords.h"

#include <QCoreApplication>

namespace colophon::items {

namespace {
struct Words
{
    Q_DECLARE_TR_FUNCTIONS(colophon::items::ProbeWords)
};

using Verdict = content::UrlProbe::Verdict;

// What the window can do about it; empty: nothing.
QString wayOut(const content::UrlProbe &probe)
{
    switch (probe.verdict) {
    case Verdict::WrongSize:
    case Verdict::WrongDigest:
    case Verdict::NotFound:
        return Words::tr("“Save layer…” writes the layer's own blob into a file, to be put there.");
    case Verdict::NeedsCredentials:
        return Words::tr("Let its server give the layer to everybody, or take another address.");
    case Verdict::Reachable:
        return probe.size < 0 && probe.digest.isNull()
                   ? Words::tr("Only “Verify content” can say whether it is the layer.")
                   : QString();
    case Verdict::Refused:
    case Verdict::Failed:
        break;
    }
    return {};
}
} // namespace

Appearance appearanceOf(const content::UrlProbe &probe)
{
    using Reach = content::UrlProbe::Reach;
    QStringList sentences =
        QStringList{wordsInWindow(probe.reason)} + content::meaningOf(probe) + QStringList{wayOut(probe)};
    sentences.removeAll(QString());
    Appearance look = appearanceOf(probe.verdict);
    look.help = sentences.join(QLatin1Char(' '));
    if (!probe.isReachable())
        return look;
    if (!probe.digest.isNull())
        look.word = Words::tr("Content verified");
    if (probe.isPlain || probe.reach == Reach::Loopback || probe.reach == Reach::Private || !wayOut(probe).isEmpty()) {
        look.tone = Tone::Warning;
        look.symbol = Symbol::Warning;
    }
    return look;
}

} // namespace colophon::items
