// Files of earlier formats: they are brought to the newest one with all they hold, or stay as they were.
#include "core/store/blocks.h"
#include "core/store/schema.h"
#include "support.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <map>

using namespace synoscope;
using testing::HasSubstr;

namespace {

constexpr std::string_view extraColumn = "ALTER TABLE experiments ADD COLUMN colour TEXT NOT NULL DEFAULT 'red'; "
                                         "CREATE TABLE later (id INTEGER PRIMARY KEY) STRICT;";

std::vector<Migration> withAnother(std::string_view sql)
{
    std::vector<Migration> list(storeMigrations().begin(), storeMigrations().end());
    list.push_back({list.back().version + 1, "colours", sql});
    return list;
}

void fill(Store& store, std::int64_t count)
{
    const ExperimentId experiment = must(store.addExperiment(someExperiment()));
    for (std::int64_t i = 0; i < count; ++i)
        must(store.addCandidate(someCandidate(experiment, i)));
}

// A store as a program of that format wrote it: tests/data/store/version<N>.sql.
void writeOld(const std::filesystem::path& file, int version)
{
    const std::string dump = fmt::format("{}/tests/data/store/version{}.sql", SYNOSCOPE_SOURCE_DIR, version);
    execute(file, "PRAGMA journal_mode = WAL; " + contents(dump));
    ASSERT_EQ(rowsOf(file, "PRAGMA user_version"), std::vector{std::to_string(version)});
}

// By table, the rows of these columns; of all columns that there are, when none are named.
using Contents = std::map<std::string, std::pair<std::string, std::vector<std::string>>>;

Contents contentsOf(const std::filesystem::path& file)
{
    Contents all;
    for (const std::string& table :
         rowsOf(file, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'")) {
        const auto columns = rowsOf(file, "SELECT group_concat(CASE type WHEN 'BLOB' THEN 'hex(' || name || ')' "
                                          "ELSE name END) FROM pragma_table_info('" +
                                              table + "')");
        all[table] = {columns[0], rowsOf(file, "SELECT " + columns[0] + " FROM " + table + " ORDER BY 1, 2")};
    }
    return all;
}

} // namespace

class Migrations : public StoreTest
{};

TEST_F(Migrations, AFileOfEveryEarlierFormatKeepsEveryRow)
{
    must(Store::open(folder / "new.synoscope"));
    const char* schema = "SELECT type || name || tbl_name || coalesce(sql, '') FROM sqlite_master ORDER BY 1";
    for (int version = 1; version < storeMigrations().back().version; ++version) {
        SCOPED_TRACE(version);
        const auto old = folder / fmt::format("old{}.synoscope", version);
        writeOld(old, version);
        const Contents before = contentsOf(old);
        must(Store::open(old, OpenMode::mustExist));
        EXPECT_EQ(rowsOf(old, schema), rowsOf(folder / "new.synoscope", schema));
        std::size_t tables = 0;
        for (const auto& [table, rows] : before) {
            if (table == "search_texts") // said again what candidates say; gone with format 2
                continue;
            const std::string still =
                table == "evaluations" // what was running is not running any more
                    ? " WHERE status <> 'interrupted'"
                    : "";
            auto expected = rows.second;
            std::erase_if(expected, [&](const std::string& row) {
                return !still.empty() && row.find("|running|") != std::string::npos;
            });
            EXPECT_EQ(rowsOf(old, "SELECT " + rows.first + " FROM " + table + still + " ORDER BY 1, 2"), expected)
                << table;
            EXPECT_FALSE(rows.second.empty()) << table << " is not tried";
            ++tables;
        }
        EXPECT_GE(tables, 10u);
    }
}

TEST_F(Migrations, AMigratedFileIsReadFilteredAndWritten)
{
    writeOld(file(), 1);
    auto store = opened(OpenMode::mustExist);
    EXPECT_EQ(store->interruptedAtOpen(), 1);
    Reader r = reader();
    must(r.check());
    const auto all = must(r.candidates(CandidateQuery{.sortBy = CandidateColumn::reward, .descending = true}));
    ASSERT_EQ(all.size(), 13u);
    EXPECT_EQ(must(r.count({.text = "remarkable: \xe5\x90\x8d"})), 1);
    EXPECT_EQ(must(r.count({.text = "SHIFT"})),
              std::ranges::count_if(all, [](const auto& c) { return c.moves.find("shift") != std::string::npos; }));
    EXPECT_EQ(must(r.summary(ExperimentId(1))).iterations, 14);
    CandidateRecord added = all[0];
    added.hash = "another";
    EXPECT_TRUE(must(store->addCandidate(added)).isNew);
    must(store->setNote(CandidateId(2), "noted"));
    EXPECT_EQ(must(r.count({.text = "note another"})), 0);
    EXPECT_EQ(must(r.count({.text = "noted"})), 1);
    EXPECT_EQ(must(r.count({.text = "another"})), 1);
}

TEST_F(Migrations, AReaderBringsAnOlderFileToItsFormatWhereItMay)
{
    writeOld(file(), 1);
    EXPECT_EQ(must(reader().count({})), 13);
    std::filesystem::remove(file());
    writeOld(file(), 1);
    const std::string before = contents(file());
    std::filesystem::permissions(file(), static_cast<std::filesystem::perms>(0444));
    const std::string told = inChild([&] {
        becomeNobody();
        return sentence(Reader::open(file()));
    });
    EXPECT_THAT(told, HasSubstr("is in the older format 1"));
    EXPECT_THAT(told, HasSubstr("it is read-only"));
    EXPECT_EQ(contents(file()), before);
}

TEST_F(Migrations, ALargeOldFileIsPackedWhenItIsOpened)
{
    writeOld(file(), 1);
    execute(file(), "INSERT INTO candidates (experiment, hash, fingerprint, moves, flops, total_flops, flops_ratio, "
                    "parameters, iteration, found_at, starred, state, reward, note) "
                    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000) "
                    "SELECT 1, 'h' || i, 'f' || i, 'move' || (i % 50), '[1.0]', 1.0 * i, 0.5, i, i, 0, i % 2, "
                    "'active', i / 10000.0, '' FROM n");
    opened();
    EXPECT_EQ(rowsOf(file(), "SELECT size FROM blocks"), std::vector{std::to_string(blockSize)});
    Reader r = reader();
    EXPECT_EQ(must(r.count({.text = "move7"})), 200);
    EXPECT_EQ(must(r.count({.text = "move49"})), 200);
    EXPECT_EQ(must(r.count({.text = "move4"})), 11 * 200); // move4 and move40 to move49
    EXPECT_EQ(must(r.candidateIds({.sortBy = CandidateColumn::reward, .descending = true, .limit = 1})),
              std::vector{CandidateId(10'013)});
}

TEST_F(Migrations, AnOlderFileIsMigratedByAWriterAndKeepsItsContents)
{
    fill(*opened(), 20);
    const auto list = withAnother(extraColumn);
    auto store = must(Store::open(file(), OpenMode::mustExist, list));
    must(store->addCandidate(someCandidate(ExperimentId(1), 20)));
    store.reset();
    // The program that knows one format less:
    EXPECT_THAT(sentence(Store::open(file())), HasSubstr("written by a newer Synoscope"));
    EXPECT_THAT(sentence(Reader::open(file())), HasSubstr("written by a newer Synoscope"));
    EXPECT_EQ(rowsOf(file(), "SELECT colour, (SELECT count(*) FROM candidates), (SELECT count(*) FROM later) "
                             "FROM experiments"),
              std::vector<std::string>{"red|21|0"});
}

TEST_F(Migrations, AMigrationThatFailsLeavesTheFileAsItWas)
{
    fill(*opened(), 20);
    for (const char* sql : {"CREATE TABLE later (id INTEGER PRIMARY KEY) STRICT; THIS IS NO SQL;",
                            "DELETE FROM experiments; CREATE TABLE later (id INTEGER PRIMARY KEY);"}) {
        const auto list = withAnother(sql);
        EXPECT_THAT(sentence(Store::open(file(), OpenMode::mustExist, list)), HasSubstr("it was left as it was"));
        EXPECT_EQ(must(reader().count({})), 20);
        opened(); // still of the format before
    }
}

TEST_F(Migrations, ANewFileHasTheNewestFormat)
{
    const auto list = withAnother(extraColumn);
    must(Store::open(file(), OpenMode::openOrCreate, list)).reset();
    EXPECT_THAT(sentence(Store::open(file())), HasSubstr(fmt::format("its format is {}", list.back().version)));
}
