#include "core/experiment/stored_forms.h"

#include <nlohmann/json.hpp>

namespace synoscope {

namespace {

// A path's first byte tells how the iteration ended; the search's own encoding follows.
constexpr char succeededMark = 'S';
constexpr char failedMark = 'F';

Error damaged(const char* what)
{
    return Error{std::string("the file is damaged: ") + what};
}

} // namespace

IterationRecord storedForm(const LogEntry& entry, ExperimentId experiment)
{
    IterationRecord row;
    row.experiment = experiment;
    row.sequence = static_cast<std::int64_t>(entry.sequence);
    row.path = (entry.failed ? failedMark : succeededMark) + encodePath(entry.path);
    row.reward = entry.reward;
    return row;
}

Expected<LogEntry> logEntryOf(const IterationRecord& row)
{
    if (row.path.empty() || (row.path[0] != failedMark && row.path[0] != succeededMark) || !row.reward)
        return damaged("an iteration of the search is cut off");
    auto path = decodePath(std::string_view(row.path).substr(1));
    if (!path)
        return path.error();
    LogEntry entry;
    entry.sequence = static_cast<std::uint64_t>(row.sequence);
    entry.path = std::move(*path);
    entry.reward = *row.reward;
    entry.failed = row.path[0] == failedMark;
    return entry;
}

StoredConstraint storedForm(const ConstraintRecord& constraint)
{
    const Constraint& c = constraint.constraint;
    nlohmann::ordered_json json{{"id", constraint.id},
                                {"what", static_cast<int>(c.predicate.what)},
                                {"kind", toString(c.predicate.kind)},
                                {"size", c.predicate.size.exponents()},
                                {"node", c.predicate.node},
                                {"node_key", constraint.nodeKey},
                                {"scope", c.scope},
                                {"scope_key", constraint.scopeKey},
                                {"set_at", constraint.setAt}};
    StoredConstraint row;
    row.scope = constraint.text;
    row.predicate = json.dump();
    row.action = c.action == SteeringAction::pin ? ConstraintAction::pin : ConstraintAction::prune;
    row.active = constraint.active;
    return row;
}

Expected<ConstraintRecord> constraintOf(const StoredConstraint& row)
{
    ConstraintRecord constraint;
    try {
        const auto json = nlohmann::json::parse(row.predicate);
        Constraint& c = constraint.constraint;
        const auto what = json.at("what").get<int>();
        if (what < 0 || what > static_cast<int>(Predicate::What::node))
            return damaged("a steering decision is of an unknown kind");
        c.predicate.what = static_cast<Predicate::What>(what);
        const auto kind = json.at("kind").get<std::string>();
        for (int i = 0; i < moveKinds; ++i)
            if (toString(static_cast<MoveKind>(i)) == kind)
                c.predicate.kind = static_cast<MoveKind>(i);
        const auto exponents = json.at("size").get<std::array<int, maxVariables>>();
        for (int v = 0; v < maxVariables; ++v)
            c.predicate.size = c.predicate.size * Size::of(VariableId{static_cast<std::uint8_t>(v)}, exponents[v]);
        c.predicate.node = json.at("node");
        c.scope = json.at("scope");
        c.action = row.action == ConstraintAction::pin ? SteeringAction::pin : SteeringAction::prune;
        constraint.id = json.at("id");
        constraint.nodeKey = json.at("node_key");
        constraint.scopeKey = json.at("scope_key");
        constraint.setAt = json.at("set_at");
    } catch (const nlohmann::json::exception& error) {
        return Error{"the file is damaged: a steering decision cannot be read", {}, 0, 0, error.what()};
    }
    constraint.text = row.scope;
    constraint.active = row.active;
    return constraint;
}

} // namespace synoscope
