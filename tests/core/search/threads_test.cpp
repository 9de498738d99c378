// Several threads at once: workers, evaluators, a reader and a person who steers. Run with the thread sanitizer too.
#include "audit.h"
#include "synthetic_space.h"

#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <thread>

namespace synoscope::test {
namespace {

TEST(Threads, TwoWorkersAReaderAndSteeringKeepTheBooksExact)
{
    SyntheticSettings settings;
    settings.kinds = {
        {MoveKind::reduce, 3}, {MoveKind::shift, 2}, {MoveKind::split, 6}, {MoveKind::unfold, 3}, {MoveKind::merge, 6}};
    settings.picks = 5;
    const auto engine = makeEngine(settings);
    const RewardOf rewardOf = hiddenWorth(settings, 1);
    std::atomic<int> left{1500};
    std::mutex mutex;
    std::multiset<std::string> proposed;

    const auto work = [&](std::uint64_t seed) {
        SearchWorker worker = engine->makeWorker();
        Random random(seed);
        std::vector<Proposal> flying;
        while (left.load() > 0 && engine->ended().empty()) {
            if (auto proposal = worker.propose()) {
                --left;
                const std::lock_guard lock(mutex);
                proposed.insert(proposal->hash);
                flying.push_back(std::move(*proposal));
            }
            if (flying.size() > random.below(4)) {
                engine->reward(flying.back().ticket, rewardOf(flying.back().hash));
                flying.pop_back();
            }
        }
        for (const Proposal& proposal : flying)
            engine->reward(proposal.ticket, rewardOf(proposal.hash));
    };
    std::atomic<bool> done{false};
    std::vector<LogEntry> log;
    std::thread reader([&] {
        while (!done.load()) {
            (void)engine->drain(500);
            (void)engine->status();
            for (LogEntry& entry : engine->drainLog(100))
                log.push_back(std::move(entry));
            std::this_thread::yield();
        }
    });
    std::thread person([&] {
        Random random(9);
        while (!done.load()) {
            const auto kind = settings.kinds[random.below(5)].first;
            const auto id = engine->constrain({SteeringAction::prune, Predicate::of(kind), random.below(2) * 2});
            std::this_thread::sleep_for(std::chrono::milliseconds(2));
            if (id) {
                EXPECT_TRUE(engine->lift(*id));
            }
        }
    });
    std::thread first(work, 1);
    std::thread second(work, 2);
    first.join();
    second.join();
    done = true;
    reader.join();
    person.join();

    for (LogEntry& entry : engine->drainLog(1u << 20))
        log.push_back(std::move(entry));
    EXPECT_EQ(totalsOf(*engine), recompute(log, engine->constraints()));
    EXPECT_EQ(engine->status().inFlight, 0u);
    EXPECT_EQ(engine->state().tree[Tree::root()].inFlight, 0);
    EXPECT_EQ(proposed.size(), std::set<std::string>(proposed.begin(), proposed.end()).size());
    EXPECT_EQ(engine->status().candidates, proposed.size());
}

} // namespace
} // namespace synoscope::test
