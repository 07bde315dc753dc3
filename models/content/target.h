// SPDX-License-Identifier: Apache-2.0
#pragma once

// The seams between images and where they live (after oras-go's content package): resolve a name, fetch, push, tag. A
// repository in a registry is one Target, memory another; transfer and signing see only this.

#include "content/reader.h"
#include "content/referrers.h"
#include "oci/descriptor.h"
#include "oci/reference.h"

#include <QString>
#include <QStringList>

#include <memory>
#include <stop_token>
#include <utility>

namespace colophon::content {

class Resolver
{
public:
    virtual ~Resolver() = default;
    // What a tag or digest names now, without its bytes: type, digest, size. NotFound where there is nothing.
    virtual base::Task<base::Result<oci::Descriptor>> resolve(QString identifier, std::stop_token stop) = 0;
};

class Fetcher
{
public:
    virtual ~Fetcher() = default;
    // The bytes of a manifest or index, checked against the descriptor's size and digest. A negative size is not
    // checked.
    virtual base::Task<base::Result<QByteArray>> fetchManifest(oci::Descriptor wanted, std::stop_token stop) = 0;
    // A blob's bytes as a verified stream.
    virtual base::Task<base::Result<ReaderPtr>> openBlob(oci::Descriptor wanted, std::stop_token stop) = 0;
    // The rest of a blob from this offset on, not verified: whoever has what stands before checks the whole. Where the
    // offset cannot be had the stream is the whole blob, and says so.
    virtual base::Task<base::Result<Tail>> openBlobFrom(oci::Descriptor wanted, qint64 offset, std::stop_token stop);
    // Whether the blob is there (HEAD).
    virtual base::Task<base::Result<bool>> hasBlob(oci::Descriptor wanted, std::stop_token stop) = 0;
};

class Pusher
{
public:
    virtual ~Pusher() = default;
    // Uploads a blob; the registry checks the digest too. `progress` gets the bytes sent so far.
    virtual base::Task<base::Result<void>> pushBlob(oci::Descriptor content, ReaderPtr bytes, Progress progress,
                                                    std::stop_token stop) = 0;
    // Takes a blob over from another repository of the same registry. False: not possible, it must be uploaded.
    virtual base::Task<base::Result<bool>> mountBlob(oci::Descriptor content, QString fromRepository,
                                                     std::stop_token stop) = 0;
    // Puts a manifest or index by its digest. The answer must name the same digest.
    virtual base::Task<base::Result<void>> pushManifest(oci::Descriptor content, QByteArray bytes,
                                                        std::stop_token stop) = 0;
};

class Tagger
{
public:
    virtual ~Tagger() = default;
    // Lets a tag name this manifest, whose bytes are sent along (a registry tags by PUT).
    virtual base::Task<base::Result<void>> tag(oci::Descriptor content, QByteArray bytes, QString tag,
                                               std::stop_token stop) = 0;
};

class Target;
using TargetPtr = std::shared_ptr<Target>;

// Header fields a server answers with, names in small letters; what could be a secret is not among them.
using ServerFields = QList<std::pair<QString, QString>>;

// One repository, whole.
class Target : public Resolver,
               public Fetcher,
               public Pusher,
               public Tagger,
               public std::enable_shared_from_this<Target>
{
public:
    Target() = default;
    Target(const Target &) = delete;
    Target &operator=(const Target &) = delete;
    ~Target() override = default;

    virtual QString registry() const = 0; // host[:port] as in the Reference
    virtual QString repository() const = 0;
    // All tags, in the registry's order.
    virtual base::Task<base::Result<QStringList>> tags(std::stop_token stop) = 0;
    // The address at which the registry itself serves this blob, for layers that stay where they are.
    virtual QString blobAddress(oci::Digest digest) const = 0;

    // Every manifest whose subject is this one, as the registry lists them or, where it keeps no list, the index under
    // referrersTag(). None: an empty list. TooLarge beyond limits::referrers. What the list says of them is not checked
    // against the manifests themselves. By itself a Target does without a registry's list.
    virtual base::Task<base::Result<Referrers>> referrers(oci::Digest subject, std::stop_token stop);
    // Puts a manifest that has this subject, by its digest, and makes sure that referrers() lists it: where the
    // registry does not do so itself, in the index under the tag. Its blobs must be there. Says who keeps the list.
    virtual base::Task<base::Result<Referrers::Source>> pushReferrer(oci::Descriptor content, QByteArray bytes,
                                                                     oci::Descriptor subject, std::stop_token stop);
    // What the registry says of itself when it is first asked, for who wants to know which it is. Empty of what is
    // none.
    virtual base::Task<base::Result<ServerFields>> serverFields(std::stop_token stop);

protected:
    // For coroutines to hold. One that no shared pointer owns must outlive them.
    TargetPtr self();
};

} // namespace colophon::content
