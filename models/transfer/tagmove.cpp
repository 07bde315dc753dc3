// SPDX-License-Identifier: Apache-2.0
#include "transfer/tagmove.h"

#include "transfer/pushcontent.h"

#include <QCoreApplication>

namespace colophon::transfer {

namespace {
using base::ErrorKind;
using base::Side;

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(colophon::transfer::TagMove)
};

base::Error conflict(const TagMove &move, const oci::Digest &named)
{
    const bool isPush = move.why == TagMove::Why::Push;
    base::Error error;
    error.kind = ErrorKind::Conflict;
    error.side = Side::Destination;
    if (named.isNull())
        error.message = (isPush ? Text::tr("The tag went while you were editing: %1 does not exist any more.")
                                : Text::tr("The tag went in the meantime: %1 does not exist any more."))
                            .arg(tagInWords(move.reference));
    else
        error.message = (isPush ? Text::tr("The tag moved while you were editing: someone pushed %1.")
                                : Text::tr("The tag moved in the meantime: someone pushed %1."))
                            .arg(named.toString());
    error.hint = isPush ? Text::tr("Reopen it, or push to another tag.")
                        : Text::tr("Look at what it names now before you put another image in its place.");
    return error;
}

base::Error overtaken(const TagMove &move, const oci::Digest &named)
{
    base::Error error;
    error.kind = ErrorKind::Conflict;
    error.side = Side::Destination;
    error.message = Text::tr("%1 was set, but someone pushed %2 in the same moment: it names that now.")
                        .arg(tagInWords(move.reference), named.toString());
    error.hint = Text::tr("Your image is there as %1. Reopen the tag, and push again if yours is the right one.")
                     .arg(move.to.digest.toString());
    return error;
}
} // namespace

base::Task<TagMoved> moveTag(TagMove move, std::stop_token stop)
{
    TagMoved moved;
    const QString tag = move.reference.tag();
    const base::Result<oci::Descriptor> now = co_await move.target->resolve(tag, stop);
    if (!now && now.error().kind != ErrorKind::NotFound) {
        moved.done = base::fail(now.error().onSide(Side::Destination));
        co_return moved;
    }
    if (now)
        moved.before = now->digest;
    if (moved.before == move.to.digest) {
        moved.wasThere = true;
        co_return moved;
    }
    if (moved.before != move.expected && !move.force) {
        moved.done = base::fail(conflict(move, moved.before));
        co_return moved;
    }
    if (stop.stop_requested()) {
        moved.done = base::cancelled();
        co_return moved;
    }
    moved.done = co_await move.target->tag(move.to, move.bytes, tag, stop);
    moved.isAsked = true;
    if (!moved.done && moved.done.error().kind == ErrorKind::Cancelled)
        co_return moved;

    // Whatever the answer was, what counts is what the tag names now; and nobody may have been faster.
    const base::Result<oci::Descriptor> after = co_await move.target->resolve(tag, stop);
    moved.isKnown = after.has_value() || after.error().kind == ErrorKind::NotFound;
    const bool isOurs = after && after->digest == move.to.digest;
    if (isOurs) {
        moved.done = {};
    } else if (!moved.done) {
        moved.done = base::fail(moved.done.error().onSide(Side::Destination));
    } else if (after) {
        moved.done = base::fail(overtaken(move, after->digest));
    } else {
        moved.unread = after.error();
    }
    co_return moved;
}

} // namespace colophon::transfer
