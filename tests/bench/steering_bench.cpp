// What steering costs in a large tree, from the call to its return: setting and lifting constraints of every sort.
#include "tests/core/search/synthetic_space.h"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <thread>

namespace synoscope {
namespace {

// A search that has grown its tree to so many nodes.
class LargeSearch
{
public:
    explicit LargeSearch(std::size_t nodes)
    {
        test::SyntheticSettings settings;
        settings.kinds = {{MoveKind::reduce, 6},
                          {MoveKind::shift, 4},
                          {MoveKind::split, 6},
                          {MoveKind::unfold, 6},
                          {MoveKind::merge, 6}};
        settings.picks = 9;
        engine_ = test::makeEngine(settings);
        const auto rewardOf = test::hiddenWorth(settings, 1);
        SearchWorker worker = engine_->makeWorker();
        while (engine_->state().tree.nodeCount() < nodes)
            test::runSearch(*engine_, worker, rewardOf, 1000);
        while (!engine_->drain(100'000).nodes.empty()) { // as a view would have
        }
    }

    SearchEngine& engine() { return *engine_; }
    const Tree& tree() const { return engine_->state().tree; }

    // A node some steps below the root, where searching goes on.
    std::uint64_t node(int depth) const
    {
        TreeNodeId at = Tree::root();
        for (; depth > 0; --depth) {
            TreeNodeId best = at;
            for (const TreeEdge& edge : tree().edges(at))
                if (best == at || tree()[edge.child].visits > tree()[best].visits)
                    best = edge.child;
            at = best;
        }
        return publicId(at);
    }

private:
    std::unique_ptr<SearchEngine> engine_;
};

LargeSearch& largeSearch(std::size_t nodes)
{
    static std::map<std::size_t, LargeSearch> searches;
    return searches.try_emplace(nodes, nodes).first->second;
}

Constraint pinned(LargeSearch& search)
{
    return {SteeringAction::pin, Predicate::ofNode(search.node(2))};
}
Constraint prunedDeep(LargeSearch& search)
{
    return {SteeringAction::prune, Predicate::ofNode(search.node(4))};
}
Constraint prunedHigh(LargeSearch& search)
{
    return {SteeringAction::prune, Predicate::ofNode(search.node(1))};
}
Constraint pinnedKind(LargeSearch&)
{
    return {SteeringAction::pin, Predicate::of(MoveKind::shift)};
}
Constraint prunedKind(LargeSearch&)
{
    return {SteeringAction::prune, Predicate::of(MoveKind::unfold)};
}

using Choose = Constraint (*)(LargeSearch&);

using Clock = std::chrono::steady_clock;

// Times setting the constraint, or lifting it again: `inForce` until the search obeys, which another thread watches,
// else until the values of all nodes have followed.
void steer(benchmark::State& state, Choose choose, bool lifting, bool inForce)
{
    LargeSearch& search = largeSearch(static_cast<std::size_t>(state.range(0)));
    SearchEngine& engine = search.engine();
    const Constraint constraint = choose(search);
    const auto active = [&] {
        const auto all = engine.constraints();
        return std::ranges::count(all, true, &ConstraintRecord::active);
    };
    const auto timed = [&](auto&& change, std::ptrdiff_t expected) {
        Clock::time_point seen;
        const auto begin = Clock::now();
        std::jthread watcher([&] {
            while (active() != expected)
                std::this_thread::sleep_for(std::chrono::microseconds(200));
            seen = Clock::now();
        });
        change();
        const auto end = Clock::now();
        watcher.join();
        return std::chrono::duration<double>((inForce ? seen : end) - begin).count();
    };
    for (auto _ : state) {
        std::uint64_t id = 0;
        const double set = timed(
            [&] {
                const auto done = engine.constrain(constraint);
                if (!done) {
                    std::cerr << done.error().text() << '\n';
                    std::exit(2);
                }
                id = *done;
            },
            1);
        const double lifted = timed([&] { (void)engine.lift(id); }, 0);
        state.SetIterationTime(lifting ? lifted : set);
        while (!engine.drain(100'000).nodes.empty()) {
        }
    }
    state.counters["nodes"] = static_cast<double>(search.tree().nodeCount());
    state.counters["iterations"] = static_cast<double>(engine.status().iterations);
}

#define MEASURE(name, choose, lifting, inForce)                                                                        \
    BENCHMARK_CAPTURE(steer, name, choose, lifting, inForce)                                                           \
        ->Arg(200'000)                                                                                                 \
        ->Arg(1'000'000)                                                                                               \
        ->UseManualTime()                                                                                              \
        ->Iterations(5)                                                                                                \
        ->Unit(benchmark::kMillisecond)
#define STEER(name, choose)                                                                                            \
    MEASURE(name##_in_force, choose, false, true);                                                                     \
    MEASURE(name##_settled, choose, false, false);                                                                     \
    MEASURE(lift_##name##_in_force, choose, true, true);                                                               \
    MEASURE(lift_##name##_settled, choose, true, false)
STEER(pin_node, pinned);
STEER(prune_node, prunedDeep);
STEER(prune_high_node, prunedHigh);
STEER(pin_kind, pinnedKind);
STEER(prune_kind, prunedKind);

} // namespace
} // namespace synoscope
