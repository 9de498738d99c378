// What is written regularly, and how all of it comes back.
#include "core/experiment/session.h"
#include "core/experiment/stored_forms.h"
#include "core/experiment/stored_log.h"

#include <algorithm>
#include <chrono>
#include <iterator>

namespace synoscope {

namespace {

constexpr int shownTrainings = 200; // whose curves are told after opening; all others stay in the store
constexpr std::size_t learnedAtOnce = 4096;
constexpr std::size_t everything = std::size_t{1} << 32;
constexpr auto logInterval = std::chrono::milliseconds(200);

} // namespace

void ExperimentSession::keep(std::stop_token stop)
{
    while (!stop.stop_requested()) {
        const bool ended = !engine->ended().empty(); // a limit on time is reached whether somebody proposes or not
        writeLog();
        std::unique_lock lock(mutex_);
        if (ended)
            ranOut_ |= std::exchange(running_, false);
        else if (ranOut_ && engine->ended().empty()) {
            running_ = std::exchange(ranOut_, false);
            wake_.notify_all();
        }
        wake_.wait_for(lock, stop, logInterval, [] { return false; });
    }
}

// What cannot be written now stays for the next time: a log with holes could not be replayed.
void ExperimentSession::writeLog()
{
    std::lock_guard turn(keeping_);
    for (CandidateMark& mark : engine->drainMarks())
        unwrittenMarks_.push_back(std::move(mark));
    for (LogEntry& entry : engine->drainLog(everything))
        unwritten_.push_back(std::move(entry));
    {
        std::lock_guard lock(mutex_); // after the log: its candidates are all among them, or written
        std::ranges::move(found_, std::back_inserter(unwrittenCandidates_));
        found_.clear();
    }
    if (unwritten_.empty() && unwrittenMarks_.empty() && unwrittenCandidates_.empty())
        return;
    FoundIds found;
    if (auto written = writeWaiting(found); !written) {
        pause(); // a store that takes nothing is a reason to stop
        if (!std::exchange(tellsUnwritten_, true))
            report(written.error());
        return;
    }
    tellsUnwritten_ = false;
    tellFound(found);
    unwritten_.clear();
    unwrittenMarks_.clear();
    unwrittenCandidates_.clear();
}

Expected<void> ExperimentSession::writeWaiting(FoundIds& found)
{
    auto transaction = store->begin();
    if (!transaction)
        return transaction.error();
    if (auto written = writeFound(found); !written)
        return written;
    const auto idOf = [&](const std::string& hash) {
        const auto one = found.find(hash);
        return one != found.end() ? one->second : candidateOf(hash);
    };
    for (const CandidateMark& mark : unwrittenMarks_) {
        const CandidateId id = idOf(mark.hash);
        if (!id.valid())
            continue;
        if (auto set = store->setPruned(id, !mark.open); !set)
            return set;
        touched(id);
    }
    std::vector<IterationRecord> rows;
    rows.reserve(unwritten_.size());
    for (const LogEntry& entry : unwritten_) {
        rows.push_back(storedForm(entry, record.id));
        rows.back().candidate = idOf(entry.candidate);
    }
    if (auto written = store->addIterations(rows); !written)
        return written;
    return transaction->commit();
}

Expected<void> ExperimentSession::writeFound(FoundIds& found)
{
    for (const CandidateRecord& candidate : unwrittenCandidates_) {
        const auto added = store->addCandidate(candidate);
        if (!added)
            return added.error();
        if (!added->isNew) // it came in from outside, without a reward
            if (auto set = store->setReward(added->id, *candidate.reward); !set)
                return set;
        found[candidate.hash] = added->id;
    }
    return {};
}

void ExperimentSession::tellFound(const FoundIds& found)
{
    std::lock_guard lock(mutex_);
    for (const auto& [hash, id] : found) {
        const bool isNew = byHash_.insert_or_assign(hash, id).second;
        touched_.insert(id.value);
        candidates_ += isNew;
        evaluated_ += isNew;
    }
}

CandidateId ExperimentSession::candidateOf(const std::string& hash) const
{
    std::lock_guard lock(mutex_);
    const auto found = byHash_.find(hash);
    return found == byHash_.end() ? CandidateId() : found->second;
}

Expected<void> ExperimentSession::restoreCandidates(Reader& reader)
{
    const auto failures = reader.failures(record.id);
    if (!failures)
        return failures.error();
    std::unordered_map<std::int64_t, std::string> reasons;
    for (const auto& [candidate, message] : *failures)
        reasons[candidate.value] = message;
    std::vector<KnownOperator> known;
    const auto learnKnown = [&] {
        engine->learn(known);
        known.clear();
    };
    const auto done = reader.visitCandidates(record.id, [&](const CandidateBrief& row) {
        byHash_.emplace(row.hash, row.id);
        touched_.insert(touched_.end(), row.id.value);
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
        else if (row.state == CandidateState::removed)
            one.failed = true; // nobody wants its reward
        known.push_back(std::move(one));
        if (known.size() >= learnedAtOnce)
            learnKnown();
    });
    if (!done)
        return done;
    learnKnown();
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

Expected<void> ExperimentSession::restoreTree(Reader& reader)
{
    auto constraints = readConstraints(reader);
    if (!constraints)
        return constraints.error();
    HashesById hashes;
    for (const auto& [hash, id] : byHash_)
        hashes.emplace(id.value, hash);
    const auto eachEntry = [&](const SearchEngine::LogVisitor& visit) { return visitLog(reader, record.id, hashes, visit); };
    auto restored = engine->restore(eachEntry, std::move(*constraints));
    if (!restored)
        restored.error().file = store->file().string();
    return restored;
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

Expected<void> ExperimentSession::restore(OpenFor purpose)
{
    if (auto made = makeEngine(); !made)
        return made;
    auto reader = store->reader();
    if (!reader)
        return reader.error();
    if (auto restored = restoreCandidates(*reader); !restored)
        return restored;
    if (auto restored = restoreFidelity(*reader); !restored)
        return restored;
    const auto restored = restoreTree(*reader);
    if (restored || purpose == OpenFor::searching)
        return restored;
    whyNotSearching_ = restored.error().text();
    return makeEngine(); // what was restored halfway is of no use
}

Expected<void> ExperimentSession::makeEngine()
{
    SearchOptions options;
    options.algorithm = settings.algorithm;
    options.seed = settings.seed;
    options.deferred = deferred_;
    auto made = SearchEngine::create(synthesizerSpaces(problem), options);
    if (!made)
        return made.error();
    engine = std::move(*made);
    return {};
}

} // namespace synoscope
