// SPDX-License-Identifier: Apache-2.0
#include "registry/mirroredrepository.h"

#include "registry/words.h"

namespace colophon::registry {

MirroredRepository::MirroredRepository(content::TargetPtr own, QList<Source> sources,
                                       std::function<void(const QString &)> say)
    : PassingTarget(std::move(own))
    , m_state(std::make_shared<State>(State{std::move(sources), std::move(say)}))
{
}

// The first source that answers stays the first; those before it are not asked again. Another one is asked where it
// fails later on: whatever they give is checked against the digest.
template <class T, class Ask>
base::Task<base::Result<T>> MirroredRepository::ask(std::shared_ptr<State> state, Ask ask, std::stop_token stop)
{
    const QList<Source> sources = state->sources;
    base::Error last;
    for (qsizetype i = 0; i < sources.size(); ++i) {
        const Source &source = sources.at(i);
        base::Result<T> answer = co_await ask(source.target, stop);
        if (answer) {
            if (!state->hasAnswered) {
                state->hasAnswered = true;
                state->sources = sources.sliced(i);
                if (state->say)
                    state->say(Words::tr("Read from %1.").arg(source.place));
            }
            co_return std::move(answer);
        }
        last = answer.error();
        if (last.kind == base::ErrorKind::Cancelled)
            break;
        if (state->say)
            state->say(Words::tr("Not read from %1: %2").arg(source.place, last.message));
    }
    co_return base::fail(last);
}

base::Task<base::Result<oci::Descriptor>> MirroredRepository::resolve(QString identifier, std::stop_token stop)
{
    const auto one = [identifier](content::TargetPtr target, std::stop_token token) {
        return target->resolve(identifier, std::move(token));
    };
    return ask<oci::Descriptor>(m_state, one, std::move(stop));
}

base::Task<base::Result<QByteArray>> MirroredRepository::fetchManifest(oci::Descriptor wanted, std::stop_token stop)
{
    const auto one = [wanted](content::TargetPtr target, std::stop_token token) {
        return target->fetchManifest(wanted, std::move(token));
    };
    return ask<QByteArray>(m_state, one, std::move(stop));
}

base::Task<base::Result<content::ReaderPtr>> MirroredRepository::openBlob(oci::Descriptor wanted, std::stop_token stop)
{
    const auto one = [wanted](content::TargetPtr target, std::stop_token token) {
        return target->openBlob(wanted, std::move(token));
    };
    return ask<content::ReaderPtr>(m_state, one, std::move(stop));
}

base::Task<base::Result<content::Tail>> MirroredRepository::openBlobFrom(oci::Descriptor wanted, qint64 offset,
                                                                         std::stop_token stop)
{
    const auto one = [wanted, offset](content::TargetPtr target, std::stop_token token) {
        return target->openBlobFrom(wanted, offset, std::move(token));
    };
    return ask<content::Tail>(m_state, one, std::move(stop));
}

base::Task<base::Result<bool>> MirroredRepository::hasBlob(oci::Descriptor wanted, std::stop_token stop)
{
    return m_state->sources.constFirst().target->hasBlob(std::move(wanted), std::move(stop));
}

base::Task<base::Result<content::Referrers>> MirroredRepository::referrers(oci::Digest subject, std::stop_token stop)
{
    const auto one = [subject](content::TargetPtr target, std::stop_token token) {
        return target->referrers(subject, std::move(token));
    };
    return ask<content::Referrers>(m_state, one, std::move(stop));
}

} // namespace colophon::registry
