// SPDX-License-Identifier: Apache-2.0
#include "support/bigimage/bigimage.h"

#include "base/limits.h"
#include "support/await.h"

#include <cstdint>
#include <cstring>

namespace colophon::test {

namespace {

constexpr int patience = 300'000; // ms

// Numbers without a pattern (xorshift64*), the same every time: compressing or guessing gains nothing.
class MadeUpBytes final : public content::Reader
{
public:
    explicit MadeUpBytes(qint64 size)
        : m_left(size)
    {
    }
    QByteArray next()
    {
        QByteArray block(std::min(m_left, base::limits::block), Qt::Uninitialized);
        m_left -= block.size();
        for (qsizetype at = 0; at < block.size(); at += 8) {
            m_state ^= m_state >> 12;
            m_state ^= m_state << 25;
            m_state ^= m_state >> 27;
            const std::uint64_t number = m_state * 0x2545F4914F6CDD1DULL;
            std::memcpy(block.data() + at, &number, static_cast<size_t>(std::min<qsizetype>(8, block.size() - at)));
        }
        return block;
    }
    base::Task<base::Result<QByteArray>> read() override { co_return next(); }

private:
    qint64 m_left;
    std::uint64_t m_state = 0x9E3779B97F4A7C15ULL;
};

QString pushBytes(content::Target &target, const oci::Descriptor &what, content::ReaderPtr bytes)
{
    const auto done = await(target.pushBlob(what, std::move(bytes), {}, {}), patience);
    return done ? QString() : done.error().text();
}

} // namespace

BigImage::BigImage(qint64 layerBytes)
{
    oci::Hasher hasher;
    MadeUpBytes bytes(layerBytes);
    for (QByteArray block = bytes.next(); !block.isEmpty(); block = bytes.next())
        hasher.add(block);
    m_layer.mediaType = *oci::MediaType::ociLayerTar().pair();
    m_layer.digest = hasher.finish();
    m_layer.size = layerBytes;
}

QString BigImage::pushLayer(content::Connector &connector, const oci::Reference &vendor) const
{
    return pushBytes(*connector.target(vendor), m_layer, std::make_unique<MadeUpBytes>(m_layer.size));
}

QString BigImage::pushImage(content::Connector &connector, const oci::Reference &image,
                            const oci::Reference &vendor) const
{
    const content::TargetPtr target = connector.target(image);
    const QByteArray config =
        R"({"architecture":"amd64","os":"linux","config":{},"rootfs":{"type":"layers","diff_ids":[")" +
        m_layer.digest.toLatin1() + R"("]}})";
    const oci::Descriptor configured = oci::Descriptor::of(oci::MediaType::ociConfig(), config);
    if (QString failed = pushBytes(*target, configured, content::readerOf(config)); !failed.isEmpty())
        return failed;
    const QByteArray manifest =
        R"({"schemaVersion":2,"mediaType":")" + oci::MediaType::ociManifest().toString().toLatin1() +
        R"(","config":{"mediaType":")" + configured.mediaType.toString().toLatin1() + R"(","digest":")" +
        configured.digest.toLatin1() + R"(","size":)" + QByteArray::number(configured.size) +
        R"(},"layers":[{"mediaType":")" + m_layer.mediaType.toString().toLatin1() + R"(","digest":")" +
        m_layer.digest.toLatin1() + R"(","size":)" + QByteArray::number(m_layer.size) + R"(,"urls":[")" +
        connector.target(vendor)->blobAddress(m_layer.digest).toLatin1() + R"("]}]})";
    const oci::Descriptor described = oci::Descriptor::of(oci::MediaType::ociManifest(), manifest);
    const auto tagged = await(target->tag(described, manifest, image.tag(), {}), patience);
    return tagged ? QString() : tagged.error().text();
}

} // namespace colophon::test
