// Extremely randomised regression trees (Geurts, Ernst and Wehenkel 2006), bagged: few samples suffice, thresholds and
// combinations are learned, useless columns hardly harm, and the trees' disagreement tells where little is known.
#pragma once

#include "core/base/random.h"

#include <cstdint>
#include <span>
#include <vector>

namespace synoscope {

// Samples as rows of equal length.
struct Samples
{
    std::size_t columns = 0;
    std::vector<float> values; // row by row
    std::vector<float> targets;

    std::size_t size() const { return targets.size(); }
    float at(std::size_t row, std::size_t column) const { return values[row * columns + column]; }
};

class Forest
{
public:
    struct Estimate
    {
        double mean = 0;
        double deviation = 0; // between the trees
    };

    Forest() = default;
    Forest(const Samples& samples, int trees, Random& random);

    bool empty() const { return roots_.empty(); }
    Estimate operator()(std::span<const float> row) const;
    std::size_t memoryBytes() const { return nodes_.capacity() * sizeof(Node); }

private:
    struct Node
    {
        std::int32_t column = -1; // below 0: a leaf
        float value = 0;          // the threshold, or the leaf's mean
        std::uint32_t right = 0;  // the left child is the next node
    };
    struct Cut
    {
        std::int32_t column = -1;
        float threshold = 0;
        double gain = 0;
    };

    std::uint32_t grow(const Samples& samples, std::span<std::uint32_t> rows, Random& random);
    static Cut bestCut(const Samples& samples, std::span<const std::uint32_t> rows, Random& random);

    std::vector<Node> nodes_;
    std::vector<std::uint32_t> roots_;
};

} // namespace synoscope
