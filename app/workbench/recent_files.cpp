#include "app/workbench/recent_files.h"

#include <QtCore/QFileInfo>
#include <QtCore/QSettings>

namespace synoscope {

namespace {

const QString key = QStringLiteral("recentFiles");

} // namespace

RecentFiles::RecentFiles(QWidget* parent) : QMenu(tr("Open &recent"), parent)
{
    setToolTipsVisible(true);
    connect(this, &QMenu::aboutToShow, this, &RecentFiles::rebuild);
    rebuild();
}

QStringList RecentFiles::files() const
{
    QStringList there;
    for (const QString& file : QSettings().value(key).toStringList())
        if (QFileInfo::exists(file))
            there << file;
    return there;
}

void RecentFiles::add(const QString& file)
{
    const QString path = QFileInfo(file).absoluteFilePath();
    QStringList all = files();
    all.removeAll(path);
    all.prepend(path);
    QSettings().setValue(key, QStringList(all.mid(0, most)));
    rebuild();
}

void RecentFiles::rebuild()
{
    clear();
    for (const QString& file : files()) {
        QAction* action = addAction(QFileInfo(file).fileName().replace(u'&', QStringLiteral("&&")));
        action->setToolTip(file);
        connect(action, &QAction::triggered, this, [this, file] { Q_EMIT chosen(file); });
    }
    menuAction()->setEnabled(!isEmpty());
}

} // namespace synoscope
