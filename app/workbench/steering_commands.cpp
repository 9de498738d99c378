#include "app/workbench/steering_commands.h"

#include "widgets/common/theme.h"

#include <QtCore/QCoreApplication>

namespace synoscope {

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(SteeringCommand)
};

QString targetText(const SteeringDecision& decision)
{
    if (!decision.what.isEmpty())
        return decision.what;
    switch (decision.target) {
    case SteeringDecision::Target::node:
        return Texts::tr("node #%1").arg(decision.node);
    case SteeringDecision::Target::kind:
        return kindName(decision.kind);
    case SteeringDecision::Target::kindWithSize:
        //: A primitive with a size: "unfold by k"
        return Texts::tr("%1 by %2").arg(kindName(decision.kind), decision.size);
    }
    return {};
}

} // namespace

QString toText(const SteeringDecision& decision)
{
    const QString target = targetText(decision);
    const QString text = decision.action == SteeringDecision::Action::prune ? Texts::tr("prune %1").arg(target)
                                                                            : Texts::tr("pin %1").arg(target);
    return decision.scope == 0 ? text : Texts::tr("%1 below #%2").arg(text).arg(decision.scope);
}

SteeringCommand::SteeringCommand(SessionPort& port, SteeringDecision decision, Step step)
    : QUndoCommand(step == Step::set ? toText(decision) : Texts::tr("lift %1").arg(toText(decision))), port_(&port),
      decision_(std::move(decision)), step_(step)
{}

void SteeringCommand::perform(Step step)
{
    if (!port_)
        return;
    if (step == Step::set)
        port_->apply(decision_);
    else
        port_->lift(decision_);
}

} // namespace synoscope
