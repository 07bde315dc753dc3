// SPDX-License-Identifier: Apache-2.0
// Credential files: whatever stands in one, the entry that is found is for the registry that was asked for and holds
// something, and what is said about a broken one is short and printable. The first byte chooses whose file it is.
#include "registry/auth/credentialfile.h"
#include "registry/auth/token.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>

using colophon::registry::auth::CredentialFile;

namespace {

void expect(bool good)
{
    if (!good)
        std::abort();
}

// Another way to say which registry a key may be for.
bool isFor(const QString &key, const QString &registry, const QString &repository)
{
    const QString whole = registry + u'/' + repository;
    if (whole == key || whole.startsWith(key + u'/'))
        return true;
    QString host = key.toLower();
    host = host.startsWith(QLatin1String("https://"))  ? host.mid(8)
           : host.startsWith(QLatin1String("http://")) ? host.mid(7)
                                                       : host;
    host = host.left(host.indexOf(u'/') < 0 ? host.size() : host.indexOf(u'/'));
    const bool isDocker = host == QLatin1String("index.docker.io") || host == QLatin1String("registry-1.docker.io");
    return (isDocker ? QStringLiteral("docker.io") : host) == registry;
}

void checkWords(const QString &words)
{
    expect(words.size() < 2000);
    expect(std::ranges::none_of(words, [](QChar c) { return c < u' ' || (c >= QChar(0x7F) && c < QChar(0xA0)); }));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    if (size < 1)
        return 0;
    const auto format = static_cast<CredentialFile::Format>(data[0] % 3);
    const auto file = CredentialFile::parse(
        QByteArray(reinterpret_cast<const char *>(data + 1), static_cast<qsizetype>(size - 1)), format);
    if (!file) {
        checkWords(file.error().text());
        return 0;
    }
    const QStringList registries{QStringLiteral("r.example"), QStringLiteral("r.example:5000"),
                                 QStringLiteral("docker.io")};
    for (const QString &registry : registries) {
        const QString repository = QStringLiteral("a/b");
        if (const auto helper = file->helperFor(registry))
            expect(!helper->name.isEmpty() && !helper->server.isEmpty());
        const auto found = file->find(registry, repository);
        if (!found) {
            checkWords(found.error().text());
            continue;
        }
        if (!*found)
            continue;
        expect(!(*found)->isEmpty());
        expect(!(*found)->user.contains(u':'));
        expect((*found)->registryToken.isEmpty() ||
               colophon::registry::auth::fitsIntoAHeader((*found)->registryToken.reveal()));
        expect(isFor((*found)->key, registry, repository));
        checkWords((*found)->words());
    }
    return 0;
}
