// Halide's own schedulers, which come as plugins.
#pragma once

#include "core/base/error.h"

#include <Halide.h>

namespace synoscope {

// What a scheduler needs to know about inputs and outputs: how large they will be, innermost first.
void setEstimates(Halide::ImageParam& param, const std::vector<int>& extents);
void setEstimates(Halide::Func& func, const std::vector<int>& extents);

// By name: Adams2019, Li2018, Mullapudi2016.
Expected<void> autoSchedule(Halide::Pipeline& pipeline, const std::string& scheduler, const Halide::Target& target,
                            int threads);

} // namespace synoscope
