// SPDX-License-Identifier: Apache-2.0
#include "content/reader.h"

#include "base/bytesize.h"
#include "base/limits.h"

#include <QCoreApplication>

namespace colophon::content {

namespace {
namespace limits = base::limits;

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(content)
};

class ReopenableReader final : public Reader
{
public:
    using Again = std::function<base::Task<base::Result<ReaderPtr>>(std::stop_token)>;
    ReopenableReader(ReaderPtr inner, Again again)
        : m_inner(std::move(inner))
        , m_again(std::move(again))
    {
    }

    base::Task<base::Result<QByteArray>> read() override { return m_inner->read(); }
    base::Task<base::Result<ReaderPtr>> reopened(std::stop_token stop) override { return m_again(std::move(stop)); }

private:
    ReaderPtr m_inner;
    Again m_again;
};

class ArrayReader final : public Reader
{
public:
    explicit ArrayReader(QByteArray bytes)
        : m_bytes(std::move(bytes))
    {
    }

    base::Task<base::Result<QByteArray>> read() override
    {
        // The common case, one block, shares the array instead of copying it.
        QByteArray block =
            m_position == 0 && m_bytes.size() <= limits::block ? m_bytes : m_bytes.mid(m_position, limits::block);
        if (m_position == m_bytes.size())
            block.clear();
        m_position += block.size();
        co_return block;
    }

    base::Task<base::Result<ReaderPtr>> reopened(std::stop_token) override { co_return readerOf(m_bytes); }

private:
    QByteArray m_bytes;
    qsizetype m_position = 0;
};

class VerifiedReader final : public Reader
{
public:
    VerifiedReader(ReaderPtr inner, oci::Descriptor expected, QString what)
        : m_inner(std::move(inner))
        , m_expected(std::move(expected))
        , m_what(std::move(what))
        , m_hasher(m_expected.digest.isNull() ? oci::Digest::Algorithm::Sha256 : m_expected.digest.algorithm())
    {
    }

    base::Task<base::Result<QByteArray>> read() override
    {
        if (m_failure)
            co_return base::fail(*m_failure);
        base::Result<QByteArray> block = co_await m_inner->read();
        if (!block)
            co_return failed(block.error());
        m_count += block->size();
        const qint64 longest = isSizeKnown() ? m_expected.size : limits::blob;
        if (m_count > longest)
            co_return failed(tooLong(longest));
        if (!m_isFinished)
            m_hasher.add(*block);
        // The digest is settled before the last block is handed on: whoever stops after the expected number of bytes
        // has not used anything unverified either.
        const bool isLast = block->isEmpty() || (isSizeKnown() && m_count == m_expected.size);
        if (isLast && !m_isFinished) {
            m_isFinished = true;
            if (isSizeKnown() && m_count < m_expected.size)
                co_return failed(tooShort());
            const oci::Digest actual = m_hasher.finish();
            if (m_expected.digest.isNull() || actual != m_expected.digest)
                co_return failed(otherContent(actual));
        }
        co_return block;
    }

    base::Task<base::Result<ReaderPtr>> reopened(std::stop_token stop) override
    {
        base::Result<ReaderPtr> inner = co_await m_inner->reopened(std::move(stop));
        if (!inner)
            co_return base::fail(inner.error());
        if (!*inner)
            co_return ReaderPtr();
        co_return verified(std::move(*inner), m_expected, m_what);
    }

private:
    bool isSizeKnown() const { return m_expected.size >= 0; }

    std::unexpected<base::Error> failed(base::Error error)
    {
        m_failure = std::move(error);
        return base::fail(*m_failure);
    }
    base::Error tooLong(qint64 longest) const
    {
        return base::fail(isSizeKnown() ? base::ErrorKind::InvalidData : base::ErrorKind::TooLarge,
                          Text::tr("%1 is longer than the %2 bytes it should have.").arg(m_what).arg(longest))
            .error();
    }
    base::Error tooShort() const
    {
        return base::fail(base::ErrorKind::InvalidData,
                          Text::tr("%1 ends after %2 of %3 bytes.").arg(m_what).arg(m_count).arg(m_expected.size))
            .error();
    }
    base::Error otherContent(const oci::Digest &actual) const
    {
        return base::fail(base::ErrorKind::InvalidData,
                          Text::tr("%1 is not what its digest says: expected %2, got %3.")
                              .arg(m_what, m_expected.digest.toString(), actual.toString()))
            .error();
    }

    ReaderPtr m_inner;
    oci::Descriptor m_expected;
    QString m_what;
    oci::Hasher m_hasher;
    qint64 m_count = 0;
    bool m_isFinished = false;
    std::optional<base::Error> m_failure;
};
} // namespace

base::Task<base::Result<ReaderPtr>> Reader::reopened(std::stop_token) { co_return ReaderPtr(); }

ReaderPtr reopenable(ReaderPtr reader, std::function<base::Task<base::Result<ReaderPtr>>(std::stop_token)> again)
{
    return std::make_unique<ReopenableReader>(std::move(reader), std::move(again));
}

ReaderPtr readerOf(QByteArray bytes) { return std::make_unique<ArrayReader>(std::move(bytes)); }

ReaderPtr verified(ReaderPtr inner, oci::Descriptor expected, QString what)
{
    return std::make_unique<VerifiedReader>(std::move(inner), std::move(expected), std::move(what));
}

base::Task<base::Result<Tail>> fromItsStart(base::Task<base::Result<ReaderPtr>> opening)
{
    base::Result<ReaderPtr> opened = co_await opening;
    if (!opened)
        co_return base::fail(opened.error());
    Tail tail;
    tail.bytes = std::move(*opened);
    co_return std::move(tail);
}

base::Task<base::Result<QByteArray>> readAll(ReaderPtr reader, qint64 longest)
{
    QByteArray all;
    for (;;) {
        base::Result<QByteArray> block = co_await reader->read();
        if (!block)
            co_return base::fail(block.error());
        if (block->isEmpty())
            co_return all;
        if (all.size() + block->size() > longest)
            co_return base::fail(
                base::ErrorKind::TooLarge,
                Text::tr("There is more than the %1 that are accepted here.").arg(base::humanSize(longest)));
        if (all.isEmpty())
            all = std::move(*block);
        else
            all += *block;
    }
}

} // namespace colophon::content
