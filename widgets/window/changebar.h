// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the edits amount to, digest before and after, and the only way to the push. There from the first edit on.

#include <QFrame>

class QAction;
class QLabel;
class QPushButton;
class QToolButton;

namespace colophon::editing {
class ImageDocument;
}

namespace colophon::widgets {

class Badge;
class ElidedLabel;
class WindowActions;

class ChangeBar : public QFrame
{
    Q_OBJECT
public:
    explicit ChangeBar(const WindowActions &actions, QWidget *parent = nullptr);
    // Shows what the document says now; hides where there is nothing to say.
    void show(editing::ImageDocument *document);
    QString text() const;

private:
    ElidedLabel *m_count;
    QLabel *m_digests;
    Badge *m_findings;
    QPushButton *m_review;
};

} // namespace colophon::widgets
