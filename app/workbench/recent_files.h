// The menu of experiments that were open lately, the newest first; kept in the settings. Files that are gone are left
// out.
#pragma once

#include <QtWidgets/QMenu>

namespace synoscope {

class RecentFiles final : public QMenu
{
    Q_OBJECT

public:
    static constexpr int most = 10;

    explicit RecentFiles(QWidget* parent = nullptr);

    void add(const QString& file);
    QStringList files() const;

Q_SIGNALS:
    void chosen(const QString& file);

private:
    void rebuild();
};

} // namespace synoscope
