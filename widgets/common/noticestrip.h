// SPDX-License-Identifier: Apache-2.0
#pragma once

// A strip that tells something and offers what can be done about it: a sentence, facts below it, buttons beside it.
// Like the error strip it covers nothing and waits.

#include "items/appearance.h"

#include <QFrame>
#include <QList>

class QGridLayout;
class QHBoxLayout;
class QLabel;
class QProgressBar;
class QPushButton;
class QToolButton;

namespace colophon::widgets {

class NoticeStrip : public QFrame
{
    Q_OBJECT
public:
    // A name and a value in the fixed-width font, as for digests; without a name a sentence of its own.
    struct Fact
    {
        QString name;
        QString value;
        QString whole = {}; // what the value stands for, in its tooltip
    };
    explicit NoticeStrip(QWidget *parent = nullptr); // hidden

    // Takes the place of what was said before, buttons included, and shows it. The word of the appearance is not said.
    void say(const items::Appearance &look, const QString &sentence, const QList<Fact> &facts = {});
    QPushButton *addButton(const QString &name, const QString &text, items::Symbol symbol = items::Symbol::None);
    void setBusy(bool busy); // a bar that moves
    void setDismissable(bool dismissable);
    QString text() const; // the sentence and the facts, a line each

Q_SIGNALS:
    void dismissed(); // it is hidden already

protected:
    void changeEvent(QEvent *event) override;

private:
    void paintTone();
    void showFacts();

    items::Appearance m_look;
    QList<Fact> m_facts;
    QLabel *m_symbol;
    QLabel *m_sentence;
    QWidget *m_page = nullptr; // of the facts
    QProgressBar *m_busy;
    QWidget *m_buttons = nullptr;
    QToolButton *m_close;
    QHBoxLayout *m_row;
    QGridLayout *m_grid;
};

} // namespace colophon::widgets
