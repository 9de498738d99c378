#include "core/jobs/child_process.h"

#include "roles.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace synoscope;
using namespace std::chrono_literals;
using testing::HasSubstr;

namespace {

using Clock = std::chrono::steady_clock;

ChildProcess started(const ChildCommand& command)
{
    auto child = ChildProcess::start(command);
    EXPECT_TRUE(child) << (child ? "" : child.error().text());
    return std::move(*child);
}

ChildCommand shell(const std::string& script)
{
    return {.words = {"sh", "-c", script}};
}

bool soonGone(int pid)
{
    for (int i = 0; i < 200 && alive(pid); ++i)
        std::this_thread::sleep_for(10ms);
    return !alive(pid);
}

} // namespace

TEST(ChildProcess, RunsAProgramFromPathAndKeepsItsOutput)
{
    auto result = runChild(shell("echo one; echo two; echo three >&2"));
    ASSERT_TRUE(result);
    EXPECT_TRUE(result->exit.succeeded());
    EXPECT_EQ(result->exit.sentence, "ended normally");
    EXPECT_EQ(result->output, "one\ntwo\n");
    EXPECT_EQ(result->exit.errorOutput, "three\n");
}

TEST(ChildProcess, SpeaksLinesInBothDirections)
{
    ChildProcess child = started(role({"cat"}));
    child.closeInput();
    EXPECT_EQ(child.readLine(5s).status, ReadStatus::closed);
    child = started({.words = {"cat"}});
    for (int i = 0; i < 100; ++i) {
        const std::string line = "line " + std::to_string(i);
        ASSERT_TRUE(child.writeLine(line));
        const ReadResult read = child.readLine(5s);
        ASSERT_EQ(read.status, ReadStatus::line);
        EXPECT_EQ(read.line, line);
    }
    child.closeInput();
    EXPECT_EQ(child.readLine(5s).status, ReadStatus::closed);
    EXPECT_TRUE(child.wait(5s).succeeded());
}

TEST(ChildProcess, ManyMegabytesGoThroughWithoutBothSidesWaitingForEachOther)
{
    ChildProcess child = started({.words = {"cat"}});
    const std::string line(4u << 20, 'x');
    ASSERT_TRUE(child.writeLine(line));
    const ReadResult read = child.readLine(20s);
    ASSERT_EQ(read.status, ReadStatus::line);
    EXPECT_EQ(read.line, line);
}

TEST(ChildProcess, TheLastLineMayLackItsNewline)
{
    ChildProcess child = started(role({"unfinished"}));
    EXPECT_EQ(child.readLine(5s).line, "first");
    EXPECT_EQ(child.readLine(5s).line, "second without an end");
    EXPECT_EQ(child.readLine(5s).status, ReadStatus::closed);
}

TEST(ChildProcess, ReadingGivesUpAfterTheTimeoutAndTheChildGoesOn)
{
    ChildProcess child = started({.words = {"cat"}});
    const auto begin = Clock::now();
    EXPECT_EQ(child.readLine(100ms).status, ReadStatus::timeout);
    EXPECT_GE(Clock::now() - begin, 100ms);
    EXPECT_LT(Clock::now() - begin, 1s);
    ASSERT_TRUE(child.writeLine("still there"));
    EXPECT_EQ(child.readLine(5s).line, "still there");
}

TEST(ChildProcess, AStopEndsReadingAndWaitingWithinASecond)
{
    ChildProcess child = started(role({"hang"}));
    std::stop_source stop;
    std::jthread stopper([&] {
        std::this_thread::sleep_for(100ms);
        stop.request_stop();
    });
    const auto begin = Clock::now();
    EXPECT_EQ(child.readLine({}, stop.get_token()).status, ReadStatus::stopped);
    EXPECT_EQ(child.wait({}, stop.get_token()).sentence, "was killed");
    EXPECT_LT(Clock::now() - begin, 1s);
}

