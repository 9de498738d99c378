#include "core/store/reader.h"

#include "core/store/candidate_columns.h"
#include "core/store/schema.h"
#include "core/store/sqlite.h"
#include "core/store/store.h"
#include "core/store/store_file.h"
#include "core/store/words.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>

namespace synoscope {

using sqlite::Statement;

namespace {

Error unknownWord(const sqlite::Connection& db, const std::string& word)
{
    return sqlite::fileError(
        db.file(), fmt::format("the file is damaged: it has the word '{}' where none of its kind stands", word));
}

// Runs a query and turns each row into a value; `read` may refuse a row.
template <typename Read, typename... Values>
auto all(sqlite::Connection& db, std::string_view sql, Read read, const Values&... values)
    -> Expected<std::vector<std::decay_t<decltype(*read(std::declval<Statement&>()))>>>
{
    std::vector<std::decay_t<decltype(*read(std::declval<Statement&>()))>> rows;
    auto statement = db.prepare(sql);
    if (!statement)
        return statement.error();
    statement->bind(values...);
    for (;;) {
        auto row = statement->step();
        if (!row)
            return row.error();
        if (!*row)
            return rows;
        auto value = read(*statement);
        if (!value)
            return value.error();
        rows.push_back(std::move(*value));
    }
}

template <typename Read, typename... Values>
auto one(sqlite::Connection& db, std::string_view what, std::string_view sql, Read read, const Values&... values)
    -> Expected<std::decay_t<decltype(*read(std::declval<Statement&>()))>>
{
    auto rows = all(db, sql, read, values...);
    if (!rows)
        return rows.error();
    if (rows->empty())
        return db.rowMissing(what);
    return std::move(rows->front());
}

Expected<ExperimentRecord> readExperiment(Statement& row)
{
    return ExperimentRecord{
        row.id<ExperimentId>(0), row.text(1), row.text(2), row.text(3), row.text(4), row.text(5), row.time(6)};
}

constexpr std::string_view experimentColumns =
    "SELECT id, name, problem, backbone, dataset, settings, created FROM experiments";

constexpr std::string_view evaluationColumns =
    "SELECT id, experiment, candidate, kind, status, backend, device, dtype, threads, binding, request, result, "
    "latency_ratio, accuracy, reward, reward_components, message, environment, started, finished FROM evaluations";

auto evaluationReader(sqlite::Connection& db)
{
    return [&db](Statement& row) -> Expected<EvaluationRecord> {
        const auto kind = fromWord<EvaluationKind>(row.text(3));
        const auto status = fromWord<EvaluationStatus>(row.text(4));
        if (!kind || !status)
            return unknownWord(db, kind ? row.text(4) : row.text(3));
        EvaluationRecord e;
        e.id = row.id<EvaluationId>(0);
        e.experiment = row.id<ExperimentId>(1);
        e.candidate = row.id<CandidateId>(2);
        e.kind = *kind;
        e.status = *status;
        e.backend = row.text(5);
        e.device = row.text(6);
        e.dtype = row.text(7);
        e.threads = static_cast<int>(row.integer(8));
        e.binding = static_cast<int>(row.integer(9));
        e.request = row.text(10);
        e.result = row.text(11);
        e.latencyRatio = row.optionalReal(12);
        e.accuracy = row.optionalReal(13);
        e.reward = row.optionalReal(14);
        e.rewardComponents = row.text(15);
        e.message = row.text(16);
        e.environment = row.id<EnvironmentId>(17);
        e.started = row.optionalTime(18);
        e.finished = row.optionalTime(19);
        return e;
    };
}

Expected<EpochRecord> readEpoch(Statement& row)
{
    const double loss = row.null(2) ? std::numeric_limits<double>::quiet_NaN() : row.real(2);
    return EpochRecord{row.id<EvaluationId>(0), static_cast<int>(row.integer(1)), loss, row.real(3), row.real(4)};
}

Expected<ExportRecord> readExport(Statement& row)
{
    return ExportRecord{row.id<ExportId>(0), row.id<CandidateId>(1), row.text(2), row.text(3), row.time(4)};
}

std::string sql(std::string_view columns, std::string_view rest)
{
    return fmt::format("{} {}", columns, rest);
}

} // namespace

Expected<Reader> Reader::open(const std::filesystem::path& given)
{
    auto path = resolveStorePath(given);
    if (!path)
        return path.error();
    auto found = inspectStorePath(*path, false);
    if (!found)
        return found.error();
    if (*found != StoreFile::present)
        return sqlite::fileError(*path, *found == StoreFile::missing ? "there is no such file" : "the file is empty");
    const int newest = storeMigrations().back().version;
    if (auto ours = probeStore(*path, newest, false); !ours)
        return ours.error();
    auto db = openForReading(*path, newest);
    if (!db)
        return db.error();
    auto version = storeVersion(**db, newest);
    if (!version)
        return version.error();
    if (*version < newest) { // a writer brings it to the newest
        db->reset();
        if (auto writer = Store::open(*path, OpenMode::mustExist); !writer) {
            Error error = writer.error();
            error.message = fmt::format("the file is in the older format {}, and cannot be brought to format {}: {}",
                                        *version, newest, error.message);
            return error;
        }
        return open(given);
    }
    return Reader(std::move(*db));
}

Reader::Reader(std::unique_ptr<sqlite::Connection> connection)
    : db_(std::move(connection)), columns_(std::make_unique<CandidateColumns>())
{}
Reader::~Reader() = default;
Reader::Reader(Reader&&) noexcept = default;
Reader& Reader::operator=(Reader&&) noexcept = default;

Expected<std::vector<ExperimentRecord>> Reader::experiments()
{
    return all(*db_, sql(experimentColumns, "ORDER BY id"), readExperiment);
}

Expected<ExperimentRecord> Reader::experiment(ExperimentId id)
{
    return one(*db_, "experiment", sql(experimentColumns, "WHERE id = ?"), readExperiment, id);
}

Expected<std::optional<std::string>> Reader::value(ExperimentId experiment, const std::string& key)
{
    const auto read = [](Statement& row) -> Expected<std::string> { return row.text(0); };
    auto rows =
        all(*db_, "SELECT value FROM experiment_values WHERE experiment = ? AND key = ?", read, experiment, key);
    if (!rows)
        return rows.error();
    return rows->empty() ? std::nullopt : std::optional(std::move(rows->front()));
}

Expected<std::vector<EvaluationRecord>> Reader::evaluations(CandidateId candidate)
{
    return all(*db_, sql(evaluationColumns, "WHERE candidate = ? ORDER BY id"), evaluationReader(*db_), candidate);
}

Expected<std::vector<EvaluationRecord>> Reader::evaluations(ExperimentId experiment, EvaluationStatus status)
{
    return all(*db_, sql(evaluationColumns, "WHERE experiment = ? AND status = ? ORDER BY id"), evaluationReader(*db_),
               experiment, wordOf(status));
}

Expected<std::vector<std::pair<CandidateId, std::string>>> Reader::failures(ExperimentId experiment)
{
    const auto read = [](Statement& row) -> Expected<std::pair<CandidateId, std::string>> {
        return std::pair(row.id<CandidateId>(0), row.text(1));
    };
    return all(*db_, "SELECT candidate, message FROM evaluations WHERE experiment = ? AND status = ? ORDER BY id", read,
               experiment, wordOf(EvaluationStatus::failed));
}

Expected<std::vector<EvaluationRecord>> Reader::baselines(ExperimentId experiment)
{
    return all(*db_, sql(evaluationColumns, "WHERE candidate IS NULL AND experiment = ? ORDER BY id"),
               evaluationReader(*db_), experiment);
}

Expected<EvaluationRecord> Reader::evaluation(EvaluationId id)
{
    return one(*db_, "evaluation", sql(evaluationColumns, "WHERE id = ?"), evaluationReader(*db_), id);
}

Expected<std::vector<EpochRecord>> Reader::epochs(EvaluationId evaluation)
{
    return all(*db_,
               "SELECT evaluation, epoch, loss, accuracy, seconds FROM epochs WHERE evaluation = ? ORDER BY epoch",
               readEpoch, evaluation);
}

Expected<std::vector<CurveRecord>> Reader::curves(ExperimentId experiment, int trainings)
{
    constexpr std::string_view question =
        "SELECT epochs.evaluation, epoch, loss, accuracy, seconds, run.candidate FROM "
        "(SELECT id, candidate FROM evaluations WHERE experiment = ? AND kind = ? AND status = ? "
        "ORDER BY id DESC LIMIT ?) AS run JOIN epochs ON epochs.evaluation = run.id ORDER BY run.id, epoch";
    const auto read = [](Statement& row) -> Expected<CurveRecord> {
        auto epoch = readEpoch(row);
        if (!epoch)
            return epoch.error();
        return CurveRecord{row.null(5) ? CandidateId() : row.id<CandidateId>(5), *epoch};
    };
    return all(*db_, question, read, experiment, wordOf(EvaluationKind::training), wordOf(EvaluationStatus::done),
               std::int64_t{trainings});
}

Expected<std::vector<StoredConstraint>> Reader::constraints(ExperimentId experiment, bool activeOnly)
{
    const auto read = [this](Statement& row) -> Expected<StoredConstraint> {
        const auto action = fromWord<ConstraintAction>(row.text(4));
        if (!action)
            return unknownWord(*db_, row.text(4));
        return StoredConstraint{row.id<ConstraintId>(0),
                                row.id<ExperimentId>(1),
                                row.text(2),
                                row.text(3),
                                *action,
                                row.integer(5) != 0,
                                row.time(6),
                                row.optionalTime(7)};
    };
    return all(*db_,
               "SELECT id, experiment, scope, predicate, action, active, created, lifted FROM constraints "
               "WHERE experiment = ? AND active >= ? ORDER BY id",
               read, experiment, activeOnly);
}

Expected<std::vector<ExportRecord>> Reader::exports(CandidateId candidate)
{
    return all(*db_, "SELECT id, candidate, format, path, created FROM exports WHERE candidate = ? ORDER BY id",
               readExport, candidate);
}

Expected<EnvironmentRecord> Reader::environment(EnvironmentId id)
{
    const auto read = [](Statement& row) -> Expected<EnvironmentRecord> {
        return EnvironmentRecord{row.id<EnvironmentId>(0), row.text(1)};
    };
    return one(*db_, "environment", "SELECT id, description FROM environments WHERE id = ?", read, id);
}

Expected<void> Reader::replay(ExperimentId experiment, std::int64_t from,
                              const std::function<Expected<void>(const IterationRecord&)>& visit)
{
    auto rows = db_->prepare("SELECT sequence, path, reward, candidate FROM iterations "
                             "WHERE experiment = ? AND sequence >= ? ORDER BY sequence");
    if (!rows)
        return rows.error();
    rows->bind(experiment, from);
    IterationRecord iteration;
    iteration.experiment = experiment;
    for (;;) {
        auto row = rows->step();
        if (!row)
            return row.error();
        if (!*row)
            return {};
        const auto path = rows->blob(1);
        iteration.sequence = rows->integer(0);
        iteration.path.assign(reinterpret_cast<const char*>(path.data()), path.size());
        iteration.reward = rows->optionalReal(2);
        iteration.candidate = rows->id<CandidateId>(3);
        if (auto done = visit(iteration); !done)
            return done;
    }
}

Expected<std::int64_t> Reader::nextSequence(ExperimentId experiment)
{
    const auto read = [](Statement& row) -> Expected<std::int64_t> { return row.integer(0); };
    return one(*db_, "experiment", "SELECT coalesce(max(sequence) + 1, 0) FROM iterations WHERE experiment = ?", read,
               experiment);
}

Expected<std::int64_t> Reader::dataVersion()
{
    return db_->integer("PRAGMA data_version");
}

Expected<void> Reader::check()
{
    return checkPages(*db_, true);
}

} // namespace synoscope
