// SPDX-License-Identifier: Apache-2.0
// The window's program. Composition only: the registry client becomes the window's Connector, the demo registry its
// samples. --version and --help need no display.
#include "base/privateprocess.h"
#include "colophon/look.h"
#include "colophon/samples.h"
#include "colophon/tour.h"
#include "registry/client.h"
#include "session/keychain.h"
#include "session/settings.h"
#include "widgets/common/symbols.h"
#include "widgets/connect/referencebar.h"
#include "widgets/window/mainwindow.h"

#include <QApplication>
#include <QLineEdit>
#include <QPointer>

#include <CLI/CLI.hpp>

#include <iostream>

namespace {

struct Arguments
{
    std::string reference;
    std::string tour;
    bool demo = false;
};

// The exit code where the program has nothing more to do.
std::optional<int> readArguments(int argc, char **argv, Arguments &arguments)
{
    CLI::App words{"Shows and changes which layers of a container image may be distributed, signs and pushes it.",
                   "colophon"};
    words.set_version_flag("--version", "colophon " COLOPHON_VERSION);
    words.add_option("REF", arguments.reference, "The image to open: registry/repository[:tag][@digest]");
    words.add_flag("--demo", arguments.demo, "Open the demo registry, which lives in this process");
    words.add_option("--tour", arguments.tour,
                     "Do the main job on the demo registry by itself and save a picture of each step in this folder");
    words.allow_windows_style_options(false);
    try {
        words.parse(argc, argv);
    } catch (const CLI::ParseError &error) {
        // Help and version come this way too, with code 0.
        const bool fine = error.get_exit_code() == 0;
        words.exit(error, std::cout, std::cerr);
        return fine ? 0 : 2;
    }
    return std::nullopt;
}

// The window is told of requests and waits, as long as it is there. It is made after the client that has the options.
void tell(colophon::registry::ClientOptions &options, QPointer<colophon::widgets::MainWindow> &window)
{
    options.log = [&window](const colophon::content::RequestRecord &record) {
        if (window)
            window->log(record);
    };
    options.patience.waiting = [&window](const colophon::registry::retry::Waiting &waiting) {
        if (window)
            window->showWaiting(waiting.reason, waiting.time);
    };
}

int show(QApplication &application, const Arguments &arguments)
{
    using namespace colophon;
    session::Settings settings;
    QPointer<widgets::MainWindow> window;
    registry::ClientOptions options = registry::ClientOptions::ofThisComputer();
    const auto registries = registry::trust::RegistriesConf::read(registry::trust::RegistriesConf::standardFiles());
    if (registries)
        options.registries = *registries;
    tell(options, window);
    const auto keychain = std::make_shared<session::Keychain>(settings);
    options.places = registry::auth::CredentialPlaces::ofThisUser();
    options.keychain = keychain;
    registry::Client client(options);
    DemoSamples samples;
    auto shown = std::make_unique<widgets::MainWindow>(client, settings, session::DraftStore());
    window = shown.get();
    window->setKeychain(keychain);
    window->setSampleSource([&samples] { return samples.samples(); });
    window->show();
    if (!registries) { // which registries are blocked is not known then: nothing is opened by itself
        window->refuse(registries.error());
    } else if (!arguments.reference.empty()) {
        window->referenceBar()->field()->setText(QString::fromLocal8Bit(arguments.reference));
        window->referenceBar()->submit();
    } else if (arguments.demo) {
        window->openSample();
    }
    const int code = application.exec();
    QCoro::waitFor(client.settle()); // what was stopped on the way out
    return code;
}

int tour(QApplication &application, const Arguments &arguments)
{
    using namespace colophon;
    QTemporaryDir home;
    session::Settings settings(home.filePath(QStringLiteral("colophon.conf")));
    QPointer<widgets::MainWindow> window;
    registry::ClientOptions options;
    tell(options, window);
    registry::Client client(options);
    DemoSamples samples;
    auto shown = std::make_unique<widgets::MainWindow>(client, settings,
                                                       session::DraftStore(home.filePath(QStringLiteral("drafts"))));
    window = shown.get();
    window->setSampleSource([&samples] { return samples.samples(); });
    Tour steps(*window, samples, QString::fromLocal8Bit(arguments.tour));
    QObject::connect(
        &steps, &Tour::finished, &application, [](bool good) { QCoreApplication::exit(good ? 0 : 1); },
        Qt::QueuedConnection);
    window->show();
    steps.start();
    return application.exec();
}

} // namespace

int main(int argc, char *argv[])
{
    colophon::base::keepMemoryPrivate();
    Arguments arguments;
    if (const auto done = readArguments(argc, argv, arguments))
        return *done;
    QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("colophon"));
    QApplication::setApplicationDisplayName(QStringLiteral("Colophon"));
    QApplication::setApplicationVersion(QStringLiteral(COLOPHON_VERSION));
    QApplication::setWindowIcon(colophon::widgets::symbolIcon(colophon::items::Symbol::Image));
    colophon::applyLook(application);
    return arguments.tour.empty() ? show(application, arguments) : tour(application, arguments);
}
