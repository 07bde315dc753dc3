// SPDX-License-Identifier: Apache-2.0
#pragma once

// A Target that lives in memory: what a push is tested against, and what holds an image that is nowhere else.
// It keeps the rules of a registry: digests are checked, and a manifest whose content is missing is refused on request.

#include "content/target.h"

#include <QHash>
#include <QMap>

namespace colophon::content {

class MemoryStore final : public Target
{
public:
    explicit MemoryStore(QString registry = QStringLiteral("memory.example"), QString repository = QStringLiteral("image"));

    QString registry() const override { return m_registry; }
    QString repository() const override { return m_repository; }
    base::Task<base::Result<oci::Descriptor>> resolve(QString identifier, std::stop_token stop) override;
    base::Task<base::Result<QByteArray>> fetchManifest(oci::Descriptor wanted, std::stop_token stop) override;
    base::Task<base::Result<ReaderPtr>> openBlob(oci::Descriptor wanted, std::stop_token stop) override;
    base::Task<base::Result<bool>> hasBlob(oci::Descriptor wanted, std::stop_token stop) override;
    base::Task<base::Result<void>> pushBlob(oci::Descriptor content, ReaderPtr bytes, Progress progress,
                                            std::stop_token stop) override;
    base::Task<base::Result<bool>> mountBlob(oci::Descriptor content, QString fromRepository, std::stop_token stop) override;
    base::Task<base::Result<void>> pushManifest(oci::Descriptor content, QByteArray bytes, std::stop_token stop) override;
    base::Task<base::Result<void>> tag(oci::Descriptor content, QByteArray bytes, QString tag, std::stop_token stop) override;
    base::Task<base::Result<QStringList>> tags(std::stop_token stop) override;
    QString blobAddress(oci::Digest digest) const override;

    // Direct access, for filling it and looking into it.
    oci::Descriptor addBlob(QByteArray bytes, oci::MediaType type = {});
    oci::Descriptor addManifest(QByteArray bytes, oci::MediaType type, const QString &tag = {});
    void removeBlob(const oci::Digest &digest) { m_blobs.remove(digest); }
    const QHash<oci::Digest, QByteArray> &blobs() const { return m_blobs; }
    // What was asked of it, in order: "HEAD blob sha256:…", "PUT manifest sha256:…", "TAG v1 sha256:…".
    QStringList journal() const { return m_journal; }

private:
    struct Stored
    {
        oci::MediaType type;
        QByteArray bytes;
    };
    QString m_registry;
    QString m_repository;
    QHash<oci::Digest, QByteArray> m_blobs;
    QHash<oci::Digest, Stored> m_manifests;
    QMap<QString, oci::Digest> m_tags;
    QStringList m_journal;
};

} // namespace colophon::content
