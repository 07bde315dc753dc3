// SPDX-License-Identifier: Apache-2.0
#include "support/faketarget/fakeurls.h"

#include "support/faketarget/faketarget.h"

namespace colophon::test {

using Verdict = content::UrlProbe::Verdict;

void FakeUrls::answer(const QString &url, Verdict verdict, int httpStatus)
{
    content::UrlProbe probe;
    probe.url = url;
    probe.verdict = verdict;
    probe.httpStatus = httpStatus;
    probe.reason = QStringLiteral("It answers %1.").arg(httpStatus);
    m_answers.insert(url, probe);
}

void FakeUrls::asked(const QString &line)
{
    m_journal.append(line);
    if (m_observer)
        m_observer(line);
}

base::Task<base::Result<content::UrlProbe>> FakeUrls::probe(QString url, oci::Descriptor layer, bool whole,
                                                            std::stop_token stop)
{
    asked(QLatin1String("PROBE ") + url);
    if (url == m_hanging)
        co_await stopped(stop);
    if (stop.stop_requested())
        co_return base::cancelled();
    if (m_answers.contains(url))
        co_return m_answers.value(url);
    content::UrlProbe probe;
    probe.url = url;
    const auto found = m_served.constFind(url);
    if (found == m_served.cend()) {
        probe.verdict = Verdict::NotFound;
        probe.httpStatus = 404;
        probe.reason = QStringLiteral("It answers 404.");
        co_return probe;
    }
    probe.httpStatus = 206;
    probe.size = found->size();
    if (whole)
        probe.digest = oci::Digest::of(*found);
    if (probe.size != layer.size)
        probe.verdict = Verdict::WrongSize;
    else if (whole && probe.digest != layer.digest)
        probe.verdict = Verdict::WrongDigest;
    else
        probe.verdict = Verdict::Reachable;
    probe.reason = QStringLiteral("It has %1 bytes.").arg(probe.size);
    co_return probe;
}

base::Task<base::Result<content::ReaderPtr>> FakeUrls::open(QString url, oci::Descriptor layer, std::stop_token stop)
{
    asked(QLatin1String("GET ") + url);
    if (stop.stop_requested())
        co_return base::cancelled();
    const auto found = m_served.constFind(url);
    if (found == m_served.cend())
        co_return base::fail(base::ErrorKind::NotFound, QStringLiteral("%1 answers 404.").arg(url));
    content::ReaderPtr reader = content::verified(content::readerOf(*found), layer, url);
    co_return std::move(reader);
}

} // namespace colophon::test
