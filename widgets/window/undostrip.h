// SPDX-License-Identifier: Apache-2.0
#pragma once

// The way back from the last push once its report is left: says what would be put back, does it, and says what became
// of it.

#include "oci/reference.h"
#include "widgets/common/noticestrip.h"

namespace colophon::widgets {

class PushUndo;

class UndoStrip final : public NoticeStrip
{
    Q_OBJECT
public:
    explicit UndoStrip(PushUndo &undo, QWidget *parent = nullptr);

    void ask(); // shows it

Q_SIGNALS:
    void openRequested(const colophon::oci::Reference &tag);

private:
    void tell();

    PushUndo &m_undo;
};

} // namespace colophon::widgets
