// SPDX-License-Identifier: Apache-2.0
#include "transfer/restoretag.h"

#include "transfer/pushcontent.h"
#include "transfer/registrypolicy.h"
#include "transfer/tagmove.h"

namespace colophon::transfer {

namespace {
using base::ErrorKind;
} // namespace

struct RestoreTag::State
{
    content::TargetPtr target;
    Request request;
    Outcome outcome;
    VoicePtr voice;

    static base::Task<base::Result<void>> restore(std::shared_ptr<State> s, std::stop_token stop);
    static base::Task<base::Result<QByteArray>> fetch(std::shared_ptr<State> s, std::stop_token stop);
};

RestoreTag::RestoreTag(content::TargetPtr target, Request request, QObject *parent)
    : Operation(parent)
    , m_data(std::make_shared<State>())
{
    m_data->target = std::move(target);
    m_data->request = std::move(request);
    m_data->voice = voice();
}

const RestoreTag::Outcome &RestoreTag::outcome() const { return m_data->outcome; }

base::Task<base::Result<void>> RestoreTag::run(std::stop_token stop) { return State::restore(m_data, std::move(stop)); }

// The image's bytes from the registry itself, verified: only what is still there whole gets a name.
base::Task<base::Result<QByteArray>> RestoreTag::State::fetch(std::shared_ptr<State> s, std::stop_token stop)
{
    base::Result<oci::Descriptor> image = co_await s->target->resolve(s->request.to.toString(), stop);
    if (!image) {
        base::Error error = image.error();
        if (error.kind == ErrorKind::NotFound) {
            error.message =
                RestoreTag::tr("%1 does not have %2 any more.").arg(s->request.tag.name(), s->request.to.toString());
            error.hint = RestoreTag::tr("Registries collect what no tag names. A backup tag keeps an image.");
        }
        co_return base::fail(error);
    }
    s->outcome.now = *image;
    base::Result<QByteArray> bytes = co_await s->target->fetchManifest(*image, stop);
    co_return bytes;
}

base::Task<base::Result<void>> RestoreTag::State::restore(std::shared_ptr<State> s, std::stop_token stop)
{
    const QString operation =
        RestoreTag::tr("let %1 name %2").arg(s->request.tag.toString(), s->request.to.shortForm());
    const auto failed = [operation](const base::Error &error) {
        return base::fail(error.withOperation(operation).onSide(base::Side::Destination));
    };
    if (s->request.tag.tag().isEmpty() || s->request.to.isNull())
        co_return failed(
            base::fail(ErrorKind::Usage, RestoreTag::tr("There is no tag, or no image for it to name.")).error());
    s->voice->activity(RestoreTag::tr("Asking what %1 is now…").arg(s->request.tag.toString()));
    TagMove move;
    if (s->request.expected) {
        move.expected = *s->request.expected;
    } else {
        const base::Result<oci::Descriptor> now = co_await s->target->resolve(s->request.tag.tag(), stop);
        if (!now && now.error().kind != ErrorKind::NotFound)
            co_return failed(now.error());
        if (now)
            move.expected = now->digest;
    }
    s->outcome.before = move.expected;
    s->voice->activity(RestoreTag::tr("Reading %1…").arg(s->request.to.shortForm()));
    base::Result<QByteArray> bytes = co_await fetch(s, stop);
    if (!bytes)
        co_return failed(bytes.error());
    move.target = s->target;
    move.reference = s->request.tag;
    move.to = ownDescriptor(s->outcome.now);
    move.bytes = std::move(*bytes);
    move.force = s->request.force;
    move.why = TagMove::Why::Restore;
    s->voice->activity(RestoreTag::tr("Tagging %1…").arg(s->request.tag.toString()));
    const TagMoved moved = co_await moveTag(move, stop);
    s->outcome.before = moved.before;
    if (!moved.done) {
        base::Error error = moved.done.error();
        if (error.kind != ErrorKind::Conflict && error.kind != ErrorKind::Cancelled)
            error = withPolicyExplained(error, s->request.tag, moved.before);
        co_return failed(error);
    }
    s->outcome.changed = !moved.wasThere;
    if (moved.unread)
        s->outcome.note = RestoreTag::tr("What %1 names now could not be read back: %2")
                              .arg(tagInWords(s->request.tag), moved.unread->message);
    co_return base::Result<void>();
}

} // namespace colophon::transfer
