// How large the problem's space is, in a sentence, and how sampling it goes.
#pragma once

#include "widgets/problem/problem_values.h"

#include <QWidget>

class QLabel;
class QPushButton;

namespace synoscope {

class SpaceView final : public QWidget
{
    Q_OBJECT

public:
    explicit SpaceView(QWidget* parent = nullptr);

    void setFigures(const SpaceFigures& figures);
    QString sentence() const;

Q_SIGNALS:
    void longerRequested();

private:
    QLabel* size_;
    QLabel* sampling_;
    QPushButton* longer_;
};

} // namespace synoscope
