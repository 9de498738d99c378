#include "core/graph/probe.h"

#include <algorithm>
#include <bit>
#include <fmt/format.h>
#include <map>

namespace synoscope {

namespace {

constexpr std::int64_t mostPoints = std::int64_t{1} << 16;
constexpr std::int64_t largestPrimary = 1024;
constexpr std::int32_t largestShift = 8; // larger shifts may coincide under a probe
constexpr std::int64_t unknownCoefficient = 0;

// With multiplicity; of an unknown number, that number itself.
std::vector<std::int64_t> primeFactors(std::int64_t number)
{
    if (number == unknownCoefficient)
        return {unknownCoefficient};
    std::vector<std::int64_t> factors;
    for (std::int64_t prime = 2; number > 1; ++prime) {
        if (prime * prime > number)
            prime = number;
        for (; number % prime == 0; number /= prime)
            factors.push_back(prime);
    }
    return factors;
}

} // namespace

ProbeChooser::ProbeChooser(const PGraph& graph)
    : variables_(graph.variables()), rank_(maxVariables, maxVariables), inWeights_(maxVariables), passing_(maxVariables)
{
    rankPrimaries(graph);
    collect(graph);
}

std::vector<VariableId> ProbeChooser::variablesOf(const Size& size) const
{
    std::vector<VariableId> ids;
    for (int i = 0; i < variables_.size(); ++i)
        if (const VariableId id{static_cast<std::uint8_t>(i)}; size.exponent(id) != 0)
            ids.push_back(id);
    return ids;
}

void ProbeChooser::rankPrimaries(const PGraph& graph)
{
    int next = 0;
    std::vector<DimensionId> axes(graph.input().begin(), graph.input().end());
    axes.insert(axes.end(), graph.output().begin(), graph.output().end());
    for (const DimensionId axis : axes) {
        // Several new primaries in one size have no order but by their exponents; equal ones share a rank.
        std::map<int, std::vector<VariableId>, std::greater<>> fresh;
        for (const VariableId id : variablesOf(graph[axis].size))
            if (variables_[id].kind == VariableKind::primary && rank_[id.index] == maxVariables)
                fresh[graph[axis].size.exponent(id)].push_back(id);
        for (const auto& [exponent, ids] : fresh) {
            for (const VariableId id : ids)
                rank_[id.index] = next;
            ++next;
        }
    }
}

void ProbeChooser::require(const Size& size, std::int64_t minimum, const Size& other)
{
    if (!size.isOne())
        requirements_.push_back({size, minimum, other});
}

void ProbeChooser::collect(const PGraph& graph)
{
    const Coordinates coordinates(graph, Simplify::yes);
    const auto expressions = coordinates.expressions();
    const std::size_t iterators = graph.output().size() + graph.reductions().size();
    std::vector<bool> reached(expressions.size());
    std::fill_n(reached.begin(), iterators, true);
    const auto reach = [&](std::span<const DimensionId> axes) {
        for (const DimensionId axis : axes)
            reached[coordinates[axis].index] = true;
    };
    reach(graph.input());
    for (const Weight& weight : graph.weights()) {
        reach(weight.axes);
        for (const DimensionId axis : weight.axes) {
            require(graph[axis].size, 1);
            for (const VariableId id : variablesOf(graph[axis].size))
                inWeights_[id.index] = true;
        }
    }
    for (const DimensionId axis : graph.input())
        require(graph[axis].size, 2);
    for (const Guard& guard : coordinates.guards())
        reached[guard.value.index] = true;

    for (std::size_t i = 0; i < iterators; ++i)
        iterators_.push_back(expressions[i].extent);
    std::vector<int> uses(maxVariables);
    std::vector<bool> plain(maxVariables, true); // only ever an output iterator by itself
    for (std::size_t i = expressions.size(); i-- > 0;) {
        if (!reached[i])
            continue;
        const Expression& e = expressions[i];
        for (const ExpressionId operand : {e.a, e.b})
            if (operand.valid())
                reached[operand.index] = true;
        require(e.extent, e.kind == ExpressionKind::rotate && std::abs(e.amount) <= largestShift
                              ? 2 * std::abs(e.amount) + 1
                              : 2);
        require(e.size, 2);
        if (e.kind == ExpressionKind::window)
            require(e.extent, 2, e.size);
        for (int v = 0; v < variables_.size(); ++v) {
            const VariableId id{static_cast<std::uint8_t>(v)};
            if (e.extent.exponent(id) == 0 && e.size.exponent(id) == 0)
                continue;
            ++uses[id.index];
            plain[id.index] = plain[id.index] && i < graph.output().size() && e.extent == Size::of(id);
        }
    }
    for (int v = 0; v < variables_.size(); ++v) {
        const VariableId id{static_cast<std::uint8_t>(v)};
        passing_[id.index] = uses[id.index] == 1 && plain[id.index] && !inWeights_[id.index];
        if (variables_[id].kind == VariableKind::primary && uses[id.index] > 0)
            primaries_.push_back(id);
    }
    std::ranges::stable_sort(primaries_, {}, [&](VariableId id) { return rank_[id.index]; });
}

std::int64_t ProbeChooser::coefficient(const Variable& variable, int probe, int level) const
{
    const std::int64_t value = variable.value.value_or(unknownCoefficient);
    if (variable.kind == VariableKind::literal)
        return value;
    if (value == unknownCoefficient)
        return probe == 0 ? 3 : 2;
    if (value <= (level < 2 ? 5 : 3))
        return value;
    return probe == 0 ? 2 + value % 2 : 2 + std::bit_width(static_cast<std::uint64_t>(value)) % 3;
}

// The least number from `base` on under which every size whose variables now all have numbers is as large as required,
// or as `most`.
bool ProbeChooser::assign(Binding& binding, VariableId id, std::int64_t base, std::int64_t most) const
{
    const auto complete = [&](const Size& size) {
        for (const VariableId other : primaries_)
            if (size.exponent(other) != 0 && !binding.bound(other))
                return false;
        return true;
    };
    binding.set(id, base);
    std::vector<AtLeast> relevant;
    for (const AtLeast& requirement : requirements_)
        if ((requirement.size.exponent(id) != 0 || requirement.other.exponent(id) != 0) && complete(requirement.size) &&
            complete(requirement.other))
            relevant.push_back(requirement);
    for (std::int64_t value = base; value <= largestPrimary; ++value) {
        binding.set(id, value);
        const bool fits = std::ranges::all_of(relevant, [&](const AtLeast& requirement) {
            const auto extent = evaluate(requirement.size, binding);
            const auto other = evaluate(requirement.other, binding).value_or(1);
            return extent && *extent >= std::min(most, std::max(requirement.minimum, other));
        });
        if (fits)
            return true;
    }
    return false;
}

std::optional<Binding> ProbeChooser::choose(int probe) const
{
    const auto points = [&](const Binding& binding) {
        std::int64_t product = 1;
        for (const Size& extent : iterators_) {
            const auto factor = evaluate(extent, binding);
            if (!factor || *factor > mostPoints / product)
                return mostPoints + 1;
            product *= *factor;
        }
        return product;
    };
    // From generous to poor: then only what sizes of at least two ask for, then small windows, then even sizes of one.
    for (int level = 0; level < 4; ++level) {
        Binding binding;
        for (int v = 0; v < variables_.size(); ++v)
            if (const VariableId id{static_cast<std::uint8_t>(v)}; variables_[id].kind != VariableKind::primary)
                binding.set(id, coefficient(variables_[id], probe, level));
        const std::int64_t most = level == 0 ? mostPoints : level < 3 ? 2 : 1;
        bool assigned = true;
        for (const VariableId id : primaries_) {
            // Even ones, and eight for channels: most ways to part them then ask for no other number.
            std::int64_t base = probe == 0 ? (inWeights_[id.index] ? 8 : 4) : 6 + 2 * (rank_[id.index] % 2);
            if (level > 0)
                base = level == 1 ? 4 : 2;
            if (passing_[id.index])
                base = 2;
            assigned = assigned && assign(binding, id, level < 3 ? base : 1, most);
        }
        if (!assigned)
            continue;
        if (points(binding) <= mostPoints)
            return binding;
    }
    return std::nullopt;
}

std::string ProbeChooser::nameless(std::span<const Size> factors) const
{
    std::map<std::int64_t, int> primes; // of the coefficients' values
    std::map<int, int> primaries;       // by rank
    for (int v = 0; v < variables_.size(); ++v) {
        const VariableId id{static_cast<std::uint8_t>(v)};
        int exponent = 0;
        for (const Size& factor : factors)
            exponent += factor.exponent(id);
        if (exponent == 0)
            continue;
        if (variables_[id].kind == VariableKind::primary)
            primaries[rank_[id.index]] += exponent;
        else
            for (const std::int64_t prime : primeFactors(variables_[id].value.value_or(unknownCoefficient)))
                primes[prime] += exponent;
    }
    std::string text;
    for (const auto& [rank, exponent] : primaries)
        if (exponent != 0)
            text += fmt::format("P{}^{}", rank, exponent);
    for (const auto& [prime, exponent] : primes)
        if (exponent != 0)
            text += fmt::format("*{}^{}", prime, exponent);
    return text;
}

} // namespace synoscope
