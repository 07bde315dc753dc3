// SPDX-License-Identifier: Apache-2.0
#include "colophon/tour.h"

#include "colophon/look.h"
#include "items/pushplanmodel.h"
#include "widgets/common/errorstrip.h"
#include "widgets/connect/referencebar.h"
#include "widgets/inspector/inspector.h"
#include "widgets/inspector/jsonview.h"
#include "widgets/push/reviewsheet.h"
#include "widgets/signing/signingchoice.h"
#include "widgets/tree/imagetreeview.h"
#include "widgets/window/changebar.h"
#include "widgets/window/statusline.h"
#include "widgets/window/windowactions.h"

#include <QApplication>
#include <QDir>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPushButton>

#include <cstdio>

namespace colophon {

using widgets::ImageController;
using Push = widgets::PushController::State;

namespace {
constexpr int longestWait = 30'000; // ms; nothing of the tour takes a second

void print(std::FILE *to, const QString &line)
{
    std::fputs(qPrintable(line + QLatin1Char('\n')), to);
    std::fflush(to);
}
} // namespace

Tour::Tour(widgets::MainWindow &window, DemoSamples &samples, const QString &folder)
    : m_window(window)
    , m_samples(samples)
    , m_folder(folder)
{
    m_looking.setInterval(10);
    connect(&m_looking, &QTimer::timeout, this, &Tour::look);
}

void Tour::start()
{
    if (!QDir().mkpath(m_folder)) {
        end(tr("The folder %1 cannot be made.").arg(m_folder));
        return;
    }
    m_window.resize(1280, 800);
    m_window.offerSamples();
    const auto samples = m_samples.samples();
    if (samples.error || samples.keyFiles.isEmpty()) {
        end(samples.error ? samples.error->text() : tr("The demo key cannot be written."));
        return;
    }
    m_host = m_samples.registry().host();
    addOpening();
    addEditing();
    addPushing();
    addLooking();
    next();
}

void Tour::step(const QString &name, std::function<void()> act, std::function<bool()> done,
                std::function<QString()> says)
{
    m_steps.append({name, std::move(act), std::move(done), std::move(says)});
}

void Tour::next()
{
    ++m_current;
    if (m_current == m_steps.size()) {
        end({});
        return;
    }
    m_since.start();
    m_steps.at(m_current).act();
    m_looking.start();
}

void Tour::look()
{
    const Step &now = m_steps.at(m_current);
    if (!now.done()) {
        if (m_since.elapsed() > longestWait)
            end(tr("Step %1 (%2) did not come about. %3")
                    .arg(m_current + 1)
                    .arg(now.name, m_window.isReviewing() && m_window.review()->controller()->error()
                                       ? m_window.review()->controller()->error()->text()
                                   : m_window.controller()->error() ? m_window.controller()->error()->text()
                                                                    : m_window.status()->said()));
        return;
    }
    m_looking.stop();
    QCoreApplication::sendPostedEvents();
    const QString picture =
        QStringLiteral("%1/%2-%3.png").arg(m_folder).arg(m_current + 1, 2, 10, QLatin1Char('0')).arg(now.name);
    if (!m_window.grab().save(picture)) {
        end(tr("The picture %1 cannot be written.").arg(picture));
        return;
    }
    print(stdout, QStringLiteral("%1. %2").arg(m_current + 1).arg(now.says()));
    QMetaObject::invokeMethod(this, &Tour::next, Qt::QueuedConnection);
}

void Tour::end(const QString &failure)
{
    m_looking.stop();
    if (!failure.isEmpty())
        print(stderr, tr("The tour stopped: %1").arg(failure));
    else
        print(stdout, tr("Done. The pictures are in %1.").arg(m_folder));
    Q_EMIT finished(failure.isEmpty());
}

bool Tour::isOpen(const QString &reference) const
{
    const ImageController *controller = m_window.controller();
    return controller->state() == ImageController::State::Open && controller->requested().toString() == reference &&
           !controller->isListingTags() && !controller->isCheckingSignatures();
}

QString Tour::digestNow() const
{
    return m_window.controller()->document()->tree().root().descriptor.digest.toString();
}

void Tour::press(QWidget *widget, int key, const QString &text)
{
    QKeyEvent down(QEvent::KeyPress, key, Qt::NoModifier, text);
    QCoreApplication::sendEvent(widget, &down);
    QKeyEvent up(QEvent::KeyRelease, key, Qt::NoModifier, text);
    QCoreApplication::sendEvent(widget, &up);
}

void Tour::type(const QString &reference)
{
    m_window.actions()->focusReference->trigger();
    QLineEdit *field = m_window.referenceBar()->field();
    field->setText(reference);
    press(field, Qt::Key_Return);
}

document::NodePath Tour::vendorLayer() const { return document::NodePath::root().child(0).layerAt(2); }

} // namespace colophon
