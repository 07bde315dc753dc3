// SPDX-License-Identifier: Apache-2.0
#pragma once

// Every action of the window with its words and its key, in one place: buttons, menus and tests use these.

#include <QAction>
#include <QList>
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
    QAction *signatures; // Ctrl+G: shows them
    QAction *sign;       // as it is, without a push
    QAction *trust;      // whom signatures are believed from
    QAction *newKey;
    QAction *savedLogins;  // what the keychain has
    QAction *review;       // Ctrl+Return
    QAction *leaveReview;  // Esc
    QAction *undoPush;     // of the last push of this window
    QAction *unsentEdits;  // of before, also those that were put off
    QAction *certificates; // that were accepted
    QAction *requests;     // F12
    QAction *nextPane;     // F6
    QAction *explain;      // F1
    QAction *quit;

    QAction *unmark;     // Shift+Space, in the image tree
    QAction *addresses;  // Ctrl+U
    QAction *baseLayers; // Ctrl+B
    QAction *annotations;
    QAction *toOci;
    QAction *toDocker;
    QAction *removeEntry; // Delete, in the image tree
    QAction *saveLayer;
    QAction *verifyContent;
    QAction *stopProbing;

    // All of them, grouped: the window's menu.
    QMenu *createMenu(QWidget *parent) const;
    // What is done with the selected rows, as a menu shows it.
    QList<QAction *> selectionActions() const;
};

} // namespace colophon::widgets
