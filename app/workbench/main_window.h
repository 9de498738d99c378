// The workbench's window: views in docks, menus, an error bar, the status line. It wires and lays out; what the views
// do is theirs (view_wiring.h), and what the session does is behind its port.
#pragma once

#include "app/workbench/docks.h"
#include "app/workbench/session_port.h"
#include "widgets/common/theme.h"

#include <QtGui/QUndoStack>
#include <QtWidgets/QMainWindow>

namespace synoscope {

class CommandPalette;
class ErrorBar;
class StatusLine;
class ViewWiring;
class WindowActions;
struct ExportChoice;
struct Preferences;

class MainWindow final : public QMainWindow
{
    Q_OBJECT

public:
    // Both outlive the window.
    MainWindow(SessionPort& port, Theme& theme);

    // By the file's ending: an experiment (.synoscope), a problem (.json), an operator (.pgraph).
    void openPath(const QString& path);
    // What "New experiment" does after its dialog.
    void createExperiment(const QString& problemFile, const QString& databaseFile);
    // What "Export the operator" does after its dialog; asks for the layer where the format has only one.
    void exportAs(std::int64_t candidate, const ExportChoice& choice);
    void setThemeMode(ThemeMode mode);
    void resetLayout();

    const Views& views() const { return views_; }
    WindowActions& actions() const { return *actions_; }
    ErrorBar& errorBar() const { return *errors_; }
    CommandPalette& palette() const { return *palette_; }
    QUndoStack& undoStack() { return undo_; }
    ViewWiring& wiring() const { return *wiring_; }

protected:
    void closeEvent(QCloseEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void placeErrorBar();
    void connectActions();
    void connectSession();
    void showOpened(const ExperimentInfo& experiment);
    void showClosed();
    void showStatus(const SessionStatus& status);
    void showError(const Error& error);
    void openNewExperiment(const QString& problemFile = {}); // of the user's; without one, of those that come along
    void openProblemEditor();
    void askForExperiment();
    void askForOperator();
    void askForExport(std::int64_t candidate);
    void openPalette();
    void openPreferences();
    void usePreferences(const Preferences& preferences);
    void loadSettings();
    void saveSettings() const;

    SessionPort& port_;
    Theme& theme_;
    QUndoStack undo_;
    Views views_;
    Docks* docks_;
    WindowActions* actions_;
    ErrorBar* errors_;
    StatusLine* status_;
    CommandPalette* palette_;
    ViewWiring* wiring_;
    SearchPhase phase_ = SearchPhase::none;
    RewardSettings reward_; // of the open experiment
    QByteArray pendingLayout_; // restored when the window first has its size
    bool shown_ = false;
    bool closing_ = false;
};

} // namespace synoscope
