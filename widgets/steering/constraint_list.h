// The active constraints, newest last, each with a button that lifts it. Delete lifts the current one.
#pragma once

#include "widgets/steering/steering_values.h"

#include <QListWidget>

#include <vector>

namespace synoscope {

class ConstraintList : public QListWidget
{
    Q_OBJECT

public:
    explicit ConstraintList(QWidget* parent = nullptr);

    void setConstraints(const std::vector<ActiveConstraint>& constraints);

Q_SIGNALS:
    void liftRequested(quint64 constraint);

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    QWidget* makeRow(const ActiveConstraint& constraint);

    std::vector<quint64> ids_;
};

} // namespace synoscope
