// What is done to kernel programs after they are built: copies folded into the contractions before them, and the
// backward program.
#include "core/codegen/kernel_program.h"

#include <algorithm>

namespace synoscope::codegen {

namespace {

constexpr std::int64_t shortestLine = 16;

// What a copy takes of a dense buffer, digit by digit, the outermost first: `start` up to `start + extent` of `full`.
struct Digit
{
    std::int64_t full = 1, start = 0, extent = 1;
    std::int64_t from = 0, to = 0; // strides
};

// Nothing where an element goes to several places.
std::optional<std::vector<Digit>> digitsOf(const KernelCopy& copy, std::int64_t elements)
{
    std::vector<CopyDim> dims;
    for (const CopyDim& dim : copy.dims)
        if (dim.from > 0)
            dims.push_back(dim);
        else if (dim.extent > 1)
            return std::nullopt;
    std::ranges::stable_sort(dims, std::greater(), &CopyDim::from);
    std::vector<Digit> digits;
    std::int64_t above = elements;
    std::int64_t offset = copy.fromOffset;
    for (const CopyDim& dim : dims) {
        if (dim.from == above && dim.extent == 1)
            continue;
        if (above % dim.from != 0)
            return std::nullopt;
        digits.push_back({above / dim.from, offset / dim.from, dim.extent, dim.from, dim.to});
        if (digits.back().start + dim.extent > digits.back().full)
            return std::nullopt;
        above = dim.from;
        offset %= dim.from;
    }
    if (above != 1) // what is left out is a single place
        digits.push_back({above, offset, 1, 1, 0});
    return digits;
}

// Takes what the copy leaves out away from the contraction's dimensions; false where that is not one of them, or would
// break contiguous lines into pieces.
bool restrict(KernelContraction& contraction, const std::vector<Digit>& digits)
{
    for (const Digit& digit : digits) {
        if (digit.extent == digit.full)
            continue;
        if (digit.from < shortestLine)
            return false;
        const auto dim = std::ranges::find_if(contraction.dims, [&](const ContractionDim& candidate) {
            return candidate.r == digit.from && candidate.extent == digit.full;
        });
        if (dim == contraction.dims.end())
            return false;
        contraction.aOffset += digit.start * dim->a;
        contraction.bOffset += digit.start * dim->b;
        dim->extent = digit.extent;
    }
    return true;
}

// A box that walks over the buffer, as a box that walks over what the buffer is copied to; false where a stride does
// not meet the digits.
bool redirect(const ContractionDim& dim, const std::vector<Digit>& digits, std::vector<ContractionDim>& dims)
{
    if (dim.r == 0 || dim.extent == 1) {
        dims.push_back(dim);
        return true;
    }
    std::int64_t extent = dim.extent; // what is left of it, from the inside
    std::int64_t passed = 1;
    for (std::size_t i = digits.size(); i-- > 0 && extent > 1;) {
        const Digit& digit = digits[i];
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

// The contraction whose results the copy takes, writing at once where the copy puts them.
std::optional<KernelContraction> folded(const KernelContraction& writer, const KernelCopy& copy, std::int64_t elements)
{
    const auto digits = digitsOf(copy, elements);
    KernelContraction result = writer;
    if (!digits || writer.rOffset != 0 || !restrict(result, *digits))
        return std::nullopt;
    const std::vector<ContractionDim> dims = std::move(result.dims);
    result.dims.clear();
    if (!std::ranges::all_of(dims, [&](const auto& dim) { return redirect(dim, *digits, result.dims); }))
        return std::nullopt;
    result.r = copy.to;
    result.rOffset = copy.toOffset;
    return result;
}

// Copies of one buffer, of which each takes a part (a roll is two of them), become contractions of a part each.
bool foldOnce(KernelProgram& program, std::vector<KernelOperation>& operations)
{
    constexpr std::ptrdiff_t mostParts = 4;
    for (std::size_t i = 0; i < operations.size(); ++i) {
        const auto* contraction = std::get_if<KernelContraction>(&operations[i]);
        if (!contraction)
            continue;
        const int buffer = contraction->r;
        KernelBuffer& scratch = program.buffers[static_cast<std::size_t>(buffer)];
        const auto readsIt = [&](const KernelOperation& op) { return reads(op, buffer); };
        const auto writers = std::ranges::count_if(operations, [&](const auto& op) { return writes(op, buffer); });
        const auto here = std::ranges::count_if(operations, readsIt);
        const auto everywhere =
            std::ranges::count_if(program.prepare, readsIt) + std::ranges::count_if(program.forward, readsIt);
        if (scratch.kind != KernelBuffer::Kind::scratch || scratch.zeros || writers != 1 || here != everywhere ||
            here == 0 || here > mostParts)
            continue;
        std::vector<KernelOperation> result(operations.begin(), operations.begin() + static_cast<std::ptrdiff_t>(i));
        std::vector<KernelOperation> rest;
        bool all = true;
        for (std::size_t j = i + 1; j < operations.size() && all; ++j) {
            if (!readsIt(operations[j])) {
                rest.push_back(operations[j]);
                continue;
            }
            const auto* copy = std::get_if<KernelCopy>(&operations[j]);
            const auto part = copy ? folded(*contraction, *copy, scratch.elements) : std::nullopt;
            all = part.has_value();
            if (part)
                result.emplace_back(*part);
        }
        if (!all)
            continue;
        result.insert(result.end(), rest.begin(), rest.end());
        scratch.elements = 0;
        operations = std::move(result);
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
