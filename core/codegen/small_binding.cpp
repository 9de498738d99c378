#include "core/codegen/small_binding.h"

#include <algorithm>

namespace synoscope::codegen {

namespace {

constexpr double fewTerms = 100000;
constexpr std::int64_t largeCoefficient = 3;

class Chooser
{
public:
    Chooser(const PGraph& graph, const std::vector<std::pair<int, Size>>& conditions)
        : graph_(graph), conditions_(conditions)
    {}

    Binding choose()
    {
        Binding coefficients = firstCoefficients();
        Binding best = withPrimaries(coefficients);
        for (int i = 0; i < count() && terms(best) > fewTerms; ++i) {
            if (kind(i) != VariableKind::coefficient || coefficients[id(i)] <= largeCoefficient)
                continue;
            Binding smaller = coefficients;
            smaller.set(id(i), 2);
            if (!allowed(smaller))
                continue;
            coefficients = smaller;
            best = withPrimaries(coefficients);
        }
        return best;
    }

private:
    static VariableId id(int i) { return VariableId{static_cast<std::uint8_t>(i)}; }
    int count() const { return graph_.variables().size(); }
    VariableKind kind(int i) const { return graph_.variables()[id(i)].kind; }

    Binding firstCoefficients() const
    {
        Binding binding;
        for (int i = 0; i < count(); ++i) {
            if (kind(i) == VariableKind::primary)
                continue;
            if (!graph_.bindings().empty())
                binding.set(id(i), graph_.bindings()[0][id(i)]);
        }
        binding.fillDefaults(graph_.variables());
        for (int i = 0; i < count(); ++i)
            if (kind(i) == VariableKind::coefficient && !binding.bound(id(i)))
                binding.set(id(i), 2);
        return binding;
    }

    bool allowed(const Binding& binding) const
    {
        return std::ranges::all_of(conditions_, [&](const auto& condition) {
            const auto value = evaluate(condition.second, binding);
            return !value || *value > condition.first; // with a primary in it, the size only grows
        });
    }

    // A multiple of every divisor that stands beside the primary in some size makes all sizes whole.
    std::int64_t step(int primary, const Binding& coefficients) const
    {
        std::int64_t result = 1;
        for (int i = 0; i < count(); ++i) {
            int power = 0;
            for (const Dimension& dimension : graph_.dimensions())
                if (dimension.size.exponent(id(primary)) > 0)
                    power = std::max(power, -dimension.size.exponent(id(i)));
            for (; power > 0; --power)
                result *= coefficients[id(i)];
        }
        return result;
    }

    Binding withPrimaries(const Binding& coefficients) const
    {
        Binding binding = coefficients;
        std::vector<std::pair<int, std::int64_t>> primaries; // variable, step
        for (int i = 0; i < count(); ++i)
            if (kind(i) == VariableKind::primary)
                primaries.emplace_back(i, step(i, coefficients));
        std::int64_t wanted = 2;
        for (const auto& [variable, step] : primaries)
            binding.set(id(variable), (wanted++ + step - 1) / step * step);
        while (terms(binding) > fewTerms) {
            const auto largest = std::ranges::max_element(primaries, {}, [&](const auto& p) {
                return static_cast<double>(binding[id(p.first)]) / static_cast<double>(p.second);
            });
            if (largest == primaries.end() || binding[id(largest->first)] <= largest->second)
                break;
            binding.set(id(largest->first), binding[id(largest->first)] - largest->second);
        }
        return binding;
    }

    double terms(const Binding& binding) const
    {
        double product = 1;
        for (const auto& axes : {graph_.output(), graph_.reductions()})
            for (const std::int64_t extent : graph_.shape(axes, binding))
                product *= static_cast<double>(extent);
        return product;
    }

    const PGraph& graph_;
    const std::vector<std::pair<int, Size>>& conditions_;
};

} // namespace

Binding smallBinding(const PGraph& graph, const std::vector<std::pair<int, Size>>& conditions)
{
    return Chooser(graph, conditions).choose();
}

} // namespace synoscope::codegen
