// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the review sheet says about a push: its headline in every state, and what must be known before and after.

#include "items/appearance.h"
#include "widgets/push/noticelist.h"

namespace colophon::widgets {

class PushController;

struct PushHeadline
{
    QString title;
    items::Appearance verdict;
};
// What keeps a plan that nothing blocks from being pushed: what is typed or chosen below it.
enum class Wanting {
    Nothing,
    Lookup, // the tag was changed and is not looked up yet
    Tag,    // what is typed cannot be a tag
    Key,    // a key was chosen that is not open
};
PushHeadline headlineOf(const PushController &push, Wanting wanting = Wanting::Nothing);

// Before: what blocks, warns and informs, the gravest first, none twice. After: the notes of the report.
QList<NoticeList::Notice> noticesOf(const PushController &push);

} // namespace colophon::widgets
