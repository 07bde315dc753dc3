// SPDX-License-Identifier: Apache-2.0
#pragma once

// The demo registry as the window's samples: started when they are asked for, gone with the program.

#include "demo/demoregistry.h"
#include "widgets/window/mainwindow.h"

#include <QTemporaryDir>

#include <optional>

namespace colophon {

class DemoSamples
{
public:
    widgets::MainWindow::Samples samples();
    // Once samples() was asked for.
    demo::DemoRegistry &registry() { return *m_registry; }
    // The throwaway key that comes with the demo; its public half lies beside it.
    QString keyFile() const { return m_keys.filePath(QStringLiteral("demo.key")); }

private:
    std::optional<demo::DemoRegistry> m_registry;
    QTemporaryDir m_keys;
};

} // namespace colophon
