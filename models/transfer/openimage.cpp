// SPDX-License-Identifier: Apache-2.0
#include "transfer/openimage.h"

#include "base/limits.h"
#include "base/plaintext.h"

#include <QSet>

namespace colophon::transfer {

namespace {
namespace limits = base::limits;
using document::ImageNode;

constexpr int readLanes = 6;

// The manifest or index an entry names was fetched under this: one digest may be named with two types.
using Key = std::pair<oci::Digest, QString>;
Key keyOf(const oci::Descriptor &entry) { return {entry.digest, entry.mediaType.toString()}; }

bool isRead(const oci::Descriptor &entry) { return entry.mediaType.isManifest() || entry.mediaType.isIndex(); }

bool isImageConfig(const oci::MediaType &type)
{
    return type == oci::MediaType::ociConfig() || type == oci::MediaType::dockerConfig();
}

QString nameOf(const oci::Descriptor &entry)
{
    return entry.platform && !entry.platform->isUnknown() ? base::visible(entry.platform->toString())
                                                          : entry.digest.shortForm();
}

std::unexpected<base::Error> tooMany()
{
    return base::fail(base::ErrorKind::TooLarge,
                      OpenImage::tr("The image has more than %1 parts.").arg(limits::descriptorsPerImage));
}
} // namespace

struct OpenImage::State
{
    content::TargetPtr target;
    oci::Reference reference;
    VoicePtr voice;
    document::ImageTree tree;
    content::ServerFields serverFields;
    QHash<Key, ImageNode> read; // without children
    int parts = 0;              // descriptors seen
    int begun = 0;

