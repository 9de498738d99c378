// Files that are no store, or not one to be written: one sentence, and not a byte changed.
#include "core/store/schema.h"
#include "support.h"

#include <gmock/gmock.h>

#include <csignal>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace synoscope;
using testing::HasSubstr;
using testing::StartsWith;

namespace {

void fill(Store& store, std::int64_t count)
{
    const ExperimentId experiment = must(store.addExperiment(someExperiment()));
    for (std::int64_t i = 0; i < count; ++i)
        must(store.addCandidate(someCandidate(experiment, i)));
}

// Stores candidates until it fails; tells the sentence and how many were stored.
std::string storeUntilFull(const std::filesystem::path& file)
{
    auto store = must(Store::open(file));
    const ExperimentId experiment = must(store->addExperiment(someExperiment()));
    for (std::int64_t i = 0; i < 100'000; ++i) {
        const auto added = store->addCandidate(someCandidate(experiment, i));
        if (!added)
            return std::to_string(i) + " " + added.error().message;
    }
    return "never full";
}

} // namespace

class BadFile : public StoreTest
{
protected:
    // Both ways of opening refuse with this sentence; the folder and the file's bytes stay as they are.
    void refused(const std::filesystem::path& path, const std::string& expected)
    {
        const bool regular = std::filesystem::is_regular_file(path);
        const std::string before = regular ? contents(path) : std::string();
        const auto list = names();
        const std::string writing = sentence(Store::open(path));
        EXPECT_THAT(writing, HasSubstr(expected));
        EXPECT_THAT(writing, StartsWith(path.string() + ": "));
        EXPECT_EQ(writing.find('\n'), std::string::npos);
        EXPECT_THAT(sentence(Reader::open(path)), HasSubstr(expected));
        if (regular) {
            EXPECT_EQ(contents(path), before);
        }
        EXPECT_EQ(names(), list);
    }

    std::vector<std::string> names() const
    {
        std::vector<std::string> result;
        for (const auto& entry : std::filesystem::directory_iterator(folder))
            result.push_back(entry.path().filename());
        std::sort(result.begin(), result.end());
        return result;
    }
};

TEST_F(BadFile, ATextIsNoStore)
{
    write(file(), "this is my diary, not a database\n" + std::string(5000, 'x'));
    refused(file(), "this is not a Synoscope store: it is not an SQLite database");
    write(file(), "x");
    refused(file(), "not an SQLite database");
}

TEST_F(BadFile, SomebodyElsesDatabaseIsNoStore)
{
    execute(file(), "CREATE TABLE contacts (name TEXT); INSERT INTO contacts VALUES ('Ada')");
    refused(file(), "another program made this SQLite database");
    execute(file(), "PRAGMA journal_mode = WAL; INSERT INTO contacts VALUES ('Grace')");
    refused(file(), "another program made this SQLite database");
}

TEST_F(BadFile, ANewerFormatIsRefused)
{
    fill(*opened(), 5);
    execute(file(), "PRAGMA user_version = 99");
    refused(file(), "written by a newer Synoscope: its format is 99, and this program knows formats up to " +
                        std::to_string(storeMigrations().back().version));
}

TEST_F(BadFile, AFolderAMissingFolderAndADeviceAreRefused)
{
    refused(folder, "this is a folder");
    refused(folder / "missing" / "test.synoscope", "does not exist");
    mkfifo((folder / "pipe").c_str(), 0600);
    refused(folder / "pipe", "not a regular file");
    EXPECT_THAT(sentence(Store::open("")), HasSubstr("needs the name of a file"));
    EXPECT_THAT(sentence(Store::open(file(), OpenMode::mustExist)), HasSubstr("there is no such file"));
    EXPECT_THAT(sentence(Reader::open(file())), HasSubstr("there is no such file"));
    EXPECT_EQ(names(), std::vector<std::string>{"pipe"});
}

