// kill -9 at any moment loses nothing that was announced.
#include "support.h"

#include <csignal>
#include <cstdio>
#include <fcntl.h>
#include <random>
#include <spawn.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

extern char** environ;

using namespace synoscope;

namespace {

struct Writer
{
    pid_t pid = 0;
    FILE* announcements = nullptr;
};

Writer startWriter(const std::filesystem::path& file)
{
    int ends[2];
    EXPECT_EQ(pipe2(ends, O_CLOEXEC), 0);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    std::string program = std::filesystem::read_symlink("/proc/self/exe").string();
    std::string role = "--writer";
    std::string name = file.string();
    char* words[] = {program.data(), role.data(), name.data(), nullptr};
    Writer writer;
    EXPECT_EQ(posix_spawn(&writer.pid, program.c_str(), &actions, nullptr, words, environ), 0);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    writer.announcements = fdopen(ends[0], "r");
    return writer;
}

} // namespace

TEST_F(StoreTest, KillingTheWriterAtAnyMomentLosesNothingItAnnounced)
{
    constexpr int rounds = 20;
    std::mt19937 random(std::random_device{}());
    std::vector<std::string> announced;
    std::int64_t wholeLogs = 0;
    for (int round = 0; round < rounds; ++round) {
        const Writer writer = startWriter(file());
        // Half of the kills fall anywhere, also where the file is being made or recovered; the others while it is being
        // written.
        const std::chrono::microseconds delay(random() % (round % 2 ? 40'000 : 150'000));
        std::jthread killer;
        const auto killLater = [&] {
            killer = std::jthread([&] {
                std::this_thread::sleep_for(delay);
                kill(writer.pid, SIGKILL);
            });
        };
        if (round % 2)
            killLater();
        char line[128];
        while (fgets(line, sizeof line, writer.announcements)) {
            if (!killer.joinable())
                killLater();
            std::string hash = line;
            if (!hash.empty() && hash.back() == '\n') // a line cut off in the middle was not announced
                announced.push_back(hash.substr(0, hash.size() - 1));
        }
        fclose(writer.announcements);
        if (killer.joinable())
            killer.join();
        int status = 0;
        waitpid(writer.pid, &status, 0);
        ASSERT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) << "the writer ended by itself";
        if (!std::filesystem::exists(file())) { // killed before the file was made
            ASSERT_TRUE(announced.empty());
            continue;
        }
        wholeLogs += std::filesystem::exists(file().string() + "-wal");
        if (round % 4 == 3)
            opened(); // a writer recovers it; otherwise the reader does, and then the next round's writer
        Reader r = reader();
        must(r.check());
        const auto experiments = must(r.experiments());
        ASSERT_TRUE(!experiments.empty() || announced.empty());
        if (experiments.empty())
            continue;
        for (const std::string& hash : announced)
            ASSERT_TRUE(must(r.candidateByHash(experiments[0].id, hash))) << "round " << round << ": lost " << hash;
        ASSERT_EQ(experiments.size(), 1u);
        const auto count = must(r.count({}));
        ASSERT_GE(count, static_cast<std::int64_t>(announced.size()));
        ASSERT_LE(count, static_cast<std::int64_t>(announced.size()) + round +
                             1); // one a round may be stored and not yet announced
    }
    EXPECT_GE(announced.size(), 10u);
    EXPECT_GT(wholeLogs, 0); // it was killed with a log in use
    std::printf("%zu announced candidates survived %d kills\n", announced.size(), rounds);
}
