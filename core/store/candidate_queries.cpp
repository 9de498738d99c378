// Candidates for views.
//
// A table of candidates is asked for in two steps: the ids that match, in order; then the rows on screen. The first
// must be fast at 100 000 candidates, so each condition and the order are questions that one index answers from front
// to back, and they are combined here, in memory: joining them in SQL would fetch every row of the table in a random
// order.
#include "core/store/reader.h"
#include "core/store/sqlite.h"
#include "core/store/words.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstring>
#include <initializer_list>
#include <limits>
#include <sstream>

namespace synoscope {

using sqlite::Statement;

namespace {

struct ColumnInfo
{
    std::string_view name;
    bool mayBeEmpty;
};

ColumnInfo infoOf(CandidateColumn column)
{
    switch (column) {
    case CandidateColumn::found:
        return {"id", false};
    case CandidateColumn::hash:
        return {"hash", false};
    case CandidateColumn::iteration:
        return {"iteration", false};
    case CandidateColumn::totalFlops:
        return {"total_flops", false};
    case CandidateColumn::flopsRatio:
        return {"flops_ratio", false};
    case CandidateColumn::parameters:
        return {"parameters", false};
    case CandidateColumn::latencyRatio:
        return {"latency_ratio", true};
    case CandidateColumn::accuracy:
        return {"accuracy", true};
    case CandidateColumn::reward:
        return {"reward", true};
    case CandidateColumn::starred:
        return {"starred", false};
    case CandidateColumn::state:
        return {"state", false};
    }
    return {"id", false};
}

std::vector<std::string> wordsIn(const std::string& text)
{
    std::istringstream stream(text);
    std::vector<std::string> words;
    for (std::string word; stream >> word;)
        words.push_back(std::move(word));
    return words;
}

// The ids that meet all conditions so far: those whose mark equals the number of conditions.
class Matches
{
public:
    Matches(sqlite::Connection& db, ExperimentId experiment)
        : db_(db), experiment_(experiment), scope(experiment.valid() ? "experiment = ?1" : "?1 IS NULL")
    {}

    // One more condition, met by what any of its questions yields. Parameter 1 is the experiment.
    template <typename... Values>
    Expected<void> require(std::initializer_list<std::string> questions, const Values&... values)
    {
        count_ = 0;
        for (const std::string& question : questions) {
            auto statement = db_.prepare(question);
            if (!statement)
                return statement.error();
            statement->bind(experiment_);
            (bindAll(*statement, values), ...);
            if (auto done = mark(*statement); !done)
                return done;
        }
        ++conditions_;
        return {};
    }

    bool any() const { return conditions_ > 0; }
    std::int64_t count() const { return count_; }
    bool contain(std::int64_t id) const
    {
        return conditions_ == 0 ||
               (static_cast<std::size_t>(id) < marks_.size() && marks_[static_cast<std::size_t>(id)] == conditions_);
    }

private:
    static void bindAll(Statement& statement, const std::vector<std::string>& words)
    {
        for (const std::string& word : words)
            statement.bind(word);
    }
    static void bindAll(Statement& statement, const auto& value) { statement.bind(value); }

    Expected<void> mark(Statement& ids)
    {
        for (;;) {
            auto row = ids.step();
            if (!row)
                return row.error();
            if (!*row)
                return {};
            const auto id = static_cast<std::size_t>(std::max<std::int64_t>(0, ids.integer(0)));
            if (id >= marks_.size())
                marks_.resize(std::max(id + 1, marks_.size() * 2));
            if (marks_[id] == conditions_) {
                ++marks_[id];
                ++count_;
            }
        }
    }

