// SPDX-License-Identifier: Apache-2.0
// WWW-Authenticate, one field a line: what is taken from it is printable, says no more than stands there, survives
// being written and read again, and the one that is answered is among those that were read.
#include "registry/auth/challenge.h"
#include "registry/auth/scope.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>

using colophon::registry::auth::Challenge;

namespace {

const QList<QByteArray> known{"realm", "service", "scope", "error"};

void expect(bool good)
{
    if (!good)
        std::abort();
}

QByteArray quoted(const QString &value)
{
    QByteArray text = value.toLatin1();
    text.replace('\\', "\\\\").replace('"', "\\\"");
    return '"' + text + '"';
}

void check(const Challenge &challenge, const QByteArray &field)
{
    expect(!challenge.scheme().isEmpty() && challenge.scheme() == challenge.scheme().toLower());
    QByteArray text = challenge.scheme();
    QByteArray separator(" ");
    for (const QByteArray &name : known) {
        const QString value = challenge.parameter(name);
        expect(value.size() <= field.size());
        expect(std::ranges::all_of(value, [](QChar c) { return c >= u' ' && c <= u'~'; }));
        if (challenge.has(name)) {
            text += separator + name + '=' + quoted(value);
            separator = ", ";
        }
    }
    const auto again = Challenge::parse(text);
    expect(again && again->size() == 1);
    for (const QByteArray &name : known) {
        expect(again->first().has(name) == challenge.has(name));
        expect(again->first().parameter(name) == challenge.parameter(name));
    }
    // Whatever scope it wants, ours stays about our repository, and deletes nothing.
    const QStringList ours{QStringLiteral("repository:app:pull")};
    const QStringList asked = colophon::registry::auth::widened(ours, challenge.parameter("scope"), false).scopes;
    expect(asked.size() == 1 && asked.first().startsWith(ours.first()));
    expect(!asked.first().contains(QLatin1String("delete")));
    expect(!asked.first().contains(u'*') && !asked.first().contains(u' '));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const QByteArray bytes(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    const QList<QByteArray> fields = bytes.split('\n');
    QList<Challenge> all;
    for (const QByteArray &field : fields) {
        const auto challenges = Challenge::parse(field);
        if (!challenges)
            continue;
        for (const Challenge &each : *challenges)
            check(each, field);
        all += *challenges;
    }
    const auto best = Challenge::best(fields);
    expect(!best || all.contains(*best));
    expect(!best || best->isBasic() || (best->isBearer() && !best->parameter("realm").isEmpty()));
    return 0;
}
