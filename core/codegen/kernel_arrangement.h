// How a contraction is run: which of its dimensions are rows, columns, terms and batch, and by which kernel
// (cpp_runtime.cpp has them).
#pragma once

#include "core/codegen/kernel_program.h"

namespace synoscope::codegen {

struct KernelArrangement
{
    enum class Kind : std::uint8_t
    {
        panels, // a matrix product: vectors along columns
        lines,  // few columns or terms: vectors along a line of rows
        slides, // one column, and a window of three that slides over the lines
        sum,    // no second factor
    };
    using Dims = std::vector<ContractionDim>;

    Kind kind = Kind::panels;
    Dims steps;            // whose points of r overlap: one after the other
    Dims batch;            // of a, b and r
    Dims rows;             // of a and r; of lines, slides and sums without the line itself
    Dims columns;          // of b and r
    Dims terms;            // summed
    std::int64_t line = 1; // lines, slides: the length of what is contiguous in a and r; sums: in r
    std::int64_t lineStride = 1; // sums: in a
    ContractionDim slide;        // slides: the lines, their strides in a and r, and the window's in b
};

// mayOverread: whole vectors may be read where a line of `a` ends.
KernelArrangement arrange(const KernelContraction& contraction, bool mayOverread);

} // namespace synoscope::codegen
