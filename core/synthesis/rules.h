// The rules by name (DESIGN 1.3 and 2.2): each has a reason a researcher understands, a switch in the problem file, and
// a counter of the moves it refused.
//
// A canonical rule refuses a move whose result is reached in another way, with as many primitives or fewer; where that
// other way is not legal in the problem (a size, a limit), the move is offered. So every class of operators that
// exists with all canonical rules off exists with them on; enumerate_test.cpp holds them to it. Near-duplicate rules
// take operators away, and are on only where the problem says so.
#pragma once

#include "core/synthesis/problem.h"
#include "core/synthesis/synthesizer.h"

#include <array>
#include <cstdint>
#include <string_view>

namespace synoscope {

enum class Rule : std::uint8_t
{
    // validity, budgets and limits
    legalSize,
    budget,
    allowance,
    chain,
    strideAbsorbed,
    contractionAxes,
    weightMinimum,
    outerProduct,
    lowRank,
    unfoldWindow,
    unfoldRatio,
    unfoldOverSums,
    repeatPlace,
    repeatOfSums,
    reduceRatio,
    pooling,
    needsWeight,
    flops,
    parameters,
    // pruning
    distance,
    // canonical form: no class of operators is lost
    normalForm,
    interchangeableAxes,
    viewsBeforeContraction,
    gluedTogether,
    splitChain,
    splitAboveShares,
    mergeAboveSplit,
    mergeAboveReduce,
    viewAboveShare,
    shiftReduce,
    shiftAboveMerge,
    unorderedShift,
    unorderedMerge,
    equalReductions,
    outerNeighbours,
    fingerprint,
    // near duplicates: operators that the problem does not want
    stackedMerge,
    shiftChain,
    shiftAboveSplit,
    unfoldAboveSplit,
    unfoldAboveShift,
    unfoldChain,
    mergeAboveUnfold,
    mergeAboveShift,
    mergeAboveStride,
    strideChain,
    count
};
inline constexpr int ruleCount = static_cast<int>(Rule::count);

enum class RuleClass : std::uint8_t
{
    validity,      // what an operator is (DESIGN 1.3), and the problem's limits: always on
    pruning,       // what cannot finish: loses nothing; on unless switched off
    canonical,     // one of several ways to make an operator: loses nothing; on unless switched off
    nearDuplicate, // operators that differ in a few border elements only, and jumbles: off unless switched on
};

struct RuleInfo
{
    std::string_view name;
    std::string_view reason;
    RuleClass kind;
};
const RuleInfo& info(Rule rule);

// Switches all near-duplicate rules together, under "rules" in a problem file.
inline constexpr std::string_view nearDuplicates = "near-duplicates";
bool isRuleName(std::string_view name); // of a rule that can be switched, or nearDuplicates

class RuleSet
{
public:
    explicit RuleSet(const Problem& problem);

    // Counts a refusal when `violated` and the rule is on. To be read as: refuses(Rule::x, violation) -> skip the move.
    bool refuses(Rule rule, bool violated)
    {
        if (!violated || !on_[static_cast<std::size_t>(rule)])
            return false;
        ++refused_[static_cast<std::size_t>(rule)];
        last_ = rule;
        return true;
    }
    Rule lastRefusal() const { return last_; }
    bool on(Rule rule) const { return on_[static_cast<std::size_t>(rule)]; }

    std::vector<RuleCount> counts() const;
    std::uint64_t refused(Rule rule) const { return refused_[static_cast<std::size_t>(rule)]; }

private:
    std::array<bool, ruleCount> on_{};
    std::array<std::uint64_t, ruleCount> refused_{};
    Rule last_ = Rule::count;
};

} // namespace synoscope
