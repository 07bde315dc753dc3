// SPDX-License-Identifier: Apache-2.0
#include "support/programs/copying.h"

#include "support/peers.h"

namespace colophon::test {

Ran copyImage(const QString &client, const QString &source, const QString &target,
              const QProcessEnvironment &environment)
{
    if (client == QLatin1String("skopeo")) {
        return run(QStringLiteral("skopeo"),
                   {QStringLiteral("--insecure-policy"), QStringLiteral("copy"), QStringLiteral("-q"),
                    QStringLiteral("--all"), QStringLiteral("--src-tls-verify=false"),
                    QStringLiteral("--dest-tls-verify=false"), QStringLiteral("docker://") + source,
                    QStringLiteral("docker://") + target},
                   environment);
    }
    const QString program = peer(client);
    if (client == QLatin1String("crane"))
        return run(program, {QStringLiteral("copy"), QStringLiteral("--insecure"), source, target}, environment);
    if (client == QLatin1String("oras")) {
        return run(program,
                   {QStringLiteral("cp"), QStringLiteral("--from-plain-http"), QStringLiteral("--to-plain-http"),
                    source, target},
                   environment);
    }
    for (const QString &reference : {source, target})
        run(program,
            {QStringLiteral("registry"), QStringLiteral("set"), QStringLiteral("--tls"), QStringLiteral("disabled"),
             reference.section(QLatin1Char('/'), 0, 0)},
            environment);
    return run(program, {QStringLiteral("image"), QStringLiteral("copy"), source, target}, environment);
}

} // namespace colophon::test
