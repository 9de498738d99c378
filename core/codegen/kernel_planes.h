// Zeros around a plane, made where it is used: a copy of a whole tensor into a buffer with zeros around it, for a kernel that goes
// through it plane by plane, would go through memory once more. A plane at a time stays in the first-level cache.
#pragma once

#include "core/codegen/kernel_arrangement.h"

#include <optional>

namespace synoscope::codegen {

// What is copied for one plane. Offsets and strides are in floats.
struct PlaneCopy
{
    std::int64_t size = 0; // of the plane with the zeros around
    std::int64_t to = 0;   // where the first element goes
    std::int64_t a = 0;    // where the contraction begins to read
    std::vector<CopyDim> box;
};

// The dimensions of a copy, those that are one in memory on both sides as one; the outermost first.
std::vector<CopyDim> boxOf(const KernelCopy& copy);

// Where operation `copy` of the forward program may be left out, as the contraction, arranged as slides, may copy its planes
// itself: then the strides of a in the arrangement's batch and rows become those of what is copied from.
std::optional<PlaneCopy> planeCopy(const KernelProgram& program, std::size_t copy, const KernelContraction& contraction,
                                   KernelArrangement& arrangement);

} // namespace synoscope::codegen
