// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the edits amount to, digest before and after, and the only way to the push. There from the first edit on.

#include "items/appearance.h"

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
    // How far what is edited is signed; an empty word where that is of no importance.
    void setSignature(const items::Appearance &appearance);
    QString signatureText() const;
    QString text() const;

private:
    ElidedLabel *m_count;
    QLabel *m_digests;
    Badge *m_findings;
    Badge *m_signature;
    QPushButton *m_review;
};

} // namespace colophon::widgets
