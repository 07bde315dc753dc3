// SPDX-License-Identifier: Apache-2.0
#include "widgets/push/noticelist.h"

#include "widgets/common/plain.h"

#include <QGridLayout>
#include <QLabel>
#include <QScrollBar>

namespace colophon::widgets {

NoticeList::NoticeList(QWidget *parent)
    : QScrollArea(parent)
{
    setFrameShape(QFrame::NoFrame);
    setWidgetResizable(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Maximum);
    setAccessibleName(tr("Findings"));
    setFocusPolicy(Qt::TabFocus);
    hide();
}

void NoticeList::setNotices(const QList<Notice> &notices)
{
    m_notices = notices;
    m_page = new QWidget;
    auto *grid = new QGridLayout(m_page);
    grid->setContentsMargins(16, 8, 16, 8);
    grid->setHorizontalSpacing(12);
    grid->setVerticalSpacing(6);
    grid->setColumnStretch(1, 1);
    int row = 0;
    for (const Notice &notice : notices) {
        auto *badge = new Badge(m_page);
        badge->setAppearance(notice.appearance);
        auto *sentence = selectableLabel(items::readable(notice.sentence), m_page);
        sentence->setWordWrap(true);
        grid->addWidget(badge, row, 0, Qt::AlignTop | Qt::AlignLeft);
        grid->addWidget(sentence, row, 1);
        ++row;
    }
    setWidget(m_page); // deletes the one before
    setVisible(!notices.isEmpty());
    updateGeometry();
}

QStringList NoticeList::sentences() const
{
    QStringList all;
    for (const Notice &notice : m_notices)
        all.append(notice.sentence);
    return all;
}

QSize NoticeList::sizeHint() const
{
    if (!m_page || !m_page->layout())
        return {0, 0};
    const int width = std::max(400, viewport()->width());
    return {400, std::min(132, m_page->layout()->heightForWidth(width))};
}

void NoticeList::resizeEvent(QResizeEvent *event)
{
    QScrollArea::resizeEvent(event);
    updateGeometry(); // the sentences may break elsewhere now
}

QSize NoticeList::minimumSizeHint() const { return {200, std::min(72, sizeHint().height())}; }

} // namespace colophon::widgets
