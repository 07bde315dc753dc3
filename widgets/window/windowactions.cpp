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
    signatures = made(window, QStringLiteral("showSignatures"), tr("Show si&gnatures"), Keys{Qt::CTRL | Qt::Key_G},
                      tr("Show what is attached to the selected image"));
    sign = made(window, QStringLiteral("signImage"), tr("&Sign…"), {}, tr("Sign the image as it is, without a push"));
    chooseKey = made(window, QStringLiteral("chooseKey"), tr("Choose a public &key…"), {},
                     tr("Check the signatures with a public key, now and from now on"));
    checkSignatures = made(window, QStringLiteral("checkSignatures"), tr("C&heck again"), {},
                           tr("Read the signatures again and check them"));
    trust = made(window, QStringLiteral("trust"), tr("&Whom to believe…"), {},
                 tr("Public keys, certificate roots and trust policies that signatures are checked with"));
    newKey = made(window, QStringLiteral("newKey"), tr("Create a key &pair…"), {},
                  tr("Make a key to sign with, and the public key that verifies"));
    savedLogins = made(window, QStringLiteral("savedLogins"), tr("Saved s&ign-ins…"), {});
    review = made(window, QStringLiteral("review"), tr("Review and &push…"),
                  Keys{Qt::CTRL | Qt::Key_Return, Qt::CTRL | Qt::Key_Enter}, tr("Review the push"));
    leaveReview = made(window, QStringLiteral("leaveReview"), tr("Back to the image"), Keys{Qt::Key_Escape},
                       tr("Back to the image"));
    undoPush = made(window, QStringLiteral("undoPush"), tr("U&ndo push…"), {},
                    tr("Let the tag name again what it named before the last push"));
    unsentEdits = made(window, QStringLiteral("unsentEditsOfBefore"), tr("&Unsent edits"), {},
                       tr("Show the unsent edits that are left from before"));
    certificates = made(window, QStringLiteral("certificates"), tr("Accepted certi&ficates…"), {});
    requests = made(window, QStringLiteral("requests"), tr("Re&quests"), Keys{Qt::Key_F12},
                    tr("Show every request and its answer"));
    requests->setCheckable(true);
    nextPane = made(window, QStringLiteral("nextPane"), tr("Next pane"), Keys{Qt::Key_F6}, tr("Go to the next pane"));
    explain = made(window, QStringLiteral("explain"), tr("&What Colophon is, and is not"), Keys{Qt::Key_F1},
                   tr("What a marking does, and what it does not"));
    quit = made(window, QStringLiteral("quit"), tr("&Quit"), Keys{QKeySequence(QKeySequence::Quit)}, tr("Quit"));
    quit->setMenuRole(QAction::QuitRole);

    unmark = made(window, QStringLiteral("unmark"), tr("Mark as &distributable"), Keys{Qt::SHIFT | Qt::Key_Space},
                  tr("Make the selected layers distributable, whatever they are now"));
    addresses = made(window, QStringLiteral("addresses"), tr("&Addresses…"), Keys{Qt::CTRL | Qt::Key_U},
                     tr("Give the selected layers addresses, filled in from templates"));
    baseLayers = made(window, QStringLiteral("baseLayers"), tr("All layers from a &base image…"),
                      Keys{Qt::CTRL | Qt::Key_B}, tr("Find the layers that come from another image"));
    annotations = made(window, QStringLiteral("annotations"), tr("A&nnotations"),
                       Keys{Qt::CTRL | Qt::SHIFT | Qt::Key_A}, tr("Show and edit the annotations of the selected row"));
    toOci = made(window, QStringLiteral("toOci"), tr("Convert to the &OCI format…"), {},
                 tr("Give the whole image OCI's media types"));
    toDocker = made(window, QStringLiteral("toDocker"), tr("Convert to Doc&ker's format…"), {},
                    tr("Give the whole image Docker's media types"));
    removeEntry = made(window, QStringLiteral("removeEntry"), tr("&Remove from the index"), Keys{Qt::Key_Delete},
                       tr("Take the selected platforms out of the index"));
    saveLayer = made(window, QStringLiteral("saveLayer"), tr("&Save layer…"), Keys{Qt::CTRL | Qt::SHIFT | Qt::Key_S},
                     tr("Save the layer's blob, verified, into a file"));
    verifyContent = made(window, QStringLiteral("verifyContent"), tr("&Verify content of addresses"),
                         Keys{Qt::CTRL | Qt::SHIFT | Qt::Key_P},
                         tr("Read the whole of each address, without credentials, and check size and digest"));
    stopProbing = made(window, QStringLiteral("stopProbing"), tr("S&top asking addresses"), {});
}

QList<QAction *> WindowActions::selectionActions() const
{
    return {toggleMarking, unmark, addresses, selectDigest, baseLayers, annotations, removeEntry, saveLayer};
}

QMenu *WindowActions::createMenu(QWidget *parent) const
{
    auto *menu = new QMenu(parent);
    menu->addActions({focusReference, back, forward, reload, filterTags});
    menu->addSeparator();
    menu->addActions({undo, redo});
    QMenu *selected = menu->addMenu(tr("&Selected layers and platforms"));
    selected->addActions(selectionActions());
    QMenu *whole = menu->addMenu(tr("&Whole image"));
    whole->addActions({toOci, toDocker});
    menu->addSeparator();
    menu->addActions({probe, verifyContent, stopProbing, showJson, copyDigest, copyReference});
    menu->addSeparator();
    QMenu *signing = menu->addMenu(tr("S&ignatures"));
    signing->addActions({signatures, sign, chooseKey, checkSignatures});
    signing->addSeparator();
    signing->addActions({trust, newKey});
    menu->addActions({review, undoPush, unsentEdits});
    menu->addSeparator();
    menu->addActions({savedLogins, certificates, requests, nextPane, explain, quit});
    return menu;
}

} // namespace colophon::widgets
