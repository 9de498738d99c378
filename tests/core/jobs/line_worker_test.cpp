#include "core/jobs/line_worker.h"

#include "roles.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <thread>

using namespace synoscope;
using namespace std::chrono_literals;
using testing::HasSubstr;

namespace {

using Clock = std::chrono::steady_clock;

LineWorker makeWorker()
{
    return LineWorker("the test worker", role({"worker"}));
}

struct Answer
{
    RequestOutcome outcome;
    std::vector<std::string> lines;
};

Answer ask(LineWorker& worker, WorkerRequest request, std::stop_token stop = {})
{
    Answer answer;
    answer.outcome = worker.request(
        request,
        [&](std::string_view line) {
            answer.lines.emplace_back(line);
            if (line == "paused")
                return LineVerdict::paused;
            return line == "end" ? LineVerdict::finished : LineVerdict::more;
        },
        stop);
    return answer;
}

Answer ask(LineWorker& worker, const std::string& line)
{
    return ask(worker, WorkerRequest{.line = line});
}

// Asks, and stops after `delay`; tells how long the answer took from then.
std::pair<Answer, Clock::duration> askAndStop(LineWorker& worker, WorkerRequest request, Clock::duration delay = 150ms)
{
    std::stop_source stop;
    Clock::time_point stopped;
    std::jthread stopper([&] {
        std::this_thread::sleep_for(delay);
        stopped = Clock::now();
        stop.request_stop();
    });
    Answer answer = ask(worker, std::move(request), stop.get_token());
    const auto end = Clock::now();
    stopper.join();
    return {std::move(answer), end - stopped};
}

} // namespace

TEST(LineWorker, AnswersWithAllItsLinesAndStaysForTheNextRequest)
{
    LineWorker worker = makeWorker();
    EXPECT_FALSE(worker.running());
    const Answer first = ask(worker, "count 3");
    ASSERT_TRUE(first.outcome.finished()) << first.outcome.error.text();
    EXPECT_EQ(first.lines, (std::vector<std::string>{"1", "2", "3", "end"}));
    const int pid = worker.processId();
    EXPECT_EQ(ask(worker, "who").lines.front(), "pid " + std::to_string(pid));
    EXPECT_EQ(ask(worker, "who").lines.front(), "pid " + std::to_string(pid));
    EXPECT_EQ(worker.starts(), 1);
}

TEST(LineWorker, IsStartedAgainAfterACrashAndSaysWhatHappened)
{
    LineWorker worker = makeWorker();
    const Answer crashed = ask(worker, "crash");
    EXPECT_EQ(crashed.outcome.end, RequestEnd::crashed);
    EXPECT_THAT(crashed.outcome.error.message, HasSubstr("the test worker "));
    EXPECT_THAT(crashed.outcome.error.details, HasSubstr("speaks on standard error"));
    const Answer left = ask(worker, "leave");
    EXPECT_EQ(left.outcome.end, RequestEnd::crashed);
    EXPECT_EQ(left.outcome.error.message, "the test worker ended with status 3");
    EXPECT_TRUE(ask(worker, "who").outcome.finished());
    EXPECT_EQ(worker.starts(), 3);
}

TEST(LineWorker, AChildThatDiedWhileIdleIsReplacedUnnoticed)
{
    LineWorker worker = makeWorker();
    ASSERT_TRUE(ask(worker, "who").outcome.finished());
    ::kill(worker.processId(), SIGKILL);
    while (alive(worker.processId()))
        std::this_thread::sleep_for(1ms);
    EXPECT_TRUE(ask(worker, "who").outcome.finished());
    EXPECT_EQ(worker.starts(), 2);
}

TEST(LineWorker, KillsAtTheLimitsOfTheRequest)
{
    LineWorker worker = makeWorker();
    const Answer hung =
        ask(worker, WorkerRequest{.line = "hang", .cancelLine = {}, .limits = {.time = 200ms, .memoryBytes = {}}});
    EXPECT_EQ(hung.outcome.end, RequestEnd::timeLimit);
    EXPECT_EQ(hung.outcome.error.message, "the test worker was killed after 200 ms, the time limit");
    const Answer ate =
        ask(worker, WorkerRequest{.line = "eat", .cancelLine = {}, .limits = {.time = {}, .memoryBytes = 256u << 20}});
    EXPECT_EQ(ate.outcome.end, RequestEnd::memoryLimit);
    EXPECT_EQ(ate.outcome.error.message, "the test worker exceeded 256 MiB of memory");
}

