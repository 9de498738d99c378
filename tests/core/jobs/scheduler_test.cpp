#include "core/jobs/scheduler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <stdexcept>

using namespace synoscope;
using namespace std::chrono_literals;

namespace {

using Clock = std::chrono::steady_clock;

// Runs until it is cancelled or `open` is set.
struct Gate
{
    std::atomic<bool> open{false};
    std::atomic<int> inside{0};

    JobBody body()
    {
        return [this](JobContext& job) -> Expected<void> {
            ++inside;
            while (!open && job.proceed())
                std::this_thread::sleep_for(1ms);
            --inside;
            return {};
        };
    }
};

JobRequest request(std::string title, JobBody body, JobResources resources = {}, int priority = 0)
{
    return {.kind = "test",
            .title = std::move(title),
            .priority = priority,
            .resources = std::move(resources),
            .run = std::move(body)};
}

JobId submitted(Scheduler& scheduler, JobRequest job)
{
    auto id = scheduler.submit(std::move(job));
    EXPECT_TRUE(id) << (id ? "" : id.error().text());
    return id ? *id : JobId{};
}

JobState stateOf(const Scheduler& scheduler, JobId id)
{
    return scheduler.snapshot(id)->state;
}

bool reaches(const Scheduler& scheduler, JobId id, JobState state, std::chrono::milliseconds within = 5s)
{
    const auto end = Clock::now() + within;
    for (auto seen = scheduler.changeCount(); stateOf(scheduler, id) != state;
         seen = scheduler.waitForChange(seen, 20ms)) {
        if (Clock::now() > end)
            return false;
    }
    return true;
}

JobBody nothing()
{
    return [](JobContext&) -> Expected<void> { return {}; };
}

constexpr JobResources bench{.cores = 1, .device = "cpu", .use = DeviceUse::exclusive};
constexpr auto train = [](std::string device = "cpu") {
    return JobResources{.cores = 1, .device = device, .use = DeviceUse::shared};
};

} // namespace

TEST(Scheduler, RunsAJobAndTellsItsEndOnTheJobsThread)
{
    Scheduler scheduler({.cores = 2});
    std::thread::id bodyThread;
    std::thread::id endThread;
    JobSnapshot last;
    JobRequest job = request("count", [&](JobContext& context) -> Expected<void> {
        bodyThread = std::this_thread::get_id();
        context.log("half way");
        context.setProgress(0.5);
        return {};
    });
    job.finished = [&](const JobSnapshot& snapshot) {
        endThread = std::this_thread::get_id();
        last = snapshot;
    };
    const JobId id = submitted(scheduler, std::move(job));
    ASSERT_TRUE(scheduler.wait(id, 5s));
    EXPECT_EQ(bodyThread, endThread);
    EXPECT_NE(bodyThread, std::this_thread::get_id());
    EXPECT_EQ(last.state, JobState::done);
    EXPECT_EQ(last.progress, 1);
    EXPECT_EQ(last.title, "count");
    EXPECT_EQ(scheduler.log(id), std::vector<std::string>{"half way"});
}

TEST(Scheduler, AFailureKeepsItsSentenceAndItsDetails)
{
    Scheduler scheduler({.cores = 1});
    const JobId failed = submitted(scheduler, request("fails", [](JobContext&) -> Expected<void> {
                                       return Error{.message = "the data folder is empty", .details = "opendir: 2"};
                                   }));
    const JobId threw = submitted(
        scheduler, request("throws", [](JobContext&) -> Expected<void> { throw std::runtime_error("out of ideas"); }));
    ASSERT_TRUE(scheduler.wait(failed, 5s));
    ASSERT_TRUE(scheduler.wait(threw, 5s));
    EXPECT_EQ(scheduler.snapshot(failed)->state, JobState::failed);
    EXPECT_EQ(scheduler.snapshot(failed)->message, "the data folder is empty");
    EXPECT_EQ(scheduler.snapshot(failed)->details, "opendir: 2");
    EXPECT_THAT(scheduler.snapshot(threw)->message, testing::HasSubstr("out of ideas"));
}

