// What a report is about, read from the store: plain values, before any words.
#pragma once

#include "core/evaluation/protocol/protocol.h"
#include "core/experiment/settings.h"
#include "core/graph/pgraph.h"
#include "core/store/reader.h"
#include "core/synthesis/problem.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace synoscope::report {

// What is drawn of each candidate that was measured or trained.
struct Outcome
{
    CandidateId id;
    std::string hash;
    double flopsRatio = 0;
    std::optional<double> latencyRatio{}, accuracy{}, reward{};
};

struct RewardPoint
{
    double at = 0; // iteration, or seconds of evaluation
    double reward = 0;
};

struct Measured
{
    EvaluationRecord record;
    std::optional<protocol::BenchResult> bench{}; // of a benchmark that is done
    std::vector<EpochRecord> epochs{};            // of a training
};

// An operator that gets a section of its own.
struct OperatorFacts
{
    CandidateRecord record;
    PGraph graph;
    std::vector<Measured> measured; // oldest first
    int rank = 0;                   // 1: the best; 0: here for another reason
    bool onFront = false;           // of either Pareto front

    std::string anchor() const { return "op-" + record.hash.substr(0, 12); }
    std::string shortName() const { return record.hash.substr(0, 8); }
};

struct ReportData
{
    ExperimentRecord experiment;
    Problem problem;
    ExperimentSettings settings;
    ExperimentSummary summary;

    std::vector<Measured> baselines; // the unchanged backbone
    std::vector<Outcome> outcomes;   // in the order of discovery
    std::vector<std::size_t> latencyFront, flopsFront; // indexes of outcomes, cheapest first
    std::vector<OperatorFacts> operators; // the best first
    bool ranked = true; // false: nothing has a reward yet, and `operators` are those with the fewest FLOPs

    std::vector<RewardPoint> byIteration, byTime;
    std::int64_t failedIterations = 0;

    std::vector<EvaluationCount> counts;
    std::vector<FailureCount> failures;
    std::vector<StoredConstraint> constraints;
    std::vector<EnvironmentRecord> environments;

    std::optional<double> baselineAccuracy() const;
    const OperatorFacts* operatorOf(CandidateId id) const; // null: it has no section
    std::int64_t count(EvaluationStatus status) const;
};

// `best`: how many operators get a section by their reward; starred ones and the cheapest of the fronts join them, at
// most as many again.
Expected<ReportData> gather(Reader& reader, const ExperimentRecord& experiment, int best);

// Where the latest benchmark's ratio lies with a confidence of 95 %.
std::optional<std::pair<double, double>> latencyRange(const OperatorFacts& one);
// Of several trainings, the least and the largest accuracy.
std::optional<std::pair<double, double>> accuracyRange(const OperatorFacts& one);
const Measured* latest(std::span<const Measured> measured, EvaluationKind kind); // that is done; null: none

} // namespace synoscope::report
