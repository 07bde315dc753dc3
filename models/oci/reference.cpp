// SPDX-License-Identifier: Apache-2.0
#include "oci/reference.h"

#include "base/plaintext.h"
#include "oci/pastedreference.h"

#include <QCoreApplication>
#include <QRegularExpression>
#include <QUrl>

namespace colophon::oci {

namespace {
struct Text
{
    Q_DECLARE_TR_FUNCTIONS(Reference)
};

const QString dockerHub = QStringLiteral("docker.io");

struct Parts
{
    QString registry;
    QString repository;
    QString tag;
    Digest digest;
};

auto refuse(QStringView text, const QString &why, const QString &hint = {})
{
    return base::fail(base::ErrorKind::Usage,
                      Text::tr("“%1” is not an image reference: %2").arg(base::visible(text.toString(), 300), why),
                      !hint.isEmpty() ? hint
                                      : Text::tr("Write registry/repository:tag or registry/repository@sha256:…, e.g. "
                                                 "registry.example/vendor/app:1.4."));
}

// An image's ID, or its digest without a repository: both name content, and no place to read it from.
bool namesNoPlace(const QString &text)
{
    static const QRegularExpression form(QStringLiteral("^(?:sha256:)?[a-f0-9]{64}\\z"));
    return form.match(text).hasMatch();
}

// A host as it is looked up and shown: letters of other scripts in ASCII (IDNA), and a number that stands for an
// address as that address, so that nobody is shown one place and led to another. Empty where it cannot be.
QString inAscii(const QString &registry)
{
    const bool isPlain =
        std::all_of(registry.cbegin(), registry.cend(), [](QChar c) { return c > u' ' && c < QChar(0x7F); });
    static const QRegularExpression digits(QStringLiteral("^(?:0[xX][0-9A-Fa-f]*|[0-9]+)(?:\\.|\\z)"));
    const qsizetype colon = registry.lastIndexOf(u':');
    const QString host = registry.left(colon < 0 ? registry.size() : colon);
    if (isPlain && !digits.match(host).hasMatch())
        return registry;
    QUrl url;
    url.setHost(host);
    const QString ascii = url.host(QUrl::FullyEncoded);
    return ascii.isEmpty() || colon < 0 ? ascii : ascii + registry.mid(colon);
}

bool looksLikeRegistry(QStringView first)
{
    return first == u"localhost" || first.contains(u'.') || first.contains(u':') ||
           first.toString().toLower() != first.toString();
}

bool isRegistry(const QString &text)
{
    // A host name, an IPv4 address or a bracketed IPv6 address, and a port.
    static const QRegularExpression form(
        QStringLiteral("^(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*"
                       "|\\[[0-9A-Fa-f:.]+\\])(?::([0-9]{1,5}))?\\z"));
    const QRegularExpressionMatch match = form.match(text);
    return match.hasMatch() &&
           (match.captured(1).isEmpty() || (match.captured(1).toInt() >= 1 && match.captured(1).toInt() <= 65535));
}

bool isRepository(const QString &text)
{
    static const QString component = QStringLiteral("[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*");
    static const QRegularExpression form(QStringLiteral("^%1(?:/%1)*\\z").arg(component));
    return form.match(text).hasMatch();
}

bool isTag(const QString &text)
{
    static const QRegularExpression form(QStringLiteral("^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}\\z"));
    return form.match(text).hasMatch();
}

base::Result<Parts> read(QStringView whole)
{
    Parts parts;
    QStringView text = whole.trimmed();
    if (text.isEmpty())
        return refuse(whole, Text::tr("it is empty."));
    if (namesNoPlace(text.toString()))
        return refuse(whole, Text::tr("it names content, but not the repository it is in."),
                      Text::tr("Write registry/repository@sha256:…, with the repository before it."));
    if (text.contains(u"://"))
        return refuse(whole, Text::tr("a web address names no image."),
                      Text::tr("Leave what stands before the registry's name away, e.g. “https://”."));
    if (const qsizetype at = text.indexOf(u'@'); at >= 0) {
        auto digest = Digest::parse(text.sliced(at + 1));
        if (!digest)
            return refuse(whole, digest.error().message);
        parts.digest = *digest;
        text = text.first(at);
    }
    QString name = text.toString();
    const qsizetype slash = name.indexOf(QLatin1Char('/'));
    if (slash >= 0 && looksLikeRegistry(QStringView(name).first(slash))) {
        const QString typed = name.left(slash);
        parts.registry = inAscii(typed);
        name = name.mid(slash + 1);
        if (!isRegistry(parts.registry) || !looksLikeRegistry(parts.registry)) // in ASCII it may be just a word
            return refuse(whole,
                          Text::tr("“%1” is no host name with an optional port.").arg(base::visible(typed, 120)));
    }
    if (const qsizetype colon = name.lastIndexOf(QLatin1Char(':'));
        colon >= 0 && colon > name.lastIndexOf(QLatin1Char('/'))) {
        parts.tag = name.mid(colon + 1);
        name = name.left(colon);
        if (!isTag(parts.tag)) {
            return refuse(whole, Text::tr("“%1” is no tag; tags have at most 128 letters, digits, “_”, “.” and “-”.")
                                     .arg(base::visible(parts.tag, 160)));
        }
    }
    if (parts.registry.isEmpty() || parts.registry == QLatin1String("index.docker.io") ||
        parts.registry == QLatin1String("registry-1.docker.io"))
        parts.registry = dockerHub;
    if (parts.registry == dockerHub && !name.isEmpty() && !name.contains(QLatin1Char('/')))
        name.prepend(QLatin1String("library/"));
    if (name.isEmpty())
        return refuse(whole, Text::tr("the repository is missing."));
    if (name.toLower() != name)
        return refuse(whole, Text::tr("the repository name must be lower case."),
                      Text::tr("Write “%1”.").arg(base::visible(name.toLower(), 260)));
    if (!isRepository(name))
        return refuse(whole, Text::tr("“%1” is no repository name.").arg(base::visible(name, 260)));
    if (name.size() > 255)
        return refuse(whole, Text::tr("the repository name is longer than 255 characters."));
    parts.repository = name;
    return parts;
}
} // namespace

base::Result<Reference> Reference::parse(QStringView text)
{
    auto parts = read(text);
    if (!parts)
        return base::fail(parts.error());
    Reference reference;
    reference.m_registry = parts->registry;
    reference.m_repository = parts->repository;
    reference.m_tag = parts->tag;
    reference.m_digest = parts->digest;
    if (reference.m_tag.isEmpty() && reference.m_digest.isNull())
        reference.m_tag = QStringLiteral("latest");
    return reference;
}

bool Reference::isShort(QStringView text)
{
    const qsizetype slash = text.trimmed().indexOf(u'/');
    return slash < 0 || !looksLikeRegistry(text.trimmed().first(slash));
}

base::Result<Reference> Reference::parsePasted(QStringView text) { return parse(referenceIn(text)); }

base::Result<Reference> Reference::parseRepository(QStringView text)
{
    auto parts = read(text);
    if (!parts)
        return base::fail(parts.error());
    if (!parts->tag.isEmpty() || !parts->digest.isNull()) {
        return base::fail(
            base::ErrorKind::Usage,
            Text::tr("“%1” names one image; a repository is wanted.").arg(base::visible(text.toString(), 300)),
            Text::tr("Leave the tag and the digest away."));
    }
    Reference reference;
    reference.m_registry = parts->registry;
    reference.m_repository = parts->repository;
    return reference;
}

QString Reference::host() const
{
    if (m_registry.startsWith(QLatin1Char('[')))
        return m_registry.mid(1, m_registry.indexOf(QLatin1Char(']')) - 1);
    return m_registry.section(QLatin1Char(':'), 0, 0);
}

int Reference::port() const
{
    const qsizetype colon = m_registry.lastIndexOf(QLatin1Char(':'));
    if (colon < 0 || m_registry.endsWith(QLatin1Char(']')))
        return -1;
    return m_registry.mid(colon + 1).toInt();
}

QString Reference::name() const { return m_registry + QLatin1Char('/') + m_repository; }

QString Reference::identifier() const { return m_digest.isNull() ? m_tag : m_digest.toString(); }

QString Reference::toString() const
{
    QString text = name();
    if (!m_tag.isEmpty())
        text += QLatin1Char(':') + m_tag;
    if (!m_digest.isNull())
        text += QLatin1Char('@') + m_digest.toString();
    return text;
}

bool Reference::isLoopback() const
{
    const QString name = host().toLower();
    if (name == QLatin1String("localhost") || name.endsWith(QLatin1String(".localhost")))
        return true;
    static const QRegularExpression ipv4(QStringLiteral("^127\\.[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}\\z"));
    return name == QLatin1String("::1") || ipv4.match(name).hasMatch();
}

Reference Reference::withTag(QString tag) const
{
    Reference copy = *this;
    copy.m_tag = std::move(tag);
    copy.m_digest = {};
    return copy;
}

Reference Reference::withDigest(Digest digest) const
{
    Reference copy = *this;
    copy.m_digest = std::move(digest);
    return copy;
}

} // namespace colophon::oci
