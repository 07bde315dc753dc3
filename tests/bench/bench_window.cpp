// SPDX-License-Identifier: Apache-2.0
// How long the window is busy with each thing a person does to the largest images: the program's own window, driven
// step by step. A frame is a step and everything it leads to until the window is painted; it should stay under 16 ms
// while scrolling. The longest event is how long it was away from its event loop, also for what comes in slices.
// Arguments: layers, platforms, layers of each platform. QT_QPA_PLATFORM chooses where it is shown.
#include "colophon/look.h"
#include "journeys/fakeconnector.h"
#include "journeys/windowfixture.h"
#include "support/bigimage/manyparts.h"
#include "widgets/inspector/inspector.h"
#include "widgets/push/reviewsheet.h"
#include "widgets/tree/imagetreeview.h"
#include "widgets/window/windowactions.h"

#include <QApplication>
#include <QScrollBar>
#include <QTableView>
#include <QTest>
#include <QWheelEvent>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <vector>

using namespace colophon;
using test::ManyParts;

namespace {
double now(clockid_t clock)
{
    timespec time{};
    clock_gettime(clock, &time);
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

// How long the window's thread is away from its event loop at a time.
class Application final : public QApplication
{
public:
    using QApplication::QApplication;
    bool notify(QObject *receiver, QEvent *event) override
    {
        if (event->type() == QEvent::Paint)
            ++paints;
        if (m_depth > 0)
            return QApplication::notify(receiver, event);
        ++m_depth;
        const double before = now(CLOCK_MONOTONIC);
        const bool done = QApplication::notify(receiver, event);
        longest = std::max(longest, now(CLOCK_MONOTONIC) - before);
        --m_depth;
        return done;
    }
    double longest = 0; // ms, of one event or step
    int paints = 0;

private:
    int m_depth = 0;
};

Application &application() { return *static_cast<Application *>(QCoreApplication::instance()); }

class Stage
{
public:
    explicit Stage(const char *name)
        : m_name(name)
    {
        application().longest = 0;
        application().paints = 0;
    }
    ~Stage()
    {
        std::ranges::sort(m_wall);
        std::ranges::sort(m_cpu);
        const auto at = [](const std::vector<double> &list, double part) {
            return list.empty() ? 0.0 : list[std::min(list.size() - 1, size_t(part * double(list.size())))];
        };
        std::printf(
            "  %-44s %5zu frames  median %7.2f  p99 %7.2f  max %7.2f ms   CPU: %7.2f %7.2f %7.2f   longest event "
            "%7.2f ms, %d paints\n",
            m_name, m_wall.size(), at(m_wall, 0.5), at(m_wall, 0.99), m_wall.empty() ? 0 : m_wall.back(),
            at(m_cpu, 0.5), at(m_cpu, 0.99), m_cpu.empty() ? 0 : m_cpu.back(), application().longest,
            application().paints);
        std::fflush(stdout);
    }
    void frame(const std::function<void()> &step)
    {
        const double wall = now(CLOCK_MONOTONIC);
        const double cpu = now(CLOCK_THREAD_CPUTIME_ID);
        step();
        application().longest = std::max(application().longest, now(CLOCK_MONOTONIC) - wall);
        QCoreApplication::processEvents();
        QCoreApplication::processEvents();
        m_cpu.push_back(now(CLOCK_THREAD_CPUTIME_ID) - cpu);
        m_wall.push_back(now(CLOCK_MONOTONIC) - wall);
    }
    // What comes afterwards, in slices and from other threads: it must not hold the window up either.
    static void settle()
    {
        const double end = now(CLOCK_MONOTONIC) + 700;
        while (now(CLOCK_MONOTONIC) < end)
            QCoreApplication::processEvents(QEventLoop::AllEvents, 50);
    }

private:
    const char *m_name;
    std::vector<double> m_wall; // ms a frame
    std::vector<double> m_cpu;  // of these the time of the window's own thread
};

void once(const char *name, const std::function<void()> &step)
{
    Stage stage(name);
    stage.frame(step);
    stage.settle();
}

// A step that goes on by itself for a while: only how long it holds the window up at a time counts.
void waited(const char *name, const std::function<void()> &step, const std::function<bool()> &isDone)
{
    Stage stage(name);
    stage.frame(step);
    while (!isDone())
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
    stage.settle();
}

void wheel(QWidget *over, int eighths)
{
    const QPointF at = over->rect().center();
    QWheelEvent event(at, over->mapToGlobal(at), {}, {0, eighths}, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase,
                      false);
    QCoreApplication::sendEvent(over, &event);
}

// The bar's whole way by wheel, at most so many turns, and back by dragging it.
void scroll(const char *wheeled, const char *dragged, QAbstractScrollArea *area)
{
    QScrollBar *bar = area->verticalScrollBar();
    {
        Stage stage(wheeled);
        for (int i = 0; i < 400 && bar->value() < bar->maximum(); ++i)
            stage.frame([&] { wheel(area->viewport(), -120); });
    }
    {
        Stage stage(dragged);
        for (int i = 300; i >= 0; --i)
            stage.frame([&] { bar->setSliderPosition(int(qint64(bar->maximum()) * i / 300)); });
    }
}

void keys(const char *name, QWidget *to, Qt::Key key, int count, Qt::KeyboardModifiers with = Qt::NoModifier)
{
    Stage stage(name);
    for (int i = 0; i < count; ++i)
        stage.frame([&] { QTest::keyClick(to, key, with); });
}

void edits(test::WindowFixture &fixture, const char *tab)
{
    widgets::ImageTreeView *tree = fixture.window().tree();
    std::printf(" with %s open\n", tab);
    tree->setFocus();
    once("select all", [&] { QTest::keyClick(tree, Qt::Key_A, Qt::ControlModifier); });
    once("mark all", [&] { QTest::keyClick(tree, Qt::Key_Space); });
    once("undo", [&] { fixture.window().actions()->undo->trigger(); });
    once("redo", [&] { fixture.window().actions()->redo->trigger(); });
    once("unmark all", [&] { QTest::keyClick(tree, Qt::Key_Space); });
    once("undo", [&] { fixture.window().actions()->undo->trigger(); });
    tree->setCurrentIndex(tree->model()->index(0, 0));
    QCoreApplication::processEvents();
    keys("down", tree, Qt::Key_Down, 100);
    keys("page down", tree, Qt::Key_PageDown, 50);
    keys("extend the selection down", tree, Qt::Key_Down, 50, Qt::ShiftModifier);
    once("toggle these", [&] { QTest::keyClick(tree, Qt::Key_Space); });
    once("undo", [&] { fixture.window().actions()->undo->trigger(); });
    tree->setCurrent(fixture.document().tree().layers().at(1));
    QCoreApplication::processEvents();
    once("toggle one", [&] { QTest::keyClick(tree, Qt::Key_Space); });
    once("undo", [&] { fixture.window().actions()->undo->trigger(); });
    while (fixture.document().undoStack()->canUndo())
        fixture.document().undoStack()->undo();
}

void measure(const char *what, const ManyParts &image)
{
    std::printf("%s, %lld bytes\n", what, static_cast<long long>(image.rootBytes().size()));
    const QString reference = QStringLiteral("registry.example/vendor/big:1");
    test::FakeConnector connector;
    image.putInto(connector.store(QStringLiteral("registry.example/vendor/big")), QStringLiteral("1"));
    connector.repository(QStringLiteral("registry.example/vendor/big"))->setAsynchronous(true);
    test::WindowFixture fixture(connector);
    widgets::MainWindow &window = fixture.window();
    widgets::ImageTreeView *tree = window.tree();
    waited("open", [&] { window.open(*oci::Reference::parse(reference)); }, [&] { return fixture.isSettled(); });
    once("expand all", [&] { tree->expandAll(); });
    scroll("scroll by the wheel", "drag the scroll bar", tree);
    once("resize", [&] { window.resize(1100, 720); });
    once("resize", [&] { window.resize(1280, 800); });
    edits(fixture, "Overview");
    window.inspector()->setCurrentTab(widgets::Inspector::Tab::Json);
    edits(fixture, "JSON");
    once("resize", [&] { window.resize(1100, 720); });
    once("resize", [&] { window.resize(1280, 800); });
    window.inspector()->setCurrentTab(widgets::Inspector::Tab::Findings);
    edits(fixture, "Findings");
    window.inspector()->setCurrentTab(widgets::Inspector::Tab::Overview);
    tree->setFocus();
    QTest::keyClick(tree, Qt::Key_A, Qt::ControlModifier);
    QTest::keyClick(tree, Qt::Key_Space);
    tree->setCurrentIndex(tree->model()->index(0, 0));
    QCoreApplication::processEvents();
    std::printf(" marked whole\n");
    scroll("scroll by the wheel", "drag the scroll bar", tree);
    waited(
        "review", [&] { window.actions()->review->trigger(); },
        [&] { return window.review()->controller()->state() != widgets::PushController::State::Preparing; });
    scroll("scroll the plan", "drag the plan's scroll bar", window.review()->planView());
    once("resize", [&] { window.resize(1100, 720); });
    once("back to the image", [&] { window.review()->leaveOrCancel(); });
}
} // namespace

int main(int argc, char *argv[])
{
    Application application(argc, argv);
    applyLook(application);
    const QStringList arguments = QCoreApplication::arguments();
    const auto number = [&](int i, int otherwise) { return arguments.value(i, QString::number(otherwise)).toInt(); };
    measure("One manifest of many layers", ManyParts::layers(number(1, 10'000)));
    measure("One manifest of many layers, each with a finding", ManyParts::halfMarkedLayers(number(1, 10'000)));
    measure("An index of many platforms", ManyParts::platforms(number(2, 200), number(3, 5)));
    return 0;
}
