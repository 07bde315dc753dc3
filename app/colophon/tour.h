// SPDX-License-Identifier: Apache-2.0
#pragma once

// The main job on the demo registry, done by the real window through its own actions and keys: open, mark, undo, redo,
// probe, sign, push, verify. Each step waits for what it brought about, prints a line and saves a picture; what does
// not come about ends the tour with an error.

#include "colophon/samples.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <functional>

namespace colophon {

class Tour final : public QObject
{
    Q_OBJECT
public:
    Tour(widgets::MainWindow &window, DemoSamples &samples, const QString &folder);
    void start();

Q_SIGNALS:
    void finished(bool good);

private:
    struct Step
    {
        QString name; // of the picture
        std::function<void()> act;
        std::function<bool()> done;    // what it waits for
        std::function<QString()> says; // the line, once it is done
    };
    void step(const QString &name, std::function<void()> act, std::function<bool()> done,
              std::function<QString()> says);
    void addOpening();
    void addEditing();
    void addPushing();
    void addLooking();

    void next();
    void look();
    void end(const QString &failure);
    bool isOpen(const QString &reference) const;
    QString digestNow() const;
    void press(QWidget *widget, int key, const QString &text = {});
    void type(const QString &reference);
    document::NodePath vendorLayer() const;

    widgets::MainWindow &m_window;
    DemoSamples &m_samples;
    QString m_folder;
    QString m_host;
    QList<Step> m_steps;
    int m_current = -1;
    QTimer m_looking;
    QElapsedTimer m_since;
    QString m_originalDigest;
    QString m_markedDigest;
};

} // namespace colophon
