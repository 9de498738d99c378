// The scheduler against exhaustive search. The search here knows none of the scheduler's shortcuts (views when they are
// needed, strides and free sums at once, weights summed before they meet the data): it tries every order of single
// views, multiplications, and sums over any set of labels. What both take for granted: there is one data tensor, a
// weight meets all its labels at once, products are not kept where they can be summed, nothing is summed over a single
// element.
#include "core/lowering/schedule.h"
#include "random_graph.h"

#include "core/graph/writer.h"
#include "core/lowering/plan.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <map>

namespace synoscope {
namespace {

using namespace lowering;

class Exhaustive
{
public:
    Exhaustive(const Network& network, const Extents& extents) : network_(network), extents_(extents) {}

    // The fewest floating-point operations; nothing where there are too many states to look at, or no way at all.
    std::optional<double> run()
    {
        std::string state(network_.labels.size() + network_.weightAxes.size(), unborn);
        for (std::size_t i = 0; i < network_.labels.size(); ++i)
            if (network_.labels[i].expanded)
                state[i] = expanded;
        for (const int label : network_.input)
            state[static_cast<std::size_t>(label)] = present;
        const double least = from(state);
        return best_.size() > mostStates || least == never ? std::nullopt : std::optional(least);
    }

private:
    enum Byte : char
    {
        unborn,
        expanded,
        present,
        gone,
        pending = unborn,
        met = present
    };
    static constexpr std::size_t mostStates = 60000;
    static constexpr double never = 1e300;

    char& axis(std::string& state, int index) const
    {
        return state[network_.labels.size() + static_cast<std::size_t>(index)];
    }
    char axis(const std::string& state, int index) const
    {
        return state[network_.labels.size() + static_cast<std::size_t>(index)];
    }
    bool exists(const std::string& state, int label) const
    {
        return state[label] == expanded || state[label] == present;
    }
    bool complete(const std::string& state, int label) const
    {
        return std::ranges::all_of(network_.labels[label].weightAxes, [&](int a) { return axis(state, a) == met; });
    }

    double points(const std::string& state) const
    {
        double total = 0;
        for (int b = 0; b < extents_.bindings(); ++b) {
            double product = 1;
            for (int label = 0; label < static_cast<int>(network_.labels.size()); ++label)
                if (state[label] == present)
                    product *= extents_[label][b];
            total += product;
        }
        return total;
    }

    bool finished(const std::string& state) const
    {
        for (std::size_t i = 0; i < network_.labels.size(); ++i)
            if (network_.labels[i].reduced && state[i] != gone)
                return false;
        for (int a = 0; a < static_cast<int>(network_.weightAxes.size()); ++a)
            if (axis(state, a) != met)
                return false;
        return true;
    }

    double from(const std::string& state)
    {
        if (finished(state))
            return 0;
        if (best_.size() > mostStates)
            return never;
        if (const auto known = best_.find(state); known != best_.end())
            return known->second;
        double least = never;
        views(state, least);
        sums(state, least);
        multiplications(state, least);
        return best_[state] = least;
    }

    void views(const std::string& state, double& least)
    {
        for (const View& view : network_.views) {
            const bool ready =
                std::ranges::all_of(view.top(), [&](int t) { return exists(state, t) && complete(state, t); });
            if (!ready)
                continue;
            const bool stays = view.kind != PrimitiveKind::unfold &&
                               std::ranges::all_of(view.top(), [&](int t) { return state[t] == expanded; });
            std::string next = state;
            for (const int top : view.top())
                next[top] = gone;
            for (const int bottom : view.bottom())
                next[bottom] = stays ? expanded : present;
            least = std::min(least, from(next));
        }
    }

    std::vector<int> summable(const std::string& state) const
    {
        std::vector<int> labels;
        for (int label = 0; label < static_cast<int>(network_.labels.size()); ++label)
            if (network_.labels[label].reduced && exists(state, label) && complete(state, label))
                labels.push_back(label);
        return labels;
    }

    void sums(const std::string& state, double& least)
    {
        const std::vector<int> labels = summable(state);
        for (unsigned set = 1; set < 1u << labels.size(); ++set) {
            std::string next = state;
            for (std::size_t i = 0; i < labels.size(); ++i)
                if (set >> i & 1)
                    next[labels[i]] = present;
            const double cost = points(next);
            for (std::size_t i = 0; i < labels.size(); ++i)
                if (set >> i & 1)
                    next[labels[i]] = gone;
            least = std::min(least, cost + from(next));
        }
    }

