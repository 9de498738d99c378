// Steering by kind: every primitive with its counts and switches for pin and prune, and all active constraints as a
// list from which they can be lifted. The panel only says what is wanted; the switches show what is so, as the values
// say. Undo belongs to the application.
#pragma once

#include "widgets/steering/steering_values.h"

#include <QWidget>

#include <vector>

class QLabel;
class QPushButton;

namespace synoscope {

class ConstraintList;
class KindRows;

class PrimitivesPanel : public QWidget
{
    Q_OBJECT

public:
    explicit PrimitivesPanel(QWidget* parent = nullptr);

    void setCounts(const std::vector<PrimitiveCount>& counts);
    void setConstraints(const std::vector<ActiveConstraint>& constraints);

Q_SIGNALS:
    void pinRequested(int kind, bool on);
    void pruneRequested(int kind, bool on);
    void liftRequested(quint64 constraint);
    void liftAllRequested();

private:
    KindRows* kinds_;
    ConstraintList* constraints_;
    QLabel* title_;
    QPushButton* liftAll_;
};

} // namespace synoscope
