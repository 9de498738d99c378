#include "core/store/selection.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace synoscope {

namespace {

using Block = CandidateColumns::Block;

PackedSet setOf(std::initializer_list<Packed> columns)
{
    PackedSet set;
    for (const Packed column : columns)
        set.set(static_cast<std::size_t>(column));
    return set;
}

PackedSet neededBy(const CandidateQuery& query)
{
    PackedSet needed;
    if (query.experiment.valid())
        needed |= setOf({Packed::experiment});
    if (query.state)
        needed |= setOf({Packed::state});
    if (query.starredOnly)
        needed |= setOf({Packed::starred});
    if (query.evaluatedOnly)
        needed |= setOf({Packed::latencyRatio, Packed::accuracy});
    for (const ColumnRange& range : query.ranges)
        if (const auto column = packedOf(range.column))
            needed |= setOf({*column});
    return needed;
}

Expected<std::vector<ExperimentId>> experimentsIn(sqlite::Connection& db)
{
    auto rows = db.prepare("SELECT id FROM experiments");
    if (!rows)
        return rows.error();
    std::vector<ExperimentId> ids;
    for (;;) {
        auto row = rows->step();
        if (!row)
            return row.error();
        if (!*row)
            return ids;
        ids.push_back(rows->id<ExperimentId>(0));
    }
}

// Calls `visit` with the id in each row of the answer.
template <typename Visit, typename... Values>
Expected<void> eachId(sqlite::Connection& db, std::string_view question, Visit visit, const Values&... values)
{
    auto rows = db.prepare(question);
    if (!rows)
        return rows.error();
    rows->bind(values...);
    for (;;) {
        auto row = rows->step();
        if (!row)
            return row.error();
        if (!*row)
            return {};
        visit(rows->integer(0));
    }
}

} // namespace

std::optional<Packed> packedOf(CandidateColumn column)
{
    switch (column) {
    case CandidateColumn::found:
        return Packed::id;
    case CandidateColumn::hash:
        return std::nullopt;
    case CandidateColumn::iteration:
        return Packed::iteration;
    case CandidateColumn::totalFlops:
        return Packed::totalFlops;
    case CandidateColumn::flopsRatio:
        return Packed::flopsRatio;
    case CandidateColumn::parameters:
        return Packed::parameters;
    case CandidateColumn::latencyRatio:
        return Packed::latencyRatio;
    case CandidateColumn::accuracy:
        return Packed::accuracy;
    case CandidateColumn::reward:
        return Packed::reward;
    case CandidateColumn::starred:
        return Packed::starred;
    case CandidateColumn::state:
        return Packed::state;
    }
    return std::nullopt;
}

Expected<Selection> Selection::of(sqlite::Connection& db, CandidateColumns& columns, const CandidateQuery& query,
                                  PackedSet also)
{
    auto experiments = experimentsIn(db);
    if (!experiments)
        return experiments.error();
    CandidateQuery asked = query;
    if (*experiments == std::vector{query.experiment}) // the file has no others
        asked.experiment = {};
    if (query.experiment.valid())
        experiments->assign(1, query.experiment);
    if (auto loaded = columns.load(db, neededBy(asked) | also); !loaded)
        return loaded.error();

    Selection selection(columns);
    const auto keep = [&](Packed column, auto condition) { selection.keepOnly(std::array{column}, condition); };
    if (asked.experiment.valid())
        keep(Packed::experiment, [id = static_cast<double>(asked.experiment.value)](double v) { return v == id; });
    if (query.state)
        keep(Packed::state, [state = packedState(*query.state)](double v) { return v == state; });
    if (query.starredOnly)
        keep(Packed::starred, [](double v) { return v == 1; });
    if (query.evaluatedOnly)
        selection.keepOnly(std::array{Packed::latencyRatio, Packed::accuracy}, [](double v) { return v == v; });
    for (const ColumnRange& range : query.ranges) {
        constexpr double infinity = std::numeric_limits<double>::infinity();
        const double from = range.minimum.value_or(-infinity);
        const double to = range.maximum.value_or(infinity);
        if (const auto column = packedOf(range.column))
            keep(*column, [=](double v) { return v >= from && v <= to; });
    }
    for (const std::string& word : wordsIn(query.text))
        if (auto kept = selection.keepWord(db, *experiments, word); !kept)
            return kept.error();
    return selection;
}