    // Each weight that can meet all its labels. (Weights whose Shares cross are no matter of this test.)
    void multiplications(const std::string& state, double& least)
    {
        for (const std::vector<int>& axes : network_.weights) {
            const bool open = std::ranges::all_of(
                axes, [&](int a) { return axis(state, a) == pending && exists(state, network_.weightAxes[a].label); });
            if (open)
                multiply(state, axes, least);
        }
    }

    void multiply(const std::string& state, const std::vector<int>& axes, double& least)
    {
        std::string next = state;
        std::string weight(state.size(), unborn);
        std::vector<int> own; // labels that the weight brings with it, and may sum before it meets the data
        for (const int a : axes) {
            axis(next, a) = met;
            const int label = network_.weightAxes[a].label;
            if (next[label] == expanded)
                own.push_back(label);
            next[label] = weight[label] = present;
        }
        std::erase_if(own, [&](int label) { return !network_.labels[label].reduced || !complete(next, label); });
        for (unsigned set = 0; set < 1u << own.size(); ++set) {
            std::string presummed = next;
            for (std::size_t i = 0; i < own.size(); ++i)
                if (set >> i & 1)
                    presummed[own[i]] = gone;
            contract(presummed, (set ? points(weight) : 0) + points(presummed), least);
        }
    }

    void contract(std::string state, double cost, double& least)
    {
        const double all = points(state);
        bool sums = false;
        for (const int label : summable(state)) {
            if (state[label] != present)
                continue;
            state[label] = gone;
            sums = true;
        }
        least = std::min(least, cost + (sums ? all : 0) + from(state));
    }

    const Network& network_;
    const Extents& extents_;
    std::map<std::string, double> best_;
};

// As the sizes of an operator that a search finds.
bool sumsAtLeastTwo(const Network& network, const Extents& extents)
{
    for (int label = 0; label < static_cast<int>(network.labels.size()); ++label)
        if (network.labels[label].reduced && std::ranges::min(extents[label]) < 2)
            return false;
    return true;
}

TEST(OptimalityTest, NoOrderOfEvaluationHasFewerFlopsThanTheScheduled)
{
    Random random(7);
    int compared = 0;
    int severalWeights = 0;
    for (int i = 0; i < 1500; ++i) {
        const PGraph graph = test::randomGraph(random, {.statements = 4 + i % 7, .weightsRequired = true});
        if (graph.weights().size() > 4 || graph.output().size() + graph.reductions().size() > 12)
            continue;
        const Network network(graph);
        const Extents extents(network, graph.bindings());
        if (!sumsAtLeastTwo(network, extents))
            continue;
        const auto least = Exhaustive(network, extents).run();
        if (!least)
            continue;
        ++compared;
        severalWeights += graph.weights().size() > 1;
        ASSERT_EQ(cheapest(network, extents).flops, *least) << writePGraph(graph) << toString(lower(graph));
    }
    EXPECT_GT(compared, 1000);
    EXPECT_GT(severalWeights, 300);
}

TEST(NetworkCostTest, IsTheSumOfWhatThePlanCostsUnderEachBinding)
{
    Random random(11);
    for (int i = 0; i < 1000; ++i) {
        const PGraph graph = test::randomGraph(random, {.statements = 4 + i % 9, .bindings = 3});
        const std::array<int, 3> counts{1, 4, 2};
        const Plan plan = lower(graph);
        NetworkCost expected;
        for (std::size_t b = 0; b < counts.size(); ++b) {
            const Cost one = cost(plan, graph.bindings()[b]);
            expected.flops += counts[b] * one.flops;
            expected.parameters += counts[b] * one.parameters;
            expected.peakBytes = std::max(expected.peakBytes, one.peakBytes);
        }
        const NetworkCost actual = networkCost(graph, graph.bindings(), counts);
        ASSERT_EQ(actual.flops, expected.flops) << writePGraph(graph);
        ASSERT_EQ(actual.parameters, expected.parameters) << writePGraph(graph);
        ASSERT_EQ(actual.peakBytes, expected.peakBytes) << writePGraph(graph);
    }
}

} // namespace
} // namespace synoscope