TEST(Scheduler, NeverHandsOutMoreCoresThanThereAre)
{
    Scheduler scheduler({.cores = 3});
    std::atomic<int> used{0};
    std::atomic<int> most{0};
    std::mt19937 random(7);
    for (int i = 0; i < 60; ++i) {
        const int cores = static_cast<int>(random() % 4);
        submitted(scheduler, request(
                                 "j",
                                 [&, cores](JobContext&) -> Expected<void> {
                                     const int now = used += cores;
                                     int seen = most;
                                     while (seen < now && !most.compare_exchange_weak(seen, now)) {
                                     }
                                     std::this_thread::sleep_for(2ms);
                                     used -= cores;
                                     return {};
                                 },
                                 {.cores = cores}, static_cast<int>(random() % 3)));
    }
    ASSERT_TRUE(scheduler.waitIdle(20s));
    EXPECT_EQ(most, 3);
    EXPECT_FALSE(scheduler.submit(request("too wide", nothing(), {.cores = 4})));
}

TEST(Scheduler, ABenchmarkHasItsDeviceAlone)
{
    Scheduler scheduler({.cores = 8});
    std::atomic<int> benches{0};
    std::atomic<int> trainings{0};
    std::atomic<int> violations{0};
    std::atomic<int> mostTrainings{0};
    for (int i = 0; i < 60; ++i) {
        const bool isBench = i % 3 == 0;
        submitted(scheduler, request(
                                 "j",
                                 [&, isBench](JobContext&) -> Expected<void> {
                                     auto& mine = isBench ? benches : trainings;
                                     const int now = ++mine;
                                     violations += isBench ? now > 1 || trainings > 0 : benches > 0;
                                     if (!isBench)
                                         mostTrainings = std::max(mostTrainings.load(), now);
                                     std::this_thread::sleep_for(3ms);
                                     --mine;
                                     return {};
                                 },
                                 isBench ? bench : train()));
    }
    ASSERT_TRUE(scheduler.waitIdle(20s));
    EXPECT_EQ(violations, 0);
    EXPECT_GT(mostTrainings, 1); // two at a time stand between two benchmarks
}

TEST(Scheduler, OtherDevicesAreNotHeldUp)
{
    Scheduler scheduler({.cores = 8});
    Gate gate;
    const JobId onCpu = submitted(scheduler, request("bench", gate.body(), bench));
    ASSERT_TRUE(reaches(scheduler, onCpu, JobState::running));
    const JobId waits = submitted(scheduler, request("train on cpu", nothing(), train()));
    EXPECT_TRUE(scheduler.wait(submitted(scheduler, request("train on gpu", nothing(), train("cuda:0"))), 5s));
    EXPECT_TRUE(scheduler.wait(submitted(scheduler, request("export", nothing())), 5s));
    EXPECT_EQ(stateOf(scheduler, waits), JobState::queued);
    gate.open = true;
    EXPECT_TRUE(scheduler.wait(waits, 5s));
}

TEST(Scheduler, AWaitingBenchmarkIsNotOvertakenByLaterTrainings)
{
    Scheduler scheduler({.cores = 8});
    Gate first;
    Gate second;
    const JobId running = submitted(scheduler, request("training", first.body(), train()));
    ASSERT_TRUE(reaches(scheduler, running, JobState::running));
    const JobId waiting = submitted(scheduler, request("bench", second.body(), bench));
    const JobId late = submitted(scheduler, request("later training", nothing(), train()));
    std::this_thread::sleep_for(50ms);
    EXPECT_EQ(stateOf(scheduler, late), JobState::queued);
    first.open = true;
    ASSERT_TRUE(reaches(scheduler, waiting, JobState::running));
    EXPECT_EQ(stateOf(scheduler, late), JobState::queued);
    second.open = true;
    EXPECT_TRUE(scheduler.wait(late, 5s));
}