TEST(ChildProcess, SaysHowItEnded)
{
    EXPECT_EQ(started(role({"exit", "0"})).wait().sentence, "ended normally");
    const ChildExit failed = started(role({"exit", "7"})).wait();
    EXPECT_EQ(failed.sentence, "ended with status 7");
    EXPECT_EQ(failed.status, 7);
    EXPECT_EQ(failed.end, ChildEnd::exited);
    const ChildExit crashed = started(role({"signal", std::to_string(SIGSEGV)})).wait();
    EXPECT_EQ(crashed.sentence, "crashed: segmentation fault");
    EXPECT_EQ(crashed.end, ChildEnd::crashed);
    EXPECT_THAT(started(role({"signal", std::to_string(SIGFPE)})).wait().sentence, HasSubstr("arithmetic error"));
    EXPECT_THAT(started(role({"signal", std::to_string(SIGKILL)})).wait().sentence, HasSubstr("killed from outside"));
}

TEST(ChildProcess, IsKilledAtTheTimeLimit)
{
    ChildCommand command = role({"hang"});
    command.limits.time = 200ms;
    ChildProcess child = started(command);
    const auto begin = Clock::now();
    EXPECT_EQ(child.readLine().status, ReadStatus::closed);
    const ChildExit exit = child.wait();
    EXPECT_EQ(exit.end, ChildEnd::timeLimit);
    EXPECT_EQ(exit.sentence, "was killed after 200 ms, the time limit");
    EXPECT_LT(Clock::now() - begin, 1s);
}

TEST(ChildProcess, IsKilledWhenItsGroupUsesMoreMemoryThanAllowed)
{
    for (const bool grandchild : {false, true}) {
        ChildCommand command = role({"memory", "4096"});
        if (grandchild) // the leader is a shell that stays small
            command = shell(command.words[0] + " --role memory 4096; true");
        command.limits.memoryBytes = 256u << 20;
        ChildProcess child = started(command);
        const ChildExit exit = child.wait(60s);
        EXPECT_EQ(exit.end, ChildEnd::memoryLimit) << grandchild;
        EXPECT_EQ(exit.sentence, "exceeded 256 MiB of memory");
        EXPECT_GT(exit.peakMemoryBytes, 256u << 20);
        EXPECT_LT(exit.peakMemoryBytes, 1024u << 20);
    }
}

TEST(ChildProcess, KillsTheWholeGroup)
{
    ChildProcess child = started(shell("sleep 1000 & echo $!; wait"));
    const int grandchild = std::stoi(child.readLine(5s).line);
    EXPECT_TRUE(alive(grandchild));
    child.kill();
    EXPECT_EQ(child.wait().end, ChildEnd::killed);
    EXPECT_TRUE(soonGone(grandchild));
}

TEST(ChildProcess, WhatTheChildLeavesBehindNeitherHoldsUpReadingNorSurvives)
{
    ChildProcess child = started(shell("sleep 1000 & echo $!"));
    const int grandchild = std::stoi(child.readLine(5s).line);
    const auto begin = Clock::now();
    EXPECT_EQ(child.readLine().status, ReadStatus::closed); // sleep holds the pipe open
    EXPECT_TRUE(child.wait().succeeded());
    EXPECT_LT(Clock::now() - begin, 2s);
    EXPECT_TRUE(soonGone(grandchild));
}

TEST(ChildProcess, LeavesNoZombie)
{
    int pid = 0;
    {
        ChildProcess child = started(role({"hang"}));
        pid = child.processId();
        EXPECT_TRUE(child.running());
    }
    EXPECT_EQ(::waitpid(pid, nullptr, WNOHANG), -1); // reaped: no longer a child of ours
    EXPECT_FALSE(std::filesystem::exists("/proc/" + std::to_string(pid)));
}

TEST(ChildProcess, WritingToADeadChildIsAnErrorAndNoSignal)
{
    ChildProcess child = started(role({"exit", "0"}));
    while (child.running())
        std::this_thread::sleep_for(1ms);
    const auto written = child.writeLine(std::string(1 << 20, 'x'));
    ASSERT_FALSE(written);
    EXPECT_THAT(written.error().message, HasSubstr("no longer reads"));
    ChildProcess closing = started(shell("exec 0<&-; echo closed; sleep 1000"));
    EXPECT_EQ(closing.readLine(5s).line, "closed");
    EXPECT_FALSE(closing.writeLine("anybody?"));
}

