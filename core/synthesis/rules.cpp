#include "core/synthesis/rules.h"

#include <algorithm>

namespace synoscope {

namespace {

constexpr std::array<RuleInfo, ruleCount> rules{{
    {"legal-size", "the new dimension would have no legal size under every binding", false},
    {"budget", "the problem's limit for this primitive is used up", false},
    {"allowance", "a variable would be used more often than the problem allows", false},
    {"chain", "the dimension already has the longest chain of primitives below it", false},
    {"distance", "the input's shape could not be reached with the primitives that remain", true},
    {"stride-absorbed", "a strided dimension drops data, so it may only become the window of an unfold", false},
    {"contraction-axes", "a contraction needs an inner and an outer axis (a matrix product)", false},
    {"weight-minimum", "the weight would have fewer parameters than the problem's minimum", false},
    {"outer-product", "the outer axes together would exceed the problem's largest outer product", false},
    {"low-rank", "an outer axis over a reduction must keep within the problem's bounds for low ranks", false},
    {"unfold-window",
     "a window must be odd where the problem says so, small, and no bare reduction (that is a box filter)", false},
    {"unfold-ratio", "the axis is too short for this window", false},
    {"unfold-over-sums", "an unfold over an axis that is only summed shifts what is summed and nothing else", false},
    {"repeat-place", "an expand alone only copies: it may stand on the block of a merge, within the problem's repeat",
     false},
    {"reduce-ratio", "the reductions together would be too large against the input", false},
    {"pooling", "the reductions that meet no weight would pool more than the problem allows", false},
    {"needs-weight", "an operator has at least one weight", false},
    {"flops", "the operator's FLOPs are outside the problem's window", false},
    {"views-before-contraction", "the view does not touch the latest weight, so it belongs before that contraction",
     true},
    {"weight-order", "two independent weights are introduced in one order only", true},
    {"glued-together", "the split would glue together what one merge parted, or two sums that are one larger sum",
     true},
    {"split-chain", "chains of splits lean to one side", true},
    {"split-above-shares", "both sides went through the same weight: splitting below it gives the same operator", true},
    {"merge-above-split", "a merge directly above a split is another split or merge, or nothing", true},
    {"merge-chain", "chains of merges lean to one side", true},
    {"merge-above-reduce", "merging a reduction gives two smaller reductions", true},
    {"view-above-share", "the view commutes with the multiplication by the weight, so it belongs below", true},
    {"shift-chain", "two shifts are one", true},
    {"shift-reduce", "shifting what is summed changes nothing", true},
    {"unordered-shift", "the axis has no order, so a shift of it changes nothing", true},
    {"unordered-merge", "the axis has no order, so its merges are done in one order of sizes only", true},
    {"unordered-split", "the axis has no order, so its splits are done in one order of sizes only", true},
    {"unfold-above-split", "an unfold of a split axis is done on the block below the split", true},
    {"unfold-above-shift", "an unfold commutes with a shift of its axis, so it belongs below", true},
    {"unfold-chain", "in a chain of unfolds the windows grow", true},
    {"merge-above-unfold", "a merge with a block at least the window differs from one below the unfold at borders only",
     true},
    {"merge-above-shift", "a shift by one through a much larger block differs from one below the merge at borders only",
     true},
    {"shift-above-split", "a shift by one over a much larger block differs from one below the split at borders only",
     true},
    {"stride-chain", "a stride above a stride, an unfold or a split has another form", true},
    {"merge-above-stride", "a merge with a block of at least the step has another form", true},
    {"equal-reductions", "equal reductions are used in order", true},
    {"outer-neighbours", "two outer axes that one merge parted are one outer axis", true},
}};

} // namespace

const RuleInfo& info(Rule rule)
{
    return rules[static_cast<std::size_t>(rule)];
}

bool isRuleName(std::string_view name)
{
    const auto found = std::ranges::find(rules, name, &RuleInfo::name);
    return found != rules.end() && found->switchable;
}

RuleSet::RuleSet(const Problem& problem)
{
    for (int i = 0; i < ruleCount; ++i)
        on_[i] = !rules[i].switchable || problem.ruleOn(std::string(rules[i].name));
}

std::vector<RuleCount> RuleSet::counts() const
{
    std::vector<RuleCount> counts;
    for (int i = 0; i < ruleCount; ++i)
        counts.push_back({std::string(rules[i].name), std::string(rules[i].reason), refused_[i]});
    return counts;
}

} // namespace synoscope