TEST(Scheduler, AJobThatNeedsManyCoresIsNotStarvedBySmallOnes)
{
    Scheduler scheduler({.cores = 2});
    Gate gate;
    const JobId small = submitted(scheduler, request("small", gate.body()));
    ASSERT_TRUE(reaches(scheduler, small, JobState::running));
    const JobId wide = submitted(scheduler, request("wide", nothing(), {.cores = 2}));
    const JobId late = submitted(scheduler, request("late", nothing()));
    std::this_thread::sleep_for(50ms);
    EXPECT_EQ(stateOf(scheduler, late), JobState::queued);
    gate.open = true;
    EXPECT_TRUE(scheduler.wait(wide, 5s));
    EXPECT_TRUE(scheduler.wait(late, 5s));
}

TEST(Scheduler, HigherPrioritiesRunFirstAndMayChange)
{
    Scheduler scheduler({.cores = 1});
    Gate gate;
    const JobId blocker = submitted(scheduler, request("blocker", gate.body()));
    ASSERT_TRUE(reaches(scheduler, blocker, JobState::running));
    std::mutex mutex;
    std::string order;
    const auto append = [&](char name) -> JobBody {
        return [&, name](JobContext&) -> Expected<void> {
            std::lock_guard lock(mutex);
            order += name;
            return {};
        };
    };
    submitted(scheduler, request("a", append('a'), {}, 0));
    submitted(scheduler, request("b", append('b'), {}, 5));
    submitted(scheduler, request("c", append('c'), {}, 5));
    const JobId last = submitted(scheduler, request("d", append('d'), {}, -1));
    EXPECT_TRUE(scheduler.setPriority(last, 9));
    gate.open = true;
    ASSERT_TRUE(scheduler.waitIdle(5s));
    EXPECT_EQ(order, "dbca");
}

TEST(Scheduler, CancellingActsWithinASecondInEveryState)
{
    Scheduler scheduler({.cores = 1});
    Gate gate;
    std::atomic<int> ends{0};
    const auto make = [&](const char* title) {
        JobRequest job = request(title, gate.body());
        job.finished = [&](const JobSnapshot& snapshot) { ends += snapshot.state == JobState::cancelled; };
        return submitted(scheduler, std::move(job));
    };
    const JobId paused = make("paused");
    ASSERT_TRUE(reaches(scheduler, paused, JobState::running));
    scheduler.pause(paused);
    ASSERT_TRUE(reaches(scheduler, paused, JobState::paused));
    const JobId running = make("running");
    ASSERT_TRUE(reaches(scheduler, running, JobState::running));
    const JobId queued = make("queued");
    const JobId pausedInQueue = make("paused in the queue");
    scheduler.pause(pausedInQueue);
    for (const JobId id : {queued, pausedInQueue, paused, running}) {
        EXPECT_TRUE(scheduler.cancel(id));
        EXPECT_TRUE(scheduler.wait(id, 1s));
        EXPECT_EQ(stateOf(scheduler, id), JobState::cancelled);
        EXPECT_FALSE(scheduler.cancel(id));
    }
    EXPECT_EQ(ends, 4);
    EXPECT_EQ(gate.inside, 0);
}

TEST(Scheduler, APausedJobLendsItsCoresAndComesBack)
{
    Scheduler scheduler({.cores = 1});
    Gate gate;
    const JobId id = submitted(scheduler, request("long", gate.body()));
    ASSERT_TRUE(reaches(scheduler, id, JobState::running));
    EXPECT_TRUE(scheduler.pause(id));
    ASSERT_TRUE(reaches(scheduler, id, JobState::paused));
    Gate other;
    const JobId guest = submitted(scheduler, request("guest", other.body()));
    ASSERT_TRUE(reaches(scheduler, guest, JobState::running));
    EXPECT_TRUE(scheduler.resume(id));
    std::this_thread::sleep_for(30ms);
    EXPECT_EQ(stateOf(scheduler, id), JobState::queued); // the core is lent
    other.open = true;
    ASSERT_TRUE(reaches(scheduler, id, JobState::running));
    gate.open = true;
    ASSERT_TRUE(scheduler.wait(id, 5s));
    EXPECT_EQ(stateOf(scheduler, id), JobState::done);
}

