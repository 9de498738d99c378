// A window full of realistic values, the same ones every time: for pictures.
#pragma once

#include "app/workbench/main_window.h"
#include "tests/app/workbench/scripted_session.h"

namespace synoscope {

// Shown, of this size, in the order of its parts that it has at first.
void showWindow(MainWindow& window, ThemeMode mode, QSize size);

// An experiment of 900 nodes with its candidates, jobs, curves and one decision, in the middle of a search; the third
// candidate is selected.
void showScene(ScriptedSession& session, MainWindow& window);

// Lets the event loop run: what is laid out on another thread arrives.
void settle(int milliseconds);

} // namespace synoscope
