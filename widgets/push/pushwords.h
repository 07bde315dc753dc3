// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the review sheet says about a push: its headline in every state, and what must be known before and after.

#include "content/signer.h"
#include "items/appearance.h"
#include "widgets/push/noticelist.h"

namespace colophon::widgets {

class PushController;
class PushUndo;

struct PushHeadline
{
    QString title;
    items::Appearance verdict;
};
// What keeps a plan that nothing blocks from being pushed: what is typed or chosen below it.
enum class Wanting {
    Nothing,
    Lookup,      // the destination was changed and is not looked up yet
    Tag,         // what is typed cannot be a destination
    Key,         // a key was chosen that is not open
    Certificate, // its certificates are missing, or may not sign
};
PushHeadline headlineOf(const PushController &push, Wanting wanting = Wanting::Nothing);
// The same of the way back, while it is taken and after.
PushHeadline headlineOf(const PushUndo &undo);

// Before: what blocks, warns and informs, the gravest first, none twice; what becomes stale is counted from the
// signatures of the image as it was opened, where what is attached to it is not known.
QList<NoticeList::Notice> noticesBefore(const PushController &push, const QList<content::VerifyReport> &signatures);
// After: the notes of the report, and whether there is a way back; `undo` of this push, or nullptr.
QList<NoticeList::Notice> noticesAfter(const PushController &push, const PushUndo *undo);

} // namespace colophon::widgets
