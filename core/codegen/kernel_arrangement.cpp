#include "core/codegen/kernel_arrangement.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace synoscope::codegen {

namespace {

using Dims = KernelArrangement::Dims;

std::int64_t points(const Dims& dims)
{
    std::int64_t product = 1;
    for (const ContractionDim& dim : dims)
        product *= dim.extent;
    return product;
}

// Neighbours that all three tensors see as one dimension become one.
void join(Dims& dims)
{
    for (std::size_t i = 0; i + 1 < dims.size();) {
        const ContractionDim& inner = dims[i + 1];
        ContractionDim& outer = dims[i];
        const bool one =
            outer.a == inner.a * inner.extent && outer.b == inner.b * inner.extent && outer.r == inner.r * inner.extent;
        if (!one) {
            ++i;
            continue;
        }
        outer = {outer.extent * inner.extent, inner.a, inner.b, inner.r};
        dims.erase(dims.begin() + static_cast<std::ptrdiff_t>(i) + 1);
        i = i > 0 ? i - 1 : 0;
    }
}

// Dimensions along which different points reach the same element of r, given those before: a window's gradient.
Dims takeOverlapping(Dims& dims)
{
    Dims results;
    for (const ContractionDim& dim : dims)
        if (dim.r != 0)
            results.push_back(dim);
    std::ranges::sort(results, [](const ContractionDim& x, const ContractionDim& y) {
        return x.r != y.r ? x.r < y.r : x.extent > y.extent;
    });
    Dims overlapping;
    std::int64_t reach = 0;
    for (const ContractionDim& dim : results) {
        if (dim.r > reach)
            reach += dim.r * (dim.extent - 1);
        else
            overlapping.push_back(dim);
    }
    for (const ContractionDim& dim : overlapping) {
        const auto same = [&](const ContractionDim& d) {
            return d.extent == dim.extent && d.a == dim.a && d.b == dim.b && d.r == dim.r;
        };
        dims.erase(std::ranges::find_if(dims, same));
    }
    return overlapping;
}

// Takes out a dimension that is as wanted, if there is one.
template <typename Wanted>
std::optional<ContractionDim> take(Dims& dims, const Wanted& wanted)
{
    const auto found = std::ranges::find_if(dims, wanted);
    if (found == dims.end())
        return std::nullopt;
    const ContractionDim dim = *found;
    dims.erase(found);
    return dim;
}

// Cycles per point of r and term, about, on a machine with 16 lanes: what decides between the two kernels. Both keep 24
// vectors of sums in registers, if they have as many.
double panelsCost(const KernelArrangement& arrangement)
{
    const auto columns = static_cast<double>(points(arrangement.columns));
    const auto terms = static_cast<double>(points(arrangement.terms));
    const double vectors = std::ceil(columns / 16);
    const double fewSums = vectors < 2 ? 1.6 : vectors < 3 ? 1.1 : 1.0;
    const bool contiguous = std::ranges::any_of(arrangement.columns, [](const ContractionDim& d) { return d.r == 1; });
    return fewSums * vectors * terms / 2 / columns + (contiguous ? 0.5 : 1.0);
}

double linesCost(const KernelArrangement& arrangement, std::int64_t line)
{
    const std::int64_t columns = points(arrangement.columns);
    const auto terms = static_cast<double>(points(arrangement.terms));
    const double vectors = std::ceil(static_cast<double>(line) / 16);
    const double fewSums = columns >= 4 ? 1.05 : columns >= 2 ? 1.2 : 1.5;
    return fewSums * vectors * terms / 2 / static_cast<double>(line) + 0.1;
}

// A row along which a window of three slides: it becomes the arrangement's, and the window is no term any more.
bool takeSlide(KernelArrangement& arrangement)
{
    if (!arrangement.columns.empty() || !arrangement.steps.empty())
        return false;
    for (const ContractionDim& row : arrangement.rows) {
        const auto window = take(
            arrangement.terms, [&](const ContractionDim& term) { return term.extent == 3 && term.a == row.a; });
        if (!window)
            continue;
        arrangement.slide = {row.extent, row.a, window->b, row.r};
        take(arrangement.rows, [&](const ContractionDim& dim) { return dim.a == row.a && dim.r == row.r; });
        return true;
    }
    return false;
}

} // namespace

KernelArrangement arrange(const KernelContraction& contraction, bool mayOverread)
{
    KernelArrangement result;
    Dims dims;
    for (const ContractionDim& dim : contraction.dims)
        if (dim.extent > 1)
            dims.push_back(dim);
    if (contraction.adds)
        result.steps = takeOverlapping(dims);
    std::ranges::stable_sort(
        dims, [](const ContractionDim& x, const ContractionDim& y) { return x.r != y.r ? x.r > y.r : x.a > y.a; });
    for (const ContractionDim& dim : dims) {
        Dims& part = dim.r == 0 ? result.terms : dim.b == 0 ? result.rows : dim.a == 0 ? result.columns : result.batch;
        part.push_back(dim);
    }
    for (Dims* part : {&result.batch, &result.rows, &result.columns, &result.terms})
        join(*part);

    KernelArrangement along = result; // with a line of rows as the innermost loop
    if (contraction.b == KernelContraction::none) {
        along.kind = KernelArrangement::Kind::sum;
        if (const auto line = take(along.rows, [](const ContractionDim& dim) { return dim.r == 1; })) {
            along.line = line->extent;
            along.lineStride = line->a;
        }
        return along;
    }
    const auto line = take(along.rows, [](const ContractionDim& dim) { return dim.a == 1 && dim.r == 1; });
    if (!line || contraction.adds || !(line->extent >= 16 || mayOverread))
        return result;
    along.line = line->extent;
    if (takeSlide(along)) {
        along.kind = KernelArrangement::Kind::slides;
        return along;
    }
    if (linesCost(result, along.line) >= panelsCost(result))
        return result;
    along.kind = KernelArrangement::Kind::lines;
    return along;
}

} // namespace synoscope::codegen
