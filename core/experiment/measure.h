// How an operator is measured: the same on this machine (evaluation.cpp) and on a cluster (core/cluster).
#pragma once

#include "core/evaluation/protocol/protocol.h"
#include "core/experiment/reward.h"
#include "core/experiment/settings.h"
#include "core/store/records.h"

#include <nlohmann/json_fwd.hpp>

namespace synoscope {

// A benchmark needs the machine for itself, training runs share it: so operators go in batches of as many as can train
// at once, first measured one by one, then trained together. Older batches come first: rewards arrive early.
int measurementPriority(int batch, EvaluationKind kind);

protocol::Request measurementRequest(EvaluationKind kind, const std::string& operatorText, const std::string& backbone,
                                     const ExperimentSettings& settings);
// What of the request is kept with a result: an object.
nlohmann::ordered_json measurementSettings(const protocol::Request& request);
// Kind, back end, device and threads filled in.
EvaluationRecord measurementRecord(EvaluationKind kind, const protocol::Request& request);

// Puts a bench_result, train_result or proxy_result into the record and the components. Returns the environment as the store keeps
// it, or nothing where the result tells none.
std::string applyMeasurement(const protocol::Event& event, RewardComponents& components, EvaluationRecord& record);
void applyReward(const RewardComponents& components, const RewardSettings& settings, EvaluationRecord& record);

// Whether an evaluation of this kind was the last that the operator needs. One that is much too slow is not trained: its
// reward, without an accuracy, is 0.
bool concluded(const RewardComponents& components, EvaluationKind kind, const ExperimentSettings& settings);

} // namespace synoscope
