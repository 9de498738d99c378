// The search over the real synthesis, on the problems the program ships.
#include "audit.h"

#include "core/base/hash.h"
#include "core/graph/writer.h"
#include "core/search/synthesizer_space.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace synoscope::test {
namespace {

std::shared_ptr<const Problem> problem(const std::string& name)
{
    auto read = readProblem(SYNOSCOPE_SOURCE_DIR "/resources/problems/" + name + ".json");
    if (!read) {
        ADD_FAILURE() << read.error().text();
        return nullptr;
    }
    return std::make_shared<const Problem>(std::move(*read));
}

// An arbitrary but fixed reward: what counts here is the books.
double rewardOf(const std::string& hash)
{
    return static_cast<double>(hashText(hash) % 1000) / 1000;
}

std::unique_ptr<SearchEngine> engineFor(const std::string& name)
{
    auto engine = SearchEngine::create(synthesizerSpaces(problem(name)), {});
    return engine ? std::move(*engine) : nullptr;
}

std::vector<Proposal> run(SearchEngine& engine, SearchWorker& worker, std::size_t evaluations)
{
    std::vector<Proposal> proposals;
    for (int idle = 0; proposals.size() < evaluations && engine.ended().empty() && idle < 20;)
        if (auto proposal = worker.propose()) {
            engine.reward(proposal->ticket, rewardOf(proposal->hash));
            proposals.push_back(std::move(*proposal));
        } else {
            ++idle;
        }
    return proposals;
}

struct Case
{
    const char* name;
    std::size_t evaluations;
};

class RealProblem : public testing::TestWithParam<Case>
{};

TEST_P(RealProblem, YieldsDifferentOperatorsWhoseHashesAreTheirOwn)
{
    const auto engine = engineFor(GetParam().name);
    SearchWorker worker = engine->makeWorker();
    const std::vector<Proposal> proposals = run(*engine, worker, GetParam().evaluations);
    ASSERT_EQ(proposals.size(), GetParam().evaluations);
    std::set<std::string> hashes;
    std::set<std::string> prints;
    for (const Proposal& proposal : proposals) {
        EXPECT_EQ(canonicalHash(proposal.graph), proposal.hash);
        EXPECT_TRUE(hashes.insert(proposal.hash).second);
        EXPECT_TRUE(prints.insert(proposal.fingerprint).second);
        EXPECT_FALSE(proposal.graph.weights().empty());
    }
    EXPECT_EQ(totalsOf(*engine), recompute(engine->drainLog(), {}));
}

TEST_P(RealProblem, IsDeterministicAndResumable)
{
    const auto engine = engineFor(GetParam().name);
    SearchWorker worker = engine->makeWorker();
    const std::vector<Proposal> first = run(*engine, worker, GetParam().evaluations / 2);
    const auto again = engineFor(GetParam().name);
    SearchWorker same = again->makeWorker();
    const std::vector<Proposal> second = run(*again, same, GetParam().evaluations / 2);
    ASSERT_EQ(first.size(), second.size());
    for (std::size_t i = 0; i < first.size(); ++i)
        EXPECT_EQ(first[i].hash, second[i].hash);

    const auto resumed = engineFor(GetParam().name);
    ASSERT_TRUE(resumed->restore(engine->drainLog(), {}, {}));
    EXPECT_EQ(totalsOf(*resumed), totalsOf(*engine));
    SearchWorker next = resumed->makeWorker();
    for (const Proposal& proposal : run(*resumed, next, GetParam().evaluations / 2))
        for (const Proposal& known : first)
            EXPECT_NE(proposal.hash, known.hash);
}

// Of a log, only some paths are followed when it is read, at most 64: every `stride`-th.
TEST(DamagedLog, WhatItLeadsToIsPassedOver)
{
    const auto engine = engineFor("conv2d-tiny");
    SearchWorker worker = engine->makeWorker();
    run(*engine, worker, 150);
    std::vector<LogEntry> log = engine->drainLog();
    std::size_t stride = 1;
    while ((log.size() - 1) / stride >= 64)
        stride *= 2;
    ASSERT_GT(stride, 1u);
    std::set<std::uint64_t> followed{0};
    for (std::size_t i = 0; i < log.size(); i += stride)
        for (const LoggedStep& step : log[i].path)
            followed.insert(step.node);
    int damaged = 0;
    for (LogEntry& entry : log)
        for (LoggedStep& step : entry.path)
            if (!followed.contains(step.node)) {
                step.move.key ^= 1;
                ++damaged;
            }
    ASSERT_GT(damaged, 10);
    const auto resumed = engineFor("conv2d-tiny");
    ASSERT_TRUE(resumed->restore(log, {}, {}));
    EXPECT_GT(resumed->drain().nodes.size(), 50u);
    SearchWorker next = resumed->makeWorker();
    EXPECT_EQ(run(*resumed, next, 100).size(), 100u);
    EXPECT_FALSE(resumed->drain().nodes.empty());
}

TEST_P(RealProblem, DescribesEveryNode)
{
    const auto engine = engineFor(GetParam().name);
    SearchWorker worker = engine->makeWorker();
    run(*engine, worker, GetParam().evaluations / 2);
    for (const NodeChange& change : engine->drain().nodes)
        EXPECT_TRUE(change.id == 1 || !change.move.empty());
}

INSTANTIATE_TEST_SUITE_P(Shipped, RealProblem,
                         testing::Values(Case{"conv2d-tiny", 40}, Case{"conv2d-resnet18", 8}, Case{"linear-gpt2", 40}),
                         [](const auto& info) {
                             std::string name = info.param.name;
                             std::erase(name, '-');
                             return name;
                         });

TEST(RealSteering, IsObeyedByEveryOperator)
{
    const auto engine = engineFor("conv2d-tiny");
    SearchWorker worker = engine->makeWorker();
    std::vector<LogEntry> log;
    const auto runOn = [&](std::size_t evaluations) {
        run(*engine, worker, evaluations);
        const std::size_t before = log.size();
        for (LogEntry& entry : engine->drainLog(1u << 20))
            log.push_back(std::move(entry));
        return std::span<const LogEntry>(log).subspan(before);
    };
    const auto obeyed = [&](const Constraint& wish, std::size_t evaluations) {
        const auto id = engine->constrain(wish);
        ASSERT_TRUE(id);
        const auto constraints = engine->constraints();
        const auto entries = runOn(evaluations);
        EXPECT_GT(entries.size(), 0u) << constraints.back().text;
        for (const LogEntry& entry : entries)
            EXPECT_TRUE(isOpen(entry, constraints)) << constraints.back().text;
        EXPECT_EQ(totalsOf(*engine), recompute(log, constraints));
        ASSERT_TRUE(engine->lift(*id));
    };
    runOn(10);
    obeyed({SteeringAction::pin, Predicate::of(MoveKind::unfold), 0}, 8);
    Size window; // of the latest Unfold found
    for (const LogEntry& entry : log)
        for (const LoggedStep& step : entry.path)
            if (step.move.kind == MoveKind::unfold)
                window = step.move.size;
    ASSERT_FALSE(window.isOne());
    obeyed({SteeringAction::pin, Predicate::of(MoveKind::unfold, window), 0}, 8);
    obeyed({SteeringAction::prune, Predicate::of(MoveKind::unfold, window), 0}, 8);
    obeyed({SteeringAction::prune, Predicate::of(MoveKind::shift), 0}, 8);
    const auto edges = engine->state().tree.edges(Tree::root());
    const auto most = std::max_element(edges.begin(), edges.end(),
                                       [](const TreeEdge& a, const TreeEdge& b) { return a.visits < b.visits; });
    const std::uint64_t node = publicId(most->child);
    obeyed({SteeringAction::pin, Predicate::ofNode(node), 0}, 8);
    obeyed({SteeringAction::prune, Predicate::ofNode(node), 0}, 8);
    EXPECT_EQ(totalsOf(*engine), recompute(log, engine->constraints()));
}

TEST(RealSteering, AnUnfoldIsNamedByTheWindowTheSynthesisKnowsItBy)
{
    Synthesizer synthesizer(problem("conv2d-tiny"));
    Random random(4);
    int named = 0;
    for (int i = 0; i < 200 && named == 0; ++i) {
        Steering unfolds;
        unfolds.requiredKinds = 1u << static_cast<unsigned>(MoveKind::unfold);
        const auto rollout = synthesizer.rollout(synthesizer.root(), unfolds, random);
        if (!rollout)
            continue;
        StateId state = synthesizer.root();
        for (const Move& move : rollout->moves) {
            for (const Move& offered : synthesizer.moves(state)) {
                Steering steering;
                steering.forbiddenSizes.emplace_back(offered.kind, offered.size);
                EXPECT_FALSE(synthesizer.allowed(state, offered, steering));
                named += offered.kind == MoveKind::unfold;
            }
            state = synthesizer.apply(state, move);
        }
    }
    EXPECT_GT(named, 0);
}

} // namespace
} // namespace synoscope::test
