// SPDX-License-Identifier: Apache-2.0
#include "items/hintwords.h"

#include <QCoreApplication>
#include <QRegularExpression>

namespace colophon::items {

namespace {

struct Words
{
    Q_DECLARE_TR_FUNCTIONS(colophon::items::HintWords)
};

// Empty: no option that a hint of ours names.
QString insteadOf(const QString &option)
{
    if (option == QLatin1String("timeout"))
        return Words::tr("Check the network, and try again.");
    if (option == QLatin1String("ca-file"))
        return Words::tr("If you trust this server, add the certificate of its authority to those of this computer.");
    if (option == QLatin1String("cert"))
        return Words::tr("Choose the file with its certificates.");
    if (option == QLatin1String("no-probe"))
        return Words::tr("Make the address reachable without credentials, or push without asking it.");
    if (option == QLatin1String("allow-private-urls"))
        return Words::tr("Such an address is asked only if you allow it.");
    if (option == QLatin1String("allow-realm") || option == QLatin1String("plain-http"))
        return Words::tr("If that is meant to be, the command colophonctl can be told to allow it.");
    return {};
}

} // namespace

QString wordsInWindow(const QString &text)
{
    static const QRegularExpression option(QStringLiteral("\\s--([a-z][a-z-]*[a-z])"));
    static const QRegularExpression betweenSentences(QStringLiteral("(?<=[.!?])\\s+"));
    if (!text.contains(option))
        return text;
    QStringList sentences = text.split(betweenSentences);
    for (QString &sentence : sentences) {
        const auto named = option.match(sentence);
        QString instead = named.hasMatch() ? insteadOf(named.captured(1)) : QString();
        if (instead.isEmpty())
            continue;
        if (sentence.endsWith(QLatin1String(")."))) // the end of a reason that stands in parentheses
            instead.replace(instead.size() - 1, 1, QStringLiteral(")."));
        sentence = instead;
    }
    return sentences.join(QLatin1Char(' '));
}

} // namespace colophon::items
