// SPDX-License-Identifier: Apache-2.0
#include "content/readonce.h"

#include "base/bytesize.h"
#include "base/limits.h"

#include <QCoreApplication>
#include <QHash>
#include <QSet>

#include <functional>

namespace colophon::content {

namespace {
namespace limits = base::limits;
using base::ErrorKind;
using base::Result;
using base::Task;

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(content)
};

// What was answered by what was asked; and who waits for an answer that is on its way to somebody else.
template <class T>
struct Answers
{
    QHash<QString, Result<T>> known;
    QHash<QString, std::vector<std::shared_ptr<base::Event>>> waiting;
    qint64 bytes = 0; // of what is known, of manifests and blobs

    void keep(const QString &key, const Result<T> &answer)
    {
        if constexpr (std::is_same_v<T, QByteArray>) {
            const qint64 more = answer ? answer->size() : 0;
            if (bytes + more > limits::attached) { // as much as one look needs, however many there are
                known.clear();
                bytes = 0;
            }
            bytes += more;
        }
        known.insert(key, answer);
    }
};

// As against a way that may be open the next time.
bool isAnswer(ErrorKind kind)
{
    return kind == ErrorKind::NotFound || kind == ErrorKind::InvalidData || kind == ErrorKind::TooLarge;
}

QString keyOf(const oci::Descriptor &wanted)
{
    return QStringLiteral("%1 %2 %3").arg(wanted.digest.toString(), wanted.mediaType.toString()).arg(wanted.size);
}
} // namespace

// What was read, for all who look.
struct ReadOnce::Known
{
    Answers<oci::Descriptor> names;
    Answers<Referrers> lists;
    Answers<QByteArray> manifests;
    Answers<QByteArray> blobs;
};

// What one of them has read.
struct ReadOnce::State
{
    std::shared_ptr<Known> known;
    QSet<QString> taken; // of the manifests and blobs
    qint64 bytes = 0;
    std::optional<base::Error> excess;

    // Room for one more part; none is needed for what it has read already. What others have read counts as well, so
    // that it depends on nobody else what is too much.
    Result<void> take(const oci::Descriptor &wanted);
    static Task<Result<QByteArray>> readManifest(std::shared_ptr<State> s, TargetPtr target, oci::Descriptor wanted,
                                                 std::stop_token stop);
    static Task<Result<ReaderPtr>> open(std::shared_ptr<State> s, TargetPtr target, oci::Descriptor wanted,
                                        std::stop_token stop);
};

namespace {
// What is known, or what `ask` says; it is not asked twice at the same time.
template <class T>
Task<Result<T>> once(std::shared_ptr<Answers<T>> answers, QString key,
                     std::function<Task<Result<T>>(std::stop_token)> ask, std::stop_token stop)
{
    while (answers->waiting.contains(key)) {
        const auto woken = std::make_shared<base::Event>();
        answers->waiting[key].push_back(woken);
        const std::stop_callback wake(stop, [woken] { woken->notify(); });
        if (!stop.stop_requested())
            co_await *woken;
        if (stop.stop_requested())
            co_return base::cancelled();
    }
    if (const auto found = answers->known.constFind(key); found != answers->known.cend()) {
        Result<T> copy = *found;
        co_return copy;
    }
    answers->waiting.insert(key, {});
    Result<T> answer = co_await ask(stop);
    if (answer || isAnswer(answer.error().kind))
        answers->keep(key, answer);
    const auto waiting = answers->waiting.take(key);
    for (const auto &each : waiting)
        each->notify();
    co_return answer;
}

Task<Result<QByteArray>> readBlob(TargetPtr target, oci::Descriptor wanted, std::stop_token stop)
{
    Result<ReaderPtr> reader = co_await target->openBlob(wanted, stop);
    if (!reader)
        co_return base::fail(reader.error());
    ReaderPtr checked = std::move(*reader);
    co_return co_await readAll(std::move(checked), limits::signaturePayload);
}
} // namespace

