// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the demo registry holds, and its rules for what it takes (distribution-spec "Push"; the checks and their answers
// are those of docker-registry 2.8). Every function may be called from any thread.

#include <QByteArray>
#include <QHash>
#include <QJsonObject>
#include <QMap>
#include <QRegularExpression>
#include <QString>
#include <QStringList>

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>

namespace colophon::demo {

// An answer in the registry's error form (distribution-spec "Error Codes").
struct Refusal
{
    int status = 0;
    QByteArray code;
    QByteArray message;
};

struct StoredManifest
{
    QString type;
    QByteArray bytes;
    QString digest;
};

// An upload that has begun and not ended.
struct Upload
{
    std::mutex mutex;
    QString repository;
    QByteArray bytes;
    std::atomic<qint64> received = 0; // the size of `bytes`, to be asked while they come
};

class Store
{
public:
    Store(bool allowUrls, const QString &refusedTags);

    bool hasRepository(const QString &repository) const;
    std::optional<QByteArray> blob(const QString &repository, const QString &digest) const;
    void addBlob(const QString &repository, const QString &digest, const QByteArray &bytes);
    bool removeBlob(const QString &repository, const QString &digest);

    // By tag or digest.
    std::optional<StoredManifest> manifest(const QString &repository, const QString &reference) const;
    // Nothing: taken. Everything it names must be there, except what has an address elsewhere.
    std::optional<Refusal> putManifest(const QString &repository, const QString &reference, const QString &type,
                                       const QByteArray &bytes);
    // Without the checks: for the images the registry starts with.
    QString addManifest(const QString &repository, const QString &tag, const QString &type, const QByteArray &bytes);
    bool removeManifest(const QString &repository, const QString &reference);
    QStringList tags(const QString &repository) const; // sorted
    // Those that have this digest as their subject, whether it is there or not; by their digests.
    QList<StoredManifest> referrers(const QString &repository, const QString &subject) const;

    QString beginUpload(const QString &repository);
    std::shared_ptr<Upload> upload(const QString &repository, const QString &id) const;
    bool endUpload(const QString &id); // false: it was gone already
    int openUploads() const;

    void addFile(const QString &path, const QByteArray &bytes);
    std::optional<QByteArray> file(const QString &path) const;

private:
    struct Repository
    {
        QHash<QString, QByteArray> blobs;
        QHash<QString, StoredManifest> manifests;
        QMap<QString, QString> tags;
    };
    std::optional<Refusal> checked(const Repository &repository, const QString &type, const QByteArray &bytes) const;
    std::optional<Refusal> checkedLayer(const Repository &repository, const QJsonObject &layer) const;

    const bool m_allowUrls;
    const QRegularExpression m_refusedTags;
    mutable std::mutex m_mutex;
    QHash<QString, Repository> m_repositories;
    QHash<QString, std::shared_ptr<Upload>> m_uploads;
    QHash<QString, QByteArray> m_files;
};

} // namespace colophon::demo
