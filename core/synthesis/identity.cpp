// Which states are the same (state.h: Identity).
//
// A state's meaning is what its frontier, its weights' axes and its guards read. Frontier, weights and axes have no
// order, so their hashes are added up; a Share changes no coordinate, and shows where a form stands in a weight and on
// the frontier. What was counted and how a dimension was made enter too: two states are one only if the same may
// follow. For a final state they do not. Final states are one for each way of writing an operator's
// coordinates; which of them are one operator their fingerprints tell.
#include "core/synthesis/engine.h"

#include "core/base/hash.h"

namespace synoscope {

namespace {

// Calls visit(labels) for every way to number equal reductions.
template <typename Visit>
void permuteLabels(SumLabels& labels, std::span<const std::array<int, 2>> groups, const Visit& visit)
{
    if (groups.empty()) {
        visit();
        return;
    }
    const auto begin = labels.entries.begin() + groups[0][0];
    const auto end = labels.entries.begin() + groups[0][1];
    const auto byLabel = [](const SumLabels::Entry& a, const SumLabels::Entry& b) { return a.label < b.label; };
    const auto swapLabels = [&] {
        // The next permutation of the labels alone; the sources keep their places.
        std::array<int, maxSums> numbers{};
        const auto count = end - begin;
        for (std::ptrdiff_t i = 0; i < count; ++i)
            numbers[i] = begin[i].label;
        const bool more = std::next_permutation(numbers.begin(), numbers.begin() + count);
        for (std::ptrdiff_t i = 0; i < count; ++i)
            begin[i].label = numbers[i];
        return more;
    };
    std::sort(begin, end, byLabel);
    do
        permuteLabels(labels, groups.subspan(1), visit);
    while (swapLabels());
}

} // namespace

std::uint64_t SynthesisEngine::tallyHash(const Draft& draft) const
{
    const Tally& tally = draft.tally;
    std::uint64_t hash = tally.outerAxes;
    for (const std::uint8_t used : tally.used)
        hash = hash << 5 ^ hash >> 59 ^ used;
    for (int v = 0; v < problem->variables.size(); ++v)
        hash = (hash ^ static_cast<std::uint8_t>(tally.variables[v])) * 0x100000001b3ull;
    std::uint64_t floors = 0; // which weight takes a dimension away is a matter of order, and what is known of its cost
    for (int w = 0; w < draft.weights(); ++w)
        floors += mix(tally.floors[w]);
    return mix(hash + floors);
}

std::uint64_t SynthesisEngine::hashOf(const Draft& draft, int image, const SumLabels* labels) const
{
    const auto hash = [&](NodeId node) {
        if (!rules.on(Rule::normalForm)) // as it is written; for comparison
            return nodes[node].hash;
        return labels ? nodes.forms.hash(nodes[node].form, image, *labels) : nodes.forms.hash(nodes[node].form, image);
    };
    std::uint64_t frontier = 0;
    if (draft.final) { // in the order of the input's axes
        std::array<std::uint64_t, maxFrontier> axes{};
        for (int i = 0; i < draft.frontier.count; ++i) {
            const int axis = desiredAxes_[i];
            const int place = nodes.forms.image(image).input[axis];
            const FormId form = nodes[draft.frontier[i]].form;
            const int free = static_cast<int>(std::ranges::find(desiredAxes_, place) - desiredAxes_.begin());
            axes[free] = problem->input[axis].unordered && rules.on(Rule::normalForm)
                             ? nodes.forms.unorderedHash(form, image, labels)
                             : hash(draft.frontier[i]);
        }
        for (int i = 0; i < draft.frontier.count; ++i)
            frontier = combine(frontier, axes[i]);
    } else {
        // With what decides on the moves that follow: its name, where two sizes have the same values, and how it was
        // made.
        for (const NodeId id : draft.frontier) {
            const Node& node = nodes[id];
            std::uint64_t made = static_cast<std::uint64_t>(node.kind) | static_cast<std::uint64_t>(node.base) << 8 |
                                 static_cast<std::uint64_t>(node.height) << 16;
            if (node.kind == NodeKind::split) // shifts above it ask for its block
                made += sizes[nodes[node.b].size].hash;
            frontier += mix(hash(id) ^ (sizes[node.size].hash + made));
        }
    }
    std::uint64_t weights = 0;
    int axis = 0;
    for (int w = 0; w < draft.weights(); ++w) {
        std::uint64_t weight = 1;
        // Any bijection of its entries gives the same: what counts is what its axes tell together.
        for (int i = 0; i < draft.weightSizes[w]; ++i, ++axis)
            weight += rules.on(Rule::normalForm)
                          ? nodes.forms.digitSum(nodes[draft.weightAxes[axis]].form, image, labels)
                          : mix(nodes[draft.weightAxes[axis]].hash);
        weights += mix(weight);
    }
    std::uint64_t expanded = 0;
    for (const NodeId node : draft.expanded)
        expanded += mix(hash(node) + 1);
    return combine(combine(frontier, weights), expanded);
}

Identity SynthesisEngine::identify(const Draft& draft) const
{
    Identity best;
    best.key = ~0ull;
    const auto consider = [&](int image, const SumLabels* labels) {
        const std::uint64_t key = hashOf(draft, image, labels);
        if (key >= best.key)
            return;
        best.key = key;
        best.image = image;
        best.labelled = labels != nullptr;
        if (labels)
            best.labels = *labels;
    };
    // Equal reductions, unless nothing has told them apart yet.
    SumLabels labels;
    std::array<std::array<int, 2>, maxSums> groups{};
    int groupCount = 0;
    if (draft.sums.count > 1 && !draft.onlyReductions() && rules.on(Rule::normalForm)) {
        for (int i = 0; i < draft.sums.count; ++i) {
            const Node& node = nodes[draft.sums[i]];
            labels.entries[labels.count++] = {nodes.forms.whole(node.form), node.amount};
            if (node.amount == 1)
                groups[groupCount++] = {i - 1, i + 1};
            else if (node.amount > 1)
                ++groups[groupCount - 1][1];
        }
    }
    // Mirror images are found in normal forms only.
    const bool mirrors = rules.on(Rule::interchangeableAxes) && rules.on(Rule::normalForm);
    const int images = mirrors ? nodes.forms.images() : 1;
    for (int image = 0; image < images; ++image) {
        if (groupCount == 0)
            consider(image, nullptr);
        else
            permuteLabels(labels, std::span(groups).first(groupCount), [&] { consider(image, &labels); });
    }
    best.key = draft.final ? combine(best.key, 0x66) : combine(best.key, tallyHash(draft));
    return best;
}

// Only what is made has a fingerprint, not all that is offered, and each way of writing it once: that is affordable.
void SynthesisEngine::recognise(StateId final)
{
    Operator& made = operators_[static_cast<std::size_t>(states_[final.index].offered)];
    made.key = states_[final.index].key;
    if (rules.on(Rule::fingerprint)) {
        made.fingerprint = fingerprintOf(final);
        made.key = hashText(made.fingerprint);
    }
    rules.refuses(Rule::fingerprint, !operatorFound_.insert(made.key, false).second);
}

std::string SynthesisEngine::fingerprintOf(StateId final)
{
    const std::uint64_t key = states_[final.index].key;
    if (sharedOperators_)
        if (std::string known = sharedOperators_->fingerprint(key); !known.empty())
            return known;
    std::string made = synoscope::fingerprint(build(final), equivalence_, &fingerprints_);
    if (sharedOperators_)
        toldBytes_ += sharedOperators_->tell(key, made);
    return made;
}

std::string SynthesisEngine::fingerprint(StateId final) const
{
    const std::string& known = operators_[static_cast<std::size_t>(states_[final.index].offered)].fingerprint;
    return known.empty() ? synoscope::fingerprint(build(final), equivalence_) : known;
}

void SynthesisEngine::frontierHashes(const Draft& draft, const Identity& identity,
                                     std::span<std::uint64_t> hashes) const
{
    for (int i = 0; i < draft.frontier.count; ++i) {
        const FormId form = nodes[draft.frontier[i]].form;
        hashes[i] = identity.labelled ? nodes.forms.hash(form, identity.image, identity.labels)
                                      : nodes.forms.hash(form, identity.image);
    }
}

void SynthesisEngine::orderFrontier(Draft& draft, const Identity& identity) const
{
    std::array<std::uint64_t, maxFrontier> hashes;
    frontierHashes(draft, identity, hashes);
    for (int i = 1; i < draft.frontier.count; ++i) {
        const std::uint64_t hash = hashes[i];
        const NodeId node = draft.frontier[i];
        int at = i;
        for (; at > 0 && hashes[at - 1] > hash; --at) {
            hashes[at] = hashes[at - 1];
            draft.frontier[at] = draft.frontier[at - 1];
        }
        hashes[at] = hash;
        draft.frontier[at] = node;
    }
}

} // namespace synoscope
