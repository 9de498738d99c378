// What the workbench costs, and whether it keeps up (DESIGN 10): starting, drawing a large tree, a search under its
// eyes.
//
//     bench_workbench [SECONDS]            how long each search runs; 20 when nothing is said
//     bench_workbench --memory MINUTES     what the process holds, minute by minute, while operators are found and
//                                          measured, and somebody looks at one after the other in changing views
//
// Painting is in software, so QT_QPA_PLATFORM=offscreen shows what a screen without a graphics card does.
#include "app/workbench/main_window.h"
#include "app/workbench/session_factory.h"
#include "app/workbench/view_wiring.h"
#include "core/experiment/experiment.h"
#include "tests/bench/tree_frames.h"

#include <QtCore/QElapsedTimer>
#include <QtCore/QEventLoop>
#include <QtCore/QSettings>
#include <QtCore/QTemporaryDir>
#include <QtCore/QTimer>
#include <QtWidgets/QApplication>
#include <QtWidgets/QDockWidget>

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <thread>

#include <sqlite3.h>
#include <unistd.h>

namespace synoscope {
namespace {

double milliseconds(const QElapsedTimer& timer)
{
    return static_cast<double>(timer.nsecsElapsed()) * 1e-6;
}

void wait(double seconds)
{
    QEventLoop loop;
    QTimer::singleShot(static_cast<int>(seconds * 1000), &loop, &QEventLoop::quit);
    loop.exec();
}

// For how long the window would not have answered: a timer is due every other millisecond, and comes when the event
// loop gets to it.
class Watchdog
{
public:
    Watchdog()
    {
        beat_.start(2);
        QObject::connect(&beat_, &QTimer::timeout, &beat_, [this] { beat(); });
        timer_.start();
    }
    void print() const
    {
        std::printf("  GUI thread, gaps between two turns of its loop: ");
        for (std::size_t i = 0; i < limits.size(); ++i)
            std::printf("%s%.0f ms: %d", i == 0 ? "up to " : ", ", limits[i], counts_[i]);
        std::printf(", longer: %d; the longest %.1f ms\n", counts_.back(), longest_);
    }

private:
    static constexpr std::array<double, 5> limits{5, 10, 20, 35, 50};

    void beat()
    {
        const double gap = milliseconds(timer_);
        timer_.restart();
        ++counts_[static_cast<std::size_t>(std::ranges::lower_bound(limits, gap) - limits.begin())];
        longest_ = std::max(longest_, gap);
    }

    QTimer beat_;
    QElapsedTimer timer_;
    std::array<int, limits.size() + 1> counts_{};
    double longest_ = 0;
};

// A search

ExperimentSettings fullSpeed()
{
    ExperimentSettings settings;
    settings.benchmark = settings.train = false; // the reward follows from the FLOPs, at once
    return settings;
}

ExperimentSettings withJobs()
{
    ExperimentSettings settings;
    settings.train = false;
    settings.evaluationsInFlight = 10;
    return settings;
}

WorkerSettings workers()
{
    return {{SYNOSCOPE_WORKER, "worker"}};
}

std::unique_ptr<Experiment> make(const QString& file, const ExperimentSettings& settings)
{
    const auto problem = readProblem(SYNOSCOPE_SOURCE_DIR "/resources/problems/conv2d-tiny.json");
    auto made = problem ? Experiment::create(file.toStdString(), *problem, settings, workers()) : problem.error();
    if (!made) {
        std::fprintf(stderr, "%s\n", made.error().text().c_str());
        std::exit(1);
    }
    return std::move(*made);
}

void searchWithoutWindow(const QString& file, double seconds)
{
    const auto experiment = make(file, fullSpeed());
    experiment->start();
    std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
    experiment->pause();
    const auto status = experiment->status();
    std::printf("search without the window: %.0f iterations a second\n",
                static_cast<double>(status.search.iterations) / seconds);
}

// The window on a new experiment.
struct OpenedWindow
{
    OpenedWindow(const QString& file, const ExperimentSettings& settings)
    {
        make(file, settings).reset();
        window.resize(1280, 800);
        window.show();
        bool opened = false;
        QObject::connect(session.get(), &SessionPort::statusChanged, &window,
                         [this](const SessionStatus& now) { status = now; });
        QObject::connect(session.get(), &SessionPort::opened, &window, [&] { opened = true; });
        window.openPath(file);
        while (!opened)
            wait(0.05);
        wait(0.5);
    }

