// SPDX-License-Identifier: Apache-2.0
#include "journeys/windowfixture.h"

#include "colophon/look.h"
#include "support/canary/canary.h"
#include "widgets/connect/referencebar.h"
#include "widgets/push/reviewsheet.h"
#include "widgets/tree/imagetreeview.h"
#include "widgets/window/windowactions.h"

#include <QApplication>
#include <QFile>
#include <QLineEdit>
#include <QPushButton>
#include <QTest>

namespace colophon::test {

WindowFixture::WindowFixture(content::Connector &connector)
    : m_connector(connector)
    , m_settings(m_folder.filePath(QStringLiteral("colophon.conf")))
{
    if (qEnvironmentVariableIsSet("COLOPHON_PICTURES"))
        applyLook(*qApp);
    restart();
}

WindowFixture::~WindowFixture()
{
    m_window.reset(); // it writes its last then
    const QStringList found = secretsLeft();
    if (!found.isEmpty())
        QTest::qFail(qPrintable(found.join(u'\n')), __FILE__, __LINE__);
}

QStringList WindowFixture::secretsLeft()
{
    m_settings.sync();
    QStringList found;
    for (const char *left : {"colophon.conf", "drafts"}) {
        const QString path = m_folder.filePath(QLatin1String(left));
        if (QFile::exists(path))
            found += canariesBelow(path);
    }
    return found;
}

void WindowFixture::restart()
{
    m_window.reset();
    m_window = std::make_unique<widgets::MainWindow>(m_connector, m_settings, drafts());
    m_window->show();
    m_window->activateWindow();
    if (!QTest::qWaitForWindowActive(m_window.get()))
        qWarning("The window did not become active: keys may not arrive.");
}

QPushButton *WindowFixture::button(const char *objectName) const
{
    for (QPushButton *each : m_window->findChildren<QPushButton *>(QLatin1String(objectName)))
        if (each->isVisible())
            return each;
    return nullptr;
}

bool WindowFixture::click(const char *objectName)
{
    if (!QTest::qWaitFor([&] { return button(objectName) && button(objectName)->isEnabled(); }))
        return false;
    QTest::mouseClick(button(objectName), Qt::LeftButton);
    return true;
}

QString WindowFixture::write(const QString &name, const QByteArray &bytes) const
{
    QFile file(m_folder.filePath(name));
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("A file of the test cannot be written.");
    return file.fileName();
}

void WindowFixture::type(const QString &reference)
{
    press(Qt::Key_L, Qt::ControlModifier);
    QLineEdit *field = m_window->referenceBar()->field();
    QTest::keyClicks(field, reference);
    QTest::keyClick(field, Qt::Key_Return);
}

bool WindowFixture::isSettled() const
{
    const widgets::ImageController *controller = m_window->controller();
    return !controller->isLoading() && !controller->isListingTags() && !controller->isCheckingSignatures() &&
           !controller->isProbing();
}

bool WindowFixture::open(const QString &reference)
{
    type(reference);
    return QTest::qWaitFor([this] { return isSettled(); }) &&
           m_window->controller()->state() == widgets::ImageController::State::Open;
}

bool WindowFixture::waitForState(widgets::ImageController::State state)
{
    return QTest::qWaitFor([this, state] { return m_window->controller()->state() == state; });
}

bool WindowFixture::waitForPush(widgets::PushController::State state)
{
    return QTest::qWaitFor([this, state] { return m_window->review()->controller()->state() == state; }, 20'000);
}

void WindowFixture::press(Qt::Key key, Qt::KeyboardModifiers modifiers)
{
    QWidget *focused = QApplication::focusWidget();
    QTest::keyClick(focused ? focused : m_window.get(), key, modifiers);
}

void WindowFixture::select(const document::NodePath &path)
{
    m_window->activateWindow(); // also where a dialog was just before
    if (!QTest::qWaitForWindowActive(m_window.get()))
        qWarning("The window did not become active: keys may not arrive.");
    m_window->tree()->setFocus();
    m_window->tree()->setCurrent(path);
}

void WindowFixture::picture(const char *name)
{
    const QString to = qEnvironmentVariable("COLOPHON_PICTURES");
    if (to.isEmpty())
        return;
    const auto save = [&](const char *look) {
        for (int turn = 0; turn < 3; ++turn)
            QCoreApplication::processEvents(); // a layout may follow from the one before
        QWidget *seen = QApplication::activeModalWidget() ? QApplication::activeModalWidget() : m_window.get();
        seen->grab().save(QStringLiteral("%1/%2%3.png").arg(to, QLatin1String(name), QLatin1String(look)));
    };
    save("");
    if (!qEnvironmentVariableIsSet("COLOPHON_PICTURES_LOOKS"))
        return;
    const QSize size = m_window->size();
    m_window->resize(1024, 700);
    save("-small");
    QApplication::setPalette(darkPalette());
    save("-small-dark");
    m_window->resize(size);
    save("-dark");
    QApplication::setPalette(lightPalette());
}

QString WindowFixture::markingOf(const document::NodePath &layer)
{
    const auto descriptor = document().tree().descriptor(layer);
    return descriptor ? oci::nameOf(descriptor->marking()) : QString();
}

} // namespace colophon::test
