// The rules by name (DESIGN 1.3 and 2.2): each has a reason a researcher understands, a switch in the problem file, and
// a counter of the moves it refused.
#pragma once

#include "core/synthesis/problem.h"
#include "core/synthesis/synthesizer.h"

#include <array>
#include <cstdint>
#include <string_view>

namespace synoscope {

enum class Rule : std::uint8_t
{
    // budgets and validity
    legalSize,
    budget,
    allowance,
    chain,
    distance,
    strideAbsorbed,
    contractionAxes,
    weightMinimum,
    outerProduct,
    lowRank,
    unfoldWindow,
    unfoldRatio,
    unfoldOverSums,
    repeatPlace,
    reduceRatio,
    pooling,
    needsWeight,
    flops,
    // canonical form
    viewsBeforeContraction,
    weightOrder,
    gluedTogether,
    splitChain,
    splitAboveShares,
    mergeAboveSplit,
    mergeChain,
    mergeAboveReduce,
    viewAboveShare,
    shiftChain,
    shiftReduce,
    unorderedShift,
    unorderedMerge,
    unorderedSplit,
    unfoldAboveSplit,
    unfoldAboveShift,
    unfoldChain,
    mergeAboveUnfold,
    mergeAboveShift,
    shiftAboveSplit,
    strideChain,
    mergeAboveStride,
    equalReductions,
    outerNeighbours,
    count
};
inline constexpr int ruleCount = static_cast<int>(Rule::count);

struct RuleInfo
{
    std::string_view name;
    std::string_view reason;
    bool switchable; // validity and budgets are not
};
const RuleInfo& info(Rule rule);
bool isRuleName(std::string_view name); // of a rule that can be switched

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

    std::vector<RuleCount> counts() const;
    std::uint64_t refused(Rule rule) const { return refused_[static_cast<std::size_t>(rule)]; }

private:
    std::array<bool, ruleCount> on_{};
    std::array<std::uint64_t, ruleCount> refused_{};
    Rule last_ = Rule::count;
};

} // namespace synoscope
