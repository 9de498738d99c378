// The fingerprint of an operator (DESIGN 2.2, layer 3): equal for two graphs that compute the same function, up to what
// makes no difference, and with all likelihood different otherwise.
#pragma once

#include "core/graph/pgraph.h"

namespace synoscope {

// What makes no difference besides a bijection of each weight's entries and the order of the weights.
struct Equivalence
{
    // By axis: any permutation of the positions along it gives an equivalent operator (channels). Axes beyond the end
    // are ordered.
    std::vector<bool> unorderedInput;
    std::vector<bool> unorderedOutput;
    // Pairs of axis positions, the same in input and output: an operator is equivalent to its mirror image, which has
    // the two axes exchanged in both (height and width).
    std::vector<std::pair<int, int>> interchangeable;
};

// 32 hexadecimal digits. Under the operator's bindings; compare only operators that have the same ones.
std::string fingerprint(const PGraph& graph, const Equivalence& equivalence);
std::string fingerprint(const PGraph& graph); // nothing is unordered, nothing interchangeable

} // namespace synoscope
