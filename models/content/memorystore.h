// SPDX-License-Identifier: Apache-2.0
#pragma once

// A Target that lives in memory: what a push is tested against, and what holds an image that is nowhere else.
// It keeps the rules of a registry: digests are checked, and a manifest whose content is missing is refused on request.

#include "content/target.h"

#include <QHash>
#include <QMap>

#include <functional>
#include <utility>

namespace colophon::content {

class MemoryStore final : public Target
{
public:
    explicit MemoryStore(QString registry = QStringLiteral("memory.example"),
                         QString repository = QStringLiteral("image"));

    QString registry() const override { return m_registry; }
    QString repository() const override { return m_repository; }
    base::Task<base::Result<oci::Descriptor>> resolve(QString identifier, std::stop_token stop) override;
    base::Task<base::Result<QByteArray>> fetchManifest(oci::Descriptor wanted, std::stop_token stop) override;
    base::Task<base::Result<ReaderPtr>> openBlob(oci::Descriptor wanted, std::stop_token stop) override;
    base::Task<base::Result<Tail>> openBlobFrom(oci::Descriptor wanted, qint64 offset, std::stop_token stop) override;
    base::Task<base::Result<bool>> hasBlob(oci::Descriptor wanted, std::stop_token stop) override;
    base::Task<base::Result<void>> pushBlob(oci::Descriptor content, ReaderPtr bytes, Progress progress,
                                            std::stop_token stop) override;
    base::Task<base::Result<bool>> mountBlob(oci::Descriptor content, QString fromRepository,
                                             std::stop_token stop) override;
    base::Task<base::Result<void>> pushManifest(oci::Descriptor content, QByteArray bytes,
                                                std::stop_token stop) override;
    base::Task<base::Result<void>> tag(oci::Descriptor content, QByteArray bytes, QString tag,
                                       std::stop_token stop) override;
    base::Task<base::Result<QStringList>> tags(std::stop_token stop) override;
    QString blobAddress(oci::Digest digest) const override;

    // Direct access, for filling it and looking into it.
    oci::Descriptor addBlob(QByteArray bytes, oci::MediaType type = {});
    oci::Descriptor addManifest(QByteArray bytes, oci::MediaType type, const QString &tag = {});
    void removeBlob(const oci::Digest &digest) { m_blobs.remove(digest); }
    // What a damaged or hostile registry would do: serve other bytes under a digest.
    void replaceBlob(const oci::Digest &digest, QByteArray bytes) { m_blobs[digest] = std::move(bytes); }
    void replaceManifest(const oci::Digest &digest, QByteArray bytes) { m_manifests[digest].bytes = std::move(bytes); }
    const QHash<oci::Digest, QByteArray> &blobs() const { return m_blobs; }
    // The manifest's bytes; null where it is not there.
    QByteArray manifestBytes(const oci::Digest &digest) const { return m_manifests.value(digest).bytes; }
    // What the tag names; a null digest where there is no such tag.
    oci::Digest tagged(const QString &tag) const { return m_tags.value(tag); }
    void removeTag(const QString &tag) { m_tags.remove(tag); }
    // What was asked of it, in order: "HEAD blob sha256:…", "PUT manifest sha256:…", "TAG v1 sha256:…"; also "HEAD
    // manifest v1", "GET manifest sha256:…", "GET blob sha256:…", "GET blob sha256:… from 512", "PUT blob sha256:…",
    // "MOUNT blob sha256:… from app", "GET tags".
    QStringList journal() const { return m_journal; }
    void clearJournal() { m_journal.clear(); }

    // Whether a manifest whose config, layers or entries are missing is refused, as registries do (foreign layers with
    // urls may be missing). Off at first.
    void setDemandsContent(bool demands) { m_demandsContent = demands; }
    // A blob in another repository of the same registry, for mountBlob().
    void addElsewhere(const QString &repository, const QByteArray &bytes);
    // The next request whose journal line starts with `journalStart` fails with this error, and does nothing.
    void failNext(const QString &journalStart, base::Error error)
    {
        m_failures.append({journalStart, std::move(error)});
    }
    // Called with each journal line before the request is answered, e.g. to change the store between two requests.
    void setObserver(std::function<void(const QString &line)> observer) { m_observer = std::move(observer); }

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
    QHash<QString, QHash<oci::Digest, QByteArray>> m_elsewhere;
    QList<std::pair<QString, base::Error>> m_failures;
    std::function<void(const QString &)> m_observer;
    bool m_demandsContent = false;

    // Writes the journal; an error where this request is to fail, or was stopped before it began.
    base::Result<void> asked(const QString &line, const std::stop_token &stop);
    base::Result<void> accept(const oci::Descriptor &content, const QByteArray &bytes);
    base::Result<void> checkContent(const oci::MediaType &type, const QByteArray &bytes) const;
};

} // namespace colophon::content