TEST(ChildProcess, InheritsNothingButItsThreeStreams)
{
    const int leaked = ::open("/dev/null", O_RDONLY); // without O_CLOEXEC, as careless libraries do
    ChildProcess other = started(role({"hang"}));
    auto result = runChild(role({"descriptors"}));
    ::close(leaked);
    ASSERT_TRUE(result);
    EXPECT_THAT(result->output, testing::Not(HasSubstr("/dev/null")));
    int pipes = 0;
    for (std::size_t at = result->output.find("pipe:"); at != std::string::npos;
         at = result->output.find("pipe:", at + 1))
        ++pipes;
    EXPECT_EQ(pipes, 3) << result->output;
}

TEST(ChildProcess, KeepsTheEndOfALongComplaint)
{
    ChildProcess child = started(role({"noise"}));
    EXPECT_EQ(child.readLine(10s).line, "done");
    const ChildExit exit = child.wait();
    EXPECT_LE(exit.errorOutput.size(), 64u << 10);
    EXPECT_THAT(exit.errorOutput, HasSubstr("number 4999"));
}

TEST(ChildProcess, AnEndlessLineIsCutOff)
{
    ChildProcess child = started(role({"flood"}));
    EXPECT_NE(child.readLine(60s).status, ReadStatus::timeout);
    EXPECT_THAT(child.wait().sentence, HasSubstr("64 MiB"));
}

TEST(ChildProcess, AMissingProgramOrFolderIsASentence)
{
    auto missing = ChildProcess::start({.words = {"no-such-program-anywhere"}});
    ASSERT_FALSE(missing);
    EXPECT_THAT(missing.error().message, HasSubstr("not installed"));
    auto notExecutable = ChildProcess::start({.words = {"/etc/passwd"}});
    ASSERT_FALSE(notExecutable);
    EXPECT_THAT(notExecutable.error().message, HasSubstr("could not be started"));
    EXPECT_FALSE(ChildProcess::start({.words = {}}));
    EXPECT_FALSE(ChildProcess::start({.words = {"sh"}, .workingDirectory = "/no/such/folder"}));
}

TEST(ChildProcess, EnvironmentAndFolderAreTheCommands)
{
    ChildCommand command = shell("echo $SYNOSCOPE_TEST; pwd");
    command.environment = {{"SYNOSCOPE_TEST", "a value"}};
    command.workingDirectory = "/usr";
    auto result = runChild(command);
    ASSERT_TRUE(result);
    EXPECT_EQ(result->output, "a value\n/usr\n");
}

TEST(ChildProcess, LivesOnWhenTheThreadThatStartedItEnds)
{
    std::optional<ChildProcess> child;
    std::thread([&] { child = started({.words = {"cat"}}); }).join();
    std::this_thread::sleep_for(100ms);
    ASSERT_TRUE(child->running());
    ASSERT_TRUE(child->writeLine("here"));
    EXPECT_EQ(child->readLine(5s).line, "here");
}

TEST(ChildProcess, DiesWhenItsParentIsKilled)
{
    ChildProcess parent = started(role({"parent"}));
    const int grandchild = std::stoi(parent.readLine(10s).line);
    std::this_thread::sleep_for(100ms);
    EXPECT_TRUE(alive(grandchild));
    ::kill(parent.processId(), SIGKILL); // this one process only, not its group
    EXPECT_TRUE(soonGone(grandchild));
}

TEST(ChildProcess, ManyThreadsMayStartChildrenAtOnce)
{
    std::vector<std::jthread> threads;
    std::atomic<int> good{0};
    for (int t = 0; t < 8; ++t) {
        threads.emplace_back([&, t] {
            for (int i = 0; i < 10; ++i) {
                const std::string text = std::to_string(t * 100 + i);
                auto result = runChild({.words = {"cat"}}, text);
                good += result && result->output == text + "\n";
            }
        });
    }
    threads.clear();
    EXPECT_EQ(good, 80);
}