TEST(Scheduler, AFailedJobMayBeTriedAgainAndADoneOneNot)
{
    Scheduler scheduler({.cores = 1});
    std::atomic<int> calls{0};
    std::atomic<int> ends{0};
    JobRequest job = request("second time lucky", [&](JobContext&) -> Expected<void> {
        return ++calls == 1 ? Expected<void>(Error{"not yet"}) : Expected<void>();
    });
    job.finished = [&](const JobSnapshot&) { ++ends; };
    const JobId id = submitted(scheduler, std::move(job));
    ASSERT_TRUE(scheduler.wait(id, 5s));
    EXPECT_EQ(stateOf(scheduler, id), JobState::failed);
    EXPECT_TRUE(scheduler.retry(id));
    ASSERT_TRUE(scheduler.wait(id, 5s));
    EXPECT_EQ(stateOf(scheduler, id), JobState::done);
    EXPECT_EQ(scheduler.snapshot(id)->attempt, 2);
    EXPECT_EQ(scheduler.snapshot(id)->message, "");
    EXPECT_EQ(ends, 2);
    EXPECT_FALSE(scheduler.retry(id));
}

TEST(Scheduler, ACancelledJobMayBeTriedAgainFromItsOwnCallback)
{
    Scheduler scheduler({.cores = 1});
    std::atomic<int> attempts{0};
    JobRequest job = request("stubborn", [&](JobContext& context) -> Expected<void> {
        ++attempts;
        return attempts < 4 ? Expected<void>(Error{"again"}) : (context.log("enough"), Expected<void>());
    });
    job.finished = [&](const JobSnapshot& snapshot) { scheduler.retry(snapshot.id); };
    const JobId id = submitted(scheduler, std::move(job));
    EXPECT_TRUE(reaches(scheduler, id, JobState::done));
    EXPECT_EQ(attempts, 4);
}

TEST(Scheduler, EstimatesTheTimeLeftFromProgress)
{
    Scheduler scheduler({.cores = 1});
    Gate gate;
    const JobId id = submitted(scheduler, request("steady", [&](JobContext& context) -> Expected<void> {
                                   for (int i = 1; i <= 20 && context.proceed(); ++i) {
                                       std::this_thread::sleep_for(50ms);
                                       context.setProgress(i / 40.0); // 2 s in all
                                   }
                                   return gate.body()(context);
                               }));
    while (scheduler.snapshot(id)->progress < 0.5)
        std::this_thread::sleep_for(5ms);
    const auto left = scheduler.snapshot(id)->timeLeft;
    ASSERT_TRUE(left);
    EXPECT_GE(*left, 1s);
    EXPECT_LE(*left, 3s);
    gate.open = true;
}

TEST(Scheduler, EveryChangeMovesTheCounter)
{
    Scheduler scheduler({.cores = 1});
    Gate gate;
    auto seen = scheduler.changeCount();
    const JobId id = submitted(scheduler, request("watched", gate.body()));
    EXPECT_NE(scheduler.changeCount(), seen);
    ASSERT_TRUE(reaches(scheduler, id, JobState::running));
    std::this_thread::sleep_for(20ms);
    seen = scheduler.changeCount();
    EXPECT_EQ(scheduler.waitForChange(seen, 50ms), seen);
    gate.open = true;
    EXPECT_NE(scheduler.waitForChange(seen, 5s), seen);
}

