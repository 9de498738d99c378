// kill -9 at any moment of a search with evaluations, and a store that takes no more: nothing that was told is lost, and
// the search goes on with the tree it had.
//
// SYNOSCOPE_TEST_ROUNDS=25 makes it 200 kills.
#include "core/experiment/experiment.h"
#include "core/experiment/stored_forms.h"
#include "tests/core/search/audit.h"

#include <gmock/gmock.h>

#include <condition_variable>
#include <csignal>
#include <cstdio>
#include <fcntl.h>
#include <map>
#include <random>
#include <set>
#include <spawn.h>
#include <sstream>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

extern char** environ;

namespace synoscope {
namespace {

// All that the drivers of a file have told so far. A line that was cut off was not told.
struct Told
{
    std::set<std::string> candidates;
    std::map<std::string, std::array<double, 3>> results; // latency ratio, accuracy, reward; -1: none
    std::map<std::uint64_t, std::array<double, 3>> nodes; // visits, mean, best, as last told
    std::uint64_t iterations = 0;
    std::string error;

    void take(const std::string& line)
    {
        std::istringstream words(line);
        std::string what, hash;
        std::uint64_t id = 0;
        std::array<double, 3> values{};
        words >> what;
        if (what == "candidate" && words >> hash)
            candidates.insert(hash);
        else if (what == "result" && words >> hash >> values[0] >> values[1] >> values[2])
            results[hash] = values;
        else if (what == "node" && words >> id >> values[0] >> values[1] >> values[2])
            nodes[id] = values;
        else if (what == "iterations" && words >> id)
            iterations = id;
        else if (what == "error")
            error = line.substr(6);
        else
            ADD_FAILURE() << "the driver said: " << line;
    }
};

struct Driver
{
    pid_t pid = 0;
    FILE* lines = nullptr;
};

Driver startDriver(const std::filesystem::path& file, const std::string& largest = {})
{
    int ends[2];
    EXPECT_EQ(pipe2(ends, O_CLOEXEC), 0);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    std::string program = SEARCH_DRIVER, role = "search", name = file.string(), limit = largest;
    char* words[] = {program.data(), role.data(), name.data(), limit.empty() ? nullptr : limit.data(), nullptr};
    Driver driver;
    EXPECT_EQ(posix_spawn(&driver.pid, program.c_str(), &actions, nullptr, words, environ), 0);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    driver.lines = fdopen(ends[0], "r");
    return driver;
}

// Reads what a driver tells until it ends; kills it after so long: from its start, or from its first line.
int listen(const Driver& driver, Told& told, std::optional<std::chrono::microseconds> killAfter, bool fromStart)
{
    std::jthread killer;
    const auto killLater = [&] {
        if (killAfter && !killer.joinable())
            killer = std::jthread([&](std::stop_token over) {
                std::mutex mutex;
                std::unique_lock lock(mutex);
                std::condition_variable_any wake;
                if (!wake.wait_for(lock, over, *killAfter, [&] { return over.stop_requested(); }))
                    kill(driver.pid, SIGKILL);
            });
    };
    if (fromStart)
        killLater();
    char buffer[4096];
    while (fgets(buffer, sizeof buffer, driver.lines)) {
        killLater();
        std::string line = buffer;
        if (line.back() == '\n')
            told.take(line.substr(0, line.size() - 1));
    }
    fclose(driver.lines);
    if (killer.joinable()) {
        killer.request_stop(); // for one that ended by itself
        killer.join();
    }
    int status = 0;
    waitpid(driver.pid, &status, 0);
    return status;
}

class KillTest : public testing::Test
{
protected:
    KillTest()
    {
        std::string name = (std::filesystem::temp_directory_path() / "synoscope-kill-XXXXXX").string();
        folder_ = mkdtemp(name.data());
    }
    ~KillTest() override { std::filesystem::remove_all(folder_); }

    std::filesystem::path file() const { return folder_ / "test.synoscope"; }

    // What the file holds, against what was told.
    void expectAllThatWasTold(const Told& told, std::int64_t& stored)
    {
        auto reader = Reader::open(file());
        ASSERT_TRUE(reader) << reader.error().text();
        const auto sound = reader->check();
        ASSERT_TRUE(sound) << sound.error().text() << sound.error().details;
        const auto experiments = reader->experiments();
        ASSERT_TRUE(experiments);
        ASSERT_LE(experiments->size(), 1u);
        if (experiments->empty()) {
            ASSERT_TRUE(told.candidates.empty());
            return;
        }
        const ExperimentId id = (*experiments)[0].id;
        for (const std::string& hash : told.candidates)
            ASSERT_TRUE(*reader->candidateByHash(id, hash)) << "lost " << hash;
        for (const auto& [hash, values] : told.results) {
            const auto candidate = *reader->candidateByHash(id, hash);
            ASSERT_TRUE(candidate) << hash;
            EXPECT_EQ(candidate->latencyRatio.value_or(-1), values[0]) << hash;
            EXPECT_EQ(candidate->accuracy.value_or(-1), values[1]) << hash;
            EXPECT_EQ(candidate->reward.value_or(-1), values[2]) << hash;
        }
        ASSERT_GE(static_cast<std::uint64_t>(reader->summary(id)->iterations), told.iterations);
        stored = *reader->count({});
    }

