// SPDX-License-Identifier: Apache-2.0
#include "signing/certificatename.h"

#include "base/plaintext.h"

#include <QCoreApplication>
#include <QRegularExpression>

namespace colophon::signing {

namespace {
struct Text
{
    Q_DECLARE_TR_FUNCTIONS(signing)
};

QString shown(const QString &text) { return base::visible(text, 200); }

std::unexpected<base::Error> refused(const QString &why) { return base::fail(base::ErrorKind::InvalidData, why); }

QString canonicalType(const QString &type)
{
    const QString upper = type.toUpper();
    if (upper == QLatin1String("S"))
        return QStringLiteral("ST");
    return upper == QLatin1String("E") ? QStringLiteral("EMAILADDRESS") : upper;
}

base::Result<void> put(NameMap &map, const QString &type, const QString &value)
{
    const QString canonical = canonicalType(type);
    if (map.contains(canonical))
        return refused(Text::tr("The name has %1 twice, so it cannot be compared.").arg(shown(type)));
    map.insert(canonical, value);
    return {};
}

// What stands behind the `=`, up to the next comma that is not escaped. `at` is left on that comma or at the end.
base::Result<QString> readValue(const QString &text, qsizetype &at)
{
    static const QString special = QStringLiteral(" \"#+,;<=>\\");
    QByteArray value;
    qsizetype firm = 0; // up to here white space belongs to it
    for (; at < text.size() && text.at(at) != u','; ++at) {
        const QChar c = text.at(at);
        if (c == u'+')
            return refused(Text::tr("The name “%1” joins attributes by +, which cannot be compared.").arg(shown(text)));
        if (c == u'"' || c == u';' || c == u'<' || c == u'>' || (c == u'#' && value.isEmpty()))
            return refused(Text::tr("In the name “%1” there is a %2 without a \\ before it.").arg(shown(text), c));
        if (c != u'\\') {
            if (!c.isSpace() || !value.isEmpty())
                value += QStringView(text).mid(at, c.isHighSurrogate() ? 2 : 1).toUtf8();
            at += c.isHighSurrogate() ? 1 : 0;
            firm = c.isSpace() ? firm : value.size();
            continue;
        }
        static const QRegularExpression pair(QStringLiteral("\\A[0-9A-Fa-f]{2}\\z"));
        const QString hex = text.mid(at + 1, 2);
        if (at + 1 < text.size() && special.contains(text.at(at + 1))) {
            value += text.at(++at).toLatin1();
        } else if (pair.match(hex).hasMatch()) {
            value += QByteArray::fromHex(hex.toLatin1());
            at += 2;
        } else {
            return refused(
                Text::tr("In the name “%1” a \\ has nothing behind it that it could stand for.").arg(shown(text)));
        }
        firm = value.size();
    }
    return QString::fromUtf8(value.left(firm));
}
} // namespace

base::Result<NameMap> parseName(const QString &text)
{
    static const QRegularExpression type(QStringLiteral("\\G\\s*([A-Za-z][A-Za-z0-9-]*|[0-9]+(?:\\.[0-9]+)+)\\s*="));
    NameMap map;
    for (qsizetype at = 0;; ++at) {
        const QRegularExpressionMatch match = type.match(text, at);
        if (!match.hasMatch())
            return refused(Text::tr("“%1” is no name such as “C=US, ST=WA, O=acme, CN=signer”.").arg(shown(text)));
        at = match.capturedEnd();
        const base::Result<QString> value = readValue(text, at);
        if (!value)
            return base::fail(value.error());
        if (const base::Result<void> done = put(map, match.captured(1), *value); !done)
            return base::fail(done.error());
        if (at >= text.size())
            return map;
    }
}

base::Result<NameMap> nameMapOf(const QList<NameAttribute> &attributes)
{
    NameMap map;
    for (const NameAttribute &each : attributes) {
        if (!each.isAlone)
            return refused(Text::tr("The certificate's name joins attributes by +, so it cannot be compared."));
        if (const base::Result<void> done = put(map, each.type, each.value); !done)
            return base::fail(done.error());
    }
    return map;
}

bool isPartOf(const NameMap &part, const NameMap &whole)
{
    for (auto it = part.cbegin(); it != part.cend(); ++it)
        if (const auto found = whole.constFind(it.key()); found == whole.cend() || *found != it.value())
            return false;
    return true;
}

} // namespace colophon::signing
