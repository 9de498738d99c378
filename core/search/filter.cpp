#include "core/search/filter.h"

#include <cassert>

namespace synoscope {

SteeringFilter::SteeringFilter(std::span<const ConstraintRecord> inForce)
{
    assert(inForce.size() <= maxConstraints);
    for (const ConstraintRecord& record : inForce) {
        const std::uint64_t bit = std::uint64_t{1} << rules_.size();
        const Constraint& c = record.constraint;
        Rule rule{record.id, c.action, c.predicate, c.scope <= 1, record.scopeKey, record.nodeKey, 0};
        const bool pinsNode = c.predicate.what == Predicate::What::node && c.action == SteeringAction::pin;
        everywhere_ |= rule.everywhere ? bit : 0;
        pins_ |= c.action == SteeringAction::pin ? bit : 0;
        nodePins_ |= pinsNode ? bit : 0;
        referring_ |= !rule.everywhere || c.predicate.what == Predicate::What::node ? bit : 0;
        namesMoves_ |= c.predicate.what != Predicate::What::node;
        rules_.push_back(rule);
    }
    for (Rule& rule : rules_)
        for (std::size_t j = 0; j < rules_.size(); ++j)
            if ((nodePins_ >> j & 1) != 0 && rules_[j].everywhere == rule.everywhere &&
                (rule.everywhere || rules_[j].scopeKey == rule.scopeKey))
                rule.group |= std::uint64_t{1} << j;
}

bool SteeringFilter::refersTo(std::uint64_t key) const
{
    for (const Rule& rule : rules_)
        if ((!rule.everywhere && rule.scopeKey == key) ||
            (rule.predicate.what == Predicate::What::node && rule.nodeKey == key))
            return true;
    return false;
}

bool SteeringFilter::refersToTail(std::uint32_t key) const
{
    for (const Rule& rule : rules_)
        if ((!rule.everywhere && static_cast<std::uint32_t>(rule.scopeKey) == key) ||
            (rule.predicate.what == Predicate::What::node && static_cast<std::uint32_t>(rule.nodeKey) == key))
            return true;
    return false;
}

std::uint64_t SteeringFilter::missing(Position at) const
{
    return (pins_ & ~nodePins_ & at.active & ~at.met) | missingNodes(at);
}

std::uint64_t SteeringFilter::missingNodes(Position at) const
{
    std::uint64_t missing = 0;
    for (std::uint64_t left = nodePins_ & at.active; left != 0;) {
        const std::uint64_t group = rules_[static_cast<std::size_t>(std::countr_zero(left))].group;
        if ((group & at.met) == 0)
            missing |= left & -left;
        left &= ~group;
    }
    return missing;
}

std::uint64_t SteeringFilter::rulesOf(const Move& move) const
{
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < rules_.size(); ++i) {
        const Predicate& p = rules_[i].predicate;
        if (p.what != Predicate::What::node && p.kind == move.kind &&
            (p.what == Predicate::What::kind || p.size == move.size))
            bits |= std::uint64_t{1} << i;
    }
    return bits;
}

std::uint64_t SteeringFilter::constraintOf(std::uint64_t bits) const
{
    return bits == 0 ? 0 : rules_[static_cast<std::size_t>(std::countr_zero(bits))].id;
}

SteeringContexts::SteeringContexts(std::shared_ptr<const SteeringFilter> filter) : filter_(std::move(filter))
{
    base_ = filter_->empty() ? std::make_shared<const SteeringContext>() : at(filter_->start());
}

std::shared_ptr<const SteeringContext> SteeringContexts::at(SteeringFilter::Position position)
{
    position.met &= filter_->nodePins(); // the other pins are counted by whoever knows the operator
    for (const auto& context : contexts_)
        if (context->position == position)
            return context;
    return contexts_.emplace_back(make(position));
}

std::shared_ptr<const SteeringContext> SteeringContexts::make(SteeringFilter::Position position)
{
    auto context = std::make_shared<SteeringContext>();
    context->id = static_cast<std::uint32_t>(contexts_.size() + 1);
    context->position = position;
    context->missingNodes = filter_->missingNodes(position);
    const auto rules = filter_->rules();
    for (std::size_t i = 0; i < rules.size(); ++i) {
        const Predicate& p = rules[i].predicate;
        if ((position.active >> i & 1) == 0 || p.what == Predicate::What::node)
            continue;
        const auto kindBit = static_cast<std::uint16_t>(1u << static_cast<unsigned>(p.kind));
        const bool pin = rules[i].action == SteeringAction::pin;
        if (pin)
            context->steering.requiredKinds |= kindBit;
        else if (p.what == Predicate::What::kind)
            context->steering.forbiddenKinds |= kindBit;
        else
            context->steering.forbiddenSizes.emplace_back(p.kind, p.size);
        if (pin && p.what == Predicate::What::kindWithSize)
            context->requiredSizes.emplace_back(p.kind, p.size);
    }
    return context;
}

} // namespace synoscope
