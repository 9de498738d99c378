// The rules that look at how dimensions were made: which views are another way to write what is reached otherwise.
//
// Each canonical rule names that other way, and looks whether it is legal: its sizes, its place in the chain.
#include "core/synthesis/generator.h"

namespace synoscope {

namespace {

// The dimension at one end of what splits have joined, and the weights its elements have met.
struct End
{
    NodeId node;
    std::uint8_t tags;
};

End endOf(const NodeArena& nodes, NodeId id, bool last)
{
    std::uint8_t met = 0;
    while (true) {
        const Node& node = nodes[id];
        if (node.kind == NodeKind::share)
            met |= static_cast<std::uint8_t>(1u << node.amount);
        else if (node.kind != NodeKind::split)
            return {id, static_cast<std::uint8_t>(met | node.tags)};
        id = node.kind == NodeKind::split && last ? node.b : node.a;
    }
}

// The weights whose Shares stand directly above what a node is otherwise. Shares commute, so all of them are on top.
std::uint32_t sharesOnTop(const NodeArena& nodes, NodeId id)
{
    std::uint32_t mask = 0;
    for (; nodes[id].kind == NodeKind::share; id = nodes[id].a)
        mask |= 1u << nodes[id].amount;
    return mask;
}

// In which orders a state's contractions could have been made. Shares of one dimension commute, and the last of them is
// the one that takes it away, if one does; each contraction must keep one of its axes and take one away.
class ContractionOrders
{
public:
    ContractionOrders(const NodeArena& nodes, const Draft& draft) : sizes_(draft.weightSizes)
    {
        int axis = 0;
        for (int weight = 0; weight < draft.weights(); ++weight)
            for (int i = 0; i < draft.weightSizes[weight]; ++i, ++axis)
                before_[weight] |= nodes[draft.weightAxes[axis]].tags & ~sharesOnTop(nodes, draft.weightAxes[axis]);
        for (const NodeId id : draft.expanded)
            taken_[takenCount_++] = sharesOnTop(nodes, id);
    }

    // Whether this one could be the last of the set.
    bool mayEnd(int weight, std::uint32_t set) const
    {
        const std::uint32_t others = set & ~(1u << weight);
        for (std::uint32_t rest = others; rest != 0; rest &= rest - 1)
            if (before_[std::countr_zero(rest)] >> weight & 1)
                return false;
        int outer = 0;
        for (int i = 0; i < takenCount_; ++i)
            outer += (taken_[i] >> weight & 1) && (taken_[i] & ~set) == 0;
        return outer > 0 && outer < sizes_[weight] && haveOrder(others);
    }

private:
    bool haveOrder(std::uint32_t set) const
    {
        for (std::uint32_t rest = set; rest != 0; rest &= rest - 1)
            if (mayEnd(std::countr_zero(rest), set))
                return true;
        return set == 0;
    }

