// SPDX-License-Identifier: Apache-2.0
#include "widgets/window/explanation.h"

#include "items/appearance.h"
#include "widgets/common/plain.h"

#include <QDialogButtonBox>
#include <QGridLayout>
#include <QLabel>
#include <QVBoxLayout>

namespace colophon::widgets {

namespace {
QLabel *paragraph(const QString &text, QWidget *parent)
{
    QLabel *label = selectableLabel(text, parent);
    label->setWordWrap(true);
    return label;
}

QLabel *heading(const QString &text, QWidget *parent)
{
    QLabel *label = plainLabel(text, parent);
    QFont bold = label->font();
    bold.setBold(true);
    bold.setPointSizeF(bold.pointSizeF() * 1.15);
    label->setFont(bold);
    return label;
}
} // namespace

Explanation::Explanation(QWidget *parent)
    : QDialog(parent)
{
    setWindowTitle(tr("What Colophon is, and is not"));
    setAttribute(Qt::WA_DeleteOnClose);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(24, 24, 24, 16);
    column->setSpacing(8);
    column->addWidget(heading(tr("What it does"), this));
    column->addWidget(
        paragraph(tr("Colophon shows and changes what the manifest of a container image says about each of its "
                     "layers: whether tools may copy it to another registry, and from which addresses it is "
                     "fetched instead. It signs the changed image and pushes it."),
                  this));
    column->addSpacing(8);
    column->addWidget(heading(tr("What a marking says"), this));
    auto *grid = new QGridLayout;
    grid->setHorizontalSpacing(16);
    grid->setVerticalSpacing(8);
    grid->setColumnStretch(1, 1);
    int row = 0;
    for (const auto marking : {oci::Marking::Distributable, oci::Marking::NonDistributable, oci::Marking::Unfetchable,
                               oci::Marking::HalfMarked}) {
        auto *badge = new Badge(this);
        badge->setAppearance(items::appearanceOf(marking));
        grid->addWidget(badge, row, 0, Qt::AlignTop | Qt::AlignLeft);
        grid->addWidget(paragraph(items::appearanceOf(marking).help, this), row, 1);
        ++row;
    }
    column->addLayout(grid);
    column->addSpacing(8);
    column->addWidget(heading(tr("What it is not"), this));
    column->addWidget(
        paragraph(tr("Marking a layer is a request to tools, not a lock: anyone who knows the address can "
                     "download it. Use permissions on the registry to keep it private. What was copied before "
                     "stays where it was copied to."),
                  this));
    column->addWidget(
        paragraph(tr("An edit gives the image a new digest. Signatures of the old digest stay with the old "
                     "image: sign again before customers verify."),
                  this));
    column->addSpacing(8);
    column->addWidget(heading(tr("Keys"), this));
    column->addWidget(paragraph(
        tr("Ctrl+L reference · Ctrl+F tags · Space toggle the marking · Shift+Space make "
           "distributable · Ctrl+U addresses · Ctrl+B layers from a base image · Ctrl+Shift+A annotations · "
           "Delete remove from the index · Ctrl+Shift+S save layer · Ctrl+Z undo · Ctrl+Shift+Z redo · "
           "Ctrl+P probe addresses · Ctrl+Shift+P verify their content · Ctrl+J JSON · Ctrl+Shift+C copy digest · "
           "Ctrl+Return review, then push · F5 reload · F6 next pane"),
        this));
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    column->addSpacing(8);
    column->addWidget(buttons);
    setFixedWidth(640);
}

} // namespace colophon::widgets
