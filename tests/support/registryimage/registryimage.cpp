// SPDX-License-Identifier: Apache-2.0
#include "support/registryimage/registryimage.h"

#include "registry/client.h"
#include "support/await.h"

namespace colophon::test {

QString upload(const GeneratedImage &image, const Upload &to)
{
    const auto reference = oci::Reference::parse(to.reference);
    if (!reference)
        return reference.error().text();
    registry::Client client;
    if (!to.user.isEmpty())
        client.signIn(reference->registry(), {to.user, base::Secret(to.password.toUtf8())});
    const content::TargetPtr target = client.target(*reference);
    QString failed;
    pour(image, [&](const GeneratedContent &each) {
        const bool isLeftOut = to.without.contains(each.descriptor.digest) || (each.isManifest() && !to.withManifests);
        if (!failed.isEmpty() || isLeftOut)
            return;
        const auto done = each.isManifest()
                              ? await(target->pushManifest(each.descriptor, each.bytes, {}))
                              : await(target->pushBlob(each.descriptor, content::readerOf(each.bytes), {}, {}));
        if (!done)
            failed = done.error().text();
    });
    if (!failed.isEmpty() || !to.withManifests)
        return failed;
    const auto tagged = await(target->tag(image.root, image.bytesOf(image.root.digest), reference->tag(), {}));
    return tagged ? QString() : tagged.error().text();
}

oci::Digest digestOfTag(const QString &reference)
{
    registry::Client client;
    const auto parsed = oci::Reference::parse(reference);
    const auto named = await(client.target(*parsed)->resolve(parsed->tag(), {}));
    return named ? named->digest : oci::Digest();
}

bool hasBlob(const QString &repository, const oci::Digest &digest)
{
    registry::Client client;
    oci::Descriptor blob;
    blob.digest = digest;
    blob.size = -1;
    const auto has = await(client.target(*oci::Reference::parse(repository))->hasBlob(blob, {}));
    return has && *has;
}

} // namespace colophon::test
