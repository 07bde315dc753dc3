// SPDX-License-Identifier: Apache-2.0
#pragma once

// What must be known before (and after) a push, one line each, the gravest first: a badge and a sentence.

#include "items/appearance.h"

#include <QScrollArea>

class QVBoxLayout;

namespace colophon::widgets {

class NoticeList : public QScrollArea
{
    Q_OBJECT
public:
    struct Notice
    {
        items::Appearance appearance;
        QString sentence;
    };
    explicit NoticeList(QWidget *parent = nullptr);
    void setNotices(const QList<Notice> &notices); // none: hidden
    QStringList sentences() const;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    QList<Notice> m_notices;
    QWidget *m_page = nullptr;
};

} // namespace colophon::widgets
