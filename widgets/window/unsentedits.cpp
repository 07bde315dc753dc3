// SPDX-License-Identifier: Apache-2.0
#include "widgets/window/unsentedits.h"

#include "editing/imagedocument.h"
#include "items/appearance.h"

#include <QCoreApplication>
#include <QMessageBox>
#include <QPushButton>

namespace colophon::widgets {

namespace {
struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(UnsentEdits)
};
} // namespace

void whenEditsMayGo(QWidget *window, const editing::ImageDocument *document, const std::function<void()> &go)
{
    if (!document || !document->isEdited()) {
        go();
        return;
    }
    const oci::Reference &image = document->reference();
    const QString name = (image.tag().isEmpty() ? image : image.withTag(image.tag())).toString();
    auto *box = new QMessageBox(QMessageBox::Question, Texts::tr("Unpushed edits"),
                                Texts::tr("The edits of %1 were not pushed.").arg(items::oneLine(name, 120)),
                                QMessageBox::NoButton, window);
    box->setObjectName(QStringLiteral("unsentEdits"));
    box->setTextFormat(Qt::PlainText);
    box->setInformativeText(Texts::tr("The registry still has the image as it was opened."));
    box->setAttribute(Qt::WA_DeleteOnClose);
    QPushButton *discard = box->addButton(Texts::tr("&Discard the edits"), QMessageBox::DestructiveRole);
    QPushButton *keep = box->addButton(Texts::tr("&Keep editing"), QMessageBox::RejectRole);
    box->setDefaultButton(keep);
    box->setEscapeButton(keep);
    QObject::connect(discard, &QPushButton::clicked, window, go);
    box->open();
}

} // namespace colophon::widgets
