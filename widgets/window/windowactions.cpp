// SPDX-License-Identifier: Apache-2.0
#include "widgets/window/windowactions.h"

#include <QMenu>
#include <QWidget>

namespace colophon::widgets {

namespace {
QAction *made(QWidget *window, const QString &name, const QString &text, const QList<QKeySequence> &keys,
              const QString &tip = {})
{
    auto *action = new QAction(text, window);
    action->setObjectName(name);
    action->setShortcuts(keys);
    if (!tip.isEmpty()) {
        action->setToolTip(
            keys.isEmpty() ? tip
                           : QStringLiteral("%1 (%2)").arg(tip, keys.constFirst().toString(QKeySequence::NativeText)));
        action->setStatusTip(tip);
    }
    window->addAction(action);
    return action;
}
} // namespace

WindowActions::WindowActions(QWidget *window)
    : QObject(window)
{
    using Keys = QList<QKeySequence>;
    back = made(window, QStringLiteral("back"), tr("&Back"), Keys{Qt::ALT | Qt::Key_Left}, tr("The image before"));
    forward =
        made(window, QStringLiteral("forward"), tr("&Forward"), Keys{Qt::ALT | Qt::Key_Right}, tr("The image after"));
    focusReference = made(window, QStringLiteral("focusReference"), tr("&Open another image…"),
                          Keys{Qt::CTRL | Qt::Key_L}, tr("Type an image reference"));
    reload = made(window, QStringLiteral("reload"), tr("&Reload"), Keys{Qt::Key_F5}, tr("Read the image again"));
    filterTags = made(window, QStringLiteral("filterTags"), tr("Fi&lter tags"), Keys{Qt::CTRL | Qt::Key_F},
                      tr("Filter the tags"));
    undo = made(window, QStringLiteral("undo"), tr("&Undo"), Keys{Qt::CTRL | Qt::Key_Z}, tr("Undo the last edit"));
    redo = made(window, QStringLiteral("redo"), tr("Re&do"),
                Keys{Qt::CTRL | Qt::SHIFT | Qt::Key_Z, Qt::CTRL | Qt::Key_Y}, tr("Redo the edit"));
    toggleMarking = made(window, QStringLiteral("toggleMarking"), tr("&Mark as non-distributable"), Keys{Qt::Key_Space},
                         tr("Toggle the marking of the selected layers"));
    selectDigest = made(window, QStringLiteral("selectDigest"), tr("Select &everywhere this digest occurs"), {});
    copyDigest = made(window, QStringLiteral("copyDigest"), tr("&Copy digest"), Keys{Qt::CTRL | Qt::SHIFT | Qt::Key_C},
                      tr("Copy the digest of the selected row"));
    copyReference = made(window, QStringLiteral("copyReference"), tr("Copy re&ference"), {});
    showJson = made(window, QStringLiteral("showJson"), tr("Show &JSON"), Keys{Qt::CTRL | Qt::Key_J},
                    tr("Show where this stands in its manifest"));
    probe = made(window, QStringLiteral("probe"), tr("&Probe addresses"), Keys{Qt::CTRL | Qt::Key_P},
                 tr("Ask the addresses, without credentials, whether customers can fetch from them"));
    chooseKey = made(window, QStringLiteral("chooseKey"), tr("Verify with a public &key…"), {});
    checkSignatures = made(window, QStringLiteral("checkSignatures"), tr("Check &signatures"), {});
    review = made(window, QStringLiteral("review"), tr("Review and &push…"),
                  Keys{Qt::CTRL | Qt::Key_Return, Qt::CTRL | Qt::Key_Enter}, tr("Review the push"));
    leaveReview = made(window, QStringLiteral("leaveReview"), tr("Back to the image"), Keys{Qt::Key_Escape},
                       tr("Back to the image"));
    certificates = made(window, QStringLiteral("certificates"), tr("Accepted certi&ficates…"), {});
    nextPane = made(window, QStringLiteral("nextPane"), tr("Next pane"), Keys{Qt::Key_F6}, tr("Go to the next pane"));
    explain = made(window, QStringLiteral("explain"), tr("&What Colophon is, and is not"), Keys{Qt::Key_F1},
                   tr("What a marking does, and what it does not"));
    quit = made(window, QStringLiteral("quit"), tr("&Quit"), Keys{QKeySequence(QKeySequence::Quit)}, tr("Quit"));
    quit->setMenuRole(QAction::QuitRole);
}

QMenu *WindowActions::createMenu(QWidget *parent) const
{
    auto *menu = new QMenu(parent);
    menu->addActions({focusReference, back, forward, reload, filterTags});
    menu->addSeparator();
    menu->addActions({undo, redo, toggleMarking, selectDigest});
    menu->addSeparator();
    menu->addActions({probe, showJson, copyDigest, copyReference});
    menu->addSeparator();
    menu->addActions({chooseKey, checkSignatures, review});
    menu->addSeparator();
    menu->addActions({certificates, nextPane, explain, quit});
    return menu;
}

} // namespace colophon::widgets
