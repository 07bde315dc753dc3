// SPDX-License-Identifier: Apache-2.0
#include "transfer/saveblob.h"

#include "base/bytesize.h"
#include "base/limits.h"
#include "base/plaintext.h"
#include "transfer/partfile.h"

#include <QFileInfo>
#include <QUrl>

namespace colophon::transfer {

namespace {
using base::ErrorKind;
using base::Side;
} // namespace

struct SaveBlob::State
{
    using Shared = std::shared_ptr<State>;

    Request request;
    VoicePtr voice;
    std::shared_ptr<PartFile> part;
    qint64 resumedAt = 0;
    QString cameFrom;

    qint64 size() const { return request.layer.size; }
    QString what() const { return SaveBlob::tr("save blob %1").arg(request.layer.digest.shortForm()); }
    base::Result<void> checkRequest() const;
    // Nothing of it is kept; an empty part goes with its PartFile.
    base::Error wrongContent(const QString &why);

    static base::Task<base::Result<void>> save(Shared s, std::stop_token stop);
    static base::Task<base::Result<void>> checkPart(Shared s, std::stop_token stop);
    static base::Task<base::Result<void>> fetch(Shared s, std::stop_token stop);
    // From one place: the registry, or an address. What it gave stands in the part, also when it fails.
    static base::Task<base::Result<void>> fetchFrom(Shared s, QString address, std::stop_token stop);
    static base::Task<base::Result<void>> take(Shared s, content::Tail tail, std::stop_token stop);
};

SaveBlob::SaveBlob(Request request, QObject *parent)
    : Operation(parent)
    , m_data(std::make_shared<State>())
{
    m_data->request = std::move(request);
    m_data->voice = voice();
}

qint64 SaveBlob::resumedAt() const { return m_data->resumedAt; }
QString SaveBlob::cameFrom() const { return m_data->cameFrom; }

base::Task<base::Result<void>> SaveBlob::run(std::stop_token stop) { return State::save(m_data, std::move(stop)); }

base::Result<void> SaveBlob::State::checkRequest() const
{
    if (request.layer.digest.isNull() || size() < 0)
        return base::fail(ErrorKind::Usage, SaveBlob::tr("A blob without a digest or a size cannot be saved."));
    if (size() > base::limits::blob)
        return base::fail(
            ErrorKind::TooLarge,
            SaveBlob::tr("The blob claims to have %1, more than is accepted here.").arg(base::humanSize(size())));
    const QFileInfo there(request.file);
    if (there.isDir())
        return base::fail(ErrorKind::Usage, SaveBlob::tr("%1 is a folder.").arg(base::visible(request.file, 500)),
                          SaveBlob::tr("Name a file in it."));
    if (!request.replace && (there.exists() || there.isSymLink()))
        return base::fail(ErrorKind::Failed, SaveBlob::tr("%1 is there already.").arg(base::visible(request.file, 500)),
                          SaveBlob::tr("Choose another file, or let it be replaced."));
    return {};
}

base::Error SaveBlob::State::wrongContent(const QString &why)
{
    const QString name = base::visible(partOf(request.file), 500);
    const QString hint = resumedAt > 0
                             ? SaveBlob::tr("Some of it was from an earlier attempt, and may have been the reason. %1 "
                                            "has been removed: try again.")
                                   .arg(name)
                             : SaveBlob::tr("%1 has been removed.").arg(name);
    resumedAt = 0;
    base::Error error;
    error.kind = ErrorKind::InvalidData;
    error.side = Side::Source;
    error.message = why;
    error.hint = hint;
    if (auto cleared = part->clear(); !cleared)
        return cleared.error();
    return error;
}

base::Task<base::Result<void>> SaveBlob::State::save(Shared s, std::stop_token stop)
{
    if (auto fine = s->checkRequest(); !fine)
        co_return base::fail(fine.error().withOperation(s->what()));
    auto part = PartFile::open(s->request.file, s->request.layer.digest.algorithm());
    if (!part)
        co_return base::fail(part.error().withOperation(s->what()));
    s->part = *part;
    auto checked = co_await checkPart(s, stop);
    if (!checked)
        co_return base::fail(checked.error().withOperation(s->what()));
    if (s->part->size() < s->size() || s->resumedAt == 0) {
        auto fetched = co_await fetch(s, stop);
        if (!fetched)
            co_return base::fail(fetched.error().withOperation(s->what()));
    }
    s->voice->activity(SaveBlob::tr("Writing it to the disk…"));
    auto published = co_await PartFile::publish(s->part, s->request.replace);
    if (!published)
        co_return base::fail(published.error().withOperation(s->what()));
    s->voice->progress(s->size(), s->size());
    co_return base::Result<void>{};
}

// What an earlier attempt has left: of use as a beginning, or as the whole.
base::Task<base::Result<void>> SaveBlob::State::checkPart(Shared s, std::stop_token stop)
{
    const qint64 there = s->part->size();
    if (there > s->size()) {
        base::Result<void> cleared = s->part->clear();
        co_return cleared;
    }
    if (there == 0)
        co_return base::Result<void>{};
    s->voice->activity(SaveBlob::tr("Reading what is here already…"));
    const VoicePtr voice = s->voice;
    const qint64 total = s->size();
    auto progress = [voice, total](qint64 bytes) { voice->progress(bytes, total); };
    auto checked = co_await PartFile::check(s->part, progress, stop);
    if (!checked)
        co_return base::fail(checked.error());
    s->resumedAt = there;
    if (there == total && s->part->finish() != s->request.layer.digest) {
        s->resumedAt = 0;
        base::Result<void> cleared = s->part->clear();
        co_return cleared;
    }
    co_return base::Result<void>{};
}

base::Task<base::Result<void>> SaveBlob::State::fetch(Shared s, std::stop_token stop)
{
    // The registry first, also for a layer that says it lies elsewhere: there it is signed for by the same hand.
    QStringList places{QString()};
    if (s->request.urls)
        places += s->request.layer.urls;
    base::Error telling;
    QStringList failures;
    std::optional<base::Error::Confined> confined;
    for (const QString &place : std::as_const(places)) {
        auto fetched = co_await fetchFrom(s, place, stop);
        if (fetched)
            co_return base::Result<void>{};
        if (stop.stop_requested())
            co_return base::cancelled();
        const base::Error &error = fetched.error();
        if (error.side != Side::Source || places.size() == 1) // our own disk, or there is nobody else to ask
            co_return base::fail(error);
        if (failures.isEmpty() || telling.kind == ErrorKind::NotFound) // that it is nowhere, all must say
            telling = error;
        failures.append(error.message);
        if (error.confined)
            confined = error.confined;
    }
    base::Error error;
    error.kind = telling.kind;
    error.confined = confined;
    error.side = Side::Source;
    error.message = SaveBlob::tr("The blob could be had neither from %1 nor from the layer's addresses: %2")
                        .arg(s->request.source->registry(), failures.join(QLatin1Char(' ')));
    if (s->part->size() > 0)
        error.hint = SaveBlob::tr("Try again: it goes on where it stopped.");
    co_return base::fail(error);
}

base::Task<base::Result<void>> SaveBlob::State::fetchFrom(Shared s, QString address, std::stop_token stop)
{
    const qint64 offset = s->part->size();
    s->cameFrom = address.isEmpty() ? s->request.source->registry() + QLatin1Char('/') + s->request.source->repository()
                                    : QUrl(address).host();
    s->voice->activity(SaveBlob::tr("Fetching from %1…").arg(base::visible(s->cameFrom)));
    base::Result<content::Tail> opened;
    if (address.isEmpty())
        opened = co_await s->request.source->openBlobFrom(s->request.layer, offset, stop);
    else
        opened = co_await s->request.urls->openFrom(address, s->request.layer, offset, stop);
    if (!opened)
        co_return base::fail(opened.error().onSide(Side::Source));
    content::Tail tail = std::move(*opened);
    auto taken = co_await take(s, std::move(tail), stop);
    co_return taken;
}

base::Task<base::Result<void>> SaveBlob::State::take(Shared s, content::Tail tail, std::stop_token stop)
{
    if (tail.startsAt != s->part->size()) { // it begins anew
        s->resumedAt = 0;
        if (auto cleared = s->part->clear(); !cleared)
            co_return base::fail(cleared.error());
    }
    for (;;) {
        base::Result<QByteArray> block = co_await tail.bytes->read();
        if (stop.stop_requested())
            co_return base::cancelled();
        if (!block) {
            base::Error error = block.error().onSide(Side::Source);
            if (error.kind == ErrorKind::InvalidData) {
                const base::Error wrong = s->wrongContent(error.message);
                co_return base::fail(wrong);
            }
            if (error.hint.isEmpty() || error.kind == ErrorKind::Network)
                error.hint = SaveBlob::tr("Try again: it goes on after %1.").arg(base::humanSize(s->part->size()));
            co_return base::fail(error);
        }
        if (s->part->size() + block->size() > s->size()) {
            const QString why = SaveBlob::tr("What came is longer than the %1 bytes of the blob.").arg(s->size());
            const base::Error wrong = s->wrongContent(why);
            co_return base::fail(wrong);
        }
        if (block->isEmpty())
            break;
        if (auto added = s->part->add(*block); !added)
            co_return base::fail(added.error());
        s->voice->progress(s->part->size(), s->size());
    }
    if (s->part->size() < s->size()) {
        base::Error error;
        error.kind = ErrorKind::Network;
        error.side = Side::Source;
        error.message = SaveBlob::tr("It ended after %1 of %2 bytes.").arg(s->part->size()).arg(s->size());
        error.hint = SaveBlob::tr("Try again: it goes on where it stopped.");
        co_return base::fail(error);
    }
    const oci::Digest actual = s->part->finish();
    if (actual != s->request.layer.digest) {
        const QString why = SaveBlob::tr("What came is not what its digest says: expected %1, got %2.")
                                .arg(s->request.layer.digest.toString(), actual.toString());
        const base::Error wrong = s->wrongContent(why);
        co_return base::fail(wrong);
    }
    co_return base::Result<void>{};
}

} // namespace colophon::transfer
