#include "core/synthesis/size_table.h"

#include "core/base/hash.h"

#include <algorithm>
#include <cstdlib>
#include <stdexcept>

namespace synoscope {

namespace {

std::uint64_t pairKey(SizeId a, SizeId b)
{
    return mix(std::uint64_t{a.index} << 32 | b.index);
}

} // namespace

SizeTable::SizeTable(const Problem& problem) : problem_(problem), layers_(problem.layers.size())
{
    intern(Size());
}

SizeId SizeTable::find(const Size& size) const
{
    const SizeId* known = ids_.find(size.hash());
    return known && facts_[known->index].size == size ? *known : SizeId();
}

SizeId SizeTable::intern(const Size& size)
{
    const auto [id, fresh] = ids_.insert(size.hash(), SizeId(facts_.size()));
    if (!fresh) {
        if (facts_[id->index].size != size)
            throw std::logic_error("two sizes have one hash");
        return *id;
    }
    const SizeId made = *id;
    SizeFacts facts{size};
    facts.hash = size.hash();
    int variables = 0;
    int powers = 0;
    for (int v = 0; v < maxVariables; ++v) {
        const int exponent = size.exponents()[v];
        variables += exponent != 0;
        powers += std::abs(exponent);
        if (v < 8 && exponent > 0 && isPrimary(VariableId{static_cast<std::uint8_t>(v)}))
            facts.primaries |= static_cast<std::uint64_t>(exponent) << (8 * v);
    }
    facts.plausible = isPlausible(size);
    facts.odd = true;
    facts.least = std::numeric_limits<std::int64_t>::max();
    for (const Layer& layer : problem_.layers) {
        const std::int64_t value = evaluate(size, layer.binding).value_or(0);
        values_.push_back(value);
        facts.odd &= value % 2 == 1;
        facts.least = std::min(facts.least, value);
        facts.largest = std::max(facts.largest, value);
        facts.valueHash = combine(facts.valueHash, static_cast<std::uint64_t>(value));
    }
    // Fractions are not told apart by their values: they stand for themselves.
    if (facts.least == 0)
        facts.valueHash = combine(facts.valueHash, facts.hash);
    facts.legal =
        facts.plausible && variables <= problem_.limits.variablesInSize && powers <= problem_.limits.powersInSize;
    facts.same = *byValues_.insert(facts.valueHash, made).first;
    facts_.push_back(facts);
    return made;
}

bool SizeTable::isPlausible(const Size& size) const
{
    if (!isLegal(size, problem_.variables))
        return false;
    return std::ranges::all_of(problem_.layers,
                               [&](const Layer& layer) { return evaluate(size, layer.binding).value_or(0) >= 2; });
}

SizeId SizeTable::product(SizeId a, SizeId b)
{
    if (a == one())
        return b;
    if (b == one())
        return a;
    if (b < a)
        std::swap(a, b);
    const std::uint64_t key = pairKey(a, b);
    if (const SizeId* known = products_.find(key))
        return *known;
    const SizeId result = intern(facts_[a.index].size * facts_[b.index].size);
    products_.insert(key, result);
    return result;
}

SizeId SizeTable::quotient(SizeId a, SizeId b)
{
    if (a == b)
        return one();
    if (b == one())
        return a;
    const std::uint64_t key = pairKey(a, b);
    if (const SizeId* known = quotients_.find(key))
        return *known;
    const SizeId result = intern(facts_[a.index].size / facts_[b.index].size);
    quotients_.insert(key, result);
    return result;
}

bool SizeTable::isPrimary(VariableId variable) const
{
    return variable.index < problem_.variables.size() && problem_.variables[variable].kind == VariableKind::primary;
}

double SizeTable::leastRatio(SizeId a, SizeId b) const
{
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t layer = 0; layer < layers_; ++layer)
        least = std::min(least, static_cast<double>(value(a, layer)) / static_cast<double>(value(b, layer)));
    return least;
}

std::size_t SizeTable::memoryBytes() const
{
    return facts_.capacity() * sizeof(SizeFacts) + values_.capacity() * sizeof(std::int64_t) + ids_.memoryBytes() +
           byValues_.memoryBytes() + products_.memoryBytes() + quotients_.memoryBytes();
}

} // namespace synoscope
