// The fingerprint of an operator (DESIGN 2.2, layer 3): equal for two graphs that compute the same function, up to what
// makes no difference, and with all likelihood different otherwise.
//
// What is compared. In one layer (a binding), an operator is the set of its terms, with multiplicity: for every point
// of output and reductions that no guard removes, one place along each axis of input and output and one entry of each
// weight. Two operators are equal in the layer when a bijection of each weight's entries, an order of the weights, a
// permutation of the positions along each unordered axis, and an exchange of interchangeable axes in input and output
// take one set of terms to the other. They are equal when they are so in every layer of their problem. This looks at
// numbers only: how coordinates are written, in how many steps a sum is done, which symbols a size has (C_out/g or 1,
// C_in or C_out, where they agree in all layers) cannot matter, as all of these leave the terms alone.
//
// How. The layers are the real ones; their terms, which may be 10^9, are never enumerated:
//
//     pGraph, layer -> digits.h -> factors.h       -> colours.h, joint_sums.h, pair_colours.h -> layer_print.h
//                      mixed     relations whose      sums of products of powers over all
//                      radices   product the terms    terms, factor by factor
//                                are
//
// Why it is invariant. Every number that is noted is a polynomial over the set of all terms that no bijection of
// members changes. Such sums of products of powers part over independent digits, so that any way to split the terms
// into factors, and not to split them at all, gives the same number: the split, which does depend on how the graph is
// written, decides about time alone. The layers looked at closely (layers.h) and how closely they are looked at depend
// on the shapes of input, output and weights.
//
// What it distinguishes. With nothing unordered and one weight, everything: an entry is the set of its terms' places, a
// polynomial that has another value at the random numbers of the places with a chance of degree / 2^61 only. Otherwise:
// what colour refinement over the terms does in the chosen layers, which members of every set of classes occur
// together, and refinement of pairs (rings, groupings) for classes of at most 64 members, the latter two in the
// smallest layer.
//
// What remains unproven, and of which no case is known among operators that a search finds:
//   - Operators that differ beyond this: larger unordered axes in rings of different lengths, or two weights whose
//     entries are matched to each other in a twisted way with every pair of classes looking alike. They would be taken
//     for equal. On tiny operators the tests compare with exhaustive search.
//   - Operators equal in the telling layers, with all shapes and sizes of weights equal in the others, that differ
//   there.
//   - A factor of more than Factoriser::mostPoints points (digits that windows and misaligned blocks bring together):
//     such an operator equals only what has its canonical form. Whether the limit is met can depend on the writing.
//   - Entries of a weight that no term uses count; a graph with a smaller weight and the same terms is another
//   operator.
//   - Without layers (probe.h) two ways of writing may be looked at under different numbers.
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
    // the two axes exchanged in both (height and width). Where the two have different variables, so does the image's
    // layer.
    std::vector<std::pair<int, int>> interchangeable;
};

class FingerprintMemory; // fingerprint_memory.h

// 32 hexadecimal digits. Compare only operators that have the same layers, or none, and were asked for with the same
// equivalence: a problem's. Safe to call from several threads.
// With a memory, which belongs to one thread, the parts that many operators have in common are looked at once.
std::string fingerprint(const PGraph& graph, const Equivalence& equivalence, FingerprintMemory* memory = nullptr);
std::string fingerprint(const PGraph& graph); // nothing is unordered, nothing interchangeable

} // namespace synoscope
