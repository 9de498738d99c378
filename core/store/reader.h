// Reading a store: queries by value, for views, reports and resuming.
//
// A Reader has a connection of its own and is used by one thread at a time; open as many as there are threads. It never
// waits for the writer and the writer never waits for it (WAL): each call sees all that was committed before it.
#pragma once

#include "core/base/error.h"
#include "core/store/records.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <span>

namespace synoscope {

namespace sqlite {
class Connection;
}
class CandidateColumns;

enum class CandidateColumn : std::uint8_t
{
    found, // order of discovery
    hash,
    iteration,
    totalFlops,
    flopsRatio,
    parameters,
    latencyRatio,
    accuracy,
    reward,
    starred,
    state,
};

// Both ends belong to the range; a candidate without a value is outside every range.
struct ColumnRange
{
    CandidateColumn column = CandidateColumn::accuracy; // not hash, not state
    std::optional<double> minimum{};
    std::optional<double> maximum{};
};

struct CandidateQuery
{
    ExperimentId experiment{}; // not valid: all experiments
    // Each of its words occurs in the moves or the note, or begins the hash or the fingerprint. ASCII case is no matter.
    std::string text{};
    std::vector<ColumnRange> ranges{};
    std::optional<CandidateState> state{};
    bool starredOnly = false;
    bool evaluatedOnly = false; // with a latency ratio or an accuracy
    CandidateColumn sortBy = CandidateColumn::found;
    bool descending = false; // candidates without a value come last either way; ties in the same direction by discovery
    std::int64_t offset = 0;
    std::int64_t limit = -1; // -1: no limit
};

// What a resumed search must know of each candidate.
struct CandidateBrief
{
    CandidateId id{};
    std::string hash{};
    std::string fingerprint{};
    CandidateState state = CandidateState::active;
    std::optional<double> reward{};
};

// The totals of an experiment, for status lines and reports.
struct ExperimentSummary
{
    std::int64_t candidates = 0;
    std::int64_t duplicates = 0;
    std::int64_t iterations = 0;
    std::int64_t pendingIterations = 0;
    std::int64_t benchmarked = 0; // candidates with a latency ratio
    std::int64_t trained = 0;     // candidates with an accuracy
    std::optional<double> bestReward{};
    std::optional<double> bestAccuracy{};
    std::optional<double> bestLatencyRatio{};
};

// How many evaluations of one kind are in one state.
struct EvaluationCount
{
    EvaluationKind kind = EvaluationKind::benchmark;
    EvaluationStatus status = EvaluationStatus::done;
    std::int64_t count = 0;
};

struct FailureCount
{
    std::string message{};
    std::int64_t count = 0;
};

// An evaluation that is done, without all that it measured.
struct EvaluationMoment
{
    CandidateId candidate{}; // not valid: the unchanged backbone
    std::optional<Timestamp> started{};
    Timestamp finished{};
    std::optional<double> reward{};
};

class Reader
{
public:
    // The file must be a store of this program's format or an older one. An older one is first brought to this
    // program's, as by a writer; where that cannot be, it is refused with a sentence.
    static Expected<Reader> open(const std::filesystem::path& file);
    ~Reader();
    Reader(Reader&&) noexcept;
    Reader& operator=(Reader&&) noexcept;

    Expected<std::vector<ExperimentRecord>> experiments();
    Expected<ExperimentRecord> experiment(ExperimentId id);
    Expected<ExperimentSummary> summary(ExperimentId id);
    Expected<std::optional<std::string>> value(ExperimentId experiment, const std::string& key);

    // For a table: take all ids once per filter (8 MB for a million), then the rows that are on screen. Whatever the
    // filter and the order, a page of a million takes some 10 ms; the first question reads the columns it needs.
    Expected<std::vector<CandidateId>> candidateIds(const CandidateQuery& query);
    Expected<std::vector<CandidateRecord>> candidates(std::span<const CandidateId> ids); // in that order
    Expected<std::vector<CandidateRecord>> candidates(const CandidateQuery& query);      // one page
    Expected<std::int64_t> count(const CandidateQuery& query); // offset and limit do not matter
    // All of them in the order of discovery, without holding them all in memory.
    Expected<void> visitCandidates(ExperimentId experiment, const std::function<void(const CandidateBrief&)>& visit);
    Expected<CandidateRecord> candidate(CandidateId id);
    Expected<std::optional<CandidateRecord>> candidateByHash(ExperimentId experiment, const std::string& hash);
    Expected<std::vector<CandidateId>> candidatesByHashPrefix(ExperimentId experiment, const std::string& prefix,
                                                              std::int64_t limit);
    Expected<std::optional<CandidateRecord>> candidateByFingerprint(ExperimentId experiment,
                                                                    const std::string& fingerprint); // the earliest

    Expected<std::vector<EvaluationRecord>> evaluations(CandidateId candidate); // oldest first
    Expected<std::vector<EvaluationRecord>> evaluations(ExperimentId experiment, EvaluationStatus status);
    // The messages of those that failed, oldest first.
    Expected<std::vector<std::pair<CandidateId, std::string>>> failures(ExperimentId experiment);
    Expected<std::vector<EvaluationRecord>> baselines(ExperimentId experiment); // oldest first
    Expected<EvaluationRecord> evaluation(EvaluationId id);
    Expected<std::vector<EpochRecord>> epochs(EvaluationId evaluation);
    // The curves of the latest complete trainings, at most so many, oldest first.
    Expected<std::vector<CurveRecord>> curves(ExperimentId experiment, int trainings);

    Expected<std::vector<StoredConstraint>> constraints(ExperimentId experiment, bool activeOnly);
    Expected<std::vector<ExportRecord>> exports(CandidateId candidate);
    Expected<EnvironmentRecord> environment(EnvironmentId id);

    // For reports (measurement_queries.cpp).
    Expected<std::vector<EnvironmentRecord>> environments(ExperimentId experiment); // those its evaluations were made in
    Expected<std::vector<EvaluationCount>> evaluationCounts(ExperimentId experiment);
    Expected<std::vector<FailureCount>> failures(ExperimentId experiment, std::int64_t limit); // the most frequent first
    Expected<std::vector<EvaluationMoment>> moments(ExperimentId experiment); // in the order in which they finished

    // Calls `visit` for each logged iteration with sequence >= `from`, in order, without holding them all in memory;
    // its first error ends it.
    Expected<void> replay(ExperimentId experiment, std::int64_t from,
                          const std::function<Expected<void>(const IterationRecord&)>& visit);
    Expected<std::int64_t> nextSequence(ExperimentId experiment); // one past the last; 0 when there is none

    // Changes whenever somebody else has committed: a cheap question for views that poll.
    Expected<std::int64_t> dataVersion();

    // SQLite's whole integrity check and the foreign keys' (seconds on a large file: a background job).
    Expected<void> check();

private:
    friend class Store;
    explicit Reader(std::unique_ptr<sqlite::Connection> connection);

    std::unique_ptr<sqlite::Connection> db_;
    std::unique_ptr<CandidateColumns> columns_;
};

} // namespace synoscope
