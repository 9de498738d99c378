// The plots of a report. Each is empty where there is nothing to draw.
#pragma once

#include "core/report/document.h"
#include "core/report/gather.h"

namespace synoscope::report {

std::optional<Figure> latencyPlot(const ReportData& data); // latency ratio against accuracy
std::optional<Figure> flopsPlot(const ReportData& data);   // FLOPs ratio against accuracy
std::optional<Figure> untrainedPlot(const ReportData& data); // FLOPs ratio against latency ratio, where nothing is trained
std::optional<Figure> rewardByIteration(const ReportData& data);
std::optional<Figure> rewardByTime(const ReportData& data);
std::optional<Figure> accuracyByEpoch(const ReportData& data); // of the operators shown and of the unchanged backbone

// The dimension graph. An error where Graphviz lacks what draws it.
Expected<Figure> dimensionGraph(const OperatorFacts& one);

} // namespace synoscope::report
