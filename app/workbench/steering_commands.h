// Undo and redo for every steering decision: one command a decision, on the window's QUndoStack.
//
// A command knows the session by its port and the decision as a value, so that undo after a restart of the session, or
// after the decision was lifted elsewhere, is a refused request and nothing worse.
#pragma once

#include "app/workbench/session_port.h"

#include <QtCore/QPointer>
#include <QtGui/QUndoCommand>

namespace synoscope {

// Sets or lifts one decision; undo does the other.
class SteeringCommand final : public QUndoCommand
{
public:
    enum class Step
    {
        set,
        lift
    };

    SteeringCommand(SessionPort& port, SteeringDecision decision, Step step);

    void redo() override { perform(step_); }
    void undo() override { perform(step_ == Step::set ? Step::lift : Step::set); }

private:
    void perform(Step step);

    QPointer<SessionPort> port_;
    SteeringDecision decision_;
    Step step_;
};

// "prune unfold below #12": for menus and lists, where the session gave no text.
QString toText(const SteeringDecision& decision);

} // namespace synoscope