Selection::Marks Selection::marks(char value) const
{
    Marks all;
    for (const Block& block : columns_->blocks())
        all.emplace_back(block.size, value);
    return all;
}

void Selection::keepOnly(const Marks& which)
{
    if (marks_.empty()) {
        marks_ = which;
        return;
    }
    for (std::size_t b = 0; b < marks_.size(); ++b)
        for (std::size_t i = 0; i < marks_[b].size(); ++i)
            marks_[b][i] &= which[b][i];
}

// One of the columns meets the condition, which no NaN does.
void Selection::keepOnly(std::span<const Packed> columns, const auto& condition)
{
    Marks met = marks(0);
    const auto blocks = columns_->blocks();
    for (std::size_t b = 0; b < blocks.size(); ++b)
        for (const Packed column : columns) {
            const std::vector<double>& values = blocks[b][column];
            for (std::size_t i = 0; i < values.size(); ++i)
                met[b][i] |= static_cast<char>(condition(values[i]));
        }
    keepOnly(met);
}

// The word is a part of the moves or of the note, or begins the hash or the fingerprint.
Expected<void> Selection::keepWord(sqlite::Connection& db, std::span<const ExperimentId> experiments,
                                   const std::string& word)
{
    Marks met = marks(0);
    const auto blocks = columns_->blocks();
    const auto mark = [&](std::int64_t id) {
        const Block* block = columns_->blockOf(id);
        if (const auto place = block->placeOf(id))
            met[static_cast<std::size_t>(block - blocks.data())][*place] = 1;
    };
    for (const ExperimentId experiment : experiments)
        for (const char* question :
             {"SELECT id FROM candidates WHERE experiment = ?1 AND hash >= ?2 AND hash < ?2 || char(1114111)",
              "SELECT id FROM candidates WHERE experiment = ?1 AND fingerprint >= ?2 "
              "AND fingerprint < ?2 || char(1114111)",
              "SELECT id FROM candidates WHERE experiment = ?1 AND note <> '' AND instr(lower(note), ?2) > 0"})
            if (auto done = eachId(db, question, mark, experiment, word); !done)
                return done;
    // The words of the moves: of the blocks' few different ones, and row by row in the tail.
    if (auto done = eachId(db, "SELECT id FROM candidates WHERE id > ? AND instr(lower(moves), ?) > 0", mark,
                           columns_->lastPacked(), word);
        !done)
        return done;
    auto rows = db.prepare("SELECT block, members FROM words CROSS JOIN block_words ON word = id "
                           "WHERE instr(text, ?) > 0");
    if (!rows)
        return rows.error();
    rows->bind(word);
    for (;;) {
        auto row = rows->step();
        if (!row)
            return row.error();
        if (!*row)
            break;
        const Block* block = columns_->blockOf(rows->integer(0));
        std::vector<char>& places = met[static_cast<std::size_t>(block - blocks.data())];
        if (block->last != rows->integer(0) ||
            !visitMembers(rows->blob(1), block->size, [&](std::size_t place) { places[place] = 1; }))
            return sqlite::fileError(db.file(), "the file is damaged: the words of its candidates cannot be read");
    }
    keepOnly(met);
    return {};
}

std::int64_t Selection::count() const
{
    if (marks_.empty())
        return static_cast<std::int64_t>(columns_->size());
    std::int64_t count = 0;
    for (const auto& block : marks_)
        count += std::ranges::count(block, 1);
    return count;
}

bool Selection::contains(std::int64_t id) const
{
    if (marks_.empty())
        return true;
    const Block* block = columns_->blockOf(id);
    const auto place = block->placeOf(id);
    return place && marks_[static_cast<std::size_t>(block - columns_->blocks().data())][*place];
}

} // namespace synoscope
