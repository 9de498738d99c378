// The window's own actions, and the menus and the tool bar made of them. What an action does is connected by the
// window; what is possible in which state is decided here.
#pragma once

#include "app/workbench/session_port.h"
#include "widgets/common/theme.h"

#include <QtCore/QList>
#include <QtCore/QObject>

class QAction;
class QActionGroup;
class QMainWindow;
class QMenu;
class QUndoStack;

namespace synoscope {

class Docks;
class RecentFiles;
struct Views;

class WindowActions final : public QObject
{
    Q_OBJECT

public:
    WindowActions(QMainWindow& window, const Docks& docks, const Views& views, QUndoStack& undo);

    void setPhase(SearchPhase phase);
    void setHasCandidate(bool has);
    void setTheme(ThemeMode mode);

    QAction* create;
    QAction* editProblem;
    QAction* open;
    QAction* importOperator;
    QAction* exportOperator;
    QAction* quit;
    QAction* startPause; // one action, two faces
    QAction* step;
    QAction* changeReward;
    QAction* findInTree;
    QAction* filterCandidates;
    QAction* resetLayout;
    QAction* fullScreen;
    QAction* palette;
    QAction* shortcuts;
    QAction* preferences;
    QAction* about;
    RecentFiles* recent;

Q_SIGNALS:
    void themeChosen(ThemeMode mode);

private:
    QAction* make(const QString& text, const QString& iconName, const QKeySequence& keys, const QString& help = {});
    QMenu* makeThemeMenu(QWidget* parent);
    void fillMenus(QMainWindow& window, const Docks& docks, const Views& views);
    void fillToolBar(QMainWindow& window);

    QAction* undo_;
    QAction* redo_;
    QActionGroup* themes_;
};

} // namespace synoscope