    static base::Task<base::Result<void>> open(std::shared_ptr<State> s, std::stop_token stop);
    static base::Task<base::Result<void>> readChildren(std::shared_ptr<State> s, oci::Descriptor root,
                                                       std::stop_token stop);
    static base::Task<base::Result<void>> readConfigs(std::shared_ptr<State> s, std::stop_token stop);
    static base::Task<base::Result<void>> readEntry(std::shared_ptr<State> s, oci::Descriptor entry,
                                                    std::stop_token stop);
    static base::Task<base::Result<void>> readConfig(std::shared_ptr<State> s, Key key, std::stop_token stop);
    base::Result<void> count(const ImageNode &fetched);
    base::Result<ImageNode> node(const oci::Descriptor &descriptor);
};

OpenImage::OpenImage(content::TargetPtr target, oci::Reference reference, QObject *parent)
    : Operation(parent)
    , m_data(std::make_shared<State>())
{
    m_data->target = std::move(target);
    m_data->reference = std::move(reference);
    m_data->voice = voice();
}

const document::ImageTree &OpenImage::tree() const { return m_data->tree; }
const oci::Reference &OpenImage::reference() const { return m_data->reference; }
const content::ServerFields &OpenImage::serverFields() const { return m_data->serverFields; }

base::Task<base::Result<void>> OpenImage::run(std::stop_token stop) { return State::open(m_data, std::move(stop)); }

base::Task<base::Result<void>> OpenImage::State::open(std::shared_ptr<State> s, std::stop_token stop)
{
    const QString operation = OpenImage::tr("open %1").arg(s->reference.toString());
    const auto failed = [operation](const base::Error &error) {
        return base::fail(error.withOperation(operation).onSide(base::Side::Source));
    };
    s->voice->activity(OpenImage::tr("Resolving %1…").arg(s->reference.toString()));
    base::Result<oci::Descriptor> resolved = co_await s->target->resolve(s->reference.identifier(), stop);
    if (!resolved)
        co_return failed(resolved.error());
    const oci::Descriptor &root = *resolved;
    if (!isRead(root) && !root.mediaType.isSchema1())
        co_return failed(base::fail(base::ErrorKind::Usage,
                                    OpenImage::tr("%1 is of type \"%2\": neither an image manifest nor an index.")
                                        .arg(s->reference.toString(), base::visible(root.mediaType.toString(), 256)))
                             .error());

    s->voice->activity(OpenImage::tr("Reading %1…").arg(s->reference.toString()));
    base::Result<QByteArray> bytes = co_await s->target->fetchManifest(root, stop);
    if (!bytes)
        co_return failed(bytes.error());
    // What is wrong with a child is said in its place; without a root there is nothing to show.
    base::Result<ImageNode> top = ImageNode::read(root, *bytes);
    if (top && root.mediaType.isSchema1()) {
        const base::Result<oci::Manifest> refused = oci::Manifest::parse(*bytes, root.mediaType);
        if (!refused)
            top = base::fail(refused.error());
    }
    if (!top)
        co_return failed(top.error());
    s->read.insert(keyOf(root), *top);
    if (auto counted = s->count(*top); !counted)
        co_return failed(counted.error());

    base::Result<void> children = co_await readChildren(s, root, stop);
    if (!children)
        co_return failed(children.error());
    base::Result<void> configs = co_await readConfigs(s, stop);
    if (!configs)
        co_return failed(configs.error());

    // Known by now; only what is said of the registry depends on it.
    base::Result<content::ServerFields> server = co_await s->target->serverFields(stop);
    if (stop.stop_requested())
        co_return failed(base::cancelled().error());
    s->serverFields = server.value_or(content::ServerFields());

    s->parts = 0;
    base::Result<ImageNode> built = s->node(root);
    if (!built)
        co_return failed(built.error());
    s->tree = document::ImageTree(std::move(*built));
    s->reference = s->reference.withDigest(root.digest);
    s->read.clear();
    co_return base::Result<void>();
}

// Level by level, each distinct manifest once.
base::Task<base::Result<void>> OpenImage::State::readChildren(std::shared_ptr<State> s, oci::Descriptor root,
                                                              std::stop_token stop)
{
    QList<oci::Descriptor> level{root};
    for (int depth = 0; !level.isEmpty(); ++depth) {
        QList<oci::Descriptor> next;
        QSet<Key> seen;
        for (const oci::Descriptor &parent : std::as_const(level)) {
            const ImageNode &fetched = s->read[keyOf(parent)];
            if (!fetched.index)
                continue;
            for (const oci::Descriptor &entry : fetched.index->manifests()) {
                const Key key = keyOf(entry);
                if (!isRead(entry) || s->read.contains(key) || seen.contains(key))
                    continue;
                seen.insert(key);
                next.append(entry);
            }
        }
        if (!next.isEmpty() && depth >= limits::indexDepth)
            co_return base::fail(base::ErrorKind::TooLarge,
                                 OpenImage::tr("Indexes are nested more than %1 deep.").arg(limits::indexDepth));
        s->begun = 0;
        const auto job = [s, next](int i, std::stop_token each) {
            s->voice->activity(
                OpenImage::tr("Reading %1 (%2 of %3)…").arg(nameOf(next.at(i))).arg(++s->begun).arg(next.size()));
            return readEntry(s, next.at(i), std::move(each));
        };
        base::Result<void> done = co_await base::forEachLimited(static_cast<int>(next.size()), readLanes, job, stop);
        if (!done)
            co_return done;
        level = next;
    }
    co_return base::Result<void>();
}

base::Task<base::Result<void>> OpenImage::State::readEntry(std::shared_ptr<State> s, oci::Descriptor entry,
                                                           std::stop_token stop)
{
    base::Result<QByteArray> bytes = co_await s->target->fetchManifest(entry, stop);
    ImageNode fetched;
    if (bytes) {
        base::Result<ImageNode> read = ImageNode::read(entry, *bytes);
        if (read)
            fetched = std::move(*read);
        else
            fetched.missing = read.error().message;
    } else if (bytes.error().kind == base::ErrorKind::NotFound) {
        fetched.missing = OpenImage::tr("%1 is in the index, but not in the registry.").arg(entry.digest.toString());
    } else {
        co_return base::fail(bytes.error());
    }
    base::Result<void> counted = s->count(fetched);
    s->read.insert(keyOf(entry), fetched);
    co_return counted;
}

base::Task<base::Result<void>> OpenImage::State::readConfigs(std::shared_ptr<State> s, std::stop_token stop)
{
    QList<Key> keys;
    for (auto it = s->read.cbegin(); it != s->read.cend(); ++it)
        if (it->role == ImageNode::Role::Image && isImageConfig(it->manifest->config().mediaType))
            keys.append(it.key());
    std::ranges::sort(keys);
    s->begun = 0;
    const auto job = [s, keys](int i, std::stop_token each) {
        s->voice->activity(OpenImage::tr("Reading configuration (%1 of %2)…").arg(++s->begun).arg(keys.size()));
        return readConfig(s, keys.at(i), std::move(each));
    };
    base::Result<void> done = co_await base::forEachLimited(static_cast<int>(keys.size()), readLanes, job, stop);
    co_return done;
}

base::Task<base::Result<void>> OpenImage::State::readConfig(std::shared_ptr<State> s, Key key, std::stop_token stop)
{
    const oci::Descriptor wanted = s->read[key].manifest->config();
    if (wanted.size > limits::config) {
        s->read[key].missing = OpenImage::tr("The configuration is too large to be read.");
        co_return base::Result<void>();
    }
    base::Result<content::ReaderPtr> reader = co_await s->target->openBlob(wanted, stop);
    base::Result<QByteArray> bytes;
    if (reader) {
        content::ReaderPtr open = std::move(*reader);
        bytes = co_await content::readAll(std::move(open), limits::config);
    } else {
        bytes = base::fail(reader.error());
    }
    if (!bytes && bytes.error().kind == base::ErrorKind::NotFound) {
        s->read[key].missing =
            OpenImage::tr("The configuration %1 is not in the registry.").arg(wanted.digest.toString());
        co_return base::Result<void>();
    }
    if (!bytes)
        co_return base::fail(bytes.error());
    base::Result<oci::ImageConfig> config = oci::ImageConfig::parse(*bytes);
    if (config)
        s->read[key].config = std::move(*config);
    else
        s->read[key].missing = config.error().message;
    co_return base::Result<void>();
}

base::Result<void> OpenImage::State::count(const ImageNode &fetched)
{
    qsizetype more = 1;
    if (fetched.index)
        more += fetched.index->manifests().size();
    if (fetched.manifest)
        more += 1 + fetched.manifest->layers().size();
    if (more > limits::descriptorsPerImage - parts)
        return tooMany();
    parts += static_cast<int>(more);
    return {};
}

// Counts again, by place: an index may name one child a thousand times.
base::Result<ImageNode> OpenImage::State::node(const oci::Descriptor &descriptor)
{
    ImageNode made;
    made.descriptor = descriptor;
    const auto found = read.constFind(keyOf(descriptor));
    if (!isRead(descriptor) || found == read.cend())
        return made;
    if (auto counted = count(*found); !counted)
        return base::fail(counted.error());
    const qint64 size = found->bytes().size();
    if (found->role == ImageNode::Role::Opaque || size != descriptor.size) {
        made.missing = found->missing;
        if (made.missing.isEmpty()) // another entry named the same digest with the right size
            made.missing = OpenImage::tr("The index gives %1 the size %2; it has %3 bytes.")
                               .arg(descriptor.digest.toString())
                               .arg(descriptor.size)
                               .arg(size);
        return made;
    }
    made = *found;
    made.descriptor = descriptor;
    made.children.clear();
    if (made.manifest)
        made.role = ImageNode::isAttestation(descriptor) ? ImageNode::Role::Attestation : ImageNode::Role::Image;
    if (!made.index)
        return made;
    for (const oci::Descriptor &entry : made.index->manifests()) {
        base::Result<ImageNode> child = node(entry);
        if (!child)
            return child;
        made.children.append(std::move(*child));
    }
    return made;
}

} // namespace colophon::transfer
