// Index expressions of Halide pipelines.
#include "core/codegen/halide_pipeline.h"

#include <algorithm>

namespace synoscope::codegen {

namespace {

using Kind = HalideIndex::Kind;

bool isNumber(const HalideIndex& index, std::int64_t number)
{
    return index.kind == Kind::number && index.number == number;
}

HalideIndex binary(Kind kind, const HalideIndex& a, const HalideIndex& b)
{
    HalideIndex index;
    index.kind = kind;
    index.operands = {a, b};
    return index;
}

} // namespace

HalideIndex iteratorIndex(int iterator)
{
    HalideIndex index;
    index.kind = Kind::iterator;
    index.iterator = iterator;
    return index;
}

HalideIndex numberIndex(std::int64_t number)
{
    HalideIndex index;
    index.number = number;
    return index;
}

HalideIndex sizeIndex(const Size& size)
{
    if (size.isOne())
        return numberIndex(1);
    HalideIndex index;
    index.kind = Kind::size;
    index.size = size;
    return index;
}

HalideIndex operator+(const HalideIndex& a, const HalideIndex& b)
{
    if (isNumber(a, 0))
        return b;
    if (isNumber(b, 0))
        return a;
    if (b.kind == Kind::number && b.number < 0)
        return binary(Kind::subtract, a, numberIndex(-b.number));
    return binary(Kind::add, a, b);
}

HalideIndex operator-(const HalideIndex& a, const HalideIndex& b)
{
    if (isNumber(b, 0))
        return a;
    if (b.kind == Kind::number && b.number < 0)
        return binary(Kind::add, a, numberIndex(-b.number));
    return binary(Kind::subtract, a, b);
}

HalideIndex operator*(const HalideIndex& a, const HalideIndex& b)
{
    if (isNumber(a, 0) || isNumber(b, 1))
        return a;
    if (isNumber(b, 0) || isNumber(a, 1))
        return b;
    return binary(Kind::multiply, a, b);
}

HalideIndex operator/(const HalideIndex& a, const HalideIndex& b)
{
    if (isNumber(a, 0) || isNumber(b, 1))
        return a;
    if (a.kind == Kind::number && b.kind == Kind::number && a.number >= 0)
        return numberIndex(a.number / b.number);
    return binary(Kind::divide, a, b);
}

HalideIndex operator%(const HalideIndex& a, const HalideIndex& b)
{
    if (isNumber(a, 0) || isNumber(b, 1))
        return numberIndex(0);
    return binary(Kind::remainder, a, b);
}

std::int64_t evaluate(const HalideIndex& index, const Binding& binding)
{
    const auto operand = [&](std::size_t i) { return evaluate(index.operands[i], binding); };
    switch (index.kind) {
    case Kind::iterator:
        return 0;
    case Kind::number:
        return index.number;
    case Kind::size:
        return synoscope::evaluate(index.size, binding).value_or(1);
    case Kind::add:
        return operand(0) + operand(1);
    case Kind::subtract:
        return operand(0) - operand(1);
    case Kind::multiply:
        return operand(0) * operand(1);
    case Kind::divide:
        return operand(0) / operand(1);
    case Kind::remainder:
        return operand(0) % operand(1);
    }
    return 0;
}

bool mentions(const HalideIndex& index, int iterator)
{
    if (index.kind == Kind::iterator)
        return index.iterator == iterator;
    return std::ranges::any_of(index.operands, [&](const HalideIndex& operand) { return mentions(operand, iterator); });
}

// Grows by one with the iterator: that stands alone, or as a summand.
static bool unitStep(const HalideIndex& index, int iterator)
{
    if (index.kind == Kind::iterator)
        return index.iterator == iterator;
    if (index.kind == Kind::add)
        return unitStep(index.operands[0], iterator) != unitStep(index.operands[1], iterator);
    if (index.kind == Kind::subtract)
        return unitStep(index.operands[0], iterator) && !mentions(index.operands[1], iterator);
    return false;
}

bool contiguous(const HalidePipeline& pipeline, const HalideFactor& factor, int iterator)
{
    const auto reads = [&](const HalideIndex& index) { return mentions(index, iterator); };
    const auto first = std::ranges::find_if(factor.indices, reads);
    if (first == factor.indices.end())
        return true;
    if (std::ranges::count_if(factor.indices, reads) > 1 || !unitStep(*first, iterator))
        return false;
    const HalideStage& source = pipeline.stages[static_cast<std::size_t>(factor.stage)];
    const auto axis = static_cast<int>(first - factor.indices.begin());
    if (source.root || source.kind == HalideStage::Kind::parameter)
        return axis + 1 == std::ssize(factor.indices);
    return source.equal.empty() && std::ranges::all_of(source.factors, [&](const HalideFactor& inner) {
               return contiguous(pipeline, inner, axis);
           });
}

const HalideIterator& HalideStage::iterator(int number) const
{
    const auto n = static_cast<std::size_t>(number);
    return n < axes.size() ? axes[n] : reductions[n - axes.size()];
}

bool HalideStage::reachesBeyond(int axis) const
{
    return std::ranges::find(paddedAxes, axis) != paddedAxes.end();
}

} // namespace synoscope::codegen
