// SPDX-License-Identifier: Apache-2.0
#include "widgets/connect/realmquestion.h"

#include "items/appearance.h"

#include <QCoreApplication>
#include <QMessageBox>
#include <QPushButton>

namespace colophon::widgets {

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(RealmQuestion)
};

struct Answer
{
    bool isGiven = false;
    bool isYes = false;
    base::Event event;
};

QMessageBox *boxFor(QWidget *window, const content::RealmQuestion &question)
{
    const QString registry = items::oneLine(question.registry, 120);
    const QString realm = items::oneLine(question.realm, 120);
    auto *box =
        new QMessageBox(QMessageBox::Question, Texts::tr("Password for another host"),
                        question.user.isEmpty() ? Texts::tr("%1 wants its token to be sent to %2.").arg(registry, realm)
                                                : Texts::tr("%1 wants the password of %2 to be sent to %3.")
                                                      .arg(registry, items::oneLine(question.user, 80), realm),
                        QMessageBox::NoButton, window);
    box->setObjectName(QStringLiteral("realmQuestion"));
    box->setTextFormat(Qt::PlainText);
    box->setInformativeText(Texts::tr("It names %1 as its token service. Send it there only if you know that both "
                                      "belong together. The answer holds until Colophon closes.")
                                .arg(realm));
    box->setAttribute(Qt::WA_DeleteOnClose);
    QPushButton *send = box->addButton(Texts::tr("&Send it"), QMessageBox::AcceptRole);
    send->setObjectName(QStringLiteral("send"));
    QPushButton *keep = box->addButton(Texts::tr("Do &not send it"), QMessageBox::RejectRole);
    box->setDefaultButton(keep);
    box->setEscapeButton(keep);
    return box;
}

} // namespace

base::Task<bool> askAboutRealm(QPointer<QWidget> window, content::RealmQuestion question, std::stop_token stop)
{
    if (!window)
        co_return false;
    const auto answer = std::make_shared<Answer>();
    const QPointer<QMessageBox> box = boxFor(window, question);
    const auto *send = box->findChild<QPushButton *>(QStringLiteral("send"));
    // From the event loop: nobody goes on inside the box's own signal.
    const auto wake = [answer] {
        QMetaObject::invokeMethod(
            QCoreApplication::instance(), [answer] { answer->event.notify(); }, Qt::QueuedConnection);
    };
    QObject::connect(send, &QPushButton::clicked, box, [answer] { answer->isYes = true; });
    QObject::connect(box, &QObject::destroyed, QCoreApplication::instance(), [answer, wake] {
        answer->isGiven = true;
        wake();
    });
    const std::stop_callback<std::function<void()>> onStop(stop, [box, wake] {
        if (box)
            box->deleteLater();
        wake();
    });
    box->open();
    while (!answer->isGiven && !stop.stop_requested())
        co_await answer->event;
    co_return answer->isYes && !stop.stop_requested();
}

} // namespace colophon::widgets
