// What is written regularly, and how all of it comes back.
#include "core/experiment/session.h"
#include "core/experiment/stored_forms.h"

#include <chrono>

namespace synoscope {

namespace {

constexpr int shownTrainings = 200; // whose curves are told after opening; all others stay in the store
constexpr auto logInterval = std::chrono::milliseconds(200);

} // namespace

void ExperimentSession::keep(std::stop_token stop)
{
    while (!stop.stop_requested()) {
        writeLog();
        const bool ended = !engine->ended().empty(); // a limit on time is reached whether somebody proposes or not
        std::unique_lock lock(mutex_);
        if (ended)
            running_ = false;
        wake_.wait_for(lock, stop, logInterval, [] { return false; });
    }
}

void ExperimentSession::writeLog()
{
    std::lock_guard turn(keeping_);
    for (const CandidateMark& mark : engine->drainMarks()) {
        CandidateId id;
        {
            std::lock_guard lock(mutex_);
            if (const auto found = byHash_.find(mark.hash); found != byHash_.end())
                id = found->second;
        }
        if (!id.valid())
            continue;
        if (auto set = store->setState(id, mark.open ? CandidateState::active : CandidateState::pruned); !set)
            report(set.error());
        touched(id);
    }
    for (;;) {
        const std::vector<LogEntry> log = engine->drainLog();
        if (log.empty())
            return;
        std::vector<IterationRecord> rows;
        for (const LogEntry& entry : log) {
            IterationRecord row = storedForm(entry, record.id);
            std::lock_guard lock(mutex_);
            if (const auto found = byHash_.find(entry.candidate); found != byHash_.end())
                row.candidate = found->second;
            rows.push_back(std::move(row));
        }
        if (auto written = store->addIterations(rows); !written) {
            pause();
            return report(written.error());
        }
    }
}

Expected<void> ExperimentSession::restoreCandidates(Reader& reader, std::vector<KnownOperator>& known)
{
    const auto failures = reader.evaluations(record.id, EvaluationStatus::failed);
    if (!failures)
        return failures.error();
    std::unordered_map<std::int64_t, std::string> reasons;
    for (const EvaluationRecord& evaluation : *failures)
        reasons[evaluation.candidate.value] = evaluation.message;
    CandidateQuery query;
    query.experiment = record.id;
    const auto candidates = reader.candidates(query);
    if (!candidates)
        return candidates.error();
    for (const CandidateRecord& row : *candidates) {
        byHash_[row.hash] = row.id;
        touched_.insert(row.id.value);
        ++candidates_;
        KnownOperator one{row.hash, row.fingerprint, row.reward};
        const auto reason = reasons.find(row.id.value);
        one.failed = !row.reward && reason != reasons.end();
        if (one.failed)
            failures_[row.hash] = one.reason = reason->second;
        if (row.reward || one.failed)
            ++evaluated_;
        else if (row.state == CandidateState::active)
            unevaluated_.push_back(row.id);
        known.push_back(std::move(one));
    }
    auto curves = reader.curves(record.id, shownTrainings);
    if (!curves)
        return curves.error();
    for (const CurveRecord& one : *curves)
        curves_.push_back({one.candidate, one.epoch});
    const auto baselines = reader.baselines(record.id);
    if (!baselines)
        return baselines.error();
    for (const EvaluationRecord& baseline : *baselines)
        if (baseline.status == EvaluationStatus::done && baseline.accuracy)
            baselineAccuracy_ = baseline.accuracy;
    return {};
}

Expected<std::vector<LogEntry>> ExperimentSession::readLog(Reader& reader) const
{
    std::unordered_map<std::int64_t, const std::string*> hashes;
    for (const auto& [hash, id] : byHash_)
        hashes[id.value] = &hash;
    std::vector<LogEntry> log;
    std::optional<Error> damage;
    const auto done = reader.replay(record.id, 0, [&](const IterationRecord& row) {
        auto entry = logEntryOf(row);
        if (!entry) {
            damage = entry.error();
            return;
        }
        if (const auto hash = hashes.find(row.candidate.value); hash != hashes.end())
            entry->candidate = *hash->second;
        log.push_back(std::move(*entry));
    });
    if (!done)
        return done.error();
    if (damage)
        return *damage;
    return log;
}

Expected<std::vector<ConstraintRecord>> ExperimentSession::readConstraints(Reader& reader)
{
    const auto rows = reader.constraints(record.id, false);
    if (!rows)
        return rows.error();
    std::vector<ConstraintRecord> constraints;
    for (const StoredConstraint& row : *rows) {
        auto one = constraintOf(row);
        if (!one)
            return one.error();
        storedConstraints_[one->id] = row.id;
        constraints.push_back(std::move(*one));
    }
    return constraints;
}

Expected<void> ExperimentSession::restore()
{
    SearchOptions options;
    options.algorithm = settings.algorithm;
    options.seed = settings.seed;
    auto made = SearchEngine::create(synthesizerSpaces(problem), options);
    if (!made)
        return made.error();
    engine = std::move(*made);
    auto reader = store->reader();
    if (!reader)
        return reader.error();
    std::vector<KnownOperator> known;
    if (auto restored = restoreCandidates(*reader, known); !restored)
        return restored;
    if (auto restored = restoreFidelity(*reader); !restored)
        return restored;
    const auto log = readLog(*reader);
    if (!log)
        return log.error();
    auto constraints = readConstraints(*reader);
    if (!constraints)
        return constraints.error();
    auto restored = engine->restore(*log, std::move(*constraints), known);
    if (!restored)
        restored.error().file = store->file().string();
    return restored;
}

} // namespace synoscope
