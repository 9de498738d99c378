#include "core/synthesis/rules.h"

#include <algorithm>

namespace synoscope {

namespace {

using enum RuleClass;

constexpr std::array<RuleInfo, ruleCount> rules{{
    {"legal-size", "the new dimension would have no legal size under every binding", validity},
    {"budget", "the problem's limit for this primitive is used up", validity},
    {"allowance", "a variable would be used more often than the problem allows", validity},
    {"chain", "the dimension already has the longest chain of primitives below it", validity},
    {"stride-absorbed", "a strided dimension drops data, so it may only become the window of an unfold", validity},
    {"contraction-axes", "a contraction needs an inner and an outer axis (a matrix product)", validity},
    {"weight-minimum", "the weight would have fewer parameters than the problem's minimum", validity},
    {"outer-product", "the outer axes together would exceed the problem's largest outer product", validity},
    {"low-rank", "an outer axis over a reduction must keep within the problem's bounds for low ranks", validity},
    {"unfold-window",
     "a window must be odd where the problem says so, small, and no bare reduction (that is a box filter)", validity},
    {"unfold-ratio", "the axis is too short for this window", validity},
    {"unfold-over-sums", "an unfold over an axis that is only summed shifts what is summed and nothing else", validity},
    {"repeat-place", "an expand alone only copies: it may stand on the block of a merge, within the problem's repeat",
     validity},
    {"repeat-of-sums", "to sum over copies scales the operator, or adds entries of one weight, and does nothing else",
     validity},
    {"reduce-ratio", "the reductions together would be too large against the input", validity},
    {"pooling", "the reductions that meet no weight would pool more than the problem allows", validity},
    {"needs-weight", "an operator has at least one weight", validity},
    {"flops", "the operator's FLOPs are outside the problem's window", validity},
    {"parameters", "the operator's parameters or memory exceed the problem's limits", validity},
    {"distance", "the input's shape could not be reached with the primitives that remain", pruning},
    {"normal-form", "another way leads to the same coordinates", canonical},
    {"interchangeable-axes", "the mirror image, with the interchangeable axes exchanged, is the same operator",
     canonical},
    {"views-before-contraction",
     "a contraction that could come last leaves the view alone, so the view belongs before it", canonical},
    {"glued-together", "the split would glue together what one merge parted, or two sums that are one larger sum",
     canonical},
    {"split-chain", "chains of splits lean to one side", canonical},
    {"split-above-shares", "both sides went through the same weight: splitting below it gives the same operator",
     canonical},
    {"merge-above-split", "merging what a split joined, at the joint, is nothing", canonical},
    {"merge-above-reduce", "merging a reduction gives two smaller reductions", canonical},
    {"view-above-share", "the view commutes with the multiplication by the weight, so it belongs below", canonical},
    {"shift-reduce", "shifting what is summed changes nothing", canonical},
    {"shift-above-merge", "shifting the group of what was joined and shifted is shifting it below the split",
     canonical},
    {"unordered-shift", "the axis has no order, so a shift of it changes nothing", canonical},
    {"unordered-merge", "the axis has no order, so its merges are done in one order of sizes only", canonical},
    {"equal-reductions", "equal reductions are used in order", canonical},
    {"outer-neighbours", "two outer axes that one merge parted are one outer axis", canonical},
    {"fingerprint", "an operator that was made in another way computes the same", canonical},
    {"stacked-merge",
     "a merge above a split or a reduction, or above the group of a merge, jumbles what does not divide",
     nearDuplicate},
    {"shift-chain", "shifts are by one", nearDuplicate},
    {"shift-above-split", "a shift by one over a much larger block differs from one below the split at borders only",
     nearDuplicate},
    {"unfold-above-split", "an unfold of a split axis differs from one of the block below the split at borders only",
     nearDuplicate},
    {"unfold-above-shift", "an unfold above a shift differs from one below it at borders only", nearDuplicate},
    {"unfold-chain", "unfolds of one axis in another order differ at borders only: the windows grow", nearDuplicate},
    {"merge-above-unfold", "a merge with a block at least the window differs from one below the unfold at borders only",
     nearDuplicate},
    {"merge-above-shift", "a shift by one through a much larger block differs from one below the merge at borders only",
     nearDuplicate},
    {"merge-above-stride", "a merge with a block of at least the step has another form", nearDuplicate},
    {"stride-chain", "a stride above a stride, an unfold or a split has another form", nearDuplicate},
}};

} // namespace

const RuleInfo& info(Rule rule)
{
    return rules[static_cast<std::size_t>(rule)];
}

bool isRuleName(std::string_view name)
{
    const auto found = std::ranges::find(rules, name, &RuleInfo::name);
    return name == nearDuplicates || (found != rules.end() && found->kind != validity);
}

RuleSet::RuleSet(const Problem& problem)
{
    const auto switched = [&](std::string_view name, bool otherwise) {
        const auto found = problem.rules.find(std::string(name));
        return found == problem.rules.end() ? otherwise : found->second;
    };
    const bool wantsNone = switched(nearDuplicates, false);
    for (int i = 0; i < ruleCount; ++i)
        on_[i] = rules[i].kind == validity || switched(rules[i].name, rules[i].kind != nearDuplicate || wantsNone);
}

std::vector<RuleCount> RuleSet::counts() const
{
    std::vector<RuleCount> counts;
    for (int i = 0; i < ruleCount; ++i)
        counts.push_back({std::string(rules[i].name), std::string(rules[i].reason), refused_[i]});
    return counts;
}

} // namespace synoscope
