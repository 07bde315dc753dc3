// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the tests of the transport share: requests in one line, and bodies that are made as they are read.

#include "base/limits.h"
#include "registry/http/transport.h"
#include "support/await.h"
#include "support/faultserver/faultserver.h"

#include <QTest>

namespace colophon::test {

// So many 'x', never all in memory; counts how much was asked for.
class FillerReader final : public content::Reader
{
public:
    explicit FillerReader(qint64 size, qint64 *given = nullptr)
        : m_left(size)
        , m_given(given)
    {
    }

    base::Task<base::Result<QByteArray>> read() override
    {
        const QByteArray block(std::min<qint64>(m_left, base::limits::block), 'x');
        m_left -= block.size();
        if (m_given)
            *m_given += block.size();
        co_return block;
    }

private:
    qint64 m_left;
    qint64 *m_given;
};

inline registry::http::Request request(const QByteArray &method, const QUrl &url)
{
    registry::http::Request made;
    made.method = method;
    made.url = url;
    return made;
}

inline registry::http::Request upload(const QByteArray &method, const QUrl &url, qint64 size, qint64 *given = nullptr)
{
    registry::http::Request made = request(method, url);
    made.body = std::make_unique<FillerReader>(size, given);
    made.bodyLength = size;
    return made;
}

// The whole body of an answer; the error's text in its place where it failed.
inline QByteArray bodyText(registry::http::Response &response)
{
    const auto body = await(content::readAll(std::move(response.body), 100 * base::limits::MiB));
    return body ? *body : "error: " + body.error().message.toUtf8();
}

// Reads to the end and forgets; the number of bytes.
inline base::Task<base::Result<qint64>> drain(content::ReaderPtr reader)
{
    qint64 size = 0;
    while (true) {
        base::Result<QByteArray> block = co_await reader->read();
        if (!block)
            co_return base::fail(std::move(block.error()));
        if (block->isEmpty())
            co_return size;
        size += block->size();
    }
}

} // namespace colophon::test

// The value of a Result, or the test ends with the error's text.
#define COLOPHON_REQUIRE(result) QVERIFY2((result).has_value(), (result) ? "" : qPrintable((result).error().text()))