    sqlite::Connection& db_;
    ExperimentId experiment_;
    std::vector<std::uint8_t> marks_;
    std::uint8_t conditions_ = 0;
    std::int64_t count_ = 0;

public:
    const std::string_view scope; // of every question
};

Expected<void> requireRange(Matches& matches, const ColumnRange& range)
{
    constexpr double infinity = std::numeric_limits<double>::infinity();
    const std::string_view name = infoOf(range.column).name;
    return matches.require(
        {fmt::format("SELECT id FROM candidates WHERE {} AND {} BETWEEN ?2 AND ?3", matches.scope, name)},
        range.minimum.value_or(-infinity), range.maximum.value_or(infinity));
}

Expected<void> requireWords(Matches& matches, const std::vector<std::string>& words)
{
    std::string question = fmt::format("SELECT candidate FROM search_texts WHERE {}", matches.scope);
    for (std::size_t i = 0; i < words.size(); ++i)
        question += " AND instr(text, lower(?)) > 0";
    return matches.require({question}, words);
}

Expected<void> requireAll(Matches& matches, const CandidateQuery& query)
{
    Expected<void> done;
    const auto where = [&](std::string_view condition) {
        return fmt::format("SELECT id FROM candidates WHERE {} AND {}", matches.scope, condition);
    };
    if (const auto words = wordsIn(query.text); !words.empty())
        done = requireWords(matches, words);
    if (done && query.state)
        done = matches.require({where("state = ?2")}, wordOf(*query.state));
    if (done && query.starredOnly)
        done = matches.require({where("starred = 1")});
    if (done && query.evaluatedOnly)
        done = matches.require({where("latency_ratio IS NOT NULL"), where("accuracy IS NOT NULL")});
    for (const ColumnRange& range : query.ranges) {
        if (done)
            done = requireRange(matches, range);
    }
    return done;
}

std::string order(const CandidateQuery& query)
{
    const ColumnInfo column = infoOf(query.sortBy);
    const std::string_view direction = query.descending ? "DESC" : "ASC";
    if (query.sortBy == CandidateColumn::found)
        return fmt::format("ORDER BY id {}", direction);
    return fmt::format("ORDER BY {} {} {}, id {}", column.name, direction, column.mayBeEmpty ? "NULLS LAST" : "",
                       direction);
}

// All questions of one answer see one state of the file.
class Snapshot
{
public:
    explicit Snapshot(sqlite::Connection& db) : db_(db), begun(db.run("BEGIN")) {}
    ~Snapshot()
    {
        if (begun)
            (void)db_.run("COMMIT"); // nothing was written
    }

private:
    sqlite::Connection& db_;

public:
    const Expected<void> begun;
};

constexpr std::string_view candidateColumns =
    "SELECT c.id, c.experiment, c.hash, c.fingerprint, g.pgraph, g.path, c.moves, c.flops, c.total_flops, "
    "c.flops_ratio, "
    "c.parameters, c.iteration, c.found_at, c.starred, c.note, c.state, c.latency_ratio, c.accuracy, c.reward "
    "FROM candidates c LEFT JOIN graphs g ON g.candidate = c.id";

bool readFlops(const std::string& text, std::vector<double>& flops)
{
    const auto json = nlohmann::json::parse(text, nullptr, false);
    if (!json.is_array())
        return false;
    for (const auto& value : json) {
        if (!value.is_number() && !value.is_null())
            return false;
        flops.push_back(value.is_null() ? std::numeric_limits<double>::quiet_NaN() : value.get<double>());
    }
    return true;
}

Expected<CandidateRecord> readCandidate(const sqlite::Connection& db, Statement& row)
{
    CandidateRecord c;
    const auto state = fromWord<CandidateState>(row.text(15));
    const auto path = row.blob(5);
    if (!state || row.null(4) || path.size() % sizeof(std::uint64_t) != 0 || !readFlops(row.text(7), c.flops))
        return sqlite::fileError(db.file(),
                                 fmt::format("the file is damaged: candidate {} cannot be read", row.integer(0)));
    c.id = row.id<CandidateId>(0);
    c.experiment = row.id<ExperimentId>(1);
    c.hash = row.text(2);
    c.fingerprint = row.text(3);
    c.pgraph = row.text(4);
    c.path.resize(path.size() / sizeof(std::uint64_t));
    if (!path.empty())
        std::memcpy(c.path.data(), path.data(), path.size());
    c.moves = row.text(6);
    c.totalFlops = row.real(8);
    c.flopsRatio = row.real(9);
    c.parameters = row.integer(10);
    c.iteration = row.integer(11);
    c.foundAt = row.time(12);
    c.starred = row.integer(13) != 0;
    c.note = row.text(14);
    c.state = *state;
    c.latencyRatio = row.optionalReal(16);
    c.accuracy = row.optionalReal(17);
    c.reward = row.optionalReal(18);
    return c;
}

// The first row of a query for candidates, if there is one.
template <typename... Values>
Expected<std::optional<CandidateRecord>> firstCandidate(sqlite::Connection& db, std::string_view rest,
                                                        const Values&... values)
{
    auto statement = db.prepare(fmt::format("{} {}", candidateColumns, rest));
    if (!statement)
        return statement.error();
    auto row = statement->bind(values...).step();
    if (!row)
        return row.error();
    if (!*row)
        return std::optional<CandidateRecord>();
    auto candidate = readCandidate(db, *statement);
    if (!candidate)
        return candidate.error();
    return std::optional(std::move(*candidate));
}

} // namespace

Expected<std::vector<CandidateId>> Reader::candidateIds(const CandidateQuery& query)
{
    const Snapshot snapshot(*db_);
    if (!snapshot.begun)
        return snapshot.begun.error();
    Matches matches(*db_, query.experiment);
    if (auto done = requireAll(matches, query); !done)
        return done.error();
    auto rows = db_->prepare(
        fmt::format("SELECT id FROM candidates WHERE {} {} LIMIT ?2 OFFSET ?3", matches.scope, order(query)));
    if (!rows)
        return rows.error();
    // Without conditions SQLite counts the rows of the page; otherwise they are counted here.
    const auto limit = query.limit < 0 ? std::numeric_limits<std::int64_t>::max() : query.limit;
    std::int64_t toSkip = matches.any() ? query.offset : 0;
    rows->bind(query.experiment, matches.any() ? std::int64_t{-1} : limit,
               matches.any() ? std::int64_t{0} : query.offset);
    std::vector<CandidateId> ids;
    while (static_cast<std::int64_t>(ids.size()) < limit) {
        auto row = rows->step();
        if (!row)
            return row.error();
        if (!*row)
            break;
        if (matches.contain(rows->integer(0)) && toSkip-- <= 0)
            ids.push_back(rows->id<CandidateId>(0));
    }
    return ids;
}

Expected<std::int64_t> Reader::count(const CandidateQuery& query)
{
    const Snapshot snapshot(*db_);
    if (!snapshot.begun)
        return snapshot.begun.error();
    Matches matches(*db_, query.experiment);
    if (auto done = requireAll(matches, query); !done)
        return done.error();
    if (matches.any())
        return matches.count();
    auto total = db_->prepare(fmt::format("SELECT count(*) FROM candidates WHERE {}", matches.scope));
    if (!total)
        return total.error();
    if (auto row = total->bind(query.experiment).step(); !row)
        return row.error();
    return total->integer(0);
}

Expected<std::vector<CandidateRecord>> Reader::candidates(std::span<const CandidateId> ids)
{
    std::vector<CandidateRecord> records;
    records.reserve(ids.size());
    for (const CandidateId id : ids) {
        auto record = candidate(id);
        if (!record)
            return record.error();
        records.push_back(std::move(*record));
    }
    return records;
}

Expected<std::vector<CandidateRecord>> Reader::candidates(const CandidateQuery& query)
{
    auto ids = candidateIds(query);
    if (!ids)
        return ids.error();
    return candidates(*ids);
}

Expected<CandidateRecord> Reader::candidate(CandidateId id)
{
    auto found = firstCandidate(*db_, "WHERE c.id = ?", id);
    if (!found)
        return found.error();
    if (!*found)
        return db_->rowMissing("candidate");
    return std::move(**found);
}

Expected<std::optional<CandidateRecord>> Reader::candidateByHash(ExperimentId experiment, const std::string& hash)
{
    return firstCandidate(*db_, "WHERE c.experiment = ? AND c.hash = ?", experiment, hash);
}

Expected<std::optional<CandidateRecord>> Reader::candidateByFingerprint(ExperimentId experiment,
                                                                        const std::string& fingerprint)
{
    return firstCandidate(*db_, "WHERE c.experiment = ? AND c.fingerprint = ? ORDER BY c.id LIMIT 1", experiment,
                          fingerprint);
}

} // namespace synoscope
