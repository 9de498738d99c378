// What reports ask of all evaluations of an experiment together.
#include "core/store/reader.h"
#include "core/store/sqlite.h"
#include "core/store/words.h"

#include <fmt/format.h>

namespace synoscope {

namespace {

// Calls `read` for each row of a question about one experiment; ends when it has an error.
template <typename Read, typename... Values>
Expected<void> forEachRow(sqlite::Connection& db, std::string_view sql, Read read, const Values&... values)
{
    auto statement = db.prepare(sql);
    if (!statement)
        return statement.error();
    statement->bind(values...);
    for (;;) {
        const auto row = statement->step();
        if (!row)
            return row.error();
        if (!*row)
            return {};
        if (auto done = read(*statement); !done)
            return done;
    }
}

} // namespace

Expected<std::vector<EnvironmentRecord>> Reader::environments(ExperimentId experiment)
{
    std::vector<EnvironmentRecord> all;
    const auto read = [&](sqlite::Statement& row) -> Expected<void> {
        all.push_back({row.id<EnvironmentId>(0), row.text(1)});
        return {};
    };
    auto done = forEachRow(*db_,
                           "SELECT id, description FROM environments WHERE id IN "
                           "(SELECT environment FROM evaluations WHERE experiment = ?) ORDER BY id",
                           read, experiment);
    if (!done)
        return done.error();
    return all;
}

Expected<std::vector<EvaluationCount>> Reader::evaluationCounts(ExperimentId experiment)
{
    std::vector<EvaluationCount> all;
    const auto read = [&](sqlite::Statement& row) -> Expected<void> {
        const auto kind = fromWord<EvaluationKind>(row.text(0));
        const auto status = fromWord<EvaluationStatus>(row.text(1));
        if (!kind || !status)
            return sqlite::fileError(db_->file(),
                                     fmt::format("the file is damaged: it has an evaluation '{} {}', which is none",
                                                 row.text(0), row.text(1)));
        all.push_back({*kind, *status, row.integer(2)});
        return {};
    };
    auto done = forEachRow(*db_,
                           "SELECT kind, status, count(*) FROM evaluations WHERE experiment = ? "
                           "GROUP BY kind, status ORDER BY kind, status",
                           read, experiment);
    if (!done)
        return done.error();
    return all;
}

Expected<std::vector<FailureCount>> Reader::failures(ExperimentId experiment, std::int64_t limit)
{
    std::vector<FailureCount> all;
    const auto read = [&](sqlite::Statement& row) -> Expected<void> {
        all.push_back({row.text(0), row.integer(1)});
        return {};
    };
    auto done = forEachRow(*db_,
                           "SELECT message, count(*) FROM evaluations WHERE experiment = ? AND status = ? "
                           "GROUP BY message ORDER BY count(*) DESC, message LIMIT ?",
                           read, experiment, wordOf(EvaluationStatus::failed), limit);
    if (!done)
        return done.error();
    return all;
}

Expected<std::vector<EvaluationMoment>> Reader::moments(ExperimentId experiment)
{
    std::vector<EvaluationMoment> all;
    const auto read = [&](sqlite::Statement& row) -> Expected<void> {
        all.push_back({row.id<CandidateId>(0), row.optionalTime(1), row.optionalTime(2).value_or(Timestamp{}),
                       row.optionalReal(3)});
        return {};
    };
    auto done = forEachRow(*db_,
                           "SELECT candidate, started, finished, reward FROM evaluations WHERE experiment = ? "
                           "AND status = ? AND finished IS NOT NULL ORDER BY finished, id",
                           read, experiment, wordOf(EvaluationStatus::done));
    if (!done)
        return done.error();
    return all;
}

} // namespace synoscope
