#include "app/workbench/main_window.h"

#include "app/workbench/about.h"
#include "app/workbench/command_palette.h"
#include "app/workbench/error_bar.h"
#include "app/workbench/export_choice.h"
#include "app/workbench/preferences.h"
#include "app/workbench/problem_dialog.h"
#include "app/workbench/recent_files.h"
#include "app/workbench/reward_dialog.h"
#include "app/workbench/status_line.h"
#include "app/workbench/view_wiring.h"
#include "app/workbench/window_actions.h"
#include "widgets/candidates/candidates_view.h"
#include "widgets/common/filter_edit.h"
#include "widgets/graph/graph_view.h"
#include "widgets/tree/tree_canvas.h"
#include "widgets/tree/tree_view.h"

#include <QtCore/QFileInfo>
#include <QtCore/QMimeData>
#include <QtCore/QSettings>
#include <QtGui/QAction>
#include <QtGui/QDragEnterEvent>
#include <QtGui/QScreen>
#include <QtWidgets/QApplication>
#include <QtWidgets/QFileDialog>
#include <QtWidgets/QMenu>
#include <QtWidgets/QMenuBar>
#include <QtWidgets/QVBoxLayout>

namespace synoscope {

namespace {

constexpr QSize firstSize(1280, 800);

const QString experimentFilter = QStringLiteral("*.synoscope");

// Every action below a menu, with the way to it.
void collectCommands(const QMenu* menu, const QString& path, QList<CommandPalette::Command>& commands)
{
    for (QAction* action : menu->actions()) {
        const QString text = QString(action->text()).remove(u'&').remove(u'…');
        if (action->isSeparator() || text.isEmpty() || !action->isVisible())
            continue;
        const QString name = path.isEmpty() ? text : path + QStringLiteral(" › ") + text;
        if (action->menu() != nullptr)
            collectCommands(action->menu(), name, commands);
        else
            commands << CommandPalette::Command{action, name};
    }
}

QList<CommandPalette::Command> commandsOf(const QMenuBar* bar)
{
    QList<CommandPalette::Command> commands;
    for (const QAction* action : bar->actions())
        if (action->menu() != nullptr)
            collectCommands(action->menu(), QString(action->text()).remove(u'&'), commands);
    return commands;
}

} // namespace

MainWindow::MainWindow(SessionPort& port, Theme& theme)
    : port_(port), theme_(theme), views_(this), docks_(new Docks(*this, views_)),
      actions_(new WindowActions(*this, *docks_, views_, undo_)), errors_(new ErrorBar(this)),
      status_(new StatusLine(this)), palette_(new CommandPalette(this)),
      wiring_(new ViewWiring(port, views_, *docks_, undo_, this))
{
    setWindowTitle(tr("Synoscope"));
    setAcceptDrops(true);
    setStatusBar(status_);
    placeErrorBar();
    connectActions();
    connectSession();
    loadSettings();
}

// Above the tree: in the middle, where eyes are, and never over what somebody works with.
void MainWindow::placeErrorBar()
{
    auto* middle = new QWidget(this);
    auto* layout = new QVBoxLayout(middle);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(errors_);
    QWidget* tree = takeCentralWidget();
    layout->addWidget(tree, 1);
    setCentralWidget(middle);
    tree->show();
}

void MainWindow::connectActions()
{
    connect(actions_->create, &QAction::triggered, this, [this] { openNewExperiment(); });
    connect(actions_->editProblem, &QAction::triggered, this, &MainWindow::openProblemEditor);
    connect(actions_->open, &QAction::triggered, this, &MainWindow::askForExperiment);
    connect(actions_->importOperator, &QAction::triggered, this, &MainWindow::askForOperator);
    connect(actions_->exportOperator, &QAction::triggered, this, [this] { askForExport(wiring_->currentCandidate()); });
    connect(actions_->preferences, &QAction::triggered, this, &MainWindow::openPreferences);
    connect(actions_->quit, &QAction::triggered, this, &QWidget::close);
    connect(actions_->startPause, &QAction::triggered, this, [this] {
        const bool running = phase_ == SearchPhase::running;
        running ? port_.pause() : port_.start();
        phase_ =
            running ? SearchPhase::idle : SearchPhase::running; // until it is told: a second press means the opposite
        actions_->setPhase(phase_);
    });
    connect(actions_->step, &QAction::triggered, &port_, &SessionPort::step);
    connect(actions_->changeReward, &QAction::triggered, this, [this] { openRewardDialog(port_, reward_, this); });
    connect(actions_->findInTree, &QAction::triggered, this, [this] {
        if (auto* line = views_.tree->findChild<FilterEdit*>())
            line->setFocus(Qt::ShortcutFocusReason);
    });
    connect(actions_->filterCandidates, &QAction::triggered, this, [this] {
        docks_->raise(views_.candidates);
        views_.candidates->filterEdit()->setFocus(Qt::ShortcutFocusReason);
    });
    connect(actions_->resetLayout, &QAction::triggered, this, &MainWindow::resetLayout);
    connect(actions_->fullScreen, &QAction::toggled, this,
            [this](bool full) { full ? showFullScreen() : showNormal(); });
    connect(actions_->palette, &QAction::triggered, this, &MainWindow::openPalette);
    connect(actions_->shortcuts, &QAction::triggered, this, [this] {
        QList<QAction*> actions;
        for (const auto& command : commandsOf(menuBar()))
            actions << command.action;
        showShortcuts(this, actions);
    });
    connect(actions_->about, &QAction::triggered, this, [this] { showAbout(this); });
    connect(actions_->recent, &RecentFiles::chosen, this, &MainWindow::openPath);
    connect(actions_, &WindowActions::themeChosen, this, &MainWindow::setThemeMode);
}

void MainWindow::connectSession()
{
    connect(&port_, &SessionPort::opened, this, &MainWindow::showOpened);
    connect(&port_, &SessionPort::closed, this, &MainWindow::showClosed);
    connect(&port_, &SessionPort::statusChanged, this, &MainWindow::showStatus);
    connect(&port_, &SessionPort::failed, this, &MainWindow::showError);
    connect(&port_, &SessionPort::notified, errors_, &ErrorBar::showNotice);
    connect(&port_, &SessionPort::rewardChangeEnded, this, [this](const QString& sentence) {
        if (!sentence.isEmpty())
            errors_->showNotice(sentence);
    });
    connect(wiring_, &ViewWiring::failed, this, [this](const QString& sentence) { errors_->showError(sentence); });
    connect(wiring_, &ViewWiring::exportRequested, this, &MainWindow::askForExport);
    connect(wiring_, &ViewWiring::currentCandidateChanged, this,
            [this](std::int64_t candidate) { actions_->setHasCandidate(candidate != 0); });
}

void MainWindow::openPath(const QString& path)
{
    const QString ending = QFileInfo(path).suffix().toLower();
    if (ending == QStringLiteral("json"))
        openNewExperiment(path);
    else if (ending == QStringLiteral("pgraph"))
        port_.importOperator(path);
    else if (ending == QStringLiteral("synoscope"))
        port_.open(path);
    else
        errors_->showError(
            tr("“%1” is not a file that Synoscope opens: it reads experiments (.synoscope), problems (.json) "
               "and operators (.pgraph).")
                .arg(QFileInfo(path).fileName()));
}

void MainWindow::createExperiment(const QString& problemFile, const QString& databaseFile)
{
    port_.create(problemFile, databaseFile);
}

void MainWindow::setThemeMode(ThemeMode mode)
{
    theme_.setMode(mode);
    actions_->setTheme(mode);
}

void MainWindow::resetLayout()
{
    docks_->reset();
}

void MainWindow::showOpened(const ExperimentInfo& experiment)
{
    reward_ = experiment.reward;
    actions_->recent->add(experiment.file);
    setWindowFilePath(experiment.file);
    //: Title of the window: the experiment's name, its problem, the program
    setWindowTitle(tr("%1 (%2) - Synoscope").arg(experiment.name, experiment.problem));
}

void MainWindow::showClosed()
{
    setWindowFilePath({});
    setWindowTitle(tr("Synoscope"));
    showStatus({});
    if (closing_)
        close();
}

void MainWindow::showStatus(const SessionStatus& status)
{
    status_->setStatus(status);
    if (status.phase != phase_) {
        phase_ = status.phase;
        actions_->setPhase(phase_);
    }
}

void MainWindow::showError(const Error& error)
{
    ErrorBar::WayOut wayOut;
    const QString file = QString::fromStdString(error.file);
    if (file.endsWith(QStringLiteral(".synoscope")))
        wayOut = {tr("Open another…"), [this] { askForExperiment(); }};
    else if (file.endsWith(QStringLiteral(".json")))
        wayOut = {tr("Choose another…"), [this] { openNewExperiment(); }};
    else if (file.endsWith(QStringLiteral(".pgraph")))
        wayOut = {tr("Choose another…"), [this] { askForOperator(); }};
    // The line has room for the file's name; its folder is among the details.
    Error shown = error;
    shown.file = QFileInfo(file).fileName().toStdString();
    QStringList details;
    if (!error.file.empty())
        details << file;
    if (!error.details.empty())
        details << QString::fromStdString(error.details);
    errors_->showError(QString::fromStdString(shown.text()), details.join(u'\n'), std::move(wayOut));
}

void MainWindow::openNewExperiment(const QString& problemFile)
{
    auto* dialog = new ProblemDialog(ProblemDialog::Purpose::newExperiment, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    if (!problemFile.isEmpty())
        dialog->openFile(problemFile);
    connect(dialog, &ProblemDialog::createRequested, this, &MainWindow::createExperiment);
    dialog->open();
}

void MainWindow::openProblemEditor()
{
    auto* dialog = new ProblemDialog(ProblemDialog::Purpose::editFile, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void MainWindow::askForExperiment()
{
    const QString file =
        QFileDialog::getOpenFileName(this, tr("Open an experiment"), {}, tr("Experiments (%1)").arg(experimentFilter));
    if (!file.isEmpty())
        openPath(file);
}

void MainWindow::askForOperator()
{
    const QString file = QFileDialog::getOpenFileName(this, tr("Import an operator"), {}, tr("Operators (*.pgraph)"));
    if (!file.isEmpty())
        openPath(file);
}

void MainWindow::askForExport(std::int64_t candidate)
{
    if (candidate == 0)
        return;
    QString filter;
    const QString file = QFileDialog::getSaveFileName(this, tr("Export the operator"), wiring_->exportName(candidate),
                                                      exportFilters(), &filter);
    if (file.isEmpty())
        return;
    exportAs(candidate, exportChoice(file, filter));
}

void MainWindow::exportAs(std::int64_t candidate, const ExportChoice& choice)
{
    std::optional<int> layer = 0;
    if (hasOneLayer(choice.format))
        layer = askForLayer(this, choice.format, wiring_->currentLayers(), views_.graph->binding());
    if (layer)
        port_.exportOperator(candidate, choice.format, *layer, choice.file);
}

void MainWindow::openPalette()
{
    palette_->open(commandsOf(menuBar()));
}

void MainWindow::loadSettings()
{
    const QSettings settings;
    setThemeMode(Theme::fromString(settings.value(QStringLiteral("theme")).toString()));
    usePreferences(Preferences::load());
    views_.candidates->restoreLayout(settings.value(QStringLiteral("candidateColumns")).toByteArray());
    views_.candidates->setSavedFilters(settings.value(QStringLiteral("candidateFilters")).toStringList());
    const QByteArray geometry = settings.value(QStringLiteral("geometry")).toByteArray();
    if (geometry.isEmpty() || !restoreGeometry(geometry)) {
        const QSize room = screen()->availableSize();
        resize(firstSize.boundedTo(room));
    }
    pendingLayout_ = settings.value(QStringLiteral("layout")).toByteArray();
}

void MainWindow::openPreferences()
{
    auto* dialog = new PreferencesDialog(Preferences::load(), theme_.mode(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &PreferencesDialog::themeChosen, this, &MainWindow::setThemeMode);
    connect(dialog, &PreferencesDialog::changed, this, [this](const Preferences& now) {
        now.save();
        usePreferences(now);
    });
    dialog->open();
}

void MainWindow::usePreferences(const Preferences& preferences)
{
    setTextSize(preferences.textPercent);
    views_.tree->canvas()->setAnimated(preferences.animations);
}

void MainWindow::saveSettings() const
{
    QSettings settings;
    settings.setValue(QStringLiteral("theme"), Theme::toString(theme_.mode()));
    settings.setValue(QStringLiteral("candidateColumns"), views_.candidates->saveLayout());
    settings.setValue(QStringLiteral("candidateFilters"), views_.candidates->savedFilters());
    settings.setValue(QStringLiteral("geometry"), saveGeometry());
    settings.setValue(QStringLiteral("layout"), docks_->save());
}

// Docks take their shares of a window that has its final size; before that, shares are of nothing.
void MainWindow::showEvent(QShowEvent* event)
{
    QMainWindow::showEvent(event);
    if (shown_)
        return;
    shown_ = true;
    if (pendingLayout_.isEmpty() || !docks_->restore(pendingLayout_))
        docks_->reset();
}

// Everything is stored already; the session only has to stop its threads. A second close does not wait for it.
void MainWindow::closeEvent(QCloseEvent* event)
{
    if (phase_ == SearchPhase::none || closing_) {
        saveSettings();
        QMainWindow::closeEvent(event);
        return;
    }
    event->ignore();
    closing_ = true;
    statusBar()->showMessage(tr("Stopping the search and its jobs…"));
    port_.close();
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event)
{
    for (const QUrl& url : event->mimeData()->urls())
        if (url.isLocalFile())
            event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event)
{
    for (const QUrl& url : event->mimeData()->urls())
        if (url.isLocalFile())
            openPath(url.toLocalFile());
    event->acceptProposedAction();
}

} // namespace synoscope
