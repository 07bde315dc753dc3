// SPDX-License-Identifier: Apache-2.0
#include "content/resumingreader.h"

#include "base/limits.h"

namespace colophon::content {

namespace {

bool mayGoOn(const base::Error &error)
{
    return error.kind == base::ErrorKind::Network || error.kind == base::ErrorKind::Timeout;
}

class ResumingReader final : public Reader
{
public:
    ResumingReader(ReaderPtr first, OpenRest rest, std::stop_token stop, int most)
        : m_first(std::move(first))
        , m_rest(std::move(rest))
        , m_stop(std::move(stop))
        , m_most(most)
    {
    }

    base::Task<base::Result<QByteArray>> read() override
    {
        for (;;) {
            base::Result<QByteArray> block = co_await current().read();
            if (block) {
                const qint64 known = std::min<qint64>(block->size(), m_passOver);
                m_passOver -= known;
                if (known > 0 && known == block->size())
                    continue; // read before the stream broke off
                if (known > 0)
                    *block = block->sliced(known);
                m_offset += block->size();
                m_sinceFailure += block->size();
                co_return block;
            }
            if (!mayGoOn(block.error()) || m_stop.stop_requested())
                co_return block;
            if (m_sinceFailure >= base::limits::block)
                m_failures = 0;
            m_sinceFailure = 0;
            if (++m_failures > m_most)
                co_return block;
            m_again.reset(); // its connection is of no use any more
            base::Result<Tail> tail = co_await m_rest(m_offset, m_stop);
            if (!tail)
                co_return base::fail(tail.error());
            m_again = std::move(tail->bytes);
            m_passOver = m_offset - tail->startsAt;
        }
    }

    base::Task<base::Result<ReaderPtr>> reopened(std::stop_token stop) override
    {
        return m_first->reopened(std::move(stop));
    }

private:
    Reader &current() { return m_again ? *m_again : *m_first; }

    ReaderPtr m_first; // kept, for it knows how the whole is opened again
    ReaderPtr m_again;
    OpenRest m_rest;
    std::stop_token m_stop;
    int m_most;
    int m_failures = 0; // in a row
    qint64 m_offset = 0;
    qint64 m_sinceFailure = 0;
    qint64 m_passOver = 0; // bytes of the present stream that were handed on before
};

} // namespace

ReaderPtr resuming(ReaderPtr first, OpenRest rest, std::stop_token stop, int most)
{
    return std::make_unique<ResumingReader>(std::move(first), std::move(rest), std::move(stop), most);
}

} // namespace colophon::content
