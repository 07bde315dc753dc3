// SPDX-License-Identifier: Apache-2.0
#include "registry/auth/challenge.h"

#include "registry/words.h"

#include <cstring>

namespace colophon::registry::auth {

namespace {

bool isAlnum(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }
bool isToken(char c) { return c != '\0' && (isAlnum(c) || std::strchr("!#$%&'*+-.^_`|~", c)); }
bool isToken68(char c) { return c != '\0' && (isAlnum(c) || std::strchr("-._~+/", c)); }
bool isSpace(char c) { return c == ' ' || c == '\t'; }

} // namespace

class ChallengeScanner
{
public:
    explicit ChallengeScanner(const QByteArray &text)
        : m_text(text)
    {
    }

    base::Result<QList<Challenge>> all()
    {
        QList<Challenge> found;
        for (skipCommas(); !atEnd(); skipCommas()) {
            Challenge challenge;
            challenge.m_scheme = token().toLower();
            if (challenge.m_scheme.isEmpty())
                return broken(Words::tr("a scheme was expected"));
            if (!atEnd() && !isSpace(peek()) && peek() != ',')
                return broken(Words::tr("a space was expected behind the scheme"));
            skipSpaces();
            if (!takeToken68(challenge)) {
                if (auto done = parameters(challenge); !done)
                    return base::fail(done.error());
            }
            skipSpaces();
            if (!atEnd() && peek() != ',')
                return broken(Words::tr("a comma was expected"));
            found.append(challenge);
        }
        return found;
    }

private:
    bool atEnd() const { return m_at >= m_text.size(); }
    char peek() const { return atEnd() ? '\0' : m_text.at(m_at); }
    void skipSpaces()
    {
        while (!atEnd() && isSpace(peek()))
            ++m_at;
    }
    void skipCommas()
    {
        while (!atEnd() && (isSpace(peek()) || peek() == ','))
            ++m_at;
    }
    QByteArray token()
    {
        const qsizetype begin = m_at;
        while (!atEnd() && isToken(peek()))
            ++m_at;
        return m_text.mid(begin, m_at - begin);
    }
    std::unexpected<base::Error> broken(const QString &what) const
    {
        return base::fail(base::ErrorKind::InvalidData,
                          Words::tr("The WWW-Authenticate field is malformed at byte %1: %2.").arg(m_at).arg(what));
    }

    // "Negotiate YII…==": only where the whole challenge is that, otherwise it is the name of a parameter.
    bool takeToken68(Challenge &challenge)
    {
        qsizetype at = m_at;
        while (at < m_text.size() && isToken68(m_text.at(at)))
            ++at;
        if (at == m_at)
            return false;
        while (at < m_text.size() && m_text.at(at) == '=')
            ++at;
        qsizetype behind = at;
        while (behind < m_text.size() && isSpace(m_text.at(behind)))
            ++behind;
        if (behind < m_text.size() && m_text.at(behind) != ',')
            return false;
        challenge.m_token68 = m_text.mid(m_at, at - m_at);
        m_at = at;
        return true;
    }

    base::Result<void> parameters(Challenge &challenge)
    {
        while (!atEnd() && peek() != ',') {
            const QByteArray name = token().toLower();
            skipSpaces();
            if (name.isEmpty() || peek() != '=')
                return broken(Words::tr("a parameter was expected"));
            ++m_at;
            skipSpaces();
            auto text = value();
            if (!text)
                return base::fail(text.error());
            if (challenge.m_parameters.contains(name))
                return broken(Words::tr("a parameter stands there twice"));
            challenge.m_parameters.insert(name, *text);
            if (!nextIsParameter())
                break;
        }
        return {};
    }

    // Behind a comma stands either the next parameter or the next challenge: only a parameter has "=" behind its name.
    bool nextIsParameter()
    {
        const qsizetype before = m_at;
        skipSpaces();
        if (peek() == ',') {
            skipCommas();
            const qsizetype here = m_at;
            const bool named = !token().isEmpty();
            skipSpaces();
            if (named && peek() == '=') {
                m_at = here;
                return true;
            }
        }
        m_at = before;
        return false;
    }

    base::Result<QString> value()
    {
        if (peek() != '"') {
            const QByteArray plain = token();
            if (plain.isEmpty())
                return broken(Words::tr("a value was expected"));
            return QString::fromLatin1(plain);
        }
        ++m_at;
        QByteArray text;
        for (; !atEnd(); ++m_at) {
            char c = peek();
            if (c == '"') {
                ++m_at;
                return QString::fromLatin1(text);
            }
            if (c == '\\') {
                ++m_at;
                c = peek();
            }
            // Only printable ASCII: these values become addresses and words in an address.
            if (c < ' ' || c > '~')
                return broken(Words::tr("a character that does not belong there"));
            text.append(c);
        }
        return broken(Words::tr("a quotation mark is missing"));
    }

    const QByteArray &m_text;
    qsizetype m_at = 0;
};

base::Result<QList<Challenge>> Challenge::parse(const QByteArray &field) { return ChallengeScanner(field).all(); }

std::optional<Challenge> Challenge::best(const QList<QByteArray> &fields)
{
    std::optional<Challenge> basic;
    for (const QByteArray &field : fields) {
        const auto challenges = parse(field);
        if (!challenges)
            continue;
        for (const Challenge &each : *challenges) {
            if (each.isBearer() && !each.parameter("realm").isEmpty())
                return each;
            if (each.isBasic() && !basic)
                basic = each;
        }
    }
    return basic;
}

} // namespace colophon::registry::auth
