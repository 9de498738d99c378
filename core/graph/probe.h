// Small bindings to probe an operator with (fingerprint.h): numbers for its variables under which its sizes are whole,
// its windows fit their axes and its terms are few.
//
// The choice looks only at what any way of writing the operator has in common, as far as possible: the order of
// primaries in input and output, the values of coefficients, and the sizes in the simplified coordinates. Small
// coefficients keep their value; large ones are stood in for by small numbers, by one rule for the first probe and by
// another for the second.
#pragma once

#include "core/graph/coordinates.h"

namespace synoscope {

class ProbeChooser
{
public:
    explicit ProbeChooser(const PGraph& graph);

    static constexpr int probes = 2;
    // Nothing when no binding keeps the terms within reach (then the second probe is left out; without the first, the
    // operator has no fingerprint by terms).
    std::optional<Binding> choose(int probe) const;

    // A product of sizes without names: primaries by their place in input and output, coefficients by the prime factors
    // of their values.
    std::string nameless(std::span<const Size> factors) const;
    std::span<const Size> iterators() const { return iterators_; } // extents, outputs first

private:
    struct AtLeast // size >= minimum, or >= other where that is not one
    {
        Size size;
        std::int64_t minimum;
        Size other{};
    };

    std::vector<VariableId> variablesOf(const Size& size) const;
    void rankPrimaries(const PGraph& graph);
    void collect(const PGraph& graph);
    void require(const Size& size, std::int64_t minimum, const Size& other = {});
    std::int64_t coefficient(const Variable& variable, int probe, int level) const;
    bool assign(Binding& binding, VariableId id, std::int64_t base, std::int64_t most) const;

    VariableTable variables_;
    std::vector<int> rank_;             // by variable: of primaries
    std::vector<VariableId> primaries_; // used ones, in the order of their ranks
    std::vector<bool> inWeights_;       // by variable
    std::vector<bool> passing_;         // by variable: a primary that is one output axis and nothing else
    std::vector<AtLeast> requirements_;
    std::vector<Size> iterators_;
};

} // namespace synoscope
