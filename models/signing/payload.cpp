// SPDX-License-Identifier: Apache-2.0
#include "signing/payload.h"

#include "base/bytesize.h"
#include "base/limits.h"

#include <QCoreApplication>

namespace colophon::signing {

namespace {
using base::ErrorKind;
using base::Result;
using base::Task;

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(signing)
};
} // namespace

Task<Result<void>> pushIfMissing(content::TargetPtr target, oci::Descriptor content, QByteArray bytes,
                                 std::stop_token stop)
{
    const Result<bool> isThere = co_await target->hasBlob(content, stop);
    if (!isThere)
        co_return base::fail(isThere.error());
    if (*isThere)
        co_return Result<void>();
    content::ReaderPtr reader = content::readerOf(std::move(bytes));
    const content::Progress silent;
    Result<void> pushed = co_await target->pushBlob(content, std::move(reader), silent, stop);
    co_return pushed;
}

Task<Result<QByteArray>> fetchPayload(content::TargetPtr target, oci::Descriptor content, QString what,
                                      std::stop_token stop)
{
    constexpr qint64 longest = base::limits::signaturePayload;
    if (content.size > longest)
        co_return base::fail(ErrorKind::TooLarge,
                             Text::tr("%1 is larger than the %2 that are read.").arg(what, base::humanSize(longest)));
    Result<content::ReaderPtr> reader = co_await target->openBlob(content, stop);
    if (!reader && isAboutContent(reader.error().kind))
        co_return base::fail(reader.error().kind, Text::tr("%1 cannot be read: %2").arg(what, reader.error().message));
    if (!reader)
        co_return base::fail(reader.error());
    content::ReaderPtr checked = content::verified(std::move(*reader), content, what);
    Result<QByteArray> bytes = co_await content::readAll(std::move(checked), longest);
    co_return bytes;
}

bool isAboutContent(ErrorKind kind)
{
    return kind == ErrorKind::NotFound || kind == ErrorKind::InvalidData || kind == ErrorKind::TooLarge;
}

Task<Result<content::EveryReferrer>> referrersToVerify(content::TargetPtr target, oci::Digest subject,
                                                       std::stop_token stop)
{
    Result<content::EveryReferrer> listed = co_await content::everyReferrer(target, subject, stop);
    if (listed || !isAboutContent(listed.error().kind))
        co_return listed;
    content::EveryReferrer none;
    none.excess = listed.error();
    co_return none;
}

} // namespace colophon::signing
