// SPDX-License-Identifier: Apache-2.0
#pragma once

// Whether what the destination tag names now keeps a name of its own: a box to tick and a tag, for which there is a
// proposal. Registries collect what no tag names.

#include "transfer/pushplan.h"

#include <QTimer>
#include <QWidget>

class QCheckBox;
class QLabel;
class QLineEdit;

namespace colophon::widgets {

class BackupChoice : public QWidget
{
    Q_OBJECT
public:
    explicit BackupChoice(QWidget *parent = nullptr);

    // For a new review: unticked, with a proposal for this tag.
    void reset(const QString &destinationTag);
    // The proposal is for one tag; a name somebody typed stays. Says nothing: tag() may be another one now.
    void setDestinationTag(const QString &tag);
    // Whether there is something to keep, as this plan knows it; where there is not the box cannot be ticked, and says
    // why.
    void follow(const transfer::PushPlan &plan);
    void choose();       // ticks it, where that can be
    QString tag() const; // empty: nothing is kept
    bool isSettled() const { return !m_pause.isActive() && (!isChosen() || !tag().isEmpty()); }
    QCheckBox *box() const { return m_box; }
    QLineEdit *field() const { return m_field; }

Q_SIGNALS:
    void typed();
    void changed(const QString &tag);

private:
    bool isChosen() const;
    void take();

    QCheckBox *m_box;
    QLineEdit *m_field;
    QLabel *m_note;
    QTimer m_pause;
    QString m_destinationTag;
    QString m_proposed;
};

} // namespace colophon::widgets