Result<void> ReadOnce::State::take(const oci::Descriptor &wanted)
{
    const QString key = keyOf(wanted);
    if (taken.contains(key))
        return {};
    const qint64 most = wanted.size < 0 ? limits::manifest : wanted.size;
    if (taken.size() >= limits::attachedParts || bytes + most > limits::attached) {
        excess = base::fail(ErrorKind::TooLarge,
                            Text::tr("There is more attached to this image than is read: %1, or %2 parts.")
                                .arg(base::humanSize(limits::attached))
                                .arg(limits::attachedParts))
                     .error();
        return base::fail(*excess);
    }
    taken.insert(key);
    bytes += most;
    return {};
}

Task<Result<QByteArray>> ReadOnce::State::readManifest(std::shared_ptr<State> s, TargetPtr target,
                                                       oci::Descriptor wanted, std::stop_token stop)
{
    if (const Result<void> room = s->take(wanted); !room)
        co_return base::fail(room.error());
    const std::shared_ptr<Answers<QByteArray>> answers(s->known, &s->known->manifests);
    const QString key = keyOf(wanted);
    const std::function ask = [target, wanted](std::stop_token each) {
        return target->fetchManifest(wanted, std::move(each));
    };
    co_return co_await once(answers, key, ask, stop);
}

Task<Result<ReaderPtr>> ReadOnce::State::open(std::shared_ptr<State> s, TargetPtr target, oci::Descriptor wanted,
                                              std::stop_token stop)
{
    if (const Result<void> room = s->take(wanted); !room)
        co_return base::fail(room.error());
    if (wanted.size < 0 || wanted.size > limits::signaturePayload) // too large to be kept
        co_return co_await target->openBlob(wanted, stop);
    const std::shared_ptr<Answers<QByteArray>> answers(s->known, &s->known->blobs);
    const QString key = keyOf(wanted);
    const std::function ask = [target, wanted](std::stop_token each) {
        return readBlob(target, wanted, std::move(each));
    };
    Result<QByteArray> bytes = co_await once(answers, key, ask, stop);
    if (!bytes)
        co_return base::fail(bytes.error());
    co_return readerOf(std::move(*bytes));
}

ReadOnce::ReadOnce(TargetPtr target)
    : PassingTarget(std::move(target))
    , m_state(std::make_shared<State>())
{
    m_state->known = std::make_shared<Known>();
}

std::shared_ptr<ReadOnce> ReadOnce::of(const TargetPtr &target)
{
    const auto already = std::dynamic_pointer_cast<ReadOnce>(target);
    auto look = std::make_shared<ReadOnce>(already ? already->next() : target);
    if (already)
        look->m_state->known = already->m_state->known;
    return look;
}

std::optional<base::Error> ReadOnce::excess() const { return m_state->excess; }

Task<Result<oci::Descriptor>> ReadOnce::resolve(QString identifier, std::stop_token stop)
{
    const std::function ask = [target = next(), identifier](std::stop_token each) {
        return target->resolve(identifier, std::move(each));
    };
    return once(std::shared_ptr<Answers<oci::Descriptor>>(m_state->known, &m_state->known->names), identifier, ask,
                std::move(stop));
}

Task<Result<QByteArray>> ReadOnce::fetchManifest(oci::Descriptor wanted, std::stop_token stop)
{
    return State::readManifest(m_state, next(), std::move(wanted), std::move(stop));
}

Task<Result<ReaderPtr>> ReadOnce::openBlob(oci::Descriptor wanted, std::stop_token stop)
{
    return State::open(m_state, next(), std::move(wanted), std::move(stop));
}

Task<Result<Referrers>> ReadOnce::referrers(oci::Digest subject, std::stop_token stop)
{
    const std::function ask = [target = next(), subject](std::stop_token each) {
        return target->referrers(subject, std::move(each));
    };
    return once(std::shared_ptr<Answers<Referrers>>(m_state->known, &m_state->known->lists), subject.toString(), ask,
                std::move(stop));
}

} // namespace colophon::content
