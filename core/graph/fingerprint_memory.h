// What the fingerprints of different operators have in common: in a search most factors of an operator have been looked
// at before, and the layers of a problem have the same shapes each time. Confined to one thread.
#pragma once

#include "core/base/hash.h"
#include "core/graph/colours.h"
#include "core/graph/layers.h"

namespace synoscope {

class FingerprintMemory
{
public:
    // Of the factor that is described so (Factoriser::description).
    std::shared_ptr<FactorSums> factor(FactorDescription description)
    {
        if (factors_.size() >= mostFactors)
            factors_.clear(); // all of it: what is in use is soon there again
        auto& sums = factors_[std::move(description)];
        if (!sums)
            sums = std::make_shared<FactorSums>();
        return sums;
    }

    const std::vector<std::size_t>& telling(std::span<const LayerShape> shapes)
    {
        if (!std::ranges::equal(shapes, shapes_) || telling_.empty()) {
            shapes_.assign(shapes.begin(), shapes.end());
            telling_ = tellingLayers(shapes);
        }
        return telling_;
    }

    std::size_t memoryBytes() const { return factors_.size() * bytesPerFactor; }

private:
    static constexpr std::size_t mostFactors = 1 << 14;
    static constexpr std::size_t bytesPerFactor = 4096; // about, with three rounds and all pairs of four classes

    struct Hash
    {
        std::size_t operator()(const FactorDescription& description) const
        {
            return hashBytes(std::as_bytes(std::span(description)));
        }
    };
    std::unordered_map<FactorDescription, std::shared_ptr<FactorSums>, Hash> factors_;
    std::vector<LayerShape> shapes_; // the last ones asked for
    std::vector<std::size_t> telling_;
};

} // namespace synoscope