TEST(LineWorker, ATimeLimitIsOfOneRequestAndNotOfTheChildsLife)
{
    LineWorker worker = makeWorker();
    const WorkerRequest request{.line = "who", .cancelLine = {}, .limits = {.time = 1s, .memoryBytes = {}}};
    for (int i = 0; i < 4; ++i) {
        ASSERT_TRUE(ask(worker, request).outcome.finished());
        std::this_thread::sleep_for(400ms);
    }
    EXPECT_EQ(worker.starts(), 1);
}

TEST(LineWorker, CancelledGentlyTheChildLivesOn)
{
    LineWorker worker = makeWorker();
    const auto [answer, took] = askAndStop(worker, {.line = "slow", .cancelLine = "stop"});
    EXPECT_EQ(answer.outcome.end, RequestEnd::cancelled);
    EXPECT_EQ(answer.outcome.error.message, "the test worker was cancelled");
    EXPECT_EQ(answer.lines.back(), "end");
    EXPECT_LT(took, 1s);
    EXPECT_TRUE(ask(worker, "who").outcome.finished());
    EXPECT_EQ(worker.starts(), 1);
}

TEST(LineWorker, APausedRequestWaitsOutsideItsTimeLimitAndGoesOn)
{
    LineWorker worker = makeWorker();
    const auto begin = Clock::now();
    int rests = 0;
    std::stop_source stop;
    WorkerRequest request{.line = "work", .cancelLine = "stop", .limits = {.time = 1500ms, .memoryBytes = {}}};
    request.pause = {"pause", "resume",
                     [&] {
                         const auto passed = Clock::now() - begin;
                         if (rests == 1 && passed > 2500ms)
                             stop.request_stop();
                         return rests == 0 && passed > 200ms;
                     },
                     [&] {
                         ++rests;
                         std::this_thread::sleep_for(2s);
                     }};
    const Answer answer = ask(worker, request, stop.get_token());
    EXPECT_EQ(answer.outcome.end, RequestEnd::cancelled) << answer.outcome.error.text(); // not by its limit
    EXPECT_EQ(rests, 1);
    const auto paused = std::find(answer.lines.begin(), answer.lines.end(), "paused");
    ASSERT_NE(paused, answer.lines.end());
    ASSERT_NE(paused + 1, answer.lines.end());
    EXPECT_EQ(paused[1], "resumed"); // no step was made in between
    EXPECT_THAT(std::vector<std::string>(paused + 2, answer.lines.end()), testing::Contains("step"));
    EXPECT_EQ(worker.starts(), 1);
}

TEST(LineWorker, ARequestCanBeCancelledWhileItIsPaused)
{
    LineWorker worker = makeWorker();
    std::stop_source stop;
    WorkerRequest request{.line = "work", .cancelLine = "stop"};
    request.pause = {"pause", "resume", [] { return true; }, [&] { stop.request_stop(); }};
    const Answer answer = ask(worker, request, stop.get_token());
    EXPECT_EQ(answer.outcome.end, RequestEnd::cancelled);
    EXPECT_TRUE(ask(worker, "who").outcome.finished());
    EXPECT_EQ(worker.starts(), 1);
}

TEST(LineWorker, ADeafChildIsKilledAfterTheGracePeriod)
{
    LineWorker worker = makeWorker();
    ASSERT_TRUE(ask(worker, "who").outcome.finished());
    const int pid = worker.processId();
    const auto [answer, took] = askAndStop(worker, {.line = "deaf", .cancelLine = "stop"});
    EXPECT_EQ(answer.outcome.end, RequestEnd::cancelled);
    EXPECT_GE(took, 700ms);
    EXPECT_LT(took, 1s);
    EXPECT_FALSE(alive(pid));
    EXPECT_TRUE(ask(worker, "who").outcome.finished());
}

TEST(LineWorker, AProgramThatIsNotThereIsASentence)
{
    LineWorker worker("the missing worker", {.words = {"no-such-program-anywhere"}});
    const Answer answer = ask(worker, "hello");
    EXPECT_EQ(answer.outcome.end, RequestEnd::notStarted);
    EXPECT_THAT(answer.outcome.error.message, HasSubstr("not installed"));
}

TEST(LineWorker, ClosingLetsAnIdleChildLeaveByItself)
{
    LineWorker worker = makeWorker();
    ASSERT_TRUE(ask(worker, "who").outcome.finished());
    const int pid = worker.processId();
    worker.close(2s);
    EXPECT_FALSE(alive(pid));
    EXPECT_EQ(worker.processId(), 0);
}
