// SPDX-License-Identifier: Apache-2.0
#pragma once

// What can be done where a push cannot go on as it is: the tag moved, may not be moved, or a new address does not
// answer. It shows what it knows at once, and more when the look at the tag has come back.

#include "session/draft.h"
#include "widgets/common/noticestrip.h"

namespace colophon::widgets {

class PushController;
class TagLook;

class RemedyStrip final : public NoticeStrip
{
    Q_OBJECT
public:
    enum class Case { None, TagMoved, TagFixed, DeadAddress };
    explicit RemedyStrip(QWidget *parent = nullptr);

    static Case caseOf(const PushController &push);
    // `edits` are what is to be pushed, as a draft of the image as it was opened.
    void follow(const PushController &push, const TagLook &look, const session::Draft &edits);

Q_SIGNALS:
    void reopenRequested(); // what the tag names now, with the edits
    void otherTagRequested(const QString &tag);
    void replaceRequested();
    void withoutProbesRequested();

private:
    void tellMoved(const PushController &push, const TagLook &look, const session::Draft &edits);
    void offerOtherTag(const QString &tag, const TagLook &look);
};

} // namespace colophon::widgets
