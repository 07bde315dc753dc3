// SPDX-License-Identifier: Apache-2.0
#include "registry/links.h"

namespace colophon::registry {

namespace {

// Where `stop` stands outside of quotation marks, at or behind `from`; the end where it does not.
qsizetype find(const QByteArray &text, char stop, qsizetype from)
{
    bool quoted = false;
    for (qsizetype i = from; i < text.size(); ++i) {
        if (quoted && text.at(i) == '\\')
            ++i;
        else if (text.at(i) == '"')
            quoted = !quoted;
        else if (!quoted && text.at(i) == stop)
            return i;
    }
    return text.size();
}

bool saysNext(const QByteArray &parameter)
{
    const qsizetype equals = parameter.indexOf('=');
    if (equals < 0 || parameter.left(equals).trimmed().compare("rel", Qt::CaseInsensitive) != 0)
        return false;
    QByteArray value = parameter.mid(equals + 1).trimmed();
    if (value.size() >= 2 && value.startsWith('"') && value.endsWith('"'))
        value = value.mid(1, value.size() - 2);
    const QList<QByteArray> words = value.simplified().split(' ');
    return std::any_of(words.cbegin(), words.cend(),
                       [](const QByteArray &word) { return word.compare("next", Qt::CaseInsensitive) == 0; });
}

} // namespace

std::optional<QUrl> nextPage(const QList<QByteArray> &fields, const QUrl &base)
{
    for (const QByteArray &field : fields) {
        qsizetype at = 0;
        while (at < field.size()) {
            const qsizetype open = field.indexOf('<', at);
            const qsizetype close = open < 0 ? -1 : field.indexOf('>', open);
            if (close < 0)
                break;
            const qsizetype end = find(field, ',', close + 1);
            bool isNext = false;
            for (qsizetype i = find(field, ';', close + 1); i < end;) {
                const qsizetype behind = std::min(find(field, ';', i + 1), end);
                isNext = isNext || saysNext(field.mid(i + 1, behind - i - 1));
                i = behind;
            }
            const QUrl target = QUrl::fromEncoded(field.mid(open + 1, close - open - 1).trimmed(), QUrl::TolerantMode);
            if (isNext && target.isValid())
                return base.resolved(target);
            at = end + 1;
        }
    }
    return {};
}

} // namespace colophon::registry
