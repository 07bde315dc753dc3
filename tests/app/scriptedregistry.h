// SPDX-License-Identifier: Apache-2.0
#pragma once

// The fault server as a registry that holds one image, for the answers no real registry gives on demand. Rules the test
// adds before serve() come first. Make it with an authority and give --ca-file: whoever asks a plain one begins with
// TLS and waits for an answer to that.

#include "support/faultserver/faultserver.h"
#include "support/imagegen/imagebuilder.h"

#include <QRegularExpression>

namespace colophon::test {

inline Answer holding(const GeneratedContent &content)
{
    const Answer told = answer(200, content.bytes).with("Docker-Content-Digest", content.descriptor.digest.toLatin1());
    return told.with("Content-Type", content.isManifest() ? content.descriptor.mediaType.toString().toLatin1()
                                                          : QByteArray("application/octet-stream"));
}

inline void serve(FaultServer &server, const GeneratedImage &image, const QString &repository, const QString &tag)
{
    const QString base = QStringLiteral("/v2/") + QRegularExpression::escape(repository);
    server.always("GET", QStringLiteral("/v2/"), answer(200, "{}"));
    for (const char *method : {"GET", "HEAD"}) {
        for (const GeneratedContent &each : image.contents) {
            const QString digest = QRegularExpression::escape(each.descriptor.digest.toString());
            const QString place = each.isManifest() ? QStringLiteral("/manifests/") : QStringLiteral("/blobs/");
            server.always(method, base + place + digest, holding(each));
            if (each.descriptor.digest == image.root.digest)
                server.always(method, base + place + QRegularExpression::escape(tag), holding(each));
        }
    }
}

} // namespace colophon::test
