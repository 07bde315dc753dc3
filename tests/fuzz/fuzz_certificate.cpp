// SPDX-License-Identifier: Apache-2.0
// Certificates: what is taken keeps its bytes, can be judged by every rule, and its name reads back as itself.
#include "signing/certificatename.h"
#include "signing/certificaterules.h"

#include <cstdint>
#include <cstdlib>

using namespace colophon::signing;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const QByteArray bytes(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    const bool isPem = bytes.contains("-----BEGIN ");
    const auto chain = isPem ? CertificateChain::fromPem(bytes, QStringLiteral("x"))
                             : CertificateChain::fromDer({bytes}, QStringLiteral("x"));
    if (!chain) {
        if (chain.error().message.isEmpty())
            std::abort();
        return 0;
    }
    if (chain->isEmpty() || (!isPem && chain->leaf().der() != bytes))
        std::abort();
    for (const QString &problem : chainProblems(*chain))
        if (problem.isEmpty())
            std::abort();
    if (chain->inOrder().leaf().thumbprint() != chain->leaf().thumbprint())
        std::abort();
    if (CertificateChain::fromPem(chain->toPem(), {}) != *chain)
        std::abort();
    static_cast<void>(nameMapOf(chain->leaf().subjectAttributes()));
    static_cast<void>(parseName(chain->leaf().subject()));
    return 0;
}