    Theme theme;
    std::unique_ptr<SessionPort> session = makeSession();
    MainWindow window{*session, theme};
    SessionStatus status;
};

void searchInWindow(const char* what, const QString& file, const ExperimentSettings& settings, double seconds)
{
    OpenedWindow opened(file, settings);
    Watchdog watchdog;
    opened.session->start();
    wait(seconds);
    opened.session->pause();
    const SessionStatus& status = opened.status;
    std::printf("%s: %.0f iterations a second, %llu nodes, %llu candidates, %llu evaluated\n", what,
                static_cast<double>(status.iterations) / seconds, static_cast<unsigned long long>(status.nodes),
                static_cast<unsigned long long>(status.candidates), static_cast<unsigned long long>(status.evaluated));
    watchdog.print();
}

// Memory

double residentMiB()
{
    std::ifstream file("/proc/self/statm");
    double total = 0;
    double resident = 0;
    file >> total >> resident;
    return resident * static_cast<double>(sysconf(_SC_PAGESIZE)) / (1 << 20);
}

// The slope of y over x by least squares.
double slope(const std::vector<std::pair<double, double>>& points)
{
    double x = 0, y = 0, xx = 0, xy = 0;
    for (const auto& [px, py] : points) {
        x += px;
        y += py;
        xx += px * px;
        xy += px * py;
    }
    const auto n = static_cast<double>(points.size());
    return (n * xy - x * y) / (n * xx - x * x);
}

void memoryOverTime(const QString& file, int minutes)
{
    constexpr std::array shown{"graph", "inspector", "code", "rewards", "latency", "curves", "jobs"};
    OpenedWindow opened(file, withJobs());
    opened.session->start();
    std::printf("minute  resident MiB  of the search MiB  of SQLite MiB  nodes  candidates  evaluated  looked at\n");
    std::vector<std::pair<double, double>>
        secondHalf; // by candidates, as each is kept: its row, its job, its measurements
    std::size_t looks = 0;
    for (int minute = 1; minute <= minutes; ++minute) {
        for (int second = 0; second < 60; ++second, ++looks) {
            const std::uint64_t found = opened.status.candidates;
            if (found > 0)
                opened.window.wiring().selectCandidate(static_cast<std::int64_t>(1 + looks % found));
            opened.window.findChild<QDockWidget*>(QString::fromLatin1(shown[looks % shown.size()]))->raise();
            wait(1);
        }
        const SessionStatus& status = opened.status;
        const double resident = residentMiB();
        const double own = static_cast<double>(status.memoryBytes) / (1 << 20);
        const double cached = static_cast<double>(sqlite3_memory_used()) / (1 << 20); // grows up to its caches' limits
        std::printf("%6d  %12.1f  %17.1f  %13.1f  %5llu  %10llu  %9llu  %9zu\n", minute, resident, own, cached,
                    static_cast<unsigned long long>(status.nodes), static_cast<unsigned long long>(status.candidates),
                    static_cast<unsigned long long>(status.evaluated), looks);
        if (2 * minute > minutes)
            secondHalf.emplace_back(static_cast<double>(status.candidates), resident - own - cached);
    }
    std::printf("besides these two, in the second half: %.1f KiB a candidate\n", slope(secondHalf) * 1024);
}

void startTime()
{
    QElapsedTimer timer;
    timer.start();
    Theme theme;
    const auto session = makeSession();
    MainWindow window(*session, theme);
    window.resize(1280, 800);
    window.show();
    QCoreApplication::processEvents();
    window.grab();
    const double shown = milliseconds(timer);
    bool opened = false;
    QObject::connect(session.get(), &SessionPort::opened, &window, [&] { opened = true; });
    openDefaultExperiment(*session);
    while (!opened)
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents, 20);
    std::printf("start: the window after %.0f ms, the demo open after %.0f ms\n", shown, milliseconds(timer));
}

int run(const QStringList& arguments)
{
    std::setvbuf(stdout, nullptr, _IOLBF, 0);
    const QTemporaryDir folder;
    qputenv("XDG_DATA_HOME", folder.path().toUtf8());
    QSettings::setDefaultFormat(QSettings::IniFormat);
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, folder.path());
    if (arguments.value(1) == QStringLiteral("--memory")) {
        memoryOverTime(folder.filePath(QStringLiteral("hour.synoscope")),
                       arguments.value(2, QStringLiteral("60")).toInt());
        return 0;
    }
    startTime();
    for (const int nodes : {10'000, 100'000, 1'000'000})
        printTreeFrames(nodes);
    const double seconds = arguments.value(1, QStringLiteral("20")).toDouble();
    searchWithoutWindow(folder.filePath(QStringLiteral("without.synoscope")), seconds);
    searchInWindow("search in the window", folder.filePath(QStringLiteral("with.synoscope")), fullSpeed(), seconds);
    searchInWindow("search with ten jobs", folder.filePath(QStringLiteral("jobs.synoscope")), withJobs(), seconds);
    return 0;
}

} // namespace
} // namespace synoscope

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("SynoscopeBench"));
    return synoscope::run(application.arguments());
}
