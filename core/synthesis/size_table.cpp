#include "core/synthesis/size_table.h"

#include <algorithm>
#include <cstdlib>

namespace synoscope {

SizeTable::SizeTable(const Problem& problem) : problem_(problem), layers_(problem.layers.size())
{
    intern(Size());
}

SizeId SizeTable::intern(const Size& size)
{
    const auto [entry, fresh] = ids_.try_emplace(size, SizeId(facts_.size()));
    if (!fresh)
        return entry->second;

    SizeFacts facts{size};
    int variables = 0;
    int powers = 0;
    for (const int exponent : size.exponents()) {
        variables += exponent != 0;
        powers += std::abs(exponent);
    }
    facts.plausible = isLegal(size, problem_.variables);
    facts.odd = true;
    facts.least = std::numeric_limits<std::int64_t>::max();
    for (const Layer& layer : problem_.layers) {
        const std::int64_t value = evaluate(size, layer.binding).value_or(0);
        values_.push_back(value);
        facts.plausible &= value >= 2;
        facts.odd &= value % 2 == 1;
        facts.least = std::min(facts.least, value);
        facts.largest = std::max(facts.largest, value);
    }
    facts.legal =
        facts.plausible && variables <= problem_.limits.variablesInSize && powers <= problem_.limits.powersInSize;
    facts_.push_back(facts);
    return entry->second;
}

SizeId SizeTable::cached(std::unordered_map<std::uint64_t, SizeId>& cache, SizeId a, SizeId b, bool divide)
{
    const std::uint64_t key = std::uint64_t{a.index} << 32 | b.index;
    if (const auto found = cache.find(key); found != cache.end())
        return found->second;
    const Size result =
        divide ? facts_[a.index].size / facts_[b.index].size : facts_[a.index].size * facts_[b.index].size;
    const SizeId id = intern(result);
    cache.emplace(key, id);
    return id;
}

SizeId SizeTable::product(SizeId a, SizeId b)
{
    if (a == one())
        return b;
    if (b == one())
        return a;
    return a < b ? cached(products_, a, b, false) : cached(products_, b, a, false);
}

SizeId SizeTable::quotient(SizeId a, SizeId b)
{
    if (a == b)
        return one();
    if (b == one())
        return a;
    return cached(quotients_, a, b, true);
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
    constexpr std::size_t node = 48; // of a hash table entry, roughly
    return facts_.capacity() * sizeof(SizeFacts) + values_.capacity() * sizeof(std::int64_t) +
           (ids_.size() + products_.size() + quotients_.size()) * node;
}

} // namespace synoscope
