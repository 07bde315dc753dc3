// SPDX-License-Identifier: Apache-2.0
#include "widgets/window/unsentedits.h"

#include "widgets/common/draftwords.h"
#include "widgets/window/draftkeeper.h"

#include <QCoreApplication>
#include <QMessageBox>
#include <QPushButton>

namespace colophon::widgets {

namespace {
struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(UnsentEdits)
};

// `problem`: why they could not be kept a moment ago.
void ask(QWidget *window, DraftKeeper &drafts, const std::function<void()> &go, const QString &problem)
{
    const bool canKeep = drafts.keepsDrafts() && problem.isEmpty();
    auto *box = new QMessageBox(
        QMessageBox::Question, Texts::tr("Unsent edits"),
        Texts::tr("The edits of %1 were not pushed.").arg(draftwords::nameOf(drafts.document()->reference())),
        QMessageBox::NoButton, window);
    box->setObjectName(QStringLiteral("unsentEdits"));
    box->setTextFormat(Qt::PlainText);
    box->setInformativeText(
        !problem.isEmpty() ? problem
        : canKeep ? Texts::tr("The registry still has the image as it was opened. Kept edits are offered when you open "
                              "it again.")
                  : Texts::tr("The registry still has the image as it was opened. Edits of a sample cannot be kept: it "
                              "goes with the program."));
    box->setAttribute(Qt::WA_DeleteOnClose);
    QPushButton *keep = canKeep ? box->addButton(Texts::tr("&Keep for later"), QMessageBox::AcceptRole) : nullptr;
    QPushButton *discard = box->addButton(Texts::tr("&Discard the edits"), QMessageBox::DestructiveRole);
    QPushButton *stay = box->addButton(Texts::tr("&Go on editing"), QMessageBox::RejectRole);
    box->setDefaultButton(keep ? keep : stay);
    box->setEscapeButton(stay);
    QObject::connect(discard, &QPushButton::clicked, window, [&drafts, go] {
        drafts.discardEdits();
        go();
    });
    if (keep)
        QObject::connect(keep, &QPushButton::clicked, window, [window, &drafts, go] {
            if (const base::Result<void> kept = drafts.keepEdits(); kept)
                go();
            else
                ask(window, drafts, go, kept.error().text());
        });
    box->open();
}
} // namespace

void whenEditsMayGo(QWidget *window, DraftKeeper &drafts, const std::function<void()> &go)
{
    if (drafts.hasUnsentEdits())
        ask(window, drafts, go, {});
    else
        go();
}

} // namespace colophon::widgets
