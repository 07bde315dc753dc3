// SPDX-License-Identifier: Apache-2.0
#include "oci/pastedreference.h"

#include <QRegularExpression>
#include <QStringList>
#include <QUrl>

namespace colophon::oci {

namespace {

// Options of `pull` whose value is the next word.
bool takesAValue(const QString &option)
{
    static const QStringList names{QStringLiteral("--platform"), QStringLiteral("--arch"),
                                   QStringLiteral("--os"),       QStringLiteral("--variant"),
                                   QStringLiteral("--authfile"), QStringLiteral("--creds"),
                                   QStringLiteral("--cert-dir")};
    return names.contains(option);
}

// The one image of `docker pull …`, `sudo podman image pull …`; empty where there is none or more than one.
QString pulledBy(QStringList words)
{
    static const QStringList programs{QStringLiteral("docker"), QStringLiteral("podman"), QStringLiteral("nerdctl")};
    for (const QLatin1String before : {QLatin1String("$"), QLatin1String("#"), QLatin1String("sudo")}) {
        if (words.value(0) == before)
            words.removeFirst();
    }
    if (!programs.contains(words.value(0)))
        return {};
    words.removeFirst();
    if (words.value(0) == QLatin1String("image"))
        words.removeFirst();
    if (words.value(0) != QLatin1String("pull"))
        return {};
    QStringList images;
    for (qsizetype i = 1; i < words.size(); ++i) {
        if (takesAValue(words.at(i)))
            ++i;
        else if (!words.at(i).startsWith(u'-'))
            images.append(words.at(i));
    }
    return images.size() == 1 ? images.constFirst() : QString();
}

// The one word that says by itself that a reference follows; empty where there is none or more than one.
QString withItsTransport(const QStringList &words)
{
    QStringList found;
    for (const QString &word : words) {
        for (const QLatin1String transport : {QLatin1String("docker://"), QLatin1String("oci://")}) {
            if (word.startsWith(transport))
                found.append(word.mid(transport.size()));
        }
    }
    return found.size() == 1 ? found.constFirst() : QString();
}

// The image a web address stands for; empty where it is just a web address.
QString atAddress(const QString &text)
{
    const QUrl url(text, QUrl::StrictMode);
    const bool isWeb = url.scheme() == QLatin1String("https") || url.scheme() == QLatin1String("http");
    if (!isWeb || !url.isValid() || url.host().isEmpty() || !url.userInfo().isEmpty())
        return {};
    static const QRegularExpression manifest(QStringLiteral("^/v2/(.+)/manifests/([^/]+)\\z"));
    static const QRegularExpression tags(QStringLiteral("^/v2/(.+)/tags/list\\z"));
    static const QRegularExpression page(QStringLiteral("^/r/([^/]+/[^/]+)(?:/(?:tags)?)?\\z"));
    static const QRegularExpression official(QStringLiteral("^/_/([^/]+)(?:/(?:tags)?)?\\z"));
    static const QRegularExpression quay(QStringLiteral("^/repository/([^/]+/[^/]+)/?\\z"));
    const QString path = url.path();
    QUrl place;
    place.setHost(url.host());
    place.setPort(url.port(url.scheme() == QLatin1String("http") ? 80 : -1));
    const QString registry = place.authority(QUrl::FullyEncoded) + u'/';
    if (const auto match = manifest.match(path); match.hasMatch()) {
        const QString identifier = match.captured(2);
        return registry + match.captured(1) + (identifier.contains(u':') ? u'@' : u':') + identifier;
    }
    if (const auto match = tags.match(path); match.hasMatch())
        return registry + match.captured(1);
    if (url.host() == QLatin1String("hub.docker.com")) {
        if (const auto match = page.match(path); match.hasMatch())
            return QStringLiteral("docker.io/") + match.captured(1);
        if (const auto match = official.match(path); match.hasMatch())
            return QStringLiteral("docker.io/library/") + match.captured(1);
    }
    if (url.host() == QLatin1String("quay.io")) {
        if (const auto match = quay.match(path); match.hasMatch())
            return QStringLiteral("quay.io/") + match.captured(1);
    }
    return {};
}

} // namespace

QString referenceIn(QStringView pasted)
{
    QString text = pasted.trimmed().toString();
    const QStringList words = text.simplified().split(u' ');
    for (const QString &understood : {pulledBy(words), withItsTransport(words), atAddress(text)}) {
        if (!understood.isEmpty())
            return understood;
    }
    return text;
}

} // namespace colophon::oci
