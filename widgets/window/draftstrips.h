// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the window says of unsent edits, in strips below the reference bar: those that are left from before, with what
// can be done with them, and what became of them. Nothing of it is in the way.

#include "session/draftstore.h"

#include <QWidget>

namespace colophon::widgets {

class DraftKeeper;
class NoticeStrip;

class DraftStrips : public QWidget
{
    Q_OBJECT
public:
    static constexpr int most = 3; // offers at a time

    explicit DraftStrips(DraftKeeper &drafts, QWidget *parent = nullptr);
    QStringList sentences() const; // of what is seen

Q_SIGNALS:
    void restoreRequested(const colophon::session::StoredDraft &stored);

private:
    void showOffers();
    void showRestored(const session::Draft &draft, const session::Rebased &rebase);
    void showDiscarded(const session::Draft &draft);
    void showElsewhere(const session::Draft &theirs);
    void showFailure(const base::Error &error);

    DraftKeeper &m_drafts;
    NoticeStrip *m_failure;
    NoticeStrip *m_elsewhere;
    NoticeStrip *m_result;
    QWidget *m_offers;
};

} // namespace colophon::widgets
