#include "app/workbench/window_actions.h"

#include "app/workbench/docks.h"
#include "app/workbench/recent_files.h"
#include "widgets/candidates/candidates_view.h"
#include "widgets/code/code_view.h"
#include "widgets/common/icons.h"
#include "widgets/graph/graph_view.h"
#include "widgets/jobs/jobs_view.h"
#include "widgets/tree/tree_view.h"

#include <QtGui/QAction>
#include <QtGui/QActionGroup>
#include <QtGui/QUndoStack>
#include <QtWidgets/QMainWindow>
#include <QtWidgets/QMenu>
#include <QtWidgets/QMenuBar>
#include <QtWidgets/QToolBar>

namespace synoscope {

WindowActions::WindowActions(QMainWindow& window, const Docks& docks, const Views& views, QUndoStack& undo)
    : QObject(&window), recent(new RecentFiles(&window)), themes_(new QActionGroup(this))
{
    create = make(tr("&New experiment…"), QStringLiteral("new"), QKeySequence::New,
                  tr("Choose a backbone or a problem, and where to store the experiment"));
    editProblem = make(tr("Edit a &problem…"), QStringLiteral("problem"), {},
                       tr("Open a problem file, change what is looked for, and save it"));
    open = make(tr("&Open an experiment…"), QStringLiteral("open"), QKeySequence::Open);
    importOperator = make(tr("&Import an operator…"), QStringLiteral("import"), tr("Ctrl+I"),
                          tr("Bring a .pgraph file into the experiment as a candidate"));
    exportOperator = make(tr("&Export the operator…"), QStringLiteral("export"), tr("Ctrl+E"),
                          tr("Write the selected candidate as code or as a picture"));
    quit = make(tr("&Quit"), {}, tr("Ctrl+Q")); // QKeySequence::Quit is empty on some platforms
    quit->setMenuRole(QAction::QuitRole);
    startPause = make(tr("&Start the search"), QStringLiteral("start"), tr("F5"));
    step = make(tr("One &iteration"), QStringLiteral("step"), tr("F10"), tr("A single iteration of the paused search"));
    changeReward = make(tr("Change the &reward…"), {}, tr("Ctrl+Shift+R"),
                        tr("Give all candidates another reward, from what was measured already"));
    findInTree = make(tr("&Find in the search tree"), QStringLiteral("search"), QKeySequence::Find);
    filterCandidates = make(tr("Filter the &candidates"), QStringLiteral("filter"), tr("Ctrl+Shift+F"));
    resetLayout = make(tr("&Reset the layout"), {}, {}, tr("Put every dock back where it was at first"));
    fullScreen = make(tr("F&ull screen"), {}, tr("F11"));
    fullScreen->setCheckable(true);
    palette =
        make(tr("All &commands…"), QStringLiteral("commands"), tr("Ctrl+Shift+P"), tr("Find any action by its name"));
    shortcuts = make(tr("&Keyboard shortcuts"), {}, tr("F1"));
    preferences = make(tr("&Preferences…"), QStringLiteral("settings"), tr("Ctrl+,"), tr("Language, theme, size of texts"));
    preferences->setMenuRole(QAction::PreferencesRole);
    about = make(tr("&About Synoscope"), QStringLiteral("help"), {});
    about->setMenuRole(QAction::AboutRole);
    undo_ = undo.createUndoAction(this, tr("&Undo"));
    undo_->setIcon(icon(QStringLiteral("undo")));
    undo_->setShortcut(QKeySequence::Undo);
    redo_ = undo.createRedoAction(this, tr("&Redo"));
    redo_->setIcon(icon(QStringLiteral("redo")));
    redo_->setShortcut(QKeySequence::Redo);
    fillMenus(window, docks, views);
    fillToolBar(window);
    setPhase(SearchPhase::none);
    setHasCandidate(false);
}

QAction* WindowActions::make(const QString& text, const QString& iconName, const QKeySequence& keys,
                             const QString& help)
{
    auto* action = new QAction(text, this);
    if (!iconName.isEmpty())
        action->setIcon(icon(iconName));
    action->setShortcut(keys);
    const QString name = help.isEmpty() ? QString(action->text()).remove(u'&').remove(u'…') : help;
    const QString shown = action->shortcut().toString(QKeySequence::NativeText);
    action->setToolTip(shown.isEmpty() ? name : tr("%1 (%2)").arg(name, shown));
    action->setStatusTip(help); // where it says more than the name: it hides what the search does
    return action;
}

QMenu* WindowActions::makeThemeMenu(QWidget* parent)
{
    auto* menu = new QMenu(tr("&Theme"), parent);
    menu->setIcon(icon(QStringLiteral("theme")));
    for (const auto& [mode, text] : {std::pair{ThemeMode::system, tr("As the &system")},
                                     {ThemeMode::light, tr("&Light")},
                                     {ThemeMode::dark, tr("&Dark")}}) {
        QAction* action = themes_->addAction(text);
        action->setCheckable(true);
        action->setData(static_cast<int>(mode));
        menu->addAction(action);
        connect(action, &QAction::triggered, this, [this, mode = mode] { Q_EMIT themeChosen(mode); });
    }
    return menu;
}

void WindowActions::fillMenus(QMainWindow& window, const Docks& docks, const Views& views)
{
    QMenu* file = window.menuBar()->addMenu(tr("&File"));
    file->addActions({create, open});
    file->addMenu(recent);
    file->addSeparator();
    file->addActions({editProblem, importOperator, exportOperator});
    file->addSeparator();
    file->addAction(quit);

    QMenu* edit = window.menuBar()->addMenu(tr("&Edit"));
    edit->addActions({undo_, redo_});
    edit->addSeparator();
    edit->addActions({findInTree, filterCandidates});
    edit->addSeparator();
    edit->addMenu(tr("&Candidate"))->addActions(views.candidates->viewActions());
    edit->addSeparator();
    edit->addAction(preferences);

    QMenu* search = window.menuBar()->addMenu(tr("&Search"));
    search->addActions({startPause, step});
    search->addSeparator();
    search->addAction(changeReward);
    search->addMenu(tr("&Jobs"))->addActions(views.jobs->viewActions());

    QMenu* view = window.menuBar()->addMenu(tr("&View"));
    view->addMenu(tr("&Docks"))->addActions(docks.toggleActions());
    view->addMenu(tr("Search &tree"))->addActions(views.tree->viewActions());
    view->addMenu(tr("Dimension &graph"))->addActions(views.graph->viewActions());
    view->addMenu(tr("C&ode"))->addActions(views.code->viewActions());
    view->addSeparator();
    view->addMenu(makeThemeMenu(&window));
    view->addActions({resetLayout, fullScreen});

    QMenu* help = window.menuBar()->addMenu(tr("&Help"));
    help->addActions({palette, shortcuts, about});
}

void WindowActions::fillToolBar(QMainWindow& window)
{
    QToolBar* bar = window.addToolBar(tr("Main tool bar"));
    bar->setObjectName(QStringLiteral("mainToolBar"));
    bar->setIconSize(QSize(20, 20));
    bar->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    startPause->setPriority(QAction::HighPriority);
    for (QAction* action : {create, open, step, undo_, redo_, exportOperator, palette})
        action->setPriority(QAction::LowPriority); // icons only
    bar->addActions({startPause, step});
    bar->addSeparator();
    bar->addActions({create, open});
    bar->addSeparator();
    bar->addActions({undo_, redo_});
    bar->addSeparator();
    bar->addActions({exportOperator, palette});
}

void WindowActions::setPhase(SearchPhase phase)
{
    const bool running = phase == SearchPhase::running;
    startPause->setText(running ? tr("&Pause the search") : tr("&Start the search"));
    startPause->setIconText(running ? tr("Pause") : tr("Start"));
    startPause->setIcon(icon(running ? QStringLiteral("pause") : QStringLiteral("start")));
    startPause->setToolTip(running ? tr("Pause the search; nothing is lost (F5)")
                                   : tr("Start or resume the search (F5)"));
    startPause->setEnabled(phase == SearchPhase::idle || running);
    step->setEnabled(phase == SearchPhase::idle);
    for (QAction* action : {importOperator, changeReward})
        action->setEnabled(phase != SearchPhase::none);
}

void WindowActions::setHasCandidate(bool has)
{
    exportOperator->setEnabled(has);
}

void WindowActions::setTheme(ThemeMode mode)
{
    for (QAction* action : themes_->actions())
        action->setChecked(action->data().toInt() == static_cast<int>(mode));
}

} // namespace synoscope