TEST(Scheduler, ForgetsOldFinishedJobsAndKeepsTheNewest)
{
    Scheduler scheduler({.cores = 2, .keptFinished = 50});
    JobId last;
    for (int i = 0; i < 300; ++i) {
        last = submitted(scheduler, request(std::to_string(i), nothing()));
        ASSERT_TRUE(scheduler.wait(last, 5s));
    }
    const auto jobs = scheduler.snapshots();
    EXPECT_LE(jobs.size(), 60u);
    EXPECT_GE(jobs.size(), 50u);
    EXPECT_EQ(jobs.back().title, "299");
    EXPECT_FALSE(scheduler.snapshot(JobId{1}));
    scheduler.clearFinished();
    EXPECT_TRUE(scheduler.snapshots().empty());
}

TEST(Scheduler, ClosingCancelsEverythingAndNeverHangs)
{
    std::atomic<int> ends{0};
    const auto begin = Clock::now();
    {
        Gate gate;
        Scheduler scheduler({.cores = 2});
        for (int i = 0; i < 40; ++i) {
            JobRequest job = request("j", gate.body());
            job.finished = [&](const JobSnapshot& snapshot) {
                ends += snapshot.state == JobState::cancelled;
                (void)scheduler.submit(request("from a callback", nothing())); // refused or cancelled, never stuck
            };
            const JobId id = submitted(scheduler, std::move(job));
            if (i % 5 == 0)
                scheduler.pause(id);
        }
        std::this_thread::sleep_for(20ms);
    }
    EXPECT_LT(Clock::now() - begin, 2s);
    EXPECT_EQ(ends, 40);
}

TEST(Scheduler, AfterShutDownNothingIsAccepted)
{
    Scheduler scheduler({.cores = 1});
    scheduler.shutDown();
    const auto refused = scheduler.submit(request("late", nothing()));
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().message, testing::HasSubstr("closing"));
}

TEST(Scheduler, SurvivesManyThreadsDoingEverythingAtOnce)
{
    std::atomic<int> ends{0};
    std::atomic<int> submissions{0};
    std::atomic<int> retries{0};
    {
        Scheduler scheduler({.cores = 3, .keptFinished = 40});
        std::vector<std::jthread> users;
        for (unsigned seed = 0; seed < 4; ++seed) {
            users.emplace_back([&, seed] {
                std::mt19937 random(seed);
                for (int i = 0; i < 250; ++i) {
                    JobRequest job = request("j",
                                             [](JobContext& context) -> Expected<void> {
                                                 for (int step = 0; step < 3 && context.proceed(); ++step) {
                                                     context.setProgress(step / 3.0);
                                                     std::this_thread::sleep_for(100us);
                                                 }
                                                 return context.id().value % 7 == 0 ? Expected<void>(Error{"unlucky"})
                                                                                    : Expected<void>();
                                             },
                                             {.cores = static_cast<int>(random() % 4),
                                              .device = "cpu",
                                              .use = static_cast<DeviceUse>(random() % 3)});
                    job.finished = [&](const JobSnapshot&) { ++ends; };
                    const auto id = scheduler.submit(std::move(job));
                    submissions += id.hasValue();
                    const JobId other{1 + random() % 1000};
                    switch (random() % 6) {
                    case 0:
                        scheduler.cancel(other);
                        break;
                    case 1:
                        scheduler.pause(other);
                        break;
                    case 2:
                        scheduler.resume(other);
                        break;
                    case 3:
                        retries += scheduler.retry(other);
                        break;
                    case 4:
                        scheduler.setPriority(other, static_cast<int>(random() % 5));
                        break;
                    default:
                        (void)scheduler.snapshots();
                    }
                }
            });
        }
        users.clear();
        for (const JobSnapshot& job : scheduler.snapshots())
            scheduler.resume(job.id);
        EXPECT_TRUE(scheduler.waitIdle(30s));
    }
    EXPECT_EQ(submissions, 1000);
    EXPECT_EQ(ends, submissions + retries); // once per attempt
}
