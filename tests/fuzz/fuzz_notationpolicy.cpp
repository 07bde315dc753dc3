// SPDX-License-Identifier: Apache-2.0
// Trust policies: a document that is taken enforces integrity or skips everything, and names whom it trusts.
#include "signing/notationpolicy.h"

#include <cstdint>
#include <cstdlib>

using namespace colophon::signing;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const QByteArray bytes(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    const auto policy = NotationPolicy::parse(bytes, QStringLiteral("x"));
    if (!policy) {
        if (policy.error().message.isEmpty())
            std::abort();
        return 0;
    }
    for (const NotationStatement &each : policy->statements()) {
        if (each.name.isEmpty() || each.scopes.isEmpty() || each.actions.size() != 5)
            std::abort();
        if (!each.skipsAll() && each.actions.value(NotationStep::Integrity) != NotationAction::Enforce)
            std::abort();
        for (const QString &store : each.authorities)
            if (store.contains(u'/') || store == QStringLiteral(".."))
                std::abort();
        if (!policy->statementFor(each.scopes.constFirst()))
            std::abort();
    }
    return 0;
}
