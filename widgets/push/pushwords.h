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
PushHeadline headlineOf(const PushController &push);

// Before: what blocks, warns and informs, the gravest first, none twice. After: the notes of the report.
QList<NoticeList::Notice> noticesOf(const PushController &push);

} // namespace colophon::widgets
