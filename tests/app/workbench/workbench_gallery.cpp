// The whole window with realistic values, to look at: light and dark, large and small, full and empty.
//
//     workbench_gallery DIR     saves the pictures there (works with QT_QPA_PLATFORM=offscreen)
#include "app/workbench/command_palette.h"
#include "app/workbench/main_window.h"
#include "app/workbench/reward_dialog.h"
#include "app/workbench/window_actions.h"
#include "tests/app/workbench/scene.h"
#include "widgets/candidates/candidates_view.h"
#include "widgets/jobs/jobs_view.h"

#include <QtCore/QDir>
#include <QtCore/QSettings>
#include <QtCore/QTemporaryDir>
#include <QtCore/QTranslator>
#include <QtGui/QAction>
#include <QtWidgets/QApplication>
#include <QtWidgets/QDockWidget>

using namespace synoscope;

namespace {

class Gallery
{
public:
    explicit Gallery(QDir folder) : folder_(std::move(folder)) {}

    void pictures(ThemeMode mode, QSize size, const QString& language = {})
    {
        ScriptedSession session;
        Theme theme;
        MainWindow window(session, theme);
        showWindow(window, mode, size);
        const QString suffix =
            QStringLiteral("-%1-%2x%3").arg(Theme::toString(mode)).arg(size.width()).arg(size.height()) + language;
        save(window, QStringLiteral("empty") + suffix);
        showScene(session, window);
        settle(900);
        save(window, QStringLiteral("full") + suffix);
        for (const char* dock : {"inspector", "code", "rewards", "histogram", "latency"}) {
            window.findChild<QDockWidget*>(QString::fromLatin1(dock))->raise();
            save(window, QString::fromLatin1(dock) + suffix);
        }
        Q_EMIT window.views().candidates->compareRequested({3, 7});
        window.findChild<QDockWidget*>(QStringLiteral("graph"))->raise();
        settle(600); // both graphs are laid out
        save(window, QStringLiteral("compare") + suffix);
        window.actions().changeReward->trigger();
        settle(300);
        window.findChild<RewardDialog*>()->grab().save(
            folder_.filePath(QStringLiteral("reward") + suffix + QStringLiteral(".png")));
        window.findChild<RewardDialog*>()->reject();
        window.views().jobs->setCurrentJob(5);
        for (QAction* action : window.views().jobs->findChildren<QAction*>())
            if (action->isCheckable() && size.width() > 1100)
                action->setChecked(true); // the log
        Q_EMIT session.failed(Error{.message = "The problem asks for 40 weights, and at most 16 are possible.",
                                    .file = "/home/somebody/problems/conv2d-large.json",
                                    .line = 14,
                                    .column = 22,
                                    .details = "limits.weights"});
        window.findChild<QDockWidget*>(QStringLiteral("inspector"))->raise();
        save(window, QStringLiteral("jobs-error") + suffix);
        window.findChild<QDockWidget*>(QStringLiteral("curves"))->raise();
        window.actions().palette->trigger();
        save(window, QStringLiteral("curves") + suffix);
        settle(50);
        window.palette().grab().save(folder_.filePath(QStringLiteral("palette") + suffix + QStringLiteral(".png")));
        window.palette().hide();
    }

private:
    void save(QWidget& widget, const QString& name)
    {
        settle(300);
        widget.grab().save(folder_.filePath(name + QStringLiteral(".png")));
    }

    QDir folder_;
};

} // namespace

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    QCoreApplication::setOrganizationName(QStringLiteral("SynoscopeGallery"));
    QCoreApplication::setApplicationName(QStringLiteral("SynoscopeGallery"));
    QSettings::setDefaultFormat(QSettings::IniFormat);
    const QDir folder(application.arguments().value(1, QStringLiteral(".")));
    QDir().mkpath(folder.path());
    const QTemporaryDir settings;
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, settings.path());
    Gallery gallery(folder);
    for (const ThemeMode mode : {ThemeMode::light, ThemeMode::dark})
        for (const QSize size : {QSize(1280, 800), QSize(1000, 700)})
            gallery.pictures(mode, size);
    QTranslator chinese;
    if (chinese.load(QStringLiteral(":/i18n/synoscope_zh_CN.qm")) && QCoreApplication::installTranslator(&chinese))
        for (const auto& [mode, size] :
             {std::pair{ThemeMode::light, QSize(1280, 800)}, {ThemeMode::dark, QSize(1000, 700)}})
            gallery.pictures(mode, size, QStringLiteral("-zh"));
    return 0;
}
