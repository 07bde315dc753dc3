// SPDX-License-Identifier: Apache-2.0
#pragma once

// A window under test with settings of its own, driven as a person does: text into fields, keys, actions.

#include "session/settings.h"
#include "widgets/push/pushcontroller.h"
#include "widgets/window/mainwindow.h"

#include <QTemporaryDir>

class QPushButton;

namespace colophon::test {

class WindowFixture
{
public:
    explicit WindowFixture(content::Connector &connector);
    // Fails the test where a secret stands in the settings or the drafts that it leaves behind.
    ~WindowFixture();
    QStringList secretsLeft(); // where they stand
    widgets::MainWindow &window() { return *m_window; }
    session::Settings &settings() { return m_settings; }
    QString folder() const { return m_folder.path(); }
    session::DraftStore drafts() const { return session::DraftStore(m_folder.filePath(QStringLiteral("drafts"))); }
    QString write(const QString &name, const QByteArray &bytes) const; // its path
    void close() { m_window.reset(); }
    // A new start of the program: another window with the same settings and drafts.
    void restart();
    // A push button of this name that can be seen; nullptr where there is none.
    QPushButton *button(const char *objectName) const;
    // Waits until it can be pressed, and does; false where that does not come about.
    bool click(const char *objectName);

    // Types a reference and presses Return.
    void type(const QString &reference);
    // Does so and waits until the image is open with its tags and signatures; false after five seconds.
    bool open(const QString &reference);
    bool isSettled() const;
    bool waitForState(widgets::ImageController::State state);
    bool waitForPush(widgets::PushController::State state);
    void press(Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier); // in whatever has the focus
    void select(const document::NodePath &path);                               // and focuses the tree
    editing::ImageDocument &document() { return *m_window->controller()->document(); }
    // Saves what is seen now as NAME.png in the folder $COLOPHON_PICTURES, where there is one: for looking at it. With
    // $COLOPHON_PICTURES_LOOKS also at the smallest size, and in the dark.
    void picture(const char *name);
    QString markingOf(const document::NodePath &layer);

private:
    content::Connector &m_connector;
    QTemporaryDir m_folder;
    session::Settings m_settings;
    std::unique_ptr<widgets::MainWindow> m_window;
};

} // namespace colophon::test