    std::array<std::uint8_t, maxWeights> sizes_;
    std::array<std::uint32_t, maxWeights> before_{}; // by weight: those that views keep before it
    std::array<std::uint32_t, maxExpanded> taken_{}; // by expanded dimension: the weights on top, one of which takes it
    int takenCount_ = 0;
};

} // namespace

// The weights whose contraction could have come last, whatever came last: no view stands above any of their axes, and
// nothing that met them before a view or a repeat was taken away; and with it at the end, the others can stand in some
// order before it.
//
// A view that leaves one of them alone could stand before its contraction, and there it is made. Every operator has
// such a way: do each contraction only when a view or a contraction needs it, and those that nothing needs at the end;
// then all that could have come last is what the view at hand was waiting for. This must not depend on the way by which
// a state was reached: states do not keep the order of their weights.
std::uint32_t Generator::lastWeights() const
{
    const std::uint32_t all = (1u << draft_.weights()) - 1;
    std::uint32_t last = all;
    for (const NodeId id : draft_.frontier)
        last &= ~(engine_.nodes[id].tags & ~sharesOnTop(engine_.nodes, id));
    for (const NodeId id : draft_.expanded)
        last &= ~(engine_.nodes[id].tags & ~sharesOnTop(engine_.nodes, id));
    if (draft_.weights() < 2 || !rules_.on(Rule::contractionAxes))
        return last;
    const ContractionOrders orders(engine_.nodes, draft_);
    for (std::uint32_t rest = last; rest != 0; rest &= rest - 1)
        if (const int weight = std::countr_zero(rest); !orders.mayEnd(weight, all))
            last &= ~(1u << weight);
    return last;
}

// Two neighbours that met the same weights: halves of one cut, or two sums that one larger sum could be.
bool Generator::gluedTogether(NodeId left, NodeId right)
{
    NodeArena& nodes = engine_.nodes;
    const End last = endOf(nodes, left, true);
    const End first = endOf(nodes, right, false);
    if (last.tags != first.tags)
        return false;
    const Node& a = nodes[last.node];
    const Node& b = nodes[first.node];
    if (a.kind == NodeKind::reduce && b.kind == NodeKind::reduce)
        return engine_.reduceRank(engine_.sizes.product(a.size, b.size)) < engine_.reduceSizes().size();
    if (nodes.forms.adjacent(a.form, b.form))
        return true;
    // Parts of one axis without order: which part is which is a matter of names.
    return nodes[left].unorderedScope.valid() && nodes[left].unorderedScope == nodes[right].unorderedScope &&
           nodes[left].tags == nodes[right].tags;
}

// (a, b), c is a, (b, c).
bool Generator::splitLeansOver(const Node& group, const Node& block) const
{
    if (group.kind != NodeKind::split)
        return false;
    const Node& middle = engine_.nodes[group.b];
    const int height = std::max(middle.height, block.height) + 1;
    return engine_.sizes[engine_.sizes.product(middle.size, block.size)].legal &&
           std::max<int>(height, engine_.nodes[group.a].height) < limits_.chain;
}

bool Generator::splitRefused(NodeId groupId, NodeId blockId)
{
    const Node& group = engine_.nodes[groupId];
    const Node& block = engine_.nodes[blockId];
    const bool bothShared = (sharesOnTop(engine_.nodes, groupId) & sharesOnTop(engine_.nodes, blockId)) != 0;
    return refuses(Rule::legalSize, !engine_.sizes[engine_.sizes.product(group.size, block.size)].legal) ||
           refuses(Rule::viewsBeforeContraction, belongsBefore(group.tags | block.tags)) ||
           refuses(Rule::splitAboveShares, bothShared) ||
           refuses(Rule::equalReductions, equalReductionBefore(groupId, 0) || equalReductionBefore(blockId, 0)) ||
           refuses(Rule::splitChain, rules_.on(Rule::splitChain) && splitLeansOver(group, block)) ||
           refuses(Rule::gluedTogether, rules_.on(Rule::gluedTogether) && gluedTogether(groupId, blockId));
}

bool Generator::unfoldRefused(NodeId axisId, NodeId windowId)
{
    const Node& axis = engine_.nodes[axisId];
    const Node& window = engine_.nodes[windowId];
    return refuses(Rule::unfoldRatio, engine_.sizes.leastRatio(axis.size, window.size) < limits_.unfoldRatio) ||
           refuses(Rule::unfoldOverSums, axis.onlySums) ||
           refuses(Rule::viewsBeforeContraction, belongsBefore(axis.tags | window.tags)) ||
           refuses(Rule::unfoldAboveSplit, axis.kind == NodeKind::split) ||
           refuses(Rule::unfoldAboveShift, axis.kind == NodeKind::shift) ||
           refuses(Rule::unfoldChain,
                   axis.kind == NodeKind::unfold &&
                       engine_.sizes[window.size].least < engine_.sizes[engine_.nodes[axis.b].size].least);
}

// What splits have joined, the most significant first, is some sums and then parts of an axis without order, all of
// which met the same weights: a shift by one turns the parts among themselves, which is a matter of names, and carries
// into the sums, which run through the same values in another order.
bool Generator::shiftsOnlyNames(NodeId id) const
{
    struct Walk
    {
        const NodeArena& nodes;
        NodeId scope{};
        std::uint8_t tags = 0;
        bool any = false;

        bool operator()(NodeId id, std::uint8_t met)
        {
            const Node& node = nodes[id];
            if (node.kind == NodeKind::share)
                return (*this)(node.a, static_cast<std::uint8_t>(met | 1u << node.amount));
            if (node.kind == NodeKind::split && !node.unorderedScope.valid())
                return (*this)(node.a, met) && (*this)(node.b, met);
            const auto all = static_cast<std::uint8_t>(met | node.tags);
            if (any && all != tags)
                return false;
            any = true;
            tags = all;
            if (node.kind == NodeKind::reduce)
                return !scope.valid();
            const bool same = node.unorderedScope.valid() && (!scope.valid() || scope == node.unorderedScope);
            scope = node.unorderedScope;
            return same;
        }
    };
    return Walk{engine_.nodes}(id, 0);
}

// The group of a split that was shifted and merged again at the same block: shifting it is shifting it below the split.
bool Generator::shiftsBelowSplit(const Node& group) const
{
    if (group.kind != NodeKind::mergeGroup)
        return false;
    const Node& shifted = engine_.nodes[group.a];
    if (shifted.kind != NodeKind::shift || engine_.nodes[shifted.a].kind != NodeKind::split)
        return false;
    const Node& split = engine_.nodes[shifted.a];
    const Node& below = engine_.nodes[split.a];
    return engine_.sizes.same(engine_.nodes[split.b].size, group.parameter) && below.height + 4 <= limits_.chain &&
           !(below.kind == NodeKind::shift && rules_.on(Rule::shiftChain));
}

bool Generator::reducesInstead(const Node& reduce, SizeId block) const
{
    const SizeId group = engine_.sizes.quotient(reduce.size, block);
    const std::size_t none = engine_.reduceSizes().size();
    if (draft_.sums.count >= std::min(limits_.reductions, maxSums) || engine_.reduceRank(block) == none ||
        engine_.reduceRank(group) == none)
        return false;
    const auto uses = [&](SizeId size, int v) { return std::abs(engine_.sizes[size].size.exponents()[v]); };
    for (int v = 0; v < engine_.problem->variables.size(); ++v)
        if (draft_.tally.variables[v] - uses(reduce.size, v) + uses(block, v) + uses(group, v) >
            engine_.problem->allowance[v])
            return false;
    return true;
}

bool Generator::mergeRefused(NodeId wholeId, SizeId block)
{
    const Node whole = engine_.nodes[wholeId];
    const SizeFacts& size = engine_.sizes[block];
    const auto parameter = [&] { return engine_.sizes[whole.parameter].largest; };
    const auto window = [&] { return engine_.sizes[engine_.nodes[whole.b].size].largest; };
    // Group and block are alike, unless only the block may be repeated.
    const bool alike = limits_.repeat <= 1 || limits_.tile;
    return refuses(Rule::unorderedMerge,
                   alike && whole.unorderedScope.valid() && size.size < engine_.sizes[whole.size].size / size.size) ||
           refuses(Rule::mergeAboveUnfold, whole.kind == NodeKind::unfold && size.least >= window()) ||
           refuses(Rule::mergeAboveStride, whole.kind == NodeKind::stride && size.least >= parameter()) ||
           refuses(Rule::mergeAboveShift, whole.kind == NodeKind::shift && size.largest > limits_.shiftReshape) ||
           refuses(Rule::mergeAboveSplit, whole.kind == NodeKind::split && engine_.nodes[whole.b].size == block) ||
           refuses(Rule::mergeAboveReduce, whole.kind == NodeKind::reduce && reducesInstead(whole, block));
}

} // namespace synoscope
