// Every change to a store, a statement or two each.
#include "core/store/sqlite.h"
#include "core/store/store.h"
#include "core/store/words.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <bit>

namespace synoscope {

static_assert(std::endian::native == std::endian::little, "paths are stored little endian, as they are in memory");

namespace {

std::span<const std::byte> asBytes(const std::vector<std::uint64_t>& keys)
{
    return std::as_bytes(std::span(keys));
}

Expected<void> requireJson(const std::filesystem::path& file, std::string_view what, const std::string& text)
{
    if (nlohmann::json::accept(text))
        return {};
    return sqlite::fileError(file, fmt::format("{} must be JSON, and is not", what), text.substr(0, 1000));
}

// An UPDATE of one row that must be there.
template <typename... Values>
Expected<void> updateRow(sqlite::Connection& db, std::string_view what, std::string_view sql, const Values&... values)
{
    if (auto done = db.run(sql, values...); !done)
        return done;
    if (db.changedRows() == 0)
        return db.rowMissing(what);
    return {};
}

Expected<void> requireEvaluationJson(const std::filesystem::path& file, const EvaluationRecord& e)
{
    if (auto json = requireJson(file, "an evaluation's request", e.request); !json)
        return json;
    if (auto json = requireJson(file, "an evaluation's result", e.result); !json)
        return json;
    return requireJson(file, "the components of a reward", e.rewardComponents);
}

} // namespace

template <typename Change>
auto Store::write(Change&& change) -> decltype(change())
{
    std::unique_lock turn(turn_);
    if (depth_ > 0 && !db_->inTransaction()) // or each statement would commit on its own
        return sqlite::fileError(file_, "an earlier failure has already undone this transaction");
    auto result = change();
    if (result && depth_ == 0)
        changed();
    return result;
}

// Experiments

Expected<ExperimentId> Store::addExperiment(const ExperimentRecord& e)
{
    if (auto json = requireJson(file_, "an experiment's problem", e.problem); !json)
        return json.error();
    if (auto json = requireJson(file_, "an experiment's settings", e.settings); !json)
        return json.error();
    return write([&]() -> Expected<ExperimentId> {
        auto done = db_->run("INSERT INTO experiments (name, problem, backbone, dataset, settings, created) "
                             "VALUES (?, ?, ?, ?, ?, ?)",
                             e.name, e.problem, e.backbone, e.dataset, e.settings, e.created);
        if (!done)
            return done.error();
        return ExperimentId(db_->lastRow());
    });
}

Expected<void> Store::updateSettings(ExperimentId id, const std::string& settings)
{
    if (auto json = requireJson(file_, "an experiment's settings", settings); !json)
        return json;
    return write([&] {
        return updateRow(*db_, "experiment", "UPDATE experiments SET settings = ? WHERE id = ?", settings, id);
    });
}

Expected<void> Store::updateProblem(ExperimentId id, const std::string& problem)
{
    if (auto json = requireJson(file_, "an experiment's problem", problem); !json)
        return json;
    return write([&] {
        return updateRow(*db_, "experiment", "UPDATE experiments SET problem = ? WHERE id = ?", problem, id);
    });
}

Expected<void> Store::putValue(ExperimentId experiment, const std::string& key, const std::string& value)
{
    return write([&] {
        return db_->run("INSERT INTO experiment_values (experiment, key, value) VALUES (?, ?, ?) "
                        "ON CONFLICT (experiment, key) DO UPDATE SET value = excluded.value",
                        experiment, key, value);
    });
}

// Candidates

Expected<AddedCandidate> Store::addCandidate(const CandidateRecord& c)
{
    auto transaction = begin();
    if (!transaction)
        return transaction.error();
    auto added = db_->run(
        "INSERT INTO candidates (experiment, hash, fingerprint, moves, flops, total_flops, flops_ratio, "
        "parameters, iteration, found_at, starred, state, note, reward) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (experiment, hash) DO NOTHING",
        c.experiment, c.hash, c.fingerprint, c.moves, nlohmann::json(c.flops).dump(), c.totalFlops, c.flopsRatio,
        c.parameters, c.iteration, c.foundAt, c.starred, wordOf(c.state), c.note, c.reward);
    if (!added)
        return added.error();
    if (db_->changedRows() == 0) {
        auto known = db_->prepare("SELECT id FROM candidates WHERE experiment = ? AND hash = ?");
        if (!known)
            return known.error();
        auto row = known->bind(c.experiment, c.hash).step();
        if (!row)
            return row.error();
        return AddedCandidate{known->id<CandidateId>(0), false};
    }
    const CandidateId id(db_->lastRow());
    if (auto done =
            db_->run("INSERT INTO graphs (candidate, pgraph, path) VALUES (?, ?, ?)", id, c.pgraph, asBytes(c.path));
        !done)
        return done.error();
    if (auto done = transaction->commit(); !done)
        return done.error();
    return AddedCandidate{id, true};
}

Expected<void> Store::setStarred(CandidateId id, bool starred)
{
    return write(
        [&] { return updateRow(*db_, "candidate", "UPDATE candidates SET starred = ? WHERE id = ?", starred, id); });
}

Expected<void> Store::setNote(CandidateId id, const std::string& note)
{
    return write([&] { return updateRow(*db_, "candidate", "UPDATE candidates SET note = ? WHERE id = ?", note, id); });
}

Expected<void> Store::setState(CandidateId id, CandidateState state)
{
    return write([&] {
        return updateRow(*db_, "candidate", "UPDATE candidates SET state = ? WHERE id = ?", wordOf(state), id);
    });
}

Expected<void> Store::setPruned(CandidateId id, bool pruned)
{
    return write([&] {
        return updateRow(*db_, "candidate",
                         "UPDATE candidates SET state = CASE state WHEN 'removed' THEN state ELSE ? END WHERE id = ?",
                         wordOf(pruned ? CandidateState::pruned : CandidateState::active), id);
    });
}

Expected<void> Store::setReward(CandidateId id, double reward)
{
    return write(
        [&] { return updateRow(*db_, "candidate", "UPDATE candidates SET reward = ? WHERE id = ?", reward, id); });
}

// Evaluations

Expected<EnvironmentId> Store::addEnvironment(const std::string& description)
{
    if (auto json = requireJson(file_, "an environment's description", description); !json)
        return json.error();
    return write([&]() -> Expected<EnvironmentId> {
        auto done = db_->run("INSERT INTO environments (description) VALUES (?) ON CONFLICT (description) DO NOTHING",
                             description);
        if (!done)
            return done.error();
        auto known = db_->prepare("SELECT id FROM environments WHERE description = ?");
        if (!known)
            return known.error();
        if (auto row = known->bind(description).step(); !row)
            return row.error();
        return known->id<EnvironmentId>(0);
    });
}

Expected<EvaluationId> Store::addEvaluation(const EvaluationRecord& e)
{
    if (auto json = requireEvaluationJson(file_, e); !json)
        return json.error();
    return write([&]() -> Expected<EvaluationId> {
        // A candidate knows its experiment; the record's own is for baselines.
        auto done = db_->run(
            "INSERT INTO evaluations (candidate, experiment, kind, status, backend, device, dtype, threads, binding, "
            "request, "
            "result, latency_ratio, accuracy, reward, reward_components, message, environment, started, finished) "
            "VALUES (?1, coalesce((SELECT experiment FROM candidates WHERE id = ?1), ?2), ?, ?, ?, ?, ?, ?, ?, ?, ?, "
            "?, ?, ?, "
            "?, ?, ?, ?, ?)",
            e.candidate, e.experiment, wordOf(e.kind), wordOf(e.status), e.backend, e.device, e.dtype, e.threads,
            e.binding, e.request, e.result, e.latencyRatio, e.accuracy, e.reward, e.rewardComponents, e.message,
            e.environment, e.started, e.finished);
        if (!done)
            return done.error();
        return EvaluationId(db_->lastRow());
    });
}

Expected<void> Store::updateEvaluation(const EvaluationRecord& e)
{
    if (auto json = requireEvaluationJson(file_, e); !json)
        return json;
    return write([&] {
        return updateRow(
            *db_, "evaluation",
            "UPDATE evaluations SET status = ?, backend = ?, device = ?, dtype = ?, threads = ?, binding = ?, "
            "request = ?, result = ?, latency_ratio = ?, accuracy = ?, reward = ?, reward_components = ?, "
            "message = ?, environment = ?, started = ?, finished = ? WHERE id = ?",
            wordOf(e.status), e.backend, e.device, e.dtype, e.threads, e.binding, e.request, e.result, e.latencyRatio,
            e.accuracy, e.reward, e.rewardComponents, e.message, e.environment, e.started, e.finished, e.id);
    });
}

Expected<void> Store::addEpoch(const EpochRecord& e)
{
    return write([&] {
        return db_->run(
            "INSERT INTO epochs (evaluation, epoch, loss, accuracy, seconds) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT (evaluation, epoch) DO UPDATE SET loss = excluded.loss, accuracy = excluded.accuracy, "
            "seconds = excluded.seconds",
            e.evaluation, e.epoch, e.loss, e.accuracy, e.seconds);
    });
}

// Steering, the search's log, exports

Expected<ConstraintId> Store::addConstraint(const StoredConstraint& c)
{
    return write([&]() -> Expected<ConstraintId> {
        auto done = db_->run("INSERT INTO constraints (experiment, scope, predicate, action, active, created, lifted) "
                             "VALUES (?, ?, ?, ?, ?, ?, ?)",
                             c.experiment, c.scope, c.predicate, wordOf(c.action), c.active, c.created, c.lifted);
        if (!done)
            return done.error();
        return ConstraintId(db_->lastRow());
    });
}

Expected<void> Store::liftConstraint(ConstraintId id, Timestamp when)
{
    return write([&] {
        return updateRow(*db_, "active constraint",
                         "UPDATE constraints SET active = 0, lifted = ? WHERE id = ? AND active = 1", when, id);
    });
}

Expected<void> Store::addIterations(std::span<const IterationRecord> iterations)
{
    auto transaction = begin();
    if (!transaction)
        return transaction.error();
    for (const IterationRecord& i : iterations) {
        auto done =
            db_->run("INSERT INTO iterations (experiment, sequence, path, reward, candidate) VALUES (?, ?, ?, ?, ?)",
                     i.experiment, i.sequence, std::as_bytes(std::span(i.path)), i.reward, i.candidate);
        if (!done)
            return done;
    }
    return transaction->commit();
}

Expected<void> Store::setIterationReward(ExperimentId experiment, std::int64_t sequence, double reward)
{
    return write([&] {
        return updateRow(*db_, "iteration", "UPDATE iterations SET reward = ? WHERE experiment = ? AND sequence = ?",
                         reward, experiment, sequence);
    });
}

Expected<ExportId> Store::addExport(const ExportRecord& e)
{
    return write([&]() -> Expected<ExportId> {
        auto done = db_->run("INSERT INTO exports (candidate, format, path, created) VALUES (?, ?, ?, ?)", e.candidate,
                             e.format, e.path, e.created);
        if (!done)
            return done.error();
        return ExportId(db_->lastRow());
    });
}

} // namespace synoscope
