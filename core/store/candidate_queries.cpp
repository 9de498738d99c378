// Candidates for views.
//
// A table of candidates is asked for in two steps: the ids that match, in order; then the rows on screen. The first must
// be fast at a million candidates, whatever the conditions and the order: it looks at the reader's columns only.
#include "core/store/reader.h"
#include "core/store/selection.h"
#include "core/store/sqlite.h"
#include "core/store/words.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

namespace synoscope {

using sqlite::Statement;

namespace {

struct Window
{
    std::size_t offset;
    std::size_t limit;
};

Window windowOf(const CandidateQuery& query)
{
    constexpr std::size_t all = std::numeric_limits<std::int64_t>::max();
    return {static_cast<std::size_t>(std::max<std::int64_t>(0, query.offset)),
            query.limit < 0 ? all : static_cast<std::size_t>(query.limit)};
}

std::vector<CandidateId> inOrderOfDiscovery(const Selection& selection, bool descending, Window window)
{
    std::vector<CandidateId> ids;
    std::size_t toSkip = window.offset;
    selection.visit(descending, [&](const CandidateColumns::Block& block, std::size_t place) {
        if (toSkip > 0) {
            --toSkip;
            return true;
        }
        if (ids.size() < window.limit)
            ids.emplace_back(static_cast<std::int64_t>(block[Packed::id][place]));
        return ids.size() < window.limit;
    });
    return ids;
}

// Sorts no more than the window.
std::vector<CandidateId> inOrderOf(Packed column, const Selection& selection, bool descending, Window window)
{
    using Entry = std::pair<double, double>; // value, id
    std::vector<Entry> entries;
    std::vector<double> without; // a value: they come last
    selection.visit(descending, [&](const CandidateColumns::Block& block, std::size_t place) {
        const double value = block[column][place];
        const double id = block[Packed::id][place];
        if (std::isnan(value))
            without.push_back(id);
        else
            entries.emplace_back(value, id);
        return true;
    });
    const auto before = [descending](const Entry& a, const Entry& b) { return descending ? b < a : a < b; };
    const std::size_t begin = std::min(window.offset, entries.size());
    const std::size_t end = begin + std::min(window.limit, entries.size() - begin);
    const auto at = [&](std::size_t i) { return entries.begin() + static_cast<std::ptrdiff_t>(i); };
    if (begin > 0 && begin < entries.size())
        std::nth_element(at(0), at(begin), entries.end(), before);
    if (begin < end && end < entries.size())
        std::nth_element(at(begin), at(end), entries.end(), before);
    std::sort(at(begin), at(end), before);
    std::vector<CandidateId> ids;
    for (std::size_t i = begin; i < end; ++i)
        ids.emplace_back(static_cast<std::int64_t>(entries[i].second));
    for (std::size_t i = window.offset - begin; i < without.size() && ids.size() < window.limit; ++i)
        ids.emplace_back(static_cast<std::int64_t>(without[i]));
    return ids;
}

// Hashes have no column. Of few candidates they are read one by one; of many, the index on them gives the order.
constexpr std::int64_t fewHashes = 20'000;

Expected<std::vector<CandidateId>> byTheirHashes(sqlite::Connection& db, const Selection& selection, bool descending,
                                                 Window window)
{
    std::vector<std::pair<std::string, std::int64_t>> entries;
    std::optional<Error> failure;
    selection.visit(false, [&](const CandidateColumns::Block& block, std::size_t place) {
        const auto id = static_cast<std::int64_t>(block[Packed::id][place]);
        auto row = db.prepare("SELECT hash FROM candidates WHERE id = ?");
        auto found = row ? row->bind(id).step() : Expected<bool>(row.error());
        if (!found)
            failure = found.error();
        else if (*found)
            entries.emplace_back(row->text(0), id);
        return !failure;
    });
    if (failure)
        return *failure;
    std::ranges::sort(entries);
    if (descending)
        std::ranges::reverse(entries);
    std::vector<CandidateId> ids;
    for (std::size_t i = window.offset; i < entries.size() && ids.size() < window.limit; ++i)
        ids.emplace_back(entries[i].second);
    return ids;
}

Expected<std::vector<CandidateId>> inOrderOfHash(sqlite::Connection& db, const Selection& selection,
                                                 ExperimentId experiment, bool descending, Window window)
{
    if (selection.count() <= fewHashes)
        return byTheirHashes(db, selection, descending, window);
    const std::string_view direction = descending ? "DESC" : "ASC";
    auto rows = db.prepare(fmt::format("SELECT id FROM candidates {} ORDER BY hash {}, id {}",
                                       experiment.valid() ? "WHERE experiment = ?" : "", direction, direction));
    if (!rows)
        return rows.error();
    if (experiment.valid())
        rows->bind(experiment);
    std::vector<CandidateId> ids;
    for (std::size_t toSkip = window.offset; ids.size() < window.limit;) {
        auto row = rows->step();
        if (!row)
            return row.error();
        if (!*row)
            break;
        if (!selection.contains(rows->integer(0)))
            continue;
        if (toSkip > 0)
            --toSkip;
        else
            ids.push_back(rows->id<CandidateId>(0));
    }
    return ids;
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
    const auto column = packedOf(query.sortBy);
    PackedSet ordering;
    if (column)
        ordering.set(static_cast<std::size_t>(*column));
    const auto selection = Selection::of(*db_, *columns_, query, ordering);
    if (!selection)
        return selection.error();
    const Window window = windowOf(query);
    if (!column)
        return inOrderOfHash(*db_, *selection, query.experiment, query.descending, window);
    if (*column == Packed::id)
        return inOrderOfDiscovery(*selection, query.descending, window);
    return inOrderOf(*column, *selection, query.descending, window);
}

Expected<std::int64_t> Reader::count(const CandidateQuery& query)
{
    const Snapshot snapshot(*db_);
    if (!snapshot.begun)
        return snapshot.begun.error();
    const auto selection = Selection::of(*db_, *columns_, query, {});
    if (!selection)
        return selection.error();
    return selection->count();
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

Expected<ExperimentSummary> Reader::summary(ExperimentId id)
{
    const Snapshot snapshot(*db_);
    if (!snapshot.begun)
        return snapshot.begun.error();
    PackedSet needed;
    for (const Packed column : {Packed::state, Packed::latencyRatio, Packed::accuracy, Packed::reward})
        needed.set(static_cast<std::size_t>(column));
    const auto selection = Selection::of(*db_, *columns_, {.experiment = id}, needed);
    if (!selection)
        return selection.error();
    ExperimentSummary summary;
    const auto best = [](std::optional<double>& so_far, double value, bool less) {
        if (!std::isnan(value) && (!so_far || (less ? value < *so_far : value > *so_far)))
            so_far = value;
    };
    selection->visit(false, [&](const CandidateColumns::Block& block, std::size_t place) {
        const double latency = block[Packed::latencyRatio][place];
        const double accuracy = block[Packed::accuracy][place];
        ++summary.candidates;
        summary.duplicates += block[Packed::state][place] == packedState(CandidateState::duplicate);
        summary.benchmarked += !std::isnan(latency);
        summary.trained += !std::isnan(accuracy);
        best(summary.bestReward, block[Packed::reward][place], false);
        best(summary.bestAccuracy, accuracy, false);
        best(summary.bestLatencyRatio, latency, true);
        return true;
    });
    auto iterations = db_->prepare("SELECT (SELECT max(sequence) FROM iterations WHERE experiment = ?1) - "
                                   "(SELECT min(sequence) FROM iterations WHERE experiment = ?1) + 1, "
                                   "(SELECT count(*) FROM iterations WHERE experiment = ?1 AND reward IS NULL)");
    if (!iterations)
        return iterations.error();
    if (auto row = iterations->bind(id).step(); !row)
        return row.error();
    summary.iterations = iterations->integer(0);
    summary.pendingIterations = iterations->integer(1);
    return summary;
}

Expected<void> Reader::visitCandidates(ExperimentId experiment,
                                       const std::function<void(const CandidateBrief&)>& visit)
{
    auto rows = db_->prepare("SELECT id, hash, fingerprint, state, reward FROM candidates "
                             "WHERE experiment = ? ORDER BY +id");
    if (!rows)
        return rows.error();
    rows->bind(experiment);
    CandidateBrief brief;
    for (;;) {
        auto row = rows->step();
        if (!row)
            return row.error();
        if (!*row)
            return {};
        const auto state = fromWord<CandidateState>(rows->text(3));
        if (!state)
            return sqlite::fileError(db_->file(), fmt::format("the file is damaged: candidate {} cannot be read",
                                                              rows->integer(0)));
        brief.id = rows->id<CandidateId>(0);
        brief.hash = rows->text(1);
        brief.fingerprint = rows->text(2);
        brief.state = *state;
        brief.reward = rows->optionalReal(4);
        visit(brief);
    }
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

Expected<std::vector<CandidateId>> Reader::candidatesByHashPrefix(ExperimentId experiment, const std::string& prefix,
                                                                   std::int64_t limit)
{
    auto rows = db_->prepare("SELECT id FROM candidates WHERE experiment = ?1 AND hash >= ?2 "
                             "AND hash < ?2 || char(1114111) LIMIT ?3");
    if (!rows)
        return rows.error();
    rows->bind(experiment, prefix, limit);
    std::vector<CandidateId> ids;
    for (;;) {
        auto row = rows->step();
        if (!row)
            return row.error();
        if (!*row)
            return ids;
        ids.push_back(rows->id<CandidateId>(0));
    }
}

Expected<std::optional<CandidateRecord>> Reader::candidateByFingerprint(ExperimentId experiment,
                                                                        const std::string& fingerprint)
{
    return firstCandidate(*db_, "WHERE c.experiment = ? AND c.fingerprint = ? ORDER BY c.id LIMIT 1", experiment,
                          fingerprint);
}

} // namespace synoscope
