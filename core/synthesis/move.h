// Moves of the synthesis: one step from a partial pGraph to a larger one, bottom-up (DESIGN 2.1).
#pragma once

#include "core/base/id.h"
#include "core/symbolic/size.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace synoscope {

enum class MoveKind : std::uint8_t
{
    reduce,
    contraction,
    shift,
    stride,
    split,
    unfold,
    expand,
    merge,
    finalize
};
inline constexpr int moveKinds = 9;
std::string_view toString(MoveKind kind); // "reduce", ...

// A move is meaningful in any synthesizer of the same problem, in the state (by key) that offered it: positions index
// the state's frontier, which is kept in an order that does not depend on threads or history.
struct Move
{
    std::uint64_t key =
        0;       // identifies what the move does, equal for equal steps from different states; stable across runs
    Size size{}; // what steering can name: reduce: the size; merge, split: the block; unfold: the window;
                 // stride: the step; shift, expand: the dimension
    MoveKind kind = MoveKind::finalize;
    std::uint8_t first = 0;  // shift, stride, expand, merge: the dimension; split: group; unfold: the axis
    std::uint8_t second = 0; // split: block; unfold: the window; finalize: number of the assignment
    std::uint16_t inner = 0; // contraction: frontier positions that stay (Share), as a bit mask
    std::uint16_t outer = 0; // contraction: frontier positions that go (Share + Expand), as a bit mask

    friend bool operator==(const Move& a, const Move& b) { return a.key == b.key && a.kind == b.kind; }
};

// What steering asks of the moves in a scope (DESIGN 3.2): a value, cheap to copy and compare.
struct Steering
{
    std::uint16_t forbiddenKinds = 0; // bit per MoveKind
    std::vector<std::pair<MoveKind, Size>>
        forbiddenSizes;              // a kind with a parameter: an Unfold with window k, a Merge with block s
    std::uint16_t requiredKinds = 0; // every operator has each of them

    bool empty() const { return forbiddenKinds == 0 && forbiddenSizes.empty() && requiredKinds == 0; }
    std::uint64_t fingerprint() const; // 0 when empty
    friend bool operator==(const Steering&, const Steering&) = default;
};

// Why a move is not offered: the rule's name, its reason, and how many moves of that kind it refused in that state.
struct Refusal
{
    std::string rule;
    std::string reason;
    MoveKind kind = MoveKind::finalize;
    int count = 0;
};

} // namespace synoscope
