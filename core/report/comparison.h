// Search algorithms beside each other, as a report: what bench_algorithms --json has written (tests/bench).
//
//     {"evaluations": 2000, "seeds": 10, "comparisons": [
//         {"problem": "tiny", "reward": "needle", "target": 0.65, "algorithms": [
//             {"algorithm": "mcts", "curve": [{"evaluations": 10, "quartile1": 0, "median": 0.2, "quartile3": 0.3}, ...],
//              "reached_quartiles": [100, 131, 180], "evaluations_per_second": 900}, ...]}]}
//
// A curve is the best reward so far; the target is what random search has reached in the end, in the median over the seeds;
// reached is after how many evaluations (more than there were: it was not).
#pragma once

#include "core/base/json_demands.h"
#include "core/report/report.h"

#include <string_view>

namespace synoscope::report {

jsonDemands::DocumentKind comparisonKind();

// `options.file` is where the text comes from. A text that is something else is refused with a sentence.
Expected<Document> describeComparison(std::string_view json, const ReportOptions& options);

} // namespace synoscope::report
