// The two dialogs of the Help menu.
#pragma once

#include <QtCore/QList>
#include <QtCore/QString>

class QAction;
class QWidget;

namespace synoscope {

// Versions of the program and of the libraries it runs with, and their licences.
QString aboutText();
void showAbout(QWidget* parent);

// Every action that has keys, with them.
QString shortcutsText(const QList<QAction*>& actions);
void showShortcuts(QWidget* parent, const QList<QAction*>& actions);

} // namespace synoscope
