// SPDX-License-Identifier: Apache-2.0
// cosign's tags for a digest; and none where no tag could be that long.
#include "oci/attachmentnames.h"

#include <QTest>

using colophon::oci::Digest;
namespace oci = colophon::oci;

class TestAttachmentNames : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tagsOfADigest()
    {
        const Digest digest = Digest::of("an image");
        const QString start = QStringLiteral("sha256-") + digest.hex();
        QCOMPARE(oci::signatureTag(digest), start + QStringLiteral(".sig"));
        QCOMPARE(oci::attachmentTags(digest),
                 (QStringList{start + QStringLiteral(".sig"), start + QStringLiteral(".att"),
                              start + QStringLiteral(".sbom")}));
    }

    void aLongDigestHasNone()
    {
        const Digest digest = Digest::of("an image", Digest::Algorithm::Sha512);
        QVERIFY(oci::signatureTag(digest).isEmpty());
        QVERIFY(oci::attachmentTags(digest).isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestAttachmentNames)
#include "tst_attachmentnames.moc"
