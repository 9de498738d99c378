// How promising a network is before any training, in the time of a few batches: zero-cost proxies, as a filter in front of training
// (their rank correlation to trained accuracy: tests/bench/proxy_correlation.py).
//
//   gradient norm   the sum over the parameters of the norms of a first batch's gradients (Abdelfattah et al., ICLR 2021)
//   SynFlow         how much flows through all weights at once: each in its absolute value, on an image of ones, norms left out, the
//                   sum of |weight * gradient| (Tanaka et al., NeurIPS 2020); its logarithm
//   NASWOT          how differently the activations switch for different images: the logarithm of the determinant of the matrix of
//                   equal switches (Mellor et al., ICML 2021)
#pragma once

#include "core/evaluation/training.h"

namespace synoscope {

using ProxyOutcome = std::variant<protocol::ProxyResult, protocol::Failed, protocol::Cancelled>;

// Of backbone, dataset, seed and recipe. As train, never throws for what settings and operator say.
ProxyOutcome proxies(const std::optional<PGraph>& graph, const TrainSettings& settings, JobControl& control);

} // namespace synoscope
