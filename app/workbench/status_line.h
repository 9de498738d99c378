// The figures in the status bar: what the search does, how fast, and what it has found.
#pragma once

#include "app/workbench/session_port.h"

#include <QtWidgets/QStatusBar>

class QLabel;
class QProgressBar;

namespace synoscope {

class StatusLine final : public QStatusBar
{
    Q_OBJECT

public:
    explicit StatusLine(QWidget* parent = nullptr);

    void setStatus(const SessionStatus& status);

private:
    QLabel* addFigure(const QString& help);

    QLabel* phase_;
    QLabel* rate_;
    QLabel* found_;
    QLabel* evaluated_;
    QLabel* waiting_;
    QLabel* best_;
    QLabel* memory_;
};

} // namespace synoscope
