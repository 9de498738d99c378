// What the store keeps, as plain values. Nothing here points into a database; everything may cross threads.
//
//     experiment --< candidate --< evaluation --< epoch
//         |              `------< exported file
//         |---< constraint   (steering, with its full history)
//         |---< iteration    (the search's log: replaying it rebuilds the tree)
//         `---< value        (small texts by key: generator state, stop conditions, ...)
//     environment --< evaluation   (what machine and libraries a measurement belongs to)
//
// Texts called JSON are kept as they are given; the store checks that they are JSON and knows nothing of their keys.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace synoscope {

// A row's number that cannot be confused with another table's. 0: not stored.
template <typename Tag>
struct RowId
{
    std::int64_t value = 0;

    constexpr RowId() = default;
    constexpr explicit RowId(std::int64_t v) : value(v) {}

    constexpr bool valid() const { return value > 0; }
    friend constexpr auto operator<=>(RowId, RowId) = default;
};

using ExperimentId = RowId<struct ExperimentRowTag>;
using CandidateId = RowId<struct CandidateRowTag>;
using EvaluationId = RowId<struct EvaluationRowTag>;
using ConstraintId = RowId<struct ConstraintRowTag>;
using EnvironmentId = RowId<struct EnvironmentRowTag>;
using ExportId = RowId<struct ExportRowTag>;

using Timestamp = std::chrono::sys_time<std::chrono::milliseconds>;
Timestamp currentTime();

struct ExperimentRecord
{
    ExperimentId id{};
    std::string name{};
    std::string problem{}; // JSON: problem.json as it was given
    std::string backbone{};
    std::string dataset{};
    std::string settings = "{}"; // JSON
    Timestamp created = currentTime();
};

enum class CandidateState : std::uint8_t
{
    active,
    pruned,    // below a pruned subtree: kept, marked, not evaluated
    duplicate, // its fingerprint is that of an earlier candidate: counted, not evaluated
    removed,   // by hand: kept, neither shown nor evaluated
};

struct CandidateRecord
{
    CandidateId id{};
    ExperimentId experiment{};
    std::string hash{};                // canonical, unique in an experiment
    std::string fingerprint{};         // empty: not computed
    std::string pgraph{};              // .pgraph text
    std::vector<std::uint64_t> path{}; // keys of the moves from the root
    std::string moves{};               // the same for a reader; the text filter looks here
    std::vector<double> flops{};       // per binding
    double totalFlops = 0;
    double flopsRatio = 0; // to the baseline
    std::int64_t parameters = 0;
    std::int64_t iteration = 0; // sequence number that found it
    Timestamp foundAt = currentTime();
    bool starred = false;
    std::string note{};
    CandidateState state = CandidateState::active;

    // From the latest evaluations that are done; kept by the store. A candidate may be added with a reward that follows
    // from the rest; the other two are ignored then.
    std::optional<double> latencyRatio{}; // to the baseline, below 1 is faster
    std::optional<double> accuracy{};     // 0..1
    std::optional<double> reward{};
};

enum class EvaluationKind : std::uint8_t
{
    benchmark,
    training,
    verification,
    proxy // a score before training
};

enum class EvaluationStatus : std::uint8_t
{
    queued,
    running,
    done,
    failed,
    cancelled,
    interrupted, // was queued or running when the program ended; set when the file is opened for writing
};

struct EvaluationRecord
{
    EvaluationId id{};
    ExperimentId experiment{}; // needed for a baseline, otherwise taken from the candidate
    CandidateId candidate{};   // not valid: a measurement of the unchanged backbone, the baseline
    EvaluationKind kind = EvaluationKind::benchmark;
    EvaluationStatus status = EvaluationStatus::queued;
    std::string backend{};
    std::string device{};
    std::string dtype = "float32";
    int threads = 1;
    int binding = -1;           // -1: all of them
    std::string request = "{}"; // JSON: what was asked (epochs, seed, ...)
    std::string result = "{}";  // JSON: all that was measured
    std::optional<double> latencyRatio{};
    std::optional<double> accuracy{};
    std::optional<double> reward{};
    std::string rewardComponents = "{}"; // JSON: enough to score again under another reward
    std::string message{};               // why it failed
    EnvironmentId environment{};         // may be not valid
    std::optional<Timestamp> started{};
    std::optional<Timestamp> finished{};
};

struct EpochRecord
{
    EvaluationId evaluation{};
    int epoch = 0; // 1-based
    double loss = 0;
    double accuracy = 0;
    double seconds = 0;
};

// An epoch and whose it is.
struct CurveRecord
{
    CandidateId candidate{}; // not valid: the unchanged backbone
    EpochRecord epoch;
};

enum class ConstraintAction : std::uint8_t
{
    pin,
    prune
};

struct StoredConstraint
{
    ConstraintId id{};
    ExperimentId experiment{};
    std::string scope{};     // the whole space or a subtree, in the search's own words
    std::string predicate{}; // likewise
    ConstraintAction action = ConstraintAction::prune;
    bool active = true;
    Timestamp created = currentTime();
    std::optional<Timestamp> lifted{};
};

struct IterationRecord
{
    ExperimentId experiment{};
    std::int64_t sequence = 0;      // unique in an experiment, in the order of selection
    std::string path{};             // bytes, in the search's own encoding
    std::optional<double> reward{}; // empty while the evaluation is pending
    CandidateId candidate{};        // may be not valid
};

struct EnvironmentRecord
{
    EnvironmentId id{};
    std::string description{}; // JSON: CPU, GPU, driver, compiler, libraries
};

struct ExportRecord
{
    ExportId id{};
    CandidateId candidate{};
    std::string format{};
    std::string path{};
    Timestamp created = currentTime();
};

} // namespace synoscope

template <typename Tag>
struct std::hash<synoscope::RowId<Tag>>
{
    std::size_t operator()(synoscope::RowId<Tag> id) const noexcept { return std::hash<std::int64_t>{}(id.value); }
};