TEST_F(BadFile, AnEmptyFileIsANewStoreOnlyForAWriter)
{
    write(file(), "");
    EXPECT_THAT(sentence(Reader::open(file())), HasSubstr("the file is empty"));
    EXPECT_THAT(sentence(Store::open(file(), OpenMode::mustExist)), HasSubstr("the file is empty"));
    fill(*opened(), 3);
    EXPECT_EQ(must(reader().count({})), 3);
}

TEST_F(BadFile, ADamagedFileIsRefusedOrSaysSoWhenItIsMet)
{
    fill(*opened(), 200);
    const std::string good = contents(file());
    ASSERT_GT(good.size(), 100'000u);
    std::uint32_t state = 1;
    int refusals = 0;
    for (int round = 0; round < 60; ++round) {
        std::string bad = good;
        if (round % 3 == 0) {
            bad.resize(4096 + good.size() * static_cast<std::size_t>(round + 1) / 80);
        } else { // some hundred bytes of nonsense somewhere after the header
            const std::size_t begin = 4096 + (state = state * 1664525u + 1013904223u) % (good.size() - 8192);
            for (std::size_t i = 0; i < 512; ++i)
                bad[begin + i] = static_cast<char>((state = state * 1664525u + 1013904223u) >> 24);
        }
        write(file(), bad);
        auto store = Store::open(file());
        if (!store) {
            ++refusals;
            EXPECT_THAT(store.error().message, HasSubstr("damaged")) << round;
            EXPECT_EQ(contents(file()), bad);
        }
        auto reading = Reader::open(file()); // may open; what it meets is a sentence or a value, never a crash
        if (reading) {
            const auto rows = reading->candidates(CandidateQuery{});
            if (!rows) {
                EXPECT_THAT(rows.error().message, testing::AnyOf(HasSubstr("damaged"), HasSubstr("no such candidate")))
                    << round;
            }
        }
        if (store)
            store->reset();
    }
    EXPECT_GT(refusals, 40); // nonsense inside a long text is not noticed by SQLite's check, and harmless to the rest
}

TEST_F(BadFile, ASecondWriterIsToldWhoHasTheFile)
{
    auto store = opened();
    fill(*store, 3);
    const std::string mine = sentence(Store::open(file()));
    EXPECT_THAT(mine, HasSubstr("open in another Synoscope (process " + std::to_string(getpid()) + ")"));
    const std::string other = inChild([&] { return sentence(Store::open(file())); });
    EXPECT_THAT(other, HasSubstr("open in another Synoscope"));
    std::filesystem::create_symlink(file(), folder / "other-name.synoscope");
    EXPECT_THAT(sentence(Store::open(folder / "other-name.synoscope")), HasSubstr("open in another Synoscope"));
    EXPECT_EQ(must(reader().count({})), 3); // reading is free, here and elsewhere
    EXPECT_EQ(inChild([&] { return std::to_string(must(must(Reader::open(file())).count({}))); }), "3");
    fill(*store, 0); // the first is not disturbed
    store.reset();
    EXPECT_EQ(names(), (std::vector<std::string>{"other-name.synoscope", "test.synoscope"})); // no lock, no log left
    opened();
}

TEST_F(BadFile, AReadOnlyFileOrFolderIsReadAndNotWritten)
{
    fill(*opened(), 3);
    const std::string before = contents(file());
    std::filesystem::permissions(file(), static_cast<std::filesystem::perms>(0444));
    const auto asNobody = [&](const std::function<std::string()>& body) {
        return inChild([&] {
            becomeNobody();
            return body();
        });
    };
    const auto openForWriting = [&] { return sentence(Store::open(file())); };
    const auto countRows = [&] { return std::to_string(must(must(Reader::open(file())).count({}))); };
    EXPECT_THAT(asNobody(openForWriting), HasSubstr("it is read-only"));
    EXPECT_EQ(asNobody(countRows), "3");
    std::filesystem::permissions(file(), static_cast<std::filesystem::perms>(0666));
    std::filesystem::permissions(folder, static_cast<std::filesystem::perms>(0555));
    EXPECT_THAT(asNobody(openForWriting), HasSubstr("its folder is read-only"));
    EXPECT_THAT(asNobody([&] { return sentence(Store::open(folder / "new.synoscope")); }),
                HasSubstr("its folder is read-only"));
    EXPECT_EQ(asNobody(countRows), "3");
    std::filesystem::permissions(file(), static_cast<std::filesystem::perms>(0000));
    EXPECT_THAT(asNobody([&] { return sentence(Reader::open(file())); }), HasSubstr("may not be read"));
    EXPECT_EQ(contents(file()), before);
    EXPECT_EQ(names(), std::vector<std::string>{"test.synoscope"});
}

TEST_F(BadFile, AFileThatMayNotGrowKeepsAllThatWasStored)
{
    const std::string told = inChild([&] {
        std::signal(SIGXFSZ, SIG_IGN);
        const rlimit limit{4'000'000, 4'000'000};
        setrlimit(RLIMIT_FSIZE, &limit);
        return storeUntilFull(file());
    });
    EXPECT_THAT(told, HasSubstr("a limit on the size of files"));
    const std::int64_t stored = std::stoll(told);
    EXPECT_GT(stored, 10);
    auto store = opened();
    Reader r = reader();
    must(r.check());
    EXPECT_EQ(must(r.count({})), stored);
    must(store->addCandidate(someCandidate(ExperimentId(1), stored)));
}

TEST_F(BadFile, AFullDiskKeepsAllThatWasStored)
{
    // A disk of four megabytes, in a mount namespace of the child's own.
    const std::string told = inChild([&]() -> std::string {
        const int spaces = CLONE_NEWNS | (geteuid() == 0 ? 0 : CLONE_NEWUSER);
        if (unshare(spaces) != 0 || mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
            mount("disk", folder.c_str(), "tmpfs", 0, "size=4m") != 0)
            return "no disk";
        const std::string full = storeUntilFull(file());
        const std::string creating = sentence(Store::open(folder / "second.synoscope"));
        Reader r = must(Reader::open(file()));
        must(r.check());
        return full + "|" + std::to_string(must(r.count({}))) + "|" + creating + "|" + std::to_string(names().size());
    });
    if (told == "no disk")
        GTEST_SKIP() << "this system lets nobody mount a small disk";
    EXPECT_THAT(told, HasSubstr("the disk is full"));
    const std::string stored = std::to_string(std::stoll(told));
    EXPECT_GT(std::stoll(told), 10);
    EXPECT_THAT(told, HasSubstr("|" + stored + "|"));
    EXPECT_THAT(told, HasSubstr("second.synoscope: "));
}

TEST_F(BadFile, AFailureThatUndoesATransactionIsToldToTheRestOfIt)
{
    const std::string told = inChild([&]() -> std::string {
        std::signal(SIGXFSZ, SIG_IGN);
        auto store = must(Store::open(file()));
        const ExperimentId experiment = must(store->addExperiment(someExperiment()));
        const rlimit limit{4'000'000, 4'000'000};
        setrlimit(RLIMIT_FSIZE, &limit);
        auto transaction = must(store->begin());
        bool failed = false;
        for (std::int64_t i = 0; i < 900; ++i) { // 90 MB: more than the page cache holds
            CandidateRecord large = someCandidate(experiment, i);
            large.pgraph.append(100'000, '#');
            const auto added = store->addCandidate(large);
            if (failed && added)
                return "stored something after the failure";
            failed = failed || !added;
        }
        if (transaction.commit())
            return "committed";
        Reader r = must(store->reader());
        return std::to_string(must(r.count({}))) + (failed ? " after a failure" : " after none");
    });
    EXPECT_EQ(told, "0 after a failure");
}

TEST_F(BadFile, WhatAKilledCreationLeftBehindIsInNobodysWay)
{
    write(file().string() + "-new", "half a database");
    write(file().string() + "-new-journal", "half a journal");
    write(file().string() + "-lock", "12345\n");
    fill(*opened(), 2);
    EXPECT_EQ(must(reader().count({})), 2);
    EXPECT_EQ(names(), std::vector<std::string>{"test.synoscope"});
}