    // The log as it is in the file, and what an independent book-keeper makes of it.
    test::Totals totalsOfLog()
    {
        auto reader = Reader::open(file());
        std::map<std::int64_t, std::string> hashes;
        const ExperimentId id = (*reader->experiments())[0].id;
        EXPECT_TRUE(
            reader->visitCandidates(id, [&](const CandidateBrief& one) { hashes[one.id.value] = one.hash; }));
        std::vector<LogEntry> log;
        EXPECT_TRUE(reader->replay(id, 0, [&](const IterationRecord& row) -> Expected<void> {
            auto entry = logEntryOf(row);
            if (!entry)
                return entry.error();
            entry->candidate = hashes.at(row.candidate.value);
            log.push_back(std::move(*entry));
            return {};
        }));
        return test::recompute(log, {});
    }

    // A resumed search has the tree of the log, and at least what was told of it.
    void expectTheTree(Told& told)
    {
        if (!Experiment::existsIn(file()))
            return;
        const test::Totals totals = totalsOfLog();
        auto experiment = Experiment::open(file(), {{SEARCH_DRIVER, "worker"}});
        ASSERT_TRUE(experiment) << experiment.error().text();
        std::map<std::uint64_t, NodeChange> nodes;
        for (std::size_t known = 1; known != nodes.size();) {
            known = nodes.size();
            for (NodeChange& node : (*experiment)->changes().tree.nodes)
                nodes[node.id] = std::move(node);
        }
        std::size_t visited = 0;
        for (const auto& [id, node] : nodes) {
            if (node.visits == 0)
                continue;
            ++visited;
            const auto expected = totals.nodes.find(id);
            ASSERT_NE(expected, totals.nodes.end()) << id;
            ASSERT_EQ(node.visits, expected->second.visits) << id;
            ASSERT_DOUBLE_EQ(node.mean, Reward::ofRaw(expected->second.sum).value() / node.visits) << id;
            ASSERT_EQ(node.best, Reward::ofRaw(expected->second.best).value()) << id;
        }
        ASSERT_EQ(visited, totals.nodes.size());
        for (const auto& [id, values] : told.nodes) {
            if (values[0] == 0) // a node that no iteration has passed yet lives in memory only
                continue;
            ASSERT_TRUE(nodes.contains(id)) << id;
            ASSERT_GE(nodes[id].visits, values[0]) << id;
            ASSERT_GE(nodes[id].best, values[2]) << id;
            if (nodes[id].visits == values[0]) {
                ASSERT_EQ(nodes[id].mean, values[1]) << id;
            }
        }
        told.nodes.clear();
    }

    std::filesystem::path folder_;
};

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int slowness = 8; // of the driver's start, which a kill is to come after
#else
constexpr int slowness = 1;
#endif

TEST_F(KillTest, ASearchThatIsKilledAtAnyMomentLosesNothingAndGoesOn)
{
    const char* factor = std::getenv("SYNOSCOPE_TEST_ROUNDS");
    const int rounds = 8 * std::max(1, factor ? std::atoi(factor) : 1);
    std::mt19937 random(std::random_device{}());
    Told told;
    std::int64_t stored = 0;
    int searching = 0, withLog = 0;
    for (int round = 0; round < rounds && !HasFatalFailure(); ++round) {
        SCOPED_TRACE(round);
        const std::uint64_t before = told.iterations;
        const bool fromStart = round % 4 == 3; // also where the file is made, or recovered and replayed
        const std::chrono::microseconds delay(random() % (slowness * (fromStart ? 300'000 : 400'000)));
        const int status = listen(startDriver(file()), told, delay, fromStart);
        ASSERT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) << "the driver ended by itself: " << told.error;
        searching += told.iterations > before;
        if (!std::filesystem::exists(file())) {
            ASSERT_TRUE(told.candidates.empty());
            continue;
        }
        withLog += std::filesystem::exists(file().string() + "-wal");
        expectAllThatWasTold(told, stored);
        if (round % 5 != 4) // else the next driver is the first to see what the kill left
            expectTheTree(told);
    }
    EXPECT_GT(searching, rounds / 3);
    EXPECT_GT(withLog, rounds / 3);
    EXPECT_GT(told.results.size(), 10u);
    std::printf("%d kills, %d of them while searching, %d with a log in use: %zu candidates, %zu results and %llu "
                "iterations told, %lld candidates kept\n",
                rounds, searching, withLog, told.candidates.size(), told.results.size(),
                static_cast<unsigned long long>(told.iterations), static_cast<long long>(stored));
}

TEST_F(KillTest, AStoreThatMayNotGrowPausesTheSearchWithASentenceAndLosesNothing)
{
    Told told;
    std::int64_t stored = 0;
    const int status = listen(startDriver(file(), "900000"), told, std::chrono::minutes(2), true);
    ASSERT_TRUE(WIFEXITED(status)) << "it crashed, or went on: " << status;
    EXPECT_THAT(told.error, testing::HasSubstr("a limit on the size of files"));
    EXPECT_THAT(told.error, testing::HasSubstr(file().string()));
    EXPECT_GT(told.candidates.size(), 5u);
    expectAllThatWasTold(told, stored);
    expectTheTree(told);
    const std::size_t before = told.candidates.size();
    listen(startDriver(file()), told, std::chrono::seconds(1), false);
    EXPECT_GT(told.candidates.size(), before); // it goes on
    expectAllThatWasTold(told, stored);
    expectTheTree(told);
}

} // namespace
} // namespace synoscope
