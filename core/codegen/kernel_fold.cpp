// What is done to kernel programs after they are built: copies folded into the contractions before them, and the
// backward program.
#include "core/codegen/kernel_program.h"

#include <algorithm>

namespace synoscope::codegen {

namespace {

// Where the elements of a dense buffer go under a copy, digit by digit, the outermost first; nothing where an element
// goes to several places or none.
std::optional<std::vector<CopyDim>> digitsOf(const KernelCopy& copy, std::int64_t elements)
{
    std::vector<CopyDim> digits;
    for (const CopyDim& dim : copy.dims)
        if (dim.extent > 1)
            digits.push_back(dim);
    std::ranges::sort(digits, std::greater(), &CopyDim::from);
    std::int64_t stride = 1;
    for (std::size_t i = digits.size(); i-- > 0;) {
        if (digits[i].from != stride)
            return std::nullopt;
        stride *= digits[i].extent;
    }
    return stride == elements && copy.fromOffset == 0 ? std::optional(digits) : std::nullopt;
}

// A box that walks over the buffer, as a box that walks over what the buffer is copied to; false where a stride does
// not meet the digits.
bool redirect(const ContractionDim& dim, const std::vector<CopyDim>& digits, std::vector<ContractionDim>& dims)
{
    if (dim.r == 0 || dim.extent == 1) {
        dims.push_back(dim);
        return true;
    }
    std::int64_t extent = dim.extent; // what is left of it, from the inside
    std::int64_t passed = 1;
    for (std::size_t i = digits.size(); i-- > 0 && extent > 1;) {
        const CopyDim& digit = digits[i];
        const std::int64_t stride = dim.r * passed;
        if (stride >= digit.from * digit.extent)
            continue;
        if (stride % digit.from != 0)
            return false;
        const std::int64_t within = digit.extent / (stride / digit.from);
        const std::int64_t taken = std::min(extent, within);
        if (digit.extent % (stride / digit.from) != 0 || extent % taken != 0)
            return false;
        dims.push_back({taken, dim.a * passed, dim.b * passed, digit.to * (stride / digit.from)});
        extent /= taken;
        passed *= taken;
    }
    return extent == 1;
}

bool writes(const KernelOperation& operation, int buffer)
{
    if (const auto* copy = std::get_if<KernelCopy>(&operation))
        return copy->to == buffer;
    return std::get<KernelContraction>(operation).r == buffer;
}

bool reads(const KernelOperation& operation, int buffer)
{
    if (const auto* copy = std::get_if<KernelCopy>(&operation))
        return copy->from == buffer;
    const auto& contraction = std::get<KernelContraction>(operation);
    return contraction.a == buffer || contraction.b == buffer;
}

bool foldOnce(KernelProgram& program, std::vector<KernelOperation>& operations)
{
    for (std::size_t i = 0; i < operations.size(); ++i) {
        const auto* copy = std::get_if<KernelCopy>(&operations[i]);
        if (!copy)
            continue;
        const int buffer = copy->from;
        const auto writer = std::ranges::find_if(operations, [&](const auto& op) { return writes(op, buffer); });
        const auto readers = std::ranges::count_if(program.prepare, [&](const auto& op) { return reads(op, buffer); }) +
                             std::ranges::count_if(program.forward, [&](const auto& op) { return reads(op, buffer); });
        if (writer == operations.end() || readers != 1 || program.buffers[static_cast<std::size_t>(buffer)].zeros)
            continue;
        auto* contraction = std::get_if<KernelContraction>(&*writer);
        const auto digits = digitsOf(*copy, program.buffers[static_cast<std::size_t>(buffer)].elements);
        if (!contraction || !digits)
            continue;
        std::vector<ContractionDim> dims;
        if (!std::ranges::all_of(contraction->dims, [&](const auto& dim) { return redirect(dim, *digits, dims); }))
            continue;
        contraction->dims = std::move(dims);
        contraction->r = copy->to;
        contraction->rOffset = copy->toOffset;
        program.buffers[static_cast<std::size_t>(buffer)].elements = 0;
        operations.erase(operations.begin() + static_cast<std::ptrdiff_t>(i));
        return true;
    }
    return false;
}

void addBackward(const KernelOperation& operation, std::vector<KernelOperation>& result)
{
    if (const auto* copy = std::get_if<KernelCopy>(&operation)) {
        KernelContraction back{~copy->to, KernelContraction::none, ~copy->from, copy->toOffset,
                               0,         copy->fromOffset,        {},          true};
        for (const CopyDim& dim : copy->dims)
            back.dims.push_back({dim.extent, dim.to, 0, dim.from});
        result.emplace_back(std::move(back));
        return;
    }
    const auto& c = std::get<KernelContraction>(operation);
    KernelContraction byA{~c.r, c.b, ~c.a, c.rOffset, c.bOffset, c.aOffset, {}, true};
    for (const ContractionDim& dim : c.dims)
        byA.dims.push_back({dim.extent, dim.r, dim.b, dim.a});
    result.emplace_back(std::move(byA));
    if (c.b == KernelContraction::none)
        return;
    KernelContraction byB{c.a, ~c.r, ~c.b, c.aOffset, c.rOffset, c.bOffset, {}, true};
    for (const ContractionDim& dim : c.dims)
        byB.dims.push_back({dim.extent, dim.a, dim.r, dim.b});
    result.emplace_back(std::move(byB));
}

} // namespace

void foldCopies(KernelProgram& program)
{
    while (foldOnce(program, program.prepare) || foldOnce(program, program.forward)) {
    }
}

std::vector<KernelOperation> backwardOperations(const KernelProgram& program)
{
    std::vector<KernelOperation> result;
    for (const std::vector<KernelOperation>* operations : {&program.forward, &program.prepare})
        for (std::size_t i = operations->size(); i-- > 0;)
            addBackward((*operations)[i], result);
    return result;
}

} // namespace synoscope::codegen
