// An operator in one layer, as a number that does not depend on how it is written there: digits.h, factors.h and
// colours.h put together.
#pragma once

#include "core/graph/colours.h"

namespace synoscope {

class FingerprintMemory;

class LayerPrint
{
public:
    // Every size must be whole under the layer's binding. The memory, if any, must outlive this.
    LayerPrint(const PGraph& graph, const Binding& layer, const UnorderedAxes& unordered, FingerprintMemory* memory);

    // With the axes called as labelled. A thorough hash also tells apart what colour refinement alone does not
    // (joint_sums.h, pair_colours.h), and costs several times as much. Nothing when there is too much to look at.
    std::optional<std::uint64_t> hash(const AxisLabels& labels, bool thorough);

private:
    ClassPlan planOf(const AxisLabels& labels, bool thorough) const;
    std::shared_ptr<FactorColours> colours(std::size_t number, const AxisLabels& labels);

    UnorderedAxes unordered_;
    FingerprintMemory* memory_;
    std::optional<DigitForm> form_;
    std::optional<Factoriser> factoriser_;
    std::vector<std::shared_ptr<FactorColours>> plain_; // by factor: with each axis called what it is
};

} // namespace synoscope
