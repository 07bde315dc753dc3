// SPDX-License-Identifier: Apache-2.0
#pragma once

// Every action of the window with its words and its key, in one place: buttons, menus and tests use these.

#include <QAction>
#include <QObject>

class QMenu;

namespace colophon::widgets {

class WindowActions final : public QObject
{
    Q_OBJECT
public:
    explicit WindowActions(QWidget *window);

    QAction *back;
    QAction *forward;
    QAction *focusReference; // Ctrl+L
    QAction *reload;         // F5
    QAction *filterTags;     // Ctrl+F
    QAction *undo;           // Ctrl+Z
    QAction *redo;           // Ctrl+Shift+Z
    QAction *toggleMarking;  // Space, in the image tree
    QAction *selectDigest;   // everywhere this digest occurs
    QAction *copyDigest;     // Ctrl+Shift+C
    QAction *copyReference;
    QAction *showJson;
    QAction *probe;
    QAction *chooseKey; // public key to check signatures with
    QAction *checkSignatures;
    QAction *review;       // Ctrl+Return
    QAction *leaveReview;  // Esc
    QAction *certificates; // that were accepted
    QAction *nextPane;     // F6
    QAction *explain;      // F1
    QAction *quit;

    // All of them, grouped: the window's menu.
    QMenu *createMenu(QWidget *parent) const;
};

} // namespace colophon::widgets
