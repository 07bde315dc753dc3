// SPDX-License-Identifier: Apache-2.0
#include "transfer/refusal.h"

#include "base/plaintext.h"
#include "transfer/pushcontent.h"

#include <QCoreApplication>

namespace colophon::transfer {

namespace {
struct Text
{
    Q_DECLARE_TR_FUNCTIONS(colophon::transfer::PushImage)
};

// An answer about what the manifest says; not one about who we are, how often we ask, or a broken wire.
bool isAboutTheManifest(const base::Error &error)
{
    static const QStringList codes{QStringLiteral("MANIFEST_INVALID"), QStringLiteral("MANIFEST_BLOB_UNKNOWN"),
                                   QStringLiteral("MANIFEST_UNVERIFIED"), QStringLiteral("BLOB_UNKNOWN")};
    if (codes.contains(error.wireCode))
        return error.httpStatus >= 400 && error.httpStatus != 401 && error.httpStatus != 429;
    // docker-registry's answer to addresses it does not allow is 500 UNKNOWN.
    const bool isUnnamed = error.wireCode.isEmpty() || error.wireCode == QStringLiteral("UNKNOWN");
    return isUnnamed && (error.httpStatus == 400 || error.httpStatus == 422 || error.httpStatus == 500);
}
} // namespace

base::Error explained(const base::Error &refusal, const oci::Manifest &manifest, const oci::Reference &destination,
                      const oci::Digest &tagBefore)
{
    if (!isAboutTheManifest(refusal))
        return refusal;
    int unfetchable = -1;
    int elsewhere = -1; // a layer with an address; one of zstd, whose foreign type distribution 3 does not know, before
                        // others
    bool hasUrls = false;
    for (int i = 0; i < manifest.layers().size(); ++i) {
        const oci::Descriptor &layer = manifest.layers().at(i);
        const bool isZstd = layer.mediaType.toString().endsWith(QLatin1String("+zstd"));
        if (!layer.urls.isEmpty() && (!hasUrls || isZstd))
            elsewhere = i;
        hasUrls = hasUrls || !layer.urls.isEmpty();
        if (unfetchable < 0 && layer.marking() == oci::Marking::Unfetchable)
            unfetchable = i;
    }
    if (unfetchable < 0 && !hasUrls)
        return refusal;

    base::Error error = refusal;
    error.kind = base::ErrorKind::Denied;
    const QString still = stillInWords(destination, tagBefore);
    if (unfetchable >= 0) {
        error.message = Text::tr("%1 does not accept the image: layer %2 is non-distributable and needs an address.")
                            .arg(destination.registry())
                            .arg(unfetchable);
        error.hint = Text::tr("Give it an address (url), or mark it distributable. %1").arg(still);
    } else if (refusal.httpStatus == 400 && refusal.wireCode == QLatin1String("MANIFEST_BLOB_UNKNOWN")) {
        // Not the addresses: it looks for the content, and would have said 500 to them.
        error.message = Text::tr("%1 wants the content of layer %2 itself: it lets no layer of its type (%3) stay "
                                 "elsewhere.")
                            .arg(destination.registry())
                            .arg(elsewhere)
                            .arg(base::visible(manifest.layers().at(elsewhere).mediaType.toString(), 120));
        error.hint = Text::tr("Leave that layer distributable, so that it is uploaded. %1").arg(still);
    } else {
        error.message = Text::tr("%1 does not accept layer addresses (urls).").arg(destination.registry());
        error.hint = Text::tr("Its operator must allow them: `validation.manifests.urls.allow` in the registry's "
                              "configuration. %1")
                         .arg(still);
    }
    return error;
}

} // namespace colophon::transfer
