// The workbench:
//
//     synoscope [FILE] [--start] [--problem NAME|P.json] [--theme light|dark|system] [--screenshot PNG] [--after
//     SECONDS]
//
// Without a file it opens the demo; an operator (.pgraph) becomes a candidate there.
#include "app/workbench/main_window.h"
#include "app/workbench/preferences.h"
#include "app/workbench/recent_files.h"
#include "app/workbench/session_factory.h"
#include "app/workbench/window_actions.h"
#include "core/base/resources.h"

#include <QtCore/QCommandLineParser>
#include <QtCore/QFileInfo>
#include <QtCore/QLibraryInfo>
#include <QtCore/QTimer>
#include <QtCore/QTranslator>
#include <QtWidgets/QApplication>

#include <clocale>
#include <cstdio>
#include <cstdlib>
#include <string_view>

using namespace synoscope;

namespace {

constexpr int badUsage = 2;
constexpr int failedRunning = 3;

// Qt ends the process with a dump when there is no display; a sentence is kinder. Whoever chose a platform knows
// better.
bool hasDisplay(int argc, char** argv)
{
    for (int i = 1; i < argc; ++i)
        if (std::string_view(argv[i]).starts_with("-platform"))
            return true;
    for (const char* variable : {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"})
        if (const char* value = std::getenv(variable); value != nullptr && *value != '\0')
            return true;
    return false;
}

void loadTranslations(QApplication& application)
{
    static QTranslator qtTexts;
    static QTranslator texts;
    if (const QString language = Preferences::load().language; !language.isEmpty())
        QLocale::setDefault(QLocale(language));
    if (qtTexts.load(QLocale(), QStringLiteral("qtbase"), QStringLiteral("_"),
                     QLibraryInfo::path(QLibraryInfo::TranslationsPath)))
        application.installTranslator(&qtTexts);
    if (texts.load(QLocale(), QStringLiteral("synoscope"), QStringLiteral("_"), QStringLiteral(":/i18n")))
        application.installTranslator(&texts);
}

struct Options
{
    QString file;
    QString problem;
    QString theme;
    QString screenshot;
    double after = 3; // seconds
    bool start = false;
};

Options readOptions(const QApplication& application)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(
        QCoreApplication::translate("main", "A workbench that synthesises neural-network operators."));
    parser.addHelpOption();
    parser.addVersionOption();
    const auto text = [](const char* what) { return QCoreApplication::translate("main", what); };
    parser.addPositionalArgument(QStringLiteral("file"),
                                 text(QT_TRANSLATE_NOOP("main", "An experiment, a problem or an operator to open.")),
                                 QStringLiteral("[FILE]"));
    const QCommandLineOption start(QStringLiteral("start"),
                                   text(QT_TRANSLATE_NOOP("main", "Start the search at once.")));
    const QCommandLineOption problem(QStringLiteral("problem"),
                                     text(QT_TRANSLATE_NOOP("main", "Make FILE a new experiment on this problem.")),
                                     QStringLiteral("P.json"));
    const QCommandLineOption theme(QStringLiteral("theme"), QStringLiteral("light, dark, system"),
                                   QStringLiteral("THEME"));
    const QCommandLineOption screenshot(QStringLiteral("screenshot"),
                                        text(QT_TRANSLATE_NOOP("main", "Save a picture of the window, then quit.")),
                                        QStringLiteral("PNG"));
    const QCommandLineOption after(QStringLiteral("after"),
                                   text(QT_TRANSLATE_NOOP("main", "Seconds before the picture is taken (3).")),
                                   QStringLiteral("SECONDS"));
    parser.addOptions({start, problem, theme, screenshot, after});
    parser.process(application);

    Options options;
    options.start = parser.isSet(start);
    options.problem = parser.value(problem);
    options.theme = parser.value(theme);
    options.screenshot = parser.value(screenshot);
    if (parser.isSet(after))
        options.after = parser.value(after).toDouble();
    if (!parser.positionalArguments().isEmpty())
        options.file = parser.positionalArguments().first();
    return options;
}

bool isOperator(const QString& file)
{
    return QFileInfo(file).suffix().compare(QStringLiteral("pgraph"), Qt::CaseInsensitive) == 0;
}

// What is opened first. A problem needs a file to be stored in.
bool openFirst(MainWindow& window, SessionPort& port, const Options& options)
{
    if (!options.problem.isEmpty() && options.file.isEmpty()) {
        std::fputs(qPrintable(QCoreApplication::translate("main", "--problem needs a FILE for the new experiment.\n")),
                   stderr);
        return false;
    }
    if (options.start)
        QObject::connect(
            &port, &SessionPort::opened, &window, [&port] { port.start(); }, Qt::SingleShotConnection);
    QTimer::singleShot(0, &window, [&window, &port, options] { // when the window stands
        if (!options.problem.isEmpty())
            window.createExperiment(
                QString::fromStdString(shippedFile(options.problem.toStdString(), "problems", ".json").string()),
                options.file);
        else if (isOperator(options.file)) { // a candidate is one of an experiment
            QObject::connect(
                &port, &SessionPort::opened, &window, [&window, file = options.file] { window.openPath(file); },
                Qt::SingleShotConnection);
            openDefaultExperiment(port);
        } else if (!options.file.isEmpty())
            window.openPath(options.file);
        else if (const QStringList recent = window.actions().recent->files();
                 Preferences::load().openLast && !recent.isEmpty())
            window.openPath(recent.first());
        else
            openDefaultExperiment(port);
    });
    return true;
}

void takePicture(MainWindow& window, const Options& options)
{
    QTimer::singleShot(static_cast<int>(options.after * 1000), &window, [&window, file = options.screenshot] {
        const bool saved = window.grab().save(file);
        if (!saved)
            std::fprintf(
                stderr, "%s\n",
                qPrintable(QCoreApplication::translate("main", "The picture cannot be written to “%1”.").arg(file)));
        QCoreApplication::exit(saved ? EXIT_SUCCESS : failedRunning);
    });
}

} // namespace

int main(int argc, char** argv)
{
    if (!hasDisplay(argc, argv)) {
        std::fputs(
            "synoscope needs a display, and neither DISPLAY nor WAYLAND_DISPLAY is set; synoscope-cli does the same "
            "work without one.\n",
            stderr);
        return badUsage;
    }
    QApplication application(argc, argv);
    setlocale(LC_NUMERIC, "C"); // files are read and written with a point, whatever the user's locale
    QCoreApplication::setOrganizationName(QStringLiteral("Synoscope"));
    QCoreApplication::setApplicationName(QStringLiteral("Synoscope"));
    QCoreApplication::setApplicationVersion(QStringLiteral(SYNOSCOPE_VERSION));
    QGuiApplication::setDesktopFileName(QStringLiteral("org.synoscope.Synoscope")); // as in resources/desktop
    QGuiApplication::setWindowIcon(QIcon(QStringLiteral(":/icons/synoscope.svg")));
    loadTranslations(application);

    const Options options = readOptions(application);
    Theme theme;
    const std::unique_ptr<SessionPort> port = makeSession();
    MainWindow window(*port, theme);
    if (!options.theme.isEmpty())
        window.setThemeMode(Theme::fromString(options.theme));
    if (!openFirst(window, *port, options))
        return badUsage;
    if (!options.screenshot.isEmpty())
        window.resize(1280, 800); // whatever the screen: pictures should compare
    window.show();
    if (!options.screenshot.isEmpty())
        takePicture(window, options);
    return QApplication::exec();
}
