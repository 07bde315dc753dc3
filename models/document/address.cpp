// SPDX-License-Identifier: Apache-2.0
// Layer addresses: what may stand in `urls`, and how a template becomes one. The rules are those registries and clients
// check (http or https, no fragment), and no room for two readings of one text.
#include "document/selection.h"

#include "base/plaintext.h"

#include <QCoreApplication>
#include <QUrl>

#include <algorithm>

namespace colophon::document {

namespace {
struct Text
{
    Q_DECLARE_TR_FUNCTIONS(colophon::document::Address)
};

// What may be quoted of an address: a user name or password in it is nobody's to print. Of a malformed one that
// is all up to the last "@" before its path, and where slashes are missing or turned, all there is before it.
QString quoted(const QString &address)
{
    const auto isSlash = [](QChar c) { return c == u'/' || c == u'\\'; };
    qsizetype from = address.indexOf(QStringLiteral("://"));
    from = from < 0 ? 0 : from + 3;
    while (from > 0 && from < address.size() && isSlash(address[from]))
        ++from;
    const auto end = std::find_if(address.begin() + from, address.end(),
                                  [&](QChar c) { return isSlash(c) || c == u'?' || c == u'#'; });
    qsizetype at = address.lastIndexOf(u'@', end - address.begin() - 1);
    if (at < from) // a password with such a character in it, or an "@" of the path: better too little than too much
        at = address.lastIndexOf(u'@');
    return base::visible(at < from ? address : address.first(from) + QChar(0x2026) + address.mid(at), 300);
}

std::unexpected<base::Error> refused(const QString &address, const QString &why)
{
    return base::fail(base::ErrorKind::Usage, Text::tr("%1 cannot be a layer's address: %2.").arg(quoted(address), why),
                      Text::tr("An address looks like https://downloads.example/layers/{hex}."));
}

bool isHexDigit(QChar c)
{
    const QChar low = c.toLower();
    return (c >= u'0' && c <= u'9') || (low >= u'a' && low <= u'f' && c.unicode() < 0x80);
}

// Whether that is nothing but characters any address may hold: then there is no need to look at each of them closely.
bool isOfPlainCharacters(QStringView address)
{
    return std::all_of(address.begin(), address.end(), [](QChar c) {
        const char16_t u = c.unicode();
        return u > 0x20 && u < 0x7F && u != '%' && u != '"' && u != '<' && u != '>' && u != '\\' && u != '^' &&
               u != '`' && u != '{' && u != '|' && u != '}';
    });
}

// Why the characters of it will not do, taken by themselves; empty: they will.
QString characterProblem(const QString &address)
{
    if (!address.isValidUtf16())
        return Text::tr("it is not valid text");
    for (qsizetype i = 0; i < address.size(); ++i) {
        const QChar c = address[i];
        if (c.isSpace())
            return Text::tr("it holds a space");
        if (c.category() == QChar::Other_Control || c.category() == QChar::Other_Format)
            return Text::tr("it holds a control character");
        if (QStringView(u"\"<>\\^`{|}").contains(c))
            return Text::tr("it holds “%1”, which must be percent-encoded").arg(c);
        if (c == u'%' && (i + 2 >= address.size() || !isHexDigit(address[i + 1]) || !isHexDigit(address[i + 2])))
            return Text::tr("“%” is not followed by two hexadecimal digits");
    }
    return {};
}
} // namespace

base::Result<QString> checkedAddress(const QString &address)
{
    if (address.isEmpty())
        return refused(address, Text::tr("it is empty"));
    const QString badCharacter = isOfPlainCharacters(address) ? QString() : characterProblem(address);
    if (!badCharacter.isEmpty())
        return refused(address, badCharacter);

    const QStringView scheme = QStringView(address).first(std::max<qsizetype>(0, address.indexOf(u':')));
    if (scheme.compare(u"http", Qt::CaseInsensitive) != 0 && scheme.compare(u"https", Qt::CaseInsensitive) != 0)
        return refused(address, Text::tr("it does not begin with http:// or https://"));
    const QStringView rest = QStringView(address).mid(scheme.size() + 1);
    if (!rest.startsWith(u"//"))
        return refused(address, Text::tr("it does not begin with http:// or https://"));
    if (address.contains(u'#'))
        return refused(address, Text::tr("it has a fragment (#), which registries refuse"));
    const QStringView behindSlashes = rest.mid(2);
    const auto end =
        std::find_if(behindSlashes.begin(), behindSlashes.end(), [](QChar c) { return c == u'/' || c == u'?'; });
    const QStringView authority = behindSlashes.first(end - behindSlashes.begin());
    if (authority.contains(u'@'))
        return refused(address,
                       Text::tr("it holds a user name or password, which everyone who reads the image would see"));
    if (authority.isEmpty() || authority.startsWith(u':'))
        return refused(address, Text::tr("it names no host"));
    if (authority.contains(u'%'))
        return refused(address, Text::tr("its host is percent-encoded"));

    const QUrl url(address, QUrl::StrictMode);
    if (!url.isValid() || url.host().isEmpty())
        return refused(address, Text::tr("its host or port is not valid"));
    const bool isAscii = std::all_of(address.begin(), address.end(), [](QChar c) { return c.unicode() < 0x80; });
    return isAscii ? address : QString::fromLatin1(url.toEncoded(QUrl::FullyEncoded));
}

base::Result<QString> filledIn(const QString &urlTemplate, const QString &registry, const QString &repository,
                               const oci::Digest &digest)
{
    QString address;
    qsizetype from = 0;
    while (true) {
        const qsizetype open = urlTemplate.indexOf(u'{', from);
        address += QStringView(urlTemplate).mid(from, open < 0 ? -1 : open - from);
        if (open < 0)
            break;
        const qsizetype close = urlTemplate.indexOf(u'}', open);
        if (close < 0)
            return base::fail(base::ErrorKind::Usage,
                              Text::tr("The brace in the address template %1 is not closed.").arg(quoted(urlTemplate)),
                              Text::tr("The names are {registry}, {repository}, {digest}, {algorithm} and {hex}."));
        const QStringView name = QStringView(urlTemplate).mid(open + 1, close < 0 ? -1 : close - open - 1);
        if (close >= 0 && name == u"registry")
            address += registry;
        else if (close >= 0 && name == u"repository")
            address += repository;
        else if (close >= 0 && name == u"digest")
            address += digest.toString();
        else if (close >= 0 && name == u"algorithm")
            address += digest.algorithmName();
        else if (close >= 0 && name == u"hex")
            address += digest.hex();
        else {
            return base::fail(base::ErrorKind::Usage,
                              Text::tr("The address template %1 holds “{%2}”, which is not a name Colophon fills in.")
                                  .arg(base::visible(urlTemplate, 300), base::visible(name.toString(), 60)),
                              Text::tr("The names are {registry}, {repository}, {digest}, {algorithm} and {hex}."));
        }
        from = close + 1;
    }
    auto checked = checkedAddress(address);
    if (checked)
        return checked;
    base::Error error = checked.error(); // quotes what was typed, not a digest that nobody gave
    error.message.replace(quoted(address), quoted(urlTemplate));
    return base::fail(std::move(error));
}

} // namespace colophon::document
